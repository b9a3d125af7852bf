//! People whom one has blocked.

pub(crate) const TITLE: &str = "Blocked people";
pub(crate) const HINT: &str = "Who can't see or reach you";
