//! Conversations, what is loaded of their messages, and one's own messages that have not arrived.

pub(crate) mod addresses;
pub(crate) mod asked;
pub(crate) mod finding;
pub(crate) mod invitations;
pub(crate) mod members;
pub(crate) mod outbox;
pub(crate) mod rows;

use std::collections::BTreeMap;

use hearth_shared::conversations::members::GroupMember;
use hearth_shared::conversations::{
    Attachment, Conversation, ConversationKind, Message, MessagePage, Pins, Quote,
};
use hearth_shared::ids::{ConversationId, MediaId, MessageId, UserId};
use hearth_shared::page::{Cursor, Page};
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::Sync;
use hearth_shared::realtime::events::{Event, GroupChange};
use hearth_shared::realtime::frames::{Here, Read};
use hearth_shared::realtime::replica::conversations::ConversationList;
use hearth_shared::realtime::replica::messages::MessageLog;

use self::asked::AskedOf;
use self::finding::Finding;
use self::invitations::Invitations;
use self::outbox::Outbox;
use crate::features::friends::state::Listing;
use crate::platform::api::Failure;
use crate::store::Ptr;

/// How far the list has been loaded.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Paging {
    pub(crate) next: Option<Cursor>,
    pub(crate) loading: bool,
    /// Something was loaded at least once.
    pub(crate) known: bool,
    pub(crate) failure: Option<Failure>,
}

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
    typing: Vec<(UserId, u64)>,
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

    fn is_typed_by(&mut self, user: UserId, until: Option<u64>) {
        let known = self.typing.iter().position(|(typist, _)| *typist == user);
        match (known, until) {
            (Some(at), Some(until)) => self.typing[at].1 = until,
            (None, Some(until)) => self.typing.push((user, until)),
            (Some(at), None) => drop(self.typing.remove(at)),
            (None, None) => {}
        }
    }
}

/// All conversations.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Chats {
    pub(crate) list: Ptr<ConversationList>,
    pub(crate) paging: Ptr<Paging>,
    pub(crate) invitations: Ptr<Invitations>,
    /// Messages that were looked for in all of them.
    pub(crate) found: Ptr<Finding>,
    talks: BTreeMap<ConversationId, Ptr<Talk>>,
    /// The one on the screen.
    pub(crate) open: Option<ConversationId>,
    /// The one that one is about to leave.
    pub(crate) leaving: Option<ConversationId>,
    /// How often one came to be in a conversation no more.
    removals: u32,
}

impl Chats {
    /// What is loaded of a conversation.
    pub(crate) fn talk(&self, id: ConversationId) -> Ptr<Talk> {
        self.talks.get(&id).cloned().unwrap_or_default()
    }

    /// Changes what is loaded of a conversation.
    pub(crate) fn change<T>(&mut self, id: ConversationId, change: impl FnOnce(&mut Talk) -> T) -> Option<T> {
        let mut result = None;
        self.talks
            .entry(id)
            .or_default()
            .change(|talk| result = Some(change(talk)));
        result
    }

    /// A conversation, as far as it is known.
    pub(crate) fn find(&self, id: ConversationId) -> Option<&Conversation> {
        self.list.find(id)
    }

    /// The conversation with a person, as far as it is known.
    pub(crate) fn with(&self, user: UserId) -> Option<ConversationId> {
        let of_user = |known: &&Conversation| known.other.as_ref().is_some_and(|other| other.id == user);
        self.list.items.iter().find(of_user).map(|known| known.id)
    }

    /// Conversations with something unsent: all of them for a warning, those that can go out for another try.
    pub(crate) fn unsent(&self) -> Vec<ConversationId> {
        let unsent = self.talks.iter().filter(|(_, talk)| !talk.outbox.is_empty());
        unsent.map(|(id, _)| *id).collect()
    }

