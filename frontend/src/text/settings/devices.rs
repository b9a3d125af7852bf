//! Where one is signed in.

pub(crate) const TITLE: &str = "Devices";
pub(crate) const HINT: &str = "Where you're signed in";
