//! Conversations, what is loaded of their messages, and one's own messages that have not arrived.

pub(crate) mod addresses;
pub(crate) mod asked;
pub(crate) mod finding;
pub(crate) mod invitations;
pub(crate) mod members;
pub(crate) mod outbox;
pub(crate) mod rows;
mod talk;

use std::collections::BTreeMap;

use hearth_shared::conversations::{Conversation, ConversationKind, Message, MessagePage};
use hearth_shared::ids::{ConversationId, UserId};
use hearth_shared::page::{Cursor, Page};
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::Sync;
use hearth_shared::realtime::events::{Event, GroupChange};
use hearth_shared::realtime::frames::{Here, Read};
use hearth_shared::realtime::replica::conversations::ConversationList;
use hearth_shared::realtime::replica::messages::MessageLog;

use self::finding::Finding;
use self::invitations::Invitations;
pub(crate) use self::talk::{Aim, Talk};
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
            self.change(id, |talk| {
                *talk = Talk {
                    wanted: talk.wanted,
                    ..Talk::default()
                }
            });
        }
    }

    /// One is in a conversation no more: nothing is kept of it.
    fn part(&mut self, id: ConversationId, group: bool) {
        self.removals += 1;
        self.found.change(|found| found.part(id));
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
        if self.found.has(message.id) {
            self.found.change(|found| found.renew(message));
        }
        if self.talks.contains_key(&id) {
            self.change(id, |talk| {
                if let Some(log) = &mut talk.log {
                    log.apply(event);
                }
                if let Some(finding) = &mut talk.finding {
                    finding.renew(message);
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
        self.found = Ptr::default();
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

#[cfg(test)]
pub(crate) mod tests;
