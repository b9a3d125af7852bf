//! A PostgreSQL without any promise to keep data through a power cut (no fsync): an empty cluster for a test run.
//! What was committed is still there after `restart_immediate`, as after kill -9.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::command::{find, is_root, log, read};
use crate::keeper::Keeper;
use crate::port;

/// A cluster, running or stopped. Gone when dropped.
#[derive(Debug)]
pub struct Postgres {
    port: u16,
    bin: PathBuf,
    settings: String,
    keeper: Keeper,
}

/// Settings for many short tests at once. `synchronous_commit` stays on: without it what was committed is lost not
/// only by a power cut but also when the server is stopped at once.
const SETTINGS: &str = "-c fsync=off -c full_page_writes=off -c max_connections=300 \
    -c listen_addresses=127.0.0.1 -c logging_collector=off -c log_min_messages=fatal";

impl Postgres {
    /// The folder of its programs: where `initdb` is on `PATH`, else the newest of Debian's.
    pub fn installed() -> Option<PathBuf> {
        // What is on the path may be a link to a place where it does not stand alone.
        let on_path = find("initdb")
            .and_then(|file| file.canonicalize().ok())
            .and_then(|file| file.parent().map(Path::to_path_buf))
            .filter(|folder| folder.join("createdb").is_file());
        on_path.or_else(|| {
            let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
            let mut found: Vec<(u32, PathBuf)> = versions
                .filter_map(|entry| {
                    let entry = entry.ok()?;
                    let version = entry.file_name().to_str()?.parse().ok()?;
                    Some((version, entry.path().join("bin")))
                })
                .filter(|(_, folder)| folder.join("initdb").is_file())
                .collect();
            found.sort();
            found.pop().map(|(_, folder)| folder)
        })
    }

    /// Makes and starts a cluster on a free port.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not start; the error holds what it says.
    pub fn start() -> Result<Self> {
        Self::start_with("", |_| Ok(()))
    }

    /// Makes a cluster with further settings (`-c name=value`) and starts it when its folder has what they need.
    ///
    /// # Errors
    /// As `start`.
    pub fn start_with(settings: &str, fill: impl FnOnce(&Self) -> Result<()>) -> Result<Self> {
        let mut cluster = Self::prepare(settings)?;
        fill(&cluster)?;
        cluster.port = port::retry(|port| cluster.start_at(port).map(|()| port))?;
        Ok(cluster)
    }

    fn prepare(settings: &str) -> Result<Self> {
        let bin = Self::installed()
            .context("PostgreSQL (initdb) is not installed; `cargo xtask tools` installs it")?;
        let keeper = Keeper::new(
            "postgres",
            |name| as_owner(name),
            |folder| {
                let mut last = vec![bin.join("pg_ctl"), "--pgdata".into(), folder.join("data")];
                last.extend(["--mode=immediate", "--silent", "stop"].map(PathBuf::from));
                last
            },
        )?;
        read(
            as_owner(bin.join("initdb"))
                .args(["--username=postgres", "--auth=trust", "--no-sync"])
                .args(["--encoding=UTF8", "--locale=C", "--pgdata"])
                .arg(keeper.folder().join("data")),
        )?;
        Ok(Self {
            port: 0,
            bin,
            settings: settings.to_owned(),
            keeper,
        })
    }

