//! Files that come in pieces, over HTTP.

use actix_web::HttpRequest;
use actix_web::web::{Data, Payload};
use hearth_shared::ids::UploadId;
use hearth_shared::media::{FinishUpload, Media as Shown, NewUpload, Upload};
use hearth_shared::problem::ErrorCode;

use crate::features::media::uploads::{self, Turn};
use crate::features::media::{Media, service};
use crate::platform::clock;
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, Param, ValidJson};
use crate::platform::reply::{Created, Json, NoContent};
use crate::platform::upload::read_piece;

pub(super) async fn create(
    media: Data<Media>,
    actor: Actor,
    new: ValidJson<NewUpload>,
) -> AppResult<Created<Upload>> {
    let quota = media.quota;
    let created = media
        .db
        .write(move |tx| uploads::create(tx, actor.user_id, &new.0, quota))
        .await?;
    Ok(match created {
        Created::New(row) => Created::New(uploads::show(&row)),
        Created::Existing(row) => Created::Existing(uploads::show(&row)),
    })
}

pub(super) async fn get(media: Data<Media>, actor: Actor, id: Param<UploadId>) -> AppResult<Json<Upload>> {
    let row = uploads::find(&media, actor.user_id, id.0).await?;
    Ok(Json(uploads::show(&row)))
}

pub(super) async fn put(
    media: Data<Media>,
    actor: Actor,
    request: HttpRequest,
    payload: Payload,
) -> AppResult<Json<Upload>> {
    let path = request.match_info();
    let id: Option<UploadId> = path.get("upload_id").and_then(|id| id.parse().ok());
    let offset: Option<u64> = path.get("offset").and_then(|offset| offset.parse().ok());
    let (Some(id), Some(offset)) = (id, offset) else {
        return Err(ErrorCode::NotFound.into());
    };
    let row = uploads::find(&media, actor.user_id, id).await?;
    let turn = uploads::turn(&row, offset)?;
    let place = media.dock.enter(actor.user_id)?;
    // One that is there already is read as well: who sends it hears the answer only then.
    let (Turn::Next(length) | Turn::Done(length)) = turn;
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let bytes = read_piece(&request, payload.into_inner(), length).await?;
    let row = match turn {
        Turn::Done(_) => row,
        Turn::Next(_) => {
            let media = media.clone();
            service::to_the_end(async move {
                let _place = place;
                uploads::put(&media, actor.user_id, &row, offset, bytes).await
            })
            .await?
        }
    };
    Ok(Json(uploads::show(&row)))
}

pub(super) async fn complete(
    media: Data<Media>,
    actor: Actor,
    id: Param<UploadId>,
    finish: ValidJson<FinishUpload>,
) -> AppResult<Created<Shown>> {
    let finish = finish.0.into_inner();
    let made = uploads::complete(&media, actor.user_id, id.0, finish).await?;
    let show = |row| service::show(&media.signer, actor.session_id, clock::now(), &row);
    Ok(match made {
        Created::New(row) => Created::New(show(row)),
        Created::Existing(row) => Created::Existing(show(row)),
    })
}

pub(super) async fn cancel(media: Data<Media>, actor: Actor, id: Param<UploadId>) -> AppResult<NoContent> {
    uploads::cancel(&media, actor.user_id, id.0).await?;
    Ok(NoContent)
}
