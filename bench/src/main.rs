//! Measures Hearth beside the least that could do the same work, in the same run on the same machine, and prints one
//! table. How to run it and what the rows mean is in `docs/performance.md`.

mod bare;
mod client;
mod machine;
mod report;
mod rows;
mod setup;
mod world;

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::{Parser, ValueEnum};

use crate::report::Report;
use crate::rows::{Bench, Effort};
use crate::setup::{Kind, Places, Setup};
use crate::world::{Crowd, POSTS_MIN, World};

/// Measures Hearth.
#[derive(Debug, Parser)]
struct Line {
    /// What to measure.
    #[arg(value_enum, default_value = "all")]
    rows: Vec<Row>,
    /// How Hearth runs; several in turn. Default: all for which the programs are there.
    #[arg(long, value_enum, value_delimiter = ',')]
    setup: Vec<Kind>,
    /// Posts of the world, 20,000 at least.
    #[arg(long, default_value_t = 1_000_000)]
    posts: u64,
    /// People of the crowd of P7, 2,000 at least.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(2_000..))]
    people: u64,
    /// Runs of everything; the median counts.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Seconds of a run.
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// Shows in two minutes that every row runs. Its numbers mean nothing.
    #[arg(long)]
    quick: bool,
    /// The server's program: the release, `cargo build --release -p hearth-backend`.
    #[arg(long, default_value = "target/release/hearth")]
    hearth: PathBuf,
    /// Worlds are made and kept here; on the disk that is to be measured, never in memory.
    #[arg(long, default_value = "target/bench")]
    folder: PathBuf,
    /// The folder of PostgreSQL's programs.
    #[arg(long, default_value = "/usr/lib/postgresql/15/bin")]
    postgres: PathBuf,
    /// Only makes the world and serves it until Enter is pressed: for profiling by hand.
    #[arg(long)]
    serve: bool,
    /// Serves feeds from a database.
    #[arg(long, hide = true)]
    bare_feed: Option<PathBuf>,
    /// Serves sockets.
    #[arg(long, hide = true)]
    bare_sockets: bool,
}

/// A row of the table, as it is numbered there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Row {
    /// All of them.
    All,
    /// The feed.
    P1,
    /// Reactions, comments, posts.
    P3,
    /// Messages.
    P4,
    /// From the sender to the other's socket.
    P5,
    /// A room of sockets.
    P6,
    /// Catching up after events that were missed.
    P9,
    /// Search of posts, of messages, of everything.
    P10,
    /// Suggestions and search among 100,000 people with 200 friends each. Not among all: its world takes 3 GB.
    P7,
}

impl Row {
    const EACH: [Self; 7] = [
        Self::P1,
        Self::P3,
        Self::P4,
        Self::P5,
        Self::P6,
        Self::P9,
        Self::P10,
    ];

    async fn measure(self, bench: &mut Bench<'_>) -> Result<()> {
        match self {
            // P7 has a world of its own.
            Self::All | Self::P7 => Ok(()),
            Self::P1 => rows::feed::measure(bench).await,
            Self::P3 => rows::writes::measure(bench).await,
            Self::P4 => rows::messages::measure(bench).await,
            Self::P5 => rows::latency::measure(bench).await,
            Self::P6 => rows::room::measure(bench).await,
            Self::P9 => rows::missed::measure(bench).await,
            Self::P10 => rows::search::measure(bench).await,
        }
    }
}

fn main() -> Result<()> {
    let line = Line::parse();
    if let Some(database) = &line.bare_feed {
        return bare::feed::serve(database);
    }
    if line.bare_sockets {
        return bare::sockets::serve();
    }
    machine::allow_many_sockets();
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(measure(line))
}

