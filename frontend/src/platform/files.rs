//! Files that the page makes: pictures from text, downloads, the clipboard; and those that it asks for.

use gloo_net::http::Request;
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlDocument, HtmlTextAreaElement, Url};

use super::{clock, dom};

/// How long the browser gets to begin a download before its source is let go.
const BEGIN_MILLIS: u32 = 60_000;

/// The address of something that is held in memory; let go when this is dropped.
pub(crate) struct ObjectUrl(String);

impl ObjectUrl {
    /// For a text of some media type.
    pub(crate) fn of_text(text: &str, media_type: &str) -> Option<Self> {
        Self::of_blob(&blob(text, media_type)?)
    }

    /// For what the server has sent.
    pub(super) fn of_blob(blob: &Blob) -> Option<Self> {
        Url::create_object_url_with_blob(blob).ok().map(Self)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for ObjectUrl {
    fn drop(&mut self) {
        drop(Url::revoke_object_url(&self.0));
    }
}

/// A text of this site, such as a list that is seldom needed. None when it does not come.
pub(crate) async fn load_text(address: &str) -> Option<String> {
    let response = Request::get(address).send().await.ok()?;
    if !response.ok() {
        return None;
    }
    response.text().await.ok()
}

fn blob(text: &str, media_type: &str) -> Option<Blob> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = Array::of1(&JsValue::from_str(text));
    Blob::new_with_str_sequence_and_options(&parts, &options).ok()
}

/// Lets the browser save a text under a name. False when it cannot.
pub(crate) fn save_text(text: &str, name: &str) -> bool {
    blob(text, "text/plain").is_some_and(|blob| save(&blob, name))
}

/// Lets the browser save a file under a name. False when it cannot.
pub(crate) fn save(blob: &Blob, name: &str) -> bool {
    let (Some(url), Some(link)) = (
        ObjectUrl::of_blob(blob),
        dom::create("a").and_then(|element| element.dyn_into::<HtmlAnchorElement>().ok()),
    ) else {
        return false;
    };
    link.set_href(url.as_str());
    link.set_download(name);
    link.click();
    clock::Timeout::new(BEGIN_MILLIS, move || drop(url)).forget();
    true
}

/// Puts a text into the clipboard. False when the browser does not let us.
pub(crate) async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    let navigator = window.navigator();
    // Absent where the page came without TLS, as at home; there is an older way, then.
    let modern = Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|found| found.is_object());
    if modern {
        return JsFuture::from(navigator.clipboard().write_text(text))
            .await
            .is_ok();
    }
    copy_selected(text).unwrap_or(false)
}

fn copy_selected(text: &str) -> Option<bool> {
    let before = dom::focused();
    let area = dom::create("textarea")?.dyn_into::<HtmlTextAreaElement>().ok()?;
    area.set_value(text);
    area.set_class_name("vh");
    // Inside of a dialog, when one is open: what is outside of it cannot be selected.
    let place = dom::find("dialog[open]").or_else(|| dom::find("body"))?;
    place.append_child(&area).ok()?;
    area.select();
    let document = web_sys::window()?.document()?.dyn_into::<HtmlDocument>().ok()?;
    let copied = document.exec_command("copy").unwrap_or(false);
    area.remove();
    if let Some(before) = before {
        dom::focus_quietly(&before);
    }
    Some(copied)
}
