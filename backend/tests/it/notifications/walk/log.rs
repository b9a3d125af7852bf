//! What has happened, to be told when something is wrong.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::model::Who;

/// Acts that are told at most.
const TOLD: usize = 20;

/// An act.
pub(super) struct Entry {
    number: usize,
    words: String,
    post: Option<usize>,
    people: BTreeSet<Who>,
}

/// All of them.
#[derive(Default)]
pub(super) struct Log {
    entries: Vec<Entry>,
}

impl Log {
    pub(super) fn add(&mut self, number: usize, words: String, post: Option<usize>, people: BTreeSet<Who>) {
        self.entries.push(Entry {
            number,
            words,
            post,
            people,
        });
    }

    /// The last acts that concern a line: on its post, or between its recipient and others.
    pub(super) fn about(&self, who: Who, post: Option<usize>) -> String {
        let concerns = |entry: &&Entry| match (entry.post, post) {
            (Some(one), Some(other)) => one == other,
            _ => entry.people.contains(&who),
        };
        let mut told: Vec<&Entry> = self.entries.iter().rev().filter(concerns).take(TOLD).collect();
        told.reverse();
        let mut text = String::new();
        for entry in told {
            let _ = writeln!(text, "  {}: {}", entry.number, entry.words);
        }
        text
    }
}
