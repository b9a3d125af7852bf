//! Writing, changing, removing and putting back comments.

use std::collections::BTreeSet;

use hearth_shared::ids::{CommentId, Id, PostId, UserId};
use hearth_shared::posts::{Comment, CommentPatch, NewComment, RESTORE_MILLIS};
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::frames::CommentGone;
use hearth_shared::valid::Valid;

use super::{lock_visible, mentions};
use crate::features::friends;
use crate::features::notifications::service::{self as news, Said};
use crate::features::posts::store::comments as store;
use crate::features::posts::store::mentions::{self as mention_store, Place};
use crate::features::posts::store::{PostRow, add_to_comment_count, visible};
use crate::platform::db::{Conn, Outcome, Tx};
use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::Actor;
use crate::platform::realtime::bus::Notice;
use crate::platform::reply::Created;

/// Writes a comment on a post that the caller may see, or a reply to one; the same request again answers with the
/// comment as it is now, also when the post is hidden from the caller by then.
///
/// # Errors
/// `not_found`, `client_id_reused`.
pub fn create(
    tx: &mut Tx<'_>,
    actor: &Actor,
    post_id: PostId,
    new: &Valid<NewComment>,
) -> AppResult<Outcome<Created<Comment>>> {
    let me = actor.user_id;
    if let Some(earlier) = find_earlier(tx, actor, post_id, new)? {
        return Ok(Outcome::RollBack(Created::Existing(earlier)));
    }
    let post = lock_visible(tx, me, post_id)?;
    let parent = match new.parent_id {
        Some(id) => Some(answered(tx, me, post_id, id)?),
        None => None,
    };
    let parent_id = parent.map(|(id, _)| id);
    let id: CommentId = tx.new_id();
    let now = tx.now();
    if !store::insert(tx.conn(), id, (post_id, parent_id), me, new, now)? {
        let earlier = find_earlier(tx, actor, post_id, new)?.ok_or_else(AppError::unavailable)?;
        return Ok(Outcome::RollBack(Created::Existing(earlier)));
    }
    add_to_comment_count(tx.conn(), post_id, 1)?;
    if let Some(parent) = parent_id {
        store::add_to_reply_count(tx.conn(), parent, 1)?;
    }
    let named = mentions::of_comment(tx, id, me, &new.body)?;
    news::written(tx, &said(&post, id, parent, me, named))?;
    say(tx, post_id, id, parent_id);
    let comment = store::comment_of_id(tx.conn(), Some(me), id)?;
    Ok(Outcome::Commit(Created::New(comment)))
}

/// The comment under which an answer is filed, and whose it is.
fn answered(tx: &mut Tx<'_>, viewer: UserId, post: PostId, id: CommentId) -> AppResult<(CommentId, UserId)> {
    let comment = find_visible(tx.conn(), viewer, id)?;
    if comment.post_id != post {
        return Err(ErrorCode::NotFound.into());
    }
    Ok(comment.parent.unwrap_or((comment.id, comment.author)))
}

fn said(
    post: &PostRow,
    comment: CommentId,
    parent: Option<(CommentId, UserId)>,
    by: UserId,
    mentioned: BTreeSet<UserId>,
) -> Said {
    Said {
        post: post.id(),
        post_author: post.author(),
        comment,
        parent,
        by,
        mentioned: mentioned.into_iter().collect(),
    }
}

fn find_earlier(
    tx: &mut Tx<'_>,
    actor: &Actor,
    post: PostId,
    new: &Valid<NewComment>,
) -> AppResult<Option<Comment>> {
    let me = actor.user_id;
    match store::find_by_client_id(tx.conn(), me, new.client_id.as_str())? {
        None => Ok(None),
        Some((_, hash, _)) if hash != store::hash_comment(post, new) => Err(ErrorCode::ClientIdReused.into()),
        Some((_, _, true)) => Err(ErrorCode::NotFound.into()),
        Some((id, _, false)) => Ok(Some(store::comment_of_id(tx.conn(), Some(me), id)?)),
    }
}

