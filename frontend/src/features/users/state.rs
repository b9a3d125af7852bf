//! The profiles that have been looked at.

use std::collections::HashMap;

use hearth_shared::ids::{Id, UserId};
use hearth_shared::users::{Friendship, Profile, UserCard};

use crate::platform::api::Failure;
use crate::store::Ptr;

/// Something that is read from the server. What was read before stays while it is read again.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reading<T> {
    pub(crate) value: Option<T>,
    pub(crate) failure: Option<Failure>,
}

impl<T> Default for Reading<T> {
    fn default() -> Self {
        Self {
            value: None,
            failure: None,
        }
    }
}

impl<T> Reading<T> {
    /// It was read, or could not be. What is gone is not shown any more.
    pub(crate) fn settle(&mut self, outcome: Result<T, Failure>) {
        match outcome {
            Ok(value) => {
                self.value = Some(value);
                self.failure = None;
            }
            Err(failure) => {
                if failure.is_not_found() {
                    self.value = None;
                }
                self.failure = Some(failure);
            }
        }
    }
}

/// Profiles by username.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Accounts {
    profiles: HashMap<String, Ptr<Reading<Profile>>>,
}

impl Accounts {
    /// A profile, as far as it is known.
    pub(crate) fn profile(&self, username: &str) -> Option<Ptr<Reading<Profile>>> {
        self.profiles.get(username).cloned()
    }

    /// A profile was read, or could not be.
    pub(crate) fn settle(&mut self, username: &str, outcome: Result<Profile, Failure>) {
        self.profiles
            .entry(username.to_owned())
            .or_insert_with(|| Ptr::new(Reading::default()))
            .change(|reading| reading.settle(outcome));
    }
}

/// Whether the viewer sees what friends see.
pub(crate) fn is_close(friendship: Friendship) -> bool {
    matches!(friendship, Friendship::Friends | Friendship::Myself)
}

/// A card of no one.
pub(crate) fn nobody() -> UserCard {
    UserCard {
        id: UserId::new(0),
        username: String::new(),
        display_name: String::new(),
        avatar_url: None,
        rev: 0,
    }
}

#[cfg(test)]
mod tests {
    use hearth_shared::problem::ErrorCode;

    use super::*;

    #[test]
    fn what_was_read_stays_unless_it_is_gone() {
        let mut reading = Reading::default();
        reading.settle(Ok(1));
        reading.settle(Err(Failure::Unreachable));
        assert_eq!((reading.value, reading.failure.is_some()), (Some(1), true));
        reading.settle(Err(Failure::refused(ErrorCode::NotFound)));
        assert_eq!(reading.value, None);
    }
}
