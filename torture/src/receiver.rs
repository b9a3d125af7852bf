//! A device: a socket and what it feeds. When to connect and what to ask for is decided by the code that the web
//! client runs (`link` and `catch_up` of `hearth_shared`); here is only what carries it out.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::ConversationId;
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::catch_up::{CatchUp, FetchError, Step, backoff};
use hearth_shared::realtime::close::{Then, then};
use hearth_shared::realtime::events::Event;
use hearth_shared::realtime::frames::{ClientFrame, ServerFrame};
use hearth_shared::realtime::link::{Act, Link};
use hearth_shared::realtime::{
    EventPage, EventsQuery, GetSync, ListConversationEvents, ListMyEvents, Stream, Sync,
};
use hearth_testkit::socket::{RawSocket, handshake, text};
use hearth_testkit::{Client, Person};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;

use crate::history::{History, What};
use crate::world::Talk;

/// Pauses before everything is asked for anew are as after so many failures, as in the web client.
const RESYNC_PAUSES: u32 = 3;

/// Up to where each device shows each conversation.
#[derive(Debug, Default)]
pub struct Progress(RwLock<HashMap<(u32, ConversationId), Arc<AtomicU64>>>);

impl Progress {
    /// 0 when the device does not show it.
    pub fn of(&self, receiver: u32, talk: ConversationId) -> u64 {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.get(&(receiver, talk))
            .map_or(0, |seq| seq.load(Ordering::Relaxed))
    }

    fn note(&self, receiver: u32, talk: ConversationId, seq: u64) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.entry((receiver, talk))
            .or_default()
            .store(seq, Ordering::Relaxed);
    }
}

/// A device.
pub struct Receiver {
    number: u32,
    person: Person,
    app: Client,
    history: Arc<History>,
    progress: Arc<Progress>,
    started: Instant,
    link: Link,
    streams: CatchUp,
    socket: Option<RawSocket>,
    /// Of the sockets that were opened: an older one that opens late is not taken.
    turn: u32,
    /// What was asked for and is not answered yet.
    asked: JoinSet<Answer>,
    resyncing: bool,
    /// Connected, and not yet level.
    catching_up: Option<Catching>,
}

#[derive(Clone, Copy, PartialEq)]
enum Catching {
    /// `/sync` has not answered yet.
    Asked,
    /// It is known what is missing.
    Told,
}

/// What came of something that was asked for.
enum Answer {
    Opened(u32, Option<Box<RawSocket>>),
    Page(Stream, u64, Result<EventPage, FetchError>),
    Synced(Option<Sync>),
    Resync,
}

impl Receiver {
    /// Somebody's device that shows conversations as they were, not connected.
    pub fn new(
        number: u32,
        person: Person,
        app: Client,
        talks: impl Iterator<Item = Talk>,
        history: Arc<History>,
        progress: Arc<Progress>,
    ) -> Self {
        let mut streams = CatchUp::default();
        for talk in talks {
            streams.follow(0, Stream::Conversation(talk.id), talk.seq);
            progress.note(number, talk.id, talk.seq);
            history.note(What::Follows {
                receiver: number,
                user: person.id(),
                conversation: talk.id,
                seq: talk.seq,
            });
        }
        Self {
            number,
            person,
            app,
            history,
            progress,
            started: Instant::now(),
            link: Link::new(0),
            streams,
            socket: None,
            turn: 0,
            asked: JoinSet::new(),
            resyncing: false,
            catching_up: None,
        }
    }

    /// Lives until it is told to stop.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        loop {
            let due = self
                .link
                .due()
                .unwrap_or(u64::MAX)
                .min(self.streams.next_tick().unwrap_or(u64::MAX));
            let pause = Duration::from_millis(due.saturating_sub(self.now()).min(10_000) + 1);
            tokio::select! {
                _ = stop.changed() => return,
                message = next(&mut self.socket) => self.hear(message).await,
                Some(Ok(answer)) = self.asked.join_next() => self.take(answer),
                () = tokio::time::sleep(pause) => self.tick().await,
            }
            if self.catching_up == Some(Catching::Told) && self.streams.is_level() {
                self.catching_up = None;
                self.history.note(What::Level {
                    receiver: self.number,
                });
            }
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    async fn tick(&mut self) {
        let now = self.now();
        let steps = self.streams.on_tick(now);
        self.go(steps);
        match self.link.tick(now) {
            Some(Act::Connect) => self.connect(),
            Some(Act::Ping) => self.say(&ClientFrame::Ping).await,
            Some(Act::GiveUp) => self.lose("given up"),
            None => {}
        }
    }

    fn connect(&mut self) {
        self.turn += 1;
        self.socket = None;
        let (turn, base) = (self.turn, self.app.base().to_owned());
        self.asked.spawn(async move {
            let opened = tokio_tungstenite::connect_async(handshake(&base)).await;
            Answer::Opened(turn, opened.ok().map(|(socket, _)| Box::new(socket)))
        });
    }

    async fn say(&mut self, frame: &ClientFrame) {
        if let Some(socket) = &mut self.socket {
            // That it is gone is found out by reading.
            socket.send(text(frame)).await.ok();
        }
    }

    fn lose(&mut self, why: &str) {
        if self.socket.take().is_some() {
            self.history.note(What::Lost {
                receiver: self.number,
                why: why.to_owned(),
            });
        }
        self.turn += 1;
        self.catching_up = None;
        self.link.lost(self.now(), rand::random());
    }

