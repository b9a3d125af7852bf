//! New ids: 41 bits of milliseconds, 10 bits of node number, 12 bits of sequence (the "snowflake" layout),
//! so that they sort by time and no database has to be asked for one.
//!
//! Two programs that write to one database must have different numbers; [`crate::platform::nodes`] sees to that
//! and says here until when the number may be used.

use std::sync::{PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};

use ferroid::generator::AtomicSnowflakeGenerator;
use ferroid::id::SnowflakeTwitterId;
use ferroid::time::TimeSource;
use hearth_shared::ids::Id;
use hearth_shared::time::Timestamp;

use crate::platform::clock;

/// 2025-01-01T00:00:00Z: ids last until the year 2094.
const EPOCH_MILLIS: i64 = 1_735_689_600_000;

/// The last number (of 1,024) is that of `hearth admin`: it works beside programs that have the others, also on SQLite,
/// and is lent to nobody.
pub const COMMAND_LINE: u16 = 1023;

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

/// Until when a number may be used. Both must hold: the one clock stands still while a computer sleeps, the
/// other can be set.
#[derive(Debug, Clone, Copy)]
pub struct Permission {
    /// By the monotonic clock.
    pub until: Instant,
    /// By [`clock::now`], which the ids are made from.
    pub last_moment: Timestamp,
}

/// Makes ids; shared by all threads of a node.
pub struct IdGenerator {
    state: RwLock<State>,
}

struct State {
    number: u16,
    generator: AtomicSnowflakeGenerator<SnowflakeTwitterId, SinceEpoch>,
    /// `None`: for ever.
    permission: Option<Permission>,
}

impl IdGenerator {
    /// A generator for a program that is alone with its database.
    pub fn new(number: u16) -> Self {
        Self::starting(number, None)
    }

    /// A generator with a number that is lent.
    pub fn lent(number: u16, permission: Permission) -> Self {
        Self::starting(number, Some(permission))
    }

    fn starting(number: u16, permission: Option<Permission>) -> Self {
        let number = number & 0x3ff;
        let state = State {
            number,
            generator: AtomicSnowflakeGenerator::new(u64::from(number), SinceEpoch),
            permission,
        };
        Self {
            state: RwLock::new(state),
        }
    }

    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number that is part of each id (0 to 1023).
    pub fn number(&self) -> u16 {
        self.state().number
    }

    /// Whether the number may be used now. Whoever begins something that needs ids asks first.
    pub fn may_make(&self) -> bool {
        self.state().permission.is_none_or(|permission| {
            Instant::now() < permission.until && clock::now() < permission.last_moment
        })
    }

    /// Goes on with a number, the same or another one. Ids stay ascending: those of another number begin in the
    /// next millisecond.
    pub fn permit(&self, number: u16, permission: Permission) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let number = number & 0x3ff;
        if state.number != number {
            // Nobody makes an id while this is changed, and none that was made is later than now.
            let next = SinceEpoch.current_millis() + 1;
            state.generator =
                AtomicSnowflakeGenerator::from_components(next, u64::from(number), 0, SinceEpoch);
            state.number = number;
        }
        state.permission = Some(permission);
    }

    /// The number is given back.
    pub fn forbid(&self) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.permission = Some(Permission {
            until: Instant::now(),
            last_moment: clock::now(),
        });
    }

    /// A new id, larger than every earlier one of this generator. Waits for the next millisecond when 4,096
    /// were made in this one. It is made in any case: a transaction that began in time is finished, and the
    /// number rests long enough before somebody else has it.
    pub fn next<I: Id>(&self) -> I {
        let state = self.state();
        let id = state
            .generator
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

    #[test]
    fn ids_grow_over_a_change_of_the_number() {
        let permission = || Permission {
            until: Instant::now() + Duration::from_secs(60),
            last_moment: Timestamp::from_millis(clock::now().as_millis() + 60_000),
        };
        let ids = IdGenerator::lent(1023, permission());
        let mut last = 0;
        for number in [1023, 0, 7, 3, 1023, 512] {
            ids.permit(number, permission());
            for _ in 0..3 {
                let id = ids.next::<PostId>().get();
                assert!(id > last, "{id} after {last}");
                assert_eq!((id >> 12) & 0x3ff, i64::from(number));
                last = id;
            }
        }
    }

    #[test]
    fn a_permission_ends_by_either_clock() {
        let (now, later) = (Instant::now(), Duration::from_secs(60));
        let moment = |offset| Timestamp::from_millis(clock::now().as_millis() + offset);
        let ids = IdGenerator::new(0);
        assert!(ids.may_make(), "alone with the database");
        for (until, last_moment, may) in [
            (now + later, moment(60_000), true),
            (now, moment(60_000), false),
            (now + later, moment(0), false),
        ] {
            ids.permit(0, Permission { until, last_moment });
            assert_eq!(ids.may_make(), may);
        }
        ids.permit(
            0,
            Permission {
                until: now + later,
                last_moment: moment(60_000),
            },
        );
        ids.forbid();
        assert!(!ids.may_make());
    }
}
