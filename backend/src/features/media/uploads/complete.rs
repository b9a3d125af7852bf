//! Of pieces, a film, a recording or a file.

use anyhow::anyhow;
use futures_util::StreamExt;
use hearth_shared::ids::{Id, MediaId, UploadId, UserId};
use hearth_shared::media::{FinishUpload, UploadKind};
use hearth_shared::problem::{ErrorCode, FieldCode};
use tokio::runtime::Handle;

use super::store::{self, UploadRow};
use super::{find, owner_id};
use crate::features::media::Media;
use crate::features::media::films::source::{Piece, Pieces};
use crate::features::media::films::{Blanks, Facts, Refusal, Stop, Wanted, look};
use crate::features::media::pipeline::Variant;
use crate::features::media::service::{
    erase, folder, path, random_name, tidy_file_name, tidy_name, to_the_end,
};
use crate::features::media::store::{self as media_store, MediaRow, Purpose};
use crate::platform::db::{Outcome, Tx, dialect};
use crate::platform::error::{AppError, AppResult};
use crate::platform::reply::Created;

/// Makes what it is to become of an upload whose pieces are all there; again it gives what it became. Goes on when whoever asked
/// is gone: they ask again, and it is done.
///
/// # Errors
/// `not_found`, `upload_offset` when it is not whole, `validation_failed` for `poster_id`, and for `file` when it is no
/// film or recording that is taken: then the upload is gone.
pub async fn complete(
    media: &Media,
    owner: UserId,
    id: UploadId,
    finish: FinishUpload,
) -> AppResult<Created<MediaRow>> {
    let media = media.clone();
    to_the_end(async move {
        let made = assemble(&media, owner, id, finish).await;
        match &made {
            Err(error) if error.code() == ErrorCode::NotFound => overtaken(&media, owner, id, made).await,
            _ => made,
        }
    })
    .await
}

/// The pieces go once the film is there: who works on them in that moment, perhaps on another node, misses them, and
/// gets what the other one made.
async fn overtaken(
    media: &Media,
    owner: UserId,
    id: UploadId,
    missed: AppResult<Created<MediaRow>>,
) -> AppResult<Created<MediaRow>> {
    match done(media, &find(media, owner, id).await?).await? {
        Some(done) => Ok(Created::Existing(done)),
        None => missed,
    }
}

async fn assemble(
    media: &Media,
    owner: UserId,
    id: UploadId,
    finish: FinishUpload,
) -> AppResult<Created<MediaRow>> {
    // A stranger does not wait for a turn, nor who asks again.
    if let Some(done) = done(media, &find(media, owner, id).await?).await? {
        return Ok(Created::Existing(done));
    }
    let _turn = media.dock.turn().await?;
    let upload = find(media, owner, id).await?;
    if let Some(done) = done(media, &upload).await? {
        return Ok(Created::Existing(done));
    }
    if upload.received() < upload.size() {
        let message = format!("the next piece begins at {}", upload.received());
        return Err(AppError::detailed(ErrorCode::UploadOffset, message));
    }
    let pieces = media.db.read(move |conn| Ok(store::pieces(conn, id)?)).await?;
    let pieces: Vec<Piece> = pieces
        .into_iter()
        .map(|(name, size)| Piece {
            path: format!("{}/{name}", folder(&upload.storage_key)),
            size,
        })
        .collect();
    let looked = match upload.kind() {
        UploadKind::File => Ok(None),
        UploadKind::Video => examine(media, pieces.clone(), Wanted::Film).await?.map(Some),
        UploadKind::Audio => examine(media, pieces.clone(), Wanted::Voice).await?.map(Some),
    };
    let facts = match looked {
        Ok(facts) => facts,
        Err(refusal) => {
            super::cancel(media, owner, id).await?;
            return Err(refusal.into());
        }
    };
    let key = random_name();
    let target = path(&key, Variant::Full);
    let nothing = Blanks::default();
    let blanks = facts.as_ref().map_or(&nothing, |facts| &facts.blanks);
    write(media, &pieces, blanks, &target, upload.size()).await?;
    let made = Made {
        key: key.clone(),
        facts,
        finish,
    };
    let written = media.db.write(move |tx| add(tx, owner, id, &made)).await;
    match &written {
        Ok(Created::New(_)) => erase(&media.store, &[upload.storage_key]).await,
        Ok(Created::Existing(_)) => erase(&media.store, &[key]).await,
        Err(error) if error.code().status() < 500 => erase(&media.store, &[key]).await,
        // Whether it has a row is unknown. It is cleared away later if it has none.
        Err(_) => {}
    }
    written
}

/// What an upload has become.
async fn done(media: &Media, upload: &UploadRow) -> AppResult<Option<MediaRow>> {
    let Some(id) = upload.media() else {
        return Ok(None);
    };
    let row = media
        .db
        .read(move |conn| Ok(media_store::find(conn, id)?))
        .await?;
    // It was removed since.
    Ok(Some(row.ok_or(ErrorCode::NotFound)?))
}

