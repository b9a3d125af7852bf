//! Queries for taking out comments for good.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use hearth_shared::ids::{CommentId, Id, PostId, UserId};
use hearth_shared::time::Timestamp;

use crate::platform::db::Conn;
use crate::schema::{comment_edits, comment_reactions, comments};

type Placed = Vec<(CommentId, PostId)>;

/// In the order in which everybody locks posts.
fn placed(mut rows: Vec<(i64, i64)>) -> Placed {
    rows.sort_unstable_by_key(|(id, post)| (*post, *id));
    rows.into_iter()
        .map(|(id, post)| (CommentId::new(id), PostId::new(post)))
        .collect()
}

/// Some of a person's comments, removed or not.
pub fn comments_of(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<Placed> {
    comments::table
        .filter(comments::author_id.eq(user.get()))
        .order(comments::id)
        .limit(limit)
        .select((comments::id, comments::post_id))
        .load(conn)
        .map(placed)
}

/// Some of the comments that a person reacted to.
pub fn reacted_to(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<Placed> {
    comment_reactions::table
        .inner_join(comments::table)
        .filter(comment_reactions::user_id.eq(user.get()))
        .limit(limit)
        .select((comments::id, comments::post_id))
        .load(conn)
        .map(placed)
}

/// Some of the replies to a comment, removed or not.
pub fn replies_to(conn: &mut Conn, id: CommentId, limit: i64) -> QueryResult<Vec<CommentId>> {
    let ids: Vec<i64> = comments::table
        .filter(comments::parent_id.eq(id.get()))
        .limit(limit)
        .select(comments::id)
        .load(conn)?;
    Ok(ids.into_iter().map(CommentId::new).collect())
}

/// Some of the comments on a post: replies, or when there are none left, the others.
pub fn comments_on(conn: &mut Conn, post: PostId, limit: i64) -> QueryResult<Vec<CommentId>> {
    let of_post = || {
        comments::table
            .filter(comments::post_id.eq(post.get()))
            .limit(limit)
            .select(comments::id)
    };
    let mut ids: Vec<i64> = of_post().filter(comments::parent_id.is_not_null()).load(conn)?;
    if ids.is_empty() {
        ids = of_post().load(conn)?;
    }
    Ok(ids.into_iter().map(CommentId::new).collect())
}

/// Some of the comments that were removed before a moment and whose words are still there.
pub fn removed_before(conn: &mut Conn, before: Timestamp, limit: i64) -> QueryResult<Placed> {
    comments::table
        .filter(comments::deleted_at.lt(before.as_millis()))
        .filter(sql::<Bool>("comments.body <> ''"))
        .order(comments::deleted_at)
        .limit(limit)
        .select((comments::id, comments::post_id))
        .load(conn)
        .map(placed)
}

/// What comments say and said before is gone; that they were there stays.
pub fn blank(conn: &mut Conn, ids: &[i64]) -> QueryResult<()> {
    diesel::delete(comment_edits::table.filter(comment_edits::comment_id.eq_any(ids))).execute(conn)?;
    diesel::update(comments::table.filter(comments::id.eq_any(ids)))
        .set(comments::body.eq(""))
        .execute(conn)
        .map(drop)
}

/// Removes comments with their reactions and what they said before.
pub fn delete(conn: &mut Conn, ids: &[i64]) -> QueryResult<()> {
    diesel::delete(comment_reactions::table.filter(comment_reactions::comment_id.eq_any(ids)))
        .execute(conn)?;
    diesel::delete(comment_edits::table.filter(comment_edits::comment_id.eq_any(ids))).execute(conn)?;
    diesel::delete(comments::table.filter(comments::id.eq_any(ids)))
        .execute(conn)
        .map(drop)
}
