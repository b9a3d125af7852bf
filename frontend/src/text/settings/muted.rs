//! People whom one has muted.

use crate::text::first_name;

pub(crate) const TITLE: &str = "Muted people";
pub(crate) const HINT: &str = "Whose posts you don't see in your feed";
pub(crate) const INTRO: &str = "The posts of someone you have muted aren't in your feed, and you aren't told of what they do. \
     You stay friends, and they aren't told. You can mute somebody from the menu of their page.";
pub(crate) const LIST: &str = "People you have muted";
pub(crate) const EMPTY: &str = "You haven't muted anyone.";
pub(crate) const FAILED: &str = "Couldn't load the list.";
pub(crate) const MORE: &str = "Show more";
pub(crate) const MORE_FAILED: &str = "Couldn't load more.";
pub(crate) const UNMUTE: &str = "Unmute";

/// "Muted since 12 Mar".
pub(crate) fn since(day: &str) -> String {
    format!("Muted since {day}")
}

/// What a screen reader hears for a button: "Unmute: Tunde Martins".
pub(crate) fn about(action: &str, name: &str) -> String {
    format!("{action}: {name}")
}

/// After it.
pub(crate) fn unmuted(name: &str) -> String {
    format!("{}'s posts are in your feed again.", first_name(name))
}

/// When it did not work.
pub(crate) fn not_unmuted(name: &str) -> String {
    format!("{} is still muted.", first_name(name))
}
