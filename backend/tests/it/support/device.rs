//! A device of somebody: a socket, and a copy of what the streams feed, kept with the same code as the web
//! client's. What it shows must be what a fresh read shows.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use hearth_shared::conversations::{GetConversation, ListConversations, ListMessages, MessagesQuery};
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::{Direction, ListFriendRequests, ListFriends, RequestsQuery};
use hearth_shared::ids::ConversationId;
use hearth_shared::notifications::{ListNotifications, NotificationsQuery};
use hearth_shared::page::PageQuery;
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::catch_up::{CatchUp, FetchError, Step};
use hearth_shared::realtime::frames::{ClientFrame, Ready, ServerFrame};
use hearth_shared::realtime::replica::Replica;
use hearth_shared::realtime::replica::messages::MessageLog;
use hearth_shared::realtime::{
    EventsQuery, GetSync, ListConversationEvents, ListMyEvents, SUBPROTOCOL, Stream, Sync,
};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::{Client, Person};

/// A bare socket, as the library has it.
pub(crate) type RawSocket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The request that opens a socket. `base` is `http://host:port`.
pub(crate) fn handshake(base: &str) -> Request {
    let address = format!("{}/api/v1/ws", base.replacen("http", "ws", 1));
    let mut request = address.into_client_request().unwrap();
    request
        .headers_mut()
        .insert("sec-websocket-protocol", SUBPROTOCOL.parse().unwrap());
    request
}

/// Opens a socket without saying who one is.
pub(crate) async fn open_socket(base: &str) -> RawSocket {
    tokio_tungstenite::connect_async(handshake(base)).await.unwrap().0
}

/// A frame as a client writes it.
pub(crate) fn text(frame: &ClientFrame) -> Message {
    Message::text(serde_json::to_string(frame).unwrap())
}

/// A socket that reads by itself, in the background, until it is closed.
pub(crate) struct Socket {
    writer: futures_util::stream::SplitSink<RawSocket, Message>,
    frames: mpsc::UnboundedReceiver<ServerFrame>,
    /// The code with which it was closed; 0 when the connection just ended.
    pub(crate) closed: tokio::task::JoinHandle<u16>,
}

impl Socket {
    /// Connects and says who one is; waits for `ready`, which stays to be read.
    pub(crate) async fn connect(base: &str, person: &Person) -> Self {
        let mut raw = open_socket(base).await;
        let auth = ClientFrame::Auth {
            token: person.session.access_token.clone(),
        };
        raw.send(text(&auth)).await.unwrap();
        Self::over(raw)
    }

    /// The same where it may fail; `ready` is taken out of it.
    async fn try_connect(base: &str, person: &Person) -> Option<(Self, Ready)> {
        let (mut raw, _) = tokio_tungstenite::connect_async(handshake(base)).await.ok()?;
        let auth = ClientFrame::Auth {
            token: person.session.access_token.clone(),
        };
        raw.send(text(&auth)).await.ok()?;
        let mut socket = Self::over(raw);
        loop {
            match socket.frames.recv().await? {
                ServerFrame::Ready(ready) => return Some((socket, ready)),
                ServerFrame::Hello(_) => {}
                other => panic!("{other:?} came before ready"),
            }
        }
    }

    /// The connection is gone and everything that came was read.
    fn is_over(&self) -> bool {
        self.frames.is_closed() && self.frames.is_empty()
    }

    pub(crate) fn over(raw: RawSocket) -> Self {
        let (writer, mut reader) = raw.split();
        let (found, frames) = mpsc::unbounded_channel();
        let closed = tokio::spawn(async move {
            while let Some(Ok(message)) = reader.next().await {
                match message {
                    Message::Text(text) => {
                        let frame = ServerFrame::parse(&text).unwrap_or_else(|| panic!("no frame: {text}"));
                        drop(found.send(frame));
                    }
                    Message::Close(Some(reason)) => return reason.code.into(),
                    _ => {}
                }
            }
            0
        });
        Self {
            writer,
            frames,
            closed,
        }
    }

    pub(crate) async fn send(&mut self, frame: &ClientFrame) {
        self.writer.send(text(frame)).await.unwrap();
    }

