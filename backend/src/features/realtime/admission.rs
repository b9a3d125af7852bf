//! Sockets that have not said who they are cost something and belong to nobody: so many from one network, so
//! many in all.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dashmap::DashMap;
use hearth_shared::problem::{ErrorCode, Problem};

use crate::platform::error::{AppError, AppResult, RetryAfter};
use crate::platform::rate_limit::Key;

/// From one network.
pub const WAITING_PER_NETWORK: usize = 20;
/// In all.
pub const WAITING_MAX: usize = 2_000;

/// Counts them.
pub struct Admission {
    on: bool,
    by_network: DashMap<Key, usize>,
    all: AtomicUsize,
}

/// A place among those who wait; given back when dropped.
pub struct Waiting {
    admission: Arc<Admission>,
    network: Key,
}

impl Admission {
    /// Bounded, or not where rate limits are off.
    pub fn new(on: bool) -> Arc<Self> {
        Arc::new(Self {
            on,
            by_network: DashMap::new(),
            all: AtomicUsize::new(0),
        })
    }

    /// Lets a socket in that has not said who it is.
    ///
    /// # Errors
    /// `rate_limited` when there are too many.
    pub fn enter(self: &Arc<Self>, address: IpAddr) -> AppResult<Waiting> {
        let network = Key::network(address);
        // The place is taken first and given back by the drop, whatever happens.
        let from_here = {
            let mut count = self.by_network.entry(network).or_default();
            *count += 1;
            *count
        };
        let all = self.all.fetch_add(1, Ordering::AcqRel) + 1;
        let waiting = Waiting {
            admission: Arc::clone(self),
            network,
        };
        if self.on && (from_here > WAITING_PER_NETWORK || all > WAITING_MAX) {
            let retry = RetryAfter {
                seconds: 1,
                policy: None,
            };
            let problem = Problem::new(ErrorCode::RateLimited);
            return Err(AppError::Problem(Box::new(problem), Some(retry)));
        }
        Ok(waiting)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.admission.all.fetch_sub(1, Ordering::AcqRel);
        self.admission
            .by_network
            .remove_if_mut(&self.network, |_, count| {
                *count -= 1;
                *count == 0
            });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_cannot_keep_the_others_out() {
        let admission = Admission::new(true);
        let here: Vec<Waiting> = (0..WAITING_PER_NETWORK)
            .map(|_| admission.enter([10, 0, 0, 1].into()).unwrap())
            .collect();
        assert!(admission.enter([10, 0, 0, 2].into()).is_err(), "the same network");
        assert!(admission.enter([10, 0, 1, 1].into()).is_ok());
        drop(here);
        assert!(admission.enter([10, 0, 0, 1].into()).is_ok());
        assert!(admission.by_network.is_empty());
    }
}
