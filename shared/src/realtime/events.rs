//! What streams hold. An event carries the whole object as it is when the event is *read*, not as it was when
//! it happened: what was changed or removed since cannot come back through it. To apply one twice, or an older
//! one late, is harmless ([`replica`](super::replica)).

use serde::{Deserialize, Serialize};

use crate::conversations::groups::{Group, Role};
use crate::conversations::members::{GroupInvitation, GroupLine};
use crate::conversations::{Conversation, Message, Quote};
use crate::friends::{Friend, FriendRequest};
use crate::ids::{ConversationId, FriendRequestId, NotificationId, UserId};
use crate::notifications::Notification;

/// What happened. On the wire `{"<kind>": {…}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, strum::VariantNames)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Event {
    /// `c:` a message was sent.
    MessageCreated {
        /// It.
        message: Message,
    },
    /// `c:` a message says something else now, was removed, or somebody felt something about it.
    MessageChanged {
        /// It.
        message: Message,
    },
    /// `c:` somebody came, went or may do something else, or the group has another name or picture.
    GroupChanged {
        /// It.
        change: GroupChange,
    },
    /// `c:` something happened to what was said before one came. What it was is not told.
    Hidden {
        /// Where.
        conversation_id: ConversationId,
        /// At which position.
        seq: u64,
        /// What an answer to it quotes, when that answer is there to see.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quote: Option<Quote>,
    },
    /// `u:` there is a request for friendship between two people, and that is all there is between them.
    FriendRequest {
        /// It.
        request: FriendRequest,
    },
    /// `u:` a request was declined or taken back: there is nothing between the two.
    FriendRequestGone {
        /// Which.
        id: FriendRequestId,
        /// The other person.
        user_id: UserId,
    },
    /// `u:` two people are friends; a request between them is answered.
    FriendAdded {
        /// The other person.
        friend: Friend,
    },
    /// `u:` a friendship has ended: there is nothing between the two.
    FriendRemoved {
        /// The other person.
        user_id: UserId,
    },
    /// `u:` one is told of something, or something that one was told of has changed.
    Notification {
        /// It.
        notification: Notification,
    },
    /// `u:` what one was told of has been undone.
    NotificationGone {
        /// Which.
        id: NotificationId,
    },
    /// `u:` notifications were seen on another device.
    NotificationsSeen {
        /// All up to this `position`.
        up_to: u64,
    },
    /// `u:` notifications were read on another device.
    NotificationsRead {
        /// All up to this `position`.
        up_to: u64,
    },
    /// `u:` a conversation has come into one's list.
    ConversationAdded {
        /// It.
        conversation: Box<Conversation>,
    },
    /// `u:` one is no longer in a conversation, or it has ended.
    ConversationRemoved {
        /// Which.
        id: ConversationId,
    },
    /// `u:` one is invited to a group.
    GroupInvitation {
        /// By whom, to what.
        invitation: GroupInvitation,
    },
    /// `u:` one is invited to a group no longer: it was answered or taken back.
    GroupInvitationGone {
        /// To which.
        conversation_id: ConversationId,
    },
}

/// [`Event::GroupChanged`]: what happened, and how the group is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupChange {
    /// Where.
    pub conversation_id: ConversationId,
    /// What happened.
    pub line: GroupLine,
    /// What the line's subject may do now; `None`: they are not in the group.
    pub role: Option<Role>,
    /// What the group is now.
    pub group: Group,
    /// How many are in it now.
    pub member_count: u32,
    /// The version of that.
    pub membership_version: u64,
}
