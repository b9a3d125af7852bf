//! What is loaded of one conversation, and what is done there.

use hearth_shared::conversations::members::GroupMember;
use hearth_shared::conversations::{Attachment, Message, Pins, Quote};
use hearth_shared::ids::{MediaId, MessageId, UserId};
use hearth_shared::realtime::events::Event;
use hearth_shared::realtime::replica::messages::MessageLog;

use super::asked::AskedOf;
use super::finding::Finding;
use super::outbox::Outbox;
use crate::features::friends::state::Listing;
use crate::platform::api::Failure;
use crate::store::Ptr;

/// What the field is for.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Aim {
    /// Something new.
    #[default]
    New,
    /// An answer.
    Reply(Quote),
    /// Another text for a message that says this. Beside what stands there it may be empty.
    Edit {
        id: MessageId,
        body: String,
        beside: Vec<Attachment>,
    },
}

/// What is loaded of one conversation.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Talk {
    /// None until a page came.
    pub(crate) log: Option<MessageLog>,
    pub(crate) loading: bool,
    pub(crate) failure: Option<Failure>,
    /// What is loaded is not to be believed: the next page takes its place.
    pub(crate) outdated: bool,
    /// One's own messages that are not in the log.
    pub(crate) outbox: Outbox,
    /// What was asked of messages and is not answered.
    pub(crate) asked: AskedOf,
    pub(crate) aim: Aim,
    /// The number of the message that the reader wants to come to, and may not have come to yet.
    pub(crate) wanted: Option<u32>,
    /// The number of a message that is to be brought onto the screen.
    pub(crate) sought: Option<u32>,
    /// What is pinned, once it is read.
    pub(crate) pins: Option<Pins>,
    /// What is looked for here, while somebody does.
    pub(crate) finding: Option<Finding>,
    /// One was in this group and is not any more.
    pub(crate) gone: bool,
    /// Who is in the group, once somebody wanted to see it.
    pub(crate) members: Ptr<Listing<GroupMember>>,
    /// How many of the group are here, while it is on the screen; 0 when that is not known.
    pub(crate) here: u32,
    /// Who is typing, until when: [`clock::elapsed`](crate::platform::clock::elapsed).
    pub(super) typing: Vec<(UserId, u64)>,
}

impl Talk {
    /// The field is for something new again.
    pub(crate) fn aim_at_nothing(&mut self) {
        self.aim = Aim::New;
    }

    /// To change the last message that somebody wrote here.
    pub(crate) fn last_of(&self, me: UserId) -> Option<Aim> {
        let log = self.log.as_ref().filter(|log| !log.more_after)?;
        let mut own = log.items.iter().rev().filter(|message| message.sender.id == me);
        own.find_map(|message| {
            let shown = self.asked.shown(message, me);
            let there = shown.deleted_at.is_none();
            there.then(|| Aim::Edit {
                id: message.id,
                body: shown.body.clone(),
                beside: shown.attachments.clone(),
            })
        })
    }

    /// All that stands beside the message that this stands beside.
    pub(crate) fn beside(&self, id: MediaId) -> &[Attachment] {
        let log = self.log.iter().flat_map(|log| &log.items);
        let sent = log.map(|message| &message.attachments);
        let unsent = self.outbox.items.iter().map(|item| &item.attachments);
        let mut all = sent.chain(unsent);
        all.find(|beside| beside.iter().any(|one| one.id == id))
            .map_or(&[], Vec::as_slice)
    }

    /// Who is typing, in the order in which they began.
    pub(crate) fn typists(&self) -> impl Iterator<Item = UserId> {
        self.typing.iter().map(|(user, _)| *user)
    }

    /// Whether somebody is typing.
    pub(crate) fn is_typing(&self) -> bool {
        !self.typing.is_empty()
    }

    pub(super) fn is_typed_by(&mut self, user: UserId, until: Option<u64>) {
        let known = self.typing.iter().position(|(typist, _)| *typist == user);
        match (known, until) {
            (Some(at), Some(until)) => self.typing[at].1 = until,
            (None, Some(until)) => self.typing.push((user, until)),
            (Some(at), None) => drop(self.typing.remove(at)),
            (None, None) => {}
        }
    }

    /// A message is gone: it can neither be answered nor changed.
    pub(super) fn let_go(&mut self, message: MessageId) {
        self.asked.forget_change(message);
        let gone = match &self.aim {
            Aim::New => false,
            Aim::Reply(quote) => quote.id == message,
            Aim::Edit { id, .. } => *id == message,
        };
        if gone {
            self.aim = Aim::New;
        }
    }

    /// Takes a message. True when the log cannot hold it, and could hold all before.
    pub(super) fn take(&mut self, me: UserId, event: &Event, message: &Message) -> bool {
        self.is_typed_by(message.sender.id, None);
        let mut lost = false;
        if let Some(log) = &mut self.log {
            // Who reads something older goes on reading it.
            let whole = !log.more_after;
            log.apply(event);
            lost = whole && log.more_after;
        }
        self.confirm(me);
        lost
    }

    /// What is in the log is not on its way any more.
    pub(super) fn confirm(&mut self, me: UserId) {
        let Some(log) = &self.log else { return };
        if !self.outbox.items.is_empty() {
            let own = log.items.iter().filter(|message| message.sender.id == me);
            self.outbox.confirm(own);
        }
    }
}
