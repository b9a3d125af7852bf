//! One's signed-in devices over HTTP.

use actix_web::HttpRequest;
use actix_web::web::Data;
use hearth_shared::auth::{EndOtherSessions, EndSession, ListSessions, SignedInDevices};
use hearth_shared::ids::SessionId;

use super::http::SignIn;
use super::service;
use super::sessions::Sessions;
use crate::features::admin::audit::{self, Action, Entry};
use crate::platform::clock;
use crate::platform::db::Outcome;
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, Param, client_address};
use crate::platform::rate_limit::Limit;
use crate::platform::reply::{Json, NoContent};
use crate::platform::routes::{Authenticator, Routes};

pub(super) fn mount(routes: &mut Routes) {
    routes.add::<ListSessions, _, _>(Limit::Read, list);
    routes.add::<EndSession, _, _>(Limit::Edit, end);
    routes.add::<EndOtherSessions, _, _>(Limit::Edit, end_others);
}

async fn list(sign_in: Data<SignIn>, actor: Actor) -> AppResult<Json<SignedInDevices>> {
    sign_in
        .db
        .read(move |conn| service::devices(conn, &actor, clock::now()).map(Json))
        .await
}

async fn end(
    sign_in: Data<SignIn>,
    sessions: Data<Sessions>,
    actor: Actor,
    id: Param<SessionId>,
) -> AppResult<NoContent> {
    let id = id.0;
    sign_in
        .db
        .write(move |tx| service::end_own(tx, actor.user_id, id).map(Outcome::Commit))
        .await?;
    sessions.forget(id);
    Ok(NoContent)
}

async fn end_others(
    sign_in: Data<SignIn>,
    sessions: Data<Sessions>,
    actor: Actor,
    request: HttpRequest,
) -> AppResult<NoContent> {
    let from = client_address(&request);
    let ended = sign_in
        .db
        .write(move |tx| {
            let ended = service::end_others(tx, actor.user_id, Some(actor.session_id))?;
            audit::record(tx, Entry::by(Action::SessionsEnded, actor.user_id).from(from))?;
            Ok(Outcome::Commit(ended))
        })
        .await?;
    ended.into_iter().for_each(|session| sessions.forget(session));
    Ok(NoContent)
}
