//! Setting and taking back reactions. A person has one reaction to a post at most; the counts change with it,
//! under the post's lock.

use hearth_shared::ids::PostId;
use hearth_shared::posts::{ReactionKind, Reactions};

use super::lock_visible;
use crate::features::notifications;
use crate::features::posts::store::reactions as store;
use crate::platform::db::{Outcome, Tx};
use crate::platform::error::AppResult;
use crate::platform::extract::Actor;
use crate::platform::realtime::bus::Notice;

/// Makes `wanted` the caller's reaction; `None` takes it back. Repeating it changes nothing.
///
/// # Errors
/// `not_found`.
pub fn set(
    tx: &mut Tx<'_>,
    actor: &Actor,
    post: PostId,
    wanted: Option<ReactionKind>,
) -> AppResult<Outcome<Reactions>> {
    let me = actor.user_id;
    let author = lock_visible(tx, me, post)?.author();
    let before = store::find(tx.conn(), post, me)?;
    if before == wanted {
        let reactions = store::counts(tx.conn(), post)?;
        return Ok(Outcome::RollBack(Reactions {
            reactions,
            my_reaction: wanted,
        }));
    }
    let now = tx.now();
    match (before, wanted) {
        (None, Some(kind)) => store::insert(tx.conn(), post, me, kind, now)?,
        (Some(_), Some(kind)) => store::update(tx.conn(), post, me, kind, now)?,
        (_, None) => store::delete(tx.conn(), post, me)?,
    }
    match (before, wanted) {
        (None, Some(_)) => notifications::service::reacted(tx, author, post, me)?,
        (Some(_), None) => notifications::service::reaction_gone(tx, author, post, me)?,
        _ => {}
    }
    tx.publish(Notice::Post(post));
    if let Some(kind) = before {
        store::add_to_count(tx.conn(), post, kind, -1)?;
    }
    if let Some(kind) = wanted {
        store::add_to_count(tx.conn(), post, kind, 1)?;
    }
    let reactions = store::counts(tx.conn(), post)?;
    Ok(Outcome::Commit(Reactions {
        reactions,
        my_reaction: wanted,
    }))
}
