//! Somebody who stops reading: closed when their queue is full, and really gone soon after; the others notice
//! nothing; who returns catches up.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use hearth_shared::ids::ConversationId;
use hearth_shared::realtime::Stream;
use hearth_shared::realtime::close::{Then, then};
use hearth_shared::realtime::frames::{ClientFrame, ServerFrame};
use hearth_testkit::socket::{handshake, text};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Message;

use crate::everywhere;
use crate::support::{Client, Device, Person, Socket, TestApp, fetch};

/// Long messages after which whoever does not read must be closed: their queue holds 1 MiB, what lies before it
/// in both kernels some MiB.
const MESSAGES_MAX: usize = 1_500;

/// The longest that may be sent: 16 kB.
fn long() -> String {
    "\u{1f4da}".repeat(4_000)
}

/// A socket that says who it is, reads `ready`, and then stops reading; little of what comes is buffered for it.
async fn stop_reading(base: &str, person: &Person) -> WebSocketStream<TcpStream> {
    let tcp = TcpSocket::new_v4().unwrap();
    tcp.set_recv_buffer_size(4_096).unwrap();
    let address = base.strip_prefix("http://").unwrap().parse().unwrap();
    let stream = tcp.connect(address).await.unwrap();
    let (mut socket, _) = tokio_tungstenite::client_async(handshake(base), stream)
        .await
        .unwrap();
    let token = person.session.access_token.clone();
    socket.send(text(&ClientFrame::Auth { token })).await.unwrap();
    while !socket
        .next()
        .await
        .unwrap()
        .unwrap()
        .into_text()
        .unwrap()
        .contains(r#""ready""#)
    {}
    socket
}

/// Sends one message and waits until it stands on a screen; it must be the next. Gives how long that took.
async fn one(
    app: &Client,
    from: &Person,
    talk: ConversationId,
    number: u64,
    screen: &mut Socket,
) -> Duration {
    let begun = Instant::now();
    let sent = from.say(app, talk, &long()).await.unwrap();
    assert_eq!(sent.seq, number);
    loop {
        let frame = screen.next(Duration::from_secs(10)).await.unwrap();
        if let ServerFrame::Event(event) = frame
            && event.stream == Stream::Conversation(talk)
        {
            assert_eq!(event.seq, number, "in order, without a gap");
            return begun.elapsed();
        }
    }
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

everywhere! {
    async fn who_does_not_read_is_closed_and_nobody_else_notices(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        ben.say(&app, talk, "first").await.unwrap();
        let mut away = Device::start(&app, &ada).await;
        away.disconnect();
        // Of the same person, and of the other.
        let mut hers = Socket::connect(app.socket_base(), &ada).await;
        let mut his = Socket::connect(app.socket_base(), &ben).await;
        hers.ready().await;
        his.ready().await;
        let mut number = 1;
        let mut alone = Vec::new();
        for _ in 0..40 {
            number += 1;
            alone.push(one(&app, &ben, talk, number, &mut hers).await);
        }
        let mut slow = stop_reading(app.socket_base(), &ada).await;
        let first = number + 1;
        let mut beside = Vec::new();
        let here = app.sockets_of(&ada);
        assert_eq!(here, 2);
        while app.sockets_of(&ada) == here {
            assert!(beside.len() < MESSAGES_MAX, "never closed");
            number += 1;
            beside.push(one(&app, &ben, talk, number, &mut hers).await);
        }
        let (without, with) = (median(&mut alone), median(&mut beside));
        let longest = beside.last().copied().unwrap_or_default();
        println!("closed after {} messages; one takes {without:?}, beside the slow one {with:?}, at most {longest:?}", beside.len());
        assert!(with < without * 5 + Duration::from_millis(100));
        assert!(longest < Duration::from_secs(5));
        // The sender's own screen had it all too.
        let mut seen = Vec::new();
        while seen.len() as u64 + 1 < number {
            let frame = his.next(Duration::from_secs(10)).await.unwrap();
            if let ServerFrame::Event(event) = frame && event.stream == Stream::Conversation(talk) {
                seen.push(event.seq);
            }
        }
        // What was sent through one's own node may overtake what comes from another; devices put it in order.
        if app.nodes().len() > 1 {
            seen.sort_unstable();
        }
        assert!(seen.iter().copied().eq(2..=number), "{seen:?}");
        // What it reads now, late, is whole and in order, and then it ends.
        let mut late = Vec::new();
        let code = loop {
            match tokio::time::timeout(Duration::from_secs(40), slow.next()).await.unwrap() {
                Some(Ok(Message::Text(text))) => {
                    if let Some(ServerFrame::Event(event)) = ServerFrame::parse(&text)
                        && event.stream == Stream::Conversation(talk)
                    {
                        late.push(event.seq);
                    }
                }
                Some(Ok(Message::Close(Some(reason)))) => break reason.code.into(),
                Some(Ok(Message::Close(None)) | Err(_)) | None => break 0,
                Some(Ok(_)) => {}
            }
        };
        assert_eq!(then(code), Then::Reconnect);
        assert!(late.iter().copied().eq(first..first + late.len() as u64), "{late:?}");
        assert!(first + late.len() as u64 <= number, "it missed something");
        // It returns.
        away.connect(&app).await;
        away.settle(&app).await;
        // Too much to be printed.
        assert!(away.replica == fetch(&app, &ada).await.0, "not what a fresh read shows");
        let applied = away.applied.iter().filter(|(stream, _)| *stream == Stream::Conversation(talk));
        assert!(applied.map(|(_, seq)| *seq).eq(2..=number), "each once, in order");
    }
}

#[cfg(target_os = "linux")]
mod program {
    use super::*;
    use crate::support::program::{Running, program};

    const SOCKETS: usize = 24;
    /// What the program may keep of the memory that they took: KiB.
    const KEPT: u64 = 32 * 1024;

    /// The kernel's number of the program's end of a connection.
    fn inode_of(server: u16, client: u16) -> Option<u64> {
        let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
        let (local, remote) = (format!(":{server:04X}"), format!(":{client:04X}"));
        table.lines().find_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let found = fields.get(1)?.ends_with(&local) && fields.get(2)?.ends_with(&remote);
            found.then(|| fields[9].parse().unwrap())
        })
    }

    /// The connection, its file and its memory: the kernel cuts what is not taken for twenty seconds.
    #[tokio::test]
    async fn nothing_is_left_of_who_does_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let running = Running::start(program(folder.path()));
        let app = Client::new(&running.base);
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        let mut hers = Socket::connect(app.socket_base(), &ada).await;
        hers.ready().await;
        one(&app, &ben, talk, 1, &mut hers).await;
        let server: u16 = running.base.rsplit(':').next().unwrap().parse().unwrap();
        let before = running.memory();
        let (mut slow, mut inodes) = (Vec::new(), Vec::new());
        for _ in 0..SOCKETS {
            let socket = stop_reading(app.socket_base(), &ada).await;
            let port = socket.get_ref().local_addr().unwrap().port();
            inodes.push(inode_of(server, port).unwrap());
            slow.push(socket);
        }
        let left = || {
            let open = running.socket_inodes();
            inodes.iter().filter(|inode| open.contains(inode)).count()
        };
        assert_eq!(left(), SOCKETS);
        let (mut number, mut most) = (1, before);
        let begun = Instant::now();
        // More than every queue holds, then as long as it takes.
        while left() > 0 {
            assert!(begun.elapsed() < Duration::from_secs(90), "{} remain", left());
            if number < 600 {
                number += 1;
                one(&app, &ben, talk, number, &mut hers).await;
                most = most.max(running.memory());
            } else {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
        let gone = begun.elapsed();
        let until = Instant::now() + Duration::from_secs(10);
        while running.memory() > before + KEPT {
            let now = running.memory();
            assert!(Instant::now() < until, "memory: {before} -> {most} -> {now} KiB");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        println!(
            "{SOCKETS} that do not read: gone after {gone:.1?} and {number} messages; memory {before} -> {most} -> {} KiB",
            running.memory()
        );
        one(&app, &ben, talk, number + 1, &mut hers).await;
        drop(slow);
    }
}
