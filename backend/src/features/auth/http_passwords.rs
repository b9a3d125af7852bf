//! Passwords forgotten, reset and changed, over HTTP.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use hearth_shared::auth::{
    ChangePassword, CheckResetToken, ForgotPassword, ForgottenPassword, MailToken, NewPassword,
    PasswordChange, ResetPassword,
};
use hearth_shared::instance::Instance;
use hearth_shared::problem::{ErrorCode, FieldCode};

use super::http::SignIn;
use super::sessions::Sessions;
use super::{links, passwords, reauth};
use crate::features::users::{names, store_login};
use crate::platform::clock;
use crate::platform::db::Outcome;
use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::{Actor, ValidJson, client_address};
use crate::platform::rate_limit::{Key, Limit};
use crate::platform::reply::NoContent;
use crate::platform::routes::{Authenticator, Routes};

pub(super) fn mount(routes: &mut Routes) {
    routes.add::<ForgotPassword, _, _>(Limit::Forgot, forgot);
    routes.add::<CheckResetToken, _, _>(Limit::MailToken, check);
    routes.add::<ResetPassword, _, _>(Limit::MailToken, reset);
    routes.add::<ChangePassword, _, _>(Limit::Edit, change);
}

/// The same for every address: one row is written, and a job finds out whose it is.
async fn forgot(sign_in: Data<SignIn>, body: ValidJson<ForgottenPassword>) -> AppResult<HttpResponse> {
    let ForgottenPassword { email } = body.0.into_inner();
    let name = sign_in.limits.hash_name(&names::fold_email(&email));
    sign_in.limits.check(Limit::ForgotName, Key::Name(name)).await?;
    sign_in
        .db
        .write(move |tx| passwords::forgot(tx, &email).map(Outcome::Commit))
        .await?;
    Ok(HttpResponse::Accepted().finish())
}

async fn check(sign_in: Data<SignIn>, body: ValidJson<MailToken>) -> AppResult<NoContent> {
    let hash = links::hash(&body.0.token);
    sign_in
        .db
        .read(move |conn| passwords::token_owner(conn, &hash, clock::now()).map(drop))
        .await?;
    Ok(NoContent)
}

async fn reset(
    sign_in: Data<SignIn>,
    sessions: Data<Sessions>,
    instance: Data<Instance>,
    request: HttpRequest,
    body: ValidJson<NewPassword>,
) -> AppResult<NoContent> {
    let NewPassword { token, password } = body.0.into_inner();
    let hash = links::hash(&token);
    let asked = hash.clone();
    // Before the slow hash, which is for nobody without a good token.
    let known = sign_in
        .db
        .read(move |conn| Ok(passwords::token_owner(conn, &asked, clock::now())?.guesses()))
        .await?;
    check_length("password", &password, &instance)?;
    let password_hash = sign_in.passwords.hash_new(password, known).await?;
    let (links, from) = (sign_in.links.clone(), client_address(&request));
    let ended = sign_in
        .db
        .write(move |tx| passwords::reset(tx, &links, &hash, &password_hash, from).map(Outcome::Commit))
        .await?;
    ended.into_iter().for_each(|session| sessions.forget(session));
    Ok(NoContent)
}

async fn change(
    sign_in: Data<SignIn>,
    sessions: Data<Sessions>,
    instance: Data<Instance>,
    actor: Actor,
    request: HttpRequest,
    body: ValidJson<PasswordChange>,
) -> AppResult<NoContent> {
    let PasswordChange {
        current_password,
        new_password,
    } = body.0.into_inner();
    check_length("new_password", &new_password, &instance)?;
    let user = actor.user_id;
    reauth::confirm(&sign_in, user, current_password).await?;
    let known = sign_in
        .db
        .read(move |conn| {
            let account = store_login::account(conn, user)?.ok_or(ErrorCode::Unauthenticated)?;
            Ok(account.guesses())
        })
        .await?;
    let hash = sign_in.passwords.hash_new(new_password, known).await;
    let hash = hash.map_err(|error| of_field(error, "new_password"))?;
    let (links, from) = (sign_in.links.clone(), client_address(&request));
    let ended = sign_in
        .db
        .write(move |tx| {
            passwords::change(tx, &links, user, &hash, actor.session_id, from).map(Outcome::Commit)
        })
        .await?;
    ended.into_iter().for_each(|session| sessions.forget(session));
    Ok(NoContent)
}

fn check_length(field: &str, password: &str, instance: &Instance) -> AppResult<()> {
    if password.chars().count() < usize::from(instance.password_min) {
        return Err(AppError::field(field, FieldCode::TooShort, "is too short"));
    }
    Ok(())
}

/// The same error beside another field.
fn of_field(mut error: AppError, field: &str) -> AppError {
    if let AppError::Problem(problem, _) = &mut error {
        for wrong in &mut problem.errors {
            field.clone_into(&mut wrong.field);
        }
    }
    error
}
