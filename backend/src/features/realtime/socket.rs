//! The socket: `GET /api/v1/ws`, sub-protocol `hearth.v1`. The client says who it is in its first frame, because
//! an address ends up in logs and a cookie is sent by every page; until then it is sent nothing but `hello`.
//!
//! Each socket has its own task, which ends when the client leaves, breaks a rule, falls silent, reads too
//! slowly, or when its session does.

use std::time::Duration;

use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::web::{Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, rt, web};
use actix_ws::{CloseReason, Closed, Message, MessageStream, ProtocolError, Session};
use bytestring::ByteString;
use futures_util::StreamExt;
use hearth_shared::endpoint::API_BASE;
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::close::CloseCode;
use hearth_shared::realtime::frames::{ClientFrame, FRAME_MAX, FRAMES_PER_MINUTE, Hello, Ready, ServerFrame};
use hearth_shared::realtime::{HEARTBEAT_MILLIS, SOCKET_PATH, SUBPROTOCOL};
use hearth_shared::time::Timestamp;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout, timeout_at};

use super::admission::Waiting;
use super::client_frames;
use super::dispatch::write;
use super::live::Live;
use crate::platform::clock;
use crate::platform::config::WebConfig;
use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::{Actor, client_address};
use crate::platform::rate_limit::{Key, Limit};
use crate::platform::realtime::gauge;
use crate::platform::realtime::hub::Registration;
use crate::platform::realtime::queue::Out;
use crate::platform::routes;

/// `auth` must come within this time.
const AUTH_TIMEOUT: Duration = Duration::from_secs(5);
/// The WebSocket protocol's own ping is sent after this much time: browsers answer it also in the background,
/// where they let scripts run once a minute only.
const PING_EVERY: Duration = Duration::from_secs(20);
/// Who has not been heard for this long is gone.
const SILENCE_MAX: Duration = Duration::from_secs(45);
/// An expired token is forgiven for this long.
const EXPIRY_GRACE_MILLIS: i64 = 60_000;
/// A close frame is given this long to leave.
const FAREWELL: Duration = Duration::from_secs(1);
/// Sets of watched posts are taken at most this often.
const WATCH_EVERY: Duration = Duration::from_millis(500);

/// Mounts the socket's path.
pub fn configure(app: &mut ServiceConfig) {
    let path = format!("{API_BASE}{SOCKET_PATH}");
    app.service(routes::resource(&path).route(web::get().to(open)));
}

async fn open(
    live: Data<Live>,
    config: Data<WebConfig>,
    request: HttpRequest,
    body: Payload,
) -> AppResult<HttpResponse> {
    let headers = request.headers();
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    // No cookie is read here, so a program without an origin cannot be misled by another site.
    let host = text(header::HOST).unwrap_or_default();
    let own = |origin: &header::HeaderValue| {
        origin
            .to_str()
            .is_ok_and(|origin| config.is_own_origin(origin, host))
    };
    if !headers.get_all(header::ORIGIN).all(own) {
        return Err(ErrorCode::ForeignOrigin.into());
    }
    if !request.query_string().is_empty() {
        return Err(AppError::detailed(
            ErrorCode::BadRequest,
            "the socket takes no query: the token goes into the first frame",
        ));
    }
    let offered = text(header::SEC_WEBSOCKET_PROTOCOL).unwrap_or_default();
    if !offered.split(',').any(|name| name.trim() == SUBPROTOCOL) {
        return Err(AppError::detailed(
            ErrorCode::BadRequest,
            format!("the socket speaks {SUBPROTOCOL}"),
        ));
    }
    let waiting = live.admission.enter(client_address(&request))?;
    let told = |error: actix_web::Error| AppError::detailed(ErrorCode::BadRequest, error.to_string());
    let body = gauge::bounded(&request, body, FRAME_MAX as u64)
        .await
        .map_err(told)?;
    let (response, session, stream) =
        actix_ws::handle_with_protocols(&request, body, &[SUBPROTOCOL]).map_err(told)?;
    let stream = stream.max_frame_size(FRAME_MAX);
    let live = Live::clone(&live);
    rt::spawn(serve(live, waiting, session, stream));
    Ok(response)
}

/// Why a conversation over a socket ended.
enum End {
    /// We close, and say why.
    Close(CloseCode),
    /// The client has gone or says goodbye.
    Gone,
}

impl From<CloseCode> for End {
    fn from(code: CloseCode) -> Self {
        Self::Close(code)
    }
}

