//! The words that the search finds posts and messages by, as the server keeps them of texts of lower-case letters: written
//! with the world, because a server that finds a million unindexed rows is busy for an hour.

use std::collections::BTreeSet;

/// Of what the words are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Index {
    /// Posts.
    Posts,
    /// Messages.
    Messages,
}

impl Index {
    /// Where they are kept, and what an entry is found by on PostgreSQL.
    pub(super) const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Posts => ("post_search", "post_id"),
            Self::Messages => ("message_search", "message_id"),
        }
    }
}

/// Letters of beginnings that PostgreSQL has entries of.
const BEGINNINGS: usize = 12;

/// Words and marks, each once. `begun`: the beginnings too.
pub(super) fn entries(body: &str, marks: &[String], begun: bool) -> BTreeSet<String> {
    let mut all: BTreeSet<String> = marks.iter().cloned().collect();
    for word in body.split_whitespace() {
        all.insert(word.to_owned());
        if begun {
            for letters in 1..=word.len().min(BEGINNINGS) {
                all.insert(format!("_{}", &word[..letters]));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_as_the_server_keeps_them() {
        let marks = ["__7".to_owned()];
        let kept: Vec<String> = entries("the the lake", &marks, false).into_iter().collect();
        assert_eq!(kept, ["__7", "lake", "the"]);
        let kept = entries("the lake", &marks, true);
        assert_eq!(kept.len(), 3 + 3 + 4);
        assert!(kept.contains("_lake") && kept.contains("_t"));
    }
}
