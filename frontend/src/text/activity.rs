//! What one is told of.

use super::count;

pub(crate) const ACTIVITY: &str = "Activity";
pub(crate) const VIEWS: &str = "Activity views";
pub(crate) const ALL: &str = "All";
pub(crate) const UNREAD: &str = "Unread";
pub(crate) const REQUESTS: &str = "Requests";
pub(crate) const MENTIONS: &str = "Mentions";
pub(crate) const NEW: &str = "New";
pub(crate) const EARLIER: &str = "Earlier";
pub(crate) const MARK_ALL: &str = "Mark all as read";
pub(crate) const ALL_MARKED: &str = "Everything is marked as read.";
pub(crate) const SETTINGS: &str = "Notification settings";
pub(crate) const FAILED: &str = "Couldn't load your activity.";
pub(crate) const MARK_FAILED: &str = "It wasn't marked as read.";
pub(crate) const SHOW_MORE: &str = "Show more";
pub(crate) const ALL_SHOWN: &str = "That's all.";
/// What opens beside the way to the page.
pub(crate) const GLANCE: &str = "Latest activity";
pub(crate) const SEE_ALL: &str = "See all activity";
pub(crate) const EMPTY: &str = "Nothing yet. Likes, comments, requests and invitations show up here.";
pub(crate) const NONE_UNREAD: &str = "You've read everything.";
pub(crate) const NO_REQUESTS: &str = "No requests or invitations. New ones show up here.";
pub(crate) const NO_MENTIONS: &str = "Nobody has mentioned you yet.";

/// What happened, after the names.
pub(crate) const LIKED: &str = "liked your post";
pub(crate) const COMMENTED: &str = "commented on your post";
pub(crate) const REPLIED: &str = "replied to your comment";
pub(crate) const LIKED_COMMENT: &str = "liked your comment";
pub(crate) const MENTIONED: &str = "mentioned you in a post";
pub(crate) const MENTIONED_IN_COMMENT: &str = "mentioned you in a comment";
pub(crate) const SHARED: &str = "shared your post";
pub(crate) const ACCEPTED: &str = "accepted your friend request";
pub(crate) const ASKS: &str = "wants to be your friend";
pub(crate) const ASKED: &str = "wanted to be your friend";
/// Before the name of a group.
pub(crate) const INVITES: &str = "invites you to";
pub(crate) const MENTIONED_IN: &str = "mentioned you in";

/// The names before it: "Tunde", "Tunde and Lena", "Tunde and 4 others". The first is written by the caller.
pub(crate) fn and_others(second: Option<&str>, number: u32) -> String {
    match (number, second) {
        (..=1, _) => String::new(),
        (2, Some(second)) => format!(" and {second}"),
        (number, _) => format!(" and {}", count(number - 1, "other", "others")),
    }
}

/// "You and Sara are friends"
pub(crate) fn friends_now(name: &str) -> String {
    format!("You and {name} are friends")
}

/// An invitation that was accepted: "You joined Garden week"
pub(crate) fn joined(title: &str) -> String {
    format!("You joined {title}")
}

/// One that is declined, while that can be taken back: "You declined to join Garden week"
pub(crate) fn declined(title: &str) -> String {
    format!("You declined to join {title}")
}

/// What a screen reader hears after "Activity".
pub(crate) fn unseen(number: u32) -> String {
    format!(", {number} new")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_before_counts() {
        assert_eq!(and_others(None, 1), "");
        assert_eq!(and_others(Some("Lena"), 2), " and Lena");
        assert_eq!(and_others(Some("Lena"), 5), " and 4 others");
        assert_eq!(and_others(None, 2), " and 1 other");
    }
}
