//! The pictures of groups. A picture is one of the person who chose it and takes of their room; it is seen by those who may
//! see the group, and stays when that person leaves. It goes with another one, with the group, and with their account.

use hearth_shared::conversations::members::LineKind;
use hearth_shared::ids::{ConversationId, Id, MediaId, UserId};
use hearth_shared::problem::ErrorCode;

use super::{check_manager, check_open, find, looks_different, write_lines};
use crate::features::conversations::store::lines::NewLine;
use crate::features::groups::store;
use crate::features::media::store::{MediaRow, of_groups};
use crate::platform::db::{Conn, Tx, dialect};
use crate::platform::error::AppResult;

/// Gives a group a picture that was just made for it.
///
/// # Errors
/// `not_found` for everybody but members, `forbidden` for members.
pub fn set(tx: &mut Tx<'_>, me: UserId, id: ConversationId, picture: MediaId) -> AppResult<()> {
    dialect::lock_conversation(tx.conn(), id.get())?;
    // They may manage it no longer.
    check_manager(tx.conn(), me, id)?;
    change(tx, me, id, Some(picture)).map(drop)
}

/// Takes the picture of a group away; false when there was none.
///
/// # Errors
/// `not_found` for everybody but members, `forbidden` for members.
pub fn take_away(tx: &mut Tx<'_>, me: UserId, id: ConversationId) -> AppResult<bool> {
    check_manager(tx.conn(), me, id)?;
    dialect::lock_conversation(tx.conn(), id.get())?;
    check_manager(tx.conn(), me, id)?;
    change(tx, me, id, None)
}

/// Whose picture it is removes it, in the group or not. The conversation is locked.
///
/// # Errors
/// When the database fails.
pub fn lost(tx: &mut Tx<'_>, owner: UserId, id: ConversationId) -> AppResult<()> {
    change(tx, owner, id, None).map(drop)
}

/// An account goes: a group has its picture no more. True: there may be more.
///
/// # Errors
/// When the database fails.
pub fn forget(tx: &mut Tx<'_>, user: UserId) -> AppResult<bool> {
    let Some(id) = of_groups::one_of(tx.conn(), user)? else {
        return Ok(false);
    };
    dialect::lock_conversation(tx.conn(), id.get())?;
    // It may have another one, or have ended, in the meantime.
    if of_groups::one_of(tx.conn(), user)? == Some(id) {
        change(tx, user, id, None)?;
    }
    Ok(true)
}

/// The picture of a group, when it is this one and somebody may see the group now.
///
/// # Errors
/// `not_found`.
pub fn visible(conn: &mut Conn, viewer: UserId, id: ConversationId, picture: MediaId) -> AppResult<MediaRow> {
    check_open(conn, viewer, id)?;
    Ok(of_groups::find(conn, id, picture)?.ok_or(ErrorCode::NotFound)?)
}

/// A group has another picture, or none; false when it had none before. Those who are in it are told, and those who are
/// invited: they see it, too.
fn change(tx: &mut Tx<'_>, by: UserId, id: ConversationId, picture: Option<MediaId>) -> AppResult<bool> {
    let before = find(tx.conn(), id)?.picture();
    if before == picture {
        return Ok(false);
    }
    store::set_picture(tx.conn(), id, picture)?;
    if let Some(before) = before {
        let now = tx.now();
        of_groups::detach(tx.conn(), before, now)?;
    }
    let line = NewLine {
        kind: LineKind::Pictured,
        actor: by,
        subject: by,
        role: None,
    };
    write_lines(tx, id, &[line])?;
    looks_different(tx, id)?;
    Ok(true)
}
