//! What somebody said belongs to those they said it to as well: it stays, under no name. Its words go when they
//! asked for that; the numbers and positions of messages stay, so that whoever was away catches up as ever.

use hearth_shared::ids::UserId;

use super::store_forget;
use crate::platform::db::Tx;
use crate::platform::error::AppResult;
use crate::platform::realtime::bus::Notice;

/// Some of it. True: there may be more.
///
/// # Errors
/// When the database fails.
pub fn forget(tx: &mut Tx<'_>, user: UserId, wipe: bool, limit: i64) -> AppResult<bool> {
    if wipe {
        let others = store_forget::wipe(tx.conn(), user, limit)?;
        if let Some(others) = others {
            for other in others {
                tx.publish(Notice::Reread(other));
            }
            return Ok(true);
        }
    }
    Ok(false)
}
