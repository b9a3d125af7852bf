//! People who joined before their names could be found in spite of typos: their words are learned once.

use super::store::words;
use crate::platform::db::{Db, Outcome};
use crate::platform::error::AppResult;

/// Words that are learned in one transaction: others write in between.
const BATCH: i64 = 200;

/// Learns what is not known yet. Any number of nodes may do so at once, and any of them may be cut off: the rest
/// is learned at the next start.
///
/// # Errors
/// When the database fails.
pub async fn learn_all(db: &Db) -> AppResult<()> {
    let mut after = String::new();
    loop {
        let from = after.clone();
        let read = db.read(move |conn| Ok(words::unlearned_after(conn, &from, BATCH)?));
        let batch = read.await?;
        let Some(last) = batch.last() else {
            return Ok(());
        };
        after.clone_from(last);
        db.write(move |tx| {
            words::learn(tx.conn(), &batch)?;
            Ok(Outcome::Commit(()))
        })
        .await?;
    }
}
