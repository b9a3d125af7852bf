//! The server's clock. It never runs backwards and never stands still: when the computer's clock is set back,
//! it goes on from where it was, so that ids and times stay in order.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use hearth_shared::time::Timestamp;

/// The moment from which the monotonic clock counts.
static START: OnceLock<Instant> = OnceLock::new();
/// Milliseconds to add to it; only ever grows.
static OFFSET: AtomicI64 = AtomicI64::new(0);

fn since_start() -> i64 {
    let elapsed = START.get_or_init(Instant::now).elapsed().as_millis();
    i64::try_from(elapsed).unwrap_or(i64::MAX)
}

/// What this computer's clock says, right or wrong, forwards or backwards: for nothing but to judge the clock.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the clock that everybody else asks"
)]
pub fn wall() -> Timestamp {
    let wall = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |d| d.as_millis());
    Timestamp::from_millis(i64::try_from(wall).unwrap_or(i64::MAX))
}

/// The present moment.
pub fn now() -> Timestamp {
    let elapsed = since_start();
    let wanted = wall().as_millis() - elapsed;
    let offset = OFFSET.fetch_max(wanted, Ordering::Relaxed).max(wanted);
    Timestamp::from_millis(elapsed + offset)
}

/// Goes on from a moment, when the computer's clock is behind it: what the database holds happened before now.
pub fn not_before(moment: Timestamp) {
    OFFSET.fetch_max(moment.as_millis() - since_start(), Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_ahead_goes_on() {
        let ahead = Timestamp::from_millis(now().as_millis() + 5_000);
        not_before(ahead);
        let first = now();
        assert!(first >= ahead);
        std::thread::sleep(std::time::Duration::from_millis(5));
        assert!(now() > first, "it does not stand still");
    }
}
