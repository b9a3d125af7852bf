//! Friends: lists, requests, finding people, the button that says how one stands to a person.

use super::{count, first_name, some_of};

pub(crate) const TITLE: &str = "Friends";
pub(crate) const SECTIONS: &str = "Friends sections";
pub(crate) const ALL: &str = "All";
pub(crate) const REQUESTS: &str = "Requests";
pub(crate) const FIND: &str = "Find people";
pub(crate) const FRIEND_REQUESTS: &str = "Friend requests";

pub(crate) const ADD_FRIEND: &str = "Add friend";
pub(crate) const CANCEL_REQUEST: &str = "Cancel request";
pub(crate) const ACCEPT: &str = "Accept";
pub(crate) const DECLINE: &str = "Decline";
pub(crate) const FRIENDS: &str = "Friends";
pub(crate) const REMOVE: &str = "Remove friend";
pub(crate) const YOU: &str = "You";
pub(crate) const BLOCK: &str = "Block";
pub(crate) const UNBLOCK: &str = "Unblock";

pub(crate) const PEOPLE_TO_NAME: &str = "People to mention";

/// What a screen reader says of the list of people to mention.
pub(crate) fn offered(number: usize) -> String {
    let people = count(u32::try_from(number).unwrap_or(u32::MAX), "person", "people");
    format!("{people}. Use the up and down arrows, then Enter.")
}

/// Instead of a button, where one would promise what fails.
pub(crate) fn not_accepting(name: &str) -> String {
    format!("{} isn't accepting requests right now.", first_name(name))
}

/// The title of the question before a block.
pub(crate) fn block_title(name: &str) -> String {
    format!("Block {}?", first_name(name))
}

/// What a block does.
pub(crate) fn block_body(name: &str) -> String {
    format!(
        "You and {} won't see each other's page, posts and comments, and can't write to each other. If you're friends, that ends. They won't be told. You can unblock them later; being friends again takes a new request.",
        first_name(name)
    )
}

/// After blocking, and on the page of somebody who is blocked.
pub(crate) fn blocked(name: &str) -> String {
    format!("You blocked {}.", first_name(name))
}

/// What that means.
pub(crate) fn blocked_body(name: &str) -> String {
    format!("You and {} don't see each other here.", first_name(name))
}

/// After unblocking.
pub(crate) fn unblocked(name: &str) -> String {
    format!("{} is unblocked.", first_name(name))
}

/// What a screen reader hears for one of the buttons: "Add friend: Tunde Martins".
pub(crate) fn about(action: &str, name: &str) -> String {
    format!("{action}: {name}")
}

/// The title of the question before a friendship ends.
pub(crate) fn remove_title(name: &str) -> String {
    format!("Remove {} from your friends?", first_name(name))
}
pub(crate) const REMOVE_BODY: &str = "You can ask again later. They won't be told.";
pub(crate) const REMOVE_CONFIRM: &str = "Remove";

/// After accepting.
pub(crate) fn now_friends(name: &str) -> String {
    format!("You and {} are friends now.", first_name(name))
}

/// After asking.
pub(crate) fn request_sent(name: &str) -> String {
    format!("Request sent to {}.", first_name(name))
}

pub(crate) const REQUEST_CANCELLED: &str = "Request cancelled.";
pub(crate) const REQUEST_DECLINED: &str = "Request declined.";

/// After parting.
pub(crate) fn removed(name: &str) -> String {
    format!("{} is no longer among your friends.", first_name(name))
}

/// When something about a person did not reach the server.
pub(crate) fn not_saved(name: &str) -> String {
    format!("That didn't work for {}.", first_name(name))
}

/// "4 mutual friends".
pub(crate) fn mutual(number: u32) -> String {
    count(number, "mutual friend", "mutual friends")
}

/// "4 mutual friends: Lena, Tunde and 2 others"
pub(crate) fn mutual_named(number: u32, names: &[&str]) -> String {
    if number == 0 {
        return String::new();
    }
    if names.is_empty() {
        return mutual(number);
    }
    let others = number.saturating_sub(u32::try_from(names.len()).unwrap_or(u32::MAX));
    format!("{}: {}", mutual(number), some_of(names, others))
}

/// "Friends since 12 Mar".
pub(crate) fn since(day: &str) -> String {
    format!("Friends since {day}")
}

pub(crate) const INCOMING: &str = "For you";
pub(crate) const OUTGOING: &str = "Sent by you";
pub(crate) const NO_FRIENDS: &str = "No friends here yet. Find the people you know.";
pub(crate) const NO_INCOMING: &str = "No requests. New ones show up here.";
pub(crate) const NO_OUTGOING: &str = "None of your requests is waiting for an answer.";
pub(crate) const FRIENDS_FAILED: &str = "Couldn't load your friends.";
pub(crate) const REQUESTS_FAILED: &str = "Couldn't load requests.";
pub(crate) const FILTER_LABEL: &str = "Search your friends";
pub(crate) const FILTER_LABEL_OF: &str = "Search these friends";
pub(crate) const FRIENDS_FAILED_OF: &str = "Couldn't load their friends.";
pub(crate) const SUGGESTED: &str = "People you may know";
pub(crate) const SUGGESTIONS_FAILED: &str = "Couldn't load people you may know.";
pub(crate) const NEW_HERE: &str = "New here";
pub(crate) const HIDE: &str = "Hide";

/// After hiding a suggestion.
pub(crate) fn suggestion_hidden(name: &str) -> String {
    format!("{} won't be suggested again.", first_name(name))
}

/// When none of one's friends is called that.
pub(crate) fn no_friend(query: &str) -> String {
    format!("None of your friends is called “{query}”.")
}

pub(crate) const SHOW_MORE: &str = "Show more";

pub(crate) const SEARCH_LABEL: &str = "Search by name or username";
pub(crate) const SEARCH_EMPTY: &str = "Type a name to find someone you know.";
pub(crate) const SEARCH_FAILED: &str = "Couldn't search right now.";

/// When nobody is called that.
pub(crate) fn nobody(query: &str) -> String {
    format!("Nobody here is called “{query}”. Check the spelling, or try their username.")
}

/// Told to a screen reader when results arrive.
pub(crate) fn found(number: usize) -> String {
    count(
        u32::try_from(number).unwrap_or(u32::MAX),
        "person found",
        "people found",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_names_friends_before_it_counts_them() {
        let names = ["Lena Kovač", "Tunde Martins", "Ada"];
        assert_eq!(mutual_named(0, &[]), "");
        assert_eq!(mutual_named(2, &[]), "2 mutual friends");
        assert_eq!(mutual_named(1, &names[..1]), "1 mutual friend: Lena");
        assert_eq!(mutual_named(2, &names[..2]), "2 mutual friends: Lena and Tunde");
        assert_eq!(mutual_named(3, &names), "3 mutual friends: Lena, Tunde and Ada");
        assert_eq!(
            mutual_named(4, &names[..2]),
            "4 mutual friends: Lena, Tunde and 2 others"
        );
        assert_eq!(
            mutual_named(4, &names),
            "4 mutual friends: Lena, Tunde, Ada and 1 other"
        );
    }
}
