//! Queries on streams.

use std::collections::BTreeMap;

use diesel::prelude::*;
use hearth_shared::ids::{Id, UserId};
use hearth_shared::time::Timestamp;

use crate::on_each;
use crate::platform::db::{Conn, dialect};
use crate::schema::{user_events, user_streams};

/// What an event of a person's stream is about. The text form stands in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The relation to a person has changed: subject the person, detail the request, when there was one.
    Relation,
    /// A notification: subject.
    Notification,
    /// Notifications were seen: subject the position up to which.
    NotificationsSeen,
    /// Notifications were read: subject the position up to which.
    NotificationsRead,
    /// A conversation came into the list or went from it: subject.
    Conversation,
    /// Somebody is invited to a group, or is no longer: subject its conversation.
    GroupInvitation,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Relation,
        Self::Notification,
        Self::NotificationsSeen,
        Self::NotificationsRead,
        Self::Conversation,
        Self::GroupInvitation,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Relation => "relation",
            Self::Notification => "notification",
            Self::NotificationsSeen => "notifications_seen",
            Self::NotificationsRead => "notifications_read",
            Self::Conversation => "conversation_added",
            Self::GroupInvitation => "group_invitation",
        }
    }
}

/// An event's row.
#[derive(Debug, Clone)]
pub struct EventRow {
    /// Its position.
    pub seq: u64,
    /// What it is about; `None` for a kind of a newer version.
    pub kind: Option<Kind>,
    /// See [`Kind`].
    pub subject: i64,
    /// See [`Kind`].
    pub detail: Option<i64>,
}

/// A number that the database holds as signed and that is never negative.
pub fn position(value: i64) -> u64 {
    value.unsigned_abs()
}

/// The same the other way; what is too large lies after everything.
pub fn column(position: u64) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}

/// Begins a person's stream.
pub fn insert_stream(conn: &mut Conn, user: UserId) -> QueryResult<()> {
    diesel::insert_into(user_streams::table)
        .values((
            user_streams::user_id.eq(user.get()),
            user_streams::last_seq.eq(0_i64),
            user_streams::last_event_at.eq(0_i64),
        ))
        .execute(conn)
        .map(drop)
}

/// Takes the next position of a person's stream.
pub fn advance(conn: &mut Conn, user: UserId) -> QueryResult<u64> {
    advance_by(conn, user, 1)
}

/// Takes the next positions of a person's stream, so many. Gives the first.
pub fn advance_by(conn: &mut Conn, user: UserId, count: usize) -> QueryResult<u64> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let last = dialect::advance_user_stream(conn, user.get(), count)?;
    last.map(|last| position(last - count + 1))
        .ok_or(diesel::result::Error::NotFound)
}

/// Rows that are written together.
const BATCH: usize = 500;

/// Writes events of one kind at positions that were taken, from `first` on.
pub fn insert_events(
    conn: &mut Conn,
    user: UserId,
    first: u64,
    kind: Kind,
    subjects: &[i64],
    now: Timestamp,
) -> QueryResult<()> {
    let rows: Vec<_> = (first..)
        .zip(subjects)
        .map(|(seq, subject)| {
            (
                user_events::user_id.eq(user.get()),
                user_events::seq.eq(column(seq)),
                user_events::kind.eq(kind.as_str()),
                user_events::subject_id.eq(*subject),
                user_events::created_at.eq(now.as_millis()),
            )
        })
        .collect();
    for batch in rows.chunks(BATCH) {
        let batch = batch.to_vec();
        on_each!(conn, conn => diesel::insert_into(user_events::table).values(&batch).execute(conn))?;
    }
    Ok(())
}

/// Writes an event into several streams, each once and at its next position: whose it is, and its subject. Gives where each
/// stands.
pub fn insert_for_each(
    conn: &mut Conn,
    told: &BTreeMap<i64, i64>,
    kind: Kind,
    now: Timestamp,
) -> QueryResult<Vec<(UserId, u64)>> {
    let people: Vec<i64> = told.keys().copied().collect();
    let places = dialect::advance_user_streams(conn, &people)?;
    let rows: Vec<_> = places
        .iter()
        .filter_map(|(user, seq)| {
            Some((
                user_events::user_id.eq(*user),
                user_events::seq.eq(*seq),
                user_events::kind.eq(kind.as_str()),
                user_events::subject_id.eq(*told.get(user)?),
                user_events::created_at.eq(now.as_millis()),
            ))
        })
        .collect();
    for batch in rows.chunks(BATCH) {
        let batch = batch.to_vec();
        on_each!(conn, conn => diesel::insert_into(user_events::table).values(&batch).execute(conn))?;
    }
    let places = places.into_iter();
    Ok(places
        .map(|(user, seq)| (UserId::new(user), position(seq)))
        .collect())
}

/// Writes an event at a position that was taken in the same transaction.
pub fn insert_event(
    conn: &mut Conn,
    user: UserId,
    seq: u64,
    kind: Kind,
    subject: i64,
    detail: Option<i64>,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::insert_into(user_events::table)
        .values((
            user_events::user_id.eq(user.get()),
            user_events::seq.eq(column(seq)),
            user_events::kind.eq(kind.as_str()),
            user_events::subject_id.eq(subject),
            user_events::detail_id.eq(detail),
            user_events::created_at.eq(now.as_millis()),
        ))
        .execute(conn)
        .map(drop)
}

/// Where a person's stream stands.
pub fn head(conn: &mut Conn, user: UserId) -> QueryResult<u64> {
    user_streams::table
        .find(user.get())
        .select(user_streams::last_seq)
        .first(conn)
        .map(position)
}

/// The events of a person after a position.
pub fn events_after(conn: &mut Conn, user: UserId, after: u64, limit: i64) -> QueryResult<Vec<EventRow>> {
    let rows: Vec<(i64, String, i64, Option<i64>)> = user_events::table
        .filter(user_events::user_id.eq(user.get()))
        .filter(user_events::seq.gt(column(after)))
        .order(user_events::seq)
        .limit(limit)
        .select((
            user_events::seq,
            user_events::kind,
            user_events::subject_id,
            user_events::detail_id,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(seq, kind, subject, detail)| EventRow {
            seq: position(seq),
            kind: Kind::ALL.into_iter().find(|known| known.as_str() == kind),
            subject,
            detail,
        })
        .collect())
}

/// Removes the oldest events of a person. Gives how many.
pub fn delete_some(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<usize> {
    let of_user = || user_events::table.filter(user_events::user_id.eq(user.get()));
    let seqs: Vec<i64> = of_user()
        .order(user_events::seq)
        .limit(limit)
        .select(user_events::seq)
        .load(conn)?;
    diesel::delete(of_user().filter(user_events::seq.eq_any(seqs))).execute(conn)
}

/// Streams of people that have moved since a moment of the database's clock, and where they stand.
pub fn moved_since(conn: &mut Conn, moment: i64) -> QueryResult<Vec<(UserId, u64)>> {
    let rows: Vec<(i64, i64)> = user_streams::table
        .filter(user_streams::last_event_at.ge(moment))
        .select((user_streams::user_id, user_streams::last_seq))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(user, seq)| (UserId::new(user), position(seq)))
        .collect())
}
