//! The groups that somebody is invited to and has not answered.

use crate::conversations::members::GroupInvitation;
use crate::realtime::events::Event;

/// Invitations, the latest first. Perhaps the beginning of a longer list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InvitationList {
    /// One for each group.
    pub items: Vec<GroupInvitation>,
}

impl InvitationList {
    /// Applies an event; false when it was none of this list's.
    pub fn apply(&mut self, event: &Event) -> bool {
        let group = match event {
            Event::GroupInvitation { invitation } => invitation.group.id,
            Event::GroupInvitationGone { conversation_id } => *conversation_id,
            Event::MessageCreated { .. }
            | Event::MessageChanged { .. }
            | Event::GroupChanged { .. }
            | Event::Hidden { .. }
            | Event::FriendRequest { .. }
            | Event::FriendRequestGone { .. }
            | Event::FriendAdded { .. }
            | Event::FriendRemoved { .. }
            | Event::Notification { .. }
            | Event::NotificationGone { .. }
            | Event::NotificationsSeen { .. }
            | Event::NotificationsRead { .. }
            | Event::ConversationAdded { .. }
            | Event::ConversationRemoved { .. } => return false,
        };
        self.items.retain(|known| known.group.id != group);
        if let Event::GroupInvitation { invitation } = event {
            let key = |known: &GroupInvitation| (known.created_at, known.group.id);
            let place = self.items.partition_point(|known| key(known) > key(invitation));
            self.items.insert(place, invitation.clone());
        }
        true
    }
}
