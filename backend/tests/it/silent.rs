//! What takes a minute. Thousands of sockets whose other ends fall silent without a word, as phones do that lose
//! the network: they are gone and their memory returns, while those who answer stay. And a token that expires.

#![cfg(target_os = "linux")]

use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use hearth::platform::clock;
use hearth::platform::tokens::Access;
use hearth_shared::auth::Session;
use hearth_shared::realtime::Stream;
use hearth_shared::realtime::close::CloseCode;
use hearth_shared::realtime::frames::{ClientFrame, ServerFrame};
use hearth_shared::time::Timestamp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::program::{Running, program};
use crate::support::{Client, Person, Socket, TestApp};

const SOCKETS: usize = 5_000;
/// A person may have 32.
const EACH: usize = 31;
/// Whoever falls silent is gone after this time.
const GONE: Duration = Duration::from_secs(60);
/// What the program may keep of the memory that they took: KiB.
const KEPT: u64 = 48 * 1024;

/// So many files may be open at once, where the tests run.
fn files_max() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"));
    let soft = line.unwrap().split_whitespace().next().unwrap();
    soft.parse().unwrap_or(usize::MAX)
}

/// A connection that says who it is, reads `ready`, and then nothing any more. By hand: the library would keep
/// a large buffer for each.
async fn fall_silent(base: &str, token: &str) -> TcpStream {
    let address = base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let auth = serde_json::to_vec(&ClientFrame::Auth { token: token.into() }).unwrap();
    let mut sent = format!(
        "GET /api/v1/ws HTTP/1.1\r\nhost: {address}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         sec-websocket-protocol: hearth.v1\r\n\r\n"
    )
    .into_bytes();
    // A text frame, masked with zeros.
    sent.extend([0x81, 0x80 | 126]);
    sent.extend(u16::try_from(auth.len()).unwrap().to_be_bytes());
    sent.extend([0; 4]);
    sent.extend(auth);
    stream.write_all(&sent).await.unwrap();
    let mut heard = Vec::new();
    while !String::from_utf8_lossy(&heard).contains(r#""type":"ready""#) {
        let count = stream.read_buf(&mut heard).await.unwrap();
        assert!(count > 0, "closed: {}", String::from_utf8_lossy(&heard));
    }
    stream
}

async fn people(app: &Client, count: usize) -> Vec<Person> {
    stream::iter(0..count)
        .map(|n| async move { app.person(&format!("phone{n:03}")).await })
        .buffer_unordered(8)
        .collect()
        .await
}

/// Opens so many, waits until they are gone, and gives the memory in use meanwhile and after.
async fn wave(running: &Running, people: &[Person], count: usize) -> (u64, u64) {
    let idle = running.sockets();
    let begun = Instant::now();
    let silent: Vec<TcpStream> = stream::iter(people.iter().flat_map(|person| [person; EACH]).take(count))
        .map(|person| fall_silent(&running.base, &person.session.access_token))
        .buffer_unordered(64)
        .collect()
        .await;
    let opened = begun.elapsed();
    let (since, open, meanwhile) = (Instant::now(), running.sockets(), running.memory());
    assert_eq!(silent.len(), count);
    // The first may be gone before the last has come, on a slow computer.
    assert!(open > idle + count / 2, "{open} sockets");
    // Kept-alive connections of the preparation come and go.
    while running.sockets() > idle + 16 {
        assert!(
            since.elapsed() < GONE,
            "{} sockets remain after {:?}",
            running.sockets(),
            since.elapsed()
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let gone = since.elapsed();
    drop(silent);
    // What was freed is given back a little later.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let after = running.memory();
    println!(
        "{count} sockets: opened in {opened:.1?} ({idle} -> {open} files), gone {gone:.1?} after falling silent \
         ({} files)",
        running.sockets()
    );
    (meanwhile, after)
}

#[tokio::test]
async fn five_thousand_that_stop_answering_are_gone_within_a_minute() {
    let count = SOCKETS.min(files_max().saturating_sub(1_000));
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(program(folder.path()));
    let app = Client::new(&running.base);
    let people = people(&app, count.div_ceil(EACH)).await;
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    app.befriend(&ada, &ben).await;
    let talk = ada.open(&app, &ben).await;
    // These two never send anything but the protocol's answers to pings: one hears nothing, the other is told
    // something all the time.
    let mut quiet = Socket::connect(app.socket_base(), &people[0]).await;
    let mut told = Socket::connect(app.socket_base(), &ada).await;
    quiet.ready().await;
    told.ready().await;
    let begun = Instant::now();
    let before = running.memory();
    let talking = async {
        let mut number = 0;
        loop {
            ben.say(&app, talk.id, "still here").await.unwrap();
            number += 1;
            let next = |frame: &ServerFrame| {
                matches!(frame, ServerFrame::Event(event) if event.stream == Stream::Conversation(talk.id)
                    && event.seq == number)
            };
            told.wait_for(next).await;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    let (meanwhile, after) = tokio::select! {
        () = talking => unreachable!(),
        memory = wave(&running, &people, count) => memory,
    };
    println!("memory: {before} -> {meanwhile} -> {after} KiB");
    assert!(meanwhile > before, "{before} -> {meanwhile} KiB");
    assert!(after < before + KEPT, "{before} -> {meanwhile} -> {after} KiB");
    // Longer than silence is suffered, and still there.
    assert!(begun.elapsed() > Duration::from_secs(45), "{:?}", begun.elapsed());
    for socket in [&mut quiet, &mut told] {
        socket.send(&ClientFrame::Ping).await;
        socket.wait_for(|frame| matches!(frame, ServerFrame::Pong)).await;
    }
}

/// Takes a minute: the token's end is what is tested, and it is not forgiven for less.
#[tokio::test]
async fn an_expired_token_is_forgiven_for_a_minute() {
    const LEFT: i64 = 5;
    let app = TestApp::sqlite().await;
    let ada = app.person("ada").await;
    let access = Access {
        user_id: ada.id(),
        session_id: ada.session.session_id,
    };
    let begun = clock::now();
    // Made almost ten minutes ago.
    let made = Timestamp::from_millis(begun.as_millis() - 600_000 + LEFT * 1_000);
    let old = Person {
        session: Session {
            access_token: app.tokens().access(access, made).unwrap(),
            ..ada.session.clone()
        },
    };
    let mut left = Socket::connect(app.socket_base(), &old).await;
    let mut renewed = Socket::connect(app.socket_base(), &old).await;
    renewed.ready().await;
    let token = ada.session.access_token.clone();
    renewed.send(&ClientFrame::Auth { token }).await;
    let code = tokio::time::timeout(Duration::from_secs(100), &mut left.closed).await;
    assert_eq!(code.unwrap().unwrap(), CloseCode::Unauthenticated.code());
    let waited = (clock::now().as_millis() - begun.as_millis()) / 1_000;
    // Tokens count in whole seconds.
    assert!(
        (LEFT + 59..LEFT + 75).contains(&waited),
        "closed after {waited} s"
    );
    renewed.send(&ClientFrame::Ping).await;
    renewed.wait_for(|frame| matches!(frame, ServerFrame::Pong)).await;
}
