//! Messages that were looked for by their words: in one conversation, or in all of them.

use hearth_shared::page::Page;
use hearth_shared::search::FoundMessage;

use crate::features::friends::state::Listing;
use crate::platform::api::Failure;

/// What is looked for, and what was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Finding {
    pub(crate) words: String,
    /// The newest first. Until there is an answer, those of the words before.
    pub(crate) hits: Listing<FoundMessage>,
    /// Which of them one has gone to; none while one chooses.
    pub(crate) at: Option<usize>,
}

/// Where one comes to from a hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// To another one.
    Hit(usize),
    /// To one that is not loaded.
    Load,
    /// Nowhere.
    End,
}

impl Finding {
    /// Other words are looked for. False when the server need not be asked.
    pub(crate) fn seek(&mut self, words: &str) -> bool {
        self.at = None;
        if words.is_empty() {
            *self = Self::default();
            return false;
        }
        if self.words == words && self.hits.failure.is_none() && (self.hits.known || self.hits.loading) {
            return false;
        }
        words.clone_into(&mut self.words);
        self.hits.begin();
        true
    }

    /// What was found for some words, or more of it. When others are looked for by now it is no answer.
    pub(crate) fn settle(&mut self, words: &str, more: bool, outcome: Result<Page<FoundMessage>, Failure>) {
        if self.words != words {
            return;
        }
        if outcome.is_err() && !more {
            self.hits.items.clear();
            self.hits.next = None;
        }
        self.hits.settle(more, outcome);
    }

    /// Whether the hits are shown to choose from.
    pub(crate) fn is_listed(&self) -> bool {
        !self.words.is_empty() && self.at.is_none()
    }

    /// The next hit, or the one before it, which is newer. The first one is the newest.
    pub(crate) fn next(&self, older: bool) -> Next {
        let at = match (self.at, older) {
            (None, true) => 0,
            (None, false) => return Next::End,
            (Some(at), true) => at + 1,
            (Some(at), false) => match at.checked_sub(1) {
                Some(at) => at,
                None => return Next::End,
            },
        };
        if at < self.hits.items.len() {
            Next::Hit(at)
        } else if self.hits.next.is_some() {
            Next::Load
        } else {
            Next::End
        }
    }
}

#[cfg(test)]
mod tests {
    use hearth_shared::page::Cursor;
    use hearth_shared::problem::ErrorCode;

    use super::*;
    use crate::features::chats::state::tests::message;

    fn page(numbers: &[u32], more: bool) -> Result<Page<FoundMessage>, Failure> {
        let hit = |number: &u32| FoundMessage {
            message: message(*number, 1),
            other: None,
            group: None,
        };
        Ok(Page {
            items: numbers.iter().map(hit).collect(),
            next_cursor: more.then(|| Cursor("next".into())),
            seq: None,
        })
    }

    fn shown(finding: &Finding) -> Vec<u32> {
        let hits = finding.hits.items.iter();
        hits.map(|hit| hit.message.number).collect()
    }

    #[test]
    fn an_answer_to_other_words_is_none() {
        let mut finding = Finding::default();
        assert!(finding.seek("la") && finding.seek("lake"));
        finding.settle("la", false, page(&[9], false));
        assert!(!finding.hits.known && finding.hits.loading);
        finding.settle("lake", false, page(&[3, 2], false));
        assert_eq!(shown(&finding), [3, 2]);
        assert!(!finding.seek("lake"), "it is known");
        assert!(finding.seek("lakes"));
        assert_eq!(shown(&finding), [3, 2], "they stay until there is an answer");
        finding.settle("lakes", false, Err(Failure::refused(ErrorCode::RateLimited)));
        assert!(shown(&finding).is_empty() && finding.seek("lakes"), "once more");
        assert!(!finding.seek("") && finding == Finding::default());
    }

    #[test]
    fn one_goes_from_hit_to_hit_and_on_to_what_is_not_loaded() {
        let mut finding = Finding::default();
        assert_eq!(finding.next(true), Next::End);
        finding.seek("lake");
        finding.settle("lake", false, page(&[5, 3], true));
        assert!(finding.is_listed());
        assert_eq!(
            (finding.next(true), finding.next(false)),
            (Next::Hit(0), Next::End)
        );
        finding.at = Some(0);
        assert!(!finding.is_listed());
        assert_eq!(
            (finding.next(true), finding.next(false)),
            (Next::Hit(1), Next::End)
        );
        finding.at = Some(1);
        assert_eq!(
            (finding.next(true), finding.next(false)),
            (Next::Load, Next::Hit(0))
        );
        finding.settle("lake", true, page(&[2], false));
        assert_eq!(finding.next(true), Next::Hit(2));
        finding.at = Some(2);
        assert_eq!(finding.next(true), Next::End);
    }
}
