//! How many bring pieces, and how many films are put together, at a time: each piece is in memory, and each film
//! takes a disk for a while. Whoever finds no place is told to come back.

use std::sync::Arc;
use std::time::Duration;

use hearth_shared::ids::UserId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::features::media::places::{Place, Places};
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
    pieces: Places,
    films: Arc<Semaphore>,
}

impl Default for Dock {
    fn default() -> Self {
        Self {
            pieces: Places::new(PIECES, PIECES_OF_ONE),
            films: Arc::new(Semaphore::new(FILMS)),
        }
    }
}

impl Dock {
    /// A place for one piece, from before it is received until it is kept.
    ///
    /// # Errors
    /// `unavailable` when all are taken, or the person has theirs.
    pub fn enter(&self, user: UserId) -> AppResult<Place> {
        self.pieces.enter(user)
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
