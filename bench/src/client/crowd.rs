//! Many sockets in one room, those who speak there, and the counting of what arrives.
//!
//! Whoever speaks waits when too much is under way: a message counts as arrived when the last socket has it. Without
//! that, senders would run ahead until a server has to drop sockets, and nothing would be measured.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use super::http::Connection;
use super::load::Clock;
use super::people::Token;
use super::socket::{Socket, number_after};
use crate::report::{Latencies, Run};
use crate::rows::messages::send;

/// Messages under way at most.
const UNDER_WAY: usize = 32;
/// Counters of messages under way; more than there can be.
const COUNTERS: u64 = 1024;
/// Sockets that are being opened at a time.
const OPENING: usize = 64;
/// What is under way must arrive within this time.
const PATIENCE: Duration = Duration::from_secs(20);
/// Every frame that is counted begins like this.
const EVENT: &[u8] = br#"{"type":"event","stream":"c:"#;

/// The sockets of a room.
pub(crate) struct Crowd {
    arrivals: Arc<Arrivals>,
    listeners: Vec<JoinHandle<()>>,
}

struct Arrivals {
    size: u64,
    deliveries: AtomicU64,
    closed: AtomicU64,
    frame_bytes: AtomicU64,
    counters: Vec<AtomicU64>,
    places: Semaphore,
    open: Mutex<HashMap<u64, Half>>,
    times: Mutex<Latencies>,
}

/// Of a message that is under way one of these is known first.
enum Half {
    Sent(Instant),
    Arrived(Instant),
}

/// Which socket to open: of a person, or of a room without people.
pub(crate) enum Entrance {
    /// Hearth's.
    Person(SocketAddr, Token),
    /// A path.
    Path(SocketAddr, &'static str),
}

/// Somebody who speaks.
pub(crate) enum Speaker {
    /// Over HTTP.
    Http {
        /// An open connection.
        connection: Connection,
        /// Where messages are sent.
        path: Arc<str>,
        /// Whose they are.
        token: Token,
    },
    /// Over a socket that hears nothing.
    Socket {
        /// The socket.
        socket: Socket,
        /// The next position.
        next: Arc<AtomicU64>,
        /// Bytes of a frame.
        size: u64,
    },
}

impl Speaker {
    /// Says something. Gives its position.
    async fn speak(&mut self) -> Result<u64> {
        match self {
            Self::Http {
                connection,
                path,
                token,
            } => {
                let answer = connection.call(&send(path, token)).await?;
                if answer.status != 201 {
                    bail!("a message was answered with {}", answer.status);
                }
                number_after(answer.body, b"\"seq\":").context("a message without a position")
            }
            Self::Socket { socket, next, size } => {
                let seq = next.fetch_add(1, Ordering::Relaxed);
                let mut frame = format!("{}1\",\"seq\":{seq},\"body\":\"", String::from_utf8_lossy(EVENT));
                while (frame.len() as u64) < size.saturating_sub(2) {
                    frame.push('x');
                }
                frame.push_str("\"}");
                socket.send(&frame).await?;
                Ok(seq)
            }
        }
    }
}

impl Crowd {
    /// Opens sockets, a few at a time.
    ///
    /// # Errors
    /// When one is refused.
    pub(crate) async fn gather(entrances: Vec<Entrance>) -> Result<Self> {
        let arrivals = Arc::new(Arrivals {
            size: entrances.len() as u64,
            deliveries: AtomicU64::new(0),
            closed: AtomicU64::new(0),
            frame_bytes: AtomicU64::new(0),
            counters: (0..COUNTERS).map(|_| AtomicU64::new(0)).collect(),
            places: Semaphore::new(UNDER_WAY),
            open: Mutex::default(),
            times: Mutex::new(Latencies::new()),
        });
        let opening = Arc::new(Semaphore::new(OPENING));
        let mut tasks = Vec::new();
        for entrance in entrances {
            let opening = Arc::clone(&opening);
            tasks.push(tokio::spawn(async move {
                let _place = opening.acquire().await?;
                match entrance {
                    Entrance::Person(address, token) => Socket::of_person(address, &token).await,
                    Entrance::Path(address, path) => Socket::open(address, path, None).await,
                }
            }));
        }
        let mut listeners = Vec::new();
        for task in tasks {
            let mut socket = task.await??;
            let arrivals = Arc::clone(&arrivals);
            listeners.push(tokio::spawn(async move {
                let end = loop {
                    if let Err(end) = socket.receive(|frame| arrivals.note(frame)).await {
                        break end;
                    }
                };
                if arrivals.closed.fetch_add(1, Ordering::Relaxed) == 0 {
                    eprintln!("the first socket was closed: {end:#}");
                }
            }));
        }
        Ok(Self { arrivals, listeners })
    }

