//! Where pictures are worked on: few at a time, because each takes a processor and a lot of memory; some may wait,
//! the rest is told to come back.

use std::sync::Arc;
use std::time::Duration;

use hearth_shared::ids::UserId;
use tokio::sync::Semaphore;

use super::pipeline::{self, Part, Prepared, Refusal, Shape, TIME_MAX};
use super::places::{Place, Places};
use crate::platform::error::{AppError, AppResult};
use crate::platform::upload::Bytes;

/// Pictures that are worked on at a time.
const AT_WORK: usize = 2;
/// Pictures that are being received, wait, or are worked on: each holds its file in memory.
const INSIDE: usize = 16;
/// Of these of one person: a slow line must not keep the others out.
const INSIDE_OF_ONE: usize = 4;
/// How long one waits for its turn.
const PATIENCE: Duration = Duration::from_secs(20);

/// See the module.
pub struct Workshop {
    places: Places,
    at_work: Arc<Semaphore>,
}

impl Default for Workshop {
    fn default() -> Self {
        Self {
            places: Places::new(INSIDE, INSIDE_OF_ONE),
            at_work: Arc::new(Semaphore::new(AT_WORK)),
        }
    }
}

impl Workshop {
    /// A place for one picture, from before it is received until it is done.
    ///
    /// # Errors
    /// `unavailable` when all are taken, or the person has theirs.
    pub fn enter(&self, user: UserId) -> AppResult<Place> {
        self.places.enter(user)
    }

    /// Makes of a file what is kept.
    ///
    /// # Errors
    /// See [`Refusal`]; `unavailable` when it was not its turn in time.
    pub async fn prepare(&self, bytes: Bytes, shape: Shape, part: Option<Part>) -> AppResult<Prepared> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.at_work).acquire_owned());
        let Ok(Ok(permit)) = turn.await else {
            return Err(AppError::unavailable());
        };
        // A decoder cannot be stopped from outside. One that is late keeps its permit until it has ended, so
        // that there are never more of them.
        let work = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            pipeline::prepare(&bytes, shape, part)
        });
        match tokio::time::timeout(TIME_MAX, work).await {
            Ok(Ok(prepared)) => Ok(prepared?),
            // A decoder that panics has met a file that nobody should have made.
            Ok(Err(_panicked)) => Err(Refusal::Broken.into()),
            Err(_late) => Err(Refusal::TooSlow.into()),
        }
    }
}
