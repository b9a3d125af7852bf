//! Replies to comments.

use super::{count, first_name};

pub(crate) const REPLY: &str = "Reply";
pub(crate) const REPLIES: &str = "Replies";
pub(crate) const WRITE_A_REPLY: &str = "Write a reply";
pub(crate) const SEND_REPLY: &str = "Send reply";
pub(crate) const HIDE_REPLIES: &str = "Hide replies";

/// What a screen reader hears after "Reply".
pub(crate) fn reply_to(author: &str) -> String {
    format!(" to {}", first_name(author))
}

/// Shows the replies to a comment.
pub(crate) fn show_replies(number: u32) -> String {
    format!("Show {}", count(number, "reply", "replies"))
}

/// Shows what came before the replies that are shown.
pub(crate) fn earlier_replies(number: u32) -> String {
    format!("View {}", count(number, "earlier reply", "earlier replies"))
}

pub(crate) const DELETE_TITLE: &str = "Delete this comment?";

/// Before somebody else's comment on one's own post is deleted.
pub(crate) fn delete(author: &str) -> String {
    format!(
        "{}'s words go for everyone. This can't be undone.",
        first_name(author)
    )
}
