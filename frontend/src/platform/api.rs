//! Calls of the API: an [`Endpoint`] in, its typed reply out.

use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use gloo_net::http::{Method as HttpMethod, Request as HttpRequest, RequestBuilder};
use hearth_shared::endpoint::{Access, Endpoint, Method, Nothing, url};
use hearth_shared::instance::GetInstance;
use hearth_shared::problem::{ErrorCode, FieldError, Problem};
use hearth_shared::time::Timestamp;
use js_sys::Reflect;
use serde::Serialize;
use serde::de::DeserializeOwned;
use web_sys::{AbortSignal, RequestCache, RequestCredentials, RequestInit, RequestMode};

use super::session::{Session, ended};
use super::{connection, dom};

/// After this long a call counts as unanswered.
const TIMEOUT_MILLIS: u32 = 30_000;

/// Why a call came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// No answer came. What was asked for may or may not have been done.
    Unreachable,
    /// The server said no.
    Refused(Rc<Refusal>),
    /// The answer was not of the agreed form.
    Garbled,
}

/// What the server said no with: the part of a [`Problem`] that this client looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// Why.
    pub(crate) code: ErrorCode,
    /// The wrong fields.
    pub(crate) errors: Vec<FieldError>,
    /// Seconds after which it may be tried again.
    pub(crate) retry_after: Option<u32>,
    /// What this occurrence is about, where the code says that there is more to know.
    pub(crate) detail: String,
}

impl Failure {
    /// A refusal for which there is only a code.
    pub(crate) fn refused(code: ErrorCode) -> Self {
        Self::Refused(Rc::new(Refusal {
            code,
            errors: Vec::new(),
            retry_after: None,
            detail: String::new(),
        }))
    }

    /// The code, when the server said no.
    pub(crate) fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Refused(refusal) => Some(refusal.code),
            _ => None,
        }
    }

    /// Whether the session has ended.
    pub(crate) fn is_over(&self) -> bool {
        matches!(
            self.code(),
            Some(
                ErrorCode::InvalidRefreshToken
                    | ErrorCode::Unauthenticated
                    | ErrorCode::AccountSuspended
                    | ErrorCode::AccountDeletionPending
            )
        )
    }

    /// What this occurrence is about.
    pub(crate) fn detail(&self) -> Option<&str> {
        match self {
            Self::Refused(refusal) => Some(&refusal.detail),
            _ => None,
        }
    }

    /// Seconds after which the server wants to be asked again.
    pub(crate) fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Refused(refusal) => refusal.retry_after,
            _ => None,
        }
    }

    /// Whether the same call may work later.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable => true,
            Self::Garbled => false,
            Self::Refused(refusal) => matches!(refusal.code.status(), 429 | 500..),
        }
    }

    /// Whether what was asked for is gone or was never there for this person.
    pub(crate) fn is_not_found(&self) -> bool {
        self.code() == Some(ErrorCode::NotFound)
    }
}

/// A call under way: the text of the reply.
type Performing = Pin<Box<dyn Future<Output = Result<String, Failure>>>>;

/// The reply of a call.
pub(crate) type Outcome<E> = Result<<E as Endpoint>::Reply, Failure>;

/// Makes calls in the name of a session.
#[derive(Clone, PartialEq)]
pub(crate) struct Api {
    session: Session,
    /// The person's time that the calls belong to; none for those that need nobody.
    epoch: Option<u32>,
}

impl Api {
    pub(crate) fn new(session: Session) -> Self {
        Self { session, epoch: None }
    }

    /// The same for the one person who is signed in now. When somebody else is, its calls come to nothing.
    pub(crate) fn for_person(&self) -> Self {
        Self {
            epoch: Some(self.session.epoch()),
            ..self.clone()
        }
    }

    /// Whether that person is still there.
    pub(crate) fn is_current(&self) -> bool {
        self.epoch.is_none_or(|epoch| epoch == self.session.epoch())
    }

    fn check_person(&self) -> Result<(), Failure> {
        if self.is_current() { Ok(()) } else { Err(ended()) }
    }

