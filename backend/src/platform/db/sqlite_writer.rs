//! The one writer of SQLite: a thread that takes up to 64 waiting jobs, runs each in a savepoint of one
//! transaction, commits once and then answers them all. Full durability costs one fsync for the whole batch.
//!
//! What must hold:
//! * Nobody is answered before COMMIT, not even those whose job refused: what they saw may have been a
//!   neighbour's work, which only the commit makes true.
//! * A job that refuses, breaks a constraint or panics loses its own savepoint only.
//! * Any other failure (disk full, I/O, a failed savepoint or COMMIT) ends the batch: SQLite may have rolled
//!   back on its own. The connection is closed, everybody is told, and a new one is opened.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::Context;
use diesel::connection::TransactionManager;
use hearth_shared::problem::ErrorCode;
use tokio::sync::{mpsc, oneshot};

use super::conn::{self, Conn, Role, Target};
use super::error::Kind;
use super::{DbError, Job, Outcome, Tx, dialect};
use crate::platform::error::{AppError, AppResult};
use crate::platform::ids::IdGenerator;
use crate::platform::realtime::bus::{Bus, Notice};

/// Jobs that share a commit at most.
const BATCH: usize = 64;
/// Jobs that may wait.
const QUEUE_LENGTH: usize = 1024;
/// Pause before another try to open the database.
const REOPEN_PAUSE: Duration = Duration::from_millis(100);

type Manager = <Conn as diesel::Connection>::TransactionManager;

/// The handle to the thread. When the last one goes, the thread finishes what waits and ends.
pub(super) struct SqliteWriter {
    jobs: Option<mpsc::Sender<Box<dyn Pending>>>,
    thread: Option<JoinHandle<()>>,
}

impl SqliteWriter {
    pub(super) fn start(target: Target, ids: Arc<IdGenerator>, bus: Arc<dyn Bus>) -> anyhow::Result<Self> {
        let first = conn::open(&target, Role::Writer)?;
        let (jobs, queue) = mpsc::channel(QUEUE_LENGTH);
        let thread = std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || {
                let thread = Thread {
                    target,
                    ids,
                    bus,
                    queue,
                };
                thread.run(first)
            })
            .context("cannot start the writer thread")?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    pub(super) fn is_alive(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }

    pub(super) async fn write<T: Send + 'static>(&self, job: Box<Job<T>>) -> AppResult<T> {
        let (reply, answer) = oneshot::channel();
        let pending = PendingJob {
            job,
            result: None,
            reply,
        };
        let jobs = self.jobs.as_ref().ok_or_else(AppError::unavailable)?;
        jobs.try_send(Box::new(pending))
            .map_err(|_full| AppError::unavailable())?;
        answer.await.unwrap_or_else(|_gone| Err(AppError::unavailable()))
    }
}

impl Drop for SqliteWriter {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the SQLite writer ended with a panic");
        }
    }
}

/// A job of any type, between its run and its answer.
trait Pending: Send {
    /// Runs the job and keeps its result.
    fn run(&mut self, tx: &mut Tx<'_>) -> Verdict;
    /// Its thread panicked while it ran.
    fn panicked(&mut self);
    /// The batch was rolled back: whatever the job had to say is void.
    fn fail(&mut self, error: AppError);
    /// Answers.
    fn answer(self: Box<Self>);
}

/// What to do with a job's savepoint.
enum Verdict {
    Keep,
    Undo,
    /// The transaction cannot go on.
    EndBatch(Kind),
}

struct PendingJob<T> {
    job: Box<Job<T>>,
    result: Option<AppResult<T>>,
    reply: oneshot::Sender<AppResult<T>>,
}

impl<T: Send + 'static> Pending for PendingJob<T> {
    fn run(&mut self, tx: &mut Tx<'_>) -> Verdict {
        let (result, verdict) = match (self.job)(tx) {
            Ok(Outcome::Commit(value)) => (Ok(value), Verdict::Keep),
            Ok(Outcome::RollBack(value)) => (Ok(value), Verdict::Undo),
            Err(error) => {
                let verdict = match &error {
                    AppError::Database(db) if !matches!(db.kind(), Kind::Constraint | Kind::Query) => {
                        Verdict::EndBatch(db.kind())
                    }
                    _ => Verdict::Undo,
                };
                (Err(error), verdict)
            }
        };
        self.result = Some(result);
        verdict
    }

