//! Conversations: those of two people, and [`groups`]. Messages are numbered 1, 2, 3 … in their conversation without a
//! gap, and a read position is such a number: what is unread is counted from the two, never kept.

mod attachments;
pub mod groups;
pub mod members;
mod messages;
mod pins;
mod requests;
mod settings;

use serde::{Deserialize, Serialize};

pub use attachments::{
    ATTACHMENTS_MAX, Attachment, ListMessageMedia, MESSAGE_MEDIA_MAX, MessageMedia, MessageMediaQuery,
};
pub use messages::*;
pub use pins::{ListPins, PINS_MAX, PinMessage, Pins, UnpinMessage};
pub use requests::{
    AcceptRequest, ConversationRequest, DeclineRequest, REQUEST_MESSAGES_MAX, REQUESTS_DAYS, REQUESTS_MAX,
};
pub use settings::{
    ChangeConversationSettings, ConversationSettings, ConversationSettingsPatch, PINNED_CONVERSATIONS_MAX,
};

use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::{ConversationId, ListedId, UserId};
use crate::page::{Page, PageQuery};
use crate::problem::FieldCode;
use crate::time::Timestamp;
use crate::users::UserCard;
use crate::valid::{Report, Validate};
use groups::{Group, Role};

/// In conversations of more people read positions are not shown to others.
pub const READ_POSITIONS_MAX: u32 = 50;

/// What kind of conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConversationKind {
    /// The one of two people.
    Direct,
    /// One of people who have come into it, with a title.
    Group,
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
    /// What the group is.
    #[serde(default)]
    pub group: Option<Group>,
    /// What the viewer may do in the group.
    #[serde(default)]
    pub my_role: Option<Role>,
    /// How many people are in it.
    pub member_count: u32,
    /// Whether the viewer may write now. People who are friends no longer can read what was said.
    pub can_send: bool,
    /// How two who are no friends came to write to each other; `None` between friends, and where nothing can be written.
    #[serde(default)]
    pub request: Option<ConversationRequest>,
    /// Its place in the viewer's list.
    pub listed_id: ListedId,
    /// The first message that is for the viewer: 1, but for those who came later into a group that shows new members
    /// nothing of before.
    pub first_number: u32,
    /// The newest message, when it is for the viewer.
    pub last_message: Option<Message>,
    /// Its number; 0 when there is none.
    pub last_number: u32,
    /// Up to where the viewer has read.
    pub my_read_number: u32,
    /// Messages after that.
    pub unread_count: u32,
    /// Up to where the others have read, in the order of their ids; empty while one cannot write or a request waits for its
    /// answer, and where there are more than [`READ_POSITIONS_MAX`].
    pub read_positions: Vec<ReadPosition>,
    /// Position of the stream `c:<id>` in the same snapshot.
    pub last_seq: u64,
    /// Grows when somebody comes, goes or may do something else, and when the group has another name or picture.
    pub membership_version: u64,
    /// What the viewer has set for themselves.
    #[serde(default)]
    pub settings: ConversationSettings,
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

/// With whom to talk. Groups are made by [`groups::CreateGroup`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewConversation {
    /// `direct`.
    pub kind: ConversationKind,
    /// The other one.
    pub user_id: UserId,
}

impl Validate for NewConversation {
    fn validate(&mut self, report: &mut Report) {
        if self.kind != ConversationKind::Direct {
            report.add("kind", FieldCode::NotOffered, "must be direct");
        }
    }
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
    /// One's own conversations, the latest first: groups, and those of two in which something was said.
    ListConversations {} = Get "/conversations",
    SignedIn, query PageQuery, body Nothing => 200 Page<Conversation>
}

endpoint! {
    /// The one conversation with a friend, or with who takes messages from others; 200 when it was there, an empty one for friends.
    OpenConversation {} = Post "/conversations",
    SignedIn, query Nothing, body NewConversation => 201 Conversation
}

endpoint! {
    /// A conversation that one is in.
    GetConversation { conversation_id: ConversationId } = Get "/conversations/{conversation_id}",
    SignedIn, query Nothing, body Nothing => 200 Conversation
}

endpoint! {
    /// Moves one's own read position forward; a smaller number changes nothing.
    MarkRead { conversation_id: ConversationId } = Put "/conversations/{conversation_id}/read",
    SignedIn, query Nothing, body NewReadPosition => 200 ReadState
}
