//! Addresses confirmed, over HTTP.

use actix_web::HttpResponse;
use actix_web::web::Data;
use hearth_shared::auth::{MailToken, SendVerification, VerifyEmail};

use super::http::SignIn;
use super::{identity, links};
use crate::platform::db::Outcome;
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, ValidJson};
use crate::platform::rate_limit::Limit;
use crate::platform::reply::NoContent;
use crate::platform::routes::Routes;

pub(super) fn mount(routes: &mut Routes) {
    routes.add::<VerifyEmail, _, _>(Limit::MailToken, verify);
    routes.add::<SendVerification, _, _>(Limit::Verification, send);
}

async fn verify(sign_in: Data<SignIn>, body: ValidJson<MailToken>) -> AppResult<NoContent> {
    let hash = links::hash(&body.0.token);
    sign_in
        .db
        .write(move |tx| identity::verify(tx, &hash).map(Outcome::Commit))
        .await?;
    Ok(NoContent)
}

async fn send(sign_in: Data<SignIn>, actor: Actor) -> AppResult<HttpResponse> {
    sign_in
        .db
        .write(move |tx| identity::send_verification(tx, actor.user_id).map(Outcome::Commit))
        .await?;
    Ok(HttpResponse::Accepted().finish())
}
