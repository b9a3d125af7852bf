//! Conversations.

use hearth_shared::conversations::{Attachment, Message, Quote};
use hearth_shared::media::MediaKind;

use super::{count, first_name};

pub(crate) const CHATS: &str = "Chats";
pub(crate) const YOUR_CHATS: &str = "Your chats";
pub(crate) const MESSAGE: &str = "Message";
pub(crate) const BACK: &str = "Back to chats";
pub(crate) const ONLINE: &str = "Online";
pub(crate) const AROUND_NOW: &str = "Around now";
pub(crate) const TYPING: &str = "typing…";
pub(crate) const EMPTY: &str = "No chats yet. Open a friend's page and write to them.";
pub(crate) const YOUR_FRIENDS: &str = "Your friends";
pub(crate) const CHOOSE: &str = "Choose a chat to read it here.";
pub(crate) const LIST_FAILED: &str = "Couldn't load your chats.";
pub(crate) const CHAT_FAILED: &str = "Couldn't load this chat.";
pub(crate) const OLDER_FAILED: &str = "Couldn't load older messages.";
pub(crate) const LOADING_OLDER: &str = "Loading older messages…";
pub(crate) const OPEN_FAILED: &str = "The chat didn't open.";
pub(crate) const UNAVAILABLE_TITLE: &str = "This chat isn't available.";
pub(crate) const UNAVAILABLE: &str = "It may have been removed, or the address is mistyped.";
pub(crate) const SEND: &str = "Send";
pub(crate) const SENDING: &str = "Sending…";
pub(crate) const SENT: &str = "Sent";
pub(crate) const WAITING: &str = "Waiting to send";
pub(crate) const NOT_SENT: &str = "Not sent.";
pub(crate) const YOU: &str = "You";
pub(crate) const TO_LATEST: &str = "Go to the latest message";

pub(crate) const VOICE: &str = "Voice message";
pub(crate) const ATTACH: &str = "Add photos or files";
pub(crate) const SOME_LOST: &str =
    "Some of what you added is gone: it's kept for a day. Add it again if you need it.";
pub(crate) const NOT_AVAILABLE: &str = "Not available any more.";

/// The link that saves a file.
pub(crate) fn download(name: &str, size: &str) -> String {
    format!("Download {name}, {size}")
}

/// Some of one kind: "Photo", "3 photos", "Video", "File: notes.pdf". Of a file whose name is not known "File".
pub(crate) fn attached(kind: MediaKind, number: usize, name: &str) -> String {
    let (one, many) = match kind {
        MediaKind::Image => ("Photo", "photos"),
        MediaKind::Video => ("Video", "videos"),
        MediaKind::Audio => (VOICE, "voice messages"),
        MediaKind::File => ("File", "files"),
    };
    match number {
        1 if one == "File" && !name.is_empty() => format!("{one}: {name}"),
        1 => one.to_owned(),
        _ => format!("{number} {many}"),
    }
}

/// What a message says where it is not shown: what stands beside it, and its text.
pub(crate) fn said(body: &str, attachments: &[Attachment]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for kind in [
        MediaKind::Image,
        MediaKind::Video,
        MediaKind::Audio,
        MediaKind::File,
    ] {
        let of_kind = |one: &&Attachment| one.kind == kind;
        let number = attachments.iter().filter(of_kind).count();
        if let Some(first) = attachments.iter().find(of_kind) {
            parts.push(attached(kind, number, &first.name));
        }
    }
    with_text(parts.join(", "), body)
}

/// The same of a message that is answered.
pub(crate) fn quote(quote: &Quote) -> String {
    let beside = quote.attached.map(|kind| attached(kind, 1, ""));
    match beside {
        None if quote.excerpt.is_empty() => REMOVED.to_owned(),
        beside => with_text(beside.unwrap_or_default(), &quote.excerpt),
    }
}

/// The same of one that may be removed.
pub(crate) fn what(message: &Message) -> String {
    if message.deleted_at.is_some() {
        REMOVED.to_owned()
    } else {
        said(&message.body, &message.attachments)
    }
}

fn with_text(beside: String, text: &str) -> String {
    if beside.is_empty() {
        text.to_owned()
    } else if text.is_empty() {
        beside
    } else {
        format!("{beside} · {text}")
    }
}

pub(crate) const REPLY: &str = "Reply";
pub(crate) const REACT: &str = "Add a reaction";
pub(crate) const MORE: &str = "More for this message";
pub(crate) const EDIT: &str = "Edit";
pub(crate) const COPY: &str = "Copy text";
pub(crate) const COPY_LINK: &str = "Copy link";
pub(crate) const COPIED: &str = "Copied.";
pub(crate) const COPY_FAILED: &str = "Your browser didn't let us copy that.";
pub(crate) const REMOVE: &str = "Delete";
pub(crate) const EDITED: &str = "Edited";
/// What a screen reader hears of a message that names one.
pub(crate) const NAMES_YOU: &str = "mentions you";
pub(crate) const REMOVED: &str = "Message deleted";
pub(crate) const SAVING: &str = "Saving…";
pub(crate) const NOT_SAVED: &str = "Not changed.";
pub(crate) const EDITING: &str = "Editing your message";
pub(crate) const STOP_EDITING: &str = "Stop editing";
pub(crate) const REPLYING_TO_YOURSELF: &str = "Replying to yourself";
pub(crate) const STOP_REPLYING: &str = "Don't reply to it";
pub(crate) const SAVE: &str = "Save";
pub(crate) const REMOVE_TITLE: &str = "Delete this message?";
pub(crate) const REMOVE_TEXT: &str =
    "It goes for everyone in this chat, and can't be brought back. That something was said stays visible.";
