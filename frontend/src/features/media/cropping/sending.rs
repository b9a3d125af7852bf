//! What is sent of a picture of which a part was chosen.

use web_sys::HtmlImageElement;

use super::crop::Crop;
use super::file;
use crate::platform::picture::{self, Picked};
use crate::platform::shrink;
use crate::platform::upload::Form;
use crate::text::cropping as words;

/// Makes it smaller where that helps. `alt`: what is to be seen in it. Else a sentence.
pub(super) async fn prepare(
    crop: Crop,
    alt: &str,
    picked: &Picked,
    image: &HtmlImageElement,
) -> Result<Form, &'static str> {
    let kind = picked.file.type_();
    let (mut width, mut height) = picture::size(image);
    let mut blob: web_sys::Blob = picked.file.clone().into();
    if let Some(size) = file::smaller(width, height, picked.file.size()) {
        match picture::copy(image, size, shrink::copy_kind(&kind)).await {
            Some(copy) if copy.size() <= file::sent_max() => {
                blob = copy;
                (width, height) = size;
            }
            _ if file::is_acceptable(width, height, picked.file.size()) => {}
            _ => return Err(words::STILL_TOO_LARGE),
        }
    }
    let part = crop.part(width, height);
    let form = Form::new(blob, picked.file.name())
        .with("crop_x", part.x)
        .with("crop_y", part.y)
        .with("crop_size", part.size);
    Ok(if alt.trim().is_empty() {
        form
    } else {
        form.with("alt_text", alt.trim())
    })
}
