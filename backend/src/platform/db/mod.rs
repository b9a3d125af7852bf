//! The database: SQLite in the data folder or PostgreSQL, chosen at start, behind one small interface.
//!
//! * [`Db::read`]: queries on a pooled connection; [`Db::snapshot`]: several queries that see one moment.
//! * [`Db::write`]: one use case, one transaction. The answer comes after COMMIT.
//!
//! Both run on blocking threads behind bounded queues: when the server is too busy, or the database does not
//! answer, the answer is [`AppError::unavailable`], never a hang. On SQLite all writes go through one thread that commits in groups
//! ([`sqlite_writer`]); on PostgreSQL each has a connection and is retried when the database asks for it
//! ([`postgres_writer`]).

pub mod among;
#[expect(
    missing_docs,
    reason = "the derive of MultiConnection writes undocumented items"
)]
pub mod conn;
pub mod dialect;
pub mod error;
pub mod lock;
pub mod meta;
pub mod migrate;
mod postgres_writer;
pub mod share;
mod sqlite_writer;
pub mod tx;
pub mod words;

use std::sync::Arc;
use std::time::Duration;

use diesel::connection::TransactionManager;
use tokio::sync::Semaphore;

pub use conn::{Conn, Target};
pub use error::DbError;
pub use tx::{Outcome, Tx};

use crate::platform::error::{AppError, AppResult};
use crate::platform::ids::IdGenerator;
use crate::platform::realtime::bus::Bus;
use conn::{Manager, Role};
use postgres_writer::PostgresWriter;
use sqlite_writer::SqliteWriter;

/// How long a request waits for a connection before it is told to come back.
const QUEUE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a request waits for the database in all. A database that hangs keeps its connections busy, and those
/// who asked are told that the outcome is unknown.
const DEADLINE: Duration = Duration::from_secs(8);
/// Requests that may wait for a connection.
const QUEUE_LENGTH: usize = 1024;

/// How often it is tried to empty SQLite's log, while others read.
const LOG_ATTEMPTS: u32 = 20;
/// Between two tries.
const LOG_PAUSE: Duration = Duration::from_millis(250);

/// How many connections read at the same time.
#[derive(Debug, Clone, Copy)]
pub struct Sizes {
    /// Readers of SQLite, or all connections to PostgreSQL.
    pub connections: u32,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { connections: 12 }
    }
}

/// A handle to the database; cloning it is cheap.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    /// Where the database is.
    target: Target,
    /// Readers, and on PostgreSQL writers too.
    pool: r2d2::Pool<Manager>,
    /// One permit per connection: nobody blocks a thread to wait for one.
    permits: Arc<Semaphore>,
    /// One permit per request that may wait.
    queue: Semaphore,
    writer: Writer,
}

enum Writer {
    Sqlite(SqliteWriter),
    Postgres(PostgresWriter),
}

