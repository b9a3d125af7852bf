//! Queries on invitations.

use diesel::prelude::*;
use hearth_shared::auth::Invitation;
use hearth_shared::ids::{Id, InvitationId, UserId};
use hearth_shared::time::Timestamp;

use crate::platform::db::Conn;
use crate::schema::invitations;

/// A new row.
pub struct NewRow<'a> {
    /// Its id.
    pub id: InvitationId,
    /// Who invites.
    pub inviter: UserId,
    /// What is kept of the token.
    pub hash: &'a [u8],
    /// A reminder to whoever invites.
    pub note: &'a str,
    /// Now.
    pub created_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// Writes an invitation.
pub fn insert(conn: &mut Conn, new: &NewRow<'_>) -> QueryResult<()> {
    diesel::insert_into(invitations::table)
        .values((
            invitations::id.eq(new.id.get()),
            invitations::inviter_id.eq(new.inviter.get()),
            invitations::hash.eq(new.hash),
            invitations::note.eq(new.note),
            invitations::created_at.eq(new.created_at.as_millis()),
            invitations::expires_at.eq(new.expires_at.as_millis()),
        ))
        .execute(conn)
        .map(drop)
}

/// A person's open invitations, the newest first.
pub fn open(conn: &mut Conn, inviter: UserId, now: Timestamp, limit: i64) -> QueryResult<Vec<Invitation>> {
    let rows: Vec<(i64, String, i64, i64)> = invitations::table
        .filter(invitations::inviter_id.eq(inviter.get()))
        .filter(invitations::used_at.is_null())
        .filter(invitations::expires_at.gt(now.as_millis()))
        .order(invitations::id.desc())
        .limit(limit)
        .select((
            invitations::id,
            invitations::note,
            invitations::created_at,
            invitations::expires_at,
        ))
        .load(conn)?;
    let invitation = |(id, note, created_at, expires_at)| Invitation {
        id: InvitationId::new(id),
        note,
        created_at: Timestamp::from_millis(created_at),
        expires_at: Timestamp::from_millis(expires_at),
    };
    Ok(rows.into_iter().map(invitation).collect())
}

/// Removes an open invitation of somebody; false when there is none.
pub fn revoke(conn: &mut Conn, inviter: UserId, id: InvitationId, now: Timestamp) -> QueryResult<bool> {
    let own = invitations::table
        .find(id.get())
        .filter(invitations::inviter_id.eq(inviter.get()))
        .filter(invitations::used_at.is_null())
        .filter(invitations::expires_at.gt(now.as_millis()));
    diesel::delete(own).execute(conn).map(|rows| rows > 0)
}

/// Whether an invitation is good.
pub fn is_good(conn: &mut Conn, hash: &[u8], now: Timestamp) -> QueryResult<bool> {
    let good = invitations::table
        .filter(invitations::hash.eq(hash))
        .filter(invitations::used_at.is_null())
        .filter(invitations::expires_at.gt(now.as_millis()));
    diesel::select(diesel::dsl::exists(good)).get_result(conn)
}

/// Uses an invitation for a guest; false when it is not good, or somebody has used it in the meantime.
pub fn spend(conn: &mut Conn, hash: &[u8], guest: UserId, now: Timestamp) -> QueryResult<bool> {
    let good = invitations::table
        .filter(invitations::hash.eq(hash))
        .filter(invitations::used_at.is_null())
        .filter(invitations::expires_at.gt(now.as_millis()));
    diesel::update(good)
        .set((
            invitations::used_by.eq(guest.get()),
            invitations::used_at.eq(now.as_millis()),
        ))
        .execute(conn)
        .map(|rows| rows > 0)
}

/// Removes what nobody has used in time. Gives how many.
pub fn delete_expired(conn: &mut Conn, now: Timestamp, limit: i64) -> QueryResult<usize> {
    let ids: Vec<i64> = invitations::table
        .filter(invitations::used_at.is_null())
        .filter(invitations::expires_at.le(now.as_millis()))
        .limit(limit)
        .select(invitations::id)
        .load(conn)?;
    diesel::delete(invitations::table.filter(invitations::id.eq_any(ids))).execute(conn)
}

/// Removes what somebody has invited with, and that they were invited.
pub fn forget(conn: &mut Conn, user: UserId) -> QueryResult<()> {
    diesel::delete(
        invitations::table.filter(
            invitations::inviter_id
                .eq(user.get())
                .or(invitations::used_by.eq(user.get())),
        ),
    )
    .execute(conn)
    .map(drop)
}

/// The newest id given.
pub fn latest_id(conn: &mut Conn) -> QueryResult<Option<i64>> {
    invitations::table
        .select(diesel::dsl::max(invitations::id))
        .first(conn)
}
