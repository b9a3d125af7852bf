//! What was measured, and the table that says it.

use std::fmt::Write as _;
use std::time::Duration;

use hdrhistogram::Histogram;

/// Latencies as a histogram from a microsecond to two minutes, to three digits.
#[derive(Debug, Clone)]
pub(crate) struct Latencies(Histogram<u64>);

impl Latencies {
    /// None yet.
    pub(crate) fn new() -> Self {
        match Histogram::new_with_bounds(100, 120_000_000_000, 3) {
            Ok(histogram) => Self(histogram),
            Err(_) => unreachable!("these bounds are right"),
        }
    }

    /// Adds one.
    pub(crate) fn add(&mut self, time: Duration) {
        self.0
            .saturating_record(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
    }

    /// Adds all of another one.
    pub(crate) fn join(&mut self, other: &Self) {
        // Both have the same bounds.
        if let Err(error) = self.0.add(&other.0) {
            eprintln!("latencies were lost: {error}");
        }
    }

    /// How many.
    pub(crate) fn count(&self) -> u64 {
        self.0.len()
    }

    /// A percentile in milliseconds.
    pub(crate) fn percentile(&self, percent: f64) -> f64 {
        to_float(self.0.value_at_percentile(percent)) / 1e6
    }
}

/// Counts are small enough for a float.
#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
pub(crate) fn to_float(count: u64) -> f64 {
    count as f64
}

/// One run of one thing.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    /// Operations that succeeded.
    pub(crate) done: u64,
    /// Operations that did not.
    pub(crate) failed: u64,
    /// How long it took.
    pub(crate) seconds: f64,
    /// From when it was due to when it was answered.
    pub(crate) latencies: Latencies,
    /// Processor time of what was measured.
    pub(crate) server: Duration,
    /// Processor time of the load generator.
    pub(crate) own: Duration,
}

impl Run {
    /// Operations in a second.
    pub(crate) fn rate(&self) -> f64 {
        to_float(self.done) / self.seconds
    }

    /// Microseconds of processor time for each operation.
    pub(crate) fn cost(&self) -> f64 {
        self.server.as_secs_f64() * 1e6 / to_float(self.done.max(1))
    }

    /// The load generator's share of the processor time that was used.
    fn share(&self) -> f64 {
        let all = (self.server + self.own).as_secs_f64();
        if all > 0.0 {
            self.own.as_secs_f64() / all
        } else {
            0.0
        }
    }
}

/// The middle one.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        even if even % 2 == 0 => f64::midpoint(values[middle - 1], values[middle]),
        _ => values[middle],
    }
}

/// The median of a value of several runs.
pub(crate) fn median_of(runs: &[Run], value: impl Fn(&Run) -> f64) -> f64 {
    median(runs.iter().map(value).collect())
}

/// What Hearth is compared with, run beside it.
pub(crate) struct Beside<'a> {
    /// What it is.
    pub(crate) name: &'a str,
    /// Its runs, in pairs with Hearth's.
    pub(crate) runs: &'a [Run],
}

/// The table, line by line.
#[derive(Default)]
pub(crate) struct Report {
    lines: Vec<String>,
    notes: Vec<String>,
}

