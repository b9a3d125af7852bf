//! Signing in, making an account, signing out.

pub(crate) const SIGN_IN: &str = "Sign in";
pub(crate) const CREATE_ACCOUNT: &str = "Create account";
pub(crate) const CREATE_ACCOUNT_TITLE: &str = "Create an account";
pub(crate) const CREATE_ACCOUNT_LINK: &str = "Create an account";
pub(crate) const NEW_HERE: &str = "New here?";
pub(crate) const HAVE_ACCOUNT: &str = "Already have an account?";

pub(crate) const LOGIN: &str = "Username or email";
pub(crate) const PASSWORD: &str = "Password";
pub(crate) const DISPLAY_NAME: &str = "Name";
pub(crate) const DISPLAY_NAME_HINT: &str = "The name your friends know you by.";
pub(crate) const USERNAME: &str = "Username";
pub(crate) const USERNAME_HINT: &str = "3 to 30 letters a–z, digits or _. It becomes your address here.";
pub(crate) const EMAIL: &str = "Email";
pub(crate) const EMAIL_HINT: &str = "Only you can see it.";
/// What the host asks of a password.
pub(crate) fn password_hint(min: usize) -> String {
    format!("At least {min} characters. A few words in a row are easy to remember.")
}
pub(crate) const SHOW_PASSWORD: &str = "Show password";
pub(crate) const HIDE_PASSWORD: &str = "Hide password";
pub(crate) const SHOW: &str = "Show";
pub(crate) const HIDE: &str = "Hide";

pub(crate) const CODE: &str = "Code";
pub(crate) const CODE_HINT: &str = "Six digits from the app on your phone.";
pub(crate) const RECOVERY_CODE: &str = "Recovery code";
pub(crate) const RECOVERY_HINT: &str = "One of the codes that you kept. Each works once.";
pub(crate) const USE_RECOVERY: &str = "Use a recovery code";
pub(crate) const USE_PHONE: &str = "Use the app on your phone";

pub(crate) const STAY_TITLE: &str = "Keep your account?";
pub(crate) const STAY: &str = "Keep my account";
pub(crate) const NOT_NOW: &str = "Not now";
/// Before an account that waits for its end is kept.
pub(crate) fn leaving(day: &str) -> String {
    format!("This account and everything in it goes on {day}. If you keep it, it is as it was.")
}
pub(crate) const LEAVING_SOON: &str =
    "This account and everything in it goes soon. If you keep it, it is as it was.";

pub(crate) const INVITATION_CHECKED: &str = "Looking at your invitation…";
pub(crate) const INVITATION_NOT_NEEDED: &str =
    "That invitation can't be used any more, but you don't need one here.";

pub(crate) const SIGNING_IN: &str = "Signing in…";
pub(crate) const CREATING: &str = "Creating your account…";

pub(crate) const WRONG_CREDENTIALS: &str = "That name and password don't match.";
pub(crate) const SESSION_ENDED: &str =
    "Your session has ended. Sign in again to continue. Your drafts are safe.";
pub(crate) const SUSPENDED: &str =
    "This account is suspended. Nothing of it is lost. Ask the person who runs this Hearth.";
pub(crate) const NEW_PASSWORD_SET: &str = "Your new password is set. Sign in with it.";
pub(crate) const FORGOT_LINK: &str = "Forgot your password?";
pub(crate) const SIGNED_OUT: &str = "You're signed out.";
pub(crate) const CHECK_YOUR_MAIL: &str = "Check your mail";
pub(crate) const OPEN_THE_LINK: &str = "We sent you a link. Open it to confirm your address, then sign in.";
pub(crate) const BY_INVITATION: &str =
    "This Hearth takes new members by invitation. Ask a member to send you a link.";
pub(crate) const INVITATION_SPENT: &str =
    "That invitation is no longer good. Each works once, for a week. Ask for a new one.";
pub(crate) const INVITED: &str = "You're invited. Welcome.";
pub(crate) const REGISTRATION_CLOSED: &str =
    "This Hearth isn't taking new members right now. Ask the person who runs it.";

/// Above the form when more than three fields are wrong.
pub(crate) const MANY_WRONG: &str = "A few things need another look. They are marked below.";
