//! Queries on posts that people keep for later.

use diesel::prelude::*;
use hearth_shared::ids::{Id, PostId, UserId};
use hearth_shared::time::Timestamp;

use super::visible::visible_to;
use crate::platform::db::{Conn, dialect};
use crate::schema::{posts, saved_posts};

/// Keeps a post; false when it is kept already.
pub fn insert(conn: &mut Conn, user: UserId, post: PostId, now: Timestamp) -> QueryResult<bool> {
    dialect::insert_once(conn, |conn| {
        diesel::insert_into(saved_posts::table)
            .values((
                saved_posts::user_id.eq(user.get()),
                saved_posts::post_id.eq(post.get()),
                saved_posts::saved_at.eq(now.as_millis()),
            ))
            .execute(conn)
    })
}

/// Keeps a post no longer; false when it was not kept.
pub fn delete(conn: &mut Conn, user: UserId, post: PostId) -> QueryResult<bool> {
    let gone = diesel::delete(saved_posts::table.find((user.get(), post.get()))).execute(conn)?;
    Ok(gone > 0)
}

/// The posts that a person keeps and may see, the latest kept first, after (moment, id).
pub fn list(
    conn: &mut Conn,
    user: UserId,
    after: Option<(i64, i64)>,
    limit: i64,
) -> QueryResult<Vec<(i64, i64)>> {
    let mut query = saved_posts::table
        .inner_join(posts::table)
        .filter(saved_posts::user_id.eq(user.get()))
        .filter(visible_to(user))
        .into_boxed();
    if let Some((at, id)) = after {
        let same = saved_posts::saved_at.eq(at).and(saved_posts::post_id.lt(id));
        query = query.filter(saved_posts::saved_at.lt(at).or(same));
    }
    query
        .order((saved_posts::saved_at.desc(), saved_posts::post_id.desc()))
        .limit(limit)
        .select((saved_posts::saved_at, saved_posts::post_id))
        .load(conn)
}

/// Forgets some of what a person keeps; gives how many rows went.
pub fn delete_some(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<usize> {
    let of_user = || saved_posts::table.filter(saved_posts::user_id.eq(user.get()));
    let ids: Vec<i64> = of_user().limit(limit).select(saved_posts::post_id).load(conn)?;
    diesel::delete(of_user().filter(saved_posts::post_id.eq_any(ids))).execute(conn)
}
