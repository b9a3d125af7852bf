//! P6: a room full of sockets in which eight people write at once. Deliveries are counted where they arrive.
//!
//! A room is a public group: a message is checked, numbered, committed and handed to the socket of every member. In the
//! last of them one in ten is here.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::Bench;
use super::messages::message_path;
use crate::client::crowd::{Crowd, Entrance, Speaker};
use crate::client::http::Connection;
use crate::client::people::{self, Token};
use crate::client::socket::Socket;
use crate::machine;
use crate::report::{Beside, Run, median_of, to_float};
use crate::setup::{Setup, start_bare};
use crate::world::Room;

/// People who write: those after the owner.
const SENDERS: usize = 8;

/// Measures it.
///
/// # Errors
/// When something does not answer or a socket is closed.
pub(crate) async fn measure(bench: &mut Bench<'_>) -> Result<()> {
    let effort = bench.effort;
    let setup = bench.setup;
    for room in setup.world.rooms() {
        let tokens = people::sign_in(setup, room.first..room.first + room.here).await?;
        let entrances = tokens.iter().enumerate();
        let entrances = entrances.map(|(at, token)| Entrance::Person(setup.node_of(at), Arc::clone(token)));
        let start = Instant::now();
        let crowd = Crowd::gather(entrances.collect()).await?;
        let opening = start.elapsed();
        let bare = start_bare(&["--bare-sockets".as_ref()])?;
        let entrances = (0..room.here).map(|_| Entrance::Path(bare.address, "/room"));
        let bare_crowd = Crowd::gather(entrances.collect()).await?;
        // People who come are announced to their friends; that is not what is measured.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        let next = Arc::new(AtomicU64::new(1));
        for _ in 0..effort.runs {
            let people = speakers(setup, room, &tokens).await?;
            ours.push(
                crowd
                    .run(people, &|| setup.processor_time(), effort.seconds)
                    .await?,
            );
            let people = bare_speakers(bare.address, &next, crowd.frame_bytes()).await?;
            let time = || machine::processor_time(bare.program.pid());
            theirs.push(bare_crowd.run(people, &time, effort.seconds).await?);
        }
        let size = crowd.frame_bytes();
        let closed = crowd.leave();
        let bare_closed = bare_crowd.leave();
        let beside = Beside {
            name: "bare actix-ws broadcast",
            runs: &theirs,
        };
        let what = format!(
            "deliveries, {}, {} members, {} sockets, {SENDERS} senders, {size} bytes",
            setup.kind.name(),
            room.size,
            room.here
        );
        bench.report.rates("P6", &what, &ours, &[beside]);
        bench.report.note(format!(
            "P6, {}, {} members, {} sockets: opened in {:.1} s after signing in. CPU for each delivery {:.1} µs, bare {:.1} µs. \
             {:.0} messages in a second. Sockets that were closed: {closed}, bare {bare_closed}. The latency runs \
             until the last socket has the message.",
            setup.kind.name(),
            room.size,
            room.here,
            opening.as_secs_f64(),
            median_of(&ours, Run::cost),
            median_of(&theirs, Run::cost),
            median_of(&ours, Run::rate) / to_float(room.here),
        ));
    }
    Ok(())
}

async fn speakers(setup: &Setup, room: Room, tokens: &[Token]) -> Result<Vec<Speaker>> {
    let path: Arc<str> = message_path(room.conversation).into();
    let mut speakers = Vec::new();
    for (at, token) in tokens.iter().enumerate().skip(1).take(SENDERS) {
        speakers.push(Speaker::Http {
            connection: Connection::open(setup.node_of(at)).await?,
            path: Arc::clone(&path),
            token: Arc::clone(token),
        });
    }
    Ok(speakers)
}

async fn bare_speakers(address: SocketAddr, next: &Arc<AtomicU64>, size: u64) -> Result<Vec<Speaker>> {
    let mut speakers = Vec::new();
    for _ in 0..SENDERS {
        speakers.push(Speaker::Socket {
            socket: Socket::open(address, "/say", None).await?,
            next: Arc::clone(next),
            size,
        });
    }
    Ok(speakers)
}
