//! Queries on invitations to groups.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use hearth_shared::conversations::members::{GroupInvitation, Invitee};
use hearth_shared::ids::{ConversationId, Id, UserId};
use hearth_shared::time::Timestamp;

use super::GroupRow;
use crate::features::users;
use crate::on_each;
use crate::platform::db::Conn;
use crate::platform::db::among::AmongIds;
use crate::schema::group_invitations as invitations;

/// Who is asked, by whom, when.
#[derive(Queryable, Selectable, Debug, Clone, Copy)]
#[diesel(table_name = invitations)]
pub struct InvitationRow {
    conversation_id: i64,
    user_id: i64,
    by_id: i64,
    created_at: i64,
}

/// Whether somebody is invited.
pub fn is_invited(conn: &mut Conn, id: ConversationId, user: UserId) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        invitations::table.find((id.get(), user.get())),
    ))
    .get_result(conn)
}

/// The groups of some to which somebody is invited.
pub fn invited_among(conn: &mut Conn, user: UserId, ids: &[i64]) -> QueryResult<HashSet<i64>> {
    let ids: Vec<i64> = invitations::table
        .filter(invitations::user_id.eq(user.get()))
        .filter(invitations::conversation_id.among(ids))
        .select(invitations::conversation_id)
        .load(conn)?;
    Ok(ids.into_iter().collect())
}

/// Those of some people who are invited to a group.
pub fn invitees_among(conn: &mut Conn, id: ConversationId, people: &[i64]) -> QueryResult<HashSet<i64>> {
    let ids: Vec<i64> = invitations::table
        .filter(invitations::conversation_id.eq(id.get()))
        .filter(invitations::user_id.among(people))
        .select(invitations::user_id)
        .load(conn)?;
    Ok(ids.into_iter().collect())
}

/// Who is invited to a group.
pub fn everybody(conn: &mut Conn, id: ConversationId) -> QueryResult<Vec<UserId>> {
    let people: Vec<i64> = invitations::table
        .filter(invitations::conversation_id.eq(id.get()))
        .select(invitations::user_id)
        .load(conn)?;
    Ok(people.into_iter().map(UserId::new).collect())
}

/// How many are invited to a group.
pub fn count(conn: &mut Conn, id: ConversationId) -> QueryResult<i64> {
    invitations::table
        .filter(invitations::conversation_id.eq(id.get()))
        .count()
        .get_result(conn)
}

/// Invites people who are not.
pub fn insert(
    conn: &mut Conn,
    id: ConversationId,
    by: UserId,
    people: &[UserId],
    now: Timestamp,
) -> QueryResult<()> {
    let rows: Vec<_> = people
        .iter()
        .map(|user| {
            (
                invitations::conversation_id.eq(id.get()),
                invitations::user_id.eq(user.get()),
                invitations::by_id.eq(by.get()),
                invitations::created_at.eq(now.as_millis()),
            )
        })
        .collect();
    on_each!(conn, conn => diesel::insert_into(invitations::table).values(&rows).execute(conn)).map(drop)
}

/// An invitation is answered or taken back; false when there was none.
pub fn delete(conn: &mut Conn, id: ConversationId, user: UserId) -> QueryResult<bool> {
    diesel::delete(invitations::table.find((id.get(), user.get())))
        .execute(conn)
        .map(|rows| rows > 0)
}

/// Nobody is invited to a group any more. Gives who was.
pub fn delete_all(conn: &mut Conn, id: ConversationId) -> QueryResult<Vec<UserId>> {
    let people = everybody(conn, id)?;
    diesel::delete(invitations::table.filter(invitations::conversation_id.eq(id.get()))).execute(conn)?;
    Ok(people)
}

/// What one person has asked another one into goes. Gives to which groups.
pub fn delete_between(conn: &mut Conn, by: UserId, user: UserId) -> QueryResult<Vec<i64>> {
    let between = || {
        invitations::table
            .filter(invitations::by_id.eq(by.get()))
            .filter(invitations::user_id.eq(user.get()))
    };
    let ids = between()
        .order(invitations::conversation_id)
        .select(invitations::conversation_id)
        .load(conn)?;
    diesel::delete(between()).execute(conn)?;
    Ok(ids)
}

