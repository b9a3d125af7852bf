//! How many bring pieces, and how many films are put together, at a time: each piece is in memory, and each film
//! takes a disk for a while. Whoever finds no place is told to come back.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hearth_shared::ids::UserId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::platform::error::{AppError, AppResult};

/// Pieces that are being received.
const PIECES: usize = 32;
/// Of these of one person: a slow line must not keep the others out.
const PIECES_OF_ONE: usize = 4;
/// Films that are put together.
const FILMS: usize = 2;
/// How long one waits for its turn.
const PATIENCE: Duration = Duration::from_secs(60);

/// See the module.
pub struct Dock {
    pieces: Arc<Semaphore>,
    people: Arc<Mutex<HashMap<UserId, usize>>>,
    films: Arc<Semaphore>,
}

impl Default for Dock {
    fn default() -> Self {
        Self {
            pieces: Arc::new(Semaphore::new(PIECES)),
            people: Arc::default(),
            films: Arc::new(Semaphore::new(FILMS)),
        }
    }
}

/// The place of one piece; free again when dropped.
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

impl Dock {
    /// A place for one piece, from before it is received until it is kept.
    ///
    /// # Errors
    /// `unavailable` when all are taken, or the person has theirs.
    pub fn enter(&self, user: UserId) -> AppResult<Place> {
        let permit = Arc::clone(&self.pieces).try_acquire_owned();
        let permit = permit.map_err(|_full| AppError::unavailable())?;
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        let count = people.entry(user).or_default();
        if *count >= PIECES_OF_ONE {
            return Err(AppError::unavailable());
        }
        *count += 1;
        Ok(Place {
            _permit: permit,
            people: Arc::clone(&self.people),
            user,
        })
    }

    /// A turn to put a film together.
    ///
    /// # Errors
    /// `unavailable` when it did not come in time.
    pub async fn turn(&self) -> AppResult<OwnedSemaphorePermit> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.films).acquire_owned());
        match turn.await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(AppError::unavailable()),
        }
    }
}

#[cfg(test)]
mod tests {
    use hearth_shared::ids::Id;

    use super::*;

    #[test]
    fn one_person_does_not_take_all_places() {
        let dock = Dock::default();
        let (ada, ben) = (UserId::new(1), UserId::new(2));
        let mut places: Vec<_> = (0..PIECES_OF_ONE).map(|_| dock.enter(ada).unwrap()).collect();
        assert!(dock.enter(ada).is_err());
        assert!(dock.enter(ben).is_ok());
        places.pop();
        assert!(dock.enter(ada).is_ok());
        drop(places);
        assert!(dock.people.lock().unwrap().is_empty());
        assert_eq!(dock.pieces.available_permits(), PIECES);
    }
}
