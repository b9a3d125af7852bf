//! A Redis that keeps nothing: for a test to kill, freeze, empty and start again at the same address.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::command::{find, log, read};
use crate::keeper::Keeper;
use crate::port;
use crate::program::Program;

/// What a test may want to differ.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The port; a free one by default.
    pub port: Option<u16>,
    /// Whether `DEBUG` is allowed, for `DEBUG SLEEP`. Redis 7 or newer.
    pub debug: bool,
    /// More arguments for `redis-server`, such as `--requirepass`.
    pub arguments: Vec<String>,
}

/// A Redis, running or stopped. Gone when dropped.
#[derive(Debug)]
pub struct Redis {
    port: u16,
    arguments: Vec<String>,
    // Before the keeper, so that it ends before its folder goes.
    program: Option<Program>,
    keeper: Keeper,
}

impl Redis {
    /// Whether `redis-server` and `redis-cli` are installed.
    pub fn is_installed() -> bool {
        find("redis-server").is_some() && find("redis-cli").is_some()
    }

    /// Starts one on a free port.
    ///
    /// # Errors
    /// When Redis is not installed or does not start; the error holds what it says.
    pub fn start() -> Result<Self> {
        Self::start_with(Settings::default())
    }

    /// Starts one with other settings.
    ///
    /// # Errors
    /// As `start`, and when the wanted port is taken.
    pub fn start_with(settings: Settings) -> Result<Self> {
        if !Self::is_installed() {
            bail!("redis-server and redis-cli are not installed; `cargo xtask tools` installs them");
        }
        let start = |port| {
            let mut redis = Self {
                port,
                arguments: arguments(&settings),
                program: None,
                keeper: Keeper::new("redis", |name| Command::new(name), |_| Vec::new())?,
            };
            redis.start_again()?;
            Ok(redis)
        };
        match settings.port {
            Some(port) => start(port),
            None => port::retry(start),
        }
    }

    /// The address, without a database number.
    pub fn url(&self) -> String {
        format!("redis://{}", self.address())
    }

    /// The address.
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// The process id while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.program.as_ref().map(Program::pid)
    }

    /// Starts it, empty, at the same address. Nothing happens when it runs.
    ///
    /// # Errors
    /// When it does not answer within ten seconds; the error holds what it says.
    pub fn start_again(&mut self) -> Result<()> {
        if self.program.is_some() {
            return Ok(());
        }
        // The one that has it would answer in its place.
        if !port::is_free(self.port) {
            bail!("Redis did not start: port {} is taken", self.port);
        }
        let folder = self.keeper.folder().to_owned();
        let mut command = Command::new("redis-server");
        command
            .args(["--port", &self.port.to_string(), "--bind", "127.0.0.1"])
            .args(["--daemonize", "no", "--logfile", "redis.out", "--dir"])
            .arg(&folder)
            .args(["--save", "", "--appendonly", "no"])
            .args(&self.arguments);
        let (mut program, _) = Program::start(&folder, "redis", &command)?;
        let start = Instant::now();
        while !answers(self.address()) {
            if program.ended()?.is_some() || start.elapsed() > Duration::from_secs(10) {
                bail!("Redis did not start\n{}", said(&folder));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        self.program = Some(program);
        Ok(())
    }

    /// SIGKILL.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn kill(&mut self) -> Result<()> {
        self.program.take().map_or(Ok(()), |mut program| program.kill())
    }

    /// SIGTERM, and its end.
    ///
    /// # Errors
    /// When it still runs ten seconds later.
    pub fn stop(&mut self) -> Result<()> {
        let Some(mut program) = self.program.take() else {
            return Ok(());
        };
        program.signal("TERM")?;
        program.wait(Duration::from_secs(10)).map(drop)
    }

    /// SIGSTOP: it holds its connections and says nothing.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn freeze(&mut self) -> Result<()> {
        self.signal("STOP")
    }

    /// SIGCONT.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn thaw(&mut self) -> Result<()> {
        self.signal("CONT")
    }

    /// One command, such as `["CLIENT", "KILL", "TYPE", "pubsub"]`, by `redis-cli`. Returns its answer.
    ///
    /// # Errors
    /// When Redis does not answer, or with an error.
    pub fn command(&self, words: &[&str]) -> Result<String> {
        read(
            Command::new("redis-cli")
                .args(["-e", "-p", &self.port.to_string()])
                .args(words),
        )
    }

    fn signal(&mut self, name: &str) -> Result<()> {
        let program = self.program.as_mut().context("Redis does not run")?;
        program.signal(name)
    }
}

fn arguments(settings: &Settings) -> Vec<String> {
    let mut arguments = settings.arguments.clone();
    if settings.debug {
        arguments.extend(["--enable-debug-command", "local"].map(str::to_owned));
    }
    arguments
}

fn said(folder: &Path) -> String {
    log(&folder.join("redis.out")) + &log(&folder.join("redis.log"))
}

/// Whether a Redis answers here; an answer that one must sign in first is one.
fn answers(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<[u8; 1]> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        stream.write_all(b"PING\r\n")?;
        let mut first = [0];
        stream.read_exact(&mut first)?;
        Ok(first)
    };
    ask().is_ok_and(|first| matches!(&first, b"+" | b"-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn killed_frozen_and_started_again_at_the_same_address() -> Result<()> {
        let mut redis = Redis::start_with(Settings {
            debug: true,
            ..Settings::default()
        })?;
        let address = redis.address();
        assert_eq!(redis.command(&["SET", "a", "1"])?, "OK");
        assert_eq!(redis.command(&["DEBUG", "SLEEP", "0"])?, "OK");
        assert!(redis.command(&["NOTHING"]).is_err());
        redis.kill()?;
        assert!(!answers(address));
        redis.start_again()?;
        assert_eq!(redis.address(), address);
        assert_eq!(redis.command(&["EXISTS", "a"])?, "0");
        redis.freeze()?;
        assert!(!answers(address));
        redis.thaw()?;
        assert_eq!(redis.command(&["PING"])?, "PONG");
        redis.stop()?;
        redis.stop()?;
        redis.start_again()?;
        let folder = redis.keeper.folder().to_owned();
        drop(redis);
        assert!(!answers(address) && !folder.exists());
        Ok(())
    }

    #[test]
    fn a_port_that_is_taken_is_said() -> Result<()> {
        let redis = Redis::start()?;
        let second = Redis::start_with(Settings {
            port: Some(redis.address().port()),
            ..Settings::default()
        });
        assert!(second.unwrap_err().to_string().contains("did not start"));
        Ok(())
    }
}
