//! Work that is done after the answer: mail, clean-up, whatever takes long or needs somebody else.
//!
//! * [`enqueue`] writes a job in the transaction of the use case: it exists exactly when that was committed.
//! * A [`Handler`] does the jobs of one kind. `app` registers them with the [`Worker`], one on each node.
//! * [`store`] is also what the host's command line looks at: the dead, and trying them again.
//!
//! What must hold: a job is done **at least once**. A node takes it for the time of a lease, and renews that while it
//! works; one that dies leaves it to the others when the lease has run out. So a handler must not mind doing its work
//! twice, and says why it does not. What fails is tried again later and later; what has failed eight times, or can
//! never succeed, is dead and waits for the host. A finished job leaves no row, so nothing of its payload stays.
//! Times are by the database's clock, of which there is one.

pub mod store;
mod wake;
mod worker;

use std::time::Duration;

use futures_util::future::BoxFuture;
use hearth_shared::ids::JobId;
use hearth_shared::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::platform::db::Tx;
use crate::platform::error::{AppError, AppResult};
use crate::platform::realtime::bus::Notice;

pub use wake::{Bell, WakingBus};
pub use worker::{Periodic, Terms, Worker};

/// A job that this node has taken. It has no `Debug`: what is in it is not for logs.
pub struct Job {
    /// Which.
    pub id: JobId,
    /// How often it has been taken, this time included.
    pub attempt: u32,
    payload: String,
}

impl Job {
    /// What whoever enqueued it wanted to be known.
    ///
    /// # Errors
    /// [`Failed::Never`] when this version does not understand it.
    pub fn payload<T: DeserializeOwned>(&self) -> Result<T, Failed> {
        serde_json::from_str(&self.payload).map_err(|error| Failed::Never(format!("payload: {error}")))
    }
}

/// Why a job was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failed {
    /// It may succeed later.
    Again(String),
    /// It cannot succeed.
    Never(String),
}

impl From<AppError> for Failed {
    fn from(error: AppError) -> Self {
        Self::Again(error.to_string())
    }
}

/// Does the jobs of one kind.
pub trait Handler: Send + Sync {
    /// Which kind: what [`enqueue`] was called with.
    fn kind(&self) -> &'static str;

    /// Does one. It may run again after it has succeeded: when its node dies, or loses the database, before that
    /// could be written down. Dropped without warning when the node loses the lease or stops.
    fn run<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Result<(), Failed>>;
}

/// Leaves work for later: it exists when the transaction is committed, and begins at once after that.
///
/// # Errors
/// When the database fails.
pub fn enqueue(tx: &mut Tx<'_>, kind: &str, payload: &impl Serialize) -> AppResult<()> {
    insert(tx, kind, payload, None, AT_ONCE).map(drop)
}

/// As [`enqueue`], not before a moment.
///
/// # Errors
/// As [`enqueue`].
pub fn enqueue_at(tx: &mut Tx<'_>, kind: &str, payload: &impl Serialize, due: Timestamp) -> AppResult<()> {
    insert(tx, kind, payload, None, due.as_millis()).map(drop)
}

/// As [`enqueue`], unless a job with this key waits or runs; then nothing is added, and the answer is false. A dead
/// job keeps no key.
///
/// # Errors
/// As [`enqueue`].
pub fn enqueue_once(tx: &mut Tx<'_>, kind: &str, key: &str, payload: &impl Serialize) -> AppResult<bool> {
    let key = format!("{kind}:{key}");
    insert(tx, kind, payload, Some(&key), AT_ONCE)
}

/// As [`enqueue_once`], not before a moment.
///
/// # Errors
/// As [`enqueue`].
pub fn enqueue_once_at(
    tx: &mut Tx<'_>,
    kind: &str,
    key: &str,
    payload: &impl Serialize,
    due: Timestamp,
) -> AppResult<bool> {
    let key = format!("{kind}:{key}");
    insert(tx, kind, payload, Some(&key), due.as_millis())
}

