//! People whom one has blocked.

use crate::text::first_name;

pub(crate) const TITLE: &str = "Blocked people";
pub(crate) const HINT: &str = "Who can't see or reach you";
pub(crate) const INTRO: &str =
    "You and someone you have blocked don't see each other anywhere here. They aren't told.";
pub(crate) const LIST: &str = "People you have blocked";
pub(crate) const EMPTY: &str = "You haven't blocked anyone.";
pub(crate) const FAILED: &str = "Couldn't load the list.";
pub(crate) const MORE: &str = "Show more";
pub(crate) const MORE_FAILED: &str = "Couldn't load more.";
pub(crate) const UNBLOCK: &str = "Unblock";

pub(crate) const BLOCK_TITLE: &str = "Block someone";
pub(crate) const USERNAME: &str = "Username";
pub(crate) const USERNAME_HINT: &str = "It stands on their page, after the @.";
pub(crate) const BLOCK: &str = "Block";
pub(crate) const ENTER_NAME: &str = "Enter a username.";
pub(crate) const NOBODY: &str = "There's nobody by that username.";
pub(crate) const YOURSELF: &str = "That's you.";

/// "Blocked since 12 Mar".
pub(crate) fn since(day: &str) -> String {
    format!("Blocked since {day}")
}

/// What a screen reader hears for a button: "Unblock: Tunde Martins".
pub(crate) fn about(action: &str, name: &str) -> String {
    format!("{action}: {name}")
}

/// The question before it is taken back.
pub(crate) fn unblock_title(name: &str) -> String {
    format!("Unblock {}?", first_name(name))
}

/// What comes of it.
pub(crate) fn unblock_body(name: &str) -> String {
    format!(
        "You'll see each other again. You won't be friends until one of you asks. {} isn't told.",
        first_name(name)
    )
}

/// After it.
pub(crate) fn unblocked(name: &str) -> String {
    format!("{} is unblocked.", first_name(name))
}

/// When it did not work.
pub(crate) fn not_unblocked(name: &str) -> String {
    format!("{} is still blocked.", first_name(name))
}

/// The question before it.
pub(crate) fn block_title(name: &str) -> String {
    format!("Block {}?", first_name(name))
}

/// What comes of it.
pub(crate) fn block_body(name: &str) -> String {
    format!(
        "You won't see each other anywhere here, and a friendship or request between you ends. {} isn't told. You can \
         unblock them at any time.",
        first_name(name)
    )
}

/// After it.
pub(crate) fn blocked(name: &str) -> String {
    format!("{} is blocked.", first_name(name))
}

/// When it did not work.
pub(crate) fn not_blocked(name: &str) -> String {
    format!("{} isn't blocked.", first_name(name))
}

/// When there is nothing to do.
pub(crate) fn already(name: &str) -> String {
    format!("You've blocked {} already.", first_name(name))
}
