//! Queries on sessions.

use diesel::prelude::*;
use hearth_shared::ids::{Id, SessionId, UserId};
use hearth_shared::time::Timestamp;

use crate::features::users::store_standing::{Standing, StandingRow, active};
use crate::platform::db::Conn;
use crate::schema::{sessions, users};

/// A session.
#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct SessionRow {
    user_id: i64,
    /// The hash of the token that is good now.
    pub refresh_hash: Vec<u8>,
    /// The hash of the one before.
    pub previous_hash: Option<Vec<u8>>,
    /// When that one was exchanged.
    pub rotated_at: i64,
    /// When the session ends at the latest.
    pub expires_at: i64,
    /// When it was ended.
    pub ended_at: Option<i64>,
}

impl SessionRow {
    /// Whose it is.
    pub fn user(&self) -> UserId {
        UserId::new(self.user_id)
    }
}

/// A new row of `sessions`.
pub struct NewSession<'a> {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// The hash of its first token.
    pub refresh_hash: Vec<u8>,
    /// The browser or program, as it calls itself.
    pub user_agent: &'a str,
    /// Now.
    pub created_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

/// Writes a session.
pub fn insert(conn: &mut Conn, new: &NewSession<'_>) -> QueryResult<()> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(new.id.get()),
            sessions::user_id.eq(new.user.get()),
            sessions::refresh_hash.eq(&new.refresh_hash),
            sessions::generation.eq(0_i64),
            sessions::user_agent.eq(new.user_agent),
            sessions::created_at.eq(new.created_at.as_millis()),
            sessions::rotated_at.eq(new.created_at.as_millis()),
            sessions::expires_at.eq(new.expires_at.as_millis()),
        ))
        .execute(conn)
        .map(drop)
}

/// A session, living or not.
pub fn find(conn: &mut Conn, id: SessionId) -> QueryResult<Option<SessionRow>> {
    sessions::table
        .find(id.get())
        .select(SessionRow::as_select())
        .first(conn)
        .optional()
}

/// How a session stands that is asked for with every request.
#[derive(Debug, Clone, Copy)]
pub struct Living {
    /// Whose it is.
    pub user: UserId,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// How its person's account stands.
    pub standing: Standing,
}

/// A session that has not been ended, and its person.
pub fn find_living(conn: &mut Conn, id: SessionId) -> QueryResult<Option<Living>> {
    let row: Option<(i64, i64, StandingRow)> = sessions::table
        .inner_join(users::table)
        .filter(sessions::id.eq(id.get()))
        .filter(sessions::ended_at.is_null())
        .select((
            sessions::user_id,
            sessions::expires_at,
            StandingRow::as_select(),
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(user, expires_at, row)| Living {
        user: UserId::new(user),
        expires_at: Timestamp::from_millis(expires_at),
        standing: row.standing(),
    }))
}

/// Puts the next token in the place of the present one; false when somebody else did so first, or the session
/// has ended.
pub fn rotate(
    conn: &mut Conn,
    id: SessionId,
    present: &[u8],
    next: &[u8],
    generation: u32,
    now: Timestamp,
) -> QueryResult<bool> {
    diesel::update(
        sessions::table
            .find(id.get())
            .filter(sessions::refresh_hash.eq(present))
            .filter(sessions::ended_at.is_null()),
    )
    .set((
        sessions::refresh_hash.eq(next),
        sessions::previous_hash.eq(present),
        sessions::generation.eq(i64::from(generation)),
        sessions::rotated_at.eq(now.as_millis()),
    ))
    .execute(conn)
    .map(|rows| rows > 0)
}

/// Ends a session.
pub fn end(conn: &mut Conn, id: SessionId, now: Timestamp) -> QueryResult<()> {
    diesel::update(
        sessions::table
            .find(id.get())
            .filter(sessions::ended_at.is_null()),
    )
    .set(sessions::ended_at.eq(now.as_millis()))
    .execute(conn)
    .map(drop)
}

/// Ends all but the newest sessions of a person.
pub fn end_oldest(conn: &mut Conn, user: UserId, keep: i64, now: Timestamp) -> QueryResult<()> {
    let living = sessions::table
        .filter(sessions::user_id.eq(user.get()))
        .filter(sessions::ended_at.is_null());
    let oldest_kept: Option<i64> = living
        .order(sessions::id.desc())
        .offset(keep - 1)
        .select(sessions::id)
        .first(conn)
        .optional()?;
    let Some(oldest_kept) = oldest_kept else {
        return Ok(());
    };
    diesel::update(
        sessions::table
            .filter(sessions::user_id.eq(user.get()))
            .filter(sessions::ended_at.is_null())
            .filter(sessions::id.lt(oldest_kept)),
    )
    .set(sessions::ended_at.eq(now.as_millis()))
    .execute(conn)
    .map(drop)
}

