//! Connections that break at any byte, and a server that is killed: who was connected connects again by itself,
//! and then nothing that was acknowledged is missing, doubled or out of order.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use hearth_shared::conversations::{NewMessage, SendMessage};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{ConversationId, MessageId};
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::Stream;
use hearth_shared::realtime::close::{Then, then};
use hearth_testkit::proxy::{Mood, Proxy, Way};
use rand::RngExt;

use crate::support::postgres::TestDatabase;
use crate::support::program::Host;
use crate::support::{Client, Device, Person, TestApp, client_id, fetch};
use crate::{everywhere, on_postgres};

/// One who writes, and a device that reads over a line that breaks.
struct Line {
    writer: Person,
    talk: ConversationId,
    device: Device,
    proxy: Proxy,
    written: u64,
}

impl Line {
    async fn new(app: &Client, number: usize) -> Self {
        let ada = app.person(&format!("ada{number}")).await;
        let ben = app.person(&format!("ben{number}")).await;
        app.befriend(&ada, &ben).await;
        let talk = ada.open(app, &ben).await.id;
        ben.say(app, talk, "first").await.unwrap();
        let proxy = Proxy::before(app.socket_base()).await;
        let mut device = Device::offline(&ada).through(&proxy.base);
        device.connect(app).await;
        device.load(app).await;
        device.settle(app).await;
        Self {
            writer: ben,
            talk,
            device,
            proxy,
            written: 1,
        }
    }

    async fn write(&mut self, app: &Client) {
        let sent = self.writer.say(app, self.talk, "more").await.unwrap();
        self.written += 1;
        assert_eq!(sent.seq, self.written);
    }

