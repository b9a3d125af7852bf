//! Messages of one conversation: a run of numbers without a gap.

use crate::conversations::{Message, MessagePage};
use crate::ids::ConversationId;
use crate::realtime::events::Event;

/// What is loaded of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageLog {
    /// Which conversation.
    pub conversation: ConversationId,
    /// The oldest first; the numbers follow one another.
    pub items: Vec<Message>,
    /// There are older ones.
    pub more_before: bool,
    /// There are newer ones.
    pub more_after: bool,
}

impl MessageLog {
    /// From the page that was loaded first.
    pub fn new(conversation: ConversationId, page: MessagePage) -> Self {
        Self {
            conversation,
            items: page.items,
            more_before: page.has_more_before,
            more_after: page.has_more_after,
        }
    }

    /// Puts a page before, after or over what is loaded. One that does not touch it takes its place.
    pub fn merge(&mut self, page: MessagePage) {
        let (Some(first), Some(last)) = (page.items.first(), page.items.last()) else {
            // Nothing there in the direction that was asked for.
            return;
        };
        let (first, last) = (first.number, last.number);
        let (Some(low), Some(high)) = (self.first(), self.last()) else {
            *self = Self::new(self.conversation, page);
            return;
        };
        if first > high.saturating_add(1) || last.saturating_add(1) < low {
            *self = Self::new(self.conversation, page);
            return;
        }
        self.items
            .retain(|known| known.number < first || known.number > last);
        let place = self.items.partition_point(|known| known.number < first);
        self.items.splice(place..place, page.items);
        if first <= low {
            self.more_before = page.has_more_before;
        }
        if last >= high {
            self.more_after = page.has_more_after;
        }
    }

    /// Applies an event; false when it changed nothing here.
    pub fn apply(&mut self, event: &Event) -> bool {
        let message = match event {
            Event::MessageCreated { message } if message.conversation_id == self.conversation => message,
            Event::MessageChanged { message } if message.conversation_id == self.conversation => {
                return self.change(message);
            }
            Event::MessageCreated { .. }
            | Event::MessageChanged { .. }
            | Event::FriendRequest { .. }
            | Event::FriendRequestGone { .. }
            | Event::FriendAdded { .. }
            | Event::FriendRemoved { .. }
            | Event::Notification { .. }
            | Event::NotificationGone { .. }
            | Event::NotificationsSeen { .. }
            | Event::NotificationsRead { .. }
            | Event::ConversationAdded { .. } => return false,
        };
        let next = self.last().map_or(1, |last| last.saturating_add(1));
        if self.items.iter().any(|known| known.number == message.number) {
            return self.change(message);
        }
        if message.number < next {
            return false;
        }
        if message.number == next && !self.more_after {
            self.items.push(message.clone());
        } else {
            self.more_after = true;
        }
        true
    }

    /// A message as it is now, and what quotes it. False when neither is loaded. What is known from a later position
    /// stays.
    fn change(&mut self, message: &Message) -> bool {
        let mut changed = false;
        for known in &mut self.items {
            if known.id == message.id {
                known.renew(message);
                changed = true;
            } else if let Some(quote) = &mut known.reply_to {
                changed |= quote.renew(message);
            }
        }
        changed
    }

    /// The number of the first message that is loaded.
    pub fn first(&self) -> Option<u32> {
        self.items.first().map(|message| message.number)
    }

    /// The number of the last message that is loaded.
    pub fn last(&self) -> Option<u32> {
        self.items.last().map(|message| message.number)
    }
}
