//! A PostgreSQL of the story's own, which it may stop, restart, hold and encrypt: an empty cluster on a free port
//! of the loopback interface. Gone afterwards, also when the test is killed: a small shell waits for that.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A running cluster; stopped and removed when dropped.
pub(crate) struct Cluster {
    bin: PathBuf,
    folder: PathBuf,
    port: u16,
    options: String,
    keeper: Child,
}

/// No fsync: what is killed here are processes, never the machine.
const SETTINGS: &str = "-c fsync=off -c shared_buffers=16MB -c listen_addresses=127.0.0.1 \
    -c logging_collector=off -c log_min_messages=fatal";

const KEEPER: &str = "trap '' INT TERM HUP; read -r _; \
    \"$1/pg_ctl\" --pgdata=\"$2/data\" --mode=immediate --silent stop; rm -rf \"$2\"";

impl Cluster {
    /// `None` when PostgreSQL is not installed here, unless `HEARTH_TEST_REQUIRE_POSTGRES` demands it.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with("")
    }

    /// With further settings (`-c name=value`).
    pub(crate) fn start_with(settings: &str) -> Option<Self> {
        let cluster = Self::prepare(settings)?;
        cluster.up();
        Some(cluster)
    }

    /// Made, but not started.
    pub(crate) fn prepare(settings: &str) -> Option<Self> {
        let bin = binaries()?;
        let made = as_owner("mktemp")
            .args(["-d", "/tmp/hearth-test-postgres-XXXXXX"])
            .output()
            .unwrap();
        let folder = PathBuf::from(String::from_utf8(made.stdout).unwrap().trim());
        let mut keeper = as_owner("sh");
        keeper
            .args(["-c", KEEPER, "keeper"])
            .args([&bin, &folder])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut keeper, 0);
        let keeper = keeper.spawn().unwrap();
        let made = as_owner(bin.join("initdb"))
            .args([
                "--username=postgres",
                "--auth=trust",
                "--no-sync",
                "--encoding=UTF8",
            ])
            .args(["--locale=C", "--pgdata"])
            .arg(folder.join("data"))
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let options = format!("-p {port} -k {} {SETTINGS} {settings}", folder.display());
        Some(Self {
            bin,
            folder,
            port,
            options,
            keeper,
        })
    }

    /// For the superuser, who needs no password.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// A file in the cluster's folder that only its owner can read.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.join(name);
        let mut child = as_owner("sh")
            .args(["-c", "umask 077; cat > \"$1\"", "write"])
            .arg(&path)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
        path
    }

    /// Starts it.
    pub(crate) fn up(&self) {
        self.control(&["start", "--timeout=60", "--options", &self.options]);
    }

    /// Stops it as a power cut would, without a word to anybody.
    pub(crate) fn down(&self) {
        self.control(&["stop", "--mode=immediate"]);
    }

    fn control(&self, arguments: &[&str]) {
        let log = self.folder.join("log");
        let status = as_owner(self.bin.join("pg_ctl"))
            .args(arguments)
            .args(["--wait", "--silent", "--pgdata"])
            .arg(self.folder.join("data"))
            .arg("--log")
            .arg(&log)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        let log = std::fs::read_to_string(&log).unwrap_or_default();
        assert!(status.success(), "{arguments:?}\n{log}");
    }

    /// Sends a signal to all its processes: `STOP`, `CONT`.
    #[cfg(target_os = "linux")]
    pub(crate) fn signal(&self, name: &str) {
        let file = as_owner("head")
            .args(["-n", "1"])
            .arg(self.folder.join("data/postmaster.pid"))
            .output()
            .unwrap();
        let first: u32 = String::from_utf8(file.stdout).unwrap().trim().parse().unwrap();
        // The first one before its children, so that it cannot make another one meanwhile.
        kill(name, &[first]);
        kill(name, &children(first));
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        #[cfg(target_os = "linux")]
        if std::thread::panicking() {
            // A server that is held cannot be stopped; a server that is gone needs no signal.
            drop(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                self.signal("CONT")
            })));
        }
        drop(self.keeper.stdin.take());
        self.keeper.wait().unwrap();
    }
}

#[cfg(target_os = "linux")]
fn kill(name: &str, processes: &[u32]) {
    for id in processes {
        // It may have ended by itself.
        drop(
            Command::new("kill")
                .arg(format!("-{name}"))
                .arg(id.to_string())
                .output(),
        );
    }
}

#[cfg(target_os = "linux")]
fn children(of: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").unwrap();
    let ids = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    ids.filter(|id| {
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"));
        parent.is_some_and(|parent| parent.trim() == of.to_string())
    })
    .collect()
}

/// The folder with `initdb` and `pg_ctl`: on the path, or where Debian has it.
#[expect(clippy::disallowed_methods, reason = "the tests' own configuration")]
fn binaries() -> Option<PathBuf> {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut debian: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((
                entry.file_name().to_str()?.parse().ok()?,
                entry.path().join("bin"),
            ))
        })
        .collect();
    debian.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    let found = std::env::split_paths(&path)
        .chain(debian.into_iter().map(|(_, folder)| folder))
        .find(|folder| folder.join("initdb").is_file());
    assert!(
        found.is_some() || std::env::var("HEARTH_TEST_REQUIRE_POSTGRES").is_err(),
        "PostgreSQL is not installed"
    );
    found
}

/// A command as a user for whom PostgreSQL agrees to work: it refuses root.
fn as_owner(program: impl AsRef<Path>) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program.as_ref());
        command
    } else {
        Command::new(program.as_ref())
    };
    command.current_dir("/tmp");
    command
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}
