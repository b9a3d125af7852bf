//! Picture files in the browser: chosen, dropped or pasted; shown before anybody else has them; made smaller.

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, CanvasRenderingContext2d, ClipboardEvent, DragEvent, Event, File, FileList, HtmlCanvasElement,
    HtmlImageElement, HtmlInputElement, HtmlVideoElement, Url,
};
use yew::NodeRef;

use super::dom;

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

/// All files of a list.
fn all(list: Option<FileList>) -> Vec<File> {
    let list = list.into_iter();
    list.flat_map(|list| (0..list.length()).filter_map(move |at| list.get(at)))
        .collect()
}

/// All files that were chosen in a file field, which is empty afterwards.
pub(crate) fn all_chosen(input: &NodeRef) -> Vec<File> {
    let Some(input) = input.cast::<HtmlInputElement>() else {
        return Vec::new();
    };
    let files = all(input.files());
    input.set_value("");
    files
}

/// All files that were dropped.
pub(crate) fn all_dropped(event: &Event) -> Vec<File> {
    let data = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
    all(data.and_then(|data| data.files()))
}

/// Whether files are dragged, and not a text or something of this page.
pub(crate) fn drags_files(event: &Event) -> bool {
    let data = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
    data.is_some_and(|data| data.types().includes(&"Files".into(), 0))
}

/// All files that were pasted; none when there is text too: that is meant, then (a picture of it comes along when
/// one copies from a document).
pub(crate) fn all_pasted(event: &Event) -> Vec<File> {
    let data = event
        .dyn_ref::<ClipboardEvent>()
        .and_then(ClipboardEvent::clipboard_data);
    let Some(data) = data else { return Vec::new() };
    if data.get_data("text/plain").is_ok_and(|text| !text.is_empty()) {
        return Vec::new();
    }
    all(data.files())
}

/// A picture file, opened. None when the browser cannot show it.
pub(crate) async fn open(picked: &Picked) -> Option<HtmlImageElement> {
    let image = HtmlImageElement::new().ok()?;
    image.set_src(&picked.url);
    JsFuture::from(image.decode()).await.ok()?;
    Some(image)
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
pub(crate) async fn copy(image: &HtmlImageElement, size: (u32, u32), kind: &str) -> Option<Blob> {
    let (canvas, context) = canvas(size)?;
    let (width, height) = (size.0.into(), size.1.into());
    context
        .draw_image_with_html_image_element_and_dw_and_dh(image, 0.0, 0.0, width, height)
        .ok()?;
    blob(&canvas, kind).await
}

/// The same of what a film shows now.
pub(super) async fn still(film: &HtmlVideoElement, size: (u32, u32), kind: &str) -> Option<Blob> {
    let (canvas, context) = canvas(size)?;
    let (width, height) = (size.0.into(), size.1.into());
    context
        .draw_image_with_html_video_element_and_dw_and_dh(film, 0.0, 0.0, width, height)
        .ok()?;
    blob(&canvas, kind).await
}

fn canvas((width, height): (u32, u32)) -> Option<(HtmlCanvasElement, CanvasRenderingContext2d)> {
    let canvas: HtmlCanvasElement = dom::create("canvas")?.dyn_into().ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    Some((canvas, context))
}

async fn blob(canvas: &HtmlCanvasElement, kind: &str) -> Option<Blob> {
    let promise = Promise::new(&mut |resolve, reject| {
        let asked = canvas.to_blob_with_type_and_encoder_options(&resolve, kind, &QUALITY.into());
        if let Err(error) = asked {
            drop(reject.call1(&JsValue::UNDEFINED, &error));
        }
    });
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}