    /// The next frame, if one comes within a time.
    pub(crate) async fn next(&mut self, within: Duration) -> Option<ServerFrame> {
        tokio::time::timeout(within, self.frames.recv()).await.ok()?
    }

    /// The first frame that fits; what comes before it is dropped.
    pub(crate) async fn wait_for(&mut self, wanted: impl Fn(&ServerFrame) -> bool) -> ServerFrame {
        let until = Instant::now() + Duration::from_secs(10);
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.next(left).await {
                Some(frame) if wanted(&frame) => return frame,
                Some(_) => {}
                None => panic!("the frame did not come"),
            }
        }
    }

    /// Everything that comes until it is quiet for a time.
    pub(crate) async fn drain(&mut self, quiet: Duration) -> Vec<ServerFrame> {
        let mut all = Vec::new();
        while let Some(frame) = self.next(quiet).await {
            all.push(frame);
        }
        all
    }

    /// Waits until `ready` has come.
    pub(crate) async fn ready(&mut self) {
        self.wait_for(|frame| matches!(frame, ServerFrame::Ready(_)))
            .await;
    }
}

impl Drop for Socket {
    /// The task in the background holds the connection too.
    fn drop(&mut self) {
        self.closed.abort();
    }
}

/// A device.
pub(crate) struct Device {
    pub(crate) person: Person,
    pub(crate) replica: Replica,
    pub(crate) catch_up: CatchUp,
    /// What was applied, in order.
    pub(crate) applied: Vec<(Stream, u64)>,
    /// What was told: kinds of events and of frames; `gone` with a post that is.
    pub(crate) told: Vec<String>,
    /// Lossy frames that came.
    pub(crate) others: Vec<ServerFrame>,
    socket: Option<Socket>,
    base: String,
    started: Instant,
}

impl Device {
    /// Loads everything, connects, and is level.
    pub(crate) async fn start(app: &Client, person: &Person) -> Self {
        let mut device = Self::offline(app, person);
        device.connect(app).await;
        device.load(app).await;
        device.settle(app).await;
        device
    }

    /// A device that has loaded nothing and is not connected.
    pub(crate) fn offline(app: &Client, person: &Person) -> Self {
        Self {
            person: person.clone(),
            replica: Replica::new(person.id()),
            catch_up: CatchUp::default(),
            applied: Vec::new(),
            told: Vec::new(),
            others: Vec::new(),
            socket: None,
            base: app.base.clone(),
            started: Instant::now(),
        }
    }

    /// Connects through another address, a proxy's above all.
    pub(crate) fn through(mut self, base: &str) -> Self {
        base.clone_into(&mut self.base);
        self
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap()
    }

    fn me(&self) -> Stream {
        Stream::User(self.person.id())
    }

    pub(crate) async fn connect(&mut self, app: &Client) {
        let mut socket = Socket::connect(&self.base, &self.person).await;
        let ready = socket
            .wait_for(|frame| matches!(frame, ServerFrame::Ready(_)))
            .await;
        self.socket = Some(socket);
        let ServerFrame::Ready(ready) = ready else { return };
        let steps = self.catch_up.on_ready(&ready.epoch);
        self.take(app, steps).await;
    }

    /// There is a socket, and nobody has noticed otherwise yet.
    pub(crate) fn is_connected(&self) -> bool {
        self.socket.as_ref().is_some_and(|socket| !socket.is_over())
    }

    /// The connection is gone; what happens is missed.
    pub(crate) fn disconnect(&mut self) {
        self.socket = None;
    }

    pub(crate) async fn send(&mut self, frame: &ClientFrame) {
        self.socket.as_mut().unwrap().send(frame).await;
    }

