//! Queries on what has happened in conversations, by position. Rows hold references, never content.

use diesel::prelude::*;
use hearth_shared::ids::{ConversationId, Id, MessageId};
use hearth_shared::time::Timestamp;

use super::lines::{self, LineRow};
use crate::features::realtime::store::{column, position};
use crate::platform::db::Conn;
use crate::schema::conversation_events as events;

/// What an event says of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It was sent.
    Created,
    /// It says something else, was removed, or somebody felt something about it.
    Changed,
}

impl Change {
    fn as_str(self) -> &'static str {
        match self {
            Self::Created => "message_created",
            Self::Changed => "message_changed",
        }
    }

    fn parse(kind: &str) -> Option<Self> {
        [Self::Created, Self::Changed]
            .into_iter()
            .find(|known| known.as_str() == kind)
    }
}

/// What an event is about.
#[derive(Debug, Clone)]
pub enum What {
    /// A message.
    Message(Change, i64),
    /// The group itself.
    Line(LineRow),
    /// Something of a newer version.
    Unknown,
}

/// Something happened to a message, at a position that was taken in the same transaction.
pub(super) fn insert(
    conn: &mut Conn,
    conversation: ConversationId,
    seq: u64,
    change: Change,
    id: MessageId,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::insert_into(events::table)
        .values((
            events::conversation_id.eq(conversation.get()),
            events::seq.eq(column(seq)),
            events::kind.eq(change.as_str()),
            events::subject_id.eq(id.get()),
            events::created_at.eq(now.as_millis()),
        ))
        .execute(conn)
        .map(drop)
}

/// What has happened in a conversation after a position.
pub fn after(conn: &mut Conn, id: ConversationId, after: u64, limit: i64) -> QueryResult<Vec<(u64, What)>> {
    let rows: Vec<(i64, String, i64, LineRow)> = events::table
        .filter(events::conversation_id.eq(id.get()))
        .filter(events::seq.gt(column(after)))
        .order(events::seq)
        .limit(limit)
        .select((
            events::seq,
            events::kind,
            events::subject_id,
            LineRow::as_select(),
        ))
        .load(conn)?;
    let what = |kind: &str, subject: i64, line: LineRow| match Change::parse(kind) {
        Some(change) => What::Message(change, subject),
        None if lines::parse(kind).is_some() => What::Line(line),
        None => What::Unknown,
    };
    Ok(rows
        .into_iter()
        .map(|(seq, kind, subject, line)| (position(seq), what(&kind, subject, line)))
        .collect())
}
