//! Conversations.

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

pub(crate) const REPLY: &str = "Reply";
pub(crate) const REACT: &str = "Add a reaction";
pub(crate) const MORE: &str = "More for this message";
pub(crate) const EDIT: &str = "Edit";
pub(crate) const COPY: &str = "Copy text";
pub(crate) const COPIED: &str = "Copied.";
pub(crate) const COPY_FAILED: &str = "Your browser didn't let us copy that.";
pub(crate) const REMOVE: &str = "Delete";
pub(crate) const EDITED: &str = "Edited";
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
