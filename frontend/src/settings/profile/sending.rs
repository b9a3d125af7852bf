//! A picture on its way to the server.

use hearth_shared::users::{Me, SetAvatar, SetCover};
use web_sys::HtmlImageElement;

use super::crop::{Crop, Shape};
use super::file;
use crate::context::Base;
use crate::platform::api::Failure;
use crate::platform::picture::{self, Picked};
use crate::platform::shrink;
use crate::platform::upload::{self, Stop};
use crate::text::settings::profile as words;

/// What somebody chose.
pub(super) struct Chosen {
    pub(super) shape: Shape,
    pub(super) crop: Crop,
    /// What is to be seen in it.
    pub(super) alt: String,
}

/// Makes it smaller where that helps, and sends it. None when it was stopped; else what it became, or a sentence.
pub(super) async fn send(
    base: &Base,
    chosen: Chosen,
    picked: &Picked,
    image: &HtmlImageElement,
    stop: &Stop,
    told: impl Fn(f64) + Clone + 'static,
) -> Option<Result<Me, String>> {
    let Chosen { shape, crop, alt } = chosen;
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
            _ => return Some(Err(words::STILL_TOO_LARGE.to_owned())),
        }
    }
    let part = crop.part(width, height);
    let mut form = upload::Form::new(blob, picked.file.name())
        .with("crop_x", part.x)
        .with("crop_y", part.y)
        .with("crop_size", part.size);
    if !alt.trim().is_empty() {
        form = form.with("alt_text", alt.trim());
    }
    told(0.0);
    let outcome: Option<Result<Me, Failure>> = match shape {
        Shape::Avatar => upload::send(&base.api, &SetAvatar {}, &form, stop, told).await,
        Shape::Cover => upload::send(&base.api, &SetCover {}, &form, stop, told).await,
    };
    Some(outcome?.map_err(|failure| words::picture_failure(&failure)))
}
