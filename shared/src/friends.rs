//! Friends: asking, answering, parting.

use serde::{Deserialize, Serialize};

use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::{FriendRequestId, UserId};
use crate::page::{Cursor, Page};
use crate::time::Timestamp;
use crate::users::{SEARCH_MAX, UserCard};
use crate::valid::{Report, Validate, tidy_line};

/// Requests that a person may have waiting at most.
pub const OPEN_REQUESTS_MAX: i64 = 100;

/// A friend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Friend {
    /// Who.
    pub user: UserCard,
    /// Friends since then.
    pub since: Timestamp,
    /// Whether they are here now. Absent when one of the two does not show it, and in events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub online: Option<bool>,
    /// Friends that both have. Absent in events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mutual_friend_count: Option<u32>,
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RequestStatus {
    /// It waits for an answer.
    Pending,
    /// The two are friends now.
    Accepted,
}

/// A request for friendship.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FriendRequest {
    /// Which.
    pub id: FriendRequestId,
    /// Who asks.
    pub from: UserCard,
    /// Who is asked.
    pub to: UserCard,
    /// Where it stands.
    pub status: RequestStatus,
    /// When it was sent.
    pub created_at: Timestamp,
    /// Friends that both have.
    pub mutual_friend_count: u32,
}

/// Whom to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewFriendRequest {
    /// The person.
    pub user_id: UserId,
}

impl Validate for NewFriendRequest {
    fn validate(&mut self, _report: &mut Report) {}
}

/// Which side of the requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Those that others sent me.
    #[default]
    Incoming,
    /// Those that I sent.
    Outgoing,
}

/// The query of the list of friends.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FriendsQuery {
    /// Only those whose name has words that begin like this; everybody when empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub q: String,
    /// Items wanted, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}

impl Validate for FriendsQuery {
    fn validate(&mut self, report: &mut Report) {
        tidy_line(&mut self.q);
        report.length("q", &self.q, 0, SEARCH_MAX);
    }
}

/// The query of the list of requests.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestsQuery {
    /// Which side.
    #[serde(default)]
    pub direction: Direction,
    /// Items wanted, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}

endpoint! {
    /// One's own friends, the newest friendship first.
    ListFriends {} = Get "/friends",
    SignedIn, query FriendsQuery, body Nothing => 200 Page<Friend>
}

endpoint! {
    /// Ends a friendship. Nobody is told.
    RemoveFriend { user_id: UserId } = Delete "/friends/{user_id}",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

endpoint! {
    /// Pending requests, newest first.
    ListFriendRequests {} = Get "/friend-requests",
    SignedIn, query RequestsQuery, body Nothing => 200 Page<FriendRequest>
}

endpoint! {
    /// Asks a person. When they have already asked, the two become friends at once: 200 with `accepted`. Who takes no requests answers 403 `requests_not_accepted`.
    CreateFriendRequest {} = Post "/friend-requests",
    SignedIn, query Nothing, body NewFriendRequest => 201 FriendRequest
}

endpoint! {
    /// Accepts a request; by the one who was asked.
    AcceptFriendRequest { request_id: FriendRequestId } = Post "/friend-requests/{request_id}/accept",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

endpoint! {
    /// Declines a request; by the one who was asked. Nobody is told.
    DeclineFriendRequest { request_id: FriendRequestId } = Post "/friend-requests/{request_id}/decline",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

endpoint! {
    /// Takes a request back; by the one who asked. Nobody is told.
    CancelFriendRequest { request_id: FriendRequestId } = Delete "/friend-requests/{request_id}",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}
