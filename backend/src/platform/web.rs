//! The outermost layer: every request gets an id and a line in the log, every answer its security headers,
//! every error the one shape that errors have.

use std::sync::Arc;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{ConnectionType, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, web};
use hearth_shared::problem::{ErrorCode, PROBLEM_JSON, Problem};
use rand::Rng;
use tracing::Instrument;

use crate::platform::config::WebConfig;
use crate::platform::drain::{self, Drain};
use crate::platform::error::{AppError, RetryAfter};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longer addresses are refused.
const URI_MAX: usize = 8 * 1024;
/// For everything but the page and its parts, which set their own.
const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// See the module.
///
/// # Errors
/// Never: an error becomes an answer.
pub async fn finish(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let id = new_request_id();
    let method = request.method().clone();
    let path = request.path().to_owned();
    let secure = request
        .app_data::<web::Data<WebConfig>>()
        .is_some_and(|config| config.secure_cookies);
    let drain = request
        .app_data::<web::Data<Drain>>()
        .map(|drain| Arc::clone(drain));
    let progress = drain.as_ref().map(Drain::enter);
    let span = tracing::info_span!("request", id);

    let mut response = if request
        .uri()
        .path_and_query()
        .is_some_and(|uri| uri.as_str().len() > URI_MAX)
    {
        request.error_response(AppError::from(ErrorCode::UriTooLong))
    } else {
        next.call(request)
            .instrument(span.clone())
            .await?
            .map_into_boxed_body()
    };
    let _entered = span.enter();
    let failed = response.status().is_client_error() || response.status().is_server_error();
    // What has a JSON body of its own says what is wrong in its own words (`/readyz`).
    if failed && !has_own_body(&response) {
        response = as_problem(response, &id);
    }
    set_headers(response.headers_mut(), &id, secure);
    if drain.is_some_and(|drain| drain.has_begun()) && drain::may_close(response.headers()) {
        response
            .response_mut()
            .head_mut()
            .set_connection_type(ConnectionType::Close);
    }
    if let Some(progress) = progress {
        response = response.map_body(|_, body| drain::hold(body, progress));
    }
    let status = response.status().as_u16();
    // The query stays out: it holds what people search for.
    tracing::info!(%method, path, status, ms = started.elapsed().as_millis(), "answered");
    Ok(response)
}

fn has_own_body(response: &ServiceResponse<BoxBody>) -> bool {
    let json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == "application/json");
    json && response.response().error().is_none()
}

fn new_request_id() -> String {
    let mut bytes = [0; 12];
    rand::rng().fill_bytes(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes the problem document of an error answer, and logs what the caller is not told.
fn as_problem(response: ServiceResponse<BoxBody>, id: &str) -> ServiceResponse<BoxBody> {
    let status = response.status();
    let (mut problem, retry) = match response
        .response()
        .error()
        .map(|error| error.as_error::<AppError>())
    {
        Some(Some(error)) => {
            if status.is_server_error() && !matches!(error, AppError::Problem(..)) {
                tracing::error!(%error, "request failed");
            }
            error.to_problem()
        }
        _ => (Problem::new(code_of_status(status)), None),
    };
    problem.request_id = id.to_owned();
    let status = StatusCode::from_u16(problem.status).unwrap_or(status);
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let mut document = HttpResponse::build(status).content_type(PROBLEM_JSON).body(body);
    for name in [header::ALLOW, header::CONTENT_RANGE, header::SET_COOKIE] {
        for value in response.headers().get_all(&name) {
            document.headers_mut().append(name.clone(), value.clone());
        }
    }
    if status == StatusCode::UNAUTHORIZED {
        document
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(retry) = retry {
        set_retry_headers(document.headers_mut(), retry);
    }
    response.into_response(document)
}

/// What actix itself answers without asking us.
fn code_of_status(status: StatusCode) -> ErrorCode {
    match status.as_u16() {
        404 => ErrorCode::NotFound,
        405 => ErrorCode::MethodNotAllowed,
        413 => ErrorCode::PayloadTooLarge,
        415 => ErrorCode::UnsupportedMediaType,
        503 => ErrorCode::Unavailable,
        400..=499 => ErrorCode::BadRequest,
        _ => ErrorCode::Internal,
    }
}

fn set_retry_headers(headers: &mut HeaderMap, retry: RetryAfter) {
    headers.insert(header::RETRY_AFTER, HeaderValue::from(retry.seconds));
    if let Some((name, requests, window)) = retry.policy {
        let fields = [
            ("ratelimit-policy", format!("\"{name}\";q={requests};w={window}")),
            ("ratelimit", format!("\"{name}\";r=0;t={}", retry.seconds)),
        ];
        for (field, value) in fields {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(field), value);
            }
        }
    }
}

/// Headers of every answer; what a handler has set stays.
fn set_headers(headers: &mut HeaderMap, id: &str, secure: bool) {
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
        ),
        (header::CONTENT_SECURITY_POLICY, API_POLICY),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in fixed {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if secure {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
}
