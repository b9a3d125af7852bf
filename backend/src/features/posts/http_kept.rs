//! What people keep for themselves over HTTP: posts for later, and mutes.

use actix_web::web::Data;
use hearth_shared::ids::{PostId, UserId};
use hearth_shared::page::{Page, PageQuery, page_size};
use hearth_shared::posts::{
    ListMutedPeople, MutePerson, MutePost, MutedPerson, SavePost, UnmutePerson, UnmutePost, UnsavePost,
};

use super::service::kept;
use super::store::mutes;
use crate::platform::cursor;
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, Param, Query};
use crate::platform::rate_limit::Limit;
use crate::platform::reply::{Json, NoContent};
use crate::platform::routes::Routes;

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<SavePost, _, _>(Limit::Keep, save_post);
    routes.add::<UnsavePost, _, _>(Limit::Keep, unsave_post);
    routes.add::<MutePost, _, _>(Limit::Keep, mute_post);
    routes.add::<UnmutePost, _, _>(Limit::Keep, unmute_post);
    routes.add::<ListMutedPeople, _, _>(Limit::Read, list_muted_people);
    routes.add::<MutePerson, _, _>(Limit::Keep, mute_person);
    routes.add::<UnmutePerson, _, _>(Limit::Keep, unmute_person);
}

async fn save_post(db: Data<Db>, actor: Actor, id: Param<PostId>) -> AppResult<NoContent> {
    db.write(move |tx| kept::save(tx, &actor, id.0))
        .await
        .map(|()| NoContent)
}

async fn unsave_post(db: Data<Db>, actor: Actor, id: Param<PostId>) -> AppResult<NoContent> {
    db.write(move |tx| kept::unsave(tx, &actor, id.0))
        .await
        .map(|()| NoContent)
}

async fn mute_post(db: Data<Db>, actor: Actor, id: Param<PostId>) -> AppResult<NoContent> {
    db.write(move |tx| kept::mute_post(tx, &actor, id.0))
        .await
        .map(|()| NoContent)
}

async fn unmute_post(db: Data<Db>, actor: Actor, id: Param<PostId>) -> AppResult<NoContent> {
    db.write(move |tx| kept::unmute_post(tx, &actor, id.0))
        .await
        .map(|()| NoContent)
}

async fn list_muted_people(
    db: Data<Db>,
    actor: Actor,
    query: Query<PageQuery>,
) -> AppResult<Json<Page<MutedPerson>>> {
    let size = page_size(query.0.limit);
    let after = cursor::read("muted-people", query.0.cursor.as_ref())?;
    db.read(move |conn| {
        let rows = mutes::list(conn, actor.user_id, after, i64::from(size) + 1)?;
        let page = cursor::page("muted-people", rows, size, |(key, _)| *key)?;
        Ok(Json(Page {
            items: page.items.into_iter().map(|(_, person)| person).collect(),
            next_cursor: page.next_cursor,
            seq: None,
        }))
    })
    .await
}

async fn mute_person(db: Data<Db>, actor: Actor, id: Param<UserId>) -> AppResult<NoContent> {
    db.write(move |tx| kept::mute_person(tx, &actor, id.0))
        .await
        .map(|()| NoContent)
}

async fn unmute_person(db: Data<Db>, actor: Actor, id: Param<UserId>) -> AppResult<NoContent> {
    db.write(move |tx| kept::unmute_person(tx, &actor, id.0))
        .await
        .map(|()| NoContent)
}
