//! Web push over HTTP.

use actix_web::HttpResponse;
use actix_web::web::Data;
use hearth_shared::push::{GetPush, NewPushSubscription, Push, SubscribePush, TestPush, UnsubscribePush};

use super::service;
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, ValidJson};
use crate::platform::push::Pusher;
use crate::platform::rate_limit::Limit;
use crate::platform::reply::{Json, NoContent};
use crate::platform::routes::Routes;

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<GetPush, _, _>(Limit::Read, get);
    routes.add::<SubscribePush, _, _>(Limit::Push, subscribe);
    routes.add::<UnsubscribePush, _, _>(Limit::Push, unsubscribe);
    routes.add::<TestPush, _, _>(Limit::PushTest, test);
}

async fn get(db: Data<Db>, pusher: Data<Pusher>, actor: Actor) -> AppResult<Json<Push>> {
    db.read(move |conn| service::state(conn, &pusher, &actor).map(Json))
        .await
}

async fn subscribe(
    db: Data<Db>,
    pusher: Data<Pusher>,
    actor: Actor,
    body: ValidJson<NewPushSubscription>,
) -> AppResult<Json<Push>> {
    db.write(move |tx| service::subscribe(tx, &pusher, &actor, &body.0))
        .await
        .map(Json)
}

async fn unsubscribe(db: Data<Db>, actor: Actor) -> AppResult<NoContent> {
    db.write(move |tx| service::unsubscribe(tx, &actor))
        .await
        .map(|()| NoContent)
}

async fn test(db: Data<Db>, pusher: Data<Pusher>, actor: Actor) -> AppResult<HttpResponse> {
    db.write(move |tx| service::test(tx, &pusher, &actor))
        .await
        .map(|()| HttpResponse::Accepted().finish())
}
