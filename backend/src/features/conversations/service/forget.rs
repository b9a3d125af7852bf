//! What somebody said belongs to those they said it to as well: it stays, under no name. Its words go when they
//! asked for that, what they felt about others' words always; the numbers and positions of messages stay, so that whoever was
//! away catches up as ever, and whoever is here reads again.

use hearth_shared::ids::UserId;

use crate::features::conversations::store::forget::{self as store, Touched};
use crate::features::conversations::store::mentions;
use crate::platform::db::Tx;
use crate::platform::error::AppResult;
use crate::platform::realtime::bus::Notice;

/// Some of it. True: there may be more.
///
/// # Errors
/// When the database fails.
pub fn forget(tx: &mut Tx<'_>, user: UserId, wipe: bool, limit: i64) -> AppResult<bool> {
    // What others were told of it has gone with them, before.
    mentions::forget(tx.conn(), user)?;
    if wipe {
        let now = tx.now();
        if let Some(touched) = store::wipe(tx.conn(), user, limit, now)? {
            tell(tx, touched);
            return Ok(true);
        }
    }
    let touched = store::take_reactions(tx.conn(), user, limit)?;
    let more = touched.is_some();
    tell(tx, touched.unwrap_or_default());
    Ok(more)
}

/// What somebody sent beside their words goes with all that they have uploaded; messages without words are removed by that.
///
/// # Errors
/// When the database fails.
pub fn attachments(tx: &mut Tx<'_>, user: UserId) -> AppResult<()> {
    let now = tx.now();
    let touched = store::take_attachments(tx.conn(), user, now)?;
    tell(tx, touched);
    Ok(())
}

fn tell(tx: &mut Tx<'_>, touched: Touched) {
    for other in touched.people {
        tx.publish(Notice::Reread(other));
    }
    for (conversation_id, membership_version) in touched.groups {
        tx.publish(Notice::RereadIn {
            conversation_id,
            membership_version,
        });
    }
}
