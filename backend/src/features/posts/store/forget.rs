//! Queries for taking out what somebody wrote, for good.

use diesel::prelude::*;
use hearth_shared::ids::{Id, PostId, UserId};

use crate::platform::db::Conn;
use crate::schema::{muted_posts, post_edits, post_reactions, post_tags, posts, saved_posts};

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

/// Removes some of what hangs on a post, but for its comments. Gives how many rows.
pub fn empty_post(conn: &mut Conn, post: PostId, limit: i64) -> QueryResult<usize> {
    /// Some rows of one table, by the column that tells those of a post apart.
    macro_rules! some_of {
        ($table:ident, $key:ident: $type:ty) => {{
            let of_post = || $table::table.filter($table::post_id.eq(post.get()));
            let keys: Vec<$type> = of_post().limit(limit).select($table::$key).load(conn)?;
            diesel::delete(of_post().filter($table::$key.eq_any(keys))).execute(conn)?
        }};
    }
    let mut gone = some_of!(post_reactions, user_id: i64);
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
