//! The settings: their frame here, one file per section.

pub(crate) mod account;
pub(crate) mod appearance;
pub(crate) mod blocked;
pub(crate) mod data;
pub(crate) mod devices;
pub(crate) mod gate;
pub(crate) mod invitations;
pub(crate) mod muted;
pub(crate) mod notifications;
pub(crate) mod privacy;
pub(crate) mod profile;
pub(crate) mod security;

pub(crate) const TITLE: &str = "Settings";
pub(crate) const BACK_HOME: &str = "Back to Hearth";
pub(crate) const OFFLINE: &str = "You're offline. You can look around; changes have to wait.";

pub(crate) const CURRENT_PASSWORD: &str = "Your password";
pub(crate) const CODE_ALSO: &str = "Code";
pub(crate) const CODE_ALSO_HINT: &str = "Six digits from your authenticator app, or a recovery code.";
pub(crate) const SAVING: &str = "Saving…";
pub(crate) const COPY: &str = "Copy";
pub(crate) const COPIED: &str = "Copied.";
pub(crate) const NOT_COPIED: &str = "The browser didn't allow that. Select the text and copy it yourself.";
pub(crate) const SEND_AGAIN: &str = "Send again";
/// While it has to wait.
pub(crate) fn send_again_in(seconds: u32) -> String {
    format!("Send again in {seconds} s")
}