    /// Reads: no body.
    pub(crate) fn get<E: Endpoint<Body = Nothing>>(&self, endpoint: &E, query: &E::Query) -> Call<E> {
        self.call(endpoint, query, &Nothing)
    }

    /// Acts: a body, no query.
    pub(crate) fn send<E: Endpoint<Query = Nothing>>(&self, endpoint: &E, body: &E::Body) -> Call<E> {
        self.call(endpoint, &Nothing, body)
    }

    /// The general form.
    pub(crate) fn call<E: Endpoint>(&self, endpoint: &E, query: &E::Query, body: &E::Body) -> Call<E> {
        Call::new(self.perform(request(endpoint, query, body), E::ACCESS))
    }

    /// Boxed, so that what follows exists once in the binary and not once for every operation.
    fn perform(&self, request: Result<Request, Failure>, access: Access) -> Performing {
        let api = self.clone();
        Box::pin(async move {
            let request = request?;
            match access {
                Access::SignedIn => api.signed_in(&request).await,
                Access::Public | Access::RefreshToken => request.send(None, None).await,
            }
        })
    }

    /// With the access token; once more with a new one when the server no longer takes it. While nobody has answered
    /// who is signed in, reads ask for what was saved, and nothing goes over the network.
    async fn signed_in(&self, request: &Request) -> Result<String, Failure> {
        if request.method == Method::Get && self.session.is_adrift() {
            self.check_person()?;
            match request.send(None, self.session.person().as_deref()).await {
                // Nothing of it was saved. The network may only be slow: then the answer to who is signed in, and this one,
                // are worth waiting for.
                Err(Failure::Unreachable) if dom::online() => {}
                saved => return saved,
            }
        }
        let token = self.token(None).await?;
        let person = self.session.person();
        match request.send(Some(&token), person.as_deref()).await {
            Err(failure) if failure.code() == Some(ErrorCode::Unauthenticated) => {
                let token = self.token(Some(&token)).await?;
                request.send(Some(&token), person.as_deref()).await
            }
            // Asking for a new token says so for the whole page, with the right words.
            Err(failure) if failure.code() == Some(ErrorCode::AccountSuspended) => {
                self.check_person()?;
                drop(self.session.token_after(&token).await);
                Err(failure)
            }
            other => other,
        }
    }

    /// An access token of the person whose calls these are; another one than the server refused.
    pub(super) async fn token(&self, refused: Option<&str>) -> Result<String, Failure> {
        self.check_person()?;
        let token = match refused {
            None => self.session.token().await?,
            Some(refused) => self.session.token_after(refused).await?.text,
        };
        self.check_person()?;
        Ok(token)
    }
}

/// Calls an operation that needs no session.
pub(crate) fn call_public<E: Endpoint>(endpoint: &E, query: &E::Query, body: &E::Body) -> Call<E> {
    let request = request(endpoint, query, body);
    Call::new(Box::pin(async move { request?.send(None, None).await }))
}

fn request<E: Endpoint>(endpoint: &E, query: &E::Query, body: &E::Body) -> Result<Request, Failure> {
    Ok(Request {
        method: E::METHOD,
        url: url(endpoint, query),
        body: encode(body)?,
    })
}

/// A call under way. Written out: an `async fn` would put a state machine for every operation into the binary.
pub(crate) struct Call<E> {
    performing: Performing,
    operation: PhantomData<fn() -> E>,
}

impl<E> Call<E> {
    fn new(performing: Performing) -> Self {
        Self {
            performing,
            operation: PhantomData,
        }
    }
}

impl<E: Endpoint> Future for Call<E> {
    type Output = Outcome<E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome<E>> {
        self.performing.as_mut().poll(context).map(decode)
    }
}

/// Whether the server answers at all.
pub(super) async fn alive() -> bool {
    let request = Request {
        method: Method::Get,
        url: GetInstance {}.path(),
        body: None,
    };
    !matches!(request.fetch(None, None).await, Err(Failure::Unreachable))
}

fn encode(body: &impl Serialize) -> Result<Option<String>, Failure> {
    let text = serde_json::to_string(body).or(Err(Failure::Garbled))?;
    Ok(Some(text).filter(|text| text != "null"))
}