/// Changes a comment; what it said is kept.
///
/// # Errors
/// `not_found`, `forbidden` for everybody but its author.
pub fn edit(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: CommentId,
    patch: &Valid<CommentPatch>,
) -> AppResult<Outcome<Comment>> {
    let me = actor.user_id;
    let (comment, post) = lock_comment(tx, actor, id)?;
    if comment.author != me {
        return Err(ErrorCode::Forbidden.into());
    }
    let body = store::body_of(tx.conn(), id)?;
    if body == patch.body {
        let unchanged = store::comment_of_id(tx.conn(), Some(me), id)?;
        return Ok(Outcome::RollBack(unchanged));
    }
    let now = tx.now();
    let edit_id = tx.new_id::<CommentId>().get();
    store::update_body(tx.conn(), id, (edit_id, &body), &patch.body, now)?;
    let before = mention_store::people_in(tx.conn(), Place::Comment, id.get())?;
    let after = mentions::of_comment(tx, id, me, &patch.body)?;
    let told = |mentioned| said(&post, id, comment.parent, me, mentioned);
    news::rewritten(tx, &told(before), &told(after))?;
    tx.publish(Notice::Comment {
        post_id: post.id(),
        comment_id: id,
    });
    tx.publish(Notice::Post(post.id()));
    let comment = store::comment_of_id(tx.conn(), Some(me), id)?;
    Ok(Outcome::Commit(comment))
}

/// Removes a comment, and the replies to it.
///
/// # Errors
/// `not_found`, `forbidden` for everybody but its author and the author of the post.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, id: CommentId) -> AppResult<Outcome<()>> {
    let (comment, post) = lock_comment(tx, actor, id)?;
    if actor.user_id != comment.author && actor.user_id != post.author() {
        return Err(ErrorCode::Forbidden.into());
    }
    remove(tx, &comment, post.author(), actor.user_id)?;
    Ok(Outcome::Commit(()))
}

/// Takes a comment out, with its replies. The post is locked.
pub(super) fn remove(
    tx: &mut Tx<'_>,
    comment: &store::CommentFacts,
    post_author: UserId,
    by: UserId,
) -> AppResult<()> {
    let post_id = comment.post_id;
    let gone = all_of(tx, comment, post_author)?;
    let now = tx.now();
    let replies = store::remove(tx.conn(), comment.id, by, now)?;
    add_to_comment_count(tx.conn(), post_id, -1 - replies)?;
    if let Some((parent, _)) = comment.parent {
        store::add_to_reply_count(tx.conn(), parent, -1)?;
        tx.publish(Notice::Comment {
            post_id,
            comment_id: parent,
        });
    }
    news::removed(tx, post_id, &gone)?;
    tx.publish(Notice::CommentGone(CommentGone {
        post_id,
        comment_id: comment.id,
    }));
    tx.publish(Notice::Post(post_id));
    Ok(())
}

