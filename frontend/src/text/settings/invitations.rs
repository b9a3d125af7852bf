//! Links that let new people in.

use hearth_shared::auth::{INVITATION_DAYS, INVITATIONS_OPEN};

pub(crate) const TITLE: &str = "Invitations";
pub(crate) const HINT: &str = "Links for people you'd like to have here";

/// What an invitation is.
pub(crate) fn intro() -> String {
    format!(
        "Only invited people can join this Hearth. A link works for one person, for {INVITATION_DAYS} days. You can have {INVITATIONS_OPEN} open."
    )
}
pub(crate) const NOTE: &str = "Whom is it for?";
pub(crate) const NOTE_HINT: &str = "A reminder for you; nobody else sees it. May stay empty.";
pub(crate) const MAKE: &str = "Make a link";
pub(crate) const MAKING: &str = "Making it…";
pub(crate) const LINK: &str = "The link";
pub(crate) const LINK_HINT: &str = "Copy it now, it isn't shown again. Send it to one person.";
pub(crate) const OPEN: &str = "Open invitations";
pub(crate) const NONE: &str = "No open invitations.";
pub(crate) const FAILED: &str = "Couldn't load your invitations.";
pub(crate) const NO_NOTE: &str = "Without a note";
pub(crate) const TAKE_BACK: &str = "Take back";
/// The name of the button for those who hear it.
pub(crate) fn take_back(note: &str) -> String {
    format!("Take back: {note}")
}
pub(crate) const TAKEN_BACK: &str = "That link no longer works.";
pub(crate) const NOT_TAKEN_BACK: &str = "The link still works.";
/// "Good until 29 November 2026".
pub(crate) fn until(day: &str) -> String {
    format!("Good until {day}")
}
