//! Who one is here.

pub(crate) const TITLE: &str = "Account";
pub(crate) const HINT: &str = "Username, email, signing out";

pub(crate) const FAILED: &str = "Couldn't load your account.";
pub(crate) const NAME: &str = "Name";
pub(crate) const NAME_CHANGE: &str = "Edit profile";
pub(crate) const USERNAME: &str = "Username";
pub(crate) const EMAIL: &str = "Email";
pub(crate) const JOINED: &str = "Member since";
pub(crate) const CHANGE: &str = "Change";
pub(crate) const CHANGE_USERNAME: &str = "Change username";
pub(crate) const CHANGE_EMAIL: &str = "Change email";
pub(crate) const NEW_USERNAME: &str = "New username";
pub(crate) const NEW_USERNAME_HINT: &str =
    "3 to 30 letters a–z, digits or _. The address of your page changes with it; links to the old one end.";
pub(crate) const NEW_EMAIL: &str = "New email";
pub(crate) const NEW_EMAIL_HINT: &str = "We'll send a link there. Until you open it, the old address stays.";
pub(crate) const SAVE_USERNAME: &str = "Save username";
pub(crate) const SAVE_EMAIL: &str = "Send the link";
pub(crate) const USERNAME_SAVED: &str = "Your username is changed.";
pub(crate) const SAME_USERNAME: &str = "That's your username already.";
pub(crate) const SAME_EMAIL: &str = "That's your address already.";
pub(crate) const VERIFIED: &str = "Confirmed";
pub(crate) const UNVERIFIED: &str = "Not confirmed yet. Open the link that we sent to this address.";
/// A new address waits for its link.
pub(crate) fn pending(new: &str, old: &str) -> String {
    format!("We sent a link to {new}. Until you open it, {old} stays your address.")
}
pub(crate) const SENT: &str = "The link is on its way.";
pub(crate) const NOT_SENT: &str = "The link was not sent.";
pub(crate) const SESSION: &str = "This browser";
pub(crate) const SIGN_OUT_HINT: &str = "Signs out every tab of this browser.";
