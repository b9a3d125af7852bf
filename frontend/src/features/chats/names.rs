//! What a conversation is called, and who is meant where only an id is known.

use hearth_shared::conversations::{Conversation, ReadPosition};
use hearth_shared::ids::UserId;
use hearth_shared::users::UserCard;

use super::state::Talk;
use crate::text::{chats as words, groups};
use crate::ui::avatar::current;

/// How one speaks of a conversation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Called {
    /// The name of the other one, or of the group.
    pub(super) name: String,
    group: bool,
}

impl Called {
    /// None for one that cannot be shown.
    pub(super) fn of(known: &Conversation) -> Option<Self> {
        let (name, group) = match (&known.other, &known.group) {
            (Some(other), _) => (current(other).display_name, false),
            (None, Some(group)) => (group.title.clone(), true),
            (None, None) => return None,
        };
        Some(Self { name, group })
    }

    /// The log of messages.
    pub(super) fn messages(&self) -> String {
        if self.group {
            groups::messages_in(&self.name)
        } else {
            words::messages_with(&self.name)
        }
    }

    /// The field.
    pub(super) fn field(&self) -> String {
        if self.group {
            groups::message_to(&self.name)
        } else {
            words::message_to(&self.name)
        }
    }

    /// Above the first message.
    pub(super) fn beginning(&self, first_number: u32) -> String {
        match (self.group, first_number) {
            (_, 2..) => groups::JOINED_HERE.to_owned(),
            (true, _) => groups::beginning(&self.name),
            (false, _) => words::beginning(&self.name),
        }
    }

    /// In place of the field.
    pub(super) fn off(&self) -> String {
        if self.group {
            groups::CANNOT_SEND.to_owned()
        } else {
            words::cannot_send(&self.name)
        }
    }
}

/// The name of somebody in a conversation, where it has been met there.
pub(super) fn name_of(known: &Conversation, talk: &Talk, user: UserId) -> Option<String> {
    let members = talk.members.items.iter().map(|member| &member.user);
    let log = talk.log.iter();
    let senders = log.clone().flat_map(|log| &log.items).map(|said| &said.sender);
    let lines = log.flat_map(|log| &log.lines);
    let lines = lines.flat_map(|line| [&line.actor, &line.subject]);
    let last = known.last_message.iter().map(|last| &last.sender);
    let mut all = known
        .other
        .iter()
        .chain(members)
        .chain(senders)
        .chain(lines)
        .chain(last);
    all.find(|card: &&UserCard| card.id == user)
        .map(|card| current(card).display_name)
}

/// "Ana is typing…"; nothing when nobody does.
pub(super) fn typing(known: &Conversation, talk: &Talk) -> Option<String> {
    let names: Vec<Option<String>> = talk.typists().map(|user| name_of(known, talk, user)).collect();
    groups::typing(&names)
}

/// Who of a group has read up to a message.
pub(super) fn seen(known: &Conversation, talk: &Talk, readers: &[&ReadPosition]) -> String {
    let name = match readers {
        [one] => name_of(known, talk, one.user_id),
        _ => None,
    };
    groups::seen_by(name.as_deref(), readers.len())
}
