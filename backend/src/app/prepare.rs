//! What must be so before the server starts: a data folder of one's own, tables that are up to date, a secret
//! that fits them.

use std::fs::File;
use std::path::Path;

use anyhow::{Context, bail};
use rand::Rng;

use crate::platform::config::Config;
use crate::platform::db::{Conn, Db, Outcome, Target, dialect, lock, meta, migrate};
use crate::platform::error::AppError;
use crate::platform::secrets::Secrets;

/// Brings the tables up to date and stops; as alone with the data folder and the database as the server.
///
/// # Errors
/// As [`super::build`].
pub fn migrate(config: &Config) -> anyhow::Result<usize> {
    let _folder = lock_data_folder(config)?;
    prepare_database(&config.database).map(|(_lock, done)| done)
}

/// Two programs on one data folder would ruin each other's work.
pub(super) fn lock_data_folder(config: &Config) -> anyhow::Result<File> {
    let folder = &config.data_dir;
    let told = || format!("HEARTH_DATA_DIR: cannot write into {}", folder.display());
    make_private_folder(folder).with_context(told)?;
    let lock = File::create(folder.join("folder.lock")).with_context(told)?;
    if lock.try_lock().is_err() {
        bail!("HEARTH_DATA_DIR: another Hearth uses {}", folder.display());
    }
    Ok(lock)
}

/// What people write for their friends is not for everybody with an account on the computer.
fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

pub(super) fn prepare_database(target: &Target) -> anyhow::Result<(Option<File>, usize)> {
    if let Target::Sqlite(path) = target
        && let Some(folder) = path.parent()
    {
        make_private_folder(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let lock = lock::take(target)?;
    Ok((lock, migrate::run(target)?))
}

pub(super) fn no_answer(error: AppError) -> anyhow::Error {
    anyhow::anyhow!("the database does not answer: {error}")
}

/// A secret that does not fit the database would end every session and more: rather do not start.
pub(super) async fn check_secret(db: &Db, secrets: &Secrets) -> anyhow::Result<()> {
    let fingerprint = secrets.fingerprint();
    let mut epoch = [0; 8];
    rand::rng().fill_bytes(&mut epoch);
    let epoch = u64::from_be_bytes(epoch).to_string();
    let kept = db
        .write(move |tx| match meta::secret_fingerprint(tx.conn())? {
            Some(kept) => Ok(Outcome::RollBack(kept)),
            None => {
                let insert = |conn: &mut Conn| meta::insert(conn, &epoch, &fingerprint).map(|()| 1);
                if dialect::insert_once(tx.conn(), insert)? {
                    return Ok(Outcome::Commit(fingerprint.clone()));
                }
                // Another node began with this database in the same moment.
                let kept = meta::secret_fingerprint(tx.conn())?;
                Ok(Outcome::RollBack(kept.ok_or_else(AppError::unavailable)?))
            }
        })
        .await
        .map_err(no_answer)?;
    if kept != secrets.fingerprint() {
        bail!("HEARTH_SECRET_FILE: the secret is not the one that this database was made with");
    }
    Ok(())
}
