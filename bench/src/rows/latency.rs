//! P5: from the moment that a message is sent to the moment that it is on the other's socket, with nothing else going
//! on. On two nodes the sender is on the first and the receiver on the second.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::sync::mpsc;

use super::Bench;
use super::messages::{message_path, send};
use crate::client::http::{Connection, find};
use crate::client::load::{Clock, pace};
use crate::client::people;
use crate::client::socket::Socket;
use crate::machine;
use crate::report::Latencies;
use crate::setup::start_bare;

/// The pair: a person and the next one.
const SENDER: u64 = 40;
/// Messages in a second: far from a load.
const RATE: f64 = 100.0;
/// After the last message was sent, the last one must come within this time.
const PATIENCE: Duration = Duration::from_secs(5);

/// Measures it.
///
/// # Errors
/// When something does not answer, or a message does not come.
pub(crate) async fn measure(bench: &mut Bench<'_>) -> Result<()> {
    let setup = bench.setup;
    let effort = bench.effort;
    let tokens = people::sign_in(setup, [SENDER, SENDER + 1]).await?;
    let (sender, receiver) = (setup.node_of(0), setup.node_of(1));
    let path = message_path(setup.world.conversation(SENDER));
    let mut socket = Socket::of_person(receiver, &tokens[1]).await?;
    let time = || setup.processor_time();
    let echo = start_bare(&["--bare-sockets".as_ref()])?;
    let (mut runs, mut echoes) = (Vec::new(), Latencies::new());
    for _ in 0..effort.runs {
        let clock = Clock::start(&time);
        let (sent, socket_back) = one_run(sender, &path, &tokens[0], socket, effort.seconds).await?;
        socket = socket_back;
        runs.push(clock.stop(sent.count(), 0, sent));
        echoes.join(&echo_times(echo.address, effort.seconds).await?);
    }
    let syncs = machine::sync_times(&setup.data)?;
    let beside = [
        ("bare socket, there and back", echoes),
        ("fdatasync alone", syncs),
    ];
    let what = format!(
        "message: sent → on the other's socket, {}, {RATE:.0} in a second",
        setup.kind.name()
    );
    bench.report.latencies("P5", &what, &runs, &beside);
    Ok(())
}

/// Sends at a steady rate while another task listens; matches by the message's `client_id`.
async fn one_run(
    address: SocketAddr,
    path: &str,
    token: &str,
    mut socket: Socket,
    seconds: f64,
) -> Result<(Latencies, Socket)> {
    let (due, mut queue) = mpsc::unbounded_channel::<Instant>();
    let (told, mut heard) = mpsc::unbounded_channel::<(Vec<u8>, Instant)>();
    let (stop, mut stopped) = mpsc::channel::<()>(1);
    let listener = tokio::spawn(async move {
        loop {
            tokio::select! {
                received = socket.receive(|frame| {
                    let now = Instant::now();
                    if let Some(id) = client_id_of(frame) {
                        drop(told.send((id.to_vec(), now)));
                    }
                }) => received?,
                _ = stopped.recv() => return anyhow::Ok(socket),
            }
        }
    });
    let pacer = std::thread::spawn(move || pace(RATE, seconds, |moment| due.send(moment).is_ok()));
    let mut connection = Connection::open(address).await?;
    let mut sent = HashMap::new();
    while let Some(moment) = queue.recv().await {
        let request = send(path, token);
        let id = client_id_of(&request).context("no client_id")?.to_vec();
        let answer = connection.call(&request).await?;
        if answer.status != 201 {
            bail!("a message was answered with {}", answer.status);
        }
        sent.insert(id, moment);
    }
    drop(pacer.join());
    let mut latencies = Latencies::new();
    while latencies.count() < sent.len() as u64 {
        let next = tokio::time::timeout(PATIENCE, heard.recv()).await;
        let (id, moment) = next
            .context("a message did not come")?
            .context("the socket was closed")?;
        if let Some(due) = sent.get(&id) {
            latencies.add(moment.saturating_duration_since(*due));
        }
    }
    drop(stop);
    Ok((latencies, listener.await??))
}

fn client_id_of(bytes: &[u8]) -> Option<&[u8]> {
    let key = br#""client_id":""#;
    let from = find(bytes, key)? + key.len();
    bytes.get(from..from + 36)
}

async fn echo_times(address: SocketAddr, seconds: f64) -> Result<Latencies> {
    let mut socket = Socket::open(address, "/echo", None).await?;
    let (due, mut queue) = mpsc::unbounded_channel::<Instant>();
    let pacer = std::thread::spawn(move || pace(RATE, seconds, |moment| due.send(moment).is_ok()));
    let mut latencies = Latencies::new();
    let text = "x".repeat(400);
    while let Some(due) = queue.recv().await {
        socket.send(&text).await?;
        let mut came = false;
        while !came {
            socket.receive(|_| came = true).await?;
        }
        latencies.add(due.elapsed());
    }
    drop(pacer.join());
    Ok(latencies)
}
