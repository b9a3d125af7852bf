//! Messages of one conversation: a run of numbers without a gap.

use crate::conversations::members::GroupLine;
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
    /// What stands between them, the earliest first.
    pub lines: Vec<GroupLine>,
    /// The number that the next message has, when this is the end.
    next: u32,
    /// There are older ones.
    pub more_before: bool,
    /// There are newer ones.
    pub more_after: bool,
}

impl MessageLog {
    /// From the page that was loaded first.
    pub fn new(conversation: ConversationId, page: MessagePage) -> Self {
        let last = page.items.last().map_or(page.last_number, |last| last.number);
        Self {
            conversation,
            items: page.items,
            lines: page.lines,
            next: last.saturating_add(1),
            more_before: page.has_more_before,
            more_after: page.has_more_after,
        }
    }

    /// Puts a page before, after or over what is loaded. One that does not touch it takes its place.
    pub fn merge(&mut self, page: MessagePage) {
        let ends = page.items.first().zip(page.items.last());
        let Some((first, last)) = ends.map(|(first, last)| (first.number, last.number)) else {
            // Nothing there in the direction that was asked for.
            page.lines.into_iter().for_each(|line| self.put(line));
            return;
        };
        let (Some(low), Some(high)) = (self.first(), self.last()) else {
            let earlier = std::mem::take(&mut self.lines);
            *self = Self::new(self.conversation, page);
            earlier.into_iter().for_each(|line| self.put(line));
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
        self.next = last.max(high).saturating_add(1);
        page.lines.into_iter().for_each(|line| self.put(line));
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
            Event::GroupChanged { change } if change.conversation_id == self.conversation => {
                self.put(change.line.clone());
                return true;
            }
            Event::Hidden {
                conversation_id,
                quote: Some(quote),
                ..
            } if *conversation_id == self.conversation => {
                let mut changed = false;
                for shown in self.items.iter_mut().filter_map(|known| known.reply_to.as_mut()) {
                    changed |= shown.become_newer(quote);
                }
                return changed;
            }
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
            | Event::ConversationRemoved { .. }
            | Event::GroupInvitation { .. }
            | Event::GroupInvitationGone { .. } => return false,
        };
        if self.items.iter().any(|known| known.number == message.number) {
            return self.change(message);
        }
        if message.number < self.next {
            return false;
        }
        if message.number == self.next && !self.more_after {
            self.items.push(message.clone());
            self.next = self.next.saturating_add(1);
        } else {
            self.more_after = true;
        }
        true
    }

    /// What stood between messages stands there for good; it comes once, however often it is told. Only people's cards are
    /// as they are when it is read.
    fn put(&mut self, line: GroupLine) {
        match self.lines.binary_search_by_key(&line.seq, |known| known.seq) {
            Ok(place) => {
                self.lines[place].actor.renew(&line.actor);
                self.lines[place].subject.renew(&line.subject);
            }
            Err(place) => self.lines.insert(place, line),
        }
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
