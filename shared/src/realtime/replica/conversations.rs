//! The list of conversations, and what is unread in all of them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::conversations::groups::Role;
use crate::conversations::members::LineKind;
use crate::conversations::{
    Conversation, ConversationKind, ConversationSettings, Message, READ_POSITIONS_MAX, ReadPosition,
};
use crate::ids::{ConversationId, Id, ListedId, UserId};
use crate::realtime::Sync;
use crate::realtime::events::{Event, GroupChange};
use crate::realtime::frames::Read;

/// The newest message, one's own read position and what one has set: what is unread is the difference of the first two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Numbers {
    /// The number of the newest message.
    pub last: u32,
    /// Up to where one has read.
    pub read: u32,
    /// What one has set for oneself.
    pub settings: ConversationSettings,
}

/// The list, or the beginning of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConversationList {
    /// The pinned ones first, of each the latest.
    pub items: Vec<Conversation>,
    /// There are older ones that are not here.
    pub more: bool,
    /// The numbers of all, in the list or not.
    pub numbers: BTreeMap<ConversationId, Numbers>,
    /// What is remembered besides.
    beside: Beside,
}

/// What is no part of what a list shows: two that show the same are equal.
#[derive(Debug, Clone, Eq, Default)]
struct Beside {
    /// Those that one has gone from. What was asked before, and is answered after that, must not bring numbers back.
    left: BTreeSet<ConversationId>,
    /// How far the other one of two has read where nothing is shown of that. It comes with the conversation once it may be
    /// seen, but as it was when that was read.
    ahead: BTreeMap<ConversationId, ReadPosition>,
}

impl PartialEq for Beside {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl ConversationList {
    /// A conversation of the list.
    pub fn find(&self, id: ConversationId) -> Option<&Conversation> {
        self.items.iter().find(|known| known.id == id)
    }

    fn find_mut(&mut self, id: ConversationId) -> Option<&mut Conversation> {
        self.items.iter_mut().find(|known| known.id == id)
    }

    /// How many conversations have unread messages and are neither muted nor put away.
    pub fn unread(&self) -> u32 {
        let unread = self
            .numbers
            .values()
            .filter(|numbers| numbers.settings.asks(numbers.last, numbers.read));
        u32::try_from(unread.count()).unwrap_or(u32::MAX)
    }

    /// Puts a conversation that was read or came with an event into its place. What is known of it from a later
    /// position stays.
    pub fn put(&mut self, mut conversation: Conversation) {
        let numbers = self.learn(
            conversation.id,
            conversation.last_number,
            conversation.my_read_number,
        );
        // It may have been read further, or set otherwise, elsewhere, while it was on its way.
        conversation.my_read_number = numbers.read;
        conversation.settings = self.set(conversation.id, conversation.settings);
        if let Some(ahead) = self.beside.ahead.get(&conversation.id) {
            keep_further(&mut conversation.read_positions, std::slice::from_ref(ahead));
        }
        count(&mut conversation);
        match self.items.iter().position(|known| known.id == conversation.id) {
            Some(at) => {
                let known = self.items.remove(at);
                self.insert(newer(known, conversation));
            }
            None => self.insert(conversation),
        }
    }

    /// Learns the numbers of all.
    pub fn on_sync(&mut self, sync: &Sync) {
        for head in &sync.conversations {
            if self.beside.left.contains(&head.id) {
                continue;
            }
            self.learn(head.id, head.last_number, head.read_number);
            let settings = self.set(head.id, head.settings);
            if let Some(known) = self.find_mut(head.id) {
                known.settings = settings;
                known.my_read_number = known.my_read_number.max(head.read_number);
                count(known);
            }
        }
        // Some may be pinned now that were not.
        self.items.sort_by_key(|known| Reverse(place(known)));
    }

    /// Applies an event; false when it was none of this list's.
    pub fn apply(&mut self, me: UserId, event: &Event) -> bool {
        match event {
            Event::MessageCreated { message } => self.message(me, message),
            Event::MessageChanged { message } => self.change(message),
            Event::GroupChanged { change } => self.change_group(me, change),
            Event::Hidden {
                conversation_id,
                seq,
                quote,
            } => {
                if let Some(known) = self.find_mut(*conversation_id) {
                    known.last_seq = known.last_seq.max(*seq);
                    let last = known.last_message.as_mut();
                    let shown = last.and_then(|last| last.reply_to.as_mut());
                    if let (Some(shown), Some(quote)) = (shown, quote) {
                        shown.become_newer(quote);
                    }
                }
            }
            Event::ConversationAdded { conversation } => {
                self.beside.left.remove(&conversation.id);
                self.put(Conversation::clone(conversation));
            }
            Event::ConversationRemoved { id } => {
                self.items.retain(|known| known.id != *id);
                self.numbers.remove(id);
                self.beside.left.insert(*id);
            }
            Event::FriendAdded { friend } => self.allow(friend.user.id, true),
            Event::FriendRemoved { user_id } => self.allow(*user_id, false),
            Event::FriendRequest { request } => self.are_no_friends(super::friends::other_of(me, request)),
            Event::FriendRequestGone { user_id, .. } => self.are_no_friends(*user_id),
            Event::Notification { .. }
            | Event::NotificationGone { .. }
            | Event::NotificationsSeen { .. }
            | Event::NotificationsRead { .. }
            | Event::GroupInvitation { .. }
            | Event::GroupInvitationGone { .. } => return false,
        }
        true
    }

