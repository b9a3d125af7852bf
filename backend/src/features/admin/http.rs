//! The end of one's own account, all of one's data, and reports, over HTTP.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use hearth_shared::leaving::{DeleteAccount, DeleteMe, Deletion, ExportMyData};
use hearth_shared::reports::{CreateReport, NewReport};

use super::audit::{self, Action, Entry};
use super::export::http::export;
use super::reports;
use crate::features::auth::http::SignIn;
use crate::features::auth::sessions::Sessions;
use crate::features::{auth, users};
use crate::platform::db::{Db, Outcome};
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, ValidJson, client_address};
use crate::platform::rate_limit::Limit;
use crate::platform::reply::NoContent;
use crate::platform::routes::{Authenticator, Routes};

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<DeleteMe, _, _>(Limit::Leave, delete_me);
    routes.add::<ExportMyData, _, _>(Limit::Export, export);
    routes.add::<CreateReport, _, _>(Limit::Report, report);
}

async fn report(db: Data<Db>, actor: Actor, body: ValidJson<NewReport>) -> AppResult<NoContent> {
    db.write(move |tx| reports::create(tx, &actor, &body.0))
        .await
        .map(|()| NoContent)
}

async fn delete_me(
    sign_in: Data<SignIn>,
    sessions: Data<Sessions>,
    actor: Actor,
    request: HttpRequest,
    body: ValidJson<DeleteAccount>,
) -> AppResult<HttpResponse> {
    let user = actor.user_id;
    let DeleteAccount {
        password,
        code,
        messages,
    } = body.0.into_inner();
    auth::reauth::confirm(&sign_in, user, password).await?;
    let from = client_address(&request);
    let factor = sign_in.factor.clone();
    let deleted_at = sign_in
        .db
        .write(move |tx| {
            auth::two_factor::check(tx, &factor, user, code.as_deref())?;
            let due = users::standing::leave(tx, user, messages)?;
            auth::service::end_all(tx, user)?;
            audit::record(tx, Entry::by(Action::SessionsEnded, user).from(from))?;
            Ok(Outcome::Commit(due))
        })
        .await?;
    sessions.forget(actor.session_id);
    Ok(HttpResponse::Accepted().json(Deletion { deleted_at }))
}
