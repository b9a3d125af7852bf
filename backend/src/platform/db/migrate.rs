//! Tables come and change by migrations, which are part of the program and run at start.

use std::path::Path;

use anyhow::{Context, anyhow};
use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::conn::{self, Conn, Role, Target};
use crate::platform::clock;

const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

/// Any number that only Hearth's migrations use: two nodes that start together take turns.
const ADVISORY_LOCK: i64 = 0x4865_6172_7468;

/// Brings the tables up to date and says how many migrations ran. An SQLite database that holds something is
/// copied into `backups/` beside it first.
///
/// # Errors
/// When the database cannot be opened, is too old, or a migration fails; then nothing of that one was kept.
pub fn run(target: &Target) -> anyhow::Result<usize> {
    let mut conn = conn::open(target, Role::Writer)?;
    conn::check_sqlite_version(&mut conn)?;
    match (&mut conn, target) {
        (Conn::Sqlite(conn), Target::Sqlite(path)) => {
            let pending = conn.pending_migrations(SQLITE).map_err(|e| anyhow!(e))?.len();
            let existing = !conn.applied_migrations().map_err(|e| anyhow!(e))?.is_empty();
            if pending > 0 && existing {
                back_up(conn, path)?;
            }
            apply(conn, || SQLITE, pending)
        }
        (Conn::Postgres(conn), _) => {
            // A change of large tables takes its time, and so does another node that is at it.
            conn.batch_execute("SET statement_timeout = 0; SET lock_timeout = 0;")?;
            conn.batch_execute(&format!("SELECT pg_advisory_lock({ADVISORY_LOCK})"))?;
            let pending = conn.pending_migrations(POSTGRES).map_err(|e| anyhow!(e))?.len();
            // The lock ends with the connection.
            apply(conn, || POSTGRES, pending)
        }
        (Conn::Sqlite(_), Target::Postgres(_)) => Err(anyhow!("the connection does not fit its target")),
    }
}

/// Whether the tables are those of this program.
///
/// # Errors
/// When the database cannot be opened.
pub fn is_up_to_date(target: &Target) -> anyhow::Result<bool> {
    let pending = match &mut conn::open(target, Role::Reader)? {
        Conn::Sqlite(conn) => conn.has_pending_migration(SQLITE),
        Conn::Postgres(conn) => conn.has_pending_migration(POSTGRES),
    };
    Ok(!pending.map_err(|e| anyhow!(e))?)
}

/// Undoes all migrations and runs them again: for the test that each can be undone.
///
/// # Errors
/// When one cannot.
pub fn redo_all(target: &Target) -> anyhow::Result<()> {
    let mut conn = conn::open(target, Role::Writer)?;
    match &mut conn {
        Conn::Sqlite(conn) => {
            conn.revert_all_migrations(SQLITE).map_err(|e| anyhow!(e))?;
            conn.run_pending_migrations(SQLITE).map_err(|e| anyhow!(e))?;
        }
        Conn::Postgres(conn) => {
            conn.revert_all_migrations(POSTGRES).map_err(|e| anyhow!(e))?;
            conn.run_pending_migrations(POSTGRES).map_err(|e| anyhow!(e))?;
        }
    }
    Ok(())
}

fn apply<DB, C>(conn: &mut C, source: fn() -> EmbeddedMigrations, pending: usize) -> anyhow::Result<usize>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
    EmbeddedMigrations: MigrationSource<DB>,
{
    let mut done = 0;
    while conn.has_pending_migration(source()).map_err(|e| anyhow!(e))? {
        let name = {
            let waiting: Vec<Box<dyn Migration<DB>>> =
                conn.pending_migrations(source()).map_err(|e| anyhow!(e))?;
            waiting.first().map(|m| m.name().to_string()).unwrap_or_default()
        };
        done += 1;
        tracing::info!(migration = name, step = done, of = pending, "changing the tables");
        conn.run_next_migration(source())
            .map_err(|e| anyhow!(e))
            .with_context(|| format!("migration {name}"))?;
    }
    Ok(done)
}

fn back_up(conn: &mut diesel::SqliteConnection, database: &Path) -> anyhow::Result<()> {
    let folder = database.parent().unwrap_or(Path::new(".")).join("backups");
    std::fs::create_dir_all(&folder).context("cannot make the folder for backups")?;
    let copy = folder.join(format!("before-migration-{}.db", clock::now().as_millis()));
    let name = copy
        .to_str()
        .context("the path of the backup is not UTF-8")?
        .replace('\'', "''");
    conn.batch_execute(&format!("VACUUM INTO '{name}'"))
        .context("backup before migrating")?;
    tracing::info!(copy = %copy.display(), "the database was copied before migrating");
    Ok(())
}
