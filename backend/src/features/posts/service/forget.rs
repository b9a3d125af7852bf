//! What somebody wrote and felt goes with their account. The counts of others' posts stay exact; whoever looks
//! at one of them is told.

use hearth_shared::ids::{CommentId, UserId};
use hearth_shared::realtime::frames::CommentGone;

use crate::features::posts::store::{
    add_to_comment_count, author_of, comments as comment_store, forget as store, reactions as reaction_store,
};
use crate::features::{notifications, search};
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
    dialect::lock_post(tx.conn(), post.get())?;
    if store::empty_post(tx.conn(), post, limit)? == 0 {
        store::delete_post(tx.conn(), post)?;
        search::service::post_changed(tx, post)?;
        tx.publish(Notice::Post(post));
    }
    Ok(true)
}