    /// Applies a read position, one's own or another's.
    pub fn read(&mut self, me: UserId, read: &Read) {
        if read.user_id == me {
            let last = self.numbers.get(&read.conversation_id).map_or(0, |n| n.last);
            self.learn(read.conversation_id, last, read.number);
        }
        let Some(known) = (self.items.iter_mut()).find(|known| known.id == read.conversation_id) else {
            return;
        };
        if read.user_id == me {
            known.my_read_number = known.my_read_number.max(read.number);
            count(known);
        } else {
            let position = ReadPosition {
                user_id: read.user_id,
                number: read.number,
                at: Some(read.at),
            };
            self.beside.move_reader(known, position);
        }
    }

    fn message(&mut self, me: UserId, message: &Message) {
        let id = message.conversation_id;
        let read = if message.sender.id == me {
            message.number
        } else {
            0
        };
        self.learn(id, message.number, read);
        let Some(at) = self.items.iter().position(|known| known.id == id) else {
            return;
        };
        let mut known = self.items.remove(at);
        if message.number >= known.last_number {
            known.last_number = message.number;
            match known.last_message.as_mut().filter(|last| last.id == message.id) {
                Some(last) => last.renew(message),
                None => known.last_message = Some(message.clone()),
            }
        }
        known.last_seq = known.last_seq.max(message.seq);
        known.listed_id = known.listed_id.max(ListedId::new(message.id.get()));
        // To send is to have read.
        known.my_read_number = known.my_read_number.max(read);
        if message.sender.id != me {
            let position = ReadPosition {
                user_id: message.sender.id,
                number: message.number,
                at: Some(message.created_at),
            };
            self.beside.move_reader(&mut known, position);
        }
        count(&mut known);
        self.insert(known);
    }

    /// The newest message as it is now, or what it quotes.
    fn change(&mut self, message: &Message) {
        let Some(known) = self.find_mut(message.conversation_id) else {
            return;
        };
        known.last_seq = known.last_seq.max(message.seq);
        if let Some(last) = &mut known.last_message {
            if last.id == message.id {
                last.renew(message);
            } else if let Some(quote) = &mut last.reply_to {
                quote.renew(message);
            }
        }
    }

    /// Somebody came or went, and what the group is now.
    fn change_group(&mut self, me: UserId, change: &GroupChange) {
        let Some(known) = self.find_mut(change.conversation_id) else {
            return;
        };
        // The object is as it was when it was read, which is not before its position.
        known.last_seq = known.last_seq.max(change.line.seq);
        // One that waited for those before it was read before them.
        let newest = known.membership_version <= change.membership_version;
        if newest {
            known.membership_version = change.membership_version;
            known.member_count = change.member_count;
            known.group = Some(change.group.clone());
        }
        let line = &change.line;
        if line.subject.id == me {
            // The last of them counts: what one may do changes with none but these, and the next.
            known.my_role = change.role;
            return;
        }
        // Whoever gives the group to somebody is an administrator then; no other line tells that.
        let given = line.kind == LineKind::RoleChanged && line.role == Some(Role::Owner);
        if given && line.actor.id == me && known.my_role == Some(Role::Owner) {
            known.my_role = Some(Role::Admin);
        }
        place_reader(known, change, newest);
    }

    /// Friends can write to each other, others cannot.
    fn allow(&mut self, user: UserId, allowed: bool) {
        let of_user = |known: &&mut Conversation| known.other.as_ref().is_some_and(|other| other.id == user);
        for known in self.items.iter_mut().filter(of_user) {
            known.can_send = allowed;
            known.request = None;
            // That they are friends again comes with the conversation as it is then.
            if !allowed {
                known.read_positions.clear();
            }
        }
    }

    /// Perhaps they were. Who has come to write to each other without being friends goes on.
    fn are_no_friends(&mut self, user: UserId) {
        let of_user = |known: &&Conversation| known.other.as_ref().is_some_and(|other| other.id == user);
        if self
            .items
            .iter()
            .filter(of_user)
            .any(|known| known.request.is_none())
        {
            self.allow(user, false);
        }
    }

