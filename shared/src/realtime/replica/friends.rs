//! Friends and requests. Between two people there is one thing at most: nothing, a request, a friendship. So
//! every event about a person says all that there is, and the rest goes.

use crate::friends::{Friend, FriendRequest};
use crate::ids::UserId;
use crate::realtime::events::Event;

/// Friends, the newest first, and requests of both directions, the newest first. Each may be the beginning of a
/// longer list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FriendLists {
    /// Friends.
    pub friends: Vec<Friend>,
    /// Requests that others sent.
    pub incoming: Vec<FriendRequest>,
    /// Requests that the person sent.
    pub outgoing: Vec<FriendRequest>,
}

impl FriendLists {
    /// Applies an event.
    pub fn apply(&mut self, me: UserId, event: &Event) {
        apply(
            me,
            event,
            &mut self.friends,
            &mut self.incoming,
            &mut self.outgoing,
        );
    }
}

/// The other person of a request.
pub fn other_of(me: UserId, request: &FriendRequest) -> UserId {
    if request.from.id == me {
        request.to.id
    } else {
        request.from.id
    }
}

/// Applies an event to lists that somebody else holds. Gives the person whose relation is another now.
pub fn apply(
    me: UserId,
    event: &Event,
    friends: &mut Vec<Friend>,
    incoming: &mut Vec<FriendRequest>,
    outgoing: &mut Vec<FriendRequest>,
) -> Option<UserId> {
    let other = match event {
        Event::FriendRequest { request } => other_of(me, request),
        Event::FriendAdded { friend } => friend.user.id,
        Event::FriendRequestGone { user_id, .. } | Event::FriendRemoved { user_id } => *user_id,
        Event::MessageCreated { .. }
        | Event::MessageChanged { .. }
        | Event::GroupChanged { .. }
        | Event::Hidden { .. }
        | Event::Notification { .. }
        | Event::NotificationGone { .. }
        | Event::NotificationsSeen { .. }
        | Event::NotificationsRead { .. }
        | Event::ConversationAdded { .. }
        | Event::ConversationRemoved { .. }
        | Event::GroupInvitation { .. }
        | Event::GroupInvitationGone { .. } => return None,
    };
    friends.retain(|friend| friend.user.id != other);
    incoming.retain(|request| other_of(me, request) != other);
    outgoing.retain(|request| other_of(me, request) != other);
    match event {
        Event::FriendAdded { friend } => {
            let key = |friend: &Friend| (friend.since, friend.user.id);
            let place = friends.partition_point(|known| key(known) > key(friend));
            friends.insert(place, friend.clone());
        }
        Event::FriendRequest { request } => {
            let list = if request.from.id == me { outgoing } else { incoming };
            let place = list.partition_point(|known| known.id > request.id);
            list.insert(place, request.clone());
        }
        _ => {}
    }
    Some(other)
}
