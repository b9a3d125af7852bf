//! What changes people's rows. Their pages are in [`super::profile`], their pictures in [`super::pictures`].

use hearth_shared::auth::NewAccount;
use hearth_shared::ids::{Id, UserId};
use hearth_shared::problem::ErrorCode;
use hearth_shared::time::Timestamp;
use hearth_shared::users::UserCard;
use hearth_shared::valid::Valid;

use unicode_normalization::UnicodeNormalization;

use super::names::Username;
use super::{pictures, store, store_login, store_profile, store_standing};
use crate::features::{friends, realtime};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::AppResult;

/// Makes an account.
///
/// # Errors
/// `username_taken`, `email_taken`.
pub fn create(tx: &mut Tx<'_>, account: &Valid<NewAccount>, password_hash: &str) -> AppResult<UserCard> {
    let id: UserId = tx.new_id();
    let created_at = tx.now();
    if store_standing::is_retired(tx.conn(), &account.username, created_at)? {
        return Err(ErrorCode::UsernameTaken.into());
    }
    let display_name: String = account.display_name.nfc().collect();
    let new = store::NewUser {
        id,
        username: &account.username,
        email: &account.email,
        display_name: &display_name,
        password_hash,
        created_at,
    };
    if !store::insert_user(tx.conn(), &new)? {
        // SQLite does not say which key was violated.
        let taken = store::username_exists(tx.conn(), &account.username)?;
        return Err(if taken {
            ErrorCode::UsernameTaken
        } else {
            ErrorCode::EmailTaken
        }
        .into());
    }
    realtime::service::begin_stream(tx, id)?;
    Ok(store::card(tx.conn(), id)?)
}

/// Keeps a password's hash.
///
/// # Errors
/// When the database fails.
pub fn set_password_hash(tx: &mut Tx<'_>, user: UserId, hash: &str) -> AppResult<()> {
    Ok(store::update_password_hash(tx.conn(), user, hash)?)
}

/// Gives somebody another username.
///
/// # Errors
/// `username_taken`.
pub fn set_username(tx: &mut Tx<'_>, user: UserId, username: &str) -> AppResult<()> {
    let now = tx.now();
    if store_standing::is_retired(tx.conn(), username, now)?
        || !store_login::set_username(tx.conn(), user, username)?
    {
        return Err(ErrorCode::UsernameTaken.into());
    }
    pictures::card_changed(tx, user)
}

/// Gives somebody another address.
///
/// # Errors
/// `email_taken`.
pub fn set_email(tx: &mut Tx<'_>, user: UserId, email: &str) -> AppResult<()> {
    if store_login::set_email(tx.conn(), user, email)? {
        Ok(())
    } else {
        Err(ErrorCode::EmailTaken.into())
    }
}

/// Two people became friends.
///
/// # Errors
/// When the database fails.
pub fn friendship_began(tx: &mut Tx<'_>, pair: [UserId; 2]) -> AppResult<()> {
    pair.iter()
        .try_for_each(|id| Ok(store::add_to_friend_count(tx.conn(), *id, 1)?))
}

/// Two people are friends no longer.
///
/// # Errors
/// When the database fails.
pub fn friendship_ended(tx: &mut Tx<'_>, pair: [UserId; 2]) -> AppResult<()> {
    pair.iter()
        .try_for_each(|id| Ok(store::add_to_friend_count(tx.conn(), *id, -1)?))
}

/// A person wrote a post.
///
/// # Errors
/// When the database fails.
pub fn post_written(tx: &mut Tx<'_>, author: UserId) -> AppResult<()> {
    Ok(store::add_to_post_count(tx.conn(), author, 1)?)
}

/// A person removed a post.
///
/// # Errors
/// When the database fails.
pub fn post_removed(tx: &mut Tx<'_>, author: UserId) -> AppResult<()> {
    Ok(store::add_to_post_count(tx.conn(), author, -1)?)
}

/// The id behind a name, of somebody who exists for the viewer.
///
/// # Errors
/// `not_found`, also when one of the two has blocked the other.
pub fn id_of(conn: &mut Conn, viewer: UserId, username: &Username) -> AppResult<UserId> {
    let row = store::find_by_username(conn, username)?.ok_or(ErrorCode::NotFound)?;
    let id = UserId::new(row.id);
    friends::blocks::check(conn, viewer, id)?;
    Ok(id)
}

/// Takes everything personal out of somebody's row; their name rests. False: nothing is left to do.
///
/// # Errors
/// When the database fails.
pub fn forget(tx: &mut Tx<'_>, user: UserId, name_rests: i64) -> AppResult<bool> {
    let now = tx.now();
    // Without a name it has been done.
    if let Some(name) = store_standing::username(tx.conn(), user)? {
        let until = Timestamp::from_millis(now.as_millis() + name_rests);
        store_standing::retire_username(tx.conn(), &name, until)?;
        store::words::set(tx.conn(), user, &[])?;
        store_profile::delete_fields(tx.conn(), user)?;
        store_profile::set_bio(tx.conn(), user, "")?;
        store_standing::make_tombstone(tx.conn(), user, now)?;
        pictures::card_changed(tx, user)?;
    }
    Ok(false)
}
