//! Large files that come in pieces. A piece is safe in the store, under a name of its own, before the row that says
//! so is written; of two that come for the same place one has a row, and the other goes again. When all are there,
//! the film is looked into ([`super::films`]) and written as one file, a little at a time; only then it has a row.
//!
//! Whatever is cut off anywhere leaves either a row that says where to go on, or bytes without a row, which are
//! cleared away after a day ([`super::clean`]).

mod complete;
pub mod dock;

use hearth_shared::ids::{UploadId, UserId};
use hearth_shared::media::{NewUpload, PIECE_SIZE, UPLOADS_OPEN_MAX, Upload};
use hearth_shared::problem::ErrorCode;
use hearth_shared::time::Timestamp;
use hearth_shared::valid::Valid;

use super::Media;
use super::clean::GRACE;
use super::service::{erase, folder, random_name, used};
use super::store::uploads::{self as store, UploadRow};
use crate::platform::db::{Outcome, Tx, dialect};
use crate::platform::error::{AppError, AppResult};
use crate::platform::reply::Created;
use crate::platform::upload::Bytes;

pub use complete::complete;

/// An upload as its sender sees it.
pub fn show(row: &UploadRow) -> Upload {
    let grace = i64::try_from(GRACE.as_millis()).unwrap_or(i64::MAX);
    Upload {
        id: row.id(),
        size: row.size(),
        received: row.received(),
        piece_size: PIECE_SIZE,
        expires_at: Timestamp::from_millis(row.touched_at().as_millis().saturating_add(grace)),
    }
}

/// Begins an upload; the same request again gives it as it stands.
///
/// # Errors
/// `client_id_reused`, `too_many_uploads`, `quota_exceeded`.
pub fn create(
    tx: &mut Tx<'_>,
    owner: UserId,
    new: &Valid<NewUpload>,
    quota: u64,
) -> AppResult<Outcome<Created<UploadRow>>> {
    // Two at once must not both find the last free place.
    dialect::lock_people(tx.conn(), [owner_id(owner), owner_id(owner)])?;
    if let Some(row) = store::find_by_client_id(tx.conn(), owner, new.client_id.as_str())? {
        if row.request_hash != store::hash_upload(new) {
            return Err(ErrorCode::ClientIdReused.into());
        }
        return Ok(Outcome::RollBack(Created::Existing(row)));
    }
    if store::open_sizes(tx.conn(), owner)?.len() >= UPLOADS_OPEN_MAX {
        return Err(ErrorCode::TooManyUploads.into());
    }
    if used(tx.conn(), owner)?.saturating_add(new.size) > quota {
        return Err(ErrorCode::QuotaExceeded.into());
    }
    let id: UploadId = tx.new_id();
    let now = tx.now();
    if !store::insert(tx.conn(), id, owner, new, &random_name(), now)? {
        return Err(AppError::unavailable());
    }
    let row = store::find(tx.conn(), owner, id)?.ok_or_else(AppError::unavailable)?;
    Ok(Outcome::Commit(Created::New(row)))
}

fn owner_id(owner: UserId) -> i64 {
    hearth_shared::ids::Id::get(owner)
}

/// An upload of one's own.
///
/// # Errors
/// `not_found`.
pub async fn find(media: &Media, owner: UserId, id: UploadId) -> AppResult<UploadRow> {
    let row = media.db.read(move |conn| Ok(store::find(conn, owner, id)?));
    Ok(row.await?.ok_or(ErrorCode::NotFound)?)
}

/// What becomes of a piece that begins at a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is the next one, and has so many bytes.
    Next(u64),
    /// It is there already, and has so many bytes.
    Done(u64),
}

/// See [`Turn`].
///
/// # Errors
/// `upload_offset` for every other place.
pub fn turn(row: &UploadRow, offset: u64) -> AppResult<Turn> {
    let length = row.size().saturating_sub(offset).min(PIECE_SIZE);
    if length == 0 || !offset.is_multiple_of(PIECE_SIZE) || offset > row.received() {
        let message = format!("the next piece begins at {}", row.received());
        return Err(AppError::detailed(ErrorCode::UploadOffset, message));
    }
    Ok(if offset < row.received() {
        Turn::Done(length)
    } else {
        Turn::Next(length)
    })
}

/// Keeps a piece, if it is still the next one.
///
/// # Errors
/// `not_found`, `upload_offset`.
pub async fn put(
    media: &Media,
    owner: UserId,
    upload: &UploadRow,
    offset: u64,
    bytes: Bytes,
) -> AppResult<UploadRow> {
    let (id, size) = (upload.id(), bytes.len() as u64);
    let name = random_name();
    let path = format!("{}/{name}", folder(&upload.storage_key));
    if let Err(error) = media.store.put(&path, bytes.into()).await {
        tracing::error!(error = format!("{error:#}"), "a piece was not kept");
        return Err(AppError::unavailable());
    }
    let written = media.db.write(move |tx| {
        dialect::lock_people(tx.conn(), [owner_id(owner), owner_id(owner)])?;
        let row = store::find(tx.conn(), owner, id)?.ok_or(ErrorCode::NotFound)?;
        let now = tx.now();
        Ok(match turn(&row, offset)? {
            Turn::Next(_) => Outcome::Commit((store::add_piece(tx.conn(), &row, &name, size, now)?, true)),
            Turn::Done(_) => Outcome::RollBack((row, false)),
        })
    });
    let (row, ours) = match written.await {
        Ok(written) => written,
        // Nobody knows of it now. When it is unknown whether somebody does, it stays.
        Err(error) if error.code().status() < 500 => {
            discard(media, &path).await;
            return Err(error);
        }
        Err(error) => return Err(error),
    };
    if !ours {
        discard(media, &path).await;
    }
    Ok(row)
}

async fn discard(media: &Media, path: &str) {
    if let Err(error) = media.store.delete(path).await {
        tracing::warn!(error = format!("{error:#}"), "a piece is cleared away later");
    }
}

/// Gives an upload up.
///
/// # Errors
/// `not_found`, also when it has become a film.
pub async fn cancel(media: &Media, owner: UserId, id: UploadId) -> AppResult<()> {
    let removed = media.db.write(move |tx| {
        dialect::lock_people(tx.conn(), [owner_id(owner), owner_id(owner)])?;
        let row = store::find(tx.conn(), owner, id)?.ok_or(ErrorCode::NotFound)?;
        if !store::delete_open(tx.conn(), id)? {
            return Err(ErrorCode::NotFound.into());
        }
        Ok(Outcome::Commit(row.storage_key))
    });
    let key = removed.await?;
    erase(&media.store, &[key]).await;
    Ok(())
}
