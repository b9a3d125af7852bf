//! Pictures and films over HTTP: bringing, describing and removing them. [`serve`] gives them back.

mod serve;
mod uploads;

use actix_web::HttpRequest;
use actix_web::web::{Data, Payload};
use hearth_shared::conversations::groups::GetGroupPicture;
use hearth_shared::ids::{MediaId, UserId};
use hearth_shared::media::{
    ALT_TEXT_MAX, CancelUpload, CompleteUpload, CreateUpload, DeleteMedia, EditMedia, GetAvatar, GetMedia,
    GetUpload, Media as Shown, MediaPatch, PutPiece, UPLOAD_MAX, UploadMedia,
};
use hearth_shared::page::{Page, PageQuery, page_size};
use hearth_shared::posts::Audience;
use hearth_shared::problem::FieldCode;
use hearth_shared::users::ListUserPhotos;
use hearth_shared::valid::{Report, tidy_text};

use super::service::{self, Words, tidy_name};
use super::store::MediaRow;
use super::{Media, pipeline, store};
use crate::features::posts::policy::Bond;
use crate::features::users::names::Username;
use crate::features::{friends, posts, users};
use crate::platform::db::Outcome;
use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::{Actor, Param, Query, ValidJson};
use crate::platform::rate_limit::Limit;
use crate::platform::reply::{Created, Json, NoContent};
use crate::platform::routes::Routes;
use crate::platform::upload::{Bytes, File, Form};
use crate::platform::{clock, cursor};

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<UploadMedia, _, _>(Limit::Upload, upload);
    routes.add::<EditMedia, _, _>(Limit::Edit, edit);
    routes.add::<DeleteMedia, _, _>(Limit::Edit, delete);
    routes.add::<CreateUpload, _, _>(Limit::Upload, uploads::create);
    routes.add::<GetUpload, _, _>(Limit::Read, uploads::get);
    routes.add::<PutPiece, _, _>(Limit::Piece, uploads::put);
    routes.add::<CompleteUpload, _, _>(Limit::Upload, uploads::complete);
    routes.add::<CancelUpload, _, _>(Limit::Edit, uploads::cancel);
    routes.add::<ListUserPhotos, _, _>(Limit::Read, photos);
    routes.add::<GetMedia, _, _>(Limit::Media, serve::media);
    routes.add::<GetAvatar, _, _>(Limit::Media, serve::avatar);
    routes.add::<GetGroupPicture, _, _>(Limit::Media, serve::group_picture);
}

async fn upload(
    media: Data<Media>,
    actor: Actor,
    request: HttpRequest,
    payload: Payload,
) -> AppResult<Created<Shown>> {
    let place = media.workshop.enter(actor.user_id)?;
    let mut form = Form::read(&request, payload.into_inner(), UPLOAD_MAX).await?;
    let words = words(&form)?;
    let file = form.file.take().ok_or_else(no_file)?;
    let inner = media.clone();
    let row = service::to_the_end(async move {
        let _place = place;
        service::upload(&inner, actor.user_id, file.bytes, words).await
    });
    let row = row.await?;
    Ok(Created::New(service::show(
        &media.signer,
        actor.session_id,
        clock::now(),
        &row,
    )))
}

async fn delete(media: Data<Media>, actor: Actor, id: Param<MediaId>) -> AppResult<NoContent> {
    service::remove(&media, &actor, id.0).await?;
    Ok(NoContent)
}

async fn edit(
    media: Data<Media>,
    actor: Actor,
    id: Param<MediaId>,
    patch: ValidJson<MediaPatch>,
) -> AppResult<Json<Shown>> {
    let (id, patch) = (id.0, patch.0);
    let row = media
        .db
        .write(move |tx| service::edit(tx, actor.user_id, id, &patch.alt_text).map(Outcome::Commit))
        .await?;
    let now = clock::now();
    Ok(Json(service::show(&media.signer, actor.session_id, now, &row)))
}

