//! Something that is made beside something else, with what that leaves of the processors.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

/// A program at work. Dropped before [`Beside::finish`] it is stopped; what it has begun may end by itself.
pub(crate) struct Beside {
    child: Child,
    /// What it says, so that it does not stand among what is said meanwhile.
    log: PathBuf,
}

impl Beside {
    /// Starts a program that takes only what nobody else wants (`nice`).
    ///
    /// # Errors
    /// When it cannot start, or its log cannot be written.
    pub(crate) fn start(program: &Path, args: &[&str], log: PathBuf) -> Result<Self> {
        if let Some(folder) = log.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        println!("Beside the next steps: {} (in {})", args.join(" "), log.display());
        let child = Command::new("nice")
            .args(["-n", "19"])
            .arg(program)
            .args(args)
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .context("cannot start `nice`")?;
        Ok(Self { child, log })
    }

    /// Waits for its end. Gives what it said.
    ///
    /// # Errors
    /// When it failed, with what it said.
    pub(crate) fn finish(mut self) -> Result<String> {
        let status = self.child.wait()?;
        let said = String::from_utf8_lossy(&fs::read(&self.log)?).into_owned();
        if !status.success() {
            bail!("{said}\nfailed ({status})");
        }
        Ok(said)
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // After its end there is nothing to stop, and that is an error here.
        if self.child.kill().is_ok() {
            drop(self.child.wait());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(name: &str, line: &str) -> Beside {
        let log = std::env::temp_dir().join(format!("hearth-beside-{name}-{}.log", std::process::id()));
        Beside::start(Path::new("sh"), &["-c", line], log).unwrap()
    }

    #[test]
    fn what_it_said_is_there_when_it_has_ended() {
        assert_eq!(
            shell("good", "echo one; echo two >&2").finish().unwrap(),
            "one\ntwo\n"
        );
        let failed = shell("bad", "echo why; exit 3").finish().unwrap_err().to_string();
        assert!(failed.starts_with("why\n") && failed.contains('3'), "{failed}");
    }

    #[test]
    fn it_ends_with_whoever_started_it() {
        let begun = std::time::Instant::now();
        drop(shell("long", "exec sleep 60"));
        assert!(begun.elapsed().as_secs() < 30);
    }
}