/// The job of a write: may run more than once, so it touches nothing but the transaction.
pub(crate) type Job<T> = dyn Fn(&mut Tx<'_>) -> AppResult<Outcome<T>> + Send + Sync;

impl Db {
    /// Connects. The tables must be there: see [`migrate`]. What transactions publish goes to the bus, after
    /// their COMMIT.
    ///
    /// # Errors
    /// When the database cannot be reached or opened; the text says why.
    pub fn open(
        target: Target,
        sizes: Sizes,
        ids: Arc<IdGenerator>,
        bus: Arc<dyn Bus>,
    ) -> anyhow::Result<Self> {
        let manager = Manager {
            target: target.clone(),
            role: Role::Reader,
        };
        let pool = r2d2::Pool::builder()
            .max_size(sizes.connections)
            .min_idle(Some(1))
            .connection_timeout(QUEUE_TIMEOUT)
            .error_handler(Box::new(conn::LogErrors))
            .build(manager)?;
        let permits = Arc::new(Semaphore::new(sizes.connections as usize));
        let writer = match &target {
            Target::Sqlite(_) => Writer::Sqlite(SqliteWriter::start(target.clone(), ids, bus)?),
            Target::Postgres(_) => Writer::Postgres(PostgresWriter::new(pool.clone(), ids, bus)),
        };
        let inner = Inner {
            target,
            pool,
            permits,
            queue: Semaphore::new(QUEUE_LENGTH),
            writer,
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Whether writes can be taken at all: false when the writer thread has died.
    pub fn can_write(&self) -> bool {
        match &self.inner.writer {
            Writer::Sqlite(writer) => writer.is_alive(),
            Writer::Postgres(_) => true,
        }
    }

    /// Where the database is.
    pub fn target(&self) -> &Target {
        &self.inner.target
    }

    /// Runs queries, each of which sees the newest committed state.
    ///
    /// # Errors
    /// The job's own, or [`AppError::unavailable`] when no connection came free in time or the database did not
    /// answer.
    pub async fn read<T, F>(&self, job: F) -> AppResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> AppResult<T> + Send + 'static,
    {
        let pool = self.inner.pool.clone();
        in_time(async {
            let permit = self.permit().await?;
            blocking(move || {
                let _permit = permit;
                let mut conn = pool.get().map_err(|_timeout| AppError::unavailable())?;
                job(&mut conn)
            })
            .await
        })
        .await
    }

    /// Runs queries that all see the state of one moment.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn snapshot<T, F>(&self, job: F) -> AppResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> AppResult<T> + Send + 'static,
    {
        self.read(move |conn| {
            dialect::begin_snapshot(conn)?;
            let result = job(conn);
            // Nothing was written; what ends the snapshot cannot change the answer. A connection that fails here
            // is marked as broken, and the pool throws it away.
            if let Err(error) = <Conn as diesel::Connection>::TransactionManager::rollback_transaction(conn) {
                tracing::warn!(%error, "the end of a snapshot failed");
            }
            result
        })
        .await
    }

    /// Runs a use case in a transaction and answers after COMMIT.
    ///
    /// # Errors
    /// The job's own, after everything it did was undone. [`AppError::unavailable`] when the queue is full or
    /// the commit failed or took too long: then the outcome is unknown to the caller, who repeats the request with the same
    /// `client_id`.
    pub async fn write<T, F>(&self, job: F) -> AppResult<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> AppResult<Outcome<T>> + Send + Sync + 'static,
    {
        match &self.inner.writer {
            Writer::Sqlite(writer) => in_time(writer.write(Box::new(job))).await,
            Writer::Postgres(writer) => {
                let writer = writer.clone();
                in_time(async {
                    let permit = self.permit().await?;
                    blocking(move || {
                        let _permit = permit;
                        writer.write(&job)
                    })
                    .await
                })
                .await
            }
        }
    }

    /// Brings everything from SQLite's log into the file and empties the log, so that what was deleted is in neither.
    /// PostgreSQL recycles its log by itself.
    ///
    /// # Errors
    /// When a reader or the writer does not let go in time; nothing is lost then, and the log stays as it is.
    pub async fn truncate_log(&self) -> AppResult<()> {
        let target = self.inner.target.clone();
        if let Target::Postgres(_) = target {
            return Ok(());
        }
        blocking(move || {
            let mut conn = conn::open(&target, Role::Writer)?;
            for _ in 0..LOG_ATTEMPTS {
                if dialect::truncate_log(&mut conn)? {
                    return Ok(());
                }
                std::thread::sleep(LOG_PAUSE);
            }
            Err(AppError::unavailable())
        })
        .await
    }

    async fn permit(&self) -> AppResult<tokio::sync::OwnedSemaphorePermit> {
        let _place = self
            .inner
            .queue
            .try_acquire()
            .map_err(|_full| AppError::unavailable())?;
        let permit = Arc::clone(&self.inner.permits).acquire_owned();
        match tokio::time::timeout(QUEUE_TIMEOUT, permit).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(AppError::unavailable()),
        }
    }
}

/// Waits no longer than [`DEADLINE`]. What runs on a blocking thread goes on, and keeps its connection.
async fn in_time<T>(work: impl Future<Output = AppResult<T>>) -> AppResult<T> {
    match tokio::time::timeout(DEADLINE, work).await {
        Ok(result) => result,
        Err(_late) => {
            tracing::warn!("the database does not answer");
            Err(AppError::unavailable())
        }
    }
}

/// Runs a job on a blocking thread; its panic becomes an error.
async fn blocking<T: Send + 'static>(job: impl FnOnce() -> AppResult<T> + Send + 'static) -> AppResult<T> {
    match tokio::task::spawn_blocking(job).await {
        Ok(result) => result,
        Err(stopped) => Err(AppError::Unexpected(anyhow::anyhow!("database job: {stopped}"))),
    }
}
