//! Whom texts name, and that they are told of it.

use std::collections::BTreeSet;

use hearth_shared::ids::{CommentId, Id, PostId, UserId};
use hearth_shared::rich_text;

use crate::features::notifications;
use crate::features::posts::store::mentions::{self as store, Place};
use crate::platform::db::Tx;
use crate::platform::error::AppResult;

/// A post says this from now on.
///
/// # Errors
/// When the database fails.
pub fn of_post(tx: &mut Tx<'_>, post: PostId, author: UserId, body: &str) -> AppResult<()> {
    let names = rich_text::mentions(body);
    let before = store::people_in(tx.conn(), Place::Post, post.get())?;
    if names.is_empty() && before.is_empty() {
        return Ok(());
    }
    store::set(tx.conn(), Place::Post, post.get(), author, &names)?;
    let after = store::people_in(tx.conn(), Place::Post, post.get())?;
    let gone: Vec<UserId> = before.difference(&after).copied().collect();
    let new: Vec<UserId> = after.difference(&before).copied().collect();
    notifications::service::named_no_more(tx, post, author, &gone)?;
    notifications::service::named(tx, post, author, &new)
}

/// A comment says this from now on. Gives whom it names.
///
/// # Errors
/// When the database fails.
pub fn of_comment(
    tx: &mut Tx<'_>,
    comment: CommentId,
    author: UserId,
    body: &str,
) -> AppResult<BTreeSet<UserId>> {
    let names = rich_text::mentions(body);
    store::set(tx.conn(), Place::Comment, comment.get(), author, &names)?;
    Ok(store::people_in(tx.conn(), Place::Comment, comment.get())?)
}
