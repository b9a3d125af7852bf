//! Password and second factor.

pub(crate) const TITLE: &str = "Password and security";
pub(crate) const HINT: &str = "Password, two-factor sign-in";
