//! The client's copy of what streams feed, and how events change it. The web client keeps these pieces in its
//! stores, the tests compare them with what the server answers: state before + events = state fetched after.
//!
//! To apply an event twice, or one that a later read already contains, changes nothing for good: each is an
//! upsert of a whole object, and the positions after it follow. There is no wildcard in the matches on
//! [`Event`]: a new kind does not compile until every piece has said what it does with it.

mod cards;
pub mod conversations;
pub mod friends;
pub mod invitations;
pub mod messages;
pub mod notifications;

use std::collections::BTreeMap;

use super::events::Event;
use super::frames::Read;
use crate::ids::{ConversationId, UserId};
use crate::notifications::Counts;
use crate::users::UserCard;
use conversations::ConversationList;
use friends::FriendLists;
use invitations::InvitationList;
use messages::MessageLog;
use notifications::NotificationList;

/// Everything that streams feed, of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replica {
    /// Whose.
    pub me: UserId,
    /// Friends and requests.
    pub friends: FriendLists,
    /// What they were told of.
    pub notifications: NotificationList,
    /// Their conversations.
    pub conversations: ConversationList,
    /// The groups that they are invited to.
    pub invitations: InvitationList,
    /// Messages of the conversations that were opened.
    pub logs: BTreeMap<ConversationId, MessageLog>,
    /// The counts.
    pub counts: Counts,
}

impl Replica {
    /// Empty.
    pub fn new(me: UserId) -> Self {
        Self {
            me,
            friends: FriendLists::default(),
            notifications: NotificationList::default(),
            conversations: ConversationList::default(),
            invitations: InvitationList::default(),
            logs: BTreeMap::new(),
            counts: Counts::default(),
        }
    }

    /// Applies an event.
    pub fn apply(&mut self, event: &Event, counts: Option<Counts>) {
        self.friends.apply(self.me, event);
        self.notifications.apply(event);
        self.conversations.apply(self.me, event);
        self.invitations.apply(event);
        if let Event::ConversationRemoved { id } = event {
            self.logs.remove(id);
        }
        for log in self.logs.values_mut() {
            log.apply(event);
        }
        self.counts = counts.unwrap_or(self.counts);
    }

    /// Takes in that somebody has another name or picture.
    pub fn renew(&mut self, card: &UserCard) {
        self.friends.renew(card);
        self.notifications.renew(card);
        self.conversations.renew(card);
        self.invitations.renew(card);
        self.logs.values_mut().for_each(|log| log.renew(card));
    }

    /// Applies a read position.
    pub fn read(&mut self, read: &Read) {
        self.conversations.read(self.me, read);
    }
}

#[cfg(test)]
mod page_tests;
#[cfg(test)]
mod tests;
