//! Invitations over HTTP.

use actix_web::HttpResponse;
use actix_web::web::Data;
use hearth_shared::auth::{
    CheckInvitation, CreateInvitation, Invitations, ListInvitations, MailToken, NewInvitation,
    RevokeInvitation,
};
use hearth_shared::ids::InvitationId;
use hearth_shared::instance::Instance;
use hearth_shared::problem::ErrorCode;

use super::http::SignIn;
use super::invitations;
use crate::platform::clock;
use crate::platform::db::Outcome;
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, Param, ValidJson};
use crate::platform::rate_limit::Limit;
use crate::platform::reply::{Json, NoContent};
use crate::platform::routes::Routes;

pub(super) fn mount(routes: &mut Routes) {
    routes.add::<ListInvitations, _, _>(Limit::Read, list);
    routes.add::<CreateInvitation, _, _>(Limit::Invitation, create);
    routes.add::<RevokeInvitation, _, _>(Limit::Edit, revoke);
    routes.add::<CheckInvitation, _, _>(Limit::MailToken, check);
}

async fn list(sign_in: Data<SignIn>, actor: Actor) -> AppResult<Json<Invitations>> {
    sign_in
        .db
        .read(move |conn| invitations::open(conn, actor.user_id, clock::now()).map(Json))
        .await
}

async fn create(
    sign_in: Data<SignIn>,
    instance: Data<Instance>,
    actor: Actor,
    body: ValidJson<NewInvitation>,
) -> AppResult<HttpResponse> {
    if !instance.registration_open {
        return Err(ErrorCode::RegistrationClosed.into());
    }
    let note = body.0.into_inner().note.unwrap_or_default();
    let links = sign_in.links.clone();
    let sent = sign_in
        .db
        .write(move |tx| invitations::create(tx, &links, actor.user_id, &note).map(Outcome::Commit))
        .await?;
    Ok(HttpResponse::Created().json(sent))
}

async fn revoke(sign_in: Data<SignIn>, actor: Actor, id: Param<InvitationId>) -> AppResult<NoContent> {
    let id = id.0;
    sign_in
        .db
        .write(move |tx| invitations::revoke(tx, actor.user_id, id).map(Outcome::Commit))
        .await?;
    Ok(NoContent)
}

async fn check(sign_in: Data<SignIn>, body: ValidJson<MailToken>) -> AppResult<NoContent> {
    let MailToken { token } = body.0.into_inner();
    sign_in
        .db
        .read(move |conn| invitations::check(conn, &token, clock::now()))
        .await?;
    Ok(NoContent)
}