    /// A page of the list has come, or has not. Gives the conversations whose streams are to be followed.
    pub(crate) fn settle(&mut self, more: bool, outcome: Result<Page<Conversation>, Failure>) {
        let mut outcome = outcome;
        if let Ok(page) = &mut outcome {
            let next = page.next_cursor.clone();
            let items = std::mem::take(&mut page.items);
            items.iter().for_each(|item| self.welcome(item.id));
            self.list.change(|list| {
                list.more = next.is_some();
                items.into_iter().for_each(|item| list.put(item));
            });
        }
        self.paging.change(|paging| {
            paging.loading = false;
            match outcome {
                Ok(page) => {
                    // Reading the top again does not forget how far down the reader has come.
                    if more || !paging.known {
                        paging.next = page.next_cursor;
                    }
                    paging.known = true;
                    paging.failure = None;
                }
                Err(failure) => paging.failure = Some(failure),
            }
        });
    }

    /// A conversation was read.
    pub(crate) fn put(&mut self, conversation: Conversation) {
        self.welcome(conversation.id);
        self.list.change(|list| list.put(conversation));
    }

    /// Something is being read: what it says of a conversation that one leaves meanwhile is of the time before.
    pub(crate) fn reading(&self) -> u32 {
        self.removals
    }

    /// Whether one has come to be in a conversation no more since a read started.
    pub(crate) fn has_left(&self, id: ConversationId, since: u32) -> bool {
        self.removals != since && self.talks.get(&id).is_some_and(|talk| talk.gone)
    }

    /// One is in a conversation, perhaps again.
    fn welcome(&mut self, id: ConversationId) {
        if self.talks.get(&id).is_some_and(|talk| talk.gone) {
            self.change(id, |talk| *talk = Talk::default());
        }
    }

    /// One is in a conversation no more: nothing is kept of it.
    fn part(&mut self, id: ConversationId, group: bool) {
        self.removals += 1;
        self.change(id, |talk| {
            *talk = Talk {
                gone: group,
                failure: (!group).then(|| Failure::refused(ErrorCode::NotFound)),
                ..Talk::default()
            }
        });
    }

    /// Where all conversations stand.
    pub(crate) fn on_sync(&mut self, sync: &Sync) {
        self.list.change(|list| list.on_sync(sync));
    }

    /// Somebody has read up to somewhere.
    pub(crate) fn read(&mut self, me: UserId, read: &Read) {
        self.list.change(|list| list.read(me, read));
    }

    /// Applies an event. True when the newest page has to be read, because the log does not reach it.
    pub(crate) fn apply(&mut self, me: UserId, event: &Event) -> bool {
        let mut applied = false;
        let kind = match event {
            Event::ConversationRemoved { id } => self.find(*id).map(|known| known.kind),
            _ => None,
        };
        let mut list = (*self.list).clone();
        if list.apply(me, event) {
            self.list = Ptr::new(list);
            applied = true;
        }
        let message = match event {
            Event::MessageCreated { message } => message,
            Event::MessageChanged { message } => {
                self.renew(event, message);
                return false;
            }
            Event::GroupChanged { change } => {
                self.regroup(event, change);
                return false;
            }
            Event::ConversationAdded { conversation } => {
                self.welcome(conversation.id);
                return false;
            }
            Event::ConversationRemoved { id } => {
                self.part(*id, kind != Some(ConversationKind::Direct));
                return false;
            }
            Event::GroupInvitation { .. } | Event::GroupInvitationGone { .. } => {
                self.invitations.change(|invitations| invitations.apply(event));
                return false;
            }
            _ => return false,
        };
        let id = message.conversation_id;
        applied
            && self.talks.contains_key(&id)
            && self.change(id, |talk| talk.take(me, event, message)) == Some(true)
    }

    /// A message is not as it was.
    fn renew(&mut self, event: &Event, message: &Message) {
        let id = message.conversation_id;
        if self.talks.contains_key(&id) {
            self.change(id, |talk| {
                if let Some(log) = &mut talk.log {
                    log.apply(event);
                }
                if let Some(pins) = &mut talk.pins {
                    pins.renew(message);
                }
                talk.outbox.renew(message);
                if message.deleted_at.is_some() {
                    talk.let_go(message.id);
                }
            });
        }
    }

    /// Somebody came, went, or may do something else.
    fn regroup(&mut self, event: &Event, change: &GroupChange) {
        let id = change.conversation_id;
        if self.talks.contains_key(&id) {
            self.change(id, |talk| {
                if let Some(log) = &mut talk.log {
                    log.apply(event);
                }
                if change.role.is_none() {
                    talk.is_typed_by(change.line.subject.id, None);
                }
                if talk.members.known {
                    talk.members.change(|list| members::apply(list, change));
                }
            });
        }
    }

