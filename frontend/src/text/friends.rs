//! Friends: lists, requests, finding people, the button that says how one stands to a person.

use super::{count, first_name};

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