/// As [`enqueue`], for many jobs at once: a statement for some hundred of them.
///
/// # Errors
/// As [`enqueue`].
pub fn enqueue_many<T: Serialize>(tx: &mut Tx<'_>, kind: &str, payloads: &[T]) -> AppResult<()> {
    let rows = payloads.iter().map(|payload| (None, payload));
    insert_many(tx, kind, rows, AT_ONCE).map(drop)
}

/// As [`enqueue_once`], for many jobs at once, by their keys; they begin after all that somebody waits for. Gives how
/// many were added.
///
/// # Errors
/// As [`enqueue`].
pub fn enqueue_many_once<T: Serialize>(
    tx: &mut Tx<'_>,
    kind: &str,
    jobs: &[(String, T)],
) -> AppResult<usize> {
    let rows = jobs
        .iter()
        .map(|(key, payload)| (Some(format!("{kind}:{key}")), payload));
    insert_many(tx, kind, rows, AFTER_OTHERS)
}

/// Takes back what [`enqueue_once`] or [`enqueue_once_at`] has left and nobody has begun; false when there is none.
///
/// # Errors
/// When the database fails.
pub fn withdraw(tx: &mut Tx<'_>, kind: &str, key: &str) -> AppResult<bool> {
    Ok(store::withdraw(tx.conn(), &format!("{kind}:{key}"))?)
}

/// `due_at` of what should begin as soon as somebody is free: no clock can be behind it.
const AT_ONCE: i64 = 0;

/// `due_at` of what should begin as soon as nothing else waits that is to begin at once.
const AFTER_OTHERS: i64 = AT_ONCE + 1;

fn insert_many<'a, T: Serialize + 'a>(
    tx: &mut Tx<'_>,
    kind: &str,
    rows: impl Iterator<Item = (Option<String>, &'a T)>,
    due_at: i64,
) -> AppResult<usize> {
    let mut written = Vec::new();
    for (once_key, payload) in rows {
        let payload = serde_json::to_string(payload).map_err(|error| AppError::Unexpected(error.into()))?;
        written.push(store::NewJobOf {
            id: tx.new_id(),
            payload,
            once_key,
        });
    }
    let created_at = tx.now();
    let added = store::insert_many(tx.conn(), kind, &written, due_at, created_at)?;
    if added > 0 {
        tx.publish(Notice::Work);
    }
    Ok(added)
}

fn insert(
    tx: &mut Tx<'_>,
    kind: &str,
    payload: &impl Serialize,
    once_key: Option<&str>,
    due_at: i64,
) -> AppResult<bool> {
    let payload = serde_json::to_string(payload).map_err(|error| AppError::Unexpected(error.into()))?;
    let new = store::NewJob {
        id: tx.new_id(),
        kind,
        payload: &payload,
        once_key,
        every: None,
        due_at,
        created_at: tx.now(),
    };
    let added = store::insert(tx.conn(), &new)?;
    if added {
        tx.publish(Notice::Work);
    }
    Ok(added)
}

/// How long after a failure it is tried again: 30 s, 2 min, 8 min … at most 6 h, and up to a fifth more, so that
/// what failed together is not tried again together.
fn pause(terms: &Terms, attempt: u32) -> Duration {
    let grown = terms
        .first_pause
        .saturating_mul(4_u32.saturating_pow(attempt.saturating_sub(1).min(12)));
    let least = grown.min(terms.longest_pause);
    least.mul_f64(1.0 + rand::random::<f64>() / 5.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_their_longest() {
        let terms = Terms::default();
        for (attempt, seconds) in [
            (1, 30),
            (2, 120),
            (3, 480),
            (4, 1920),
            (5, 7680),
            (6, 21_600),
            (40, 21_600),
        ] {
            let pause = pause(&terms, attempt).as_secs_f64();
            let least = f64::from(seconds);
            assert!((least..=least * 1.2).contains(&pause), "{attempt}: {pause}");
        }
    }
}
