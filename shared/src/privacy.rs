//! Who may ask, see and find a person: each decides for themselves.

use serde::{Deserialize, Serialize};

use crate::endpoint;
use crate::endpoint::Nothing;
use crate::valid::{Report, Validate};

/// Who may do something that concerns friends of friends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Every member.
    #[default]
    Everyone,
    /// People who have a friend in common with them, and friends.
    FriendsOfFriends,
    /// Nobody.
    Nobody,
}

/// Who sees somebody's list of friends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ListAudience {
    /// Every member.
    Everyone,
    /// Their friends.
    #[default]
    Friends,
    /// They alone.
    OnlyMe,
}

/// One's own privacy settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PrivacySettings {
    /// Who may send friend requests. Whoever has been asked by them may always answer.
    pub friend_requests: Reach,
    /// Who of those who are no friends may write to them first. Friends always may.
    pub messages: Reach,
    /// Who sees the list of friends.
    pub friend_list: ListAudience,
    /// Whom the search and the suggestions show them to. Friends always find each other.
    pub findable: Reach,
    /// Whether a search for their whole address finds them.
    pub find_by_email: bool,
    /// Whether friends see that they are here, and groups count them among those who are. Who does not show it does
    /// not see it either.
    pub show_online: bool,
}

impl Default for PrivacySettings {
    fn default() -> Self {
        Self {
            friend_requests: Reach::Everyone,
            messages: Reach::Everyone,
            friend_list: ListAudience::Friends,
            findable: Reach::Everyone,
            find_by_email: false,
            show_online: true,
        }
    }
}

impl PrivacySettings {
    /// Takes a change in.
    pub fn apply(&mut self, change: &PrivacyChange) {
        fn put<T: Copy>(place: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *place = value;
            }
        }
        put(&mut self.friend_requests, change.friend_requests);
        put(&mut self.messages, change.messages);
        put(&mut self.friend_list, change.friend_list);
        put(&mut self.findable, change.findable);
        put(&mut self.find_by_email, change.find_by_email);
        put(&mut self.show_online, change.show_online);
    }
}

/// What of the settings is to change; what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PrivacyChange {
    /// Who may send friend requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub friend_requests: Option<Reach>,
    /// Who of those who are no friends may write to them first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages: Option<Reach>,
    /// Who sees the list of friends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub friend_list: Option<ListAudience>,
    /// Whom the search and the suggestions show them to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub findable: Option<Reach>,
    /// Whether a search for their whole address finds them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub find_by_email: Option<bool>,
    /// Whether friends see that they are here, and groups count them among those who are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_online: Option<bool>,
}

impl Validate for PrivacyChange {
    fn validate(&mut self, _report: &mut Report) {}
}

endpoint! {
    /// One's own privacy settings.
    GetPrivacy {} = Get "/users/me/privacy",
    SignedIn, query Nothing, body Nothing => 200 PrivacySettings
}

endpoint! {
    /// Changes some of one's own privacy settings, from now on.
    ChangePrivacy {} = Patch "/users/me/privacy",
    SignedIn, query Nothing, body PrivacyChange => 200 PrivacySettings
}
