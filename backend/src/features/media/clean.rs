//! Clears away what belongs to nothing: pictures and films that were uploaded and never attached, or stood beside a
//! post that was removed; uploads that were not finished; bytes without a row, which a crash or a refused row leaves
//! behind. Safe on several nodes at once, and at any moment.

use std::time::{Duration, SystemTime};

use futures_util::StreamExt;
use hearth_shared::time::Timestamp;

use super::{Media, service, store};
use crate::platform::db::{Conn, Outcome};
use crate::platform::error::AppResult;

/// For so long something may belong to nothing.
pub const GRACE: Duration = Duration::from_secs(24 * 60 * 60);
/// Rows that are looked at together.
const LIMIT: i64 = 200;
/// Files that are looked at together.
const TOGETHER: usize = 200;

/// How much was cleared away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cleared {
    /// Pictures and films that belonged to nothing; what stands before a film counts too.
    pub rows: usize,
    /// Uploads that were not finished, and what is remembered of those that were.
    pub uploads: usize,
    /// Pictures, films and pieces, or what is left of them, without a row.
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
    cleared.rows += clear_rows(media, move |conn| {
        Ok(store::delete_unattached(conn, before, LIMIT)?)
    })
    .await?;
    cleared.rows += clear_rows(media, move |conn| {
        Ok(store::delete_of_removed_posts(conn, before, LIMIT)?)
    })
    .await?;
    cleared.uploads += clear_rows(media, move |conn| {
        Ok(store::uploads::delete_old(conn, before, LIMIT)?)
    })
    .await?;
    let millis = u64::try_from(before.as_millis()).unwrap_or(0);
    let moment = SystemTime::UNIX_EPOCH + Duration::from_millis(millis);
    cleared.files += media.store.clear_unfinished(moment).await?;
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

/// Removes rows, some at a time, until there are none of them, and what they say lies in the store. Gives how many.
async fn clear_rows(
    media: &Media,
    some: impl Fn(&mut Conn) -> AppResult<Vec<String>> + Copy + Send + Sync + 'static,
) -> AppResult<usize> {
    let mut removed = 0;
    loop {
        let keys = media
            .db
            .write(move |tx| some(tx.conn()).map(Outcome::Commit))
            .await?;
        if keys.is_empty() {
            return Ok(removed);
        }
        service::erase(&media.store, &keys).await;
        removed += keys.len();
    }
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
