//! Queries for taking out what somebody wrote, for good.

use diesel::prelude::*;
use hearth_shared::ids::{Id, PostId, UserId};

use crate::platform::db::Conn;
use crate::schema::{post_edits, post_reactions, posts};

/// Some of the posts that a person reacted to.
pub fn reacted_to(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<Vec<PostId>> {
    let mut posts: Vec<i64> = post_reactions::table
        .filter(post_reactions::user_id.eq(user.get()))
        .limit(limit)
        .select(post_reactions::post_id)
        .load(conn)?;
    posts.sort_unstable();
    Ok(posts.into_iter().map(PostId::new).collect())
}

/// A person's oldest post, removed or not.
pub fn oldest_of(conn: &mut Conn, user: UserId) -> QueryResult<Option<PostId>> {
    let id: Option<i64> = posts::table
        .filter(posts::author_id.eq(user.get()))
        .order(posts::id)
        .select(posts::id)
        .first(conn)
        .optional()?;
    Ok(id.map(PostId::new))
}

/// Removes some of what hangs on a post, but for its comments. Gives how many rows.
pub fn empty_post(conn: &mut Conn, post: PostId, limit: i64) -> QueryResult<usize> {
    let of_post = || post_reactions::table.filter(post_reactions::post_id.eq(post.get()));
    let people: Vec<i64> = of_post()
        .limit(limit)
        .select(post_reactions::user_id)
        .load(conn)?;
    let mut gone = diesel::delete(of_post().filter(post_reactions::user_id.eq_any(people))).execute(conn)?;
    let of_post = post_edits::table.filter(post_edits::post_id.eq(post.get()));
    let ids: Vec<i64> = of_post.limit(limit).select(post_edits::id).load(conn)?;
    gone += diesel::delete(post_edits::table.filter(post_edits::id.eq_any(ids))).execute(conn)?;
    Ok(gone)
}

/// Removes a post on which nothing hangs any more.
pub fn delete_post(conn: &mut Conn, post: PostId) -> QueryResult<()> {
    diesel::delete(posts::table.find(post.get()))
        .execute(conn)
        .map(drop)
}
