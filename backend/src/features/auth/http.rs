//! Accounts and sessions over HTTP.

use std::net::IpAddr;

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use hearth_shared::auth::{
    Credentials, Login, Logout, NewAccount, Refresh, RefreshToken, Register, Session, SessionQuery,
};
use hearth_shared::endpoint::API_BASE;
use hearth_shared::ids::UserId;
use hearth_shared::instance::{GetInstance, Instance, Registration};
use hearth_shared::problem::{ErrorCode, FieldCode};

use super::links::Links;
use super::service::{self, ABSOLUTE_MILLIS, Begun, Refreshed, Rules};
use super::sessions::Sessions;
use super::two_factor::FactorKeys;
use super::{invitations, reauth};
use crate::features::admin::audit::{self, Action, Entry};
use crate::features::users::{self, names};
use crate::platform::clock;
use crate::platform::config::WebConfig;
use crate::platform::db::{Db, Outcome};
use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::{Query, ValidJson, client_address, is_json};
use crate::platform::passwords::{Passwords, Verdict};
use crate::platform::rate_limit::{Key, Limit, RateLimits};
use crate::platform::reply::Json;
use crate::platform::routes::{Authenticator, Routes, bearer_of};
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
    super::http_passwords::mount(routes);
    super::http_identity::mount(routes);
    super::http_sessions::mount(routes);
    super::http_two_factor::mount(routes);
    super::http_invitations::mount(routes);
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
    /// Makes links for mails and invitations.
    pub links: Links,
    /// Of the second factor.
    pub factor: FactorKeys,
}

async fn register(
    sign_in: Data<SignIn>,
    instance: Data<Instance>,
    request: HttpRequest,
    query: Query<SessionQuery>,
    body: ValidJson<NewAccount>,
) -> AppResult<HttpResponse> {
    let account = body.0;
    let rules = rules(&instance);
    let (registration, invitation) = (rules.registration, account.invitation.clone());
    match registration {
        // The database need not be asked.
        Registration::Closed => return Err(ErrorCode::RegistrationClosed.into()),
        Registration::Open => {}
        Registration::Invite => {
            let admitted = sign_in.db.read(move |conn| {
                invitations::admit(conn, registration, invitation.as_deref(), clock::now())
            });
            admitted.await?;
        }
    }
    if account.password.chars().count() < usize::from(instance.password_min) {
        return Err(AppError::field("password", FieldCode::TooShort, "is too short"));
    }
    let known = names::guesses(&account);
    let hash = sign_in
        .passwords
        .hash_new(account.password.clone(), known)
        .await?;
    let (inner, agent) = (sign_in.clone(), user_agent(&request));
    let begun = sign_in
        .db
        .write(move |tx| service::register(tx, &inner, &rules, &account, &hash, &agent))
        .await;
    let begun = match begun {
        Err(error) if matches!(error.code(), ErrorCode::UsernameTaken | ErrorCode::EmailTaken) => {
            // Who asks too often which names exist is not told any more.
            sign_in
                .limits
                .check(Limit::RegisterTaken, Key::network(client_address(&request)))
                .await?;
            return Err(error);
        }
        other => other?,
    };
    match begun {
        Some(begun) => answer(&sign_in, HttpResponse::Created(), begun, query.0.cookie),
        None => Ok(HttpResponse::Accepted().finish()),
    }
}

fn rules(instance: &Instance) -> Rules {
    Rules {
        registration: instance.registration,
        verify_email: instance.verify_email,
    }
}

