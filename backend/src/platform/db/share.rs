//! Locks that several hold at once: what they rest on stays until their transactions end. SQLite has one writer and needs none.

use diesel::prelude::*;

use super::among::AmongIds;
use super::conn::Conn;

/// Holds the friendships of a person with some others until the end of the transaction: whoever ends one waits for that.
/// Gives how many there are.
///
/// # Errors
/// When the query fails.
pub fn share_friendships(conn: &mut Conn, user: i64, others: &[i64]) -> QueryResult<usize> {
    use crate::schema::friendships;
    let theirs = friendships::table
        .filter(friendships::user_id.eq(user))
        .filter(friendships::friend_id.among(others))
        .select(friendships::friend_id);
    let found: Vec<i64> = match conn {
        Conn::Sqlite(conn) => theirs.load(conn)?,
        Conn::Postgres(conn) => theirs.for_share().load(conn)?,
    };
    Ok(found.len())
}
