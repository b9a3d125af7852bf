//! What is done with pictures, films and other files.

mod beside_messages;
mod beside_posts;
mod names;
mod own;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::StreamExt;
use hearth_shared::ids::{Id, MediaId, SessionId, UserId};
use hearth_shared::media::{self as shared, MediaKind};
use hearth_shared::problem::{ErrorCode, FieldCode};
use hearth_shared::time::Timestamp;
use rand::Rng;

pub use beside_messages::attach_to_message;
pub use beside_posts::{attach, forget_post, of_posts};
pub use names::{tidy_file_name, tidy_name};
pub use own::{edit, remove};

use super::Media;
use super::pipeline::{Format, Part, Shape, Variant};
use super::policy::{Place, Standing, can_see};
use super::sign::Signer;
use super::store::{self, MediaRow, Purpose};
use crate::features::friends::store::blocks;
use crate::features::posts::store::visible::find_visible;
use crate::features::{conversations, users};
use crate::platform::db::{Conn, Outcome, Tx, dialect};
use crate::platform::error::{AppError, AppResult};
use crate::platform::media_store::MediaStore;
use crate::platform::upload::Bytes;

/// A picture whose bytes are safe, and that has no row yet.
#[derive(Debug, Clone)]
pub struct Kept {
    key: String,
    format: Format,
    width: u32,
    height: u32,
    size: u64,
    stored_size: u64,
    blurhash: String,
}

/// What its owner says about a picture.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// The name of its file, as [`tidy_name`] leaves it.
    pub name: String,
    /// For those who cannot see it.
    pub alt_text: String,
}

