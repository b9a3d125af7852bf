//! `policy::can_see` as SQL.

use diesel::dsl::{auto_type, exists};
use diesel::prelude::*;
use hearth_shared::ids::{Id, PostId, UserId};
use hearth_shared::posts::Audience;

use super::{PostRow, audience_id};
use crate::features::friends::store::blocks::{Hidden, hidden_from};
use crate::features::users::store_standing::active;
use crate::platform::db::{Conn, dialect};
use crate::schema::{friendships, posts, users};

/// A condition on `posts`: its author is here.
#[auto_type]
pub(crate) fn author_is_here() -> _ {
    exists(
        users::table
            .filter(users::id.eq(posts::author_id))
            .filter(active()),
    )
}

/// A condition on `posts`: not removed, its author is here, and `viewer` may see it.
///
/// Not boxed, so that it stands in joins as well.
#[auto_type]
pub(crate) fn visible_to(viewer: UserId) -> _ {
    let me: i64 = viewer.get();
    let everybody: i64 = audience_id(Audience::Public);
    let near: i64 = audience_id(Audience::Friends);
    let hidden: Hidden = hidden_from(viewer);
    let friends = exists(
        friendships::table
            .filter(friendships::user_id.eq(me))
            .filter(friendships::friend_id.eq(posts::author_id)),
    );
    let allowed = posts::author_id
        .eq(me)
        .or(posts::audience_id.eq(everybody))
        .or(posts::audience_id.eq(near).and(friends));
    posts::deleted_at
        .is_null()
        .and(allowed)
        .and(author_is_here())
        .and(posts::author_id.ne_all(hidden))
}

/// A post, if the viewer may see it.
pub fn find_visible(conn: &mut Conn, viewer: UserId, id: PostId) -> QueryResult<Option<PostRow>> {
    posts::table
        .filter(posts::id.eq(id.get()))
        .filter(visible_to(viewer))
        .select(PostRow::as_select())
        .first(conn)
        .optional()
}

/// A post that the viewer may see, locked until the end of the transaction. Looked at before, so that a
/// stranger cannot take the lock, and after, because it may have changed while the lock was waited for.
pub fn lock_visible(conn: &mut Conn, viewer: UserId, id: PostId) -> QueryResult<Option<PostRow>> {
    if find_visible(conn, viewer, id)?.is_none() {
        return Ok(None);
    }
    dialect::lock_post(conn, id.get())?;
    find_visible(conn, viewer, id)
}

/// As [`lock_visible`], together with the post that this one passes on, whose count follows it.
pub fn lock_visible_with_original(
    conn: &mut Conn,
    viewer: UserId,
    id: PostId,
) -> QueryResult<Option<PostRow>> {
    let Some(post) = find_visible(conn, viewer, id)? else {
        return Ok(None);
    };
    lock_with_original(conn, id, post.original())?;
    find_visible(conn, viewer, id)
}

/// Locks a post and the one that it passes on, which never changes.
pub fn lock_with_original(conn: &mut Conn, id: PostId, original: Option<PostId>) -> QueryResult<()> {
    let both: Vec<i64> = [Some(id), original].into_iter().flatten().map(Id::get).collect();
    dialect::lock_posts(conn, &both)
}
