//! Password and second factor.

use hearth_shared::auth::RECOVERY_CODES;

use crate::text::count;

pub(crate) const TITLE: &str = "Security";
pub(crate) const HINT: &str = "Password, two-factor sign-in";

pub(crate) const PASSWORD: &str = "Password";
pub(crate) const PASSWORD_HINT: &str = "When you change it, your other devices are signed out.";
pub(crate) const CURRENT: &str = "Current password";
pub(crate) const NEW: &str = "New password";
pub(crate) const CHANGE: &str = "Change password";
pub(crate) const CHANGING: &str = "Changing…";
pub(crate) const CHANGED: &str = "Your password is changed. Your other devices are signed out.";

pub(crate) const TWO_FACTOR: &str = "Two-factor sign-in";
pub(crate) const TWO_FACTOR_FAILED: &str = "Couldn't find out how two-factor sign-in stands.";
pub(crate) const OFF_HINT: &str = "Off. When it's on, signing in also asks for a code from an app on your phone, so that your \
                                   password alone is no use to anybody else.";
pub(crate) const SET_UP: &str = "Set up";
/// It is on.
pub(crate) fn on_hint(left: u32) -> String {
    format!(
        "On. Signing in asks for a code from your app. You have {} left.",
        count(left, "recovery code", "recovery codes")
    )
}
pub(crate) const NEW_CODES: &str = "New recovery codes";
pub(crate) const NEW_CODES_HINT: &str = "The ones that you have now stop working.";
pub(crate) const MAKE_CODES: &str = "Make new codes";
pub(crate) const TURN_OFF: &str = "Turn off";
pub(crate) const TURN_OFF_HINT: &str = "Your password alone will be enough to sign in.";
pub(crate) const TURNED_OFF: &str = "Two-factor sign-in is off.";
pub(crate) const TURNED_ON: &str = "Two-factor sign-in is on.";
pub(crate) const CONTINUE: &str = "Continue";
pub(crate) const WAITING: &str = "One moment…";
pub(crate) const SET_UP_HINT: &str = "You need an authenticator app on your phone. First, your password.";
pub(crate) const SCAN: &str =
    "Scan this with your authenticator app, then type the six digits that it shows.";
pub(crate) const QR: &str = "QR code for your authenticator app";
pub(crate) const SECRET: &str = "Can't scan it? Type this into the app:";
pub(crate) const CODE: &str = "Six-digit code";
pub(crate) const TURN_ON: &str = "Turn on";
pub(crate) const CODES: &str = "Your recovery codes";
/// Why one should keep them.
pub(crate) fn codes_hint() -> String {
    format!(
        "If you lose your phone, each of these {RECOVERY_CODES} codes lets you in once. They are shown only now: \
         keep them where you keep your passwords, not on the phone."
    )
}
pub(crate) const DOWNLOAD: &str = "Download";
pub(crate) const KEPT: &str = "I have kept them";
pub(crate) const FILE_NAME: &str = "hearth-recovery-codes.txt";
/// What stands in the file.
pub(crate) fn file(username: &str, codes: &[String]) -> String {
    format!(
        "Recovery codes of @{username} on Hearth. Each works once.\n\n{}\n",
        codes.join("\n")
    )
}