    /// Bytes of a frame.
    pub(crate) fn frame_bytes(&self) -> u64 {
        self.arrivals.frame_bytes.load(Ordering::Relaxed)
    }

    /// Lets people speak as fast as messages arrive, for some seconds, and counts deliveries.
    ///
    /// # Errors
    /// When a message is refused, or does not arrive everywhere.
    pub(crate) async fn run(
        &self,
        speakers: Vec<Speaker>,
        time: &dyn Fn() -> Duration,
        seconds: f64,
    ) -> Result<Run> {
        let ending = Arc::new(AtomicBool::new(false));
        let mut tasks = Vec::new();
        for mut speaker in speakers {
            let (ending, arrivals) = (Arc::clone(&ending), Arc::clone(&self.arrivals));
            tasks.push(tokio::spawn(async move {
                while !ending.load(Ordering::Relaxed) {
                    // Given back when the last socket has the message.
                    arrivals.places.acquire().await?.forget();
                    let start = Instant::now();
                    match speaker.speak().await {
                        Ok(seq) => arrivals.complete(seq, Half::Sent(start)),
                        Err(error) => {
                            // Nobody waits for what will not come.
                            arrivals.places.close();
                            return Err(error);
                        }
                    }
                }
                anyhow::Ok(speaker)
            }));
        }
        tokio::time::sleep(Duration::from_secs_f64(seconds * 0.2)).await;
        let clock = Clock::start(time);
        let before = self.arrivals.deliveries.load(Ordering::Relaxed);
        tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
        let done = self.arrivals.deliveries.load(Ordering::Relaxed) - before;
        let run = clock.stop(done, 0, Latencies::new());
        ending.store(true, Ordering::Relaxed);
        // They stay until all has arrived: a server does not read on what a socket said that has gone.
        let mut speakers = Vec::new();
        let mut failure = None;
        for task in tasks {
            let ended = tokio::time::timeout(PATIENCE, task).await;
            match ended.with_context(|| self.arrivals.missing())?? {
                Ok(speaker) => speakers.push(speaker),
                // The first that is not only the end of the others.
                Err(error) if failure.is_none() || !error.is::<tokio::sync::AcquireError>() => {
                    failure = Some(error)
                }
                Err(_) => {}
            }
        }
        if let Some(error) = failure {
            return Err(error);
        }
        let all = u32::try_from(UNDER_WAY)?;
        let rest = tokio::time::timeout(PATIENCE, self.arrivals.places.acquire_many(all)).await;
        drop(rest.with_context(|| self.arrivals.missing())??);
        let mut times = self.arrivals.times.lock().unwrap_or_else(PoisonError::into_inner);
        let latencies = std::mem::replace(&mut *times, Latencies::new());
        Ok(Run { latencies, ..run })
    }

    /// Closes the sockets. Gives how many were closed before.
    pub(crate) fn leave(self) -> u64 {
        self.listeners.iter().for_each(JoinHandle::abort);
        self.arrivals.closed.load(Ordering::Relaxed)
    }
}

impl Arrivals {
    /// A frame has come to a socket.
    fn note(&self, frame: &[u8]) {
        if !frame.starts_with(EVENT) {
            return;
        }
        let Some(seq) = number_after(frame, b"\"seq\":") else {
            return;
        };
        self.deliveries.fetch_add(1, Ordering::Relaxed);
        let at = usize::try_from(seq % COUNTERS).unwrap_or(0);
        let count = self.counters[at].fetch_add(1, Ordering::AcqRel) + 1;
        if count == self.size {
            self.counters[at].store(0, Ordering::Release);
            self.frame_bytes.store(frame.len() as u64, Ordering::Relaxed);
            self.complete(seq, Half::Arrived(Instant::now()));
            self.places.add_permits(1);
        }
    }

    /// What is known when messages do not arrive.
    fn missing(&self) -> String {
        let waiting = self
            .counters
            .iter()
            .map(|counter| counter.load(Ordering::Relaxed));
        let waiting: Vec<u64> = waiting.filter(|count| *count > 0).take(UNDER_WAY).collect();
        format!(
            "messages did not arrive everywhere: {} of {} sockets were closed, {} deliveries; some are on {waiting:?}",
            self.closed.load(Ordering::Relaxed),
            self.size,
            self.deliveries.load(Ordering::Relaxed),
        )
    }

    fn complete(&self, seq: u64, half: Half) {
        let other = {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            match open.remove(&seq) {
                Some(other) => other,
                None => {
                    open.insert(seq, half);
                    return;
                }
            }
        };
        if let (Half::Sent(from), Half::Arrived(to)) | (Half::Arrived(to), Half::Sent(from)) = (half, other) {
            let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
            times.add(to.saturating_duration_since(from));
        }
    }
}
