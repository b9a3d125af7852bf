//! Pictures and films of posts: which stand beside one, and in which order.

use std::collections::HashMap;

use hearth_shared::ids::{Id, MediaId, PostId, UserId};
use hearth_shared::posts::MEDIA_MAX;
use hearth_shared::problem::FieldCode;

use crate::features::media::store::MediaRow;
use crate::features::media::store::beside_posts as store;
use crate::features::posts;
use crate::platform::db::{Conn, Tx, dialect};
use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::Actor;
use crate::platform::realtime::bus::Notice;

/// Makes these what stands beside a post, in this order: up to ten pictures, or one film alone, which its author has
/// uploaded and which stand nowhere else. What stood there before and does so no more belongs to nothing, and is
/// cleared away after a day. Tells whether anything changed. Call it under the post's lock; people are locked here.
///
/// # Errors
/// `validation_failed` for `media_ids`, the same for somebody else's and for one that never was.
pub fn attach(tx: &mut Tx<'_>, owner: UserId, post: PostId, ids: &[MediaId]) -> AppResult<bool> {
    let before = store::ids_of(tx.conn(), post)?;
    let wanted: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    if before == wanted {
        return Ok(false);
    }
    // Nobody attaches the same elsewhere, or removes it, between the look and the change.
    dialect::lock_people(tx.conn(), [owner.get(), owner.get()])?;
    let found = store::offered(tx.conn(), owner, post, &wanted)?;
    if found.len() != wanted.len() {
        return Err(refused(
            "each must be uploaded by you, and stand beside no other post",
        ));
    }
    if wanted.len() > MEDIA_MAX || (wanted.len() > 1 && found.iter().any(MediaRow::is_film)) {
        return Err(refused("at most 10 pictures, or one film alone"));
    }
    let gone: Vec<i64> = before.into_iter().filter(|id| !wanted.contains(id)).collect();
    let now = tx.now();
    store::replace(tx.conn(), post, &wanted, &gone, now)?;
    Ok(true)
}

fn refused(message: &str) -> AppError {
    AppError::field("media_ids", FieldCode::NotOffered, message)
}

/// What stands beside some posts, of each in its order: one query, however many there are. What has nothing is not
/// in it.
///
/// # Errors
/// When the database fails.
pub fn of_posts(conn: &mut Conn, posts: &[PostId]) -> AppResult<HashMap<PostId, Vec<MediaRow>>> {
    let ids: Vec<i64> = posts.iter().map(|id| id.get()).collect();
    let beside = store::of_posts(conn, &ids)?;
    Ok(beside
        .into_iter()
        .map(|(post, rows)| (PostId::new(post), rows))
        .collect())
}

/// A post goes for good: what stood beside it belongs to nothing, and is cleared away after a day. Of one that was
/// only marked as removed it stays, until the day is over in which it may come back.
///
/// # Errors
/// When the database fails.
pub fn forget_post(tx: &mut Tx<'_>, post: PostId) -> AppResult<()> {
    let gone = store::ids_of(tx.conn(), post)?;
    let now = tx.now();
    Ok(store::replace(tx.conn(), post, &[], &gone, now)?)
}

/// Something that stood beside a post was removed: whoever looks at the post is told; one of which nothing is left is
/// removed.
pub(super) fn lost_one(tx: &mut Tx<'_>, actor: &Actor, post: PostId) -> AppResult<()> {
    if store::is_empty(tx.conn(), post)? {
        posts::service::posts::delete(tx, actor, post)?;
    } else {
        tx.publish(Notice::Post(post));
    }
    Ok(())
}