/// Some of what a person is asked into, or asks others into. Gives to which groups, and who was asked.
pub fn delete_some(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<Vec<(ConversationId, UserId)>> {
    let of_user = || {
        let is_asked = invitations::user_id.eq(user.get());
        invitations::table.filter(is_asked.or(invitations::by_id.eq(user.get())))
    };
    let rows: Vec<(i64, i64)> = of_user()
        .order((invitations::conversation_id, invitations::user_id))
        .limit(limit)
        .select((invitations::conversation_id, invitations::user_id))
        .load(conn)?;
    let Some((last, last_user)) = rows.last().copied() else {
        return Ok(Vec::new());
    };
    let in_last = invitations::conversation_id
        .eq(last)
        .and(invitations::user_id.le(last_user));
    diesel::delete(of_user().filter(invitations::conversation_id.lt(last).or(in_last))).execute(conn)?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|(id, user)| (ConversationId::new(id), UserId::new(user)))
        .collect())
}

/// A page of what somebody is invited to, the latest first, from below a moment and a group.
pub fn list(conn: &mut Conn, user: UserId, below: (i64, i64), limit: i64) -> QueryResult<Vec<InvitationRow>> {
    let (at, id) = below;
    invitations::table
        .filter(invitations::user_id.eq(user.get()))
        .filter(invitations::created_at.le(at))
        .filter(
            invitations::created_at
                .lt(at)
                .or(invitations::conversation_id.lt(id)),
        )
        .order((
            invitations::created_at.desc(),
            invitations::conversation_id.desc(),
        ))
        .limit(limit)
        .select(InvitationRow::as_select())
        .load(conn)
}

/// The key of [`list`].
pub fn list_key(row: &InvitationRow) -> (i64, i64) {
    (row.created_at, row.conversation_id)
}

/// A page of those who are invited to a group, the latest first, from below a moment and a person.
pub fn list_invitees(
    conn: &mut Conn,
    id: ConversationId,
    below: (i64, i64),
    limit: i64,
) -> QueryResult<Vec<InvitationRow>> {
    let (at, user) = below;
    invitations::table
        .filter(invitations::conversation_id.eq(id.get()))
        .filter(invitations::created_at.le(at))
        .filter(invitations::created_at.lt(at).or(invitations::user_id.lt(user)))
        .order((invitations::created_at.desc(), invitations::user_id.desc()))
        .limit(limit)
        .select(InvitationRow::as_select())
        .load(conn)
}

/// The key of [`list_invitees`].
pub fn invitees_key(row: &InvitationRow) -> (i64, i64) {
    (row.created_at, row.user_id)
}

/// Invitations of rows, in their order, for the one who is invited.
pub fn of_rows(conn: &mut Conn, user: UserId, rows: &[InvitationRow]) -> QueryResult<Vec<GroupInvitation>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.conversation_id).collect();
    let by: Vec<i64> = rows.iter().map(|row| row.by_id).collect();
    let groups: Vec<GroupRow> = super::of_ids(conn, &ids)?.into_values().collect();
    let groups = super::cards_of_rows(conn, user, &groups)?;
    let mut groups: HashMap<i64, _> = groups.into_iter().map(|card| (card.id.get(), card)).collect();
    let people = users::store::cards(conn, &by)?;
    Ok(rows
        .iter()
        .filter_map(|row| {
            Some(GroupInvitation {
                group: groups.remove(&row.conversation_id)?,
                by: people.get(&row.by_id)?.clone(),
                created_at: Timestamp::from_millis(row.created_at),
            })
        })
        .collect())
}

/// Invitations to some groups, for the one who is invited.
pub fn of_ids(conn: &mut Conn, user: UserId, ids: &[i64]) -> QueryResult<HashMap<i64, GroupInvitation>> {
    let rows: Vec<InvitationRow> = invitations::table
        .filter(invitations::user_id.eq(user.get()))
        .filter(invitations::conversation_id.among(ids))
        .select(InvitationRow::as_select())
        .load(conn)?;
    let invitations = of_rows(conn, user, &rows)?;
    let invitations = invitations.into_iter();
    Ok(invitations.map(|known| (known.group.id.get(), known)).collect())
}

/// Those who are invited, of rows, in their order.
pub fn invitees_of_rows(conn: &mut Conn, rows: &[InvitationRow]) -> QueryResult<Vec<Invitee>> {
    let people: Vec<i64> = rows.iter().flat_map(|row| [row.user_id, row.by_id]).collect();
    let people = users::store::cards(conn, &people)?;
    Ok(rows
        .iter()
        .filter_map(|row| {
            Some(Invitee {
                user: people.get(&row.user_id)?.clone(),
                by: people.get(&row.by_id)?.clone(),
                created_at: Timestamp::from_millis(row.created_at),
            })
        })
        .collect())
}
