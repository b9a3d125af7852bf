//! Taking one's data along, leaving.

use hearth_shared::leaving::DELETION_DAYS;

pub(crate) const TITLE: &str = "Your data";
pub(crate) const HINT: &str = "Download everything, delete your account";

pub(crate) const EXPORT: &str = "Download your data";
pub(crate) const EXPORT_HINT: &str = "One file with everything you wrote and uploaded, and a page that shows it without the \
                                      internet. Other people's private things aren't in it, except what they wrote to you.";
pub(crate) const START: &str = "Download";
pub(crate) const WORKING: &str = "Putting it together…";
pub(crate) const KEEP_OPEN: &str = "This can take a few minutes. Keep this page open.";
pub(crate) const DONE: &str = "Your data is downloaded.";
pub(crate) const NOT_DONE: &str = "The download didn't work.";
pub(crate) const FILE_NAME: &str = "hearth-export.zip";

pub(crate) const DELETE: &str = "Delete your account";
/// What deleting means, in a sentence.
pub(crate) fn delete_hint() -> String {
    format!("You have {DELETION_DAYS} days to change your mind. Then everything of yours goes for good.")
}
pub(crate) const DELETE_OPEN: &str = "Delete account…";
pub(crate) const WHAT_GOES: &[&str] = &[
    "You're signed out everywhere, now, and nobody can see your page any more.",
    "Your posts, comments, reactions, pictures, friendships and notifications are deleted.",
    "Nobody can take your username for a year.",
];
/// When.
pub(crate) fn when() -> String {
    format!(
        "All of it happens {DELETION_DAYS} days from now, unless you sign in before then and choose to stay."
    )
}
pub(crate) const MESSAGES: &str = "Messages you sent";
pub(crate) const KEEP: &str = "Leave the words, without my name";
pub(crate) const WIPE: &str = "Delete the words, too";
pub(crate) const DELETE_NOW: &str = "Delete my account";
pub(crate) const DELETING: &str = "Deleting…";

pub(crate) const GONE: &str = "You're signed out";
/// Until when one can come back.
pub(crate) fn gone(day: &str, time: &str) -> String {
    format!("Your account will be deleted on {day} at {time}. Until then you can sign in and keep it.")
}
pub(crate) const FAREWELL: &str = "Take care.";
pub(crate) const CAME_BACK: &str = "Sign in again";