async fn login(
    sign_in: Data<SignIn>,
    instance: Data<Instance>,
    request: HttpRequest,
    query: Query<SessionQuery>,
    body: ValidJson<Credentials>,
) -> AppResult<HttpResponse> {
    let Credentials {
        login,
        password,
        restore,
        code,
    } = body.0.into_inner();
    count_attempt(&sign_in.limits, &request, &login).await?;
    let from = client_address(&request);
    let account = sign_in
        .db
        .read(move |conn| Ok(users::store::find_login(conn, &login)?))
        .await?;
    let (user, hash) = account.unzip();
    let verdict = sign_in.passwords.verify(password, hash).await?;
    let (Some(user), Verdict::Right { rehashed }) = (user, verdict) else {
        // Of names without an account too, or the time of the answer would tell which exist.
        return refused(&sign_in.db, user, from, ErrorCode::InvalidCredentials.into()).await;
    };
    if code.is_some() {
        reauth::count(&sign_in, user).await?;
    }
    let (inner, agent, rules) = (sign_in.clone(), user_agent(&request), rules(&instance));
    let restore = restore.unwrap_or(false);
    let begun = sign_in
        .db
        .write(move |tx| {
            users::standing::admit(tx, user, restore)?;
            let begun = service::sign_in(
                tx,
                &inner,
                &rules,
                user,
                code.as_deref(),
                rehashed.as_deref(),
                &agent,
            )?;
            if let Outcome::Commit(Some(_)) = begun {
                audit::record(tx, Entry::by(Action::SignedIn, user).from(from))?;
            }
            Ok(begun)
        })
        .await;
    let begun = match begun {
        Err(error) if error.code().status() < 500 => {
            return refused(&sign_in.db, Some(user), from, error).await;
        }
        other => other?,
    };
    match begun {
        Some(begun) => answer(&sign_in, HttpResponse::Ok(), begun, query.0.cookie),
        None => refused(&sign_in.db, Some(user), from, ErrorCode::EmailNotVerified.into()).await,
    }
}

/// A sign-in that is refused, once that stands in the audit.
async fn refused(db: &Db, user: Option<UserId>, from: IpAddr, error: AppError) -> AppResult<HttpResponse> {
    let code = error.code();
    db.write(move |tx| {
        let entry = Entry {
            action: Action::SignInFailed,
            actor: None,
            subject: user,
            from: Some(from),
            details: Some(code.as_str()),
        };
        audit::record(tx, entry)?;
        Ok(Outcome::Commit(()))
    })
    .await?;
    Err(error)
}

/// Attempts are counted by the name that was typed, whether it is anybody's or not, so that the limit does not
/// tell which exist: a few from one network, more from all together, so that nobody can keep somebody else out.
async fn count_attempt(limits: &RateLimits, request: &HttpRequest, login: &str) -> AppResult<()> {
    let name = limits.hash_name(&names::fold_email(login));
    let network = client_address(request);
    limits
        .check(Limit::LoginName, Key::name_from(name, network))
        .await?;
    limits.check(Limit::LoginNameEverywhere, Key::Name(name)).await
}

async fn refresh(
    sign_in: Data<SignIn>,
    sessions: Data<Sessions>,
    request: HttpRequest,
    query: Query<SessionQuery>,
    body: ValidJson<RefreshToken>,
) -> AppResult<HttpResponse> {
    let Presented { text, by_cookie } =
        presented(&sign_in.web, &request, body.0.into_inner())?.ok_or(ErrorCode::InvalidRefreshToken)?;
    // What scripts cannot read must not become something that they can.
    let in_cookie = by_cookie || query.0.cookie;
    let token = sign_in
        .tokens
        .read_refresh(&text)
        .ok_or(ErrorCode::InvalidRefreshToken)?;
    sign_in
        .limits
        .check(Limit::RefreshSession, Key::Session(token.session_id))
        .await?;
    let inner = sign_in.clone();
    let id = token.session_id;
    match sign_in
        .db
        .write(move |tx| service::refresh(tx, &inner, &token))
        .await?
    {
        Refreshed::Next(begun) => answer(&sign_in, HttpResponse::Ok(), *begun, in_cookie),
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
        .and_then(|token| sign_in.tokens.read_refresh(&token.text)),
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

/// A refresh token, and how it came.
struct Presented {
    text: String,
    by_cookie: bool,
}

/// The refresh token of a request: from the body, or from the cookie. A cookie comes by itself, so whoever
/// relies on it must show that the request was made by one of our own pages.
fn presented(web: &WebConfig, request: &HttpRequest, body: RefreshToken) -> AppResult<Option<Presented>> {
    if let Some(text) = body.refresh_token {
        return Ok(Some(Presented {
            text,
            by_cookie: false,
        }));
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
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let ours = header_is("origin", &|origin| web.is_own_origin(origin, host));
    if !ours || !header_is("x-app", &|value| value == "1") {
        return Err(ErrorCode::ForeignOrigin.into());
    }
    if !is_json(request) {
        return Err(ErrorCode::UnsupportedMediaType.into());
    }
    Ok(Some(Presented {
        text: cookie.value().to_owned(),
        by_cookie: true,
    }))
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