    async fn hear(&mut self, message: Option<Message>) {
        let text = match message {
            Some(Message::Text(text)) => text,
            Some(Message::Close(frame)) => {
                let code = frame.map_or(1005, |frame| u16::from(frame.code));
                self.lose(&code.to_string());
                if then(code) == Then::Stop {
                    self.link.stop();
                }
                return;
            }
            Some(_) => return,
            None => return self.lose("cut"),
        };
        self.link.heard();
        let Some(frame) = ServerFrame::parse(&text) else {
            return;
        };
        let now = self.now();
        let steps = match frame {
            ServerFrame::Hello(hello) => {
                self.link.hello(hello.heartbeat_ms);
                let token = self.person.session.access_token.clone();
                return self.say(&ClientFrame::Auth { token }).await;
            }
            ServerFrame::Ready(ready) => {
                self.link.ready(now);
                self.catching_up = Some(Catching::Asked);
                self.history.note(What::Ready {
                    receiver: self.number,
                });
                self.streams.on_ready(&ready.epoch)
            }
            ServerFrame::Event(event) => {
                self.streams
                    .on_event(now, event.stream, event.seq, event.event, event.counts)
            }
            ServerFrame::Head(head) => self.streams.on_head(now, head.stream, head.seq),
            ServerFrame::Resync if !std::mem::replace(&mut self.resyncing, true) => {
                let pause = backoff(RESYNC_PAUSES, rand::random()).max(1_000);
                self.asked.spawn(async move {
                    tokio::time::sleep(Duration::from_millis(pause)).await;
                    Answer::Resync
                });
                return;
            }
            ServerFrame::Reconnect(wish) => {
                self.lose("asked to");
                self.link.leave(now, wish.after_ms);
                return;
            }
            _ => return,
        };
        self.go(steps);
    }

    fn take(&mut self, answer: Answer) {
        let now = self.now();
        if let Answer::Page(_, _, Err(FetchError::Temporary)) | Answer::Synced(None) = &answer {
            self.history.note(What::Unread {
                receiver: self.number,
            });
        }
        let steps = match answer {
            Answer::Opened(turn, _) if turn != self.turn => return,
            Answer::Opened(_, Some(socket)) => {
                self.socket = Some(*socket);
                return;
            }
            Answer::Opened(_, None) => return self.lose("not opened"),
            Answer::Page(stream, after, Ok(page)) => self.streams.on_page(now, stream, after, page),
            Answer::Page(stream, _, Err(error)) => {
                self.streams.on_fetch_failed(now, stream, error, rand::random())
            }
            Answer::Synced(Some(sync)) => {
                if self.catching_up.is_some() {
                    self.catching_up = Some(Catching::Told);
                }
                let me = Stream::User(self.person.id());
                self.streams.on_sync(now, me, &sync)
            }
            Answer::Synced(None) => return self.streams.on_sync_failed(now, rand::random()),
            Answer::Resync => {
                self.resyncing = false;
                if !self.link.is_ready() {
                    return;
                }
                vec![Step::Sync]
            }
        };
        self.go(steps);
    }

    fn go(&mut self, steps: Vec<Step>) {
        for step in steps {
            match step {
                Step::Apply {
                    stream, seq, event, ..
                } => self.apply(stream, seq, &event),
                Step::Fetch { stream, after } => {
                    let (app, person) = (self.app.clone(), self.person.clone());
                    self.asked.spawn(async move {
                        Answer::Page(stream, after, page(&app, &person, stream, after).await)
                    });
                }
                Step::Sync => {
                    let (app, person) = (self.app.clone(), self.person.clone());
                    self.asked
                        .spawn(async move { Answer::Synced(sync(&app, &person).await) });
                }
                // One's own stream is followed with the next answer of `/sync`.
                Step::Unknown(Stream::User(_)) => {}
                other @ (Step::Reread(_) | Step::Unknown(_) | Step::Forget) => {
                    self.history.note(What::Reread {
                        receiver: self.number,
                        why: format!("{other:?}"),
                    });
                }
            }
        }
    }

    fn apply(&self, stream: Stream, seq: u64, event: &Event) {
        if let (Stream::Conversation(conversation), Event::MessageCreated { message }) = (stream, event) {
            self.history.note(What::Applied {
                receiver: self.number,
                conversation,
                seq,
                client_id: message.client_id.clone(),
            });
            self.progress.note(self.number, conversation, seq);
        }
    }
}

/// What comes next; `None` when the connection has ended. Without a socket it never answers.
async fn next(socket: &mut Option<RawSocket>) -> Option<Message> {
    match socket {
        Some(socket) => socket.next().await.and_then(Result::ok),
        None => std::future::pending().await,
    }
}

async fn page(app: &Client, person: &Person, stream: Stream, after: u64) -> Result<EventPage, FetchError> {
    let query = EventsQuery { after, limit: None };
    let answer = match stream {
        Stream::User(_) => {
            person
                .try_call_with(app, &ListMyEvents {}, &query, &Nothing)
                .await
        }
        Stream::Conversation(conversation_id) => {
            let call = ListConversationEvents { conversation_id };
            person.try_call_with(app, &call, &query, &Nothing).await
        }
    };
    match answer {
        Some(Ok(page)) => Ok(page),
        Some(Err(ErrorCode::NotFound)) => Err(FetchError::NotFound),
        Some(Err(ErrorCode::PositionAhead)) => Err(FetchError::OutOfRange),
        Some(Err(_)) | None => Err(FetchError::Temporary),
    }
}

async fn sync(app: &Client, person: &Person) -> Option<Sync> {
    person
        .try_call_with(app, &GetSync {}, &Nothing, &Nothing)
        .await?
        .ok()
}
