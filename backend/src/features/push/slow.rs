//! Push services that took too long just now, as this node knows them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use hearth_shared::time::Timestamp;
use url::{Origin, Url};

use crate::platform::clock;

/// Until when which of them are left alone.
#[derive(Default)]
pub(super) struct SlowServices(Mutex<HashMap<Origin, Timestamp>>);

impl SlowServices {
    /// Until when the push service of a browser's address is left alone; `None`: it may be asked.
    pub(super) fn until(&self, endpoint: &str) -> Option<Timestamp> {
        let service = Url::parse(endpoint).ok()?.origin();
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&service).copied().filter(|until| *until > clock::now())
    }

    /// It is left alone until then.
    pub(super) fn add(&self, endpoint: &str, until: Timestamp) {
        let Ok(address) = Url::parse(endpoint) else {
            return;
        };
        let now = clock::now();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, until| *until > now);
        known.insert(address.origin(), until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_service_is_left_alone_for_a_while_and_others_are_not() {
        let slow = SlowServices::default();
        let later = Timestamp::from_millis(clock::now().as_millis() + 60_000);
        slow.add("https://slow.example/one", later);
        assert_eq!(slow.until("https://slow.example/another"), Some(later));
        assert_eq!(slow.until("https://quick.example/one"), None);
        slow.add("https://slow.example/one", Timestamp::from_millis(0));
        assert_eq!(slow.until("https://slow.example/one"), None);
    }
}
