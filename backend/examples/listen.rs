//! A client of about a hundred lines that never misses a message: it signs in, follows all of its owner's
//! conversations, and prints what is said, also what was said while it was not connected.
//!
//! ```sh
//! cargo run -p hearth-backend --example listen -- http://127.0.0.1:8080 ada "her password"
//! ```
//!
//! `docs/realtime.md` explains the protocol; the algorithm is `hearth_shared::realtime::catch_up`.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use futures_util::{SinkExt, StreamExt};
use hearth_shared::auth::{Credentials, Login, Session, SessionQuery};
use hearth_shared::endpoint::{Endpoint, Nothing, url};
use hearth_shared::realtime::catch_up::{CatchUp, FetchError, Step, backoff};
use hearth_shared::realtime::close::{Then, then};
use hearth_shared::realtime::events::Event;
use hearth_shared::realtime::frames::{ClientFrame, ServerFrame};
use hearth_shared::realtime::{
    EventsQuery, GetSync, ListConversationEvents, ListMyEvents, SOCKET_PATH, SUBPROTOCOL, Stream,
};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |name: &str| arguments.next().with_context(|| format!("missing: {name}"));
    let (base, login, password) = (next("address")?, next("name")?, next("password")?);
    listen(&base, login, password, |line| println!("{line}")).await
}

/// What the algorithm decides needs these hands.
struct Client<P> {
    base: String,
    http: reqwest::Client,
    session: Session,
    catch_up: CatchUp,
    started: Instant,
    print: P,
}

/// Signs in and prints what is said until the session ends.
pub(crate) async fn listen(
    base: &str,
    login: String,
    password: String,
    print: impl FnMut(String),
) -> anyhow::Result<()> {
    let http = reqwest::Client::new();
    let credentials = Credentials {
        login,
        password,
        restore: None,
        code: None,
    };
    let address = format!("{base}{}", url(&Login {}, &SessionQuery::default()));
    let answer = http.post(address).json(&credentials).send().await?;
    let mut client = Client {
        base: base.to_owned(),
        http,
        session: answer.error_for_status()?.json().await?,
        catch_up: CatchUp::default(),
        started: Instant::now(),
        print,
    };
    let mut failures = 0;
    loop {
        match client.connection().await {
            // A client that stays longer than ten minutes refreshes its session; this one does not.
            Ok(code) if then(code) != Then::Reconnect => bail!("closed with {code}"),
            Ok(_) => failures = 0,
            Err(error) => (client.print)(format!("({error:#})")),
        }
        let pause = backoff(failures, rand::random());
        failures += 1;
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
}

impl<P: FnMut(String)> Client<P> {
    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// One connection, until it ends. Gives the code of its end.
    async fn connection(&mut self) -> anyhow::Result<u16> {
        let address = format!("{}/api/v1{SOCKET_PATH}", self.base.replacen("http", "ws", 1));
        let mut request = address.into_client_request()?;
        let protocol = SUBPROTOCOL.parse()?;
        request.headers_mut().insert("sec-websocket-protocol", protocol);
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await?;
        let token = self.session.access_token.clone();
        let auth = serde_json::to_string(&ClientFrame::Auth { token })?;
        socket.send(Message::text(auth)).await?;
        loop {
            let tick = self.catch_up.next_tick();
            let wait = tick.map_or(25_000, |at| at.saturating_sub(self.now()));
            let steps = match tokio::time::timeout(Duration::from_millis(wait), socket.next()).await {
                Ok(Some(Ok(Message::Text(text)))) => match ServerFrame::parse(&text) {
                    Some(frame) => self.frame(frame),
                    None => Vec::new(),
                },
                Ok(Some(Ok(Message::Close(reason)))) => return Ok(reason.map_or(1006, |r| r.code.into())),
                Ok(Some(Ok(_))) => Vec::new(),
                Ok(Some(Err(error))) => return Err(error.into()),
                Ok(None) => return Ok(1006),
                Err(_quiet) => {
                    socket.send(Message::text(r#"{"type":"ping"}"#)).await?;
                    self.catch_up.on_tick(self.now())
                }
            };
            self.take(steps).await?;
        }
    }

    fn frame(&mut self, frame: ServerFrame) -> Vec<Step> {
        let now = self.now();
        match frame {
            ServerFrame::Ready(ready) => self.catch_up.on_ready(&ready.epoch),
            ServerFrame::Resync => vec![Step::Sync],
            ServerFrame::Head(head) => self.catch_up.on_head(now, head.stream, head.seq),
            ServerFrame::Event(frame) => {
                self.catch_up
                    .on_event(now, frame.stream, frame.seq, frame.event, frame.counts)
            }
            _ => Vec::new(),
        }
    }

    /// Does what the algorithm asks for, one step after the other.
    async fn take(&mut self, steps: Vec<Step>) -> anyhow::Result<()> {
        let mut steps: std::collections::VecDeque<Step> = steps.into();
        while let Some(step) = steps.pop_front() {
            match step {
                Step::Apply { event, .. } => {
                    if let Event::MessageCreated { message } = *event {
                        (self.print)(format!("{}: {}", message.sender.display_name, message.body));
                    }
                }
                Step::Sync => {
                    let sync = self.get(&GetSync {}, &Nothing).await?;
                    let (now, me) = (self.now(), Stream::User(self.session.user.id));
                    for head in &sync.conversations {
                        let stream = Stream::Conversation(head.id);
                        // Those of before the first connection are not printed; those that came since are.
                        if self.catch_up.applied(stream).is_none() {
                            steps.extend(self.catch_up.follow(now, stream, head.last_seq));
                        }
                    }
                    steps.extend(self.catch_up.on_sync(now, me, &sync));
                }
                Step::Fetch { stream, after } => {
                    let query = EventsQuery { after, limit: None };
                    let page = match stream {
                        Stream::User(_) => self.get(&ListMyEvents {}, &query).await,
                        Stream::Conversation(conversation_id) => {
                            self.get(&ListConversationEvents { conversation_id }, &query)
                                .await
                        }
                    };
                    let now = self.now();
                    steps.extend(match page {
                        Ok(page) => self.catch_up.on_page(now, stream, after, page),
                        Err(_) => {
                            let random = rand::random();
                            self.catch_up
                                .on_fetch_failed(now, stream, FetchError::Temporary, random)
                        }
                    });
                }
                // A conversation that is new: from its beginning.
                Step::Unknown(stream) => steps.extend(self.catch_up.follow(self.now(), stream, 0)),
                // Nothing is kept here but positions: begin again.
                Step::Reread(_) | Step::Forget => {
                    self.catch_up = CatchUp::default();
                    steps.push_back(Step::Sync);
                }
            }
        }
        Ok(())
    }

    async fn get<E: Endpoint>(&self, endpoint: &E, query: &E::Query) -> anyhow::Result<E::Reply> {
        let address = format!("{}{}", self.base, url(endpoint, query));
        let request = self.http.get(address).bearer_auth(&self.session.access_token);
        Ok(request.send().await?.error_for_status()?.json().await?)
    }
}