    /// Everything new goes over connections of this mood, until something broke; then all is well again.
    async fn broken(&mut self, app: &Client, mood: Mood) {
        self.proxy.set(Mood::Refuse);
        self.write(app).await;
        let before = self.proxy.cut();
        self.proxy.set(mood);
        let (proxy, writer, talk) = (&self.proxy, &self.writer, self.talk);
        // It connects, and goes on being told, until what may pass is used up.
        let tells = async {
            let mut written = 0;
            while proxy.cut() == before {
                writer.say(app, talk, "meanwhile").await.unwrap();
                written += 1;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            written
        };
        let lives = self.device.live(app, |_| proxy.cut() > before);
        let (written, closes) = tokio::join!(tells, lives);
        self.written += written;
        self.well(app, &closes).await;
    }

    /// The line is good again: the device is level, and what a fresh read shows.
    async fn well(&mut self, app: &Client, closes: &[u16]) {
        self.proxy.set(Mood::Refuse);
        self.proxy.set(Mood::Pass);
        let (stream, written) = (Stream::Conversation(self.talk), self.written);
        let level =
            |device: &Device| device.is_connected() && device.catch_up.applied(stream) == Some(written);
        let more = self.device.live(app, level).await;
        for code in closes.iter().chain(&more) {
            assert_eq!(then(*code), Then::Reconnect, "closed with {code}");
        }
        self.device.settle(app).await;
        assert_eq!(self.device.replica, fetch(app, &self.device.person).await.0);
        self.applied_once();
    }

    /// Each position of each stream, without a gap and without a repetition.
    fn applied_once(&self) {
        let mut streams: Vec<Stream> = self.device.applied.iter().map(|(stream, _)| *stream).collect();
        streams.sort_unstable();
        streams.dedup();
        for stream in streams {
            let all = self.device.applied.iter().filter(|(of, _)| *of == stream);
            let positions: Vec<u64> = all.map(|(_, seq)| *seq).collect();
            assert!(
                positions.windows(2).all(|pair| pair[1] == pair[0] + 1),
                "{stream}: {positions:?}"
            );
        }
    }
}

/// Cuts a new line at each of these bytes.
async fn cut_at(app: &Client, way: Way, places: Vec<u64>) {
    // What was written is read anew after every cut, so nobody writes for long.
    stream::iter(places.chunks(20).enumerate())
        .for_each_concurrent(8, |(number, places)| async move {
            let mut line = Line::new(app, number + if way == Way::ToServer { 1_000 } else { 0 }).await;
            for place in places {
                line.broken(app, Mood::CutAfter(way, *place)).await;
            }
        })
        .await;
}

/// How many bytes have passed when a device is ready, in both directions.
async fn bytes_until_ready(app: &Client) -> (u64, u64) {
    let ada = app.person("measured").await;
    let proxy = Proxy::before(app.socket_base()).await;
    let mut device = Device::offline(&ada).through(&proxy.base);
    device.connect(app).await;
    (proxy.passed(Way::ToServer), proxy.passed(Way::ToClient))
}

/// Bytes that are of every kind: of the handshake some, of the first frames all, of what follows many.
fn places(ready: u64, frames: u64) -> Vec<u64> {
    let mut places: Vec<u64> = (0..ready - frames).step_by(29).collect();
    places.extend(ready - frames..ready + 40);
    places.extend((ready + 40..ready + 1_500).step_by(23));
    places
}

#[tokio::test]
async fn a_line_that_is_cut_at_any_byte_on_its_way_to_the_client() {
    let app = TestApp::sqlite().await;
    let (_, ready) = bytes_until_ready(&app).await;
    let mut places = places(ready, 220);
    places.extend((0..40).map(|_| rand::rng().random_range(ready..ready + 20_000)));
    println!("cut at {} places, ready after {ready} bytes", places.len());
    cut_at(&app, Way::ToClient, places).await;
}

#[tokio::test]
async fn a_line_that_is_cut_at_any_byte_on_its_way_to_the_server() {
    let app = TestApp::sqlite().await;
    let (ready, _) = bytes_until_ready(&app).await;
    // After `auth` a device of the tests says nothing any more.
    let places: Vec<u64> = (0..ready).step_by(5).collect();
    println!("cut at {} places, ready after {ready} bytes", places.len());
    cut_at(&app, Way::ToServer, places).await;
}

on_postgres! {
    async fn a_line_that_is_cut_at_some_bytes(app: TestApp) {
        let (up, down) = bytes_until_ready(&app).await;
        let some = |most: u64| (0..20).map(|_| rand::rng().random_range(0..most)).collect();
        cut_at(&app, Way::ToClient, some(down + 4_000)).await;
        cut_at(&app, Way::ToServer, some(up)).await;
    }
}

everywhere! {
    /// Not only the socket: catching up goes over the same line.
    async fn everything_goes_over_a_line_that_breaks(app: TestApp) {
        let mut line = Line::new(&app, 0).await;
        let over = Client::new(&line.proxy.base);
        for round in 0..40 {
            let most = rand::rng().random_range(0..6_000);
            let way = if round % 4 == 0 {
                Way::ToServer
            } else {
                Way::ToClient
            };
            line.proxy.set(Mood::Refuse);
            line.write(&app).await;
            line.proxy.set(Mood::CutAfter(way, most));
            // Bytes to the server are few; one connection carries many requests.
            let before = line.proxy.accepted();
            let broke = line.proxy.cut();
            let proxy = &line.proxy;
            let tells = async {
                let mut written = 0;
                while proxy.accepted() < before + 4 && proxy.cut() < broke + 2 && written < 60 {
                    line.writer.say(&app, line.talk, "meanwhile").await.unwrap();
                    written += 1;
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                written
            };
            let done = AtomicBool::new(false);
            let tells = async {
                let written = tells.await;
                done.store(true, Ordering::SeqCst);
                written
            };
            let lives = line.device.live(&over, |_| done.load(Ordering::SeqCst));
            let (written, closes) = tokio::join!(tells, lives);
            line.written += written;
            line.well(&app, &closes).await;
        }
        println!("{} connections, {} cut", line.proxy.accepted(), line.proxy.cut());
        assert!(line.proxy.cut() >= 10);
    }

    async fn a_line_that_stands_still_loses_nothing(app: TestApp) {
        let mut line = Line::new(&app, 0).await;
        // It moves on; or it is given up.
        for then in [Mood::Pass, Mood::Refuse] {
            line.proxy.set(Mood::Freeze);
            for _ in 0..20 {
                line.write(&app).await;
            }
            line.proxy.set(then);
            let (stream, written) = (Stream::Conversation(line.talk), line.written);
            if then == Mood::Pass {
                let connections = line.proxy.accepted();
                let closes = line
                    .device
                    .live(&app, |device| device.catch_up.applied(stream) == Some(written))
                    .await;
                assert_eq!(
                    (closes.as_slice(), line.proxy.accepted()),
                    ([].as_slice(), connections)
                );
            }
            line.well(&app, &[]).await;
        }
    }
}

/// Writes until it is enough, and asks again until it is answered, as the web client does.
async fn write(
    app: &Client,
    person: &Person,
    talk: ConversationId,
    enough: &AtomicBool,
    sent: &Mutex<Vec<MessageId>>,
) {
    while !enough.load(Ordering::SeqCst) {
        let new = NewMessage {
            client_id: client_id(),
            body: "x".into(),
            reply_to_id: None,
            media_ids: Vec::new(),
        };
        let call = SendMessage {
            conversation_id: talk,
        };
        let message = loop {
            match person.try_call_with(app, &call, &Nothing, &new).await {
                Some(Ok(message)) => break message,
                None | Some(Err(ErrorCode::Unavailable)) => {
                    tokio::time::sleep(Duration::from_millis(20)).await
                }
                Some(Err(error)) => panic!("{error:?}"),
            }
        };
        sent.lock().unwrap().push(message.id);
    }
}

/// Kills the program under load, several times; two devices and four writers go on by themselves.
async fn killed(database: Option<String>) {
    const KILLS: u32 = 4;
    let folder = tempfile::tempdir().unwrap();
    let host = Host::new(folder.path(), database.as_deref());
    let mut running = host.start().await;
    let app = Client::new(&running.base);
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    app.befriend(&ada, &ben).await;
    let talk = ada.open(&app, &ben).await.id;
    ada.say(&app, talk, "first").await.unwrap();
    let (mut hers, mut his) = (Device::start(&app, &ada).await, Device::start(&app, &ben).await);
    let (enough, done) = (AtomicBool::new(false), AtomicBool::new(false));
    let sent = Mutex::new(Vec::new());
    let kills = async {
        for _ in 0..KILLS {
            let before = sent.lock().unwrap().len();
            while sent.lock().unwrap().len() < before + 40 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            running.kill();
            running = host.start().await;
        }
        enough.store(true, Ordering::SeqCst);
        running
    };
    let writers = async {
        let all = [&ada, &ada, &ben, &ben].map(|person| write(&app, person, talk, &enough, &sent));
        futures_util::future::join_all(all).await;
        done.store(true, Ordering::SeqCst);
    };
    let level = |device: &Device| {
        let expected = sent.lock().unwrap().len() as u64 + 1;
        let applied = device.catch_up.applied(Stream::Conversation(talk));
        done.load(Ordering::SeqCst) && device.is_connected() && applied >= Some(expected)
    };
    let (running, (), closes, others) =
        tokio::join!(kills, writers, hers.live(&app, level), his.live(&app, level));
    assert_eq!(
        running.base,
        app.base(),
        "the new ones listen where the first one did"
    );
    assert!(closes.len() >= 2 && others.len() >= 2, "{closes:?} {others:?}");
    for code in closes.iter().chain(&others) {
        assert_eq!(then(*code), Then::Reconnect, "closed with {code}");
    }
    let sent = sent.into_inner().unwrap();
    println!(
        "{KILLS} kills, {} messages, reconnected {} and {} times",
        sent.len(),
        closes.len(),
        others.len()
    );
    for device in [&mut hers, &mut his] {
        device.settle(&app).await;
        let (fresh, _) = fetch(&app, &device.person).await;
        assert!(device.replica == fresh, "not what a fresh read shows");
        // Whatever was acknowledged is there, once; and nothing else, because everything was asked for again.
        let kept: Vec<MessageId> = fresh.logs[&talk].items.iter().map(|message| message.id).collect();
        assert_eq!(kept.len(), sent.len() + 1);
        assert!(sent.iter().all(|id| kept.contains(id)));
        let applied = device
            .applied
            .iter()
            .filter(|(stream, _)| *stream == Stream::Conversation(talk));
        let applied: Vec<u64> = applied.map(|(_, seq)| *seq).collect();
        assert!(applied.iter().copied().eq(2..=kept.len() as u64), "{applied:?}");
    }
}

#[tokio::test]
async fn a_kill_is_survived_by_who_is_connected_on_sqlite() {
    killed(None).await;
}

#[tokio::test]
async fn a_kill_is_survived_by_who_is_connected_on_postgres() {
    if let Some(database) = TestDatabase::create_empty() {
        killed(Some(database.url.clone())).await;
    }
}
