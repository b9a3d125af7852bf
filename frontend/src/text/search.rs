//! Looking for people and posts.

use super::count;

pub(crate) const TITLE: &str = "Search";
pub(crate) const LABEL: &str = "Search posts and people";
pub(crate) const BEGIN: &str = "Find people by their name, and posts by the words in them.";
pub(crate) const PEOPLE: &str = "People";
pub(crate) const POSTS: &str = "Posts";
pub(crate) const SEE_ALL: &str = "See all people";
pub(crate) const PEOPLE_FAILED: &str = "Couldn't look for people.";

/// When neither people nor posts were found.
pub(crate) fn nothing(words: &str) -> String {
    format!("Nothing found for “{words}”. Try fewer words, or other ones.")
}

/// When only people were found.
pub(crate) fn no_posts(words: &str) -> String {
    format!("No posts that you can see have “{words}” in them.")
}

/// What a list of found posts is called.
pub(crate) fn posts_with(words: &str) -> String {
    format!("Posts with “{words}”")
}

/// What a screen reader hears when the answer is there.
pub(crate) fn found(people: usize, posts: usize, more: bool) -> String {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    format!(
        "Found {} and {}{}",
        count(number(people), "person", "people"),
        if more { "more than " } else { "" },
        count(number(posts), "post", "posts"),
    )
}