async fn photos(
    media: Data<Media>,
    actor: Actor,
    username: Param<Username>,
    query: Query<PageQuery>,
) -> AppResult<Json<Page<Shown>>> {
    let below = cursor::read("photos", query.0.cursor.as_ref())?.unwrap_or(i64::MAX);
    let size = page_size(query.0.limit);
    let inner = media.clone();
    media
        .db
        .snapshot(move |conn| {
            let owner = users::service::id_of(conn, actor.user_id, &username.0)?;
            let near = owner == actor.user_id || friends::store::are_friends(conn, actor.user_id, owner)?;
            let seen = audiences(actor.user_id, owner, near);
            let rows = store::photos(conn, owner, near, &seen, below, i64::from(size) + 1)?;
            let page = cursor::page("photos", rows, size, |row| row.id)?;
            let now = clock::now();
            let show = |row| service::show(&inner.signer, actor.session_id, now, &row);
            Ok(Json(Page {
                items: page.items.into_iter().map(show).collect(),
                next_cursor: page.next_cursor,
                seq: None,
            }))
        })
        .await
}

/// For whom a post of somebody's may be, so that the viewer sees it: `posts::policy` for one author who is there.
fn audiences(viewer: UserId, owner: UserId, near: bool) -> Vec<i64> {
    let bond = if near { Bond::Friends } else { Bond::None };
    [Audience::Public, Audience::Friends, Audience::OnlyMe]
        .into_iter()
        .filter(|audience| posts::policy::can_see(viewer, owner, *audience, bond))
        .map(posts::store::audience_id)
        .collect()
}

/// What a form says about its file.
///
/// # Errors
/// `validation_failed` for a text that is too long.
fn words(form: &Form) -> AppResult<Words> {
    let mut alt_text = form.text("alt_text").replace('\0', "");
    tidy_text(&mut alt_text);
    let mut report = Report::default();
    report.length("alt_text", &alt_text, 0, ALT_TEXT_MAX);
    report.printable("alt_text", &alt_text, true);
    report.finish()?;
    Ok(Words {
        name: tidy_name(form.file.as_ref().map_or("", |file: &File| file.name.as_str())),
        alt_text,
    })
}

/// The picture that a form brings to be cut: a file, or an earlier one of one's own, which comes with its row.
///
/// # Errors
/// `validation_failed` when it brings neither.
pub(crate) async fn brought(
    media: &Media,
    owner: UserId,
    form: &mut Form,
) -> AppResult<(Bytes, Words, Option<MediaRow>)> {
    let words = words(form)?;
    let earlier: Option<MediaId> = form.parsed("media_id")?;
    match (form.file.take(), earlier) {
        (Some(file), _) => Ok((file.bytes, words, None)),
        (None, Some(id)) => {
            let (row, bytes) = service::own_bytes(media, owner, id).await?;
            let words = Words {
                alt_text: Some(words.alt_text)
                    .filter(|text| !text.is_empty())
                    .unwrap_or_else(|| row.alt_text.clone()),
                name: row.name.clone(),
            };
            Ok((bytes, words, Some(row)))
        }
        (None, None) => Err(no_file()),
    }
}

/// The answer to a form without a file.
fn no_file() -> AppError {
    AppError::field("file", FieldCode::Required, "must be there")
}

/// The part of a picture that a form chooses.
///
/// # Errors
/// `validation_failed` for what is no number, and when some of the three are missing.
pub(crate) fn part(form: &Form, shape: pipeline::Shape) -> AppResult<Option<pipeline::Part>> {
    let (x, y, size) = (
        form.parsed("crop_x")?,
        form.parsed("crop_y")?,
        form.parsed("crop_size")?,
    );
    match (x, y, size) {
        (None, None, None) => Ok(None),
        (Some(x), Some(y), Some(size)) => Ok(Some(pipeline::Part::chosen(shape, x, y, size))),
        _ => Err(AppError::field(
            "crop_size",
            FieldCode::Required,
            "crop_x, crop_y and crop_size belong together",
        )),
    }
}
