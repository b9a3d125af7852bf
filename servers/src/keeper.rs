//! A folder of one's own, and a shell beside it that tidies up whatever happens to this process: when its
//! standard input ends (by `Drop`, Ctrl-C or SIGKILL) it runs a last command, kills what is still alive and
//! removes the folder.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use crate::command::read;

/// `$1` is the folder, the rest the command. Every file `*.pid` holds a process that must not outlive the folder.
const KEEPER: &str = "trap '' INT TERM HUP; read -r _; folder=$1; shift; \
    if [ $# -gt 0 ]; then \"$@\"; fi; \
    for file in \"$folder\"/*.pid; do if [ -f \"$file\" ]; then kill -9 \"$(cat \"$file\")\"; fi; done; \
    rm -rf \"$folder\"";

/// A folder that goes when this is dropped, or when the process ends.
#[derive(Debug)]
pub(crate) struct Keeper {
    folder: PathBuf,
    shell: Child,
}

impl Keeper {
    /// Makes a folder for `what`. `command` makes commands as the user who owns the folder; `last` is run first
    /// when it ends, by the same user.
    pub(crate) fn new(
        what: &str,
        command: impl Fn(&str) -> Command,
        last: impl FnOnce(&Path) -> Vec<PathBuf>,
    ) -> Result<Self> {
        // Not the folder of TMPDIR, which may be one's own, and too long for PostgreSQL's socket.
        let pattern = format!("/tmp/hearth-{what}-XXXXXX");
        let folder = PathBuf::from(read(command("mktemp").args(["-d", &pattern]))?);
        let mut shell = command("sh");
        shell
            .args(["-c", KEEPER, "keeper"])
            .arg(&folder)
            .args(last(&folder))
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        apart(&mut shell);
        let shell = shell.spawn().context("cannot start a shell")?;
        Ok(Self { folder, shell })
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        if let Err(error) = self.shell.wait() {
            eprintln!("{} was not removed: {error}", self.folder.display());
        }
    }
}

/// A Ctrl-C goes to the whole group of the terminal; this command shall not hear it.
pub(crate) fn apart(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(not(unix))]
    let _ = command;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader};

    #[test]
    fn what_its_files_name_and_the_folder_go_with_it() -> Result<()> {
        let keeper = Keeper::new("keeper-test", |name| Command::new(name), |_| Vec::new())?;
        let folder = keeper.folder().to_owned();
        let mut sleeper = Command::new("sh")
            .args(["-c", "echo ready; exec sleep 600"])
            .stdout(Stdio::piped())
            .spawn()?;
        let mut ready = String::new();
        BufReader::new(sleeper.stdout.take().context("no output")?).read_line(&mut ready)?;
        std::fs::write(folder.join("sleeper.pid"), sleeper.id().to_string())?;
        drop(keeper);
        assert!(!folder.exists());
        assert!(!sleeper.wait()?.success());
        Ok(())
    }
}