    fn panicked(&mut self) {
        self.result = Some(Err(AppError::Unexpected(anyhow::anyhow!(
            "a database job panicked"
        ))));
    }

    fn fail(&mut self, error: AppError) {
        self.result = Some(Err(error));
    }

    fn answer(self: Box<Self>) {
        let result = self.result.unwrap_or_else(|| Err(AppError::unavailable()));
        // The caller may have gone away; what was committed stays committed.
        drop(self.reply.send(result));
    }
}

struct Thread {
    target: Target,
    ids: Arc<IdGenerator>,
    bus: Arc<dyn Bus>,
    queue: mpsc::Receiver<Box<dyn Pending>>,
}

impl Thread {
    fn run(mut self, first: Conn) {
        let mut conn = Some(first);
        while let Some(job) = self.queue.blocking_recv() {
            let mut batch = vec![job];
            while batch.len() < BATCH {
                match self.queue.try_recv() {
                    Ok(job) => batch.push(job),
                    Err(_empty) => break,
                }
            }
            let outcome = match conn.as_mut() {
                Some(conn) => commit_batch(conn, &self.ids, &mut batch),
                None => Err(Ended {
                    kind: Kind::Storage,
                    why: "the database is not open".to_owned(),
                }),
            };
            let (kind, why) = match outcome {
                Ok(notices) => {
                    self.bus.publish(notices);
                    for job in batch {
                        job.answer();
                    }
                    continue;
                }
                Err(Ended { kind, why }) => (kind, why),
            };
            tracing::error!(
                error = why,
                jobs = batch.len(),
                "a batch of writes was rolled back"
            );
            // Closing rolls back whatever is still open.
            drop(conn.take());
            for job in &mut batch {
                job.fail(match kind {
                    Kind::Full => ErrorCode::InsufficientStorage.into(),
                    _ => AppError::unavailable(),
                });
            }
            conn = self.reopen();
            for job in batch {
                job.answer();
            }
        }
    }

    fn reopen(&self) -> Option<Conn> {
        match conn::open(&self.target, Role::Writer) {
            Ok(conn) => Some(conn),
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "cannot open the database again");
                std::thread::sleep(REOPEN_PAUSE);
                None
            }
        }
    }
}

/// Why nothing of a batch was kept.
struct Ended {
    kind: Kind,
    why: String,
}

fn ended(doing: &str) -> impl Fn(diesel::result::Error) -> Ended {
    move |error| {
        let error = DbError::from(error);
        Ended {
            kind: error.kind(),
            why: format!("{doing}: {error}"),
        }
    }
}

/// Runs and commits a batch. Gives what is to be said of it.
fn commit_batch(
    conn: &mut Conn,
    ids: &IdGenerator,
    batch: &mut [Box<dyn Pending>],
) -> Result<Vec<Notice>, Ended> {
    dialect::begin_write(conn).map_err(ended("BEGIN"))?;
    let mut notices = Vec::new();
    for job in batch.iter_mut() {
        Manager::begin_transaction(conn).map_err(ended("SAVEPOINT"))?;
        let ran = catch_unwind(AssertUnwindSafe(|| {
            let mut tx = Tx::new(conn, ids);
            let verdict = job.run(&mut tx);
            (verdict, tx.into_notices())
        }));
        match ran {
            Ok((Verdict::Keep, told)) => {
                Manager::commit_transaction(conn).map_err(ended("RELEASE"))?;
                notices.extend(told);
            }
            Ok((Verdict::Undo, _)) => undo_to(conn, 1)?,
            Ok((Verdict::EndBatch(kind), _)) => {
                return Err(Ended {
                    kind,
                    why: "a job met a failure of the database".to_owned(),
                });
            }
            Err(_panic) => {
                job.panicked();
                undo_to(conn, 1)?;
            }
        }
    }
    Manager::commit_transaction(conn).map_err(ended("COMMIT"))?;
    Ok(notices)
}

/// Rolls back to a depth; a panic can leave inner savepoints open.
fn undo_to(conn: &mut Conn, depth: u32) -> Result<(), Ended> {
    loop {
        let status = Manager::transaction_manager_status_mut(conn);
        let open = status.transaction_depth().map_err(ended("depth"))?;
        if open.map_or(0, std::num::NonZero::get) <= depth {
            return Ok(());
        }
        Manager::rollback_transaction(conn).map_err(ended("ROLLBACK TO"))?;
    }
}
