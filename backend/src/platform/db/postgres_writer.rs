//! Writes on PostgreSQL: a pooled connection and a transaction each, tried again when the database asks for
//! it (serialization failure, deadlock) or the connection was lost before COMMIT.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use diesel::connection::TransactionManager;
use rand::RngExt;

use super::conn::{Conn, Manager as Connections};
use super::error::Kind;
use super::{Job, Outcome, Tx, dialect};
use crate::platform::error::{AppError, AppResult};
use crate::platform::ids::IdGenerator;
use crate::platform::realtime::bus::Bus;

/// Tries of one job.
const ATTEMPTS: u32 = 6;

type Manager = <Conn as diesel::Connection>::TransactionManager;

#[derive(Clone)]
pub(super) struct PostgresWriter {
    pool: r2d2::Pool<Connections>,
    ids: Arc<IdGenerator>,
    bus: Arc<dyn Bus>,
}

/// Why a try ended without an answer.
enum Failed {
    /// Nothing was committed; another try may succeed.
    Again(AppError),
    /// The answer is this error.
    Final(AppError),
}

impl PostgresWriter {
    pub(super) fn new(pool: r2d2::Pool<Connections>, ids: Arc<IdGenerator>, bus: Arc<dyn Bus>) -> Self {
        Self { pool, ids, bus }
    }

    pub(super) fn write<T>(&self, job: &Job<T>) -> AppResult<T> {
        let mut attempt = 1;
        loop {
            match self.attempt(job) {
                Ok(value) => return Ok(value),
                Err(Failed::Final(error)) => return Err(error),
                Err(Failed::Again(error)) if attempt == ATTEMPTS => return Err(error),
                Err(Failed::Again(error)) => {
                    tracing::debug!(%error, attempt, "write tried again");
                    let jitter = rand::rng().random_range(1..=8 << attempt);
                    std::thread::sleep(Duration::from_millis(jitter));
                    attempt += 1;
                }
            }
        }
    }

    fn attempt<T>(&self, job: &Job<T>) -> Result<T, Failed> {
        // Without a number of its own a node would make another one's ids.
        if !self.ids.may_make() {
            return Err(Failed::Final(AppError::unavailable()));
        }
        let mut conn = self
            .pool
            .get()
            .map_err(|_timeout| Failed::Final(AppError::unavailable()))?;
        let conn: &mut Conn = &mut conn;
        dialect::begin_write(conn).map_err(|error| again_or_final(error.into()))?;
        let ran = catch_unwind(AssertUnwindSafe(|| {
            let mut tx = Tx::new(conn, &self.ids);
            let result = job(&mut tx);
            (result, tx.into_notices())
        }));
        let (ran, notices) = match ran {
            Ok((result, notices)) => (Ok(result), notices),
            Err(panic) => (Err(panic), Vec::new()),
        };
        match ran {
            Ok(Ok(Outcome::Commit(value))) => match dialect::commit_write(conn) {
                Ok(()) => {
                    self.bus.publish(notices);
                    Ok(value)
                }
                Err(error) => {
                    undo(conn);
                    Err(after_commit(error.into()))
                }
            },
            Ok(Ok(Outcome::RollBack(value))) => {
                undo(conn);
                Ok(value)
            }
            Ok(Err(error)) => {
                undo(conn);
                Err(again_or_final(error))
            }
            Err(_panic) => {
                undo(conn);
                Err(Failed::Final(AppError::Unexpected(anyhow::anyhow!(
                    "a database job panicked"
                ))))
            }
        }
    }
}

/// Rolls everything back. When that fails the connection is marked broken, and the pool throws it away.
fn undo(conn: &mut Conn) {
    while let Ok(Some(_depth)) = Manager::transaction_manager_status_mut(conn).transaction_depth() {
        if let Err(error) = Manager::rollback_transaction(conn) {
            tracing::warn!(%error, "ROLLBACK failed");
            Manager::transaction_manager_status_mut(conn).set_in_error();
            return;
        }
    }
}

fn again_or_final(error: AppError) -> Failed {
    match &error {
        AppError::Database(db) if matches!(db.kind(), Kind::Conflict | Kind::ConnectionLost) => {
            Failed::Again(error)
        }
        _ => Failed::Final(error),
    }
}

/// A COMMIT that was refused can be tried again; one whose answer was lost may have happened, and only the
/// caller's `client_id` can tell.
fn after_commit(error: AppError) -> Failed {
    match &error {
        AppError::Database(db) if db.kind() == Kind::Conflict => Failed::Again(error),
        _ => Failed::Final(error),
    }
}
