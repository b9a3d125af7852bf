//! The real program, once or several times on one database: started, killed, frozen, stopped and started again.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::keeper::Keeper;
use crate::program::{Program, errors};

/// What the program says on its standard output when it takes requests.
const READY: &str = "Hearth is ready: http://";

/// How long a start may take: migrations, and a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// One Hearth: what its nodes have in common. Its folder goes when this is dropped, and with it nodes that still
/// run.
#[derive(Debug)]
pub struct Hearth {
    program: PathBuf,
    environment: Vec<(String, String)>,
    nodes: u32,
    keeper: Keeper,
}

impl Hearth {
    /// A Hearth of this program, with one secret for all of its nodes.
    ///
    /// # Errors
    /// When the program is not there.
    pub fn of(program: &Path) -> Result<Self> {
        if !program.is_file() {
            bail!("{} is not there; `cargo xtask build` makes it", program.display());
        }
        let mut hearth = Self {
            // It runs in another folder.
            program: program.canonicalize()?,
            environment: Vec::new(),
            nodes: 0,
            keeper: Keeper::new("nodes", |name| Command::new(name), |_| Vec::new())?,
        };
        let secret = hearth.keeper.folder().join("secret.key");
        hearth.set("HEARTH_SECRET_FILE", &secret.to_string_lossy());
        Ok(hearth)
    }

    /// Sets a variable for every node that is made from now on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// The folder with the secret, and what each node says in `node-<number>.log`.
    pub fn folder(&self) -> &Path {
        self.keeper.folder()
    }

    /// Makes a node with a data folder of its own and waits until it takes requests.
    ///
    /// # Errors
    /// When it ends before, or not within a minute; the error holds what it says.
    pub fn start_node(&mut self) -> Result<Node> {
        let mut node = self.add_node()?;
        node.start_again()?;
        Ok(node)
    }

    /// The same without starting it.
    ///
    /// # Errors
    /// When its folder cannot be made.
    pub fn add_node(&mut self) -> Result<Node> {
        self.nodes += 1;
        let folder = self.keeper.folder().to_owned();
        let name = format!("node-{}", self.nodes);
        let data = folder.join(&name);
        std::fs::create_dir_all(&data)?;
        Ok(Node {
            environment: self.environment.clone(),
            program: self.program.clone(),
            address: None,
            running: None,
            data,
            folder,
            name,
        })
    }
}

/// A node, running or stopped. Killed when dropped.
#[derive(Debug)]
pub struct Node {
    program: PathBuf,
    environment: Vec<(String, String)>,
    folder: PathBuf,
    name: String,
    data: PathBuf,
    /// Where it listened when it ran last. It comes back there.
    address: Option<SocketAddr>,
    running: Option<Program>,
}

impl Node {
    /// Sets a variable for the next start.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Where it listens. Stays the same.
    ///
    /// # Errors
    /// When it was never started.
    pub fn address(&self) -> Result<SocketAddr> {
        self.address.context("this node was never started")
    }

    /// The base of its addresses, without a slash at the end.
    ///
    /// # Errors
    /// As `address`.
    pub fn url(&self) -> Result<String> {
        Ok(format!("http://{}", self.address()?))
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The process id while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.running.as_ref().map(Program::pid)
    }

    /// Everything that it logged, over all starts.
    pub fn log(&self) -> String {
        errors(&self.folder, &self.name)
    }

    /// Starts it, at the same address as before, and waits until it takes requests. Nothing happens when it runs.
    ///
    /// # Errors
    /// When it ends before, or not within a minute; the error holds what it says.
    pub fn start_again(&mut self) -> Result<()> {
        if self.running.is_some() {
            return Ok(());
        }
        let (program, address) = match self.address {
            Some(address) => self.run_at(address.port())?,
            None => crate::port::retry(|port| self.run_at(port))?,
        };
        self.running = Some(program);
        self.address = Some(address);
        Ok(())
    }

