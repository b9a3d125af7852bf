//! Picture files in the browser: chosen, dropped or pasted; shown before anybody else has them; made smaller.

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, CanvasRenderingContext2d, ClipboardEvent, DragEvent, Event, File, HtmlCanvasElement,
    HtmlImageElement, HtmlInputElement, Url,
};
use yew::NodeRef;

/// How much of a photo's detail a smaller copy keeps: the server encodes it once more.
const QUALITY: f64 = 0.92;

/// A file with an address that only this page can load. The address ends with it.
pub(crate) struct Picked {
    pub(crate) file: File,
    pub(crate) url: String,
}

impl PartialEq for Picked {
    fn eq(&self, other: &Self) -> bool {
        self.url == other.url
    }
}

impl Picked {
    /// None when the browser refuses.
    pub(crate) fn new(file: File) -> Option<Self> {
        let url = Url::create_object_url_with_blob(&file).ok()?;
        Some(Self { file, url })
    }
}

impl Drop for Picked {
    fn drop(&mut self) {
        drop(Url::revoke_object_url(&self.url));
    }
}

/// The file that was chosen in a file field, which is empty afterwards: the same file can be chosen again.
pub(crate) fn chosen(input: &NodeRef) -> Option<File> {
    let input = input.cast::<HtmlInputElement>()?;
    let file = input.files().and_then(|files| files.get(0));
    input.set_value("");
    file
}

/// Opens the system's dialog for a file field.
pub(crate) fn choose(input: &NodeRef) {
    if let Some(input) = input.cast::<HtmlInputElement>() {
        input.click();
    }
}

/// The first file that was dropped.
pub(crate) fn dropped(event: &DragEvent) -> Option<File> {
    event.data_transfer()?.files()?.get(0)
}

/// The first file that was pasted; none when it was text.
pub(crate) fn pasted(event: &Event) -> Option<File> {
    event
        .dyn_ref::<ClipboardEvent>()?
        .clipboard_data()?
        .files()?
        .get(0)
}

/// Pixels of a picture that has been loaded, upright.
pub(crate) fn size(image: &HtmlImageElement) -> (u32, u32) {
    (image.natural_width(), image.natural_height())
}

/// A copy of so many pixels. It stands upright and holds nothing but pixels. None when the browser cannot make it.
pub(crate) async fn copy(image: &HtmlImageElement, (width, height): (u32, u32), kind: &str) -> Option<Blob> {
    let canvas: HtmlCanvasElement = web_sys::window()?
        .document()?
        .create_element("canvas")
        .ok()?
        .dyn_into()
        .ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context
        .draw_image_with_html_image_element_and_dw_and_dh(image, 0.0, 0.0, width.into(), height.into())
        .ok()?;
    let promise = Promise::new(&mut |resolve, reject| {
        let asked = canvas.to_blob_with_type_and_encoder_options(&resolve, kind, &QUALITY.into());
        if let Err(error) = asked {
            drop(reject.call1(&JsValue::UNDEFINED, &error));
        }
    });
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}
