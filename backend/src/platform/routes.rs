//! Mounts the operations of the API: one resource per path, 405 with `Allow` for other methods, and around
//! each handler the gate that asks who calls and whether they may call so often.
//!
//! The checks come in this order: path 404, method 405, token 401, rate 429, body 4xx.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::{Handler, ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::{Next, from_fn};
use actix_web::{Error, FromRequest, HttpMessage, HttpResponse, Responder, Route, guard, web};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use hearth_shared::api::Operation;
use hearth_shared::endpoint::{API_BASE, Access, Endpoint, Method};
use hearth_shared::ids::SessionId;
use hearth_shared::problem::ErrorCode;

use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::{Actor, client_address};
use crate::platform::rate_limit::{Key, Limit, RateLimits};

/// Says who an access token stands for.
pub trait Authenticator: Send + Sync {
    /// The caller, if the token is good, its session lives and they are not suspended.
    fn authenticate<'a>(&'a self, token: &'a str) -> LocalBoxFuture<'a, AppResult<Actor>>;

    /// The same, for the few things that the suspended may do too.
    fn authenticate_even_suspended<'a>(&'a self, token: &'a str) -> LocalBoxFuture<'a, AppResult<Actor>>;

    /// Whose a session is, if it lives.
    ///
    /// # Errors
    /// `unauthenticated` when it does not.
    fn living(&self, session: SessionId) -> LocalBoxFuture<'_, AppResult<Actor>>;

    /// A session has ended, here or on another node: what is remembered of it is wrong now.
    fn forget(&self, session: SessionId);
}

/// What somebody who is suspended may still do: see and end their sessions, take their data, and go.
const FOR_THE_SUSPENDED: &[(Method, &str)] = &[
    (Method::Get, "/auth/sessions"),
    (Method::Delete, "/auth/sessions"),
    (Method::Delete, "/auth/sessions/{session_id}"),
    (Method::Get, "/users/me/export"),
    (Method::Delete, "/users/me"),
];

/// What the gate needs.
pub struct Gate {
    /// Reads tokens.
    pub authenticator: Arc<dyn Authenticator>,
    /// Counts.
    pub limits: Arc<RateLimits>,
}

/// The operations of the API, by path.
#[derive(Default)]
pub struct Routes {
    by_path: BTreeMap<&'static str, Vec<(Method, Route)>>,
    mounted: Vec<(Operation, Limit)>,
}

impl Routes {
    /// Mounts an operation.
    pub fn add<E, F, Args>(&mut self, limit: Limit, handler: F)
    where
        E: Endpoint,
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let route = method_route(E::METHOD).to(handler).wrap(from_fn(
            move |request: ServiceRequest, next: Next<BoxBody>| {
                let to_suspended = FOR_THE_SUSPENDED.contains(&(E::METHOD, E::PATH));
                gate(E::ACCESS, to_suspended, limit, request, next)
            },
        ));
        self.by_path.entry(E::PATH).or_default().push((E::METHOD, route));
        self.mounted.push((
            Operation {
                name: E::NAME,
                method: E::METHOD,
                path: E::PATH,
                access: E::ACCESS,
            },
            limit,
        ));
    }

    /// What has been mounted, with the limit of each.
    pub fn mounted(&self) -> &[(Operation, Limit)] {
        &self.mounted
    }

    /// Gives everything to actix. Paths come in byte order, in which a fixed word precedes a parameter.
    pub fn configure(self, app: &mut web::ServiceConfig) {
        let mut scope = web::scope(API_BASE);
        for (path, routes) in self.by_path {
            let allow = routes
                .iter()
                .map(|(method, _)| {
                    if *method == Method::Get {
                        "GET, HEAD"
                    } else {
                        method.as_str()
                    }
                })
                .collect::<Vec<_>>()
                .join(", ");
            let mut resource = web::resource(path);
            for (_, route) in routes {
                resource = resource.route(route);
            }
            scope =
                scope.service(resource.default_service(web::to(move || method_not_allowed(allow.clone()))));
        }
        app.service(scope.default_service(web::to(not_found)));
    }
}

/// A route for GET and for HEAD, which is answered like it, without the body (RFC 9110, 9.3.2).
pub fn reads() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// A resource that can only be read.
pub fn resource(path: &str) -> actix_web::Resource {
    web::resource(path).default_service(web::to(|| method_not_allowed("GET, HEAD".to_owned())))
}

fn method_route(method: Method) -> Route {
    match method {
        Method::Get => reads(),
        Method::Post => web::post(),
        Method::Put => web::put(),
        Method::Patch => web::patch(),
        Method::Delete => web::delete(),
    }
}

/// 405, for any path that exists.
pub async fn method_not_allowed(allow: String) -> HttpResponse {
    let mut response = HttpResponse::from_error(AppError::from(ErrorCode::MethodNotAllowed));
    if let Ok(allow) = header::HeaderValue::from_str(&allow) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

async fn not_found() -> AppError {
    ErrorCode::NotFound.into()
}

impl Responder for AppError {
    type Body = BoxBody;
    fn respond_to(self, _request: &actix_web::HttpRequest) -> HttpResponse {
        HttpResponse::from_error(self)
    }
}

async fn gate(
    access: Access,
    to_suspended: bool,
    limit: Limit,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if let Err(error) = admit(access, to_suspended, limit, &request).await {
        return Ok(request.error_response(error));
    }
    let head = request.request().clone();
    match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(result) => result,
        // The panic itself is in the log already.
        Err(_panic) => {
            let error = AppError::Unexpected(anyhow::anyhow!("the handler panicked"));
            Ok(ServiceResponse::new(head, HttpResponse::from_error(error)))
        }
    }
}

async fn admit(
    access: Access,
    to_suspended: bool,
    limit: Limit,
    request: &ServiceRequest,
) -> AppResult<()> {
    let gate = request
        .app_data::<web::Data<Gate>>()
        .ok_or_else(|| anyhow::anyhow!("no gate"))?;
    let key = match access {
        Access::Public | Access::RefreshToken => Key::network(client_address(request.request())),
        Access::SignedIn => {
            let token = bearer(request).ok_or(ErrorCode::Unauthenticated)?;
            let actor = if to_suspended {
                gate.authenticator.authenticate_even_suspended(token).await?
            } else {
                gate.authenticator.authenticate(token).await?
            };
            request.extensions_mut().insert(actor);
            Key::User(actor.user_id)
        }
    };
    gate.limits.check(limit, key).await
}

/// The token of `Authorization: Bearer …` (RFC 6750).
fn bearer(request: &ServiceRequest) -> Option<&str> {
    bearer_of(request.headers())
}

/// The token of `Authorization: Bearer …` in some headers.
pub fn bearer_of(headers: &header::HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
