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

pub(crate) const SIGNING_IN: &str = "Signing in…";
pub(crate) const CREATING: &str = "Creating your account…";

pub(crate) const WRONG_CREDENTIALS: &str = "That name and password don't match.";
pub(crate) const SESSION_ENDED: &str =
    "Your session has ended. Sign in again to continue. Your drafts are safe.";
pub(crate) const NEW_PASSWORD_SET: &str = "Your new password is set. Sign in with it.";
pub(crate) const FORGOT_LINK: &str = "Forgot your password?";
pub(crate) const SIGNED_OUT: &str = "You're signed out.";
pub(crate) const CHECK_YOUR_MAIL: &str = "Check your mail";
pub(crate) const OPEN_THE_LINK: &str = "We sent you a link. Open it to confirm your address, then sign in.";
pub(crate) const CODE: &str = "Code";
pub(crate) const CODE_HINT: &str = "Six digits from your authenticator app, or a recovery code.";
pub(crate) const KEEP_ACCOUNT: &str = "Keep my account and sign in";
/// To somebody who has asked for their account to be deleted.
pub(crate) fn leaving(day: Option<&str>) -> String {
    let when = day.map_or("soon".to_owned(), |day| format!("on {day}"));
    format!("This account is going to be deleted {when}. You can still keep it, with everything in it.")
}
pub(crate) const BY_INVITATION: &str =
    "This Hearth takes new members by invitation. Ask a member to send you a link.";
pub(crate) const INVITATION_SPENT: &str =
    "That invitation is no longer good. Each works once, for a week. Ask for a new one.";
pub(crate) const INVITED: &str = "You're invited. Welcome.";
pub(crate) const REGISTRATION_CLOSED: &str =
    "This Hearth isn't taking new members right now. Ask the person who runs it.";

/// Above the form when more than three fields are wrong.
pub(crate) const MANY_WRONG: &str = "A few things need another look. They are marked below.";
