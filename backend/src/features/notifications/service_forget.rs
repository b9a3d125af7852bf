//! What somebody was told, and what others were told of them, goes with their account.

use hearth_shared::ids::{CommentId, NotificationId, PostId, UserId};

use super::store::groups;
use super::{preferences, service, store_forget};
use crate::platform::db::Tx;
use crate::platform::error::AppResult;

/// Recipients whose lists are changed in one transaction at most.
const RECIPIENTS: i64 = 10;

/// Some of it. True: there may be more.
///
/// # Errors
/// When the database fails.
pub fn forget(tx: &mut Tx<'_>, user: UserId, limit: i64) -> AppResult<bool> {
    if store_forget::delete_own(tx.conn(), user, limit)? > 0 {
        return Ok(true);
    }
    let acted = store_forget::acted_in(tx.conn(), user, RECIPIENTS)?;
    for (recipient, id) in &acted {
        service::forget_actor(tx, *recipient, *id, user)?;
    }
    if acted.is_empty() {
        store_forget::delete_mark(tx.conn(), user)?;
        preferences::forget(tx, user)?;
    }
    Ok(!acted.is_empty())
}

/// What people were told of comments that go for good: their replies and reactions.
///
/// # Errors
/// When the database fails.
pub fn comments(tx: &mut Tx<'_>, post: PostId, ids: &[CommentId]) -> AppResult<()> {
    let told = groups::of_comments(tx.conn(), post, ids)?;
    erase(tx, &told)
}

/// What people were told of a post that goes for good, and of what was on it.
///
/// # Errors
/// When the database fails.
pub fn post(tx: &mut Tx<'_>, post: PostId) -> AppResult<()> {
    let told = groups::of_post(tx.conn(), post)?;
    erase(tx, &told)
}

fn erase(tx: &mut Tx<'_>, told: &[(UserId, NotificationId)]) -> AppResult<()> {
    service::lock_and_say(tx, told)?;
    Ok(store_forget::delete(tx.conn(), told)?)
}
