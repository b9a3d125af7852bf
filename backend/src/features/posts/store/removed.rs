//! Queries on posts that were removed and are still there: for a minute their authors can put them back.

use diesel::prelude::*;
use hearth_shared::ids::{Id, PostId, UserId};
use hearth_shared::time::Timestamp;

use crate::platform::db::Conn;
use crate::schema::posts;

/// A post that was removed.
pub struct Removed {
    /// When.
    pub at: Timestamp,
    /// The post that it passed on.
    pub original: Option<PostId>,
}

/// A post that its author has removed.
pub fn find(conn: &mut Conn, author: UserId, id: PostId) -> QueryResult<Option<Removed>> {
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

/// Some posts that were removed before a moment, the longest removed first.
pub fn before(conn: &mut Conn, moment: Timestamp, limit: i64) -> QueryResult<Vec<PostId>> {
    let ids: Vec<i64> = posts::table
        .filter(posts::deleted_at.lt(moment.as_millis()))
        .order(posts::deleted_at)
        .limit(limit)
        .select(posts::id)
        .load(conn)?;
    Ok(ids.into_iter().map(PostId::new).collect())
}
