//! A program that runs beside us, and what can happen to it.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::command::{log, read};
use crate::keeper::apart;

/// Writes down its process id, then becomes the program: there is no moment at which it runs and the keeper does
/// not know it.
const BEGIN: &str = "echo $$ > \"$1\"; shift; exec \"$@\"";

/// A running program. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Program {
    child: Child,
    pid_file: PathBuf,
    ended: Option<ExitStatus>,
}

impl Program {
    /// Starts it in `folder`, which a keeper watches. What it says on its standard error is added to
    /// `<name>.log`; its standard output can be read.
    pub(crate) fn start(folder: &Path, name: &str, command: &Command) -> Result<(Self, ChildStdout)> {
        let pid_file = folder.join(format!("{name}.pid"));
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(log_file(folder, name))?;
        let mut shell = Command::new("sh");
        shell
            .args(["-c", BEGIN, "begin"])
            .arg(&pid_file)
            .arg(command.get_program())
            .args(command.get_args())
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log);
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        apart(&mut shell);
        let mut child = shell.spawn().context("cannot start a shell")?;
        let output = child.stdout.take().context("no standard output")?;
        let program = Self {
            child,
            pid_file,
            ended: None,
        };
        Ok((program, output))
    }

    /// The process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it did.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        if self.ended.is_none() {
            self.ended = self.child.try_wait()?;
            if self.ended.is_some() {
                // Another process may get this number from now on.
                std::fs::remove_file(&self.pid_file).ok();
            }
        }
        Ok(self.ended)
    }

    /// Sends a signal by its name without `SIG`. Nothing happens when the program has ended.
    pub(crate) fn signal(&mut self, name: &str) -> Result<()> {
        if self.ended()?.is_none() {
            // The shell's own `kill`: not every machine has the program.
            let pid = self.pid().to_string();
            read(Command::new("sh").args(["-c", "kill -s \"$1\" \"$2\"", "kill", name, &pid]))?;
        }
        Ok(())
    }

    /// kill -9, and its end.
    pub(crate) fn kill(&mut self) -> Result<()> {
        if self.ended()?.is_none() {
            self.child.kill()?;
            self.wait(Duration::from_secs(10))?;
        }
        Ok(())
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// When it still runs after `patience`.
    pub(crate) fn wait(&mut self, patience: Duration) -> Result<ExitStatus> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            if start.elapsed() > patience {
                bail!("process {} still runs after {patience:?}", self.pid());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Err(error) = self.kill() {
            eprintln!("process {} was not ended: {error}", self.pid());
        }
    }
}

/// Everything that was written to the standard error, over all starts.
pub(crate) fn errors(folder: &Path, name: &str) -> String {
    log(&log_file(folder, name))
}

fn log_file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.log"))
}
