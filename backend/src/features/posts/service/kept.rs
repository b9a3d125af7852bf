//! What people keep for themselves: posts for later, and of whom and of what they want to hear no more. Nobody else
//! is told; one's other devices read anew where that changes what they show.

use hearth_shared::ids::{PostId, UserId};
use hearth_shared::problem::ErrorCode;

use super::lock_visible;
use crate::features::posts::store::{mutes, saved};
use crate::features::{friends, users};
use crate::platform::db::{Outcome, Tx};
use crate::platform::error::AppResult;
use crate::platform::extract::Actor;
use crate::platform::realtime::bus::Notice;

/// Keeps a post for later.
///
/// # Errors
/// `not_found`.
pub fn save(tx: &mut Tx<'_>, actor: &Actor, post: PostId) -> AppResult<Outcome<()>> {
    // Under its lock, so that it is not purged in this moment.
    lock_visible(tx, actor.user_id, post)?;
    let now = tx.now();
    Ok(outcome(saved::insert(tx.conn(), actor.user_id, post, now)?))
}

/// Keeps a post no longer, also one that is not there any more.
///
/// # Errors
/// When the database fails.
pub fn unsave(tx: &mut Tx<'_>, actor: &Actor, post: PostId) -> AppResult<Outcome<()>> {
    Ok(outcome(saved::delete(tx.conn(), actor.user_id, post)?))
}

/// Wants to hear no more of a post.
///
/// # Errors
/// `not_found`.
pub fn mute_post(tx: &mut Tx<'_>, actor: &Actor, post: PostId) -> AppResult<Outcome<()>> {
    lock_visible(tx, actor.user_id, post)?;
    let now = tx.now();
    let changed = mutes::insert_post(tx.conn(), actor.user_id, post, now)?;
    Ok(reread(tx, actor, changed))
}

/// Wants to hear of a post again.
///
/// # Errors
/// When the database fails.
pub fn unmute_post(tx: &mut Tx<'_>, actor: &Actor, post: PostId) -> AppResult<Outcome<()>> {
    let changed = mutes::delete_post(tx.conn(), actor.user_id, post)?;
    Ok(reread(tx, actor, changed))
}

/// Wants to hear no more of a person, who stays a friend.
///
/// # Errors
/// `self_mute`, `not_found`.
pub fn mute_person(tx: &mut Tx<'_>, actor: &Actor, other: UserId) -> AppResult<Outcome<()>> {
    let me = actor.user_id;
    if me == other {
        return Err(ErrorCode::SelfMute.into());
    }
    if !users::store::exists(tx.conn(), other)? {
        return Err(ErrorCode::NotFound.into());
    }
    friends::blocks::check(tx.conn(), me, other)?;
    let now = tx.now();
    let changed = mutes::insert_person(tx.conn(), me, other, now)?;
    Ok(reread(tx, actor, changed))
}

/// Wants to hear of a person again.
///
/// # Errors
/// When the database fails.
pub fn unmute_person(tx: &mut Tx<'_>, actor: &Actor, other: UserId) -> AppResult<Outcome<()>> {
    let changed = mutes::delete_person(tx.conn(), actor.user_id, other)?;
    Ok(reread(tx, actor, changed))
}

fn reread(tx: &mut Tx<'_>, actor: &Actor, changed: bool) -> Outcome<()> {
    if changed {
        tx.publish(Notice::Reread(actor.user_id));
    }
    outcome(changed)
}

fn outcome(changed: bool) -> Outcome<()> {
    if changed {
        Outcome::Commit(())
    } else {
        Outcome::RollBack(())
    }
}
