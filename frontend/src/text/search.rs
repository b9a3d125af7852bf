//! Looking for people, groups, posts and messages.

use super::count;

pub(crate) const TITLE: &str = "Search";
/// The keys that open the palette.
pub(crate) const KEYS: &str = "Ctrl K";
pub(crate) const LABEL: &str = "Search people, groups, posts and messages";
pub(crate) const BEGIN: &str =
    "Find people and groups by their names, and posts and messages by the words in them.";
pub(crate) const VIEWS: &str = "What to show";
pub(crate) const ALL: &str = "All";
pub(crate) const PEOPLE: &str = "People";
pub(crate) const GROUPS: &str = "Groups";
pub(crate) const POSTS: &str = "Posts";
pub(crate) const SEE_ALL: &str = "See all people";
pub(crate) const ALL_GROUPS: &str = "See all groups";
pub(crate) const PEOPLE_FAILED: &str = "Couldn't look for people.";
pub(crate) const GROUPS_FAILED: &str = "Couldn't look for groups.";
pub(crate) const MESSAGES: &str = "Messages";
pub(crate) const ALL_MESSAGES: &str = "See all messages";
pub(crate) const MESSAGES_FAILED: &str = "Couldn't look for messages.";
pub(crate) const NOT_YET: &str = "Nothing among the newest messages. There may be something in older ones.";
pub(crate) const FAILED: &str = "Couldn't search.";
pub(crate) const OFFLINE: &str = "No connection. Search works again when it's back.";
pub(crate) const RECENT: &str = "Opened lately";
pub(crate) const RESULTS: &str = "Results";
pub(crate) const CHAT: &str = "Chat";
pub(crate) const GROUP: &str = "Group";
pub(crate) const INVITED: &str = "You're invited";

/// The last line of the palette.
pub(crate) fn see_all_for(words: &str) -> String {
    format!("See all results for “{words}”")
}

/// Of a group that one is not in.
pub(crate) fn open_to_join(members: u32) -> String {
    format!("{} · open to join", count(members, "person", "people"))
}

/// What a screen reader hears when the palette has an answer.
pub(crate) fn found_few(words: &str, number: usize) -> String {
    match u32::try_from(number) {
        Ok(0) => nothing(words),
        number => count(number.unwrap_or(u32::MAX), "result", "results"),
    }
}

/// When nobody was found.
pub(crate) fn nobody(words: &str) -> String {
    format!("Nobody called “{words}”.")
}

/// When no groups were found.
pub(crate) fn no_groups(words: &str) -> String {
    format!("No groups called “{words}”.")
}

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

/// What a screen reader hears when the answer is there. First people, groups and messages.
/// Of each how many have come, and whether there are more.
pub(crate) fn found(numbers: [(usize, bool); 3], posts: (usize, bool)) -> String {
    let part = |(number, more): (usize, bool), one, many| {
        let number = count(u32::try_from(number).unwrap_or(u32::MAX), one, many);
        if more {
            format!("more than {number}")
        } else {
            number
        }
    };
    let [people, groups, messages] = numbers;
    format!(
        "Found {}, {}, {} and {}",
        part(people, "person", "people"),
        part(groups, "group", "groups"),
        part(messages, "message", "messages"),
        part(posts, "post", "posts"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_not_more_than_what_has_come() {
        assert_eq!(
            found([(20, true), (1, false), (0, false)], (20, true)),
            "Found more than 20 people, 1 group, 0 messages and more than 20 posts"
        );
    }
}
