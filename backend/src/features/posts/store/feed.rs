//! Lists of posts, as ids; `hydrate` makes posts of them.

use diesel::prelude::*;
use hearth_shared::ids::{Id, UserId};

use super::mutes;
use super::visible::visible_to;
use crate::features::friends;
use crate::platform::db::{Conn, dialect};
use crate::schema::posts;

/// Own and friends' posts, newest first, below an id; not of friends who are muted, and no muted posts of others.
///
/// Nobody who is hidden by a block is among the friends: a block ends the friendship in its own transaction, and
/// while it is there none can begin. Friends who are not here are left out by the list of friends.
pub fn feed(conn: &mut Conn, viewer: UserId, below: i64, limit: i64) -> QueryResult<Vec<i64>> {
    let mut authors = friends::store::friend_ids(conn, viewer)?;
    let muted = mutes::people_ids(conn, viewer)?;
    authors.retain(|author| !muted.contains(author));
    dialect::newest_posts(conn, viewer.get(), &authors, below, limit)
}

/// A person's posts that the viewer may see, newest first, below an id.
pub fn by_author(
    conn: &mut Conn,
    viewer: UserId,
    author: UserId,
    below: i64,
    limit: i64,
) -> QueryResult<Vec<i64>> {
    posts::table
        .filter(posts::author_id.eq(author.get()))
        .filter(posts::id.lt(below))
        .filter(visible_to(viewer))
        .order(posts::id.desc())
        .limit(limit)
        .select(posts::id)
        .load(conn)
}
