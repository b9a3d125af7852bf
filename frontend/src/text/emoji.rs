//! The emoji picker.

pub(crate) const OPEN: &str = "Add an emoji";
pub(crate) const TITLE: &str = "Emoji";
pub(crate) const SEARCH: &str = "Search emoji";
pub(crate) const RECENT: &str = "Recent";
pub(crate) const FOUND: &str = "Found";
pub(crate) const NONE: &str = "No emoji by that name.";
pub(crate) const FAILED: &str = "Couldn't load the emoji.";
