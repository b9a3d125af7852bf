//! The rules between two people. Blocks have their own module.

use std::collections::HashMap;

use hearth_shared::friends::{FriendRequest, NewFriendRequest, OPEN_REQUESTS_MAX, RequestStatus};
use hearth_shared::ids::{FriendRequestId, Id, UserId};
use hearth_shared::privacy::Reach;
use hearth_shared::problem::ErrorCode;
use hearth_shared::valid::Valid;

use super::store::blocks::{self, Kind as Block};
use super::store::{self, RequestRow};
use crate::features::realtime::service as streams;
use crate::features::realtime::store::Kind;
use crate::features::{conversations, groups, notifications, privacy, users};
use crate::platform::db::{Conn, Outcome, Tx, dialect};
use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::Actor;
use crate::platform::realtime::bus::Notice;
use crate::platform::reply::Created;

/// Asks a person. When they have asked already, the two become friends: `Existing`, accepted.
///
/// # Errors
/// `self_request`, `not_found`, `person_blocked`, `already_friends`, `already_requested`, `requests_not_accepted`,
/// `too_many_open_requests`.
pub fn request(
    tx: &mut Tx<'_>,
    actor: &Actor,
    new: &Valid<NewFriendRequest>,
) -> AppResult<Outcome<Created<FriendRequest>>> {
    let (me, other) = (actor.user_id, new.user_id);
    if me == other {
        return Err(ErrorCode::SelfRequest.into());
    }
    if !users::store::exists(tx.conn(), other)? {
        return Err(ErrorCode::NotFound.into());
    }
    lock(tx, me, other)?;
    match blocks::standing(tx.conn(), me, other)? {
        None => {}
        Some(Block::Mine) => return Err(ErrorCode::PersonBlocked.into()),
        Some(Block::Quiet | Block::Theirs) => return Err(ErrorCode::NotFound.into()),
    }
    if store::are_friends(tx.conn(), me, other)? {
        return Err(ErrorCode::AlreadyFriends.into());
    }
    match store::find_between(tx.conn(), me, other)? {
        Some(row) if row.from() == me => Err(ErrorCode::AlreadyRequested.into()),
        Some(row) => {
            befriend(tx, &row)?;
            let accepted = show(tx, me, row, RequestStatus::Accepted)?;
            Ok(Outcome::Commit(Created::Existing(accepted)))
        }
        None => {
            check_accepts(tx, me, other)?;
            if store::count_outgoing(tx.conn(), me)? >= OPEN_REQUESTS_MAX {
                return Err(ErrorCode::TooManyOpenRequests.into());
            }
            let id: FriendRequestId = tx.new_id();
            let created_at = tx.now().as_millis();
            let row = RequestRow {
                id: id.get(),
                from_id: me.get(),
                to_id: other.get(),
                created_at,
            };
            if !store::insert_request(tx.conn(), &row)? {
                return Err(ErrorCode::AlreadyRequested.into());
            }
            tell_both(tx, [me, other], Some(id))?;
            notifications::service::asked(tx, other, id, me)?;
            let pending = show(tx, me, row, RequestStatus::Pending)?;
            Ok(Outcome::Commit(Created::New(pending)))
        }
    }
}

/// Fails when a person takes no requests from somebody.
fn check_accepts(tx: &mut Tx<'_>, me: UserId, other: UserId) -> AppResult<()> {
    let reach = privacy::store::of(tx.conn(), other)?.friend_requests;
    if is_reached(tx.conn(), reach, me, other)? {
        Ok(())
    } else {
        Err(ErrorCode::RequestsNotAccepted.into())
    }
}

/// Whether something of a person's that reaches so far reaches somebody who is no friend.
///
/// # Errors
/// When the database fails.
pub fn is_reached(conn: &mut Conn, reach: Reach, me: UserId, other: UserId) -> AppResult<bool> {
    let mutual = match reach {
        Reach::FriendsOfFriends => store::mutual_counts(conn, me, &[other.get()])?,
        Reach::Everyone | Reach::Nobody => HashMap::new(),
    };
    let shared = mutual.get(&other.get()).copied().unwrap_or(0);
    Ok(privacy::service::reaches(reach, shared))
}

/// Accepts a request that was sent to the caller.
///
/// # Errors
/// `not_found` for everybody else, and when it is gone.
pub fn accept(tx: &mut Tx<'_>, actor: &Actor, id: FriendRequestId) -> AppResult<Outcome<()>> {
    let row = pending(tx, id, |row| row.to() == actor.user_id)?;
    befriend(tx, &row)?;
    Ok(Outcome::Commit(()))
}

/// Declines a request that was sent to the caller.
///
/// # Errors
/// As [`accept`].
pub fn decline(tx: &mut Tx<'_>, actor: &Actor, id: FriendRequestId) -> AppResult<Outcome<()>> {
    let row = pending(tx, id, |row| row.to() == actor.user_id)?;
    withdraw(tx, &row)?;
    Ok(Outcome::Commit(()))
}

