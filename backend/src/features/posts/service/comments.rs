//! Writing, changing and removing comments.

use hearth_shared::ids::{CommentId, PostId};
use hearth_shared::posts::{Comment, CommentPatch, NewComment};
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::frames::CommentGone;
use hearth_shared::valid::Valid;

use super::lock_visible;
use crate::features::posts::store::comments as store;
use crate::features::posts::store::{PostRow, add_to_comment_count};
use crate::features::{friends, notifications};
use crate::platform::db::{Outcome, Tx};
use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::Actor;
use crate::platform::realtime::bus::Notice;
use crate::platform::reply::Created;

/// Writes a comment on a post that the caller may see; the same request again answers with the comment as it
/// is now, also when the post is hidden from the caller by then.
///
/// # Errors
/// `not_found`, `client_id_reused`.
pub fn create(
    tx: &mut Tx<'_>,
    actor: &Actor,
    post_id: PostId,
    new: &Valid<NewComment>,
) -> AppResult<Outcome<Created<Comment>>> {
    if let Some(earlier) = find_earlier(tx, actor, post_id, new)? {
        return Ok(Outcome::RollBack(Created::Existing(earlier)));
    }
    let author = lock_visible(tx, actor.user_id, post_id)?.author();
    let id: CommentId = tx.new_id();
    let now = tx.now();
    if !store::insert(tx.conn(), id, post_id, actor.user_id, new, now)? {
        let earlier = find_earlier(tx, actor, post_id, new)?.ok_or_else(AppError::unavailable)?;
        return Ok(Outcome::RollBack(Created::Existing(earlier)));
    }
    add_to_comment_count(tx.conn(), post_id, 1)?;
    notifications::service::commented(tx, author, post_id, id, actor.user_id)?;
    let comment = store::comment_of_id(tx.conn(), id)?;
    say(tx, &comment);
    Ok(Outcome::Commit(Created::New(comment)))
}

fn find_earlier(
    tx: &mut Tx<'_>,
    actor: &Actor,
    post: PostId,
    new: &Valid<NewComment>,
) -> AppResult<Option<Comment>> {
    match store::find_by_client_id(tx.conn(), actor.user_id, new.client_id.as_str())? {
        None => Ok(None),
        Some((_, hash, _)) if hash != store::hash_comment(post, new) => Err(ErrorCode::ClientIdReused.into()),
        Some((_, _, true)) => Err(ErrorCode::NotFound.into()),
        Some((id, _, false)) => Ok(Some(store::comment_of_id(tx.conn(), id)?)),
    }
}

/// Changes a comment.
///
/// # Errors
/// `not_found`, `forbidden` for everybody but its author.
pub fn edit(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: CommentId,
    patch: &Valid<CommentPatch>,
) -> AppResult<Outcome<Comment>> {
    let (comment, post) = lock_comment(tx, actor, id)?;
    if comment.author != actor.user_id {
        return Err(ErrorCode::Forbidden.into());
    }
    let before = store::comment_of_id(tx.conn(), id)?;
    if before.body == patch.body {
        return Ok(Outcome::RollBack(before));
    }
    let now = tx.now();
    store::update_body(tx.conn(), id, &patch.body, now)?;
    notifications::service::comment_changed(tx, post.author(), post.id(), id)?;
    let after = store::comment_of_id(tx.conn(), id)?;
    say(tx, &after);
    Ok(Outcome::Commit(after))
}

/// Removes a comment.
///
/// # Errors
/// `not_found`, `forbidden` for everybody but its author and the author of the post.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, id: CommentId) -> AppResult<Outcome<()>> {
    let (comment, post) = lock_comment(tx, actor, id)?;
    if actor.user_id != comment.author && actor.user_id != post.author() {
        return Err(ErrorCode::Forbidden.into());
    }
    let now = tx.now();
    store::delete(tx.conn(), id, now)?;
    add_to_comment_count(tx.conn(), post.id(), -1)?;
    let left = store::remaining(tx.conn(), post.id(), post.author(), comment.author)?;
    notifications::service::comment_gone(tx, post.author(), post.id(), comment.author, left)?;
    tx.publish(Notice::CommentGone(CommentGone {
        post_id: post.id(),
        comment_id: id,
    }));
    tx.publish(Notice::Post(post.id()));
    Ok(Outcome::Commit(()))
}

/// Tells those who watch the post.
fn say(tx: &mut Tx<'_>, comment: &Comment) {
    tx.publish(Notice::Comment {
        post_id: comment.post_id,
        comment_id: comment.id,
    });
    tx.publish(Notice::Post(comment.post_id));
}

/// A comment and its post, under the post's lock.
fn lock_comment(tx: &mut Tx<'_>, actor: &Actor, id: CommentId) -> AppResult<(store::CommentFacts, PostRow)> {
    let comment = store::find(tx.conn(), id)?.ok_or(ErrorCode::NotFound)?;
    friends::blocks::check(tx.conn(), actor.user_id, comment.author)?;
    let post = lock_visible(tx, actor.user_id, comment.post_id)?;
    // It may have been removed while the lock was waited for.
    let comment = store::find(tx.conn(), id)?.ok_or(ErrorCode::NotFound)?;
    Ok((comment, post))
}
