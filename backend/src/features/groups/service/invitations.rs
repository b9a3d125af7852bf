//! Asking people into groups.

use hearth_shared::conversations::groups::MEMBERS_MAX;
use hearth_shared::conversations::members::{Invited, Invitees};
use hearth_shared::ids::{ConversationId, Id, UserId};
use hearth_shared::problem::ErrorCode;
use hearth_shared::valid::Valid;

use super::{check_manager, check_member, find};
use crate::features::conversations::store::members as people;
use crate::features::groups::store::GroupRow;
use crate::features::groups::store::invitations as store;
use crate::features::notifications::service as notifications;
use crate::features::realtime::service as streams;
use crate::features::realtime::store::Kind;
use crate::features::{friends, users};
use crate::platform::db::{Conn, Outcome, Tx, dialect, share};
use crate::platform::error::AppResult;
use crate::platform::extract::Actor;

/// That all of some people are the caller's friends: nobody is asked by strangers.
///
/// # Errors
/// `not_found` when one of them does not exist for the caller, `not_friends`.
pub fn check_friends(conn: &mut Conn, me: UserId, others: &[UserId]) -> AppResult<()> {
    let ids: Vec<i64> = others.iter().map(|id| id.get()).collect();
    let friends = friends::store::friends_among(conn, me, &ids)?;
    let strangers: Vec<i64> = ids.into_iter().filter(|id| !friends.contains(id)).collect();
    if strangers.is_empty() {
        return Ok(());
    }
    let there = users::store::cards(conn, &strangers)?;
    let hidden = friends::store::blocks::hidden_among(conn, me, &strangers)?;
    let seen = |id: &i64| there.contains_key(id) && !hidden.contains(id);
    if strangers.iter().all(seen) {
        Err(ErrorCode::NotFriends.into())
    } else {
        Err(ErrorCode::NotFound.into())
    }
}

/// The same once more, with what it rests on held to the end of the transaction: whoever ends a friendship waits, and then
/// finds the invitation that goes with it.
///
/// # Errors
/// `not_friends`.
pub(super) fn check_still_friends(conn: &mut Conn, me: UserId, others: &[UserId]) -> AppResult<()> {
    let ids: Vec<i64> = others.iter().map(|id| id.get()).collect();
    if share::share_friendships(conn, me.get(), &ids)? < ids.len() {
        return Err(ErrorCode::NotFriends.into());
    }
    Ok(())
}

/// Invites friends. Who is in the group or invited already stays so.
///
/// # Errors
/// `not_found` for everybody but members, `forbidden` for members of a private group, `group_full`; as [`check_friends`].
pub fn invite(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ConversationId,
    whom: &Valid<Invitees>,
) -> AppResult<Outcome<Invited>> {
    let me = actor.user_id;
    let check = |conn: &mut Conn| -> AppResult<GroupRow> {
        let row = check_member(conn, me, id)?;
        let group = find(conn, id)?;
        if !row.member.role().invites_to(group.visibility()) {
            return Err(ErrorCode::Forbidden.into());
        }
        Ok(group)
    };
    check(tx.conn())?;
    check_friends(tx.conn(), me, &whom.user_ids)?;
    dialect::lock_conversation(tx.conn(), id.get())?;
    let group = check(tx.conn())?;
    check_still_friends(tx.conn(), me, &whom.user_ids)?;
    let ids: Vec<i64> = whom.user_ids.iter().map(|id| id.get()).collect();
    let members = people::among(tx.conn(), id, &ids)?;
    let invited = store::invitees_among(tx.conn(), id, &ids)?;
    let new: Vec<UserId> = whom
        .user_ids
        .iter()
        .copied()
        .filter(|user| !invited.contains(&user.get()) && members.iter().all(|member| member.user() != *user))
        .collect();
    let count = u32::try_from(new.len()).unwrap_or(u32::MAX);
    if new.is_empty() {
        return Ok(Outcome::RollBack(Invited { count }));
    }
    // Who is invited may come.
    let asked = i64::from(group.member_count()) + store::count(tx.conn(), id)? + i64::from(count);
    if asked > i64::from(MEMBERS_MAX) {
        return Err(ErrorCode::GroupFull.into());
    }
    let now = tx.now();
    store::insert(tx.conn(), id, me, &new, now)?;
    streams::tell_all(tx, &new, Kind::GroupInvitation, id.get())?;
    notifications::invited(tx, id, me, &new)?;
    Ok(Outcome::Commit(Invited { count }))
}

/// Takes an invitation back; without one nothing changes.
///
/// # Errors
/// `not_found` for everybody but members, `forbidden` for members.
pub fn withdraw(tx: &mut Tx<'_>, actor: &Actor, id: ConversationId, user: UserId) -> AppResult<Outcome<()>> {
    check_manager(tx.conn(), actor.user_id, id)?;
    dialect::lock_conversation(tx.conn(), id.get())?;
    check_manager(tx.conn(), actor.user_id, id)?;
    take(tx, id, user)
}

/// Declines an invitation; without one nothing changes, and nothing is told of whether the group exists.
///
/// # Errors
/// When the database fails.
pub fn decline(tx: &mut Tx<'_>, actor: &Actor, id: ConversationId) -> AppResult<Outcome<()>> {
    if !store::is_invited(tx.conn(), id, actor.user_id)? {
        return Ok(Outcome::RollBack(()));
    }
    dialect::lock_conversation(tx.conn(), id.get())?;
    take(tx, id, actor.user_id)
}

fn take(tx: &mut Tx<'_>, id: ConversationId, user: UserId) -> AppResult<Outcome<()>> {
    if !store::delete(tx.conn(), id, user)? {
        return Ok(Outcome::RollBack(()));
    }
    streams::tell(tx, user, Kind::GroupInvitation, id.get(), None)?;
    notifications::uninvited(tx, &[(user, id)])?;
    Ok(Outcome::Commit(()))
}

/// Two people are friends no longer: what one has asked the other one into goes.
///
/// # Errors
/// When the database fails.
pub fn parted(tx: &mut Tx<'_>, pair: [UserId; 2]) -> AppResult<()> {
    let [a, b] = pair;
    let to_a = store::delete_between(tx.conn(), b, a)?;
    let to_b = store::delete_between(tx.conn(), a, b)?;
    if to_a.is_empty() && to_b.is_empty() {
        return Ok(());
    }
    streams::lock_streams(tx, &pair)?;
    streams::tell_many(tx, a, Kind::GroupInvitation, &to_a)?;
    streams::tell_many(tx, b, Kind::GroupInvitation, &to_b)?;
    let of = |user: UserId, ids: Vec<i64>| ids.into_iter().map(move |id| (user, ConversationId::new(id)));
    let gone: Vec<_> = of(a, to_a).chain(of(b, to_b)).collect();
    notifications::uninvited(tx, &gone)
}

/// Removes some of what a person is asked into, or asks others into. True: there may be more.
pub(super) fn forget(tx: &mut Tx<'_>, user: UserId, limit: i64) -> AppResult<bool> {
    let gone = store::delete_some(tx.conn(), user, limit)?;
    let mut people: Vec<UserId> = gone.iter().map(|(_, invited)| *invited).collect();
    people.sort_unstable();
    people.dedup();
    streams::lock_streams(tx, &people)?;
    for (id, invited) in &gone {
        streams::tell(tx, *invited, Kind::GroupInvitation, id.get(), None)?;
    }
    let withdrawn: Vec<_> = gone.iter().map(|(id, invited)| (*invited, *id)).collect();
    notifications::uninvited(tx, &withdrawn)?;
    Ok(!gone.is_empty())
}