async fn serve(live: Live, waiting: Waiting, mut session: Session, mut stream: MessageStream) {
    let end = match greet(&live, &mut session, &mut stream).await {
        Ok((client, frames)) => {
            drop(waiting);
            let registration = client.registration;
            let link = Link {
                live: &live,
                registration: &registration,
                actor: client.actor,
            };
            let end = link.talk(&mut session, stream, frames, client.expires).await;
            live.leave(registration);
            end
        }
        Err(end) => end,
    };
    let reason = match end {
        End::Close(code) => Some(CloseReason {
            code: code.code().into(),
            description: Some(code.reason().to_owned()),
        }),
        // Whoever says goodbye is answered (RFC 6455, 5.5.1).
        End::Gone => None,
    };
    // A client that does not read cannot be told either.
    drop(timeout(FAREWELL, session.close(reason)).await);
}

/// A socket that has said who it is.
struct Client {
    actor: Actor,
    expires: Timestamp,
    registration: Registration,
}

/// `hello`, `auth`, `ready`.
async fn greet(
    live: &Live,
    session: &mut Session,
    stream: &mut MessageStream,
) -> Result<(Client, mpsc::Receiver<Out>), End> {
    let hello = ServerFrame::Hello(Hello {
        heartbeat_ms: HEARTBEAT_MILLIS,
    });
    send(session, write(&hello)).await?;
    let until = Instant::now() + AUTH_TIMEOUT;
    let token = loop {
        let message = timeout_at(until, stream.next())
            .await
            .or(Err(CloseCode::AuthTimeout))?;
        match read(message)? {
            Heard::Frame(ClientFrame::Auth { token }) => break token,
            Heard::Frame(_) => return Err(CloseCode::BadFrame.into()),
            Heard::Ping(_) | Heard::Nothing => {}
        }
    };
    let (actor, expires) = identify(live, &token).await?;
    live.limits
        .check(Limit::Socket, Key::User(actor.user_id))
        .await
        .or(Err(CloseCode::TooMany))?;
    // Registered first: what happens from now on waits behind `ready`.
    let (registration, frames) = live.hub.register(actor.user_id, actor.session_id)?;
    live.arrive(actor.user_id);
    if let Err(end) = welcome(live, session, actor).await {
        live.leave(registration);
        return Err(end);
    }
    let client = Client {
        actor,
        expires,
        registration,
    };
    Ok((client, frames))
}

/// `ready`.
async fn welcome(live: &Live, session: &mut Session, actor: Actor) -> Result<(), End> {
    let online = live
        .dispatcher
        .friends_online(actor.user_id)
        .await
        .or(Err(CloseCode::GoingAway))?;
    let ready = ServerFrame::Ready(Ready {
        user_id: actor.user_id,
        session_id: actor.session_id,
        epoch: live.epoch.clone(),
        online,
    });
    send(session, write(&ready)).await
}

async fn identify(live: &Live, token: &str) -> Result<(Actor, Timestamp), End> {
    let expires = live.tokens.expiry(token).ok_or(CloseCode::Unauthenticated)?;
    match live.authenticator.authenticate(token).await {
        Ok(actor) => Ok((actor, expires)),
        Err(error) if error.code() == ErrorCode::Unauthenticated => Err(CloseCode::Unauthenticated.into()),
        // Its next refresh is told why.
        Err(error) if error.code() == ErrorCode::AccountSuspended => Err(CloseCode::SessionEnded.into()),
        // Too busy to ask: the client comes back.
        Err(_) => Err(CloseCode::GoingAway.into()),
    }
}

async fn send(session: &mut Session, frame: ByteString) -> Result<(), End> {
    match timeout(AUTH_TIMEOUT, session.text(frame)).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(End::Gone),
    }
}

/// A message that keeps the rules.
enum Heard {
    Frame(ClientFrame),
    /// The WebSocket protocol's own.
    Ping(Vec<u8>),
    Nothing,
}

fn read(message: Option<Result<Message, ProtocolError>>) -> Result<Heard, End> {
    match message {
        Some(Ok(Message::Text(text))) => serde_json::from_str(&text)
            .map(Heard::Frame)
            .or(Err(CloseCode::BadFrame.into())),
        Some(Ok(Message::Ping(bytes))) => Ok(Heard::Ping(bytes.to_vec())),
        Some(Ok(Message::Pong(_) | Message::Nop)) => Ok(Heard::Nothing),
        Some(Ok(Message::Binary(_) | Message::Continuation(_))) => Err(CloseCode::NotText.into()),
        Some(Err(ProtocolError::Overflow)) => Err(CloseCode::TooBig.into()),
        Some(Err(ProtocolError::Io(error))) => Err(of_bytes(&error)),
        Some(Err(_)) => Err(CloseCode::BadFrame.into()),
        Some(Ok(Message::Close(_))) | None => Err(End::Gone),
    }
}

