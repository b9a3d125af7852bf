//! A film or another large file on its way to the server: of a film a picture first, then piece after piece. A broken line
//! costs the piece that was under way; the server is asked how much is safe, and it goes on from there.

use hearth_shared::endpoint::Nothing;
use hearth_shared::media::{
    CompleteUpload, CreateUpload, FinishUpload, GetUpload, NewUpload, PutPiece, UPLOAD_NAME_MAX, Upload,
    UploadKind, UploadMedia,
};

use super::state::pieces::{After, Next, Pieces};
use super::uploads::{Held, Outcome, Trouble};
use crate::context::App;
use crate::platform::api::Failure;
use crate::platform::upload::{self, Form};
use crate::platform::{clock, film, random};

/// Brings one. None when it was stopped.
pub(super) async fn bring(
    app: &App,
    held: &Held,
    kind: UploadKind,
    alt: &str,
    told: impl Fn(f64) + Clone + 'static,
) -> Option<Outcome> {
    if kind == UploadKind::Video {
        poster(app, held).await;
    }
    let outcome = send(app, held, kind, alt, told).await;
    if held.stop.is_stopped() {
        return None;
    }
    if let Err(failure) = &outcome
        && !failure.is_passing()
    {
        // What the server does not want, or no longer has, begins anew the next time.
        held.client_id.borrow_mut().take();
        held.upload.set(None);
    }
    Some(outcome.map_err(Trouble::Failed))
}

/// A picture that stands there until the film plays. Without one it plays as well.
async fn poster(app: &App, held: &Held) {
    if held.poster.get().is_some() {
        return;
    }
    let Some(still) = film::still(&held.file.url).await else {
        return;
    };
    let form = Form::new(still, "still.jpg".to_owned());
    let sent = upload::send(&app.base.api, &UploadMedia {}, &form, &held.stop, |_| {});
    if let Some(Ok(media)) = sent.await {
        held.poster.set(Some(media.id));
    }
}

async fn send(
    app: &App,
    held: &Held,
    kind: UploadKind,
    alt: &str,
    told: impl Fn(f64) + Clone + 'static,
) -> Result<hearth_shared::media::Media, Failure> {
    let (api, file) = (&app.base.api, &held.file.file);
    let new = NewUpload {
        client_id: held
            .client_id
            .borrow_mut()
            .get_or_insert_with(random::client_id)
            .clone(),
        name: file.name().chars().take(UPLOAD_NAME_MAX).collect(),
        size: file.size() as u64,
        kind,
    };
    let upload = api.send(&CreateUpload {}, &new).await?;
    let upload_id = upload.id;
    held.upload.set(Some(upload_id));
    let mut pieces = Pieces::of(&upload);
    while let Next::Piece { from, to } = pieces.next() {
        let piece = file.slice_with_f64_and_f64(from as f64, to as f64);
        let piece = Form::bytes(piece.or(Err(Failure::Garbled))?);
        let (so_far, told) = (pieces.clone(), told.clone());
        let put = PutPiece {
            upload_id,
            offset: from,
        };
        let sent = upload::send(api, &put, &piece, &held.stop, move |part| {
            told(so_far.part(part));
        });
        let mut answer: Result<Upload, Failure> = sent.await.ok_or(Failure::Unreachable)?;
        while let Err(failure) = answer {
            let After::Ask(pause) = pieces.broke(failure.is_passing()) else {
                return Err(failure);
            };
            let pause = failure.retry_after().map_or(pause, |seconds| seconds * 1000);
            clock::sleep(pause).await;
            if held.stop.is_stopped() {
                return Err(failure);
            }
            answer = api.get(&GetUpload { upload_id }, &Nothing).await;
        }
        if let Ok(upload) = answer {
            pieces.learn(upload.received);
        }
    }
    let finish = FinishUpload {
        alt_text: alt.trim().to_owned(),
        poster_id: held.poster.get(),
    };
    api.send(&CompleteUpload { upload_id }, &finish).await
}
