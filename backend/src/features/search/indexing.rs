//! Posts and messages that were written before there was a search for them are indexed once, the newest first, beside
//! everything else.

use super::store::{self, messages, posts};
use crate::platform::db::words::{self as index, Index};
use crate::platform::db::{Db, Outcome, Tx, dialect};
use crate::platform::error::AppResult;

/// What is indexed in one transaction: others write in between.
const BATCH: i64 = 200;

/// Indexes what is not indexed yet. Any number of nodes may do so at once, and any of them may be cut off: the rest is
/// indexed at the next start.
///
/// # Errors
/// When the database fails.
pub async fn index_all(db: &Db) -> AppResult<()> {
    while db.write(some_posts).await? {}
    while db.write(some_messages).await? {}
    Ok(())
}

/// A few more. True: there may be more of the same.
fn some_posts(tx: &mut Tx<'_>) -> AppResult<Outcome<bool>> {
    let Some(below) = store::unindexed_below(tx.conn(), Index::Posts)? else {
        return Ok(Outcome::RollBack(false));
    };
    let ids = posts::ids_below(tx.conn(), below, BATCH)?;
    // Whoever changes one of them now does so before or after this, not in between.
    dialect::lock_posts(tx.conn(), &ids)?;
    let entries = posts::texts(tx.conn(), &ids)?;
    index::keep(tx.conn(), Index::Posts, &entries)?;
    store::set_unindexed_below(tx.conn(), Index::Posts, ids.last().copied())?;
    Ok(Outcome::Commit(!ids.is_empty()))
}

/// The same of messages.
fn some_messages(tx: &mut Tx<'_>) -> AppResult<Outcome<bool>> {
    let Some(below) = store::unindexed_below(tx.conn(), Index::Messages)? else {
        return Ok(Outcome::RollBack(false));
    };
    let ids = messages::ids_below(tx.conn(), below, BATCH)?;
    dialect::lock_messages(tx.conn(), &ids)?;
    let entries = messages::texts(tx.conn(), &ids)?;
    index::keep(tx.conn(), Index::Messages, &entries)?;
    store::set_unindexed_below(tx.conn(), Index::Messages, ids.last().copied())?;
    Ok(Outcome::Commit(!ids.is_empty()))
}