/// The bytes ended: they were too many, or none of the protocol, or the connection is gone, half of it maybe.
/// Who only lost that may come back, so they must not be told that they broke a rule.
fn of_bytes(error: &std::io::Error) -> End {
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref());
    match cause {
        Some(PayloadError::Overflow) => CloseCode::TooBig.into(),
        Some(_) => End::Gone,
        None => CloseCode::BadFrame.into(),
    }
}

async fn write_out(session: &mut Session, out: Out) -> Result<(), Closed> {
    match out {
        Out::Frame(frame) => session.text(frame).await,
        Out::Pong(bytes) => session.pong(&bytes).await,
    }
}

/// A socket in conversation.
struct Link<'a> {
    live: &'a Live,
    registration: &'a Registration,
    actor: Actor,
}

impl Link<'_> {
    async fn talk(
        &self,
        session: &mut Session,
        stream: MessageStream,
        mut frames: mpsc::Receiver<Out>,
        expires: Timestamp,
    ) -> End {
        let end = tokio::select! {
            // A socket that is to be closed is not written to any more.
            biased;
            code = self.registration.socket.queue.closed() => End::Close(code),
            end = self.listen(stream, expires) => end,
            end = self.speak(session, &mut frames) => end,
        };
        // Unless we are the ones who go: what waits says when to come back.
        if matches!(end, End::Close(CloseCode::GoingAway)) {
            let rest = async {
                while let Ok(out) = frames.try_recv() {
                    if write_out(session, out).await.is_err() {
                        return;
                    }
                }
            };
            drop(timeout(FAREWELL, rest).await);
        }
        end
    }

    /// Writes what waits, and pings.
    async fn speak(&self, session: &mut Session, frames: &mut mpsc::Receiver<Out>) -> End {
        let queue = &self.registration.socket.queue;
        // Also while much is sent: only what comes back shows that somebody is there.
        let mut ping_at = Instant::now() + PING_EVERY;
        loop {
            let written = match timeout_at(ping_at, frames.recv()).await {
                Ok(Some(out)) => {
                    queue.taken(&out);
                    write_out(session, out).await
                }
                Ok(None) => return End::Gone,
                Err(_due) => {
                    ping_at = Instant::now() + PING_EVERY;
                    session.ping(b"").await
                }
            };
            if written.is_err() {
                return End::Gone;
            }
        }
    }

    /// Reads what comes, and notices when nothing does.
    async fn listen(&self, mut stream: MessageStream, mut expires: Timestamp) -> End {
        let mut window = (Instant::now(), 0);
        let mut heard = Instant::now();
        let mut next_watch = heard;
        loop {
            let left = expires.as_millis() + EXPIRY_GRACE_MILLIS - clock::now().as_millis();
            let left = Duration::from_millis(u64::try_from(left).unwrap_or(0));
            if left.is_zero() {
                return CloseCode::Unauthenticated.into();
            }
            let silent = heard + SILENCE_MAX;
            let Ok(message) = timeout_at(silent.min(Instant::now() + left), stream.next()).await else {
                if Instant::now() >= silent {
                    return CloseCode::Silent.into();
                }
                continue;
            };
            heard = Instant::now();
            if heard.duration_since(window.0) >= Duration::from_secs(60) {
                window = (heard, 0);
            }
            window.1 += 1;
            if window.1 > FRAMES_PER_MINUTE {
                return CloseCode::TooMany.into();
            }
            let frame = match read(message) {
                Ok(Heard::Frame(frame)) => frame,
                Ok(Heard::Ping(bytes)) => {
                    self.registration.socket.queue.push(Out::Pong(bytes));
                    continue;
                }
                Ok(Heard::Nothing) => continue,
                Err(end) => return end,
            };
            match self.answer(frame, &mut next_watch).await {
                Ok(Some(later)) => expires = later,
                Ok(None) => {}
                Err(end) => return end,
            }
        }
    }

    /// Does what a frame asks for. Gives when the token expires, when there is a new one.
    async fn answer(&self, frame: ClientFrame, next_watch: &mut Instant) -> Result<Option<Timestamp>, End> {
        let socket = &self.registration.socket;
        match frame {
            ClientFrame::Auth { token } => {
                let (actor, expires) = identify(self.live, &token).await?;
                if actor != self.actor {
                    return Err(CloseCode::Unauthenticated.into());
                }
                return Ok(Some(expires));
            }
            ClientFrame::Ping => socket.send(&write(&ServerFrame::Pong)),
            ClientFrame::Typing { conversation_id } => {
                client_frames::typing(self.live, socket, conversation_id).await;
            }
            ClientFrame::Watch {
                post_ids,
                conversation_id,
            } => {
                tokio::time::sleep_until(*next_watch).await;
                *next_watch = Instant::now() + WATCH_EVERY;
                client_frames::watch(self.live, socket, post_ids, conversation_id).await?;
            }
        }
        Ok(None)
    }
}
