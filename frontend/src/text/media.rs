//! Pictures, films and other files: while they are chosen and brought, and where they are shown.

use hearth_shared::conversations::ATTACHMENTS_MAX;
use hearth_shared::media::{ALT_TEXT_MAX, MediaKind};
use hearth_shared::posts::MEDIA_MAX;
use hearth_shared::problem::ErrorCode;

use super::chats::VOICE;
use super::{count, errors, first_name};
use crate::features::media::state::tray::{For, Item, Refusal};
use crate::platform::api::Failure;

pub(crate) const ADD_MEDIA: &str = "Add photos or a video";
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

/// The list of what was chosen.
pub(crate) fn tray(rules: For) -> &'static str {
    match rules {
        For::Post => "Photos and video",
        For::Message => "Attachments",
    }
}

/// What something in the tray is called: "Photo 2 of 3", "Video", "File notes.pdf".
pub(crate) fn thing(item: &Item, place: usize, of: usize) -> String {
    match item.kind {
        MediaKind::Image => format!("Photo {place} of {of}"),
        MediaKind::Video if of == 1 => "Video".to_owned(),
        MediaKind::Video => format!("Video {place} of {of}"),
        MediaKind::Audio => VOICE.to_owned(),
        MediaKind::File => format!("File {}", item.name),
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

/// What keeps the text from going.
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
        Refusal::File => format!("{name} is too large. Files can have 256 MB."),
        Refusal::ManyFiles => {
            format!("{name} was left out: a message can have {ATTACHMENTS_MAX} files.")
        }
        Refusal::Many => format!("{name} was left out: a post can have {MEDIA_MAX} pictures."),
        Refusal::Raw => {
            format!("{name} goes as a file, with everything in it, such as where it was taken.")
        }
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

// Where they are shown

/// What the pictures of a post are together.
pub(crate) fn photos_of(author: &str, number: usize) -> String {
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    format!("{} from {}", count(number, "photo", "photos"), first_name(author))
}

/// What a screen reader hears for a picture of a post.
pub(crate) fn open_photo(alt: &str, number: usize, of: usize) -> String {
    if alt.is_empty() {
        format!("Open photo {number} of {of}")
    } else {
        format!("Open photo {number} of {of}: {alt}")
    }
}

/// What a film is called.
pub(crate) fn film(author: &str, alt: &str) -> String {
    if alt.is_empty() {
        format!("Video from {}", first_name(author))
    } else {
        format!("Video: {alt}")
    }
}

/// What something said is called: "Voice message, 0:12".
pub(crate) fn voice(millis: Option<u64>) -> String {
    millis.map_or_else(
        || VOICE.to_owned(),
        |millis| format!("{VOICE}, {}", length(millis)),
    )
}

pub(crate) const LENGTH: &str = "Length ";

/// "3:07", "1:02:00".
pub(crate) fn length(millis: u64) -> String {
    let seconds = millis.div_ceil(1000);
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{rest:02}")
    } else {
        format!("{minutes}:{rest:02}")
    }
}

/// Bytes as people say them: "1.4 MB". Nothing when they are not known.
pub(crate) fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    let (unit, name) = match bytes {
        0 => return String::new(),
        1 => return "1 byte".to_owned(),
        2..KIB => return format!("{bytes} bytes"),
        KIB..1_048_576 => (KIB, "KB"),
        _ => (KIB * KIB, "MB"),
    };
    let (whole, tenth) = (bytes / unit, bytes % unit * 10 / unit);
    if whole < 10 && tenth > 0 {
        format!("{whole}.{tenth} {name}")
    } else {
        format!("{whole} {name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::media::state::tray::Tray;

    #[test]
    fn things_are_named_inside_a_sentence() {
        let mut tray = Tray::for_message();
        for (name, kind) in [("a.jpg", "image/jpeg"), ("b.mp4", "video/mp4"), ("Notes.pdf", "")] {
            tray.add(name, kind, 1.0);
        }
        let mut items = tray.items().to_vec();
        items[2].kind = MediaKind::File;
        assert_eq!(about(REMOVE, &thing(&items[0], 2, 3)), "Remove photo 2 of 3");
        assert_eq!(about(REMOVE, &thing(&items[1], 1, 1)), "Remove video");
        assert_eq!(about(REMOVE, &thing(&items[2], 3, 3)), "Remove file Notes.pdf");
        assert_eq!(open(1, 2), "Uploading 1 file…");
        assert_eq!(open(0, 2), "2 files aren't uploaded. Try again, or remove it.");
    }

    #[test]
    fn a_film_is_as_long_as_people_say() {
        for (millis, said) in [
            (400, "0:01"),
            (59_000, "0:59"),
            (187_000, "3:07"),
            (3_720_000, "1:02:00"),
        ] {
            assert_eq!(length(millis), said);
        }
        assert_eq!(voice(Some(11_400)), "Voice message, 0:12");
        assert_eq!(voice(None), "Voice message");
    }

    #[test]
    fn a_size_is_said_as_people_say_it() {
        for (bytes, said) in [
            (0, ""),
            (1, "1 byte"),
            (900, "900 bytes"),
            (1024, "1 KB"),
            (1500, "1.4 KB"),
            (300 * 1024, "300 KB"),
            (1024 * 1024 - 1, "1023 KB"),
            (5 * 1024 * 1024 + 300 * 1024, "5.2 MB"),
            (256 * 1024 * 1024, "256 MB"),
        ] {
            assert_eq!(size(bytes), said);
        }
    }
}
