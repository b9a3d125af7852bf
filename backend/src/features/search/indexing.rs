//! Posts that were written before there was a search are indexed once, the newest first, beside everything else.

use super::store;
use crate::platform::db::{Db, Outcome, Tx, dialect};
use crate::platform::error::AppResult;

/// Posts that are indexed in one transaction: others write in between.
const BATCH: i64 = 200;

/// Indexes what is not indexed yet. Any number of nodes may do so at once, and any of them may be cut off: the rest is
/// indexed at the next start.
///
/// # Errors
/// When the database fails.
pub async fn index_all(db: &Db) -> AppResult<()> {
    while db.write(some).await? {}
    Ok(())
}

/// A few more. True: there may be more of the same.
fn some(tx: &mut Tx<'_>) -> AppResult<Outcome<bool>> {
    let Some(below) = store::unindexed_below(tx.conn())? else {
        return Ok(Outcome::RollBack(false));
    };
    let ids = store::ids_below(tx.conn(), below, BATCH)?;
    // Whoever changes one of them now does so before or after this, not in between.
    dialect::lock_posts(tx.conn(), &ids)?;
    let entries = store::texts(tx.conn(), &ids)?;
    store::keep(tx.conn(), &entries)?;
    store::set_unindexed_below(tx.conn(), ids.last().copied())?;
    Ok(Outcome::Commit(!ids.is_empty()))
}
