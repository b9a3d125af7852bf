//! What somebody wrote and felt goes with their account. The counts of others' posts stay exact; whoever looks
//! at one of them is told.

use hearth_shared::ids::{Id, PostId, UserId};
use hearth_shared::reports::ReportSubject;

use super::forget_comments;
use crate::features::posts::store::mentions::{self, Place};
use crate::features::posts::store::{author_of, forget as store, reactions as reaction_store};
use crate::features::{admin, notifications};
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
    dialect::lock_post(tx.conn(), post.get())?;
    if !forget_comments::on_post(tx, post, limit)? && store::empty_post(tx.conn(), post, limit)? == 0 {
        told_of(tx, post)?;
        store::delete_post(tx.conn(), post)?;
        tx.publish(Notice::Post(post));
    }
    Ok(true)
}

/// Whom a post named, what people were told of it, and what was reported.
fn told_of(tx: &mut Tx<'_>, post: PostId) -> AppResult<()> {
    mentions::delete(tx.conn(), Place::Post, &[post.get()])?;
    admin::reports::forget_about(tx, &[ReportSubject::Post(post)])?;
    notifications::service_forget::post(tx, post)
}
