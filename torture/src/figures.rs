//! How long things took, from a history.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use crate::history::{Line, What};

/// Times, in milliseconds, of one kind in one part of the story.
#[derive(Debug, Clone, Default)]
pub struct Times(Vec<f64>);

impl Times {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The time that so many of a hundred do not exceed (nearest rank); 0 when there is none. Milliseconds.
    pub fn percentile(&self, percent: usize) -> f64 {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).copied().unwrap_or_default()
    }

    /// The longest. Milliseconds.
    pub fn max(&self) -> f64 {
        self.percentile(100)
    }

    fn of(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        Self(times)
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:>6} times: p50 {:>6.0} ms, p99 {:>6.0} ms, max {:>6.0} ms",
            self.count(),
            self.percentile(50),
            self.percentile(99),
            self.max()
        )
    }
}

/// What was measured, by the part of the story in which it began.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// From the press on send to each device that shows it.
    pub shown: BTreeMap<String, Times>,
    /// From the press on send to the answer, tries that failed included.
    pub answered: BTreeMap<String, Times>,
    /// From the loss of a device's socket until it has everything again.
    pub back: BTreeMap<String, Times>,
    /// Requests that were not answered with a success and made again, by reason.
    pub again: BTreeMap<String, BTreeMap<String, usize>>,
    /// Parts in which a device lost its socket and did not come back before the end.
    pub away: Vec<String>,
}

impl Figures {
    /// Measures a history.
    pub fn of(lines: &[Line]) -> Self {
        let mut phase = String::new();
        let mut figures = Self::default();
        let mut sent: HashMap<_, (u64, String)> = HashMap::new();
        let mut lost: HashMap<u32, (u64, String)> = HashMap::new();
        let [mut shown, mut answered, mut back] = [(); 3].map(|()| BTreeMap::<String, Vec<f64>>::new());
        let add = |times: &mut BTreeMap<String, Vec<f64>>, from: &(u64, String), to: u64| {
            let micros = u32::try_from(to - from.0).unwrap_or(u32::MAX);
            times
                .entry(from.1.clone())
                .or_default()
                .push(f64::from(micros) / 1_000.0);
        };
        for line in lines {
            match &line.what {
                What::Phase(name) => phase.clone_from(name),
                What::Invoke { client_id, .. } => {
                    sent.insert(client_id, (line.at, phase.clone()));
                }
                What::Ok { client_id, .. } => {
                    if let Some(from) = sent.get(client_id) {
                        add(&mut answered, from, line.at);
                    }
                }
                What::Applied { client_id, .. } => {
                    if let Some(from) = sent.get(client_id) {
                        add(&mut shown, from, line.at);
                    }
                }
                What::Again { .. } | What::Unread { .. } => {
                    let why = match &line.what {
                        What::Again { why, .. } => why,
                        _ => "a read",
                    };
                    let reasons = figures.again.entry(phase.clone()).or_default();
                    *reasons.entry(why.to_owned()).or_default() += 1;
                }
                // Who is lost again before everything was there has been away since the first time.
                What::Lost { receiver, .. } => {
                    lost.entry(*receiver).or_insert((line.at, phase.clone()));
                }
                What::Level { receiver } => {
                    if let Some(from) = lost.remove(receiver) {
                        add(&mut back, &from, line.at);
                    }
                }
                _ => {}
            }
        }
        let sorted = |times: BTreeMap<String, Vec<f64>>| {
            let each = times.into_iter();
            each.map(|(phase, times)| (phase, Times::of(times))).collect()
        };
        figures.shown = sorted(shown);
        figures.answered = sorted(answered);
        figures.back = sorted(back);
        figures.away = lost.into_values().map(|(_, phase)| phase).collect();
        figures
    }

    /// From the press on send to each device, for what was sent in a part of the story.
    pub fn shown_in(&self, phase: &str) -> Times {
        self.shown.get(phase).cloned().unwrap_or_default()
    }

    /// From the loss of a socket until everything is there, for those that were lost in a part of the story.
    pub fn back_from(&self, phase: &str) -> Times {
        self.back.get(phase).cloned().unwrap_or_default()
    }

    /// Requests that failed, in the whole story.
    pub fn failed(&self) -> usize {
        self.again.values().flat_map(BTreeMap::values).sum()
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (what, all) in [
            ("send to answer", &self.answered),
            ("send to screen", &self.shown),
            ("lost to level", &self.back),
        ] {
            for (phase, times) in all {
                writeln!(f, "{what:>15}, {phase:<9} {times}")?;
            }
        }
        for (phase, reasons) in &self.again {
            writeln!(f, "{:>15}, {phase:<9} {reasons:?}", "asked again")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_what_was_measured() {
        let times = Times::of((1..=200).rev().map(f64::from).collect());
        assert!((times.percentile(50) - 100.0).abs() < f64::EPSILON);
        assert!((times.percentile(99) - 198.0).abs() < f64::EPSILON);
        assert!((times.max() - 200.0).abs() < f64::EPSILON);
        assert!(Times::default().max().abs() < f64::EPSILON);
    }

    #[test]
    fn who_is_lost_twice_was_away_since_the_first_time() {
        let line = |at, what| Line { at, what };
        let lost = || What::Lost {
            receiver: 3,
            why: String::new(),
        };
        let lines = [
            line(0, What::Phase("during".to_owned())),
            line(1_000, lost()),
            line(5_000, What::Ready { receiver: 3 }),
            line(6_000, lost()),
            line(11_000, What::Level { receiver: 3 }),
            line(12_000, lost()),
        ];
        let figures = Figures::of(&lines);
        assert!((figures.back_from("during").max() - 10.0).abs() < f64::EPSILON);
        assert_eq!(figures.away, ["during"]);
    }
}
