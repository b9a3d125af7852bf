//! Blocks: from the moment of COMMIT two people do not exist for each other. Who is blocked is never told.
//!
//! The rule of who is hidden from whom is [`store::hidden_from`]; every store that shows people, or what they
//! did, applies it.

use hearth_shared::blocks::BLOCKS_MAX;
use hearth_shared::ids::{FriendRequestId, Id, UserId};
use hearth_shared::problem::ErrorCode;

use super::service::{lock, tell_both};
use super::store as friends;
use super::store::blocks::{self as store, Kind};
use crate::features::{conversations, groups, notifications, users};
use crate::platform::db::{Conn, Outcome, Tx};
use crate::platform::error::AppResult;
use crate::platform::extract::Actor;
use crate::platform::realtime::bus::Notice;

/// Blocks a person: friendship, request and what the two were told of each other end with it. Doing so again
/// changes nothing.
///
/// Who is blocked by the other one does not see them, so the answer is the one for somebody who does not exist;
/// the block is kept all the same, and holds on when the other one takes theirs back: `Err` inside `Commit`.
///
/// # Errors
/// `self_block`, `not_found`, `too_many_blocks`.
pub fn block(tx: &mut Tx<'_>, actor: &Actor, other: UserId) -> AppResult<Outcome<Result<(), ErrorCode>>> {
    let me = actor.user_id;
    if me == other {
        return Err(ErrorCode::SelfBlock.into());
    }
    if !users::store::exists(tx.conn(), other)? {
        return Err(ErrorCode::NotFound.into());
    }
    lock(tx, me, other)?;
    let standing = store::standing(tx.conn(), me, other)?;
    let full = store::count(tx.conn(), me)? >= BLOCKS_MAX;
    let now = tx.now();
    match standing {
        Some(Kind::Mine) => Ok(Outcome::RollBack(Ok(()))),
        Some(Kind::Theirs) if !full => {
            store::update(tx.conn(), me, other, Kind::Quiet, Some(now))?;
            Ok(Outcome::Commit(Err(ErrorCode::NotFound)))
        }
        Some(Kind::Quiet | Kind::Theirs) => Err(ErrorCode::NotFound.into()),
        None if full => Err(ErrorCode::TooManyBlocks.into()),
        None => {
            store::insert(tx.conn(), me, other, now)?;
            end_everything(tx, me, other)?;
            Ok(Outcome::Commit(Ok(())))
        }
    }
}

fn end_everything(tx: &mut Tx<'_>, me: UserId, other: UserId) -> AppResult<()> {
    let pair = [me, other];
    let request = friends::find_between(tx.conn(), me, other)?;
    let were_friends = friends::delete_friendship(tx.conn(), me, other)?;
    if were_friends {
        users::service::friendship_ended(tx, pair)?;
    }
    // Also those who were no friends may have written to each other.
    conversations::service::requests::parted(tx, pair)?;
    if were_friends {
        groups::service::invitations::parted(tx, pair)?;
    }
    if let Some(row) = &request {
        friends::delete_request(tx.conn(), row.id)?;
    }
    if were_friends || request.is_some() {
        // To the other one it looks as if they were removed, or the request taken back.
        tell_both(tx, pair, request.map(|row| FriendRequestId::new(row.id)))?;
    }
    notifications::service::parted(tx, pair)?;
    if were_friends {
        tx.publish(Notice::Friendship { pair });
    }
    tx.publish(Notice::Hidden { by: me, other });
    Ok(())
}

/// Takes a block back. Who was not blocked stays as they are; the answer is the same.
///
/// # Errors
/// When the database fails.
pub fn unblock(tx: &mut Tx<'_>, actor: &Actor, other: UserId) -> AppResult<Outcome<()>> {
    let me = actor.user_id;
    lock(tx, me, other)?;
    match store::standing(tx.conn(), me, other)? {
        None | Some(Kind::Theirs) => return Ok(Outcome::RollBack(())),
        Some(Kind::Quiet) => store::update(tx.conn(), me, other, Kind::Theirs, None)?,
        Some(Kind::Mine) => match store::standing(tx.conn(), other, me)? {
            // They had blocked too, without being told: now it is theirs alone, and they see it.
            Some(Kind::Quiet) => {
                store::update(tx.conn(), other, me, Kind::Mine, None)?;
                store::update(tx.conn(), me, other, Kind::Theirs, None)?;
            }
            _ => {
                store::delete(tx.conn(), me, other)?;
                notifications::service::bond_changed(tx, [me, other])?;
            }
        },
    }
    tx.publish(Notice::Hidden { by: me, other });
    Ok(Outcome::Commit(()))
}

/// Fails for those who do not exist for the viewer, whoever blocked.
///
/// # Errors
/// `not_found`.
pub fn check(conn: &mut Conn, viewer: UserId, other: UserId) -> AppResult<()> {
    if store::is_hidden(conn, viewer, other)? {
        return Err(ErrorCode::NotFound.into());
    }
    Ok(())
}
