//! Notifications, the latest first.

use crate::notifications::Notification;
use crate::realtime::events::Event;

/// The list, or the beginning of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NotificationList {
    /// In falling order of their `position`.
    pub items: Vec<Notification>,
    /// There are older ones that are not here.
    pub more: bool,
}

impl NotificationList {
    /// Applies an event; false when it was none of this list's.
    pub fn apply(&mut self, event: &Event) -> bool {
        match event {
            Event::Notification { notification } => {
                let end = self.items.last().map_or(0, |last| last.position);
                let len = self.items.len();
                self.items.retain(|known| known.id != notification.id);
                let known = self.items.len() < len;
                // Below the end of what is loaded it would stand beside what is not its neighbour.
                if known || !self.more || notification.position >= end {
                    let place = self
                        .items
                        .partition_point(|known| known.position > notification.position);
                    self.items.insert(place, notification.clone());
                }
            }
            Event::NotificationGone { id } => self.items.retain(|known| known.id != *id),
            Event::NotificationsSeen { up_to } => self.mark(*up_to, |known| known.seen = true),
            // What is read was seen.
            Event::NotificationsRead { up_to } => {
                self.mark(*up_to, |known| (known.seen, known.read) = (true, true));
            }
            Event::MessageCreated { .. }
            | Event::MessageChanged { .. }
            | Event::GroupChanged { .. }
            | Event::Hidden { .. }
            | Event::FriendRequest { .. }
            | Event::FriendRequestGone { .. }
            | Event::FriendAdded { .. }
            | Event::FriendRemoved { .. }
            | Event::ConversationAdded { .. }
            | Event::ConversationRemoved { .. }
            | Event::GroupInvitation { .. }
            | Event::GroupInvitationGone { .. } => return false,
        }
        true
    }

    fn mark(&mut self, up_to: u64, mark: impl Fn(&mut Notification)) {
        let reached = |known: &&mut Notification| known.position <= up_to;
        self.items.iter_mut().filter(reached).for_each(mark);
    }
}
