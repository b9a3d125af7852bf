//! What happens in conversations, for those who are in them.

use std::sync::Arc;

use hearth_shared::conversations::READ_POSITIONS_MAX;
use hearth_shared::conversations::groups::History;
use hearth_shared::conversations::members::LineKind;
use hearth_shared::ids::{ConversationId, Id, UserId};
use hearth_shared::realtime::Stream;
use hearth_shared::realtime::events::{Event, GroupChange};
use hearth_shared::realtime::frames::{EventFrame, Head, Read, ServerFrame, Typing};

use super::{Dispatcher, Members};
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
        if let Some(Event::GroupChanged { change }) = event.as_deref() {
            self.learn_members(version, change);
        }
        let here = self.members_here(id, version).await?;
        if here.is_empty() {
            return Ok(());
        }
        let Some(event) = event else {
            let people: Vec<UserId> = here.iter().map(|(user, _)| *user).collect();
            self.send_to(&people, &ServerFrame::Head(Head { stream, seq }));
            self.note_sent(stream, seq);
            return Ok(());
        };
        // What was said before somebody came is not theirs to see, whatever happens to it now.
        let number = match &*event {
            Event::MessageCreated { message } | Event::MessageChanged { message } => message.number,
            _ => u32::MAX,
        };
        let (seen, hidden): (Vec<_>, Vec<_>) = here.into_iter().partition(|(_, since)| number > *since);
        let frame = |event| {
            ServerFrame::Event(EventFrame {
                stream,
                seq,
                event,
                counts: None,
            })
        };
        let people = |some: Vec<(UserId, u32)>| some.into_iter().map(|(user, _)| user).collect::<Vec<_>>();
        self.send_to(&people(seen), &frame(event));
        let nothing = Event::Hidden {
            conversation_id: id,
            seq,
        };
        self.send_to(&people(hidden), &frame(Box::new(nothing)));
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
        let mut members: Vec<(UserId, u32)> = before.to_vec();
        match line.kind {
            LineKind::Left | LineKind::Removed => members.retain(|(user, _)| *user != subject),
            LineKind::Created | LineKind::Joined => {
                let since = match change.group.history {
                    History::All => 0,
                    History::FromJoining => line.after_number,
                };
                members.retain(|(user, _)| *user != subject);
                members.push((subject, since));
            }
            LineKind::RoleChanged | LineKind::Renamed => {}
        }
        self.members.insert((id, version), members.into());
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

    pub(super) async fn members_here(
        &self,
        id: ConversationId,
        version: u64,
    ) -> AppResult<Vec<(UserId, u32)>> {
        let members = self.members(id, version).await?;
        let members = members.iter().copied();
        Ok(members.filter(|(user, _)| self.hub.is_online(*user)).collect())
    }

    /// One's own other devices, and in conversations that are not large the others.
    pub(super) async fn read(&self, read: Read, version: u64, to_others: bool) -> AppResult<()> {
        let members = self.members(read.conversation_id, version).await?;
        let to_others = to_others && members.len() <= READ_POSITIONS_MAX as usize;
        let told: Vec<UserId> = members
            .iter()
            .map(|(user, _)| *user)
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
        let others = members.iter().map(|(user, _)| *user);
        let mut others: Vec<UserId> = others
            .filter(|user| *user != typing.user_id && self.hub.is_online(*user))
            .collect();
        // The two of a direct conversation are friends.
        if members.len() > 2 && !others.is_empty() {
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
