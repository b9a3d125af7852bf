//! The end of one's own account, and all of one's data, over HTTP.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use hearth_shared::leaving::{DeleteAccount, DeleteMe, Deletion, ExportMyData};
use hearth_shared::problem::ErrorCode;

use super::audit::{self, Action, Entry};
use super::export::http::export;
use crate::features::auth::http::SignIn;
use crate::features::auth::sessions::Sessions;
use crate::features::{auth, users};
use crate::platform::db::Outcome;
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, ValidJson, client_address};
use crate::platform::passwords::Verdict;
use crate::platform::rate_limit::Limit;
use crate::platform::routes::{Authenticator, Routes};

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<DeleteMe, _, _>(Limit::Leave, delete_me);
    routes.add::<ExportMyData, _, _>(Limit::Export, export);
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
        password, messages, ..
    } = body.0.into_inner();
    let hash = sign_in
        .db
        .read(move |conn| Ok(users::store_standing::password_hash(conn, user)?))
        .await?;
    if sign_in.passwords.verify(password, hash).await? == Verdict::Wrong {
        return Err(ErrorCode::WrongPassword.into());
    }
    let from = client_address(&request);
    let deleted_at = sign_in
        .db
        .write(move |tx| {
            let due = users::standing::leave(tx, user, messages)?;
            auth::service::end_all(tx, user)?;
            audit::record(tx, Entry::by(Action::SessionsEnded, user).from(from))?;
            Ok(Outcome::Commit(due))
        })
        .await?;
    sessions.forget(actor.session_id);
    Ok(HttpResponse::Accepted().json(Deletion { deleted_at }))
}
