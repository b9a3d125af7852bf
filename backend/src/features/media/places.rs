//! Places for what is received: each file is in memory until it is kept, and a slow line must not keep others out.
//! Whoever finds no place is told to come back.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use hearth_shared::ids::UserId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::platform::error::{AppError, AppResult};

/// See the module.
pub struct Places {
    all: Arc<Semaphore>,
    of_one: usize,
    people: Arc<Mutex<HashMap<UserId, usize>>>,
}

/// One of them; free again when dropped.
pub struct Place {
    _permit: OwnedSemaphorePermit,
    people: Arc<Mutex<HashMap<UserId, usize>>>,
    user: UserId,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = people.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                people.remove(&self.user);
            }
        }
    }
}

impl Places {
    /// So many in all, and so many of one person.
    pub fn new(all: usize, of_one: usize) -> Self {
        Self {
            all: Arc::new(Semaphore::new(all)),
            of_one,
            people: Arc::default(),
        }
    }

    /// A place, from before something is received until it is kept.
    ///
    /// # Errors
    /// `unavailable` when all are taken, or the person has theirs.
    pub fn enter(&self, user: UserId) -> AppResult<Place> {
        let permit = Arc::clone(&self.all).try_acquire_owned();
        let permit = permit.map_err(|_full| AppError::unavailable())?;
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        let count = people.entry(user).or_default();
        if *count >= self.of_one {
            return Err(AppError::unavailable());
        }
        *count += 1;
        Ok(Place {
            _permit: permit,
            people: Arc::clone(&self.people),
            user,
        })
    }
}

#[cfg(test)]
mod tests {
    use hearth_shared::ids::Id;

    use super::*;

    #[test]
    fn nobody_takes_the_places_of_others() {
        let places = Places::new(3, 2);
        let (ada, ben) = (UserId::new(1), UserId::new(2));
        let (first, second) = (places.enter(ada).unwrap(), places.enter(ada).unwrap());
        assert!(places.enter(ada).is_err(), "hers are taken");
        let bens = places.enter(ben).unwrap();
        assert!(places.enter(ben).is_err(), "all are taken");
        drop((first, bens));
        assert!(places.enter(ada).is_ok());
        drop(second);
        assert!(places.people.lock().unwrap().is_empty());
        assert_eq!(places.all.available_permits(), 3);
    }
}
