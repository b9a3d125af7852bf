//! Who may do and see what.

pub(crate) const TITLE: &str = "Privacy";
pub(crate) const HINT: &str = "Who can find you, write to you, see your friends";