pub(super) fn decode<T: DeserializeOwned>(text: Result<String, Failure>) -> Result<T, Failure> {
    let text = text?;
    let text = if text.is_empty() { "null" } else { &text };
    serde_json::from_str(text).or(Err(Failure::Garbled))
}

/// A call without its types, so that sending exists once in the binary.
struct Request {
    method: Method,
    url: String,
    body: Option<String>,
}

impl Request {
    /// As somebody with a token, or as nobody. Somebody without a token gets what was saved of theirs.
    async fn send(&self, token: Option<&str>, person: Option<&str>) -> Result<String, Failure> {
        let outcome = self.fetch(token, person).await;
        match &outcome {
            Err(Failure::Unreachable) => connection::unanswered(),
            _ => connection::answered(),
        }
        outcome
    }

    async fn fetch(&self, token: Option<&str>, person: Option<&str>) -> Result<String, Failure> {
        let method = match self.method {
            Method::Get => HttpMethod::GET,
            Method::Post => HttpMethod::POST,
            Method::Put => HttpMethod::PUT,
            Method::Patch => HttpMethod::PATCH,
            Method::Delete => HttpMethod::DELETE,
        };
        let mut builder = RequestBuilder::new(&self.url)
            .method(method)
            .credentials(RequestCredentials::SameOrigin)
            .cache(RequestCache::NoStore)
            .abort_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT_MILLIS)))
            .header("Accept", "application/json")
            // Another site cannot send this header without asking first.
            .header("X-App", "1");
        if let Some(token) = token {
            builder = builder.header("Authorization", &format!("Bearer {token}"));
        }
        if let Some(person) = person {
            // Tells the service worker whose answer this is.
            builder = builder.header("X-Hearth-Person", person);
            if token.is_none() {
                // The browser itself sees to it that this does not reach the network.
                builder = builder
                    .cache(RequestCache::OnlyIfCached)
                    .mode(RequestMode::SameOrigin);
            }
        }
        let sent = match &self.body {
            Some(body) => match builder
                .header("Content-Type", "application/json")
                .body(body.as_str())
            {
                Ok(request) => request.send().await,
                Err(error) => Err(error),
            },
            None if self.method != Method::Get => match builder.build() {
                Ok(request) => outliving(request).send().await,
                Err(error) => Err(error),
            },
            None => builder.send().await,
        };
        let response = sent.or(Err(Failure::Unreachable))?;
        let text = response.text().await.or(Err(Failure::Unreachable))?;
        let saved_at = response.headers().get("x-hearth-saved");
        if !connection::came(
            saved_at
                .and_then(|at| at.parse().ok())
                .map(Timestamp::from_millis),
        ) {
            return Err(Failure::Unreachable);
        }
        if response.ok() {
            return Ok(text);
        }
        let retry_after = response
            .headers()
            .get("retry-after")
            .and_then(|seconds| seconds.parse().ok());
        Err(refusal(response.status(), retry_after, &text))
    }
}

/// The same request, which is carried out also when its page is left meanwhile.
fn outliving(request: HttpRequest) -> HttpRequest {
    let request = web_sys::Request::from(request);
    let init = RequestInit::new();
    drop(Reflect::set(&init, &"keepalive".into(), &true.into()));
    match web_sys::Request::new_with_request_and_init(&request, &init) {
        Ok(lasting) => lasting.into(),
        Err(_) => request.into(),
    }
}

/// What a refusing answer says.
pub(super) fn refusal(status: u16, retry_after: Option<u32>, text: &str) -> Failure {
    let (code, errors, detail) = match serde_json::from_str::<Problem>(text) {
        Ok(problem) => (problem.code, problem.errors, problem.detail),
        // A proxy in front of the server answers in HTML while the server is away.
        Err(_) => (code_of(status), Vec::new(), String::new()),
    };
    Failure::Refused(Rc::new(Refusal {
        code,
        errors,
        retry_after,
        detail,
    }))
}

pub(super) fn code_of(status: u16) -> ErrorCode {
    match status {
        429 => ErrorCode::RateLimited,
        502..=504 => ErrorCode::Unavailable,
        404 => ErrorCode::NotFound,
        _ => ErrorCode::Internal,
    }
}
