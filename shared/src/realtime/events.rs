//! What streams hold. An event carries the whole object as it is when the event is *read*, not as it was when
//! it happened: what was changed or removed since cannot come back through it. To apply one twice, or an older
//! one late, is harmless ([`replica`](super::replica)).

use serde::{Deserialize, Serialize};

use crate::conversations::{Conversation, Message};
use crate::friends::{Friend, FriendRequest};
use crate::ids::{FriendRequestId, NotificationId, UserId};
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
        conversation: Conversation,
    },
}
