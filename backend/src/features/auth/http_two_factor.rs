//! The second factor over HTTP. Every try of a password or a code is counted before it is looked at.

use actix_web::HttpRequest;
use actix_web::web::Data;
use hearth_shared::auth::{
    DisableTwoFactor, EnableTwoFactor, GetTwoFactor, NewRecoveryCodes, RecoveryCodes, SetUpTwoFactor,
    TotpCode, TwoFactor, TwoFactorProof, TwoFactorSecret, TwoFactorSetup,
};

use super::http::SignIn;
use super::{reauth, two_factor};
use crate::platform::db::Outcome;
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, ValidJson, client_address};
use crate::platform::rate_limit::Limit;
use crate::platform::reply::{Json, NoContent};
use crate::platform::routes::Routes;

pub(super) fn mount(routes: &mut Routes) {
    routes.add::<GetTwoFactor, _, _>(Limit::Read, get);
    routes.add::<SetUpTwoFactor, _, _>(Limit::Edit, set_up);
    routes.add::<EnableTwoFactor, _, _>(Limit::Edit, enable);
    routes.add::<DisableTwoFactor, _, _>(Limit::Edit, disable);
    routes.add::<NewRecoveryCodes, _, _>(Limit::Edit, renew_codes);
}

async fn get(sign_in: Data<SignIn>, actor: Actor) -> AppResult<Json<TwoFactor>> {
    sign_in
        .db
        .snapshot(move |conn| two_factor::state(conn, actor.user_id).map(Json))
        .await
}

async fn set_up(
    sign_in: Data<SignIn>,
    actor: Actor,
    body: ValidJson<TwoFactorSetup>,
) -> AppResult<Json<TwoFactorSecret>> {
    reauth::confirm(&sign_in, actor.user_id, body.0.into_inner().password).await?;
    let keys = sign_in.factor.clone();
    sign_in
        .db
        .write(move |tx| two_factor::set_up(tx, &keys, actor.user_id).map(Outcome::Commit))
        .await
        .map(Json)
}

async fn enable(
    sign_in: Data<SignIn>,
    actor: Actor,
    request: HttpRequest,
    body: ValidJson<TotpCode>,
) -> AppResult<Json<RecoveryCodes>> {
    reauth::count(&sign_in, actor.user_id).await?;
    let TotpCode { code } = body.0.into_inner();
    let (keys, links) = (sign_in.factor.clone(), sign_in.links.clone());
    let from = client_address(&request);
    sign_in
        .db
        .write(move |tx| {
            two_factor::enable(tx, &keys, &links, actor.user_id, &code, from).map(Outcome::Commit)
        })
        .await
        .map(Json)
}

async fn disable(
    sign_in: Data<SignIn>,
    actor: Actor,
    request: HttpRequest,
    body: ValidJson<TwoFactorProof>,
) -> AppResult<NoContent> {
    let TwoFactorProof { password, code } = body.0.into_inner();
    reauth::confirm(&sign_in, actor.user_id, password).await?;
    let (keys, links) = (sign_in.factor.clone(), sign_in.links.clone());
    let from = client_address(&request);
    sign_in
        .db
        .write(move |tx| {
            two_factor::disable(tx, &keys, &links, actor.user_id, &code, from).map(Outcome::Commit)
        })
        .await?;
    Ok(NoContent)
}

async fn renew_codes(
    sign_in: Data<SignIn>,
    actor: Actor,
    request: HttpRequest,
    body: ValidJson<TwoFactorProof>,
) -> AppResult<Json<RecoveryCodes>> {
    let TwoFactorProof { password, code } = body.0.into_inner();
    reauth::confirm(&sign_in, actor.user_id, password).await?;
    let (keys, links) = (sign_in.factor.clone(), sign_in.links.clone());
    let from = client_address(&request);
    sign_in
        .db
        .write(move |tx| {
            two_factor::renew_codes(tx, &keys, &links, actor.user_id, &code, from).map(Outcome::Commit)
        })
        .await
        .map(Json)
}
