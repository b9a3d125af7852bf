//! People's pictures and covers over HTTP.

use actix_web::HttpRequest;
use actix_web::web::{Data, Payload};
use hearth_shared::ids::MediaId;
use hearth_shared::media::AVATAR_UPLOAD_MAX;
use hearth_shared::users::{Me, RemoveAvatar, RemoveCover, SetAvatar, SetCover};

use super::pictures;
use super::profile::{self, Looking};
use crate::features::media::Media;
use crate::features::media::http::{brought, part};
use crate::features::media::pipeline::Shape;
use crate::features::media::policy::Place;
use crate::features::media::service;
use crate::features::media::store::Purpose;
use crate::platform::db::{Outcome, Tx};
use crate::platform::error::AppResult;
use crate::platform::extract::Actor;
use crate::platform::rate_limit::Limit;
use crate::platform::reply::{Json, NoContent};
use crate::platform::routes::Routes;
use crate::platform::upload::Form;

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<SetAvatar, _, _>(Limit::Upload, set_avatar);
    routes.add::<RemoveAvatar, _, _>(Limit::Edit, remove_avatar);
    routes.add::<SetCover, _, _>(Limit::Upload, set_cover);
    routes.add::<RemoveCover, _, _>(Limit::Edit, remove_cover);
}

/// What is the same for pictures and covers, but for these.
#[derive(Clone, Copy)]
struct Kind {
    place: Place,
    shape: Shape,
    purpose: Purpose,
}

const AVATAR: Kind = Kind {
    place: Place::Avatar,
    shape: Shape::Avatar,
    purpose: Purpose::Avatar,
};
const COVER: Kind = Kind {
    place: Place::Cover,
    shape: Shape::Cover,
    purpose: Purpose::Cover,
};

async fn set_avatar(
    media: Data<Media>,
    actor: Actor,
    request: HttpRequest,
    body: Payload,
) -> AppResult<Json<Me>> {
    set(media, actor, request, body, AVATAR).await
}

async fn set_cover(
    media: Data<Media>,
    actor: Actor,
    request: HttpRequest,
    body: Payload,
) -> AppResult<Json<Me>> {
    set(media, actor, request, body, COVER).await
}

async fn remove_avatar(media: Data<Media>, actor: Actor) -> AppResult<NoContent> {
    take_away(media, actor, AVATAR).await
}

async fn remove_cover(media: Data<Media>, actor: Actor) -> AppResult<NoContent> {
    take_away(media, actor, COVER).await
}

async fn set(
    media: Data<Media>,
    actor: Actor,
    request: HttpRequest,
    body: Payload,
    kind: Kind,
) -> AppResult<Json<Me>> {
    let place = media.workshop.enter(actor.user_id)?;
    let mut form = Form::read(&request, body.into_inner(), AVATAR_UPLOAD_MAX).await?;
    let chosen = part(&form, kind.shape)?;
    let (bytes, words, earlier) = brought(&media, actor.user_id, &mut form).await?;
    // Made for this already, and shown as it is: there is nothing to cut.
    if let Some(row) = earlier
        && chosen.is_none()
        && row.purpose == kind.purpose.as_str()
    {
        return show_again(media, actor, kind, row.id()).await;
    }
    let done = service::to_the_end(async move {
        let _place = place;
        let kept = service::keep(&media, bytes, kind.shape, chosen).await?;
        let (written, inner) = (kept.clone(), media.clone());
        let me = media.db.write(move |tx| {
            let row = service::add(tx, actor.user_id, &written, kind.purpose, &words, inner.quota)?;
            pictures::set(tx, actor.user_id, kind.place, row.id())?;
            me(tx, actor, &inner)
        });
        service::settle(&media, kept, me.await).await
    });
    done.await.map(Json)
}

async fn show_again(media: Data<Media>, actor: Actor, kind: Kind, id: MediaId) -> AppResult<Json<Me>> {
    let inner = media.clone();
    let me = media.db.write(move |tx| {
        pictures::set(tx, actor.user_id, kind.place, id)?;
        me(tx, actor, &inner)
    });
    me.await.map(Json)
}

async fn take_away(media: Data<Media>, actor: Actor, kind: Kind) -> AppResult<NoContent> {
    let done = media
        .db
        .write(move |tx| pictures::take_away(tx, actor.user_id, kind.place).map(Outcome::Commit));
    done.await.map(|()| NoContent)
}

fn me(tx: &mut Tx<'_>, actor: Actor, media: &Media) -> AppResult<Outcome<Me>> {
    let looking = Looking {
        actor,
        signer: &media.signer,
        now: tx.now(),
    };
    profile::me(tx.conn(), looking).map(Outcome::Commit)
}