async fn measure(mut line: Line) -> Result<()> {
    let mut world = World::of_posts(line.posts);
    let mut effort = Effort {
        runs: line.runs.max(1),
        seconds: line.seconds,
    };
    if line.quick {
        world = World::of_posts(POSTS_MIN);
        effort = Effort {
            runs: 1,
            seconds: 0.5,
        };
    }
    if line.rows.contains(&Row::All) {
        line.rows = Row::EACH.to_vec();
    }
    std::fs::create_dir_all(&line.folder)?;
    let places = Places {
        hearth: line
            .hearth
            .canonicalize()
            .context("--hearth: build the server first")?,
        folder: line.folder.canonicalize()?,
        postgres: line.postgres.clone(),
    };
    let kinds = if line.setup.is_empty() {
        available(&places)
    } else {
        line.setup.clone()
    };
    let mut conditions = conditions(&places, world, effort, line.quick)?;
    let mut report = Report::default();
    if line.rows.contains(&Row::P7) {
        let crowd = Crowd {
            people: line.people,
            friends: if line.quick { 50 } else { 200 },
        };
        rows::people::measure(&places, crowd, &mut report).await?;
        line.rows.retain(|row| *row != Row::P7);
        if line.rows.is_empty() {
            return Ok(write!(std::io::stdout(), "{}", report.markdown(&conditions))?);
        }
    }
    for kind in kinds {
        if kind == Kind::Cluster && !knows_redis(&places) {
            bail!("this build of Hearth has no Redis: --setup cluster needs one that has");
        }
        eprintln!("{}", kind.name());
        let setup = Setup::start(kind, world, &places).await?;
        conditions.push(setup.description());
        if line.serve {
            serve(&setup)?;
            continue;
        }
        for row in &line.rows {
            let mut bench = Bench {
                setup: &setup,
                effort,
                report: &mut report,
            };
            row.measure(&mut bench).await?;
        }
        let memory: Vec<String> = setup
            .nodes
            .iter()
            .filter_map(|node| machine::memory_mib(node.program.pid()))
            .map(|mib| format!("{mib} MiB"))
            .collect();
        report.note(format!(
            "{}: the server's memory at the end: {}.",
            kind.name(),
            memory.join(" and ")
        ));
    }
    Ok(write!(std::io::stdout(), "{}", report.markdown(&conditions))?)
}

/// The setups for which the programs are there.
fn available(places: &Places) -> Vec<Kind> {
    let mut kinds = vec![Kind::Sqlite];
    if places.postgres.join("postgres").exists() {
        let redis = machine::first_line("redis-server", &["--version"]) != "?" && knows_redis(places);
        kinds.push(if redis { Kind::Cluster } else { Kind::Postgres });
    }
    kinds
}

/// Whether several nodes can share a database.
fn knows_redis(places: &Places) -> bool {
    let output = std::process::Command::new(&places.hearth)
        .args(["serve", "--help"])
        .output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("REDIS_URL"))
}

/// What the numbers depend on.
fn conditions(places: &Places, world: World, effort: Effort, quick: bool) -> Result<Vec<String>> {
    let syncs = machine::sync_times(&places.folder)?;
    let mut lines = vec![
        format!("Machine: {}", machine::description()),
        format!(
            "Disk: fdatasync of 4 KiB takes {:.2} ms (p50), {:.2} ms (p99)",
            syncs.percentile(50.0),
            syncs.percentile(99.0)
        ),
        format!(
            "Hearth: {}, commit {}",
            machine::first_line(&places.hearth, &["--version"]),
            machine::first_line("git", &["describe", "--always", "--dirty"])
        ),
        format!(
            "World: {} posts by {} people. {} runs of {} s each, alternating with what is beside it; medians. \
             Load generator and servers share the machine",
            world.posts, world.people, effort.runs, effort.seconds
        ),
    ];
    if quick {
        lines.insert(0, "**A quick look: these numbers mean nothing.**".to_owned());
    }
    Ok(lines)
}

fn serve(setup: &Setup) -> Result<()> {
    for node in &setup.nodes {
        eprintln!("http://{} is process {}", node.address, node.program.pid());
    }
    eprintln!(
        "Sign in as {} with the password: {}. Enter ends it.",
        setup.world.username(0),
        world::PASSWORD
    );
    std::io::stdin().read_line(&mut String::new())?;
    Ok(())
}
