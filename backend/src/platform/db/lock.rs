//! One program for one SQLite file: two would each be "the one writer", and would make the same ids. A PostgreSQL
//! is for several programs ([`crate::platform::nodes`]).

use std::fs::File;

use anyhow::{Context, bail};

use super::conn::Target;

/// Takes the lock of an SQLite database, which is a file beside it; `None` for PostgreSQL.
///
/// # Errors
/// When another Hearth holds it.
pub fn take(target: &Target) -> anyhow::Result<Option<File>> {
    let Target::Sqlite(path) = target else {
        return Ok(None);
    };
    let lock = path.with_extension("lock");
    let file = File::create(&lock).with_context(|| format!("cannot write {}", lock.display()))?;
    if file.try_lock().is_err() {
        bail!("another Hearth uses the database {}", path.display());
    }
    Ok(Some(file))
}
