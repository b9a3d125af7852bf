//! Lists of posts, as ids; `hydrate` makes posts of them.

use diesel::prelude::*;
use hearth_shared::ids::{Id, UserId};
use hearth_shared::posts::Audience;

use super::audience_id;
use super::visible::visible_to;
use crate::features::friends;
use crate::platform::db::{Conn, dialect};
use crate::schema::posts;

/// Own and friends' posts, newest first, below an id.
pub fn feed(conn: &mut Conn, viewer: UserId, below: i64, limit: i64) -> QueryResult<Vec<i64>> {
    let mut authors = friends::store::friend_ids(conn, viewer)?;
    authors.push(viewer.get());
    // What friends may see, as `visible_to` has it.
    let audiences = [Audience::Public, Audience::Friends].map(audience_id);
    dialect::newest_posts(conn, viewer.get(), &authors, &audiences, below, limit)
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
