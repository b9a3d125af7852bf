//! What is hurt: PostgreSQL, Redis, two nodes and a balancer, all of one's own.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use hearth_servers::{Balancer, Hearth, Node, Postgres};

/// Nodes of a Hearth here.
const NODES: usize = 2;
/// Lines of each node's log that are shown when a story goes wrong.
const LOG_LINES: usize = 25;

/// A Hearth of several nodes. Gone when dropped.
#[derive(Debug)]
pub struct Cluster {
    /// In front of the nodes.
    pub balancer: Balancer,
    /// They.
    pub nodes: Vec<Node>,
    /// Their database.
    pub postgres: Postgres,
    database: String,
    _hearth: Hearth,
}

impl Cluster {
    /// Starts one that looks for Redis at an address, whether something answers there or not.
    ///
    /// # Errors
    /// When PostgreSQL is not installed, Hearth is not built, or something does not start.
    pub fn start(redis: &str) -> Result<Self> {
        let postgres = Postgres::start()?;
        let database = postgres.create_database("hearth")?;
        let mut hearth = Hearth::of(&program()?)?;
        for (name, value) in [
            ("DATABASE_URL", database.as_str()),
            ("REDIS_URL", redis),
            ("HEARTH_RATE_LIMITS", "off"),
            ("HEARTH_BCRYPT_COST", "4"),
            ("RUST_LOG", "info"),
        ] {
            hearth.set(name, value);
        }
        let balancer = Balancer::listen(0)?;
        let mut nodes = Vec::new();
        for _ in 0..NODES {
            let node = hearth.start_node()?;
            balancer.add(node.address()?)?;
            nodes.push(node);
        }
        Ok(Self {
            balancer,
            nodes,
            postgres,
            database,
            _hearth: hearth,
        })
    }

    /// The bases of the addresses of all nodes.
    ///
    /// # Errors
    /// Never, once they run.
    pub fn urls(&self) -> Result<Vec<String>> {
        self.nodes.iter().map(Node::url).collect()
    }

    /// Runs SQL in their database, past every node, in one transaction. Gives what it answers.
    ///
    /// # Errors
    /// When the database refuses it.
    pub fn sql(&self, sql: &str) -> Result<String> {
        let output = Command::new(self.postgres.bin().join("psql"))
            .args([&self.database, "-AtqX", "--single-transaction"])
            .args(["-v", "ON_ERROR_STOP=1", "-c", sql])
            .output()
            .context("cannot start psql")?;
        if !output.status.success() {
            bail!("{sql}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        for (number, node) in self.nodes.iter().enumerate() {
            let log = node.log();
            // Not the line of each request.
            let lines: Vec<&str> = log.lines().filter(|line| !line.contains(" answered ")).collect();
            let last = &lines[lines.len().saturating_sub(LOG_LINES)..];
            eprintln!("--- the end of the log of node {number}\n{}", last.join("\n"));
        }
    }
}

/// The program that `HEARTH_BIN` names, else the one beside the tests.
fn program() -> Result<PathBuf> {
    if let Some(program) = std::env::var_os("HEARTH_BIN") {
        return Ok(PathBuf::from(program));
    }
    // target/debug/deps/<this test>
    let test = std::env::current_exe()?;
    let folder = test.ancestors().nth(2).context("no folder of programs")?;
    let program = folder.join("hearth");
    if !program.is_file() {
        bail!(
            "{} is not there; `cargo build -p hearth-backend` makes it, or HEARTH_BIN names another",
            program.display()
        );
    }
    Ok(program)
}
