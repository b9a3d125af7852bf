//! How what happens reaches everybody it is for. The database is the log; the socket carries hints; a client
//! that compares positions can always repair itself.
//!
//! Everything that is live and durable belongs to a [`Stream`] with its own positions 1, 2, 3 … without a gap.
//! [`frames`] says what goes over the socket, [`events`] what a stream holds and how the client applies it,
//! [`catch_up`] how a client follows streams without missing anything, [`link`] when it connects, [`close`] why
//! a socket is closed. The endpoints here answer where the streams stand and what lies after a position.

pub mod catch_up;
pub mod close;
pub mod events;
pub mod frames;
pub mod link;
pub mod replica;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::conversations::ConversationSettings;
use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::{ConversationId, Id, ParseIdError, UserId};
use crate::notifications::Counts;
use events::Event;

/// Path of the socket below [`API_BASE`](crate::endpoint::API_BASE).
pub const SOCKET_PATH: &str = "/ws";
/// The sub-protocol that both sides name.
pub const SUBPROTOCOL: &str = "hearth.v1";
/// Milliseconds between two `ping` frames of a client.
pub const HEARTBEAT_MILLIS: u32 = 25_000;
/// Events of one answer when the caller does not say, and at most.
pub const EVENTS_LIMIT: u32 = 200;

/// A sequence of events with positions 1, 2, 3 …; on the wire `c:<id>` or `u:<id>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stream {
    /// What happens in a conversation, for its members.
    Conversation(ConversationId),
    /// What happens to a person, for their own devices.
    User(UserId),
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conversation(id) => write!(f, "c:{}", id.get()),
            Self::User(id) => write!(f, "u:{}", id.get()),
        }
    }
}

impl FromStr for Stream {
    type Err = ParseIdError;
    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        match text.split_once(':') {
            Some(("c", id)) => id.parse().map(Self::Conversation),
            Some(("u", id)) => id.parse().map(Self::User),
            _ => Err(ParseIdError),
        }
    }
}

impl Serialize for Stream {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Stream {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .or(Err(serde::de::Error::custom("a stream is c:<id> or u:<id>")))
    }
}

/// Where all of a person's streams stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sync {
    /// Which history this is. Another one means that the database was restored: forget everything, read anew.
    pub epoch: String,
    /// Position of the person's own stream.
    pub user_seq: u64,
    /// The counts at that position.
    pub counts: Counts,
    /// Their groups, and their conversations of two in which something was said.
    pub conversations: Vec<ConversationHead>,
}

/// Where a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversationHead {
    /// Which.
    pub id: ConversationId,
    /// Position of its stream.
    pub last_seq: u64,
    /// The number of its newest message.
    pub last_number: u32,
    /// Up to where one has read.
    pub read_number: u32,
    /// Grows when somebody comes, goes or may do something else, and when the group has another name.
    pub membership_version: u64,
    /// What one has set for oneself.
    #[serde(default)]
    pub settings: ConversationSettings,
}

/// After which position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventsQuery {
    /// The last position that was applied; 0 for the beginning.
    #[serde(default)]
    pub after: u64,
    /// Items wanted, 1 to 200; 200 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// An event at its position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Positioned {
    /// The position.
    pub seq: u64,
    /// What happened, with the object as it is now.
    pub event: Event,
}

/// Events that follow one another without a gap, from the position after the one asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventPage {
    /// The events.
    pub items: Vec<Positioned>,
    /// Where the stream stands.
    pub head: u64,
    /// The counts as they are now; with a person's own stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<Counts>,
}

endpoint! {
    /// Where all of one's streams stand. It has an `ETag`: with `If-None-Match` the answer is 304 when nothing has moved.
    GetSync {} = Get "/sync",
    SignedIn, query Nothing, body Nothing => 200 Sync
}

endpoint! {
    /// What happened to oneself after a position.
    ListMyEvents {} = Get "/users/me/events",
    SignedIn, query EventsQuery, body Nothing => 200 EventPage
}

endpoint! {
    /// What happened in a conversation after a position.
    ListConversationEvents { conversation_id: ConversationId } = Get "/conversations/{conversation_id}/events",
    SignedIn, query EventsQuery, body Nothing => 200 EventPage
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_have_one_form_on_the_wire() {
        let stream = Stream::Conversation(ConversationId::new(12));
        assert_eq!(serde_json::to_string(&stream).unwrap(), "\"c:12\"");
        assert_eq!("u:7".parse(), Ok(Stream::User(UserId::new(7))));
        for wrong in ["", "c", "c:", "c:0", "c:01", "x:1", "c:1:2", "C:1"] {
            assert!(wrong.parse::<Stream>().is_err(), "{wrong}");
        }
    }
}
