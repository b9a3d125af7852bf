//! Accounts whose time has come are deleted, and rows of the audit that are old enough.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;

use crate::features::admin::purge;
use crate::platform::db::Db;
use crate::platform::error::AppResult;

/// How often it is looked for them. Every node does; what one has done the others do not find.
const EVERY: Duration = Duration::from_secs(600);
/// After a start, or a failure.
const FIRST: Duration = Duration::from_secs(30);

/// Until the program ends.
pub(super) async fn run(db: Db) {
    let mut pause = FIRST;
    loop {
        tokio::time::sleep(pause).await;
        pause = match AssertUnwindSafe(look(&db)).catch_unwind().await {
            Ok(Ok(())) => EVERY,
            Ok(Err(error)) => {
                tracing::warn!(%error, "deleting accounts failed; it goes on in a moment");
                FIRST
            }
            // The panic itself is in the log already.
            Err(_panic) => FIRST,
        };
    }
}

async fn look(db: &Db) -> AppResult<()> {
    purge::run(db).await?;
    purge::clean_audit(db).await?;
    Ok(())
}
