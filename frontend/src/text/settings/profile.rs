//! What people see about one.

pub(crate) const TITLE: &str = "Profile";
pub(crate) const HINT: &str = "Pictures, name, a few lines about you";