    /// Writes a file into the folder of the data that only the server can read.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: &str, text: &str) -> Result<()> {
        let mut child = as_owner("sh")
            .args(["-c", "umask 077; cat > \"$1\"", "write"])
            .arg(self.keeper.folder().join("data").join(name))
            .stdin(Stdio::piped())
            .spawn()
            .context("cannot start a shell")?;
        let mut input = child.stdin.take().context("no way into the shell")?;
        input.write_all(text.as_bytes())?;
        drop(input);
        if !child.wait()?.success() {
            bail!("{name} was not written");
        }
        Ok(())
    }

    /// The address for the superuser `postgres`, who needs no password, and the database `postgres`.
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// The address of a database.
    pub fn url_of(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Makes an empty database and returns its address.
    ///
    /// # Errors
    /// When there is one of this name.
    pub fn create_database(&self, name: &str) -> Result<String> {
        read(
            Command::new(self.bin.join("createdb"))
                .args(["--host=127.0.0.1", "--username=postgres", "--port"])
                .arg(self.port.to_string())
                .arg(name),
        )?;
        Ok(self.url_of(name))
    }

    /// The folder of `psql` and the like.
    pub fn bin(&self) -> &Path {
        &self.bin
    }

    /// Stops it as a crash does: sessions are cut, nothing is written, the next start recovers from the log.
    ///
    /// # Errors
    /// When it does not run.
    pub fn stop_immediate(&self) -> Result<()> {
        self.pg_ctl(&["stop", "--mode=immediate"], None)
    }

    /// Starts it at the same address.
    ///
    /// # Errors
    /// When it runs already or does not start.
    pub fn start_again(&self) -> Result<()> {
        self.start_at(self.port)
    }

    /// Holds all its processes: it accepts connections and answers nothing. Linux.
    ///
    /// # Errors
    /// When it does not run.
    pub fn freeze(&self) -> Result<()> {
        self.signal("-STOP")
    }

    /// Lets it go on.
    ///
    /// # Errors
    /// When it does not run.
    pub fn thaw(&self) -> Result<()> {
        self.signal("-CONT")
    }

    fn signal(&self, name: &str) -> Result<()> {
        let file = self.keeper.folder().join("data/postmaster.pid");
        let text = read(as_owner("head").args(["-n", "1"]).arg(file))?;
        let first: u32 = text.trim().parse().context("postmaster.pid")?;
        // The first one before its children, so that it cannot make another one meanwhile.
        kill(name, first)?;
        for id in children(first)? {
            // It may have ended by itself.
            drop(kill(name, id));
        }
        Ok(())
    }

    /// `stop_immediate` and `start_again`.
    ///
    /// # Errors
    /// As those.
    pub fn restart_immediate(&self) -> Result<()> {
        self.stop_immediate()?;
        self.start_again()
    }

    fn start_at(&self, port: u16) -> Result<()> {
        let folder = self.keeper.folder();
        let options = format!("-p {port} -k {} {SETTINGS} {}", folder.display(), self.settings);
        self.pg_ctl(&["start"], Some(&options))
    }

    fn pg_ctl(&self, arguments: &[&str], options: Option<&str>) -> Result<()> {
        let log_file = self.keeper.folder().join("log");
        let mut command = as_owner(self.bin.join("pg_ctl"));
        command
            .args(arguments)
            .args(["--wait", "--silent", "--timeout=60", "--pgdata"])
            .arg(self.keeper.folder().join("data"));
        if let Some(options) = options {
            command.arg("--log").arg(&log_file).args(["--options", options]);
        }
        // Not through pipes: the server would keep them open and reading them would never end.
        let status = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .context("cannot start pg_ctl")?;
        if !status.success() {
            bail!(
                "pg_ctl {} failed ({status})\n{}",
                arguments.join(" "),
                log(&log_file)
            );
        }
        Ok(())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // A server that is held cannot be stopped; one that is gone needs no signal.
        drop(self.thaw());
    }
}

fn kill(name: &str, id: u32) -> Result<()> {
    read(Command::new("kill").arg(name).arg(id.to_string())).map(drop)
}

fn children(of: u32) -> Result<Vec<u32>> {
    let processes = std::fs::read_dir("/proc").context("no /proc")?;
    let ids = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let is_child = |id: &u32| {
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"));
        parent.is_some_and(|parent| parent.trim() == of.to_string())
    };
    Ok(ids.filter(is_child).collect())
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
    command.current_dir("/");
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_committed_survives_an_immediate_restart() -> Result<()> {
        let postgres = Postgres::start()?;
        let url = postgres.create_database("house")?;
        let psql = |sql| read(Command::new(postgres.bin().join("psql")).args([&url, "-Atc", sql]));
        psql("CREATE TABLE kept AS SELECT 7 AS number")?;
        postgres.restart_immediate()?;
        assert_eq!(psql("SELECT number FROM kept")?, "7");
        postgres.stop_immediate()?;
        assert!(psql("SELECT 1").is_err());
        postgres.start_again()?;
        assert_eq!(psql("SELECT 1")?, "1");
        let folder = postgres.keeper.folder().to_owned();
        drop(postgres);
        assert!(!folder.exists());
        Ok(())
    }
}
