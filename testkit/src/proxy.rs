//! What stands between a client and the server and is not kind: it cuts connections after so many bytes, holds
//! them, or lets nobody through.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// In which direction bytes are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// From the client.
    ToServer,
    /// From the server.
    ToClient,
}

/// What happens to connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// All is passed on.
    Pass,
    /// A connection that is made from now on is cut after exactly so many bytes in a direction.
    CutAfter(Way, u64),
    /// Nothing is passed on, in open connections either; nobody is told.
    Freeze,
    /// All connections are cut, and new ones at once.
    Refuse,
}

/// The proxy; it ends when this is dropped.
pub struct Proxy {
    /// Where it listens: `http://host:port`
    pub base: String,
    mood: watch::Sender<Mood>,
    counts: Arc<Counts>,
    task: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct Counts {
    accepted: AtomicUsize,
    cut: AtomicUsize,
    to_server: AtomicU64,
    to_client: AtomicU64,
}

impl Counts {
    fn of(&self, way: Way) -> &AtomicU64 {
        match way {
            Way::ToServer => &self.to_server,
            Way::ToClient => &self.to_client,
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    /// In front of a server at `http://host:port`.
    pub async fn before(base: &str) -> Self {
        let server = base.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (mood, moods) = watch::channel(Mood::Pass);
        let counts = Arc::<Counts>::default();
        let counted = Arc::clone(&counts);
        let task = tokio::spawn(async move {
            let mut open = tokio::task::JoinSet::new();
            loop {
                let (client, _) = listener.accept().await.unwrap();
                while open.try_join_next().is_some() {}
                counted.accepted.fetch_add(1, Ordering::SeqCst);
                let (server, moods, counted) = (server.clone(), moods.clone(), Arc::clone(&counted));
                open.spawn(async move {
                    if *moods.borrow() == Mood::Refuse {
                        return;
                    }
                    if let Ok(server) = TcpStream::connect(server).await {
                        carry(client, server, moods, &counted).await;
                    }
                });
            }
        });
        Self {
            base,
            mood,
            counts,
            task,
        }
    }

    /// From now on.
    pub fn set(&self, mood: Mood) {
        self.mood.send_replace(mood);
    }

    /// How many connections were made.
    pub fn accepted(&self) -> usize {
        self.counts.accepted.load(Ordering::SeqCst)
    }

    /// How many were cut because their bytes were used up.
    pub fn cut(&self) -> usize {
        self.counts.cut.load(Ordering::SeqCst)
    }

    /// How many bytes were passed on in a direction, in all.
    pub fn passed(&self, way: Way) -> u64 {
        self.counts.of(way).load(Ordering::SeqCst)
    }
}

/// Carries until either end closes, the bytes are used up, or nobody is let through any more.
async fn carry(client: TcpStream, server: TcpStream, mut moods: watch::Receiver<Mood>, counts: &Counts) {
    let mood = *moods.borrow_and_update();
    let most = |way| match mood {
        Mood::CutAfter(counted, bytes) if counted == way => bytes,
        _ => u64::MAX,
    };
    for stream in [&client, &server] {
        // Otherwise the kernel gathers what was written in pieces.
        stream.set_nodelay(true).unwrap();
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let up = pass(
        from_client,
        to_server,
        most(Way::ToServer),
        moods.clone(),
        counts,
        Way::ToServer,
    );
    let down = pass(
        from_server,
        to_client,
        most(Way::ToClient),
        moods.clone(),
        counts,
        Way::ToClient,
    );
    let refused = moods.wait_for(|mood| *mood == Mood::Refuse);
    // Whatever ends first ends all of it: both halves are dropped, and the connections with them.
    tokio::select! {
        () = up => {}
        () = down => {}
        _ = refused => {}
    }
}

async fn pass(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    most: u64,
    mut moods: watch::Receiver<Mood>,
    counts: &Counts,
    way: Way,
) {
    let mut left = most;
    let mut buffer = vec![0; 16 * 1024];
    loop {
        if left == 0 {
            counts.cut.fetch_add(1, Ordering::SeqCst);
            return;
        }
        let Ok(count @ 1..) = from.read(&mut buffer).await else {
            return;
        };
        if moods.wait_for(|mood| *mood != Mood::Freeze).await.is_err() {
            return;
        }
        let count = count.min(usize::try_from(left).unwrap_or(count));
        let Some(bytes) = buffer.get(..count) else { return };
        if to.write_all(bytes).await.is_err() {
            return;
        }
        left -= count as u64;
        counts.of(way).fetch_add(count as u64, Ordering::SeqCst);
    }
}
