//! Pictures of groups over HTTP: set and taken away. They are given out where all pictures are (`media::http`).

use actix_web::HttpRequest;
use actix_web::web::{Data, Payload};
use hearth_shared::conversations::Conversation;
use hearth_shared::conversations::groups::{RemoveGroupPicture, SetGroupPicture};
use hearth_shared::ids::ConversationId;
use hearth_shared::media::AVATAR_UPLOAD_MAX;

use super::service::{self, pictures};
use crate::features::media::Media;
use crate::features::media::http::{brought, part};
use crate::features::media::pipeline::Shape;
use crate::features::media::service::{add, keep, settle, to_the_end};
use crate::features::media::store::Purpose;
use crate::platform::db::{Db, Outcome};
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, Param};
use crate::platform::rate_limit::Limit;
use crate::platform::reply::{Json, NoContent};
use crate::platform::routes::Routes;
use crate::platform::upload::Form;

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<SetGroupPicture, _, _>(Limit::Upload, set_picture);
    routes.add::<RemoveGroupPicture, _, _>(Limit::Edit, remove_picture);
}

async fn set_picture(
    media: Data<Media>,
    actor: Actor,
    id: Param<ConversationId>,
    request: HttpRequest,
    body: Payload,
) -> AppResult<Json<Conversation>> {
    let (id, me) = (id.0, actor.user_id);
    // Nobody else's file is even read.
    media
        .db
        .read(move |conn| service::check_manager(conn, me, id).map(drop))
        .await?;
    let place = media.workshop.enter(me)?;
    let mut form = Form::read(&request, body.into_inner(), AVATAR_UPLOAD_MAX).await?;
    let chosen = part(&form, Shape::Avatar)?;
    let (bytes, words, _) = brought(&media, me, &mut form).await?;
    let done = to_the_end(async move {
        let _place = place;
        let kept = keep(&media, bytes, Shape::Avatar, chosen).await?;
        let (written, quota) = (kept.clone(), media.quota);
        let now = media.db.write(move |tx| {
            let row = add(tx, me, &written, Purpose::Group, &words, quota)?;
            pictures::set(tx, me, id, row.id())?;
            service::conversation(tx.conn(), me, id).map(Outcome::Commit)
        });
        settle(&media, kept, now.await).await
    });
    done.await.map(Json)
}

async fn remove_picture(db: Data<Db>, actor: Actor, id: Param<ConversationId>) -> AppResult<NoContent> {
    db.write(move |tx| {
        Ok(match pictures::take_away(tx, actor.user_id, id.0)? {
            true => Outcome::Commit(()),
            false => Outcome::RollBack(()),
        })
    })
    .await?;
    Ok(NoContent)
}
