//! Conversations: for now those of two friends. Messages are numbered 1, 2, 3 … in their conversation without a
//! gap, and a read position is such a number: what is unread is counted from the two, never kept.

use serde::{Deserialize, Serialize};

use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::{ClientId, ConversationId, MessageId, UserId};
use crate::page::{Page, PageQuery};
use crate::time::Timestamp;
use crate::users::UserCard;
use crate::valid::{Report, Validate, tidy_text};

/// Characters of a message at most.
pub const MESSAGE_MAX: usize = 4_000;
/// In conversations of more people read positions are not shown to others.
pub const READ_POSITIONS_MAX: u32 = 50;

/// What kind of conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConversationKind {
    /// The one of two people.
    Direct,
}

/// A conversation, as one of its members sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Conversation {
    /// Which.
    pub id: ConversationId,
    /// What kind.
    pub kind: ConversationKind,
    /// The other one of the two.
    pub other: Option<UserCard>,
    /// How many people are in it.
    pub member_count: u32,
    /// Whether the viewer may write now. People who are friends no longer can read what was said.
    pub can_send: bool,
    /// The newest message.
    pub last_message: Option<Message>,
    /// Its number; 0 when there is none.
    pub last_number: u32,
    /// Up to where the viewer has read.
    pub my_read_number: u32,
    /// Messages after that.
    pub unread_count: u32,
    /// Up to where the others have read, in the order of their ids; empty while one cannot write.
    pub read_positions: Vec<ReadPosition>,
    /// Position of the stream `c:<id>` in the same snapshot.
    pub last_seq: u64,
    /// Grows when somebody comes or goes.
    pub membership_version: u64,
    /// When it was begun.
    pub created_at: Timestamp,
}

/// Up to where somebody has read. It only moves forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReadPosition {
    /// Who.
    pub user_id: UserId,
    /// The number of the last message they have read; 0 when none.
    pub number: u32,
    /// When they came there.
    pub at: Option<Timestamp>,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// Which.
    pub id: MessageId,
    /// In which conversation.
    pub conversation_id: ConversationId,
    /// Its number there: 1, 2, 3 …
    pub number: u32,
    /// The position in the conversation's stream at which it was sent.
    pub seq: u64,
    /// The id that its sender's client gave it.
    pub client_id: ClientId,
    /// Who wrote it.
    pub sender: UserCard,
    /// The text.
    pub body: String,
    /// When it was sent.
    pub created_at: Timestamp,
}

/// With whom to talk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewConversation {
    /// What kind.
    pub kind: ConversationKind,
    /// The friend.
    pub user_id: UserId,
}

impl Validate for NewConversation {
    fn validate(&mut self, _report: &mut Report) {}
}

/// A message to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewMessage {
    /// Made by the client; the same one again sends nothing new.
    pub client_id: ClientId,
    /// 1 to 4,000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 4_000))]
    pub body: String,
}

impl Validate for NewMessage {
    fn validate(&mut self, report: &mut Report) {
        tidy_text(&mut self.body);
        report.length("body", &self.body, 1, MESSAGE_MAX);
        report.printable("body", &self.body, true);
    }
}

/// Which messages. At most one of the three numbers counts, in this order; without one it is the newest page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessagesQuery {
    /// Those before this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u32>,
    /// Those after this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u32>,
    /// Those on both sides of this number, and itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub around: Option<u32>,
    /// Items wanted, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Some messages that follow one another, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessagePage {
    /// The messages.
    pub items: Vec<Message>,
    /// Whether there are older ones.
    pub has_more_before: bool,
    /// Whether there are newer ones.
    pub has_more_after: bool,
    /// Position of the conversation's stream in the same snapshot.
    pub seq: u64,
}

/// Up to where the caller has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewReadPosition {
    /// The number of the last message that was read.
    pub number: u32,
}

impl Validate for NewReadPosition {
    fn validate(&mut self, _report: &mut Report) {}
}

/// What is read and what is not, after a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReadState {
    /// Up to where the caller has read.
    pub my_read_number: u32,
    /// Messages after that.
    pub unread_count: u32,
}

endpoint! {
    /// One's own conversations in which something was said, the latest first.
    ListConversations {} = Get "/conversations",
    SignedIn, query PageQuery, body Nothing => 200 Page<Conversation>
}

endpoint! {
    /// The one conversation with a friend; 201 when it did not exist, 200 when it did.
    OpenConversation {} = Post "/conversations",
    SignedIn, query Nothing, body NewConversation => 201 Conversation
}

endpoint! {
    /// A conversation that one is in.
    GetConversation { conversation_id: ConversationId } = Get "/conversations/{conversation_id}",
    SignedIn, query Nothing, body Nothing => 200 Conversation
}

endpoint! {
    /// Messages of a conversation by number, the oldest first; without a number the newest page.
    ListMessages { conversation_id: ConversationId } = Get "/conversations/{conversation_id}/messages",
    SignedIn, query MessagesQuery, body Nothing => 200 MessagePage
}

endpoint! {
    /// Sends a message. The same `client_id` again answers 200 with that message.
    SendMessage { conversation_id: ConversationId } = Post "/conversations/{conversation_id}/messages",
    SignedIn, query Nothing, body NewMessage => 201 Message
}

endpoint! {
    /// Moves one's own read position forward; a smaller number changes nothing.
    MarkRead { conversation_id: ConversationId } = Put "/conversations/{conversation_id}/read",
    SignedIn, query Nothing, body NewReadPosition => 200 ReadState
}
