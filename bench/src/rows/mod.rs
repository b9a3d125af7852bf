//! What is measured, a file for each row of the table.

pub(crate) mod feed;
pub(crate) mod latency;
pub(crate) mod messages;
pub(crate) mod missed;
pub(crate) mod people;
pub(crate) mod room;
pub(crate) mod search;
pub(crate) mod writes;

use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use hearth_shared::ids::ClientId;

use crate::bare::commit::Writer;
use crate::bare::pgbench::Scripts;
use crate::bare::statements::Work;
use crate::report::{Report, Run};
use crate::setup::Setup;

/// How long and how often.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    /// Runs of everything; the middle one counts.
    pub(crate) runs: usize,
    /// Seconds of a run.
    pub(crate) seconds: f64,
}

/// What a row works with.
pub(crate) struct Bench<'a> {
    /// What is measured.
    pub(crate) setup: &'a Setup,
    /// How long and how often.
    pub(crate) effort: Effort,
    /// Where it is said.
    pub(crate) report: &'a mut Report,
}

impl Bench<'_> {
    /// The addresses for so many clients.
    fn addresses(&self, clients: usize) -> Vec<SocketAddr> {
        (0..clients).map(|client| self.setup.node_of(client)).collect()
    }
}

/// The database alone, for comparison: one thread with a file, or `pgbench`.
enum Bare {
    File(Box<Writer>),
    Server,
}

impl Bare {
    fn open(setup: &Setup) -> Result<Self> {
        match &setup.world_file {
            Some(file) => Ok(Self::File(Box::new(Writer::open(
                setup.world,
                file,
                &setup.data,
            )?))),
            None => Ok(Self::Server),
        }
    }

    /// What it does with so many clients.
    fn name(&self, work: Work, clients: usize) -> String {
        let rows = match work {
            Work::Row => "one row",
            _ => "the same rows",
        };
        match self {
            Self::File(_) if clients == 1 => format!("bare commit, {rows}"),
            Self::File(_) => format!("bare commit of {}, {rows}", batch(clients)),
            Self::Server => format!("pgbench -c {clients}, {rows}"),
        }
    }

    fn run(&mut self, setup: &Setup, work: Work, clients: usize, seconds: f64) -> Result<Run> {
        match self {
            Self::File(writer) => writer.run(work, batch(clients), seconds),
            Self::Server => {
                let turns = work.turns().len() as u64;
                Scripts::of_work(setup, work)?.run(setup, clients, turns, seconds)
            }
        }
    }
}

/// Whoever waits shares a commit; the server lets 64 share one at most.
fn batch(clients: usize) -> u64 {
    clients.min(64) as u64
}

/// An id that nothing was made with before: a random beginning for this run, and a number that grows.
fn new_client_id() -> ClientId {
    static BEGINNING: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0));
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let bytes = u128::from(*BEGINNING) << 64 | u128::from(number.rotate_left(32));
    ClientId::from_random_bytes(bytes.to_be_bytes())
}
