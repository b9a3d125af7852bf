//! What somebody wrote and felt goes with their account. The counts of others' posts stay exact; whoever looks
//! at one of them is told.

use hearth_shared::ids::{CommentId, PostId, UserId};
use hearth_shared::realtime::frames::CommentGone;
use hearth_shared::time::Timestamp;

use crate::features::posts::store::{
    add_to_comment_count, add_to_share_count, author_of, comments as comment_store, forget as store, mutes,
    reactions as reaction_store, removed, saved, visible,
};
use crate::features::{media, notifications, search};
use crate::platform::db::{Tx, dialect};
use crate::platform::error::AppResult;
use crate::platform::realtime::bus::Notice;
use hearth_shared::ids::Id;

/// Some of a person's comments. True: there may be more.
///
/// # Errors
/// When the database fails; as all of these.
pub fn comments(tx: &mut Tx<'_>, user: UserId, limit: i64) -> AppResult<bool> {
    let rows = store::comments_of(tx.conn(), user, limit)?;
    for (id, post, shown) in &rows {
        dialect::lock_post(tx.conn(), post.get())?;
        store::delete_comment(tx.conn(), CommentId::new(*id))?;
        let Some(author) = author_of(tx.conn(), *post)?.filter(|_| *shown) else {
            continue;
        };
        add_to_comment_count(tx.conn(), *post, -1)?;
        let left = comment_store::remaining(tx.conn(), *post, author, user)?;
        notifications::service::comment_gone(tx, author, *post, user, left)?;
        tx.publish(Notice::CommentGone(CommentGone {
            post_id: *post,
            comment_id: CommentId::new(*id),
        }));
        tx.publish(Notice::Post(*post));
    }
    Ok(!rows.is_empty())
}

/// Some of a person's reactions. True: there may be more.
///
/// # Errors
/// See [`comments`].
pub fn reactions(tx: &mut Tx<'_>, user: UserId, limit: i64) -> AppResult<bool> {
    let posts = store::reacted_to(tx.conn(), user, limit)?;
    for post in &posts {
        dialect::lock_post(tx.conn(), post.get())?;
        let kind = reaction_store::find(tx.conn(), *post, user)?;
        reaction_store::delete(tx.conn(), *post, user)?;
        if let Some(kind) = kind {
            reaction_store::add_to_count(tx.conn(), *post, kind, -1)?;
        }
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
/// See [`comments`].
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
/// See [`comments`].
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
    if store::empty_post(tx.conn(), post, limit)? > 0 {
        return Ok(false);
    }
    let was_there = author_of(tx.conn(), post)?.is_some();
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

/// Some of what a person keeps for themselves, and of others' mutes of them. True: there may be more.
///
/// # Errors
/// See [`comments`].
pub fn kept(tx: &mut Tx<'_>, user: UserId, limit: i64) -> AppResult<bool> {
    let gone = saved::delete_some(tx.conn(), user, limit)? + mutes::delete_some(tx.conn(), user, limit)?;
    Ok(gone > 0)
}
