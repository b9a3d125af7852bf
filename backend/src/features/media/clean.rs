//! Clears away what belongs to nothing: pictures that were uploaded and never attached, and bytes without a row,
//! which a crash or a refused row leaves behind. Safe on several nodes at once, and at any moment.

use std::time::Duration;

use futures_util::StreamExt;
use hearth_shared::time::Timestamp;

use super::{Media, service, store};
use crate::platform::db::Outcome;
use crate::platform::error::AppResult;

/// For so long something may belong to nothing.
pub const GRACE: Duration = Duration::from_secs(24 * 60 * 60);
/// Rows and files that are looked at together.
const TOGETHER: usize = 200;

/// How much was cleared away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cleared {
    /// Pictures that belonged to nothing.
    pub rows: usize,
    /// Pictures, or what is left of them, without a row.
    pub files: usize,
}

/// Clears away what has belonged to nothing for longer than [`GRACE`] at a moment.
///
/// # Errors
/// When the database or the store fails; what was cleared until then stays cleared.
pub async fn collect_orphans(media: &Media, now: Timestamp) -> AppResult<Cleared> {
    let grace = i64::try_from(GRACE.as_millis()).unwrap_or(i64::MAX);
    let before = Timestamp::from_millis(now.as_millis() - grace);
    let mut cleared = Cleared::default();
    loop {
        let limit = i64::try_from(TOGETHER).unwrap_or(i64::MAX);
        let keys = media
            .db
            .write(move |tx| {
                Ok(Outcome::Commit(store::delete_unattached(
                    tx.conn(),
                    before,
                    limit,
                )?))
            })
            .await?;
        if keys.is_empty() {
            break;
        }
        service::erase(&media.store, &keys).await;
        cleared.rows += keys.len();
    }
    let mut files = media.store.list();
    let mut keys: Vec<String> = Vec::new();
    while let Some(found) = files.next().await {
        let found = found?;
        // A fresh one may be waiting for its row.
        if found.written_at < before.as_millis()
            && let Some(key) = service::key_of(&found.name)
            && keys.last().is_none_or(|last| last != key)
        {
            keys.push(key.to_owned());
        }
        if keys.len() >= TOGETHER {
            cleared.files += erase_unknown(media, std::mem::take(&mut keys)).await?;
        }
    }
    cleared.files += erase_unknown(media, keys).await?;
    Ok(cleared)
}

async fn erase_unknown(media: &Media, mut keys: Vec<String>) -> AppResult<usize> {
    keys.sort_unstable();
    keys.dedup();
    let asked = keys.clone();
    let known = media
        .db
        .read(move |conn| Ok(store::keys_among(conn, &asked)?))
        .await?;
    keys.retain(|key| !known.contains(key));
    service::erase(&media.store, &keys).await;
    Ok(keys.len())
}