pub(crate) const REMOVE_FAILED: &str = "Your message wasn't deleted.";
pub(crate) const REACTION_FAILED: &str = "Your reaction wasn't saved.";
pub(crate) const NOT_FOUND: &str = "That message couldn't be found.";

/// Over the field, while one answers something.
pub(crate) fn replying_to(name: &str) -> String {
    format!("Replying to {}", first_name(name))
}

/// A quoted message, for a screen reader: "Reply to Lena: the lake".
pub(crate) fn quoted(name: &str, text: &str) -> String {
    format!("Reply to {}: {text}", first_name(name))
}

/// An emoji under a message, for a screen reader.
pub(crate) fn felt(emoji: &str, number: u32, mine: bool) -> String {
    let people = count(number, "person", "people");
    match (mine, number) {
        (true, 1) => format!("{emoji} from you"),
        (true, _) => format!("{emoji} from {people}, you too"),
        (false, _) => format!("{emoji} from {people}"),
    }
}

/// The last message in the list, when it is one's own.
pub(crate) fn by_you(text: &str) -> String {
    format!("You: {text}")
}

/// A message that is not finished, in the list.
pub(crate) fn draft(text: &str) -> String {
    format!("Draft: {text}")
}

/// Writing to somebody who is no friend.
pub(crate) mod requests {
    use crate::text::{count, first_name};

    pub(crate) const TEXT: &str = "They don't learn that you've read this unless you accept.";
    pub(crate) const ACCEPT: &str = "Accept";
    pub(crate) const ACCEPTED: &str = "Accepted. You can write to each other.";
    pub(crate) const DELETE: &str = "Delete";
    pub(crate) const DELETED: &str = "Deleted. They aren't told.";
    pub(crate) const NOT_ANSWERED: &str = "Your answer wasn't saved.";

    /// Where they are found.
    pub(crate) fn requests(number: usize) -> String {
        format!("Message requests ({number})")
    }

    /// In the place of the field.
    pub(crate) fn title(name: &str) -> String {
        format!("{name} wants to write to you")
    }

    /// Nothing was sent so far.
    pub(crate) fn first(name: &str, left: u32) -> String {
        format!(
            "{0} isn't a friend of yours. Until {0} accepts, you can send {1}, without photos or files.",
            first_name(name),
            count(left, "message", "messages")
        )
    }

    /// Something was.
    pub(crate) fn waiting(name: &str, left: u32) -> String {
        format!(
            "{} hasn't accepted yet and sees your messages as a request. You can send {left} more.",
            first_name(name)
        )
    }

    /// All that may be was.
    pub(crate) fn full(name: &str) -> String {
        format!(
            "{0} hasn't accepted yet. You can write more once {0} does.",
            first_name(name)
        )
    }
}

/// Saying something instead of writing it.
pub(crate) mod voice {
    use crate::platform::recorder::Refused;

    pub(crate) const RECORD: &str = "Record a voice message";
    pub(crate) const RECORDING: &str = "Recording";
    pub(crate) const CANCEL: &str = "Cancel";
    pub(crate) const ADD: &str = "Add";
    pub(crate) const ADD_LABEL: &str = "Add voice message";
    pub(crate) const ENDED: &str = "The recording has ended, and is with your attachments.";

    /// Why nothing is recorded.
    pub(crate) fn refused(refused: Refused) -> &'static str {
        match refused {
            Refused::Forbidden => {
                "The microphone isn't allowed here. You can allow it in your browser, beside the address."
            }
            Refused::Missing => "No microphone was found. Connect one, and try again.",
            Refused::Unable => "This browser can't record here. You can add a sound file instead.",
        }
    }
}

/// What one sets for oneself about a chat.
pub(crate) mod settings {
    pub(crate) const MORE: &str = "More for this chat";
    pub(crate) const MUTE: &str = "Mute";
    pub(crate) const MUTED: &str = "Muted. It's not counted, and you won't hear of it.";
    pub(crate) const UNMUTE: &str = "Unmute";
    pub(crate) const UNMUTED: &str = "You'll hear of new messages again.";
    pub(crate) const IS_MUTED: &str = "Muted";
    pub(crate) const PIN: &str = "Pin";
    pub(crate) const PINNED: &str = "Pinned. It stands above your other chats.";
    pub(crate) const UNPIN: &str = "Unpin";
    pub(crate) const UNPINNED: &str = "It's in its place among your chats again.";
    pub(crate) const IS_PINNED: &str = "Pinned";
    pub(crate) const ARCHIVE: &str = "Archive";
    pub(crate) const ARCHIVED: &str = "Archived. It comes back when somebody writes.";
    pub(crate) const UNARCHIVE: &str = "Back to your chats";
    pub(crate) const UNARCHIVED: &str = "It's among your chats again.";
    pub(crate) const FAILED: &str = "That wasn't changed.";

