//! The end of the mails over HTTP, and what they may hold.
//!
//! A mail program ends them with a POST to the address that stands in the mail's head (RFC 8058): from anywhere, without
//! a session, a cookie or an origin, because the token says everything. A GET of the same address shows a page with a
//! button and changes nothing, so that whoever looks at the links of mails beforehand ends nobody's.

use actix_web::http::header;
use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, web};
use hearth_shared::auth::{MailToken, TOKEN_MAX};
use hearth_shared::digests::{
    ChangeDigestSettings, DigestSettings, GetDigestSettings, UNSUBSCRIBE_PATH, UNSUBSCRIBE_QUERY, Unsubscribe,
};
use hearth_shared::problem::ErrorCode;

use super::tokens::Tokens;
use super::{service, store};
use crate::platform::assets;
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, ValidJson, client_address};
use crate::platform::rate_limit::{Key, Limit};
use crate::platform::reply::{Json, NoContent};
use crate::platform::routes::{self, Gate, Routes};

/// Bytes that a mail program posts at most; nothing of it is read.
const POST_MAX: usize = 4 * 1024;

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<GetDigestSettings, _, _>(Limit::Read, get_settings);
    routes.add::<ChangeDigestSettings, _, _>(Limit::Edit, change_settings);
    routes.add::<Unsubscribe, _, _>(Limit::Unsubscribe, unsubscribe);
}

/// Mounts the address that stands in the mails.
pub fn configure(app: &mut ServiceConfig) {
    let page = web::resource(UNSUBSCRIBE_PATH)
        .route(routes::reads().to(assets::serve))
        .route(web::post().to(one_click))
        .default_service(web::to(|| {
            routes::method_not_allowed("GET, HEAD, POST".to_owned())
        }));
    app.service(page);
}

async fn get_settings(db: Data<Db>, actor: Actor) -> AppResult<Json<DigestSettings>> {
    db.read(move |conn| Ok(Json(store::settings(conn, actor.user_id)?)))
        .await
}

async fn change_settings(
    db: Data<Db>,
    actor: Actor,
    body: ValidJson<DigestSettings>,
) -> AppResult<Json<DigestSettings>> {
    let wanted = body.0.into_inner();
    db.write(move |tx| service::change(tx, &actor, wanted))
        .await
        .map(Json)
}

async fn unsubscribe(db: Data<Db>, tokens: Data<Tokens>, body: ValidJson<MailToken>) -> AppResult<NoContent> {
    end(&db, &tokens, &body.0.token).await.map(|()| NoContent)
}

async fn one_click(
    request: HttpRequest,
    gate: Data<Gate>,
    db: Data<Db>,
    tokens: Data<Tokens>,
) -> AppResult<HttpResponse> {
    gate.limits
        .check(Limit::Unsubscribe, Key::network(client_address(&request)))
        .await?;
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let length = announced.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > POST_MAX) {
        return Err(ErrorCode::PayloadTooLarge.into());
    }
    let mut parts = url::form_urlencoded::parse(request.query_string().as_bytes());
    let token = parts.find(|(name, _)| name == UNSUBSCRIBE_QUERY);
    let (_, token) = token.ok_or(ErrorCode::InvalidToken)?;
    end(&db, &tokens, &token).await?;
    // No page: nobody looks at it.
    Ok(HttpResponse::Ok().finish())
}

/// The same answer for every token that is wrong, and for those of people who have gone.
async fn end(db: &Db, tokens: &Tokens, token: &str) -> AppResult<()> {
    if token.len() > TOKEN_MAX {
        return Err(ErrorCode::InvalidToken.into());
    }
    let user = tokens.read(token).ok_or(ErrorCode::InvalidToken)?;
    db.write(move |tx| service::end(tx, user)).await
}
