//! Who one is here.

pub(crate) const TITLE: &str = "Account";
pub(crate) const HINT: &str = "Username, email, signing out";

pub(crate) const FAILED: &str = "Couldn't load your account.";
pub(crate) const NAME: &str = "Name";
pub(crate) const USERNAME: &str = "Username";
pub(crate) const EMAIL: &str = "Email";
pub(crate) const JOINED: &str = "Member since";
pub(crate) const SESSION: &str = "This browser";
pub(crate) const SIGN_OUT_HINT: &str = "Signs out every tab of this browser.";
