//! What handlers take: the caller, a checked body, a checked query, a parsed path parameter.

use std::future::{Ready, ready};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::str::FromStr;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use hearth_shared::ids::{SessionId, UserId};
use hearth_shared::problem::{ErrorCode, FieldCode, FieldError};
use hearth_shared::valid::{Valid, Validate};
use serde::de::DeserializeOwned;

use crate::platform::config::WebConfig;
use crate::platform::error::{AppError, AppResult};

/// Bytes of a JSON body at most.
pub const BODY_MAX: usize = 64 * 1024;
/// A body must be there within this time.
const BODY_TIMEOUT: Duration = Duration::from_secs(15);

/// Who calls: a person with a live session. Put into the request by `platform::routes`, so that a handler that
/// takes one cannot be reached without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// The person.
    pub user_id: UserId,
    /// The session they use.
    pub session_id: SessionId,
}

impl FromRequest for Actor {
    type Error = AppError;
    type Future = Ready<AppResult<Self>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let actor = request.extensions().get::<Self>().copied();
        ready(actor.ok_or(ErrorCode::Unauthenticated.into()))
    }
}

/// A path parameter. What does not parse names nothing: 404.
#[derive(Debug)]
pub struct Param<T>(pub T);

impl<T: FromStr> FromRequest for Param<T> {
    type Error = AppError;
    type Future = Ready<AppResult<Self>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let text = request
            .match_info()
            .iter()
            .next()
            .map(|(_, text)| text.to_owned());
        let parsed = text.and_then(|text| text.parse().ok());
        ready(parsed.map(Self).ok_or(ErrorCode::NotFound.into()))
    }
}

/// Two path parameters. When one does not parse there is nothing at the address: 404.
#[derive(Debug)]
pub struct Params<A, B>(pub A, pub B);

impl<A: FromStr, B: FromStr> FromRequest for Params<A, B> {
    type Error = AppError;
    type Future = Ready<AppResult<Self>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let mut texts = request.match_info().iter().map(|(_, text)| text);
        let first = texts.next().and_then(|text| text.parse().ok());
        let second = texts.next().and_then(|text| text.parse().ok());
        let parsed = first.zip(second).map(|(first, second)| Self(first, second));
        ready(parsed.ok_or(ErrorCode::NotFound.into()))
    }
}

/// A query without rules of its own.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = AppError;
    type Future = Ready<AppResult<Self>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(parse_query(request.query_string()).map(Self))
    }
}

/// A query that keeps its rules.
#[derive(Debug)]
pub struct ValidQuery<T>(pub Valid<T>);

impl<T: DeserializeOwned + Validate> FromRequest for ValidQuery<T> {
    type Error = AppError;
    type Future = Ready<AppResult<Self>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(parse_query::<T>(request.query_string()).and_then(|query| Ok(Self(Valid::check(query)?))))
    }
}

fn parse_query<T: DeserializeOwned>(text: &str) -> AppResult<T> {
    let pairs = serde_urlencoded::Deserializer::new(url::form_urlencoded::parse(text.as_bytes()));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let field = error.path().to_string();
        AppError::field(&field, FieldCode::WrongType, &error.inner().to_string())
    })
}

/// A JSON body that keeps its rules.
#[derive(Debug)]
pub struct ValidJson<T>(pub Valid<T>);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for ValidJson<T> {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, AppResult<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let head = check_head(request);
        let payload = payload.take();
        Box::pin(async move {
            head?;
            let bytes = tokio::time::timeout(BODY_TIMEOUT, collect(payload)).await;
            let bytes = bytes.map_err(|_late| AppError::from(ErrorCode::RequestTimeout))??;
            Ok(Self(Valid::check(parse_json(&bytes)?)?))
        })
    }
}

fn check_head(request: &HttpRequest) -> AppResult<()> {
    if !is_json(request) {
        return Err(ErrorCode::UnsupportedMediaType.into());
    }
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > BODY_MAX) {
        return Err(ErrorCode::PayloadTooLarge.into());
    }
    Ok(())
}

