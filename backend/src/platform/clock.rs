//! The server's clock. It never runs backwards: when the computer's clock is set back, it stands still until
//! that has caught up, so that ids and times stay in order.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use hearth_shared::time::Timestamp;

static LATEST: AtomicI64 = AtomicI64::new(0);

/// The present moment.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the clock that everybody else asks"
)]
pub fn now() -> Timestamp {
    let millis = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |d| d.as_millis());
    let millis = i64::try_from(millis).unwrap_or(i64::MAX);
    let before = LATEST.fetch_max(millis, Ordering::Relaxed);
    Timestamp::from_millis(millis.max(before))
}
