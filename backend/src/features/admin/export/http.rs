//! The export over HTTP.

use std::fs::File;
use std::io::Read;

use actix_web::body::SizedStream;
use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::Stream;
use hearth_shared::problem::{ErrorCode, Problem};
use tokio::runtime::Handle;

use super::{Exports, make};
use crate::features::admin::audit::{self, Action, Entry};
use crate::features::media::Media;
use crate::features::users;
use crate::platform::clock;
use crate::platform::db::Outcome;
use crate::platform::error::{AppError, AppResult, RetryAfter};
use crate::platform::extract::{Actor, client_address};

/// Bytes that are read and sent at once.
const CHUNK: usize = 64 * 1024;
/// Whoever asks while theirs is being made may ask again after this many seconds.
const ASK_AGAIN: u64 = 10;

pub(crate) async fn export(
    media: Data<Media>,
    exports: Data<Exports>,
    actor: Actor,
    request: HttpRequest,
) -> AppResult<HttpResponse> {
    let user = actor.user_id;
    let Some(place) = exports.begin(user) else {
        let retry = RetryAfter {
            seconds: ASK_AGAIN,
            policy: None,
        };
        let problem = Problem::new(ErrorCode::RateLimited);
        return Err(AppError::Problem(Box::new(problem), Some(retry)));
    };
    let from = client_address(&request);
    let username = media
        .db
        .write(move |tx| {
            audit::record(tx, Entry::by(Action::Exported, user).from(from))?;
            let name = users::store_standing::username(tx.conn(), user)?;
            Ok(Outcome::Commit(name.ok_or(ErrorCode::Unauthenticated)?))
        })
        .await?;
    let runtime = Handle::current();
    let work = move || {
        let _place = place;
        make(&runtime, &media, &exports, user)
    };
    let (file, length) = tokio::task::spawn_blocking(work)
        .await
        .map_err(|stopped| AppError::Unexpected(anyhow::anyhow!("export: {stopped}")))??;
    let today = clock::now().to_string();
    let day = today.get(..10).unwrap_or(&today);
    let name = format!("attachment; filename=\"hearth-{username}-{day}.zip\"");
    Ok(HttpResponse::Ok()
        .content_type("application/zip")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(SizedStream::new(length, chunks(file))))
}

/// A file, piece by piece; read on threads that may wait.
fn chunks(file: File) -> impl Stream<Item = std::io::Result<Bytes>> {
    futures_util::stream::try_unfold(file, |mut file| async move {
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = Vec::with_capacity(CHUNK);
            file.by_ref().take(CHUNK as u64).read_to_end(&mut piece)?;
            Ok::<_, std::io::Error>((piece, file))
        });
        let (piece, file) = read.await.map_err(std::io::Error::other)??;
        Ok((!piece.is_empty()).then(|| (Bytes::from(piece), file)))
    })
}
