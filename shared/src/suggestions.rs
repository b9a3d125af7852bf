//! People whom one may know.

use serde::{Deserialize, Serialize};

use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::UserId;
use crate::page::{Page, PageQuery};
use crate::users::UserCard;

/// Friends in common that a suggestion names at most.
pub const NAMED_FRIENDS_MAX: usize = 3;

/// Why somebody is suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// They have friends in common with the viewer.
    MutualFriends,
    /// The viewer has no friends yet, and they are among the newest here.
    NewHere,
}

/// Somebody whom the viewer may know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suggestion {
    /// Who.
    pub user: UserCard,
    /// Why.
    pub reason: Reason,
    /// Friends that both have.
    pub mutual_friend_count: u32,
    /// Some of these, three at most.
    #[cfg_attr(feature = "openapi", schema(max_items = 3))]
    pub mutual_friends: Vec<UserCard>,
    /// Whether they take requests from the viewer.
    pub can_request: bool,
}

endpoint! {
    /// People whom one may know: those with the most friends in common first.
    ListSuggestions {} = Get "/friends/suggestions",
    SignedIn, query PageQuery, body Nothing => 200 Page<Suggestion>
}

endpoint! {
    /// Never suggests this person again.
    HideSuggestion { user_id: UserId } = Delete "/friends/suggestions/{user_id}",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}