    /// The server answered that a message is sent. The answer may come before the event, also before the
    /// events of messages that were sent earlier: then the message stands below the log until they are there.
    pub(crate) fn sent(&mut self, me: UserId, message: Message) {
        let id = message.conversation_id;
        let next = self.talk(id).log.as_ref().map(|log| log.last().unwrap_or(0) + 1);
        let event = Event::MessageCreated {
            message: message.clone(),
        };
        // Of a conversation that was not opened nothing is loaded: its page will have it.
        if next.is_none_or(|next| message.number <= next) {
            self.apply(me, &event);
            // Also where the log begins after it: it is sent, and must not keep those behind it waiting.
            self.change(id, |talk| talk.outbox.discard(&message.client_id));
        } else {
            self.list.change(|list| {
                list.apply(me, &event);
            });
            self.change(id, |talk| talk.outbox.sent(message));
        }
    }

    /// A page of messages has come, or has not.
    pub(crate) fn settle_page(
        &mut self,
        me: UserId,
        id: ConversationId,
        outcome: Result<MessagePage, Failure>,
    ) {
        self.change(id, |talk| {
            talk.loading = false;
            match outcome {
                Ok(page) => {
                    talk.failure = None;
                    match &mut talk.log {
                        Some(log) if !std::mem::take(&mut talk.outdated) => log.merge(page),
                        _ => {
                            talk.log = Some(MessageLog::new(id, page));
                            // Who has come and gone was not told, either.
                            talk.members = Ptr::default();
                        }
                    }
                    talk.confirm(me);
                }
                Err(failure) => talk.failure = Some(failure),
            }
        });
    }

    /// So many of a group are here; what is said of another one comes too late.
    pub(crate) fn here(&mut self, here: Here) {
        let id = here.conversation_id;
        if self.open == Some(id) && self.talk(id).here != here.count {
            self.change(id, |talk| talk.here = here.count);
        }
    }

    /// Nobody knows any more who is here.
    pub(crate) fn nobody_is_here(&mut self) {
        if let Some(conversation_id) = self.open {
            self.here(Here {
                conversation_id,
                count: 0,
            });
        }
    }

    /// Somebody types.
    pub(crate) fn typing(&mut self, id: ConversationId, user: UserId, until: u64) {
        self.change(id, |talk| talk.is_typed_by(user, Some(until)));
    }

    /// The time of those who typed is over, unless they went on.
    pub(crate) fn stop_typing(&mut self, id: ConversationId, now: u64) {
        if self.talk(id).typing.iter().any(|(_, until)| *until <= now) {
            self.change(id, |talk| talk.typing.retain(|(_, until)| *until > now));
        }
    }

    /// What is loaded of conversations that are not on the screen is forgotten.
    pub(crate) fn forget_logs(&mut self) {
        let open = self.open;
        for (_, talk) in self.talks.iter_mut().filter(|(id, _)| Some(**id) != open) {
            talk.change(|talk| {
                (talk.log, talk.pins) = (None, None);
                talk.members = Ptr::default();
            });
        }
    }

    /// Everything that was read is forgotten; what is unsent stays.
    pub(crate) fn forget(&mut self) {
        self.list = Ptr::default();
        self.paging = Ptr::default();
        self.invitations.change(Invitations::forget);
        for talk in self.talks.values_mut() {
            talk.change(|talk| {
                (talk.log, talk.pins) = (None, None);
                talk.sought = None;
                talk.members = Ptr::default();
                talk.typing.clear();
            });
        }
    }
}

impl Talk {
    /// A message is gone: it can neither be answered nor changed.
    fn let_go(&mut self, message: MessageId) {
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
    fn take(&mut self, me: UserId, event: &Event, message: &Message) -> bool {
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
    fn confirm(&mut self, me: UserId) {
        let Some(log) = &self.log else { return };
        if !self.outbox.items.is_empty() {
            let own = log.items.iter().filter(|message| message.sender.id == me);
            self.outbox.confirm(own);
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
