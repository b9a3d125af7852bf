//! A device of somebody: a socket, and a copy of what the streams feed, kept with the same code as the web
//! client's. What it shows must be what a fresh read shows.

use std::time::{Duration, Instant};

use hearth_shared::conversations::{GetConversation, ListMessages, MessagesQuery};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::ConversationId;
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::catch_up::{CatchUp, FetchError, Step};
use hearth_shared::realtime::events::Event;
use hearth_shared::realtime::frames::{ClientFrame, ServerFrame};
use hearth_shared::realtime::replica::Replica;
use hearth_shared::realtime::{EventsQuery, GetSync, ListConversationEvents, ListMyEvents, Stream, Sync};

use crate::fetch::{fetch, messages};
use crate::socket::Socket;
use crate::{Client, Person};

/// A device.
pub struct Device {
    /// Whose it is.
    pub person: Person,
    /// What it shows.
    pub replica: Replica,
    /// What it knows of its streams.
    pub catch_up: CatchUp,
    /// What was applied, in order.
    pub applied: Vec<(Stream, u64)>,
    /// What was told: kinds of events and of frames; `gone` with a post that is.
    pub told: Vec<String>,
    /// Lossy frames that came.
    pub others: Vec<ServerFrame>,
    /// The conversation on the screen. When too much was missed a browser reads its newest page and nothing else of it.
    pub on_screen: Option<ConversationId>,
    /// When that page came.
    pub page_came: Option<Instant>,
    socket: Option<Socket>,
    /// An address for its sockets that is not the client's.
    through: Option<String>,
    started: Instant,
}

impl Device {
    /// Loads everything, connects, and is level.
    pub async fn start(app: &Client, person: &Person) -> Self {
        let mut device = Self::offline(person);
        device.connect(app).await;
        device.load(app).await;
        device.settle(app).await;
        device
    }

    /// A device that has loaded nothing and is not connected.
    pub fn offline(person: &Person) -> Self {
        Self {
            person: person.clone(),
            replica: Replica::new(person.id()),
            catch_up: CatchUp::default(),
            applied: Vec::new(),
            told: Vec::new(),
            others: Vec::new(),
            on_screen: None,
            page_came: None,
            socket: None,
            through: None,
            started: Instant::now(),
        }
    }

    /// Connects through another address, a proxy's above all.
    pub fn through(mut self, base: &str) -> Self {
        self.through = Some(base.to_owned());
        self
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap()
    }

    fn me(&self) -> Stream {
        Stream::User(self.person.id())
    }

    /// Where the next socket goes: after a break perhaps to another node.
    fn base(&self, app: &Client) -> String {
        match &self.through {
            Some(base) => base.clone(),
            None => app.socket_base().to_owned(),
        }
    }

    /// Connects; whatever is missing is asked for.
    pub async fn connect(&mut self, app: &Client) {
        let mut socket = Socket::connect(&self.base(app), &self.person).await;
        let ready = socket
            .wait_for(|frame| matches!(frame, ServerFrame::Ready(_)))
            .await;
        self.socket = Some(socket);
        let ServerFrame::Ready(ready) = ready else { return };
        let steps = self.catch_up.on_ready(&ready.epoch);
        self.take(app, steps).await;
    }

    /// There is a socket, and nobody has noticed otherwise yet.
    pub fn is_connected(&self) -> bool {
        self.socket.as_ref().is_some_and(|socket| !socket.is_over())
    }

    /// The connection is gone; what happens is missed.
    pub fn disconnect(&mut self) {
        self.socket = None;
    }

    /// Sends a frame; it must be connected.
    pub async fn send(&mut self, frame: &ClientFrame) {
        self.socket.as_mut().unwrap().send(frame).await;
    }