    /// Where what was put away is found.
    pub(crate) fn archived(number: usize) -> String {
        format!("Archived ({number})")
    }
}

/// Messages that are pinned in a chat.
pub(crate) mod pins {
    pub(crate) const TITLE: &str = "Pinned messages";
    pub(crate) const PIN: &str = "Pin";
    pub(crate) const PINNED: &str = "Pinned for everyone in this chat.";
    pub(crate) const NOT_PINNED: &str = "The message wasn't pinned.";
    pub(crate) const UNPIN: &str = "Unpin";
    pub(crate) const UNPINNED: &str = "No longer pinned.";
    pub(crate) const NOT_UNPINNED: &str = "The message is still pinned.";

    /// The button that leads to the latest of them.
    pub(crate) fn latest(name: &str, text: &str) -> String {
        format!("Pinned, {}: {text}", super::first_name(name))
    }

    /// The button in the list of them, for a screen reader.
    pub(crate) fn unpin(text: &str) -> String {
        format!("{UNPIN}: {text}")
    }

    /// The button that shows all of them.
    pub(crate) fn all(number: usize) -> String {
        format!("All {number}")
    }
}

/// Looking for messages in a chat.
pub(crate) mod find {
    pub(crate) const TITLE: &str = "Search in chat";
    pub(crate) const OLDER: &str = "Older match";
    pub(crate) const NEWER: &str = "Newer match";
    pub(crate) const STOP: &str = "Close search";
    pub(crate) const NO_MORE: &str = "No more matches";

    /// What a screen reader hears when the answer is there.
    pub(crate) fn found(number: usize) -> String {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        format!("Found {}", super::count(number, "message", "messages"))
    }
}

/// What a screen reader hears after a name in the list.
pub(crate) fn unread(number: u32) -> String {
    format!(", {number} unread")
}

/// What a screen reader hears after "Chats".
pub(crate) fn unread_chats(number: u32) -> String {
    format!(", {}", count(number, "unread chat", "unread chats"))
}

/// The log of messages.
pub(crate) fn messages_with(name: &str) -> String {
    format!("Messages with {name}")
}

/// The field, and the button that opens a chat.
pub(crate) fn message_to(name: &str) -> String {
    format!("Message {}", first_name(name))
}

/// The line before what is new.
pub(crate) fn new_messages(number: u32) -> String {
    format!("New · {}", count(number, "message", "messages"))
}

/// The button that leads down.
pub(crate) fn new_below(number: u32) -> String {
    format!("{number} new")
}

/// "Seen 13:56"
pub(crate) fn seen(time: &str) -> String {
    format!("Seen {time}")
}

/// Nothing was said yet.
pub(crate) fn beginning(name: &str) -> String {
    format!("This is the beginning of your chat with {}.", first_name(name))
}

/// In place of the field when the two are friends no longer.
pub(crate) fn cannot_send(name: &str) -> String {
    format!(
        "You and {} aren't friends now, so you can't write here. What was said stays.",
        first_name(name)
    )
}

/// Told to a screen reader.
pub(crate) fn new_from(number: u32, name: &str) -> String {
    format!(
        "{} from {}",
        count(number, "new message", "new messages"),
        first_name(name)
    )
}

/// How a screen reader reads a message.
pub(crate) fn spoken(who: &str, text: &str, time: &str) -> String {
    format!("{}, {text}, {time}", first_name(who))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::chats::state::tests::attachment;

    #[test]
    fn what_stands_beside_a_message_is_said_where_it_is_not_shown() {
        let of = |kind, name: &str| Attachment {
            kind,
            name: name.into(),
            ..attachment(1)
        };
        let photo = of(MediaKind::Image, "a.jpg");
        let film = of(MediaKind::Video, "b.mp4");
        let file = of(MediaKind::File, "notes.pdf");
        let voice = of(MediaKind::Audio, "Voice message.webm");
        assert_eq!(said("", std::slice::from_ref(&voice)), "Voice message");
        assert_eq!(
            said("", &[file.clone(), voice.clone(), voice]),
            "2 voice messages, File: notes.pdf"
        );
        assert_eq!(said("", std::slice::from_ref(&photo)), "Photo");
        assert_eq!(
            said("", &[photo.clone(), photo.clone(), photo.clone()]),
            "3 photos"
        );
        assert_eq!(said("", std::slice::from_ref(&film)), "Video");
        assert_eq!(said("", std::slice::from_ref(&file)), "File: notes.pdf");
        assert_eq!(said("Here", &[file.clone(), file.clone()]), "2 files · Here");
        assert_eq!(said("", &[film, file, photo]), "Photo, Video, File: notes.pdf");
        assert_eq!(said("The lake", &[]), "The lake");
    }
}
