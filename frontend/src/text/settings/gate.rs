//! The ways back to a lost account, the proof of an address, and the end of the daily mail.

use hearth_shared::auth::RESET_MINUTES;

pub(crate) const FORGOT: &str = "Forgot your password?";
pub(crate) const FORGOT_HINT: &str =
    "Tell us the email address of your account. We'll send you a link to a new password.";
pub(crate) const SEND_LINK: &str = "Send the link";
pub(crate) const SENDING: &str = "Sending…";
pub(crate) const CHECK_YOUR_MAIL: &str = "Check your mail";
/// Says the same whether there is such an account or not.
pub(crate) fn sent(email: &str) -> String {
    format!(
        "If {email} belongs to an account, a link is on its way to it. It works once, for {RESET_MINUTES} minutes."
    )
}
pub(crate) const NO_MAIL: &str = "Nothing there? Look in the spam folder, or ask the person who runs this Hearth: \
                                  they can make a link for you.";
pub(crate) const OTHER_ADDRESS: &str = "Use another address";
pub(crate) const BACK_TO_SIGN_IN: &str = "Back to sign-in";

pub(crate) const RESET: &str = "Choose a new password";
pub(crate) const RESET_HINT: &str =
    "When it's set, everybody who is signed in to your account is signed out, on all devices.";
pub(crate) const CHECKING: &str = "Checking the link…";
pub(crate) const SET: &str = "Set the new password";
pub(crate) const SETTING: &str = "Setting it…";
pub(crate) const SPENT: &str = "This link is no longer good";
pub(crate) fn spent_hint() -> String {
    format!("A link works once, for {RESET_MINUTES} minutes, and only the newest one does.")
}
pub(crate) const NEW_LINK: &str = "Send a new link";

pub(crate) const VERIFY: &str = "Confirming your address…";
pub(crate) const VERIFIED: &str = "Your address is confirmed";
pub(crate) const VERIFIED_HINT: &str = "Mail about your account goes there from now on.";
pub(crate) const VERIFY_SPENT_HINT: &str = "It was used already, or a newer one was sent. If your address isn't confirmed yet, ask for a new link in your \
     account settings.";
pub(crate) const CONTINUE: &str = "Continue to Hearth";
pub(crate) const TO_ACCOUNT: &str = "Open account settings";
pub(crate) const NO_LINK: &str = "Something is missing";
pub(crate) const NO_LINK_HINT: &str = "Open this page with the whole link from the mail.";
pub(crate) const FAILED: &str = "That didn't work";

pub(crate) const UNSUBSCRIBE: &str = "Stop the daily mail?";
pub(crate) const UNSUBSCRIBE_HINT: &str = "Hearth will send you no more mail about what you haven't seen. You'll still see it in the app, and mail about your \
     account, such as a new password, still comes.";
pub(crate) const UNSUBSCRIBE_DO: &str = "Unsubscribe";
pub(crate) const UNSUBSCRIBING: &str = "Unsubscribing…";
pub(crate) const UNSUBSCRIBED: &str = "You're unsubscribed";
pub(crate) const UNSUBSCRIBED_HINT: &str =
    "The daily mail has ended. If you change your mind, turn it on again in your notification settings.";
pub(crate) const TO_NOTIFICATIONS: &str = "Open notification settings";
pub(crate) const UNSUBSCRIBE_WRONG: &str = "This link doesn't work";
pub(crate) const UNSUBSCRIBE_WRONG_HINT: &str = "It may have been cut off on its way, or the account has ended. You can turn the daily mail off in your notification \
     settings, too.";