/// Those of some sessions that may go on: not ended, not too old, of somebody who is here.
pub fn living_among(conn: &mut Conn, ids: &[i64], now: Timestamp) -> QueryResult<Vec<SessionId>> {
    let living: Vec<i64> = sessions::table
        .inner_join(users::table)
        .filter(sessions::id.eq_any(ids))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now.as_millis()))
        .filter(active())
        .select(sessions::id)
        .load(conn)?;
    Ok(living.into_iter().map(SessionId::new).collect())
}

/// A session in a list.
pub struct LivingRow {
    /// Which.
    pub id: SessionId,
    /// The browser or program, as it calls itself.
    pub user_agent: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last refreshed.
    pub used_at: Timestamp,
}

/// A person's living sessions, the newest first.
pub fn living_of(
    conn: &mut Conn,
    user: UserId,
    now: Timestamp,
    limit: i64,
) -> QueryResult<Vec<LivingRow>> {
    let rows: Vec<(i64, String, i64, i64)> = sessions::table
        .filter(sessions::user_id.eq(user.get()))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now.as_millis()))
        .order(sessions::id.desc())
        .limit(limit)
        .select((
            sessions::id,
            sessions::user_agent,
            sessions::created_at,
            sessions::rotated_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, user_agent, created_at, used_at)| LivingRow {
            id: SessionId::new(id),
            user_agent,
            created_at: Timestamp::from_millis(created_at),
            used_at: Timestamp::from_millis(used_at),
        })
        .collect())
}

/// Ends all of a person's sessions. Gives those that lived.
pub fn end_all(conn: &mut Conn, user: UserId, now: Timestamp) -> QueryResult<Vec<SessionId>> {
    let of_user = || {
        sessions::table
            .filter(sessions::user_id.eq(user.get()))
            .filter(sessions::ended_at.is_null())
    };
    let ids: Vec<i64> = of_user().select(sessions::id).load(conn)?;
    diesel::update(sessions::table.filter(sessions::id.eq_any(&ids)))
        .set(sessions::ended_at.eq(now.as_millis()))
        .execute(conn)?;
    Ok(ids.into_iter().map(SessionId::new).collect())
}

/// Ends all of a person's sessions but one. Gives those that lived.
pub fn end_others(
    conn: &mut Conn,
    user: UserId,
    keep: Option<SessionId>,
    now: Timestamp,
) -> QueryResult<Vec<SessionId>> {
    let ids: Vec<i64> = sessions::table
        .filter(sessions::user_id.eq(user.get()))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::id.ne(keep.map_or(0, Id::get)))
        .select(sessions::id)
        .load(conn)?;
    diesel::update(sessions::table.filter(sessions::id.eq_any(&ids)))
        .set(sessions::ended_at.eq(now.as_millis()))
        .execute(conn)?;
    Ok(ids.into_iter().map(SessionId::new).collect())
}

/// Ends a person's session; false when they have no such living one.
pub fn end_own(
    conn: &mut Conn,
    user: UserId,
    id: SessionId,
    idle_since: Timestamp,
    now: Timestamp,
) -> QueryResult<bool> {
    let living = sessions::table
        .find(id.get())
        .filter(sessions::user_id.eq(user.get()))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now.as_millis()))
        .filter(sessions::rotated_at.gt(idle_since.as_millis()));
    diesel::update(living)
        .set(sessions::ended_at.eq(now.as_millis()))
        .execute(conn)
        .map(|rows| rows > 0)
}

/// Removes sessions that were ended, or could not be used any more, before a moment. Gives how many.
pub fn delete_ended(conn: &mut Conn, before: Timestamp, limit: i64) -> QueryResult<usize> {
    let before = before.as_millis();
    let mut ids: Vec<i64> = sessions::table
        .filter(sessions::ended_at.lt(before))
        .limit(limit)
        .select(sessions::id)
        .load(conn)?;
    let expired: Vec<i64> = sessions::table
        .filter(sessions::expires_at.lt(before))
        .limit(limit)
        .select(sessions::id)
        .load(conn)?;
    ids.extend(expired);
    diesel::delete(sessions::table.filter(sessions::id.eq_any(ids))).execute(conn)
}

/// Removes some of a person's sessions. Gives how many.
pub fn delete_some(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<usize> {
    let ids: Vec<i64> = sessions::table
        .filter(sessions::user_id.eq(user.get()))
        .order(sessions::id)
        .limit(limit)
        .select(sessions::id)
        .load(conn)?;
    diesel::delete(sessions::table.filter(sessions::id.eq_any(ids))).execute(conn)
}

/// The newest id given.
pub fn latest_id(conn: &mut Conn) -> QueryResult<Option<i64>> {
    sessions::table.select(diesel::dsl::max(sessions::id)).first(conn)
}
