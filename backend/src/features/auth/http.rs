//! Accounts and sessions over HTTP.

use std::hash::{DefaultHasher, Hash, Hasher};

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use hearth_shared::auth::{
    Credentials, Login, Logout, NewAccount, Refresh, RefreshToken, Register, Session, SessionQuery,
};
use hearth_shared::endpoint::API_BASE;
use hearth_shared::instance::{GetInstance, Instance};
use hearth_shared::problem::{ErrorCode, FieldCode};

use super::service::{self, ABSOLUTE_MILLIS, Begun, Refreshed};
use super::sessions::Sessions;
use crate::features::users;
use crate::platform::clock;
use crate::platform::config::WebConfig;
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::{Query, ValidJson, is_json};
use crate::platform::passwords::Passwords;
use crate::platform::rate_limit::{Key, Limit, RateLimits};
use crate::platform::reply::Json;
use crate::platform::routes::{Routes, bearer_of};
use crate::platform::tokens::{ACCESS_SECONDS, Access, Tokens};

const COOKIE: &str = "refresh_token";
/// Characters kept of what a browser calls itself.
const USER_AGENT_MAX: usize = 200;

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<GetInstance, _, _>(Limit::Anonymous, get_instance);
    routes.add::<Register, _, _>(Limit::Register, register);
    routes.add::<Login, _, _>(Limit::Login, login);
    routes.add::<Refresh, _, _>(Limit::Refresh, refresh);
    routes.add::<Logout, _, _>(Limit::Anonymous, logout);
}

async fn get_instance(instance: Data<Instance>) -> Json<Instance> {
    Json((**instance).clone())
}

/// What making sessions needs, taken from the application as one.
#[derive(Clone)]
pub struct SignIn {
    /// The database.
    pub db: Db,
    /// Makes tokens.
    pub tokens: std::sync::Arc<Tokens>,
    /// Hashes and checks.
    pub passwords: Passwords,
    /// Counts attempts per account.
    pub limits: std::sync::Arc<RateLimits>,
    /// About cookies.
    pub web: WebConfig,
}

async fn register(
    sign_in: Data<SignIn>,
    instance: Data<Instance>,
    request: HttpRequest,
    query: Query<SessionQuery>,
    body: ValidJson<NewAccount>,
) -> AppResult<HttpResponse> {
    if !instance.registration_open {
        return Err(ErrorCode::RegistrationClosed.into());
    }
    let account = body.0;
    if account.password.chars().count() < usize::from(instance.password_min) {
        return Err(AppError::field("password", FieldCode::TooShort, "is too short"));
    }
    let known = vec![
        account.username.clone(),
        account.email.clone(),
        account.display_name.clone(),
    ];
    let hash = sign_in
        .passwords
        .hash_new(account.password.clone(), known)
        .await?;
    let (tokens, agent) = (sign_in.tokens.clone(), user_agent(&request));
    let begun = sign_in
        .db
        .write(move |tx| service::register(tx, &tokens, &account, &hash, &agent))
        .await?;
    answer(&sign_in, HttpResponse::Created(), begun, query.0.cookie)
}

async fn login(
    sign_in: Data<SignIn>,
    request: HttpRequest,
    query: Query<SessionQuery>,
    body: ValidJson<Credentials>,
) -> AppResult<HttpResponse> {
    let Credentials { login, password } = body.0.into_inner();
    let name = login.clone();
    let account = sign_in
        .db
        .read(move |conn| Ok(users::store::find_login(conn, &login)?))
        .await?;
    sign_in.limits.check(
        Limit::LoginAccount,
        account_key(account.as_ref().map(|(id, _)| *id), &name),
    )?;
    let hash = account.as_ref().map(|(_, hash)| hash.clone());
    let right = sign_in.passwords.verify(password, hash).await?;
    let user = account.filter(|_| right).ok_or(ErrorCode::InvalidCredentials)?.0;
    let (tokens, agent) = (sign_in.tokens.clone(), user_agent(&request));
    let begun = sign_in
        .db
        .write(move |tx| service::sign_in(tx, &tokens, user, &agent))
        .await?;
    answer(&sign_in, HttpResponse::Ok(), begun, query.0.cookie)
}

/// Names without an account are counted too, so that the limit does not tell which exist.
fn account_key(user: Option<hearth_shared::ids::UserId>, name: &str) -> Key {
    match user {
        Some(user) => Key::User(user),
        None => {
            let mut hash = DefaultHasher::new();
            name.to_lowercase().hash(&mut hash);
            Key::Name(hash.finish())
        }
    }
}

