//! Queries on sessions.

use diesel::prelude::*;
use hearth_shared::ids::{Id, SessionId, UserId};
use hearth_shared::time::Timestamp;

use crate::platform::db::Conn;
use crate::schema::sessions;

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

/// Sessions that have ended since a moment.
pub fn ended_since(conn: &mut Conn, moment: Timestamp) -> QueryResult<Vec<SessionId>> {
    let ids: Vec<i64> = sessions::table
        .filter(sessions::ended_at.ge(moment.as_millis()))
        .select(sessions::id)
        .load(conn)?;
    Ok(ids.into_iter().map(SessionId::new).collect())
}

/// The newest id given.
pub fn latest_id(conn: &mut Conn) -> QueryResult<Option<i64>> {
    sessions::table.select(diesel::dsl::max(sessions::id)).first(conn)
}