/// Takes back a request that the caller sent.
///
/// # Errors
/// As [`accept`].
pub fn cancel(tx: &mut Tx<'_>, actor: &Actor, id: FriendRequestId) -> AppResult<Outcome<()>> {
    let row = pending(tx, id, |row| row.from() == actor.user_id)?;
    withdraw(tx, &row)?;
    Ok(Outcome::Commit(()))
}

/// Ends a friendship.
///
/// # Errors
/// `not_found` when there is none.
pub fn remove(tx: &mut Tx<'_>, actor: &Actor, other: UserId) -> AppResult<Outcome<()>> {
    if !users::store::exists(tx.conn(), other)? || !part(tx, actor.user_id, other)? {
        return Err(ErrorCode::NotFound.into());
    }
    Ok(Outcome::Commit(()))
}

/// Two people are friends no longer; false when they were none.
fn part(tx: &mut Tx<'_>, one: UserId, other: UserId) -> AppResult<bool> {
    lock(tx, one, other)?;
    if !store::delete_friendship(tx.conn(), one, other)? {
        return Ok(false);
    }
    users::service::friendship_ended(tx, [one, other])?;
    conversations::service::requests::parted(tx, [one, other])?;
    groups::service::invitations::parted(tx, [one, other])?;
    tell_both(tx, [one, other], None)?;
    notifications::service::bond_changed(tx, [one, other])?;
    tx.publish(Notice::Friendship { pair: [one, other] });
    Ok(true)
}

/// A request that still waits, under the lock of its two people.
fn pending(
    tx: &mut Tx<'_>,
    id: FriendRequestId,
    mine: impl Fn(&RequestRow) -> bool,
) -> AppResult<RequestRow> {
    let gone = || AppError::from(ErrorCode::NotFound);
    let row = store::find_request(tx.conn(), id)?
        .filter(&mine)
        .ok_or_else(gone)?;
    for person in [row.from(), row.to()] {
        if !users::store::exists(tx.conn(), person)? {
            return Err(gone());
        }
    }
    lock(tx, row.from(), row.to())?;
    store::find_request(tx.conn(), id)?.ok_or_else(gone)
}

/// Whoever changes something between two people does this first.
pub(super) fn lock(tx: &mut Tx<'_>, a: UserId, b: UserId) -> AppResult<()> {
    Ok(dialect::lock_people(tx.conn(), [a.get(), b.get()])?)
}

fn befriend(tx: &mut Tx<'_>, row: &RequestRow) -> AppResult<()> {
    let since = tx.now();
    store::delete_request(tx.conn(), row.id)?;
    store::insert_friendship(tx.conn(), row.from(), row.to(), since)?;
    users::service::friendship_began(tx, [row.from(), row.to()])?;
    conversations::service::requests::befriended(tx, [row.from(), row.to()])?;
    tell_both(tx, [row.from(), row.to()], None)?;
    notifications::service::accepted(tx, FriendRequestId::new(row.id), row.from(), row.to())?;
    notifications::service::bond_changed(tx, [row.from(), row.to()])?;
    conversations::service::resume(tx, [row.from(), row.to()])?;
    tx.publish(Notice::Friendship {
        pair: [row.from(), row.to()],
    });
    Ok(())
}

/// A request goes without having been accepted; what its recipient was told goes with it.
fn withdraw(tx: &mut Tx<'_>, row: &RequestRow) -> AppResult<()> {
    let id = FriendRequestId::new(row.id);
    store::delete_request(tx.conn(), row.id)?;
    tell_both(tx, [row.from(), row.to()], Some(id))?;
    notifications::service::request_gone(tx, row.to(), id)
}

/// What there is between two people has changed: both streams say so.
pub(super) fn tell_both(
    tx: &mut Tx<'_>,
    pair: [UserId; 2],
    request: Option<FriendRequestId>,
) -> AppResult<()> {
    streams::lock_streams(tx, &pair)?;
    let [a, b] = pair;
    for (to, about) in [(a, b), (b, a)] {
        streams::tell(tx, to, Kind::Relation, about.get(), request.map(Id::get))?;
    }
    Ok(())
}

fn show(tx: &mut Tx<'_>, viewer: UserId, row: RequestRow, status: RequestStatus) -> AppResult<FriendRequest> {
    let shown = store::requests_of_rows(tx.conn(), viewer, &[row], status)?.pop();
    shown.ok_or_else(|| AppError::from(ErrorCode::NotFound))
}

/// Ends some of a person's friendships, requests and blocks, and forgets whom they wanted suggested no more, because the person goes. True: there may be more.
///
/// # Errors
/// When the database fails.
pub fn forget(tx: &mut Tx<'_>, user: UserId, limit: i64) -> AppResult<bool> {
    let friends = store::some_friends(tx.conn(), user, limit)?;
    for friend in &friends {
        part(tx, user, *friend)?;
    }
    let requests = store::some_requests(tx.conn(), user, limit)?;
    for row in &requests {
        lock(tx, row.from(), row.to())?;
        withdraw(tx, row)?;
    }
    let hidden = store::blocks::delete_some(tx.conn(), user, limit)?
        + store::suggestions::delete_some(tx.conn(), user, limit)?;
    Ok(!friends.is_empty() || !requests.is_empty() || hidden > 0)
}
