//! Profiles.

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
