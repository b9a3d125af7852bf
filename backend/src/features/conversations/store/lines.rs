//! Queries on what happens to groups themselves: events of their conversations that are about no message.

use std::collections::HashMap;

use diesel::prelude::*;
use hearth_shared::conversations::groups::Role;
use hearth_shared::conversations::members::{GroupLine, LINES_MAX, LineKind};
use hearth_shared::ids::{ConversationId, Id, UserId};
use hearth_shared::realtime::events::GroupChange;
use hearth_shared::time::Timestamp;
use hearth_shared::users::UserCard;

use super::members::{self, rank, role};
use super::number;
use crate::features::realtime::store::{column, position};
use crate::features::{groups, users};
use crate::platform::db::{Conn, dialect};
use crate::schema::{conversation_events as events, conversations};

const KINDS: [(LineKind, &str); 7] = [
    (LineKind::Created, "created"),
    (LineKind::Joined, "joined"),
    (LineKind::Left, "left"),
    (LineKind::Removed, "removed"),
    (LineKind::RoleChanged, "role_changed"),
    (LineKind::Renamed, "renamed"),
    (LineKind::Pictured, "pictured"),
];

/// The text form of a kind.
fn text(kind: LineKind) -> &'static str {
    let known = KINDS.iter().find(|(known, _)| *known == kind);
    known.map_or("", |(_, text)| text)
}

/// What a row says; `None` for what is no line, and for a kind of a newer version.
pub fn parse(text: &str) -> Option<LineKind> {
    let known = KINDS.iter().find(|(_, known)| *known == text);
    known.map(|(kind, _)| *kind)
}

/// What happens.
#[derive(Debug, Clone, Copy)]
pub struct NewLine {
    /// What.
    pub kind: LineKind,
    /// Who does it.
    pub actor: UserId,
    /// To whom.
    pub subject: UserId,
    /// The role that is given.
    pub role: Option<Role>,
}

/// A line as the database has it.
#[derive(Queryable, Selectable, Debug, Clone)]
#[diesel(table_name = events)]
pub struct LineRow {
    seq: i64,
    kind: String,
    subject_id: i64,
    created_at: i64,
    actor_id: Option<i64>,
    after_number: Option<i64>,
    rank: Option<i64>,
}

/// Something happens to a group: it gets the next position, and the version of the membership grows. The conversation is
/// locked. Gives both.
pub fn insert(conn: &mut Conn, id: ConversationId, new: NewLine, now: Timestamp) -> QueryResult<(u64, u64)> {
    let seq = dialect::advance_conversation(conn, id.get())?;
    diesel::update(conversations::table.find(id.get()))
        .set(conversations::membership_version.eq(conversations::membership_version + 1))
        .execute(conn)?;
    let (after, version): (i64, i64) = conversations::table
        .find(id.get())
        .select((conversations::last_number, conversations::membership_version))
        .first(conn)?;
    diesel::insert_into(events::table)
        .values((
            events::conversation_id.eq(id.get()),
            events::seq.eq(seq),
            events::kind.eq(text(new.kind)),
            events::subject_id.eq(new.subject.get()),
            events::created_at.eq(now.as_millis()),
            events::actor_id.eq(new.actor.get()),
            events::after_number.eq(after),
            events::rank.eq(new.role.map(rank)),
        ))
        .execute(conn)?;
    Ok((position(seq), position(version)))
}

/// The last lines that stand after messages `from` to `to`, the earliest first, behind a position.
pub fn between(
    conn: &mut Conn,
    id: ConversationId,
    (from, to): (u32, u32),
    since: u64,
) -> QueryResult<Vec<GroupLine>> {
    let limit = i64::try_from(LINES_MAX).unwrap_or(i64::MAX);
    let mut rows: Vec<LineRow> = events::table
        .filter(events::conversation_id.eq(id.get()))
        .filter(events::actor_id.is_not_null())
        .filter(events::after_number.between(i64::from(from), i64::from(to)))
        .filter(events::seq.gt(column(since)))
        .order((events::after_number.desc(), events::seq.desc()))
        .limit(limit)
        .select(LineRow::as_select())
        .load(conn)?;
    rows.reverse();
    let cards = cards(conn, &rows)?;
    Ok(rows.iter().filter_map(|row| line(row, &cards)).collect())
}

/// Lines as events: with what the group, and those whom they are about, are now. None for a group that has ended.
pub fn changes(
    conn: &mut Conn,
    id: ConversationId,
    rows: &[LineRow],
) -> QueryResult<HashMap<u64, GroupChange>> {
    let Some(group) = groups::store::find(conn, id)?.filter(|_| !rows.is_empty()) else {
        return Ok(HashMap::new());
    };
    let version: i64 = conversations::table
        .find(id.get())
        .select(conversations::membership_version)
        .first(conn)?;
    let subjects: Vec<i64> = rows.iter().map(|row| row.subject_id).collect();
    let roles = members::among(conn, id, &subjects)?;
    let roles: HashMap<UserId, Role> = roles.iter().map(|row| (row.user(), row.role())).collect();
    let cards = cards(conn, rows)?;
    let lines = rows.iter().filter_map(|row| line(row, &cards));
    Ok(lines
        .map(|line| {
            let change = GroupChange {
                conversation_id: id,
                role: roles.get(&line.subject.id).copied(),
                group: group.group(),
                member_count: group.member_count(),
                membership_version: position(version),
                line,
            };
            (change.line.seq, change)
        })
        .collect())
}

/// One line as an event.
pub fn change(conn: &mut Conn, id: ConversationId, seq: u64) -> QueryResult<GroupChange> {
    let row: LineRow = events::table
        .find((id.get(), column(seq)))
        .select(LineRow::as_select())
        .first(conn)?;
    let mut found = changes(conn, id, &[row])?;
    found.remove(&seq).ok_or(diesel::result::Error::NotFound)
}

fn cards(conn: &mut Conn, rows: &[LineRow]) -> QueryResult<HashMap<i64, UserCard>> {
    let people = rows.iter().flat_map(|row| [Some(row.subject_id), row.actor_id]);
    let mut people: Vec<i64> = people.flatten().collect();
    people.sort_unstable();
    people.dedup();
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    users::store::cards(conn, &people)
}

fn line(row: &LineRow, cards: &HashMap<i64, UserCard>) -> Option<GroupLine> {
    Some(GroupLine {
        seq: position(row.seq),
        after_number: number(row.after_number?),
        kind: parse(&row.kind)?,
        actor: cards.get(&row.actor_id?)?.clone(),
        subject: cards.get(&row.subject_id)?.clone(),
        role: row.rank.map(role),
        created_at: Timestamp::from_millis(row.created_at),
    })
}