    /// Takes in what comes until `enough`, and connects again by itself whenever the connection is gone, as the
    /// web client does. Gives the codes with which sockets were closed.
    pub async fn live(&mut self, app: &Client, enough: impl Fn(&Self) -> bool) -> Vec<u16> {
        let mut closes = Vec::new();
        let until = Instant::now() + Duration::from_secs(60);
        while !enough(self) {
            assert!(Instant::now() < until, "never enough; closed with {closes:?}");
            match &mut self.socket {
                Some(socket) if socket.is_over() => {
                    closes.extend((&mut socket.closed).await);
                    self.socket = None;
                }
                Some(socket) => match socket.next(Duration::from_millis(60)).await {
                    Some(frame) => self.frame(app, frame).await,
                    None => {
                        let steps = self.catch_up.on_tick(self.now());
                        self.take(app, steps).await;
                    }
                },
                None => {
                    let limit = Duration::from_secs(3);
                    let base = self.base(app);
                    let tried = Socket::try_connect(&base, &self.person);
                    match tokio::time::timeout(limit, tried).await {
                        Ok(Some((socket, ready))) => {
                            self.socket = Some(socket);
                            let steps = self.catch_up.on_ready(&ready.epoch);
                            self.take(app, steps).await;
                        }
                        // Shorter than a client's pauses, so that nobody waits for a test.
                        _ => tokio::time::sleep(Duration::from_millis(10)).await,
                    }
                }
            }
        }
        closes
    }

    /// Reads everything anew, as a page that was just opened.
    pub async fn load(&mut self, app: &Client) {
        let (replica, positions) = fetch(app, &self.person).await;
        self.replica = replica;
        for (stream, seq) in positions {
            let steps = self.catch_up.follow(self.now(), stream, seq);
            self.take(app, steps).await;
        }
    }