    /// SIGKILL.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn kill(&mut self) -> Result<()> {
        self.running.take().map_or(Ok(()), |mut program| program.kill())
    }

    /// SIGTERM, and its end. Returns how it ended and how long that took.
    ///
    /// # Errors
    /// When it does not run, or still runs after `patience`; then it is killed.
    pub fn stop(&mut self, patience: Duration) -> Result<(ExitStatus, Duration)> {
        let mut program = self.running.take().context("this node does not run")?;
        let start = Instant::now();
        program.signal("TERM")?;
        Ok((program.wait(patience)?, start.elapsed()))
    }

    /// Sends a signal by its name without `SIG`, such as `TERM`.
    ///
    /// # Errors
    /// When it does not run, or the system refuses.
    pub fn signal(&mut self, name: &str) -> Result<()> {
        let program = self.running.as_mut().context("this node does not run")?;
        program.signal(name)
    }

    /// SIGSTOP: its connections stand, and nothing comes.
    ///
    /// # Errors
    /// As `signal`.
    pub fn freeze(&mut self) -> Result<()> {
        self.signal("STOP")
    }

    /// SIGCONT.
    ///
    /// # Errors
    /// As `signal`.
    pub fn thaw(&mut self) -> Result<()> {
        self.signal("CONT")
    }

    /// Whether it runs; not when it ended by itself.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn is_running(&mut self) -> Result<bool> {
        match &mut self.running {
            Some(program) => Ok(program.ended()?.is_none()),
            None => Ok(false),
        }
    }

    /// Waits until it ends by itself, or after `signal`.
    ///
    /// # Errors
    /// When it does not run, or still runs after `patience`.
    pub fn wait(&mut self, patience: Duration) -> Result<ExitStatus> {
        let program = self.running.as_mut().context("this node does not run")?;
        let status = program.wait(patience)?;
        self.running = None;
        Ok(status)
    }

    fn run_at(&self, port: u16) -> Result<(Program, SocketAddr)> {
        let mut command = Command::new(&self.program);
        command
            .arg("serve")
            .env("HEARTH_BIND", format!("127.0.0.1:{port}"))
            .env("HEARTH_DATA_DIR", &self.data);
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        let (mut program, output) = Program::start(&self.folder, &self.name, &command)?;
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            // To the end, so that the program never waits for somebody to read.
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if let Some(address) = line.strip_prefix(READY) {
                    tell.send(address.to_owned()).ok();
                }
            }
        });
        match told.recv_timeout(PATIENCE) {
            Ok(address) => Ok((program, address.parse().context(address)?)),
            Err(error) => {
                program.kill()?;
                let what = match error {
                    RecvTimeoutError::Timeout => "did not start within a minute",
                    RecvTimeoutError::Disconnected => "ended before it was ready",
                };
                bail!("{} {what}\n{}", self.name, self.log())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program that behaves at its start and at its end as Hearth does.
    const STAND_IN: &str = "#!/bin/sh\n\
        echo \"serve $HEARTH_BIND $GREETING\" >&2\n\
        [ \"$GREETING\" = no ] && exit 3\n\
        trap 'exit 0' TERM\n\
        echo \"Hearth is ready: http://$HEARTH_BIND\"\n\
        while :; do sleep 0.05; done\n";

    #[test]
    fn a_node_comes_back_to_its_address() -> Result<()> {
        let mut hearth = stand_in()?;
        hearth.set("GREETING", "good morning");
        let mut node = hearth.start_node()?;
        let address = node.address()?;
        assert!(node.is_running()? && node.url()? == format!("http://{address}"));
        node.kill()?;
        assert!(!node.is_running()? && node.stop(Duration::from_secs(1)).is_err());
        node.start_again()?;
        assert_eq!(node.address()?, address);
        node.freeze()?;
        node.thaw()?;
        let (status, _) = node.stop(Duration::from_secs(10))?;
        assert!(status.success());
        let line = format!("serve {address} good morning\n");
        assert_eq!(node.log(), line.repeat(2));
        let other = hearth.start_node()?;
        assert!(other.address()? != address && other.data() != node.data());
        Ok(())
    }

    #[test]
    fn one_that_does_not_start_says_why() -> Result<()> {
        let mut hearth = stand_in()?;
        hearth.set("GREETING", "no");
        let error = hearth.start_node().unwrap_err().to_string();
        assert!(
            error.contains("ended before it was ready") && error.contains("serve 127.0.0.1:"),
            "{error}"
        );
        assert!(Hearth::of(Path::new("/nowhere/hearth")).is_err());
        Ok(())
    }

    #[cfg(unix)]
    fn stand_in() -> Result<Hearth> {
        use std::os::unix::fs::PermissionsExt;
        let mut hearth = Hearth::of(Path::new("/bin/sh"))?;
        hearth.program = hearth.keeper.folder().join("stand-in");
        std::fs::write(&hearth.program, STAND_IN)?;
        std::fs::set_permissions(&hearth.program, PermissionsExt::from_mode(0o755))?;
        Ok(hearth)
    }
}