/// Whether the request says that its body is JSON.
pub fn is_json(request: &HttpRequest) -> bool {
    request.content_type().eq_ignore_ascii_case("application/json")
}

async fn collect(mut payload: Payload) -> AppResult<web::BytesMut> {
    let mut bytes = web::BytesMut::new();
    while let Some(chunk) = Pin::new(&mut payload).next().await {
        let chunk = chunk.or(Err(AppError::from(ErrorCode::BadRequest)))?;
        if bytes.len() + chunk.len() > BODY_MAX {
            return Err(ErrorCode::PayloadTooLarge.into());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Text that is no JSON is 400; JSON of another shape is 422 and names the first wrong field.
fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> AppResult<T> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value: T = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let message = error.inner().to_string();
        match error.inner().classify() {
            serde_json::error::Category::Data => wrong_shape(&error.path().to_string(), &message).into(),
            _ => AppError::detailed(ErrorCode::MalformedJson, message),
        }
    })?;
    json.end()
        .map_err(|error| AppError::detailed(ErrorCode::MalformedJson, error.to_string()))?;
    Ok(value)
}

fn wrong_shape(path: &str, message: &str) -> Vec<FieldError> {
    // Serde reports a missing field at the object that lacks it.
    let missing = message
        .strip_prefix("missing field `")
        .and_then(|rest| rest.split('`').next());
    let (field, code) = match (missing, path) {
        (Some(name), ".") => (name.to_owned(), FieldCode::Required),
        (Some(name), parent) => (format!("{parent}.{name}"), FieldCode::Required),
        (None, path) => (path.to_owned(), FieldCode::WrongType),
    };
    vec![FieldError {
        field,
        code,
        message: message.to_owned(),
    }]
}

/// The address of the one who calls: the peer's, or the one that a trusted proxy reports. Of several reported
/// addresses the last one that is no trusted proxy counts: those before it anybody can invent, and so they can
/// when a proxy reports something that is no address.
pub fn client_address(request: &HttpRequest) -> IpAddr {
    let peer = request
        .peer_addr()
        .map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.ip().to_canonical());
    let Some(config) = request.app_data::<web::Data<WebConfig>>() else {
        return peer;
    };
    let trusted = |address: &IpAddr| {
        config
            .trusted_proxies
            .iter()
            .any(|network| network.contains(address))
    };
    let mut client = peer;
    let lines = request
        .headers()
        .get_all("x-forwarded-for")
        .filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
    for hop in hops.into_iter().rev() {
        match parse_hop(hop.trim()) {
            Some(address) if trusted(&client) => client = address,
            _ => break,
        }
    }
    client
}

/// Some proxies report the port too.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let with_port = || hop.parse::<SocketAddr>().ok().map(|address| address.ip());
    hop.parse()
        .ok()
        .or_else(with_port)
        .map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn forwarded_addresses_count_only_from_trusted_proxies() {
        let config = web::Data::new(WebConfig {
            origins: Vec::new(),
            any_own_host: false,
            secure_cookies: false,
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
        });
        let address = |peer: &str, forwarded: &str| {
            let request = TestRequest::default()
                .app_data(config.clone())
                .peer_addr(format!("{peer}:1").parse().unwrap())
                .insert_header(("x-forwarded-for", forwarded))
                .to_http_request();
            client_address(&request).to_string()
        };
        assert_eq!(address("192.0.2.1", "1.1.1.1"), "192.0.2.1");
        assert_eq!(address("10.0.0.1", "6.6.6.6, 1.1.1.1, 10.0.0.2"), "1.1.1.1");
        assert_eq!(address("10.0.0.1", "nonsense"), "10.0.0.1");
        assert_eq!(address("10.0.0.1", "6.6.6.6, nonsense"), "10.0.0.1");
        assert_eq!(address("10.0.0.1", "6.6.6.6, 1.1.1.1:5678"), "1.1.1.1");
        assert_eq!(address("[::ffff:10.0.0.1]", "1.1.1.1"), "1.1.1.1");
    }
}
