//! Where one is signed in.

pub(crate) const TITLE: &str = "Devices";
pub(crate) const HINT: &str = "Where you're signed in";

pub(crate) const FAILED: &str = "Couldn't load your devices.";
pub(crate) const ONLY_THIS: &str = "Only this device is signed in.";
pub(crate) const INTRO: &str = "Don't know one of them? Sign it out, then change your password.";
pub(crate) const THIS: &str = "This device";
pub(crate) const UNKNOWN: &str = "An unknown device";
pub(crate) const SIGN_OUT: &str = "Sign out";
/// The name of the button for those who hear it.
pub(crate) fn sign_out_of(device: &str) -> String {
    format!("Sign out {device}")
}
pub(crate) const SIGN_OUT_OTHERS: &str = "Sign out all others";
pub(crate) const OTHERS_OUT: &str = "Your other devices are signed out.";
pub(crate) const ONE_OUT: &str = "That device is signed out.";
pub(crate) const NOT_OUT: &str = "It is still signed in.";
pub(crate) const THIS_QUESTION: &str = "Sign out here?";
pub(crate) const THIS_QUESTION_TEXT: &str = "You'll need your password to come back.";
/// "Firefox on Windows".
pub(crate) fn browser_on(browser: &str, system: &str) -> String {
    format!("{browser} on {system}")
}
/// Before "4 min ago".
pub(crate) const USED: &str = "Last used: ";
/// "Signed in: 12 March 2026".
pub(crate) fn since(day: &str) -> String {
    format!("Signed in: {day}")
}
