//! Films in the browser: a picture out of one, which stands there until it plays.

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, EventTarget, HtmlVideoElement};

use super::clock::Timeout;
use super::{dom, events, picture};

/// On the longer side, of the picture.
const SIDE: f64 = 1280.0;
/// The very beginning is often black.
const SECONDS: f64 = 1.0;
/// After this long the browser is not waited for any more.
const PATIENCE_MILLIS: u32 = 8_000;

/// A picture out of the film at an address. None when this browser cannot play it.
pub(crate) async fn still(url: &str) -> Option<Blob> {
    let film: HtmlVideoElement = dom::create("video")?.dyn_into().ok()?;
    film.set_muted(true);
    film.set_preload("auto");
    film.set_src(url);
    let picture = draw(&film).await;
    // Lets go of the file.
    drop(film.remove_attribute("src"));
    film.load();
    picture
}

async fn draw(film: &HtmlVideoElement) -> Option<Blob> {
    if !comes(film, "loadeddata").await {
        return None;
    }
    let length = film.duration();
    if length.is_finite() {
        film.set_current_time((length / 10.0).min(SECONDS));
        comes(film, "seeked").await;
    }
    let (width, height) = (f64::from(film.video_width()), f64::from(film.video_height()));
    let scale = (SIDE / width.max(height)).min(1.0);
    if width < 1.0 || height < 1.0 {
        return None;
    }
    let side = |side: f64| (side * scale).round().max(1.0) as u32;
    picture::still(film, (side(width), side(height)), "image/jpeg").await
}

/// Waits for an event. False when there is an error instead, or nothing.
pub(super) async fn comes(target: &EventTarget, event: &'static str) -> bool {
    let mut guards = None;
    let promise = Promise::new(&mut |resolve, _reject| {
        let say = |happened: bool| {
            let resolve = resolve.clone();
            move || drop(resolve.call1(&JsValue::UNDEFINED, &happened.into()))
        };
        let (yes, no) = (say(true), say(false));
        guards = Some((
            events::on_element(target, event, move |_| yes()),
            events::on_element(target, "error", move |_| no()),
            Timeout::new(PATIENCE_MILLIS, say(false)),
        ));
    });
    let happened = JsFuture::from(promise).await;
    drop(guards);
    happened.is_ok_and(|happened| happened.is_truthy())
}