    /// Of what was set the later version counts. Gives what is known now.
    fn set(&mut self, id: ConversationId, settings: ConversationSettings) -> ConversationSettings {
        let known = self.numbers.entry(id).or_default();
        known.settings.renew(settings);
        known.settings
    }

    /// Numbers only grow. Gives what is known now.
    fn learn(&mut self, id: ConversationId, last: u32, read: u32) -> Numbers {
        let known = self.numbers.entry(id).or_default();
        known.last = known.last.max(last);
        known.read = known.read.max(read);
        *known
    }

    fn insert(&mut self, conversation: Conversation) {
        let place = self
            .items
            .partition_point(|known| place(known) > place(&conversation));
        self.items.insert(place, conversation);
    }
}

impl Beside {
    /// Somebody else has read further.
    fn move_reader(&mut self, known: &mut Conversation, position: ReadPosition) {
        let further = std::slice::from_ref(&position);
        if known.kind == ConversationKind::Group || !known.read_positions.is_empty() {
            keep_further(&mut known.read_positions, further);
        } else {
            let ahead = self.ahead.entry(known.id).or_insert(position);
            keep_further(std::slice::from_mut(ahead), further);
        }
    }
}

/// Of two conversations the one with the greater stands above.
fn place(known: &Conversation) -> (bool, ListedId, ConversationId) {
    (known.settings.pinned, known.listed_id, known.id)
}

/// Who has come into a group has read what was said before; who has gone has no position. In a group that has shrunk to
/// [`READ_POSITIONS_MAX`] again they are missing until the conversation is read anew.
fn place_reader(conversation: &mut Conversation, change: &GroupChange, newest: bool) {
    if conversation.member_count > READ_POSITIONS_MAX {
        conversation.read_positions.clear();
        return;
    }
    let (line, positions) = (&change.line, &mut conversation.read_positions);
    let at = positions.binary_search_by_key(&line.subject.id, |position| position.user_id);
    let joined = ReadPosition {
        user_id: line.subject.id,
        number: line.after_number,
        at: Some(line.created_at),
    };
    match (at, change.role) {
        // Who has read something since has come again since.
        (Ok(at), None) if newest || positions[at].at <= Some(line.created_at) => {
            positions.remove(at);
        }
        (Ok(at), Some(_)) if line.kind == LineKind::Joined && positions[at].number <= joined.number => {
            positions[at] = joined;
        }
        (Err(at), Some(_)) if line.kind == LineKind::Joined => positions.insert(at, joined),
        _ => {}
    }
}

/// Of two versions the one of the later position, with the read positions that are further. What follows from
/// the friendship of the two is not in that stream: there the one that was read counts.
fn newer(mut known: Conversation, mut read: Conversation) -> Conversation {
    let my_read_number = known.my_read_number.max(read.my_read_number);
    let settings = read.settings;
    // What was answered is not asked again: that was read before.
    if read.is_unanswered() && !known.is_unanswered() && known.last_number > 0 && !settings.request {
        read.request = known.request;
        read.can_send = known.can_send;
        read.read_positions.clone_from(&known.read_positions);
    }
    let mut newer = if read.last_seq >= known.last_seq {
        keep_further(&mut read.read_positions, &known.read_positions);
        read
    } else if read.kind == ConversationKind::Group {
        // Who is in a group is in that stream: whoever came since has a position, whoever went has none.
        keep_further(&mut known.read_positions, &read.read_positions);
        known
    } else {
        keep_further(&mut read.read_positions, &known.read_positions);
        Conversation {
            can_send: read.can_send,
            request: read.request,
            read_positions: read.read_positions,
            // One that was opened begins with its first message.
            created_at: known.created_at.max(read.created_at),
            ..known
        }
    };
    newer.my_read_number = my_read_number;
    // It has been compared with what is known already.
    newer.settings = settings;
    count(&mut newer);
    newer
}

/// Nobody goes back to where they were in another version.
fn keep_further(positions: &mut [ReadPosition], others: &[ReadPosition]) {
    for position in positions {
        let mut others = others.iter();
        let other = others.find(|other| other.user_id == position.user_id);
        if let Some(other) = other.filter(|other| other.number > position.number) {
            *position = *other;
        }
    }
}

/// What follows from the number of the newest message.
fn count(conversation: &mut Conversation) {
    if conversation.request_left() == Some(0) {
        conversation.can_send = false;
    }
    conversation.unread_count = conversation
        .last_number
        .saturating_sub(conversation.my_read_number);
}
