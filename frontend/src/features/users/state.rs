//! The profiles that have been looked at.

use std::collections::HashMap;

use hearth_shared::ids::{Id, UserId};
use hearth_shared::posts::Audience;
use hearth_shared::users::{Friendship, Profile, UserCard, ViewAs};

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

/// Profiles by username; one's own also as others see it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Accounts {
    profiles: HashMap<Key, Ptr<Reading<Profile>>>,
}

/// Whose page, seen by whom.
type Key = (String, Option<&'static str>);

fn key(username: &str, view_as: Option<ViewAs>) -> Key {
    (username.to_owned(), view_as.map(view_word))
}

impl Accounts {
    /// A profile, as far as it is known.
    pub(crate) fn profile(&self, username: &str, view_as: Option<ViewAs>) -> Option<Ptr<Reading<Profile>>> {
        self.profiles.get(&key(username, view_as)).cloned()
    }

    /// The reader wants to hear no more of somebody, or does again.
    pub(crate) fn mute(&mut self, username: &str, muted: bool) {
        if let Some(reading) = self.profiles.get_mut(&key(username, None)) {
            reading.change(|reading| {
                if let Some(profile) = &mut reading.value {
                    profile.muted = muted;
                }
            });
        }
    }

    /// A profile was read, or could not be.
    pub(crate) fn settle(
        &mut self,
        username: &str,
        view_as: Option<ViewAs>,
        outcome: Result<Profile, Failure>,
    ) {
        self.profiles
            .entry(key(username, view_as))
            .or_insert_with(|| Ptr::new(Reading::default()))
            .change(|reading| reading.settle(outcome));
    }
}

/// How an address says as whom one looks at one's own page.
pub(crate) const fn view_word(view_as: ViewAs) -> &'static str {
    match view_as {
        ViewAs::Friend => "friend",
        ViewAs::Stranger => "stranger",
    }
}

/// The same, read.
pub(crate) fn view_of(word: &str) -> Option<ViewAs> {
    [ViewAs::Friend, ViewAs::Stranger]
        .into_iter()
        .find(|one| view_word(*one) == word)
}

/// Whether somebody else sees a post of one's own.
pub(crate) fn seen_by(view_as: ViewAs, audience: Audience) -> bool {
    match audience {
        Audience::Public => true,
        Audience::Friends => view_as == ViewAs::Friend,
        Audience::OnlyMe => false,
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
    fn a_page_seen_by_another_is_another_page() {
        let mut accounts = Accounts::default();
        accounts.settle("ada", Some(ViewAs::Friend), Err(Failure::Unreachable));
        assert!(accounts.profile("ada", None).is_none());
        assert!(accounts.profile("ada", view_of("friend")).is_some());
        assert_eq!(
            (view_of("stranger"), view_of("me")),
            (Some(ViewAs::Stranger), None)
        );
        let seen =
            |view| [Audience::Public, Audience::Friends, Audience::OnlyMe].map(|one| seen_by(view, one));
        assert_eq!(seen(ViewAs::Friend), [true, true, false]);
        assert_eq!(seen(ViewAs::Stranger), [true, false, false]);
    }

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
