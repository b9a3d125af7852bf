//! Two ways to load a server. *Closed*: some clients, each of which asks again as soon as it was answered; that finds
//! the most that a server can do. *Open*: so many requests in a second, whatever the server does; a request's time
//! counts from when it was due, so that one slow answer cannot hide those that had to wait behind it ("coordinated
//! omission").

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::sync::{Mutex, mpsc};

use super::http::Connection;
use crate::machine;
use crate::report::{Latencies, Run};

/// Makes the request of a client for its turn.
pub(crate) type Requests = Arc<dyn Fn(usize, u64) -> Vec<u8> + Send + Sync>;

/// Before the clock starts: caches fill, connections are made.
const WARM_UP: f64 = 0.2;

/// What is loaded.
pub(crate) struct Target<'a> {
    /// The address for each client.
    pub(crate) addresses: Vec<SocketAddr>,
    /// Its requests.
    pub(crate) requests: Requests,
    /// Processor time that it has used so far.
    pub(crate) time: &'a dyn Fn() -> Duration,
}

/// What one client counted.
struct Tally {
    done: u64,
    failed: u64,
    latencies: Latencies,
}

impl Tally {
    fn new() -> Self {
        Self {
            done: 0,
            failed: 0,
            latencies: Latencies::new(),
        }
    }

    fn count(&mut self, status: u16, time: Duration) {
        if matches!(status, 200 | 201 | 204) {
            self.done += 1;
            self.latencies.add(time);
        } else {
            self.failed += 1;
        }
    }
}

/// Processor times and the moment, for the difference between two.
pub(crate) struct Clock<'a> {
    time: &'a dyn Fn() -> Duration,
    start: Instant,
    server: Duration,
    own: Duration,
}

impl<'a> Clock<'a> {
    /// Starts.
    pub(crate) fn start(time: &'a dyn Fn() -> Duration) -> Self {
        Self {
            time,
            server: time(),
            own: machine::own_time(),
            start: Instant::now(),
        }
    }

    /// What was done since the start.
    pub(crate) fn stop(self, done: u64, failed: u64, latencies: Latencies) -> Run {
        Run {
            seconds: self.start.elapsed().as_secs_f64(),
            server: (self.time)().saturating_sub(self.server),
            own: machine::own_time().saturating_sub(self.own),
            done,
            failed,
            latencies,
        }
    }
}

/// As fast as the clients can, for some seconds.
///
/// # Errors
/// When a connection breaks.
pub(crate) async fn closed(target: Target<'_>, seconds: f64) -> Result<Run> {
    let measuring = Arc::new(AtomicBool::new(false));
    let ending = Arc::new(AtomicBool::new(false));
    let mut clients = Vec::new();
    for (client, address) in target.addresses.iter().enumerate() {
        let mut connection = Connection::open(*address).await?;
        let requests = Arc::clone(&target.requests);
        let (measuring, ending) = (Arc::clone(&measuring), Arc::clone(&ending));
        clients.push(tokio::spawn(async move {
            let mut tally = Tally::new();
            let mut turn = 0;
            while !ending.load(Ordering::Relaxed) {
                let request = requests(client, turn);
                turn += 1;
                let start = Instant::now();
                let status = connection.call(&request).await?.status;
                if measuring.load(Ordering::Relaxed) && !ending.load(Ordering::Relaxed) {
                    tally.count(status, start.elapsed());
                }
            }
            anyhow::Ok(tally)
        }));
    }
    tokio::time::sleep(Duration::from_secs_f64(seconds * WARM_UP)).await;
    let clock = Clock::start(target.time);
    measuring.store(true, Ordering::Relaxed);
    tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
    ending.store(true, Ordering::Relaxed);
    let run = clock.stop(0, 0, Latencies::new());
    let mut all = Tally::new();
    for client in clients {
        join(&mut all, &client.await??);
    }
    Ok(Run {
        done: all.done,
        failed: all.failed,
        latencies: all.latencies,
        ..run
    })
}

/// So many in a second, for some seconds. The clients of the target are as many as may wait for an answer at a time.
///
/// # Errors
/// When a connection breaks.
pub(crate) async fn open(target: Target<'_>, rate: f64, seconds: f64) -> Result<Run> {
    let (due, queue) = mpsc::unbounded_channel::<Instant>();
    let queue = Arc::new(Mutex::new(queue));
    let mut clients = Vec::new();
    for (client, address) in target.addresses.iter().enumerate() {
        let mut connection = Connection::open(*address).await?;
        let requests = Arc::clone(&target.requests);
        let queue = Arc::clone(&queue);
        clients.push(tokio::spawn(async move {
            let mut tally = Tally::new();
            let mut turn = 0;
            loop {
                let next = queue.lock().await.recv().await;
                let Some(due) = next else { return anyhow::Ok(tally) };
                let request = requests(client, turn);
                turn += 1;
                let status = connection.call(&request).await?.status;
                tally.count(status, due.elapsed());
            }
        }));
    }
    let clock = Clock::start(target.time);
    // A thread, because the runtime's timers are as coarse as a millisecond.
    let pacer = std::thread::spawn(move || pace(rate, seconds, |moment| due.send(moment).is_ok()));
    let mut all = Tally::new();
    for client in clients {
        join(&mut all, &client.await??);
    }
    drop(pacer.join());
    Ok(clock.stop(all.done, all.failed, all.latencies))
}

/// Calls at a steady rate with the moment that the call was due at, until it is told to stop.
pub(crate) fn pace(rate: f64, seconds: f64, mut call: impl FnMut(Instant) -> bool) {
    let start = Instant::now();
    let mut count = 0.0;
    loop {
        let at = count / rate;
        if at >= seconds {
            return;
        }
        let due = start + Duration::from_secs_f64(at);
        let now = Instant::now();
        if due > now {
            std::thread::sleep(due - now);
        }
        if !call(due) {
            return;
        }
        count += 1.0;
    }
}

fn join(all: &mut Tally, one: &Tally) {
    all.done += one.done;
    all.failed += one.failed;
    all.latencies.join(&one.latencies);
}
