//! Taking one's data along, leaving.

pub(crate) const TITLE: &str = "Your data";
pub(crate) const HINT: &str = "Download everything, delete your account";
