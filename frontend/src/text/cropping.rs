//! Cutting a picture and sending it.

use hearth_shared::problem::{ErrorCode, FieldCode};

use crate::platform::api::Failure;
use crate::text::errors;

pub(crate) const CROP_HINT: &str =
    "Drag the picture, or use the buttons or the arrow keys. Pinch, scroll or press + and − to zoom.";
pub(crate) const STAGE: &str = "Part of the picture that is shown";
pub(crate) const ZOOM: &str = "Zoom";
pub(crate) const ZOOM_IN: &str = "Zoom in";
pub(crate) const ZOOM_OUT: &str = "Zoom out";
pub(crate) const MOVE: &str = "Move the picture";
pub(crate) const MOVE_LEFT: &str = "Move left";
pub(crate) const MOVE_RIGHT: &str = "Move right";
pub(crate) const MOVE_UP: &str = "Move up";
pub(crate) const MOVE_DOWN: &str = "Move down";
pub(crate) const START_OVER: &str = "Start over";
pub(crate) const PREVIEW: &str = "How it looks";
pub(crate) const SMALL: &str = "This picture is small, so it can't be enlarged further.";
pub(crate) const ALT_TEXT: &str = "Description";
pub(crate) const ALT_TEXT_HINT: &str = "What's in the picture, for people who can't see it. Optional.";
pub(crate) const SAVE_PICTURE: &str = "Save picture";
pub(crate) const STOP: &str = "Stop sending";
pub(crate) const PREPARING: &str = "Preparing the picture…";
pub(crate) const FINISHING: &str = "Almost there…";

/// "Sending, 40 %".
pub(crate) fn sending(percent: u32) -> String {
    format!("Sending, {percent} %")
}

/// What the slider says.
pub(crate) fn zoomed(percent: u32) -> String {
    format!("{percent} %")
}

/// Where the middle of the part is, after it was moved by a key or a button.
pub(crate) fn placed((zoom, x, y): (u32, u32, u32)) -> String {
    format!("Zoom {zoom} %. Middle at {x} % from the left, {y} % from the top.")
}

pub(crate) const WRONG_KIND: &str = "That isn't a picture Hearth can use. Choose a JPEG, PNG, WebP or GIF.";
pub(crate) const TOO_MANY_BYTES: &str = "That file is too large. Choose one below 60 MB.";
pub(crate) const TOO_MANY_PIXELS: &str = "That picture has too many pixels. Choose a smaller one.";
pub(crate) const BROKEN: &str = "That picture can't be opened. The file may be damaged.";
pub(crate) const STILL_TOO_LARGE: &str =
    "That picture is above 5 MB and can't be made smaller here. Choose another.";

/// Why a picture was not taken.
pub(crate) fn picture_failure(failure: &Failure) -> String {
    let Failure::Refused(refusal) = failure else {
        return errors::failure(failure);
    };
    let field = refusal.errors.first().map(|error| error.code);
    match (refusal.code, field) {
        (_, Some(FieldCode::UnsupportedImage)) => WRONG_KIND.to_owned(),
        (_, Some(FieldCode::ImageTooLarge)) => TOO_MANY_PIXELS.to_owned(),
        (_, Some(FieldCode::BrokenImage)) => BROKEN.to_owned(),
        (ErrorCode::PayloadTooLarge, _) => STILL_TOO_LARGE.to_owned(),
        (ErrorCode::QuotaExceeded, _) => {
            "Your space on this Hearth is full. Remove pictures that you don't need any more.".to_owned()
        }
        _ => errors::failure(failure),
    }
}