async fn refresh(
    sign_in: Data<SignIn>,
    sessions: Data<Sessions>,
    request: HttpRequest,
    query: Query<SessionQuery>,
    body: ValidJson<RefreshToken>,
) -> AppResult<HttpResponse> {
    let text =
        presented(&sign_in.web, &request, body.0.into_inner())?.ok_or(ErrorCode::InvalidRefreshToken)?;
    let token = sign_in
        .tokens
        .read_refresh(&text)
        .ok_or(ErrorCode::InvalidRefreshToken)?;
    sign_in
        .limits
        .check(Limit::RefreshSession, Key::Session(token.session_id))?;
    let tokens = sign_in.tokens.clone();
    let id = token.session_id;
    match sign_in
        .db
        .write(move |tx| service::refresh(tx, &tokens, &token))
        .await?
    {
        Refreshed::Next(begun) => answer(&sign_in, HttpResponse::Ok(), *begun, query.0.cookie),
        Refreshed::Reused => {
            sessions.forget(id);
            Err(ErrorCode::InvalidRefreshToken.into())
        }
    }
}

/// Whoever holds a token of a session may end it; whoever holds none has nothing to end. Always 204.
async fn logout(
    sign_in: Data<SignIn>,
    sessions: Data<Sessions>,
    request: HttpRequest,
    body: Option<ValidJson<RefreshToken>>,
) -> AppResult<HttpResponse> {
    let by_access = bearer_of(request.headers()).and_then(|token| sign_in.tokens.read_access(token));
    let by_refresh = match by_access {
        Some(_) => None,
        None => presented(
            &sign_in.web,
            &request,
            body.map(|body| body.0.into_inner()).unwrap_or_default(),
        )?
        .and_then(|text| sign_in.tokens.read_refresh(&text)),
    };
    let session = by_access
        .map(|access| access.session_id)
        .or(by_refresh.map(|token| token.session_id));
    if let Some(session) = session {
        sign_in.db.write(move |tx| service::sign_out(tx, session)).await?;
        sessions.forget(session);
    }
    let mut gone = cookie(&sign_in.web, String::new());
    gone.make_removal();
    Ok(HttpResponse::NoContent().cookie(gone).finish())
}

/// The refresh token of a request: from the body, or from the cookie. A cookie comes by itself, so whoever
/// relies on it must show that the request was made by one of our own pages.
fn presented(web: &WebConfig, request: &HttpRequest, body: RefreshToken) -> AppResult<Option<String>> {
    if body.refresh_token.is_some() {
        return Ok(body.refresh_token);
    }
    let Some(cookie) = request.cookie(COOKIE) else {
        return Ok(None);
    };
    let header_is = |name: &str, wanted: &dyn Fn(&str) -> bool| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .is_some_and(wanted)
    };
    let ours = header_is("origin", &|origin| {
        web.origins.iter().any(|known| known == origin)
    });
    if !ours || !header_is("x-app", &|value| value == "1") {
        return Err(ErrorCode::ForeignOrigin.into());
    }
    if !is_json(request) {
        return Err(ErrorCode::UnsupportedMediaType.into());
    }
    Ok(Some(cookie.value().to_owned()))
}

fn answer(
    sign_in: &SignIn,
    mut response: actix_web::HttpResponseBuilder,
    begun: Begun,
    in_cookie: bool,
) -> AppResult<HttpResponse> {
    let access = Access {
        user_id: begun.user.id,
        session_id: begun.session_id,
    };
    let refresh_token = sign_in.tokens.write_refresh(&begun.refresh);
    let mut session = Session {
        access_token: sign_in.tokens.access(access, clock::now())?,
        token_type: "Bearer".to_owned(),
        expires_in: ACCESS_SECONDS,
        refresh_token: None,
        session_id: begun.session_id,
        user: begun.user,
    };
    if in_cookie {
        response.cookie(cookie(&sign_in.web, refresh_token));
    } else {
        session.refresh_token = Some(refresh_token);
    }
    Ok(response.json(session))
}

fn cookie(web: &WebConfig, value: String) -> Cookie<'static> {
    Cookie::build(COOKIE, value)
        .path(format!("{API_BASE}/auth"))
        .http_only(true)
        .secure(web.secure_cookies)
        .same_site(SameSite::Strict)
        .max_age(Duration::milliseconds(ABSOLUTE_MILLIS))
        .finish()
}

fn user_agent(request: &HttpRequest) -> String {
    let text = request
        .headers()
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    text.chars()
        .filter(|c| !c.is_control())
        .take(USER_AGENT_MAX)
        .collect()
}