/// Looks into a film or a recording, on a thread that may wait.
async fn examine(media: &Media, pieces: Vec<Piece>, wanted: Wanted) -> AppResult<Result<Facts, Refusal>> {
    let mut source = Pieces::new(media.store.clone(), Handle::current(), pieces);
    let looked = tokio::task::spawn_blocking(move || look(&mut source, wanted)).await;
    match looked {
        Ok(Ok(facts)) => Ok(Ok(facts)),
        Ok(Err(Stop::Refused(refusal))) => Ok(Err(refusal)),
        // It was cancelled in this moment.
        Ok(Err(Stop::Failed(error))) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(ErrorCode::NotFound.into())
        }
        Ok(Err(Stop::Failed(error))) => {
            tracing::error!(%error, "a film was not looked into");
            Err(AppError::unavailable())
        }
        // What makes a reader panic nobody should have made.
        Err(_panicked) => Ok(Err(Refusal::Broken)),
    }
}

/// Writes the pieces as one file, without what must not be kept.
async fn write(media: &Media, pieces: &[Piece], blanks: &Blanks, target: &str, size: u64) -> AppResult<()> {
    match try_write(media, pieces, blanks, target, size).await {
        Ok(Some(())) => Ok(()),
        Ok(None) => Err(ErrorCode::NotFound.into()),
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "a film or a file was not kept");
            Err(AppError::unavailable())
        }
    }
}

async fn try_write(
    media: &Media,
    pieces: &[Piece],
    blanks: &Blanks,
    target: &str,
    size: u64,
) -> anyhow::Result<Option<()>> {
    let mut writer = media.store.begin(target).await?;
    let mut at = 0;
    for piece in pieces {
        let Some(mut found) = media.store.get(&piece.path, None).await? else {
            writer.abort().await;
            return Ok(None);
        };
        while let Some(bytes) = found.bytes.next().await {
            let mut bytes = Vec::from(bytes?);
            blanks.apply(at, &mut bytes);
            at += bytes.len() as u64;
            writer.write(&bytes).await?;
        }
    }
    if at != size {
        writer.abort().await;
        return Err(anyhow!("the pieces have {at} bytes, not {size}"));
    }
    writer.finish().await.map(|_size| Some(()))
}

struct Made {
    key: String,
    /// Of a film or a recording.
    facts: Option<Facts>,
    finish: FinishUpload,
}

fn add(tx: &mut Tx<'_>, owner: UserId, id: UploadId, made: &Made) -> AppResult<Outcome<Created<MediaRow>>> {
    dialect::lock_people(tx.conn(), [owner_id(owner), owner_id(owner)])?;
    let upload = store::find(tx.conn(), owner, id)?.ok_or(ErrorCode::NotFound)?;
    if let Some(earlier) = upload.media() {
        let row = media_store::find(tx.conn(), earlier)?.ok_or(ErrorCode::NotFound)?;
        return Ok(Outcome::RollBack(Created::Existing(row)));
    }
    let now = tx.now();
    let filmed = upload.kind() == UploadKind::Video;
    let poster = match made.finish.poster_id.filter(|_| filmed) {
        None => None,
        Some(poster) => {
            let row = media_store::offered_as_poster(tx.conn(), owner, poster)?;
            let row = row.ok_or_else(not_offered)?;
            media_store::make_poster(tx.conn(), poster, now)?;
            Some(row)
        }
    };
    let media_id: MediaId = tx.new_id();
    let size = i64::try_from(upload.size()).unwrap_or(i64::MAX);
    let (name, format) = match &made.facts {
        Some(facts) => (tidy_name(&upload.name), facts.container.as_str().to_owned()),
        None => tidy_file_name(&upload.name),
    };
    let sides = made
        .facts
        .as_ref()
        .map_or((0, 0), |facts| (facts.width, facts.height));
    let length = made.facts.as_ref().map(|facts| facts.duration_ms);
    let row = MediaRow {
        id: media_id.get(),
        owner_id: owner_id(owner),
        purpose: Purpose::Upload.as_str().to_owned(),
        storage_key: made.key.clone(),
        format,
        width: i64::from(sides.0),
        height: i64::from(sides.1),
        size,
        blurhash: poster
            .as_ref()
            .map_or_else(String::new, |poster| poster.blurhash.clone()),
        alt_text: made.finish.alt_text.clone(),
        name,
        kind: store::kind_name(upload.kind()).to_owned(),
        duration_ms: length.map(|length| i64::try_from(length).unwrap_or(i64::MAX)),
        poster_id: poster.map(|poster| poster.id),
    };
    media_store::insert(tx.conn(), &row, size, false, now)?;
    store::finish(tx.conn(), id, row.id, now)?;
    Ok(Outcome::Commit(Created::New(row)))
}

fn not_offered() -> AppError {
    AppError::field(
        "poster_id",
        FieldCode::NotOffered,
        "must be a picture that you have uploaded and that stands nowhere yet",
    )
}
