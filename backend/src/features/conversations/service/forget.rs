//! What somebody said belongs to those they said it to as well: it stays, under no name. Its words go when they
//! asked for that, what they felt about others' words always; the numbers and positions of messages stay, so that whoever was
//! away catches up as ever, and whoever is here reads again.

use hearth_shared::ids::UserId;

use crate::features::conversations::store::forget as store;
use crate::platform::db::Tx;
use crate::platform::error::AppResult;
use crate::platform::realtime::bus::Notice;

/// Some of it. True: there may be more.
///
/// # Errors
/// When the database fails.
pub fn forget(tx: &mut Tx<'_>, user: UserId, wipe: bool, limit: i64) -> AppResult<bool> {
    if wipe {
        let now = tx.now();
        let others = store::wipe(tx.conn(), user, limit, now)?;
        if let Some(others) = others {
            for other in others {
                tx.publish(Notice::Reread(other));
            }
            return Ok(true);
        }
    }
    let others = store::take_reactions(tx.conn(), user, limit)?;
    for other in others.iter().flatten() {
        tx.publish(Notice::Reread(*other));
    }
    Ok(others.is_some())
}
