//! Profiles and settings.

use super::{count, first_name};

pub(crate) const UNKNOWN_TITLE: &str = "There's nobody by that name.";
pub(crate) const UNKNOWN: &str = "The address may be mistyped, or the account is gone.";
pub(crate) const POSTS: &str = "Posts";
pub(crate) const PROFILE_FAILED: &str = "Couldn't load this profile.";
pub(crate) const NO_POSTS_OF_YOURS: &str = "You haven't posted yet.";

/// The list of a person's posts.
pub(crate) fn posts_of(name: &str) -> String {
    format!("Posts by {name}")
}

/// When a friend has written nothing.
pub(crate) fn no_posts(name: &str) -> String {
    format!("{} hasn't posted yet.", first_name(name))
}

/// When one may not see what they wrote.
pub(crate) fn for_friends(name: &str) -> String {
    format!("{}'s posts are for friends.", first_name(name))
}

/// "12 friends".
pub(crate) fn friend_count(number: u32) -> String {
    count(number, "friend", "friends")
}

/// "3 posts".
pub(crate) fn post_count(number: u32) -> String {
    count(number, "post", "posts")
}

/// "Here since 12 March 2026".
pub(crate) fn member_since(day: &str) -> String {
    format!("Here since {day}")
}

pub(crate) const SETTINGS: &str = "Settings";
pub(crate) const ACCOUNT: &str = "Account";
pub(crate) const ACCOUNT_FAILED: &str = "Couldn't load your account.";
pub(crate) const NAME: &str = "Name";
pub(crate) const USERNAME: &str = "Username";
pub(crate) const EMAIL: &str = "Email";
pub(crate) const JOINED: &str = "Member since";
pub(crate) const APPEARANCE: &str = "Appearance";
pub(crate) const THEME: &str = "Theme";
pub(crate) const THEME_SYSTEM: &str = "System";
pub(crate) const THEME_LIGHT: &str = "Light";
pub(crate) const THEME_DARK: &str = "Dark";
pub(crate) const TEXT_SIZE: &str = "Text size";
pub(crate) const TEXT_NORMAL: &str = "Standard";
pub(crate) const TEXT_LARGE: &str = "Larger";
pub(crate) const REDUCE_MOTION: &str = "Reduce motion";
pub(crate) const REDUCE_MOTION_HINT: &str = "Nothing fades or slides, whatever the device says.";
pub(crate) const SHORTCUTS: &str = "Single-key shortcuts";
pub(crate) const SHORTCUTS_HINT: &str = "Press ? anywhere to see them.";
pub(crate) const SESSION: &str = "This browser";
pub(crate) const SIGN_OUT_HINT: &str = "Signs out every tab of this browser.";
