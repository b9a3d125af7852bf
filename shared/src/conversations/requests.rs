//! Conversations of two who are no friends. What one of them writes first is a request: the other one sees it apart from
//! their conversations and accepts it, by saying so or by answering, or puts it away. Until then neither learns anything of
//! the other.

use serde::{Deserialize, Serialize};

use super::Conversation;
use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::ConversationId;

/// Messages of a request at most.
pub const REQUEST_MESSAGES_MAX: u32 = 3;
/// Requests of one person that nobody has accepted, of those begun in [`REQUESTS_DAYS`], at most.
pub const REQUESTS_MAX: i64 = 20;
/// See [`REQUESTS_MAX`].
pub const REQUESTS_DAYS: i64 = 30;

/// How two who are no friends came to write to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConversationRequest {
    /// The other one asks, and the viewer has not answered. To write is to accept.
    Incoming {
        /// Friends that both have.
        mutual_friend_count: u32,
    },
    /// The viewer asks: [`REQUEST_MESSAGES_MAX`] messages, of text alone.
    Outgoing,
    /// It was accepted: both write as friends do.
    Accepted,
}

impl ConversationRequest {
    /// Whether it waits for an answer.
    pub fn is_open(self) -> bool {
        self != Self::Accepted
    }
}

impl Conversation {
    /// Messages that the viewer may still write before the other one has answered; `None` where nothing of this kind limits
    /// them.
    pub fn request_left(&self) -> Option<u32> {
        let asks = self.request == Some(ConversationRequest::Outgoing);
        asks.then(|| REQUEST_MESSAGES_MAX.saturating_sub(self.last_number))
    }

    /// Whether a request of the two waits for an answer.
    pub fn is_unanswered(&self) -> bool {
        self.request.is_some_and(ConversationRequest::is_open)
    }
}

endpoint! {
    /// Accepts a request to write: from now on it is a conversation like any other. One that was accepted is answered as it is.
    AcceptRequest { conversation_id: ConversationId } = Post "/conversations/{conversation_id}/accept",
    SignedIn, query Nothing, body Nothing => 200 Conversation
}

endpoint! {
    /// Puts a request to write away. Who asked is told nothing, and what else they write in it is not shown.
    DeclineRequest { conversation_id: ConversationId } = Post "/conversations/{conversation_id}/decline",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}
