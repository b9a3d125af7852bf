//! Queries for taking out what somebody wrote, for good.

use diesel::prelude::*;
use hearth_shared::ids::{CommentId, Id, PostId, UserId};

use crate::platform::db::Conn;
use crate::schema::{comments, muted_posts, post_edits, post_reactions, post_tags, posts, saved_posts};

/// Some of a person's comments: id, post, whether it is shown.
pub fn comments_of(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<Vec<(i64, PostId, bool)>> {
    let mut rows: Vec<(i64, i64, Option<i64>)> = comments::table
        .filter(comments::author_id.eq(user.get()))
        .limit(limit)
        .select((comments::id, comments::post_id, comments::deleted_at))
        .load(conn)?;
    // The order in which everybody locks posts.
    rows.sort_unstable_by_key(|(_, post, _)| *post);
    Ok(rows
        .into_iter()
        .map(|(id, post, deleted)| (id, PostId::new(post), deleted.is_none()))
        .collect())
}

/// Removes a comment for good.
pub fn delete_comment(conn: &mut Conn, id: CommentId) -> QueryResult<()> {
    diesel::delete(comments::table.find(id.get()))
        .execute(conn)
        .map(drop)
}

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

/// The post that another one passes on.
pub fn original_of(conn: &mut Conn, post: PostId) -> QueryResult<Option<PostId>> {
    let id: Option<Option<i64>> = posts::table
        .find(post.get())
        .select(posts::shared_post_id)
        .first(conn)
        .optional()?;
    Ok(id.flatten().map(PostId::new))
}

/// Removes some of what hangs on a post. Gives how many rows.
pub fn empty_post(conn: &mut Conn, post: PostId, limit: i64) -> QueryResult<usize> {
    /// Some rows of one table, by the column that tells those of a post apart.
    macro_rules! some_of {
        ($table:ident, $key:ident: $type:ty) => {{
            let of_post = || $table::table.filter($table::post_id.eq(post.get()));
            let keys: Vec<$type> = of_post().limit(limit).select($table::$key).load(conn)?;
            diesel::delete(of_post().filter($table::$key.eq_any(keys))).execute(conn)?
        }};
    }
    let of_post = comments::table.filter(comments::post_id.eq(post.get()));
    let ids: Vec<i64> = of_post.limit(limit).select(comments::id).load(conn)?;
    let mut gone = diesel::delete(comments::table.filter(comments::id.eq_any(ids))).execute(conn)?;
    gone += some_of!(post_reactions, user_id: i64);
    gone += some_of!(post_edits, id: i64);
    gone += some_of!(post_tags, tag: String);
    gone += some_of!(saved_posts, user_id: i64);
    gone += some_of!(muted_posts, user_id: i64);
    Ok(gone)
}

/// Removes a post on which nothing hangs any more.
pub fn delete_post(conn: &mut Conn, post: PostId) -> QueryResult<()> {
    diesel::delete(posts::table.find(post.get()))
        .execute(conn)
        .map(drop)
}