    /// Takes in what comes until `enough`, and connects again by itself whenever the connection is gone, as the
    /// web client does. Gives the codes with which sockets were closed.
    pub(crate) async fn live(&mut self, app: &Client, enough: impl Fn(&Self) -> bool) -> Vec<u16> {
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
                    let tried = Socket::try_connect(&self.base, &self.person);
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
    pub(crate) async fn load(&mut self, app: &Client) {
        let (replica, positions) = fetch(app, &self.person).await;
        self.replica = replica;
        for (stream, seq) in positions {
            let steps = self.catch_up.follow(self.now(), stream, seq);
            self.take(app, steps).await;
        }
    }

    /// Takes in what came until everything that is known of is applied and it is quiet.
    pub(crate) async fn settle(&mut self, app: &Client) {
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
    pub(crate) async fn settle_with(&mut self, app: &Client) {
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
    pub(crate) async fn wait_until_told(&mut self, app: &Client, kind: &str) {
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
                    .on_event(now, event.stream, event.seq, Box::new(event.event), event.counts)
            }
            ServerFrame::Head(head) => self.catch_up.on_head(now, head.stream, head.seq),
            ServerFrame::Read(read) => {
                self.replica.read(&read);
                self.others.push(ServerFrame::Read(read));
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
                    Vec::new()
                }
                Step::Fetch { stream, after } => self.fetch_events(app, stream, after).await,
                Step::Sync => self.sync(app).await,
                Step::Unknown(Stream::Conversation(id)) => self.learn(app, id).await,
                Step::Unknown(Stream::User(_)) => Vec::new(),
                Step::Reread(_) | Step::Forget => {
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

async fn messages(app: &Client, person: &Person, id: ConversationId) -> (MessageLog, u64) {
    let call = ListMessages { conversation_id: id };
    let query = MessagesQuery {
        limit: Some(100),
        ..MessagesQuery::default()
    };
    let mut page = person.call_with(app, &call, &query, &Nothing).await.unwrap();
    let seq = page.seq;
    let mut log = MessageLog::new(id, page.clone());
    while page.has_more_before {
        let query = MessagesQuery {
            before: log.first(),
            limit: Some(100),
            ..MessagesQuery::default()
        };
        page = person.call_with(app, &call, &query, &Nothing).await.unwrap();
        log.merge(page.clone());
    }
    (log, seq)
}

/// Everything of a person as it is now, and the positions at which it was read.
pub(crate) async fn fetch(app: &Client, person: &Person) -> (Replica, BTreeMap<Stream, u64>) {
    let mut replica = Replica::new(person.id());
    let mut positions = BTreeMap::new();
    let me = Stream::User(person.id());
    let mut at = |stream: Stream, seq: u64| {
        let known = positions.entry(stream).or_insert(seq);
        *known = seq.min(*known);
    };
    let limit = Some(100);
    let page = PageQuery { limit, cursor: None };
    let friends = person
        .call_with(app, &ListFriends {}, &page, &Nothing)
        .await
        .unwrap();
    at(me, friends.seq.unwrap());
    replica.friends.friends = friends.items;
    for direction in [Direction::Incoming, Direction::Outgoing] {
        let query = RequestsQuery {
            direction,
            limit,
            cursor: None,
        };
        let requests = person
            .call_with(app, &ListFriendRequests {}, &query, &Nothing)
            .await
            .unwrap();
        at(me, requests.seq.unwrap());
        match direction {
            Direction::Incoming => replica.friends.incoming = requests.items,
            Direction::Outgoing => replica.friends.outgoing = requests.items,
        }
    }
    let query = NotificationsQuery {
        limit,
        ..NotificationsQuery::default()
    };
    let told = person
        .call_with(app, &ListNotifications {}, &query, &Nothing)
        .await
        .unwrap();
    at(me, told.seq.unwrap());
    replica.notifications.items = told.items;
    let conversations = person
        .call_with(app, &ListConversations {}, &page, &Nothing)
        .await
        .unwrap();
    at(me, conversations.seq.unwrap());
    for conversation in conversations.items {
        let id = conversation.id;
        let (log, seq) = messages(app, person, id).await;
        at(Stream::Conversation(id), seq.min(conversation.last_seq));
        replica.conversations.put(conversation);
        replica.logs.insert(id, log);
    }
    let sync = person.call(app, &GetSync {}, &Nothing).await.unwrap();
    at(me, sync.user_seq);
    replica.counts = sync.counts;
    replica.conversations.on_sync(&sync);
    (replica, positions)
}
