//! A PostgreSQL of one's own for a test run: an empty cluster on a free port of the loopback interface, made
//! in a second, without any promise to keep data (no fsync), and gone afterwards.
//!
//! It goes whatever happens to xtask: beside it runs a small shell that waits for the end of its standard
//! input, which xtask holds open. When xtask ends, by itself, by Ctrl-C or by SIGKILL, the shell stops the
//! server and removes the folder.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process::{is_root, read};
use crate::tools;

/// A running cluster; stopped and removed when dropped.
#[derive(Debug)]
pub(crate) struct Postgres {
    /// For the superuser `postgres`, who needs no password.
    pub(crate) url: String,
    keeper: Child,
}

/// Settings for many short tests at once.
const SETTINGS: &str = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=300 \
    -c listen_addresses=127.0.0.1 -c logging_collector=off -c log_min_messages=fatal";

const KEEPER: &str = "trap '' INT TERM HUP; read -r _; \
    \"$1/pg_ctl\" --pgdata=\"$2/data\" --mode=immediate --silent stop; rm -rf \"$2\"";

impl Postgres {
    /// Makes and starts a cluster.
    pub(crate) fn start() -> Result<Self> {
        let bin = tools::postgres()?;
        let folder = PathBuf::from(read(
            as_owner("mktemp").args(["-d", "/tmp/hearth-postgres-XXXXXX"]),
        )?);
        let keeper = keeper(&bin, &folder)?;
        let mut cluster = Self {
            url: String::new(),
            keeper,
        };
        let data = folder.join("data");
        read(
            as_owner(bin.join("initdb"))
                .args([
                    "--username=postgres",
                    "--auth=trust",
                    "--no-sync",
                    "--encoding=UTF8",
                ])
                .args(["--locale=C", "--pgdata"])
                .arg(&data),
        )?;
        // Another program may take the port between the question and the start.
        for attempt in 1..=5 {
            let port = free_port()?;
            let started = start_server(&bin, &folder, &data, port);
            match started {
                Ok(()) => {
                    cluster.url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
                    return Ok(cluster);
                }
                Err(error) if attempt == 5 => return Err(error),
                Err(_) => {}
            }
        }
        bail!("PostgreSQL did not start")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        if let Err(error) = self.keeper.wait() {
            eprintln!("PostgreSQL was not stopped: {error}");
        }
    }
}

/// `cargo xtask postgres`: for work by hand.
pub(crate) fn serve_until_enter() -> Result<()> {
    let cluster = Postgres::start()?;
    println!("{}\nEnter or Ctrl-D ends it.", cluster.url);
    std::io::stdout().flush()?;
    std::io::stdin().read_line(&mut String::new())?;
    Ok(())
}

fn start_server(bin: &Path, folder: &Path, data: &Path, port: u16) -> Result<()> {
    let log = folder.join("log");
    // To files and not through a pipe: the server would keep the pipe open and reading it would never end.
    let status = as_owner(bin.join("pg_ctl"))
        .args(["start", "--wait", "--silent", "--timeout=60", "--pgdata"])
        .arg(data)
        .arg("--log")
        .arg(&log)
        .arg("--options")
        .arg(format!("-p {port} -k {} {SETTINGS}", folder.display()))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .context("cannot start pg_ctl")?;
    if !status.success() {
        let log = std::fs::read_to_string(&log).unwrap_or_default();
        bail!("PostgreSQL did not start\n{log}");
    }
    Ok(())
}

fn keeper(bin: &Path, folder: &Path) -> Result<Child> {
    let mut command = as_owner("sh");
    command
        .args(["-c", KEEPER, "keeper"])
        .arg(bin)
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    #[cfg(unix)]
    {
        // A Ctrl-C goes to the whole group of the terminal; the keeper must outlive it.
        use std::os::unix::process::CommandExt;
        command.process_group(0);
    }
    command.spawn().context("cannot start a shell")
}

/// A command as a user for whom PostgreSQL agrees to work: it refuses root.
fn as_owner(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/tmp");
    command
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