impl Report {
    /// A line that compares rates.
    pub(crate) fn rates(&mut self, row: &str, what: &str, hearth: &[Run], beside: &[Beside<'_>]) {
        let latency = percentiles(|percent| median_of(hearth, |run| run.latencies.percentile(percent)));
        let mut names = Vec::new();
        let mut ratios = Vec::new();
        for other in beside {
            let rate = median_of(other.runs, Run::rate);
            names.push(format!("{} {}", thousands(rate), other.name));
            let pairs = hearth.iter().zip(other.runs);
            let ratio = median(pairs.map(|(a, b)| a.rate() / b.rate()).collect());
            ratios.push(format!("{:.0} %", ratio * 100.0));
        }
        let rate = median_of(hearth, Run::rate);
        self.push(&[
            row,
            what,
            &format!("**{}**", thousands(rate)),
            &or_dash(names.join("; ")),
            &or_dash(ratios.join("; ")),
            &latency,
            &format!("{:.0}", median_of(hearth, Run::cost)),
            &format!("{:.0} %", median_of(hearth, Run::share) * 100.0),
        ]);
        self.say_failed(row, what, hearth);
    }

    /// A line that compares latencies.
    pub(crate) fn latencies(&mut self, row: &str, what: &str, hearth: &[Run], beside: &[(&str, Latencies)]) {
        let names: Vec<String> = beside
            .iter()
            .map(|(name, times)| {
                let times = percentiles(|percent| times.percentile(percent));
                format!("{times} {name}")
            })
            .collect();
        self.push(&[
            row,
            what,
            &thousands(median_of(hearth, Run::rate)),
            &or_dash(names.join("; ")),
            "-",
            &format!(
                "**{}**",
                percentiles(|percent| median_of(hearth, |run| run.latencies.percentile(percent)))
            ),
            &format!("{:.0}", median_of(hearth, Run::cost)),
            &format!("{:.0} %", median_of(hearth, Run::share) * 100.0),
        ]);
        self.say_failed(row, what, hearth);
    }

    /// Something that has to be said below the table.
    pub(crate) fn note(&mut self, text: impl Into<String>) {
        let text = text.into();
        eprintln!("  {text}");
        self.notes.push(text);
    }

    fn push(&mut self, cells: &[&str]) {
        let line = format!("| {} |", cells.join(" | "));
        eprintln!("{line}");
        self.lines.push(line);
    }

    fn say_failed(&mut self, row: &str, what: &str, runs: &[Run]) {
        let failed: u64 = runs.iter().map(|run| run.failed).sum();
        if failed > 0 {
            let done: u64 = runs.iter().map(|run| run.done).sum();
            self.note(format!("{row}, {what}: {failed} of {} failed.", done + failed));
        }
    }

    /// The table as markdown, below its conditions.
    pub(crate) fn markdown(&self, conditions: &[String]) -> String {
        let mut text = String::new();
        for condition in conditions {
            let _ = writeln!(text, "- {condition}");
        }
        text.push_str("\n| row | what | Hearth, in a second | beside it, in a second | ratio | p50 / p95 / p99, ms | server's CPU each, µs | load generator's share of CPU |\n");
        text.push_str("|---|---|---|---|---|---|---|---|\n");
        for line in &self.lines {
            let _ = writeln!(text, "{line}");
        }
        if !self.notes.is_empty() {
            text.push('\n');
        }
        for note in &self.notes {
            let _ = writeln!(text, "- {note}");
        }
        text
    }
}

fn or_dash(text: String) -> String {
    if text.is_empty() { "-".to_owned() } else { text }
}

/// The half, what 19 of 20 wait at most, and 99 of 100.
fn percentiles(at: impl Fn(f64) -> f64) -> String {
    let times = [50.0, 95.0, 99.0].map(|percent| millis(at(percent)));
    times.join(" / ")
}

fn millis(value: f64) -> String {
    match value {
        large if large >= 100.0 => format!("{large:.0}"),
        middle if middle >= 10.0 => format!("{middle:.1}"),
        small => format!("{small:.2}"),
    }
}

/// `12345.6` is `12,346`.
fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_numbers() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]).to_bits(), 2.0_f64.to_bits());
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]).to_bits(), 2.5_f64.to_bits());
        assert_eq!(thousands(999.6), "1,000");
        assert_eq!(thousands(12.0), "12");
        assert_eq!(thousands(1_234_567.0), "1,234,567");
    }

    #[test]
    fn latencies_keep_three_digits() {
        let mut times = Latencies::new();
        for micros in 1..=1000 {
            times.add(Duration::from_micros(micros));
        }
        assert!((times.percentile(50.0) - 0.5).abs() < 0.001);
        assert!((times.percentile(99.0) - 0.99).abs() < 0.001);
        assert_eq!(
            percentiles(|percent| times.percentile(percent)),
            "0.50 / 0.95 / 0.99"
        );
    }
}
