//! Queries on posts that were removed and are still there: for a minute their authors can put them back.

use diesel::prelude::*;
use hearth_shared::ids::{Id, PostId, UserId};
use hearth_shared::time::Timestamp;

use super::visible;
use crate::platform::db::Conn;
use crate::schema::posts;

/// A post that was removed.
pub struct Removed {
    /// When.
    pub at: Timestamp,
    /// The post that it passed on.
    pub original: Option<PostId>,
}

/// A post that its author has removed, locked until the end of the transaction with the one that it passes on. Looked
/// at before, as [`visible::lock_visible`] does, and after: it may have been put back while the lock was waited for.
/// Nothing that was not locked is given: of a post that was there a moment ago, and was removed since, there is none.
pub fn lock(conn: &mut Conn, author: UserId, id: PostId) -> QueryResult<Option<Removed>> {
    let Some(removed) = find(conn, author, id)? else {
        return Ok(None);
    };
    visible::lock_with_original(conn, id, removed.original)?;
    find(conn, author, id)
}

fn find(conn: &mut Conn, author: UserId, id: PostId) -> QueryResult<Option<Removed>> {
    let row: Option<(i64, Option<i64>)> = posts::table
        .find(id.get())
        .filter(posts::author_id.eq(author.get()))
        .filter(posts::deleted_at.is_not_null())
        .select((posts::deleted_at.assume_not_null(), posts::shared_post_id))
        .first(conn)
        .optional()?;
    Ok(row.map(|(at, original)| Removed {
        at: Timestamp::from_millis(at),
        original: original.map(PostId::new),
    }))
}

/// Marks a post as removed, or, without a moment, as there again.
pub fn set(conn: &mut Conn, id: PostId, at: Option<Timestamp>) -> QueryResult<()> {
    diesel::update(posts::table.find(id.get()))
        .set(posts::deleted_at.eq(at.map(|at| at.as_millis())))
        .execute(conn)
        .map(drop)
}

/// The post that was removed first, if that was before a moment.
pub fn longest(conn: &mut Conn, before: Timestamp) -> QueryResult<Option<PostId>> {
    let id: Option<i64> = posts::table
        .filter(posts::deleted_at.lt(before.as_millis()))
        .order(posts::deleted_at)
        .select(posts::id)
        .first(conn)
        .optional()?;
    Ok(id.map(PostId::new))
}