    /// Takes in what came until everything that is known of is applied and it is quiet.
    pub async fn settle(&mut self, app: &Client) {
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            assert!(Instant::now() < until, "never level");
            let quiet = Duration::from_millis(60);
            let frame = match &mut self.socket {
                Some(socket) => socket.next(quiet).await,
                None => None,
            };
            match frame {
                Some(frame) => self.frame(app, frame).await,
                None => {
                    let steps = self.catch_up.on_tick(self.now());
                    let idle = steps.is_empty();
                    self.take(app, steps).await;
                    if idle && self.catch_up.is_level() {
                        return;
                    }
                }
            }
        }
    }

    /// Takes in what comes until nothing is missing that the server has by now: quiet alone only says that the
    /// server is busy.
    pub async fn settle_with(&mut self, app: &Client) {
        let sync = self.person.call(app, &GetSync {}, &Nothing).await.unwrap();
        let talks = sync.conversations.iter();
        let heads: Vec<(Stream, u64)> = talks
            .map(|talk| (Stream::Conversation(talk.id), talk.last_seq))
            .chain([(self.me(), sync.user_seq)])
            .collect();
        let until = Instant::now() + Duration::from_secs(10);
        loop {
            self.settle(app).await;
            let behind = |(stream, seq): &(Stream, u64)| self.catch_up.applied(*stream) < Some(*seq);
            let Some((stream, seq)) = heads.iter().find(|head| behind(head)) else {
                return;
            };
            assert!(Instant::now() < until, "never told of {seq} in {stream:?}");
        }
    }

    /// Takes in what comes until something of a kind was told.
    pub async fn wait_until_told(&mut self, app: &Client, kind: &str) {
        let until = Instant::now() + Duration::from_secs(10);
        while !self.told.iter().any(|told| told == kind) {
            assert!(Instant::now() < until, "never told: {kind}; but {:?}", self.told);
            self.settle(app).await;
        }
    }

    async fn frame(&mut self, app: &Client, frame: ServerFrame) {
        let now = self.now();
        self.told.push(kind_of(&frame));
        if matches!(&frame, ServerFrame::Post(post) if post.gone) {
            self.told.push("gone".to_owned());
        }
        let steps = match frame {
            ServerFrame::Event(event) => {
                self.catch_up
                    .on_event(now, event.stream, event.seq, event.event, event.counts)
            }
            ServerFrame::Head(head) => self.catch_up.on_head(now, head.stream, head.seq),
            ServerFrame::Read(read) => {
                self.replica.read(&read);
                self.others.push(ServerFrame::Read(read));
                Vec::new()
            }
            ServerFrame::User(frame) => {
                self.replica.renew(&frame.user);
                self.others.push(ServerFrame::User(frame));
                Vec::new()
            }
            ServerFrame::Resync => vec![Step::Sync],
            other => {
                self.others.push(other);
                Vec::new()
            }
        };
        self.take(app, steps).await;
    }

    async fn take(&mut self, app: &Client, steps: Vec<Step>) {
        let mut steps: std::collections::VecDeque<Step> = steps.into();
        while let Some(step) = steps.pop_front() {
            let more = match step {
                Step::Apply {
                    stream,
                    seq,
                    event,
                    counts,
                } => {
                    self.applied.push((stream, seq));
                    self.told.push(kind_of(&*event));
                    self.replica.apply(&event, counts);
                    match &*event {
                        Event::ConversationRemoved { id } => {
                            self.catch_up.unfollow(Stream::Conversation(*id));
                            Vec::new()
                        }
                        // One that nothing is said in for now is followed, too.
                        Event::ConversationAdded { conversation } => {
                            let id = conversation.id;
                            match self.catch_up.applied(Stream::Conversation(id)) {
                                None => self.learn(app, id).await,
                                Some(_) => Vec::new(),
                            }
                        }
                        _ => Vec::new(),
                    }
                }
                Step::Fetch { stream, after } => self.fetch_events(app, stream, after).await,
                Step::Sync => self.sync(app).await,
                Step::Unknown(Stream::Conversation(id)) => self.learn(app, id).await,
                Step::Unknown(Stream::User(_)) => Vec::new(),
                Step::Reread(_) | Step::Forget => {
                    if let Some(id) = self.on_screen.take() {
                        let call = ListMessages { conversation_id: id };
                        let newest = MessagesQuery::default();
                        self.person
                            .call_with(app, &call, &newest, &Nothing)
                            .await
                            .unwrap();
                        self.page_came = Some(Instant::now());
                    }
                    self.catch_up = CatchUp::default();
                    Box::pin(self.load(app)).await;
                    Vec::new()
                }
            };
            steps.extend(more);
        }
    }

    async fn fetch_events(&mut self, app: &Client, stream: Stream, after: u64) -> Vec<Step> {
        let query = EventsQuery { after, limit: None };
        let page = match stream {
            Stream::User(_) => {
                self.person
                    .try_call_with(app, &ListMyEvents {}, &query, &Nothing)
                    .await
            }
            Stream::Conversation(conversation_id) => {
                let call = ListConversationEvents { conversation_id };
                self.person.try_call_with(app, &call, &query, &Nothing).await
            }
        };
        let now = self.now();
        let failed = match page {
            Some(Ok(page)) => return self.catch_up.on_page(now, stream, after, page),
            Some(Err(ErrorCode::NotFound)) => FetchError::NotFound,
            None | Some(Err(ErrorCode::Unavailable)) => FetchError::Temporary,
            Some(Err(error)) => panic!("{error:?}"),
        };
        self.catch_up.on_fetch_failed(now, stream, failed, 0.0)
    }

    async fn sync(&mut self, app: &Client) -> Vec<Step> {
        let sync = self
            .person
            .try_call_with(app, &GetSync {}, &Nothing, &Nothing)
            .await;
        let sync: Sync = match sync {
            Some(Ok(sync)) => sync,
            None | Some(Err(ErrorCode::Unavailable)) => {
                self.catch_up.on_sync_failed(self.now(), 0.0);
                return Vec::new();
            }
            Some(Err(error)) => panic!("{error:?}"),
        };
        self.replica.counts = sync.counts;
        self.replica.conversations.on_sync(&sync);
        self.catch_up.on_sync(self.now(), self.me(), &sync)
    }

    async fn learn(&mut self, app: &Client, conversation_id: ConversationId) -> Vec<Step> {
        let call = GetConversation { conversation_id };
        let Ok(conversation) = self.person.call(app, &call, &Nothing).await else {
            return Vec::new();
        };
        let log = messages(app, &self.person, conversation_id).await;
        let seq = conversation.last_seq.min(log.1);
        self.replica.conversations.put(conversation);
        self.replica.logs.insert(conversation_id, log.0);
        self.catch_up
            .follow(self.now(), Stream::Conversation(conversation_id), seq)
    }
}

/// The name of an event or a frame on the wire.
fn kind_of(thing: &impl serde::Serialize) -> String {
    let json = serde_json::to_value(thing).unwrap();
    let object = json.as_object().unwrap();
    let kind = object.get("type").and_then(serde_json::Value::as_str);
    kind.or(object.keys().next().map(String::as_str))
        .unwrap_or_default()
        .to_owned()
}
