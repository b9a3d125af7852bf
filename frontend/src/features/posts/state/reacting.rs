//! What one feels about a post or a comment. It follows the finger at once; what the finger wants in the end is
//! sent, one call at a time.

use hearth_shared::posts::{ReactionCounts, ReactionKind};

/// A reaction, or that there is none.
pub(crate) type Felt = Option<ReactionKind>;

/// What is wanted beyond what the server has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Reacting {
    wanted: Option<Felt>,
    sending: bool,
}

impl Reacting {
    /// What is shown as one's own.
    pub(crate) fn shown(self, mine: Felt) -> Felt {
        self.wanted.unwrap_or(mine)
    }

    /// The counts that go with what is shown.
    pub(crate) fn counts(self, counts: &ReactionCounts, mine: Felt) -> ReactionCounts {
        let mut counts = counts.clone();
        let shown = self.shown(mine);
        if shown != mine {
            if let Some(count) = mine.and_then(|kind| counts.get_mut(&kind)) {
                *count = count.saturating_sub(1);
            }
            if let Some(kind) = shown {
                *counts.entry(kind).or_default() += 1;
            }
        }
        counts.retain(|_, count| *count > 0);
        counts
    }

    /// Something was chosen; what is chosen already is taken back. Gives what is to be sent now, if anything.
    pub(crate) fn choose(&mut self, mine: Felt, kind: ReactionKind) -> Option<Felt> {
        let wanted = Some(kind).filter(|_| self.shown(mine) != Some(kind));
        self.wanted = Some(wanted);
        if self.sending {
            return None;
        }
        self.sending = true;
        Some(wanted)
    }

    /// The server has it. Gives what is to be sent next, when the finger has changed its mind meanwhile.
    pub(crate) fn confirmed(&mut self, mine: Felt) -> Option<Felt> {
        self.sending = false;
        match self.wanted.filter(|wanted| *wanted != mine) {
            Some(wanted) => {
                self.sending = true;
                Some(wanted)
            }
            None => {
                self.wanted = None;
                None
            }
        }
    }
}

/// How many there are in all.
pub(crate) fn total(counts: &ReactionCounts) -> u32 {
    counts.values().sum()
}

#[cfg(test)]
mod tests {
    use super::ReactionKind::{Laugh, Like, Wow};
    use super::*;

    fn counts(likes: u32, laughs: u32) -> ReactionCounts {
        let both = [(Like, likes), (Laugh, laughs)];
        both.into_iter().filter(|(_, count)| *count > 0).collect()
    }

    #[test]
    fn the_count_follows_the_heart() {
        let mut heart = Reacting::default();
        assert_eq!(
            (heart.shown(None), heart.counts(&counts(2, 0), None)),
            (None, counts(2, 0))
        );
        assert_eq!(heart.choose(None, Like), Some(Some(Like)));
        assert_eq!(
            (heart.shown(None), heart.counts(&counts(2, 0), None)),
            (Some(Like), counts(3, 0))
        );
    }

    #[test]
    fn rapid_presses_send_only_what_is_wanted_in_the_end() {
        let mut heart = Reacting::default();
        assert_eq!(heart.choose(None, Like), Some(Some(Like)));
        assert_eq!(heart.choose(None, Like), None);
        assert_eq!(heart.choose(None, Like), None);
        assert_eq!(
            heart.confirmed(Some(Like)),
            None,
            "on, off, on: one call was enough"
        );

        let mut heart = Reacting::default();
        assert_eq!(heart.choose(None, Like), Some(Some(Like)));
        assert_eq!(heart.choose(None, Like), None);
        assert_eq!(
            heart.confirmed(Some(Like)),
            Some(None),
            "on, off: the second call takes it back"
        );
        assert_eq!(heart.confirmed(None), None);
    }

    #[test]
    fn another_kind_takes_the_place_of_the_first() {
        let mut heart = Reacting::default();
        assert_eq!(heart.choose(Some(Like), Laugh), Some(Some(Laugh)));
        assert_eq!(heart.counts(&counts(1, 1), Some(Like)), counts(0, 2));
        assert_eq!(heart.choose(Some(Like), Wow), None);
        assert_eq!(heart.confirmed(Some(Laugh)), Some(Some(Wow)));
        assert_eq!(heart.confirmed(Some(Wow)), None);
    }

    #[test]
    fn taking_back_counts_down_and_nobody_is_not_shown() {
        let mut heart = Reacting::default();
        assert_eq!(heart.choose(Some(Like), Like), Some(None));
        assert_eq!(heart.counts(&counts(1, 2), Some(Like)), counts(0, 2));
        assert_eq!(total(&counts(1, 2)), 3);
    }
}