/// A name that nobody can guess: 256 bits.
pub fn random_name() -> String {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Where all that has a key lies in the store.
pub fn folder(key: &str) -> String {
    let shelf: String = key.chars().take(2).collect();
    format!("{shelf}/{key}")
}

/// Where a variant lies in the store.
pub fn path(key: &str, variant: Variant) -> String {
    format!("{}/{}", folder(key), variant.as_str())
}

/// The key of what lies somewhere in the store.
pub fn key_of(path: &str) -> Option<&str> {
    let mut parts = path.split('/');
    let (_shelf, key, _variant) = (parts.next()?, parts.next()?, parts.next()?);
    Some(key)
}

/// Makes a file harmless and keeps it. Until [`add`] has committed, it belongs to nobody, and is cleared away after
/// a day.
///
/// # Errors
/// See [`super::pipeline::Refusal`]; `unavailable` when too many do the same, or the store does not answer.
pub async fn keep(media: &Media, bytes: Bytes, shape: Shape, part: Option<Part>) -> AppResult<Kept> {
    let prepared = media.workshop.prepare(bytes, shape, part).await?;
    let key = random_name();
    let length = |bytes: &Vec<u8>| u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let size = prepared.variants.first().map_or(0, |(_, bytes)| length(bytes));
    let mut stored_size = 0;
    for (variant, bytes) in prepared.variants {
        stored_size += length(&bytes);
        if let Err(error) = media.store.put(&path(&key, variant), bytes).await {
            tracing::error!(error = format!("{error:#}"), "a picture was not kept");
            return Err(AppError::unavailable());
        }
    }
    Ok(Kept {
        key,
        format: prepared.format,
        width: prepared.width,
        height: prepared.height,
        size,
        stored_size,
        blurhash: prepared.blurhash,
    })
}

/// Writes the row of a picture whose bytes are safe.
///
/// # Errors
/// `quota_exceeded`.
pub fn add(
    tx: &mut Tx<'_>,
    owner: UserId,
    kept: &Kept,
    purpose: Purpose,
    words: &Words,
    quota: u64,
) -> AppResult<MediaRow> {
    // Two uploads at once must not both find the last free place.
    dialect::lock_people(tx.conn(), [owner.get(), owner.get()])?;
    if used(tx.conn(), owner)?.saturating_add(kept.stored_size) > quota {
        return Err(ErrorCode::QuotaExceeded.into());
    }
    let id: MediaId = tx.new_id();
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let row = MediaRow {
        id: id.get(),
        owner_id: owner.get(),
        purpose: purpose.as_str().to_owned(),
        storage_key: kept.key.clone(),
        format: kept.format.as_str().to_owned(),
        width: i64::from(kept.width),
        height: i64::from(kept.height),
        size: number(kept.size),
        blurhash: kept.blurhash.clone(),
        alt_text: words.alt_text.clone(),
        name: words.name.clone(),
        kind: store::IMAGE.to_owned(),
        duration_ms: None,
        poster_id: None,
    };
    let now = tx.now();
    let attached = purpose != Purpose::Upload;
    store::insert(tx.conn(), &row, number(kept.stored_size), attached, now)?;
    Ok(row)
}

/// Takes a picture in that its owner will attach to something.
///
/// # Errors
/// As [`keep`] and [`add`].
pub async fn upload(media: &Media, owner: UserId, bytes: Bytes, words: Words) -> AppResult<MediaRow> {
    let kept = keep(media, bytes, Shape::Whole, None).await?;
    let (written, quota) = (kept.clone(), media.quota);
    let row = media
        .db
        .write(move |tx| add(tx, owner, &written, Purpose::Upload, &words, quota).map(Outcome::Commit));
    settle(media, kept, row.await).await
}

/// What was kept for a row that was refused goes again. When it is unknown whether the row was written, it stays,
/// and is cleared away later if it was not.
///
/// # Errors
/// The one given.
pub async fn settle<T>(media: &Media, kept: Kept, written: AppResult<T>) -> AppResult<T> {
    if let Err(error) = &written
        && error.code().status() < 500
    {
        erase(&media.store, &[kept.key]).await;
    }
    written
}

/// Removes the rows of all pictures, films and uploads of a person. Gives what [`erase`] is to be called with after the commit.
///
/// # Errors
/// When the database fails.
pub fn purge(tx: &mut Tx<'_>, owner: UserId) -> AppResult<Vec<String>> {
    users::pictures::all_removed(tx, owner)?;
    conversations::service::forget::attachments(tx, owner)?;
    let mut keys = store::delete_of_owner(tx.conn(), owner)?;
    keys.extend(store::uploads::delete_of_owner(tx.conn(), owner)?);
    Ok(keys)
}

/// All pictures of a person, oldest first, for the export: a page at a time, above an id. The bytes are under
/// [`path`] with [`Variant::Full`].
///
/// # Errors
/// When the database fails.
pub fn list_all(conn: &mut Conn, owner: UserId, above: i64, limit: i64) -> AppResult<Vec<MediaRow>> {
    Ok(store::of_owner(conn, owner, above, limit)?)
}

/// Removes the bytes of pictures, films and pieces whose rows are gone. What cannot be removed now is found later as a
/// file without a row.
pub async fn erase(store: &MediaStore, keys: &[String]) {
    for key in keys {
        let mut files = store.list_folder(&folder(key));
        while let Some(found) = files.next().await {
            let removed = match found {
                Ok(found) => store.delete(&found.name).await,
                Err(error) => Err(error),
            };
            if let Err(error) = removed {
                tracing::warn!(error = format!("{error:#}"), "a file is cleared away later");
                break;
            }
        }
    }
}

/// Bytes that a person's pictures and films take, those on their way included.
///
/// # Errors
/// When the database fails.
pub fn used(conn: &mut Conn, owner: UserId) -> AppResult<u64> {
    let open: u64 = store::uploads::open_sizes(conn, owner)?.into_iter().sum();
    Ok(store::used(conn, owner)?.saturating_add(open))
}

/// A picture or a film, if somebody may see it now. What stands before a film is seen by those who may see the film.
///
/// # Errors
/// `not_found`.
pub fn visible(conn: &mut Conn, viewer: UserId, id: MediaId) -> AppResult<MediaRow> {
    let (row, place, friends) = store::find_with_place(conn, viewer, id)?.ok_or(ErrorCode::NotFound)?;
    if row.is_poster() {
        let film = store::film_of(conn, id)?.ok_or(ErrorCode::NotFound)?;
        return visible(conn, viewer, film).map(|_film| row);
    }
    let seen = match place {
        Place::Post(post) => find_visible(conn, viewer, post)?.is_some(),
        Place::Message(message) => store::beside_messages::can_read(conn, viewer, message)?,
        place => {
            can_see(place, Standing::of(viewer, row.owner(), friends))
                && !blocks::is_hidden(conn, viewer, row.owner())?
        }
    };
    if seen {
        Ok(row)
    } else {
        Err(ErrorCode::NotFound.into())
    }
}

/// Of a picture of one's own its largest variant, to be cut anew.
///
/// # Errors
/// `validation_failed` for `media_id`, the same for somebody else's and for one that never was.
pub async fn own_bytes(media: &Media, owner: UserId, id: MediaId) -> AppResult<(MediaRow, Bytes)> {
    let row = media.db.read(move |conn| Ok(store::find(conn, id)?)).await?;
    let row = row.filter(|row| row.owner() == owner && row.kind() == MediaKind::Image);
    let row = row.ok_or_else(not_mine)?;
    let bytes = media.store.read(&path(&row.storage_key, Variant::Full)).await?;
    Ok((row, bytes.ok_or_else(not_mine)?))
}

/// The answer to a `media_id` that is not one's own.
pub fn not_mine() -> AppError {
    AppError::field("media_id", FieldCode::NotOffered, "is no picture of yours")
}

/// A picture, a film, a recording or a file as a session gets it. A film's smaller sizes are those of what stands before it.
pub fn show(signer: &Signer, session: SessionId, now: Timestamp, row: &MediaRow) -> shared::Media {
    let url = |id, variant| signer.url(id, variant, session, now);
    let pixels = |side: i64| u32::try_from(side).ok().filter(|side| *side > 0);
    let still = match row.kind() {
        MediaKind::Image => Some(row.id()),
        MediaKind::Video => row.poster_id.map(MediaId::new),
        MediaKind::Audio | MediaKind::File => None,
    };
    shared::Media {
        id: row.id(),
        kind: row.kind(),
        url: url(row.id(), Variant::Full),
        medium_url: still.map(|id| url(id, Variant::Medium)),
        thumb_url: still.map(|id| url(id, Variant::Thumb)),
        width: pixels(row.width),
        height: pixels(row.height),
        duration_ms: row.duration_ms.and_then(|length| u64::try_from(length).ok()),
        blurhash: Some(row.blurhash.clone()).filter(|hash| !hash.is_empty()),
        alt_text: row.alt_text.clone(),
        name: row.file_name(),
        size: u64::try_from(row.size).unwrap_or(0),
    }
}

/// Does to its end what keeps bytes and then writes their row, also when whoever asked for it has gone in between: bytes
/// without a row count for nobody.
///
/// # Errors
/// Those of the work.
pub async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = AppResult<T>> + Send + 'static,
) -> AppResult<T> {
    tokio::spawn(work)
        .await
        .map_err(|stopped| AppError::Unexpected(anyhow::anyhow!("keeping a file: {stopped}")))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_again_in_its_path() {
        let key = random_name();
        assert_eq!(key.len(), 43);
        assert_eq!(key_of(&path(&key, Variant::Full)), Some(key.as_str()));
        assert_eq!(key_of("stray"), None);
    }
}
