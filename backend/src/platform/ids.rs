//! New ids: 41 bits of milliseconds, 10 bits of node number, 12 bits of sequence (the "snowflake" layout),
//! so that they sort by time and no database has to be asked for one.

use std::time::Duration;

use ferroid::generator::AtomicSnowflakeGenerator;
use ferroid::id::SnowflakeTwitterId;
use ferroid::time::TimeSource;
use hearth_shared::ids::Id;
use hearth_shared::time::Timestamp;

use crate::platform::clock;

/// 2025-01-01T00:00:00Z: ids last until the year 2094.
const EPOCH_MILLIS: i64 = 1_735_689_600_000;

/// The clock as the generator wants it.
#[derive(Debug, Clone, Copy)]
struct SinceEpoch;

impl TimeSource<u64> for SinceEpoch {
    fn current_millis(&self) -> u64 {
        (clock::now().as_millis() - EPOCH_MILLIS).max(1).unsigned_abs()
    }
}

/// When an id was made.
pub fn moment_of(id: i64) -> Timestamp {
    Timestamp::from_millis((id >> 22) + EPOCH_MILLIS)
}

/// Makes ids; shared by all threads of a node.
pub struct IdGenerator {
    inner: AtomicSnowflakeGenerator<SnowflakeTwitterId, SinceEpoch>,
}

impl IdGenerator {
    /// A generator for a node; two nodes that write to one database must have different numbers (0 to 1023).
    pub fn new(node: u16) -> Self {
        Self {
            inner: AtomicSnowflakeGenerator::new(u64::from(node & 0x3ff), SinceEpoch),
        }
    }

    /// A new id, larger than every earlier one of this generator. Waits for the next millisecond when 4,096
    /// were made in this one.
    pub fn next<I: Id>(&self) -> I {
        let id = self
            .inner
            .next_id(|_| std::thread::sleep(Duration::from_micros(200)));
        I::new(i64::try_from(id.to_raw()).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth_shared::ids::PostId;

    #[test]
    fn ids_grow_and_never_repeat_over_threads() {
        let ids = IdGenerator::new(1);
        let mut all: Vec<PostId> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| (0..5_000).map(|_| ids.next()).collect::<Vec<PostId>>()))
                .collect();
            threads.into_iter().flat_map(|t| t.join().unwrap()).collect()
        });
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 20_000);
        let age = clock::now().as_millis() - moment_of(all[19_999].get()).as_millis();
        assert!((0..60_000).contains(&age), "{age}");
        assert!(all[0].get() > 0);
    }
}
