//! The rules that people make for others.

use hearth_shared::ids::UserId;
use hearth_shared::privacy::{ListAudience, PrivacyChange, PrivacySettings, Reach};
use hearth_shared::valid::Valid;

use super::store;
use crate::platform::db::{Outcome, Tx};
use crate::platform::error::AppResult;
use crate::platform::extract::Actor;
use crate::platform::realtime::bus::Notice;

/// Whether something that reaches so far reaches somebody who is no friend, and has so many friends in common.
pub fn reaches(reach: Reach, mutual_friends: u32) -> bool {
    match reach {
        Reach::Everyone => true,
        Reach::FriendsOfFriends => mutual_friends > 0,
        Reach::Nobody => false,
    }
}

/// Whether somebody may see `owner`'s friends.
pub fn shows_friends(settings: &PrivacySettings, viewer: UserId, owner: UserId, friends: bool) -> bool {
    match settings.friend_list {
        _ if viewer == owner => true,
        ListAudience::Everyone => true,
        ListAudience::Friends => friends,
        ListAudience::OnlyMe => false,
    }
}

/// Changes the caller's settings. What is repeated changes nothing.
///
/// # Errors
/// When the database fails.
pub fn change(
    tx: &mut Tx<'_>,
    actor: &Actor,
    change: &Valid<PrivacyChange>,
) -> AppResult<Outcome<PrivacySettings>> {
    let me = actor.user_id;
    let before = store::of(tx.conn(), me)?;
    let mut after = before.clone();
    after.apply(change);
    if after == before {
        return Ok(Outcome::RollBack(after));
    }
    store::keep(tx.conn(), me, change, &after)?;
    if after.show_online != before.show_online {
        tx.publish(Notice::PresenceShown(me));
    }
    Ok(Outcome::Commit(after))
}

/// Forgets a person's settings, because the person goes. False: nothing is left to do.
///
/// # Errors
/// When the database fails.
pub fn forget(tx: &mut Tx<'_>, user: UserId) -> AppResult<bool> {
    store::delete(tx.conn(), user)?;
    Ok(false)
}
