//! Comments that go for good, with an account or a post or a month after they were removed, and everything that hangs
//! on them.

use hearth_shared::ids::{CommentId, Id, PostId, UserId};

use super::comments::remove;
use crate::features::posts::store::comments::{self as store, CommentFacts};
use crate::features::posts::store::forget_comments as forget_store;
use crate::features::posts::store::mentions::{self, Place};
use crate::features::posts::store::reactions::of_comments;
use crate::features::posts::store::{any_author_of, author_of};
use crate::features::{admin, notifications};
use crate::platform::db::{Tx, dialect};
use crate::platform::error::AppResult;
use crate::platform::realtime::bus::Notice;
use hearth_shared::reports::ReportSubject;
use hearth_shared::time::Timestamp;

/// Rows that hang on a comment and go in one transaction at most.
const MANY: i64 = 200;

/// Some of a person's comments, and the replies to them. True: there may be more.
///
/// # Errors
/// When the database fails; as all of these.
pub fn comments(tx: &mut Tx<'_>, user: UserId, limit: i64) -> AppResult<bool> {
    let rows = forget_store::comments_of(tx.conn(), user, limit)?;
    for (id, post) in &rows {
        dialect::lock_post(tx.conn(), post.get())?;
        let comment = store::find_any(tx.conn(), *id)?;
        let author = any_author_of(tx.conn(), *post)?;
        if let (Some(comment), Some(author)) = (comment, author)
            && comment.removed_at.is_none()
        {
            let facts = CommentFacts {
                id: *id,
                post_id: *post,
                author: user,
                parent: comment.parent,
            };
            remove(tx, &facts, author, user)?;
        }
        // What is left of a long thread goes with the next call.
        let replies = forget_store::replies_to(tx.conn(), *id, MANY)?;
        if replies.is_empty() {
            erase(tx, *post, &[*id])?;
        } else {
            erase(tx, *post, &replies)?;
        }
    }
    Ok(!rows.is_empty())
}

/// Some of the comments on a post. True: there may be more.
///
/// # Errors
/// See [`comments`].
pub fn on_post(tx: &mut Tx<'_>, post: PostId, limit: i64) -> AppResult<bool> {
    let ids = forget_store::comments_on(tx.conn(), post, limit)?;
    erase(tx, post, &ids)?;
    Ok(!ids.is_empty())
}

/// Some of the comments that were removed before a moment: what they said goes, and with it what hangs on that. The
/// rows stay: the request that wrote one may come again and must not write it anew. Gives how many.
///
/// # Errors
/// See [`comments`].
pub fn removed(tx: &mut Tx<'_>, before: Timestamp, limit: i64) -> AppResult<usize> {
    let ids: Vec<CommentId> = forget_store::removed_before(tx.conn(), before, limit)?
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    let rows = told_of(tx, &ids)?;
    forget_store::blank(tx.conn(), &rows)?;
    Ok(ids.len())
}

/// Whom comments named, and what was reported. Gives their rows.
fn told_of(tx: &mut Tx<'_>, ids: &[CommentId]) -> AppResult<Vec<i64>> {
    let rows: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    mentions::delete(tx.conn(), Place::Comment, &rows)?;
    let subjects: Vec<ReportSubject> = ids.iter().copied().map(ReportSubject::Comment).collect();
    admin::reports::forget_about(tx, &subjects)?;
    Ok(rows)
}

/// Takes comments on which no replies hang out of every table.
fn erase(tx: &mut Tx<'_>, post: PostId, ids: &[CommentId]) -> AppResult<()> {
    let rows = told_of(tx, ids)?;
    notifications::service_forget::comments(tx, post, ids)?;
    forget_store::delete(tx.conn(), &rows)?;
    Ok(())
}

/// Some of a person's reactions to comments. True: there may be more.
///
/// # Errors
/// See [`comments`].
pub fn reactions(tx: &mut Tx<'_>, user: UserId, limit: i64) -> AppResult<bool> {
    let rows = forget_store::reacted_to(tx.conn(), user, limit)?;
    let now = tx.now();
    for (comment_id, post_id) in &rows {
        dialect::lock_post(tx.conn(), post_id.get())?;
        of_comments::set(tx.conn(), *comment_id, user, None, now)?;
        if author_of(tx.conn(), *post_id)?.is_some()
            && let Some(author) = store::author_of(tx.conn(), *comment_id)?
        {
            notifications::service::comment_reaction_gone(tx, author, *post_id, *comment_id, user)?;
        }
        tx.publish(Notice::Comment {
            post_id: *post_id,
            comment_id: *comment_id,
        });
    }
    Ok(!rows.is_empty())
}

/// Texts name a person no longer.
///
/// # Errors
/// See [`comments`].
pub fn mentions(tx: &mut Tx<'_>, user: UserId) -> AppResult<bool> {
    mentions::forget(tx.conn(), user)?;
    Ok(false)
}
