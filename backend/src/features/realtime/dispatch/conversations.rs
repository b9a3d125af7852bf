//! What happens in conversations, for those who are in them.

use std::sync::Arc;

use hearth_shared::conversations::groups::History;
use hearth_shared::conversations::members::LineKind;
use hearth_shared::conversations::{Quote, READ_POSITIONS_MAX};
use hearth_shared::ids::{ConversationId, Id, UserId};
use hearth_shared::realtime::Stream;
use hearth_shared::realtime::events::{Event, GroupChange};
use hearth_shared::realtime::frames::{EventFrame, Head, Read, ServerFrame, Typing};

use super::{Dispatcher, Members};
use crate::features::conversations::store::members::Since;
use crate::features::{conversations, friends};
use crate::platform::error::AppResult;

impl Dispatcher {
    pub(super) async fn conversation_event(
        &self,
        id: ConversationId,
        seq: u64,
        version: u64,
        event: Option<Box<Event>>,
    ) -> AppResult<()> {
        let stream = Stream::Conversation(id);
        match event.as_deref() {
            Some(Event::GroupChanged { change }) => {
                self.learn_members(version, change);
                self.here.group(id);
            }
            None => self.here.group(id),
            Some(_) => {}
        }
        let here = self.members_here(id, version).await?;
        if here.is_empty() {
            return Ok(());
        }
        let Some(event) = event else {
            let people: Vec<UserId> = here.iter().map(|(user, ..)| *user).collect();
            self.send_to(&people, &ServerFrame::Head(Head { stream, seq }));
            self.note_sent(stream, seq);
            return Ok(());
        };
        // What was said before somebody came is not theirs to see, whatever happens to it now.
        let message = match &*event {
            Event::MessageCreated { message } | Event::MessageChanged { message } => Some(message.clone()),
            _ => None,
        };
        let number = message.as_ref().map_or(u32::MAX, |message| message.number);
        let (seen, hidden): (Vec<_>, Vec<_>) = here
            .into_iter()
            .partition(|(_, since, since_seq)| number > *since && seq > *since_seq);
        let people = |some: Vec<Since>| some.into_iter().map(|(user, ..)| user).collect::<Vec<_>>();
        let frame = |event| {
            ServerFrame::Event(EventFrame {
                stream,
                seq,
                event: Box::new(event),
                counts: None,
            })
        };
        let nothing = |quote| {
            frame(Event::Hidden {
                conversation_id: id,
                seq,
                quote,
            })
        };
        self.send_to(&people(seen), &frame(*event));
        if let Some(message) = message.filter(|_| !hidden.is_empty()) {
            // But for what an answer quotes that is theirs.
            let quoted = message.id;
            let answered = self
                .db
                .read(move |conn| {
                    Ok(conversations::store::messages::last_answers(
                        conn,
                        &[quoted.get()],
                    )?)
                })
                .await?;
            let last = answered.get(&quoted.get()).copied().unwrap_or(0);
            let (quoted, hidden): (Vec<_>, Vec<_>) =
                hidden.into_iter().partition(|(_, since, _)| last > *since);
            self.send_to(&people(quoted), &nothing(Some(Quote::of(&message))));
            self.send_to(&people(hidden), &nothing(None));
        } else {
            self.send_to(&people(hidden), &nothing(None));
        }
        self.note_sent(stream, seq);
        Ok(())
    }

    /// Who is in a group now, from who was in it before: thousands of rows are not read again because one has come.
    fn learn_members(&self, version: u64, change: &GroupChange) {
        let id = change.conversation_id;
        let before = self.members.get(&(id, version.saturating_sub(1)));
        let Some(before) = before.filter(|_| !self.members.contains_key(&(id, version))) else {
            return;
        };
        let (subject, line) = (change.line.subject.id, &change.line);
        let mut members: Vec<Since> = before.to_vec();
        match line.kind {
            LineKind::Left | LineKind::Removed => members.retain(|(user, ..)| *user != subject),
            LineKind::Created | LineKind::Joined => {
                let (since, since_seq) = match change.group.history {
                    History::All => (0, 0),
                    History::FromJoining => (line.after_number, line.seq.saturating_sub(1)),
                };
                members.retain(|(user, ..)| *user != subject);
                members.push((subject, since, since_seq));
            }
            LineKind::RoleChanged | LineKind::Renamed | LineKind::Pictured => {}
        }
        self.members.insert((id, version), members.into());
        self.members.invalidate(&(id, version.saturating_sub(1)));
    }

    async fn members(&self, id: ConversationId, version: u64) -> AppResult<Members> {
        if let Some(members) = self.members.get(&(id, version)) {
            return Ok(members);
        }
        let (members, now) = self
            .db
            .snapshot(move |conn| Ok(conversations::store::members::everybody(conn, id)?))
            .await?;
        let members: Members = members.into();
        self.members.insert((id, now), Arc::clone(&members));
        Ok(members)
    }

    pub(super) async fn members_here(&self, id: ConversationId, version: u64) -> AppResult<Vec<Since>> {
        let members = self.members(id, version).await?;
        let members = members.iter().copied();
        Ok(members.filter(|(user, ..)| self.hub.is_online(*user)).collect())
    }

    /// One's own other devices, and in conversations that are not large the others.
    pub(super) async fn read(&self, read: Read, version: u64, to_others: bool) -> AppResult<()> {
        let members = self.members(read.conversation_id, version).await?;
        let to_others = to_others && members.len() <= READ_POSITIONS_MAX as usize;
        let told: Vec<UserId> = members
            .iter()
            .map(|(user, ..)| *user)
            .filter(|user| (to_others || *user == read.user_id) && self.hub.is_online(*user))
            .collect();
        self.send_to(&told, &ServerFrame::Read(read));
        Ok(())
    }

    /// Not in large groups, and not between those who do not exist for each other.
    pub(super) async fn typing(&self, typing: Typing, version: u64) -> AppResult<()> {
        let members = self.members(typing.conversation_id, version).await?;
        if members.len() > READ_POSITIONS_MAX as usize {
            return Ok(());
        }
        let others = members.iter().map(|(user, ..)| *user);
        let mut others: Vec<UserId> = others
            .filter(|user| *user != typing.user_id && self.hub.is_online(*user))
            .collect();
        if !others.is_empty() {
            let (user, ids) = (
                typing.user_id,
                others.iter().map(|id| id.get()).collect::<Vec<_>>(),
            );
            let hidden = self
                .db
                .read(move |conn| Ok(friends::store::blocks::hidden_among(conn, user, &ids)?))
                .await?;
            others.retain(|other| !hidden.contains(&other.get()));
        }
        self.send_lossy(&others, &ServerFrame::Typing(typing));
        Ok(())
    }
}
