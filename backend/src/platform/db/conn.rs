//! One connection type for both databases, and how one is opened.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

/// SQLite releases before this one lose data in rare WAL resets (sqlite.org, 3.51.3 release notes).
const SQLITE_MIN: (u32, u32, u32) = (3, 51, 3);

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// The embedded database.
    Sqlite(SqliteConnection),
    /// A PostgreSQL server.
    Postgres(PgConnection),
}

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A file.
    Sqlite(PathBuf),
    /// A server's URL, password included: never log it.
    Postgres(String),
}

impl Target {
    /// Reads `DATABASE_URL`; without one the database is `hearth.db` in the data folder.
    ///
    /// # Errors
    /// For every scheme but `sqlite://`, `postgres://` and `postgresql://`.
    pub fn from_url(url: Option<&str>, data_dir: &Path) -> anyhow::Result<Self> {
        let Some(url) = url else {
            return Ok(Self::Sqlite(data_dir.join("hearth.db")));
        };
        match url.split_once("://") {
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(PathBuf::from(path))),
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres(url.to_owned())),
            Some((scheme, _)) => bail!("DATABASE_URL: the scheme {scheme:?} is neither sqlite nor postgres"),
            None => bail!("DATABASE_URL: expected sqlite://PATH or postgres://USER@HOST/DATABASE"),
        }
    }
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Queries; SQLite refuses everything else on it.
    Reader,
    /// The one writer of SQLite.
    Writer,
}

/// Opens a connection and sets it up.
pub(crate) fn open(target: &Target, role: Role) -> anyhow::Result<Conn> {
    match target {
        Target::Sqlite(path) => {
            let name = path.to_str().context("the path of the database is not UTF-8")?;
            let mut conn = SqliteConnection::establish(name)
                .with_context(|| format!("cannot open the database {}", path.display()))?;
            conn.batch_execute(SQLITE_SETTINGS)
                .with_context(|| format!("cannot use the database {}", path.display()))?;
            let mode =
                diesel::dsl::sql::<diesel::sql_types::Text>("(SELECT journal_mode FROM pragma_journal_mode)");
            let mode: String = diesel::select(mode).get_result(&mut conn)?;
            if mode != "wal" {
                bail!(
                    "the database {} is on a file system without WAL ({mode})",
                    path.display()
                );
            }
            if role == Role::Reader {
                conn.batch_execute("PRAGMA query_only = ON;")?;
            }
            Ok(Conn::Sqlite(conn))
        }
        Target::Postgres(url) => {
            let mut conn =
                PgConnection::establish(&with_defaults(url)).context("cannot connect to PostgreSQL")?;
            conn.batch_execute(POSTGRES_SETTINGS)?;
            Ok(Conn::Postgres(conn))
        }
    }
}

/// `synchronous = FULL`: what was answered survives a power cut. `secure_delete`: what was deleted is gone
/// from the file. Checkpoints happen on the writer, after a commit of about 4 MiB.
const SQLITE_SETTINGS: &str = "
    PRAGMA busy_timeout = 5000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;
    PRAGMA mmap_size = 0;
    PRAGMA wal_autocheckpoint = 1000;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA trusted_schema = OFF;
";

/// What libpq is told about connections unless the URL says otherwise: to give up on a server that does not
/// answer, and to notice one that is gone (times in seconds, the last in milliseconds).
const POSTGRES_DEFAULTS: [(&str, &str); 5] = [
    ("connect_timeout", "5"),
    ("keepalives_idle", "10"),
    ("keepalives_interval", "5"),
    ("keepalives_count", "3"),
    ("tcp_user_timeout", "10000"),
];

/// The URL with [`POSTGRES_DEFAULTS`] for what it does not set.
fn with_defaults(url: &str) -> String {
    let (server, query) = url.split_once('?').unwrap_or((url, ""));
    let mut parameters: Vec<String> = query
        .split('&')
        .filter(|parameter| !parameter.is_empty())
        .map(str::to_owned)
        .collect();
    for (name, value) in POSTGRES_DEFAULTS {
        if !parameters.iter().any(|set| set.split('=').next() == Some(name)) {
            parameters.push(format!("{name}={value}"));
        }
    }
    format!("{server}?{}", parameters.join("&"))
}

/// A statement that waits longer than this is better answered with 503 than waited for.
const POSTGRES_SETTINGS: &str = "
    SET synchronous_commit = on;
    SET lock_timeout = '4s';
    SET statement_timeout = '10s';
    SET idle_in_transaction_session_timeout = '5s';
    SET application_name = 'hearth';
";

/// Refuses an SQLite that is too old to be trusted.
///
/// # Errors
/// When it is.
pub(crate) fn check_sqlite_version(conn: &mut Conn) -> anyhow::Result<()> {
    let Conn::Sqlite(conn) = conn else { return Ok(()) };
    let version: String =
        diesel::select(diesel::dsl::sql::<diesel::sql_types::Text>("sqlite_version()")).get_result(conn)?;
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    let found = (next(), next(), next());
    if found < SQLITE_MIN {
        bail!("SQLite {version} is too old: Hearth needs 3.51.3 or newer");
    }
    Ok(())
}

/// Opens pooled connections. Not diesel's own manager: that one tries every backend in turn, and SQLite takes
/// any text for a file name.
#[derive(Debug)]
pub(crate) struct Manager {
    pub(crate) target: Target,
    pub(crate) role: Role,
}

/// The chain of causes, which r2d2 wants as one error.
#[derive(Debug)]
pub(crate) struct OpenError(anyhow::Error);

impl std::fmt::Display for OpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:#}", self.0)
    }
}

impl std::error::Error for OpenError {}

impl r2d2::ManageConnection for Manager {
    type Connection = Conn;
    type Error = OpenError;

    fn connect(&self) -> Result<Conn, OpenError> {
        open(&self.target, self.role).map_err(OpenError)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), OpenError> {
        match conn {
            // A file does not go away, and its errors are handled where they happen.
            Conn::Sqlite(_) => Ok(()),
            Conn::Postgres(conn) => conn
                .batch_execute("SELECT 1")
                .map_err(|error| OpenError(error.into())),
        }
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        use diesel::connection::TransactionManager;
        std::thread::panicking()
            || <Conn as Connection>::TransactionManager::is_broken_transaction_manager(conn)
    }
}

/// Sends the pool's errors to the log.
#[derive(Debug)]
pub(crate) struct LogErrors;

impl r2d2::HandleError<OpenError> for LogErrors {
    fn handle_error(&self, error: OpenError) {
        tracing::warn!(%error, "no new database connection");
    }
}

#[cfg(test)]
mod tests {
    use super::with_defaults;

    #[test]
    fn a_url_keeps_what_it_says() {
        let bare = with_defaults("postgres://ada@db/hearth");
        assert!(
            bare.starts_with("postgres://ada@db/hearth?connect_timeout=5&"),
            "{bare}"
        );
        let set = with_defaults("postgres://db/hearth?sslmode=require&connect_timeout=60");
        assert!(
            set.starts_with("postgres://db/hearth?sslmode=require&connect_timeout=60&keepalives_idle=10")
        );
        assert_eq!(set.matches("connect_timeout").count(), 1);
        assert_eq!(with_defaults(&set), set);
    }
}
