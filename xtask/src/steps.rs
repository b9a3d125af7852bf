//! The steps of a command: each is announced, timed and listed at the end.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// Steps done so far.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    done: Vec<(String, Duration, bool)>,
}

impl Steps {
    /// Runs one step. After a failure the table is printed and the error goes up.
    pub(crate) fn step<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("\n=== {name}");
        let start = Instant::now();
        let result = work();
        let took = start.elapsed();
        self.done.push((name.to_owned(), took, result.is_ok()));
        match &result {
            Ok(_) => println!("=== {name}: {}", seconds(took)),
            Err(_) => self.print(),
        }
        result.with_context(|| name.to_owned())
    }

    /// Prints the table of all steps.
    pub(crate) fn print(&self) {
        let width = self.done.iter().map(|(name, ..)| name.len()).max().unwrap_or(0);
        println!();
        for (name, took, passed) in &self.done {
            let verdict = if *passed { "ok" } else { "FAILED" };
            println!("  {name:width$}  {:>9}  {verdict}", seconds(*took));
        }
        let total = self.done.iter().map(|(_, took, _)| *took).sum();
        println!("  {:width$}  {:>9}", "total", seconds(total));
    }
}

/// A duration as people read it.
pub(crate) fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    if whole >= 60 {
        format!("{}m {:02}s", whole / 60, whole % 60)
    } else {
        format!("{:.1}s", duration.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        assert_eq!(seconds(Duration::from_millis(1_250)), "1.2s");
        assert_eq!(seconds(Duration::from_secs(125)), "2m 05s");
    }

    #[test]
    fn a_failed_step_fails_and_is_listed() {
        let mut steps = Steps::default();
        assert!(steps.step("good", || Ok(())).is_ok());
        let failed = steps.step("bad", || anyhow::bail!("reason") as Result<()>);
        assert_eq!(format!("{:#}", failed.unwrap_err()), "bad: reason");
        assert_eq!(steps.done.len(), 2);
    }
}