/// Puts back a comment that the caller wrote and has just removed themselves, with the replies that went with it; of one
/// that is there nothing changes. What somebody else has removed stays removed.
///
/// # Errors
/// `not_found`, also when it was removed too long ago.
pub fn restore(tx: &mut Tx<'_>, actor: &Actor, id: CommentId) -> AppResult<Outcome<Comment>> {
    let me = actor.user_id;
    let own = |tx: &mut Tx<'_>| -> AppResult<store::AnyComment> {
        let found = store::find_any(tx.conn(), id)?.filter(|comment| comment.author == me);
        Ok(found.ok_or(ErrorCode::NotFound)?)
    };
    let post = own(tx)?.post_id;
    let post = lock_visible(tx, me, post)?;
    // It may have been put back, or removed again, while the lock was waited for.
    let comment = own(tx)?;
    if let Some((parent, _)) = comment.parent {
        find_visible(tx.conn(), me, parent)?;
    }
    let Some(removed_at) = comment.removed_at else {
        let there = store::comment_of_id(tx.conn(), Some(me), id)?;
        return Ok(Outcome::RollBack(there));
    };
    let since = tx.now().as_millis() - removed_at.as_millis();
    if comment.removed_by != Some(me) || since > i64::from(RESTORE_MILLIS) {
        return Err(ErrorCode::NotFound.into());
    }
    let replies = store::restore(tx.conn(), id)?;
    add_to_comment_count(tx.conn(), post.id(), 1 + replies)?;
    let parent = comment.parent.map(|(parent, _)| parent);
    if let Some(parent) = parent {
        store::add_to_reply_count(tx.conn(), parent, 1)?;
    }
    let facts = store::CommentFacts {
        id,
        post_id: post.id(),
        author: me,
        parent: comment.parent,
    };
    let back = all_of(tx, &facts, post.author())?;
    news::restored(tx, post.id(), &back)?;
    say(tx, post.id(), id, parent);
    let comment = store::comment_of_id(tx.conn(), Some(me), id)?;
    Ok(Outcome::Commit(comment))
}

/// A comment and the replies to it, as they are told to people.
fn all_of(tx: &mut Tx<'_>, comment: &store::CommentFacts, post_author: UserId) -> AppResult<Vec<Said>> {
    let mut all = vec![(comment.id, comment.author, comment.parent)];
    if comment.parent.is_none() {
        let parent = Some((comment.id, comment.author));
        let replies = store::replies_to(tx.conn(), comment.id)?;
        all.extend(replies.into_iter().map(|(id, author)| (id, author, parent)));
    }
    let ids: Vec<i64> = all.iter().map(|(id, ..)| id.get()).collect();
    let mut named = mention_store::people_in_each(tx.conn(), Place::Comment, &ids)?;
    let said = |(comment_id, by, parent): (CommentId, UserId, Option<(CommentId, UserId)>)| Said {
        post: comment.post_id,
        post_author,
        comment: comment_id,
        parent,
        by,
        mentioned: named
            .remove(&comment_id.get())
            .unwrap_or_default()
            .into_iter()
            .collect(),
    };
    Ok(all.into_iter().map(said).collect())
}

/// Tells those who watch the post.
fn say(tx: &mut Tx<'_>, post_id: PostId, id: CommentId, parent: Option<CommentId>) {
    for comment_id in [Some(id), parent].into_iter().flatten() {
        tx.publish(Notice::Comment { post_id, comment_id });
    }
    tx.publish(Notice::Post(post_id));
}

/// A comment that exists for somebody who may see its post: its author does, and the author of the one that it answers.
fn find_visible(conn: &mut Conn, viewer: UserId, id: CommentId) -> AppResult<store::CommentFacts> {
    let comment = store::find(conn, id)?.ok_or(ErrorCode::NotFound)?;
    friends::blocks::check(conn, viewer, comment.author)?;
    if let Some((_, author)) = comment.parent {
        friends::blocks::check(conn, viewer, author)?;
    }
    Ok(comment)
}

/// A comment that somebody may see.
///
/// # Errors
/// `not_found`.
pub fn visible_to(conn: &mut Conn, viewer: UserId, id: CommentId) -> AppResult<store::CommentFacts> {
    let comment = find_visible(conn, viewer, id)?;
    visible::find_visible(conn, viewer, comment.post_id)?.ok_or(ErrorCode::NotFound)?;
    Ok(comment)
}

/// A comment and its post, under the post's lock.
pub(super) fn lock_comment(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: CommentId,
) -> AppResult<(store::CommentFacts, PostRow)> {
    let comment = find_visible(tx.conn(), actor.user_id, id)?;
    let post = lock_visible(tx, actor.user_id, comment.post_id)?;
    // It may have been removed while the lock was waited for.
    let comment = find_visible(tx.conn(), actor.user_id, id)?;
    Ok((comment, post))
}
