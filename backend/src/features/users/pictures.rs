//! Which of their pictures people show: one beside all that they write, one at the head of their page.

use hearth_shared::ids::{Id, MediaId, UserId};

use super::store_profile as store;
use crate::features::media;
use crate::features::media::policy::Place;
use crate::platform::db::{Tx, dialect};
use crate::platform::error::AppResult;
use crate::platform::realtime::bus::Notice;

/// Sets somebody's picture or cover, which is theirs and is there.
///
/// # Errors
/// `validation_failed` for `media_id` when it is gone by now.
pub fn set(tx: &mut Tx<'_>, user: UserId, place: Place, id: MediaId) -> AppResult<()> {
    // Nobody removes it between the look and the change.
    dialect::lock_people(tx.conn(), [user.get(), user.get()])?;
    let row = media::store::find(tx.conn(), id)?.filter(|row| row.owner() == user);
    row.ok_or_else(media::service::not_mine)?;
    match place {
        Place::Avatar => {
            let name = media::service::random_name();
            store::set_avatar(tx.conn(), user, Some((id, &name)))?;
            card_changed(tx, user)
        }
        Place::Cover => Ok(store::set_cover(tx.conn(), user, Some(id))?),
        Place::Nothing | Place::Former | Place::Post(_) | Place::Message(_) => Ok(()),
    }
}

/// Takes somebody's picture or cover away; it stays among their former ones. Once more changes nothing.
///
/// # Errors
/// When the database fails.
pub fn take_away(tx: &mut Tx<'_>, user: UserId, place: Place) -> AppResult<()> {
    let page = store::page(tx.conn(), user)?;
    match place {
        Place::Avatar if page.avatar_id.is_some() => {
            store::set_avatar(tx.conn(), user, None)?;
            card_changed(tx, user)
        }
        Place::Cover if page.cover_id.is_some() => Ok(store::set_cover(tx.conn(), user, None)?),
        _ => Ok(()),
    }
}

/// A picture is removed: nothing shows it any more.
///
/// # Errors
/// When the database fails.
pub fn removed(tx: &mut Tx<'_>, user: UserId, id: MediaId) -> AppResult<()> {
    let page = store::page(tx.conn(), user)?;
    if page.avatar_id == Some(id.get()) {
        take_away(tx, user, Place::Avatar)?;
    }
    if page.cover_id == Some(id.get()) {
        take_away(tx, user, Place::Cover)?;
    }
    Ok(())
}

/// All pictures of a person are removed.
///
/// # Errors
/// When the database fails.
pub fn all_removed(tx: &mut Tx<'_>, user: UserId) -> AppResult<()> {
    take_away(tx, user, Place::Avatar)?;
    take_away(tx, user, Place::Cover)
}

/// A person's card is another one: whoever shows it is told.
///
/// # Errors
/// When the database fails.
pub fn card_changed(tx: &mut Tx<'_>, user: UserId) -> AppResult<()> {
    store::advance_rev(tx.conn(), user)?;
    tx.publish(Notice::Card(user));
    Ok(())
}
