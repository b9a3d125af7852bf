//! What somebody wrote and felt goes with their account. The counts of others' posts stay exact; whoever looks
//! at one of them is told.

use hearth_shared::ids::{Id, PostId, UserId};
use hearth_shared::reports::ReportSubject;
use hearth_shared::time::Timestamp;

use super::forget_comments;
use crate::features::posts::store::mentions::{self, Place};
use crate::features::posts::store::{
    add_to_share_count, author_of, forget as store, mutes, reactions as reaction_store, removed, saved,
    visible,
};
use crate::features::{admin, media, notifications, search};
use crate::platform::db::{Tx, dialect};
use crate::platform::error::AppResult;
use crate::platform::realtime::bus::Notice;

/// Some of a person's reactions. True: there may be more.
///
/// # Errors
/// When the database fails; as all of these.
pub fn reactions(tx: &mut Tx<'_>, user: UserId, limit: i64) -> AppResult<bool> {
    let posts = store::reacted_to(tx.conn(), user, limit)?;
    let now = tx.now();
    for post in &posts {
        dialect::lock_post(tx.conn(), post.get())?;
        reaction_store::set(tx.conn(), *post, user, None, now)?;
        if let Some(author) = author_of(tx.conn(), *post)? {
            notifications::service::reaction_gone(tx, author, *post, user)?;
        }
        tx.publish(Notice::Post(*post));
    }
    Ok(!posts.is_empty())
}

/// A person's oldest post, with what others left on it: at most so many rows at once. True: there may be more.
///
/// # Errors
/// See [`reactions`].
pub fn posts(tx: &mut Tx<'_>, user: UserId, limit: i64) -> AppResult<bool> {
    let Some(post) = store::oldest_of(tx.conn(), user)? else {
        return Ok(false);
    };
    purge(tx, post, limit)?;
    Ok(true)
}

/// Some of a post that was removed before a moment; `None` when there is none, true when it is gone whole.
///
/// # Errors
/// See [`reactions`].
pub fn removed(tx: &mut Tx<'_>, before: Timestamp, limit: i64) -> AppResult<Option<bool>> {
    match removed::longest(tx.conn(), before)? {
        Some(post) => purge(tx, post, limit).map(Some),
        None => Ok(None),
    }
}

/// Takes some of what hangs on a post, and in the end the post. True: it is gone.
fn purge(tx: &mut Tx<'_>, post: PostId, limit: i64) -> AppResult<bool> {
    let original = store::original_of(tx.conn(), post)?;
    visible::lock_with_original(tx.conn(), post, original)?;
    if forget_comments::on_post(tx, post, limit)? || store::empty_post(tx.conn(), post, limit)? > 0 {
        return Ok(false);
    }
    let was_there = author_of(tx.conn(), post)?.is_some();
    told_of(tx, post)?;
    media::service::forget_post(tx, post)?;
    store::delete_post(tx.conn(), post)?;
    search::service::post_changed(tx, post)?;
    tx.publish(Notice::Post(post));
    if let Some(original) = original.filter(|_| was_there) {
        add_to_share_count(tx.conn(), original, -1)?;
        tx.publish(Notice::Post(original));
    }
    Ok(true)
}

/// Whom a post named, what people were told of it, and what was reported.
fn told_of(tx: &mut Tx<'_>, post: PostId) -> AppResult<()> {
    mentions::delete(tx.conn(), Place::Post, &[post.get()])?;
    admin::reports::forget_about(tx, &[ReportSubject::Post(post)])?;
    notifications::service_forget::post(tx, post)
}

/// Some of what a person keeps for themselves, and of others' mutes of them. True: there may be more.
///
/// # Errors
/// See [`reactions`].
pub fn kept(tx: &mut Tx<'_>, user: UserId, limit: i64) -> AppResult<bool> {
    let gone = saved::delete_some(tx.conn(), user, limit)? + mutes::delete_some(tx.conn(), user, limit)?;
    Ok(gone > 0)
}
