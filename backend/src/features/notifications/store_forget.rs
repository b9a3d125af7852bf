//! Queries for taking somebody out of what people were told.

use diesel::prelude::*;
use hearth_shared::ids::{Id, NotificationId, UserId};

use crate::platform::db::Conn;
use crate::schema::{notification_actors as actors, notification_marks as marks, notifications};

/// Removes some of what a person was told. Gives how many rows.
pub fn delete_own(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<usize> {
    let ids: Vec<i64> = notifications::table
        .filter(notifications::user_id.eq(user.get()))
        .limit(limit)
        .select(notifications::id)
        .load(conn)?;
    delete_rows(conn, &ids)
}

/// Removes some notifications.
pub fn delete(conn: &mut Conn, told: &[(UserId, NotificationId)]) -> QueryResult<()> {
    let ids: Vec<i64> = told.iter().map(|(_, id)| id.get()).collect();
    delete_rows(conn, &ids).map(drop)
}

fn delete_rows(conn: &mut Conn, ids: &[i64]) -> QueryResult<usize> {
    diesel::delete(actors::table.filter(actors::notification_id.eq_any(ids))).execute(conn)?;
    diesel::delete(notifications::table.filter(notifications::id.eq_any(ids))).execute(conn)
}

/// Some notifications of others that name a person: recipient and id, in the order in which streams are locked.
pub fn acted_in(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<Vec<(UserId, NotificationId)>> {
    let mut rows: Vec<(i64, i64)> = actors::table
        .inner_join(notifications::table)
        .filter(actors::actor_id.eq(user.get()))
        .limit(limit)
        .select((notifications::user_id, notifications::id))
        .load(conn)?;
    rows.sort_unstable();
    Ok(rows
        .into_iter()
        .map(|(user, id)| (UserId::new(user), NotificationId::new(id)))
        .collect())
}

/// Removes what says up to where a person has seen what they were told.
pub fn delete_mark(conn: &mut Conn, user: UserId) -> QueryResult<()> {
    diesel::delete(marks::table.find(user.get()))
        .execute(conn)
        .map(drop)
}
