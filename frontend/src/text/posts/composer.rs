//! The place where one writes a post: its text, its pictures and films, who may see it, its draft.

use hearth_shared::media::ALT_TEXT_MAX;
use hearth_shared::posts::{Audience, MEDIA_MAX};
use hearth_shared::problem::ErrorCode;

use crate::features::posts::state::tray::Refusal;
use crate::platform::api::Failure;
use crate::text::{count, errors, first_name};

pub(crate) const NEW_POST: &str = "New post";
pub(crate) const EDIT_POST: &str = "Edit post";
pub(crate) const BODY_LABEL: &str = "What's on your mind?";
pub(crate) const POST: &str = "Post";
pub(crate) const SAVE_CHANGES: &str = "Save changes";
pub(crate) const DRAFT_RESTORED: &str = "Your draft is back.";
pub(crate) const START_OVER: &str = "Start over";
pub(crate) const CLOSE_ANYWAY_TITLE: &str = "Discard your changes?";
pub(crate) const CLOSE_ANYWAY: &str = "The post stays as it was.";
pub(crate) const DISCARD_DRAFT_TITLE: &str = "Keep this draft?";
pub(crate) const DISCARD_DRAFT: &str =
    "It stays on this device until you post or discard it. Its pictures are kept for a day.";
pub(crate) const KEEP_DRAFT: &str = "Keep draft";
pub(crate) const DISCARD: &str = "Discard";
pub(crate) const KEEP_EDITING: &str = "Keep editing";
pub(crate) const POST_SHORTCUT: &str = "Ctrl+Enter posts";
pub(crate) const SAVE_SHORTCUT: &str = "Ctrl+Enter saves";
pub(crate) const DRAFT_SAVED: &str = "Draft saved";
pub(crate) const DRAFT_GONE: &str = "This draft was posted or discarded in another tab.";
pub(crate) const SOME_LOST: &str =
    "Some of its pictures are gone: drafts keep them for a day. Add them again if you need them.";

/// "What's on your mind, Ada?"
pub(crate) fn prompt(name: &str) -> String {
    format!("What's on your mind, {}?", first_name(name))
}

/// The name of the button that chooses who may see a post.
pub(crate) fn audience_label(audience: &str) -> String {
    format!("Who can see this: {audience}")
}

pub(crate) const AUDIENCES: &str = "Who can see this";

/// What an audience means.
pub(crate) fn audience_means(audience: Audience) -> &'static str {
    match audience {
        Audience::Public => "Every member of this Hearth, now and later",
        Audience::Friends => "The people you're friends with",
        Audience::OnlyMe => "Nobody else, not even people you mention",
    }
}

// Pictures and films

pub(crate) const ADD_MEDIA: &str = "Add photos or a video";
pub(crate) const TRAY: &str = "Photos and video";
pub(crate) const NOT_OPENED: &str = "This browser can't open it. Save it as a JPEG and try that.";
pub(crate) const TOO_LARGE: &str = "It's too large, even when it's made smaller.";
pub(crate) const GONE: &str = "It isn't there any more. Choose it again.";
pub(crate) const REMOVE: &str = "Remove";
pub(crate) const WAITING: &str = "Waiting";
pub(crate) const DISMISS: &str = "Dismiss";
pub(crate) const ALT: &str = "Describe";
pub(crate) const ALT_DONE: &str = "Described";
pub(crate) const ALT_REMINDER: &str = "Describe your pictures for people who can't see them.";
pub(crate) const ALT_TITLE: &str = "Describe it";
pub(crate) const ALT_LABEL: &str = "What can be seen?";
pub(crate) const ALT_DONE_BUTTON: &str = "Done";

/// Below the field.
pub(crate) fn alt_hint() -> String {
    format!(
        "A sentence or two, at most {ALT_TEXT_MAX} characters. People who can't see it hear this instead."
    )
}

/// What something in the tray is called: "Photo 2 of 3", "Video".
pub(crate) fn thing(film: bool, place: usize, of: usize) -> String {
    if film {
        "Video".to_owned()
    } else {
        format!("Photo {place} of {of}")
    }
}

/// The name of a button of one of them: "Remove photo 2 of 3".
pub(crate) fn about(verb: &str, thing: &str) -> String {
    let mut letters = thing.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    format!(
        "{verb} {}{}",
        first.map(String::from).unwrap_or_default(),
        letters.as_str()
    )
}

pub(crate) const EARLIER: &str = "Move earlier:";
pub(crate) const LATER: &str = "Move later:";
pub(crate) const CANCEL_UPLOAD: &str = "Cancel upload of";

/// After a move.
pub(crate) fn moved(place: usize, of: usize) -> String {
    format!("Now photo {place} of {of}.")
}

/// How far one has come; nothing before there is anything to say.
pub(crate) fn percent(part: u8) -> String {
    format!("{part}%")
}

/// What keeps the post from going.
pub(crate) fn open(waiting: usize, failed: usize) -> String {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    if waiting > 0 {
        return format!("Uploading {}…", count(number(waiting), "file", "files"));
    }
    let files = count(number(failed), "file isn't", "files aren't");
    format!("{files} uploaded. Try again, or remove it.")
}

/// Why a file was not taken.
pub(crate) fn refused(name: &str, refusal: Refusal) -> String {
    match refusal {
        Refusal::Kind => {
            format!("{name} can't be posted. JPEG, PNG, WebP and GIF pictures work, and MP4 and WebM videos.")
        }
        Refusal::Empty => format!("There is nothing in {name}."),
        Refusal::Picture => format!("{name} is too large. Pictures can have 60 MB, moving ones 10 MB."),
        Refusal::Film => format!("{name} is too large. Videos can have 256 MB."),
        Refusal::Many => format!("{name} was left out: a post can have {MEDIA_MAX} pictures."),
        Refusal::Alone => format!("{name} was left out: a post can have pictures or one video, not both."),
    }
}

/// Why an upload failed.
pub(crate) fn upload_failed(failure: &Failure) -> String {
    match failure.code() {
        Some(ErrorCode::PayloadTooLarge) => "The server says it's too large.".to_owned(),
        Some(ErrorCode::NotFound) => GONE.to_owned(),
        _ => errors::failure(failure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_named_inside_a_sentence() {
        assert_eq!(about(REMOVE, &thing(false, 2, 3)), "Remove photo 2 of 3");
        assert_eq!(about(REMOVE, &thing(true, 1, 1)), "Remove video");
        assert_eq!(open(1, 2), "Uploading 1 file…");
        assert_eq!(open(0, 2), "2 files aren't uploaded. Try again, or remove it.");
    }
}
