//! Looking for people, posts and messages.

use super::count;

pub(crate) const TITLE: &str = "Search";
pub(crate) const LABEL: &str = "Search people, posts and messages";
pub(crate) const BEGIN: &str = "Find people by their name, and posts and messages by the words in them.";
pub(crate) const PEOPLE: &str = "People";
pub(crate) const POSTS: &str = "Posts";
pub(crate) const SEE_ALL: &str = "See all people";
pub(crate) const PEOPLE_FAILED: &str = "Couldn't look for people.";
pub(crate) const MESSAGES: &str = "Messages";
pub(crate) const ALL_MESSAGES: &str = "See all messages";
pub(crate) const EVERYTHING: &str = "People and posts too";
pub(crate) const MESSAGES_FAILED: &str = "Couldn't look for messages.";
pub(crate) const NOT_YET: &str = "Nothing among the newest messages. There may be something in older ones.";

/// When nothing was found.
pub(crate) fn nothing(words: &str) -> String {
    format!("Nothing found for “{words}”. Try fewer words, or other ones.")
}

/// When only people or messages were found.
pub(crate) fn no_posts(words: &str) -> String {
    format!("No posts that you can see have “{words}” in them.")
}

/// What a list of found posts is called.
pub(crate) fn posts_with(words: &str) -> String {
    format!("Posts with “{words}”")
}

/// When no messages were found.
pub(crate) fn no_messages(words: &str) -> String {
    format!("No messages with “{words}” in them.")
}

/// What a list of found messages is called.
pub(crate) fn messages_with(words: &str) -> String {
    format!("Messages with “{words}”")
}

/// What a screen reader hears when the answer is there.
pub(crate) fn found(people: usize, messages: usize, posts: usize, more: bool) -> String {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    format!(
        "Found {}, {} and {}{}",
        count(number(people), "person", "people"),
        count(number(messages), "message", "messages"),
        if more { "more than " } else { "" },
        count(number(posts), "post", "posts"),
    )
}
