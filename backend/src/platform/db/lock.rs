//! One program for one database. Two that both believe to be the only one would make the same ids, and on
//! SQLite each would be "the one writer".

use std::fs::File;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use diesel::prelude::*;

use super::conn::{self, Conn, Role, Target};

/// Any number that only this lock uses.
const ADVISORY_LOCK: i64 = 0x4865_6172_7468_0001;
/// A server that was killed a moment ago may still hold its connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// Held for as long as the program uses the database.
pub enum DatabaseLock {
    /// The lock of a file beside the database.
    File(File),
    /// A session of the server that holds an advisory lock.
    Session(Box<Conn>),
}

/// Takes the lock.
///
/// # Errors
/// When another Hearth holds it, or the database cannot be reached.
pub fn take(target: &Target) -> anyhow::Result<DatabaseLock> {
    match target {
        Target::Sqlite(path) => {
            let lock = path.with_extension("lock");
            let file = File::create(&lock).with_context(|| format!("cannot write {}", lock.display()))?;
            if file.try_lock().is_err() {
                bail!("another Hearth uses the database {}", path.display());
            }
            Ok(DatabaseLock::File(file))
        }
        Target::Postgres(_) => {
            let mut session = conn::open(target, Role::Writer)?;
            let until = Instant::now() + PATIENCE;
            while !try_lock(&mut session)? {
                if Instant::now() >= until {
                    bail!("DATABASE_URL: another Hearth uses this database");
                }
                std::thread::sleep(Duration::from_millis(100));
            }
            Ok(DatabaseLock::Session(Box::new(session)))
        }
    }
}

fn try_lock(session: &mut Conn) -> QueryResult<bool> {
    let call = format!("pg_try_advisory_lock({ADVISORY_LOCK})");
    diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>(&call)).get_result(session)
}
