//! Who may do and see what.

use hearth_shared::privacy::{ListAudience, Reach};

pub(crate) const TITLE: &str = "Privacy";
pub(crate) const HINT: &str = "Who can ask you, find you, see your friends";
pub(crate) const FAILED: &str = "Couldn't load your privacy settings.";
pub(crate) const SAVED: &str = "Saved.";
pub(crate) const NOT_SAVED: &str = "Your choice wasn't saved, and it is as it was before.";

pub(crate) const REQUESTS: &str = "Who can send you friend requests";
pub(crate) const MESSAGES: &str = "Who can write to you";
pub(crate) const FRIEND_LIST: &str = "Who can see your friends";
pub(crate) const FINDABLE: &str = "Who can find you";
pub(crate) const FIND_BY_EMAIL: &str = "Find me by email";
pub(crate) const FIND_BY_EMAIL_HINT: &str =
    "Someone who types your whole address into the search finds you, whoever can find you otherwise.";
pub(crate) const SHOW_ONLINE: &str = "Show when I'm here";
pub(crate) const SHOW_ONLINE_HINT: &str = "Your friends see when you're online, and groups you're in count you among those who are here. Without it you see neither.";
pub(crate) const FIELDS: &str =
    "Who sees your email address, birthday and the like is chosen beside each of them,";
pub(crate) const FIELDS_LINK: &str = "under Profile";

/// Who it is.
pub(crate) fn reach(reach: Reach) -> &'static str {
    match reach {
        Reach::Everyone => "Everyone here",
        Reach::FriendsOfFriends => "Friends of friends",
        Reach::Nobody => "Nobody",
    }
}

/// Who it is.
pub(crate) fn list_audience(audience: ListAudience) -> &'static str {
    match audience {
        ListAudience::Everyone => "Everyone here",
        ListAudience::Friends => "Friends",
        ListAudience::OnlyMe => "Only me",
    }
}

/// What comes of it.
pub(crate) fn requests(reach: Reach) -> &'static str {
    match reach {
        Reach::Everyone => "Every member of this Hearth can ask to be your friend.",
        Reach::FriendsOfFriends => "Only people with whom you have a friend in common can ask.",
        Reach::Nobody => "Nobody can ask you. You can still ask others, and they can answer.",
    }
}

/// What comes of it.
pub(crate) fn messages(reach: Reach) -> &'static str {
    match reach {
        Reach::Everyone => {
            "Anyone here can send you a request to write. Your friends write to you without asking."
        }
        Reach::FriendsOfFriends => {
            "Only people with a friend in common with you can send you a request to write. Your friends needn't ask."
        }
        Reach::Nobody => "Only your friends, and those whose request you have accepted, can write to you.",
    }
}

/// What comes of it.
pub(crate) fn friend_list(audience: ListAudience) -> &'static str {
    match audience {
        ListAudience::Everyone => "Everyone here can open the list of your friends.",
        ListAudience::Friends => "Your friends can open the list of your friends. Others see none of it.",
        ListAudience::OnlyMe => {
            "Only you see the list. Others count you among friends in common, but aren't told your name."
        }
    }
}

/// What comes of it.
pub(crate) fn findable(reach: Reach) -> &'static str {
    match reach {
        Reach::Everyone => "The search and the suggestions show you to everyone here.",
        Reach::FriendsOfFriends => "The search and the suggestions show you to friends of your friends only.",
        Reach::Nobody => "Neither the search nor the suggestions show you. Your friends still find you.",
    }
}
