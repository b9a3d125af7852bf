//! Setting and taking back reactions. A person has one reaction to a post or comment at most; the counts change with
//! it, under the post's lock.

use hearth_shared::ids::{CommentId, PostId};
use hearth_shared::posts::{ReactionCounts, ReactionKind, Reactions};

use super::lock_visible;
use crate::features::notifications;
use crate::features::posts::store::reactions::{self as store, of_comments};
use crate::platform::db::{Outcome, Tx};
use crate::platform::error::AppResult;
use crate::platform::extract::Actor;
use crate::platform::realtime::bus::Notice;

/// Makes `wanted` the caller's reaction to a post; `None` takes it back. Repeating it changes nothing.
///
/// # Errors
/// `not_found`.
pub fn set(
    tx: &mut Tx<'_>,
    actor: &Actor,
    post: PostId,
    wanted: Option<ReactionKind>,
) -> AppResult<Outcome<Reactions>> {
    let (me, now) = (actor.user_id, tx.now());
    let author = lock_visible(tx, me, post)?.author();
    let before = store::set(tx.conn(), post, me, wanted, now)?;
    let reactions = store::counts(tx.conn(), post)?;
    match (before, wanted) {
        (None, Some(_)) => notifications::service::reacted(tx, author, post, me)?,
        (Some(_), None) => notifications::service::reaction_gone(tx, author, post, me)?,
        _ => {}
    }
    if before != wanted {
        tx.publish(Notice::Post(post));
    }
    Ok(settled(reactions, before, wanted))
}

/// The same for a comment.
///
/// # Errors
/// `not_found`.
pub fn set_on_comment(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: CommentId,
    wanted: Option<ReactionKind>,
) -> AppResult<Outcome<Reactions>> {
    let (me, now) = (actor.user_id, tx.now());
    let (comment, post) = super::comments::lock_comment(tx, actor, id)?;
    let (author, post) = (comment.author, post.id());
    let before = of_comments::set(tx.conn(), id, me, wanted, now)?;
    let reactions = of_comments::counts(tx.conn(), id)?;
    match (before, wanted) {
        (None, Some(_)) => notifications::service::comment_reacted(tx, author, post, id, me)?,
        (Some(_), None) => notifications::service::comment_reaction_gone(tx, author, post, id, me)?,
        _ => {}
    }
    if before != wanted {
        tx.publish(Notice::Comment {
            post_id: post,
            comment_id: id,
        });
    }
    Ok(settled(reactions, before, wanted))
}

fn settled(
    reactions: ReactionCounts,
    before: Option<ReactionKind>,
    wanted: Option<ReactionKind>,
) -> Outcome<Reactions> {
    let answer = Reactions {
        reactions,
        my_reaction: wanted,
    };
    if before == wanted {
        Outcome::RollBack(answer)
    } else {
        Outcome::Commit(answer)
    }
}
