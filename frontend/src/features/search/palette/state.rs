//! What stands in the palette's field, what was found for it, and which line Enter takes.

use hearth_shared::search::FoundAll;

use crate::platform::api::Failure;
use crate::store::Ptr;

/// An answer, and to what.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer {
    pub(super) words: String,
    pub(super) found: Ptr<FoundAll>,
}

/// One search, from the first key to the last.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Seeking {
    /// What stands in the field, without spaces around it.
    pub(super) words: String,
    /// The newest answer that has come; it stays until there is one to other words.
    pub(super) answer: Option<Answer>,
    /// Why there is none to the newest question.
    pub(super) failure: Option<Failure>,
    /// Which line is chosen.
    pub(super) at: Option<usize>,
    /// How often was asked, and which of these questions the newest answer is to.
    asked: u32,
    answered: u32,
}

impl Seeking {
    /// Something else stands in the field.
    pub(super) fn write(&mut self, words: &str) {
        if self.words == words {
            return;
        }
        words.clone_into(&mut self.words);
        self.at = None;
        if words.is_empty() {
            self.answer = None;
            self.failure = None;
            // What was asked before is no answer to this.
            self.answered = self.asked;
        }
    }

    /// The server is to be asked: the number of the question. None when there is nothing to ask for.
    pub(super) fn ask(&mut self) -> Option<u32> {
        if self.words.is_empty() {
            return None;
        }
        self.asked += 1;
        self.failure = None;
        Some(self.asked)
    }

    /// An answer has come. One to an older question than has been answered changes nothing.
    pub(super) fn settle(&mut self, question: u32, words: &str, outcome: Result<FoundAll, Failure>) {
        if question <= self.answered {
            return;
        }
        match outcome {
            Ok(found) => {
                self.answered = question;
                self.failure = None;
                self.at = None;
                self.answer = Some(Answer {
                    words: words.to_owned(),
                    found: Ptr::new(found),
                });
            }
            Err(failure) if question == self.asked => {
                self.answered = question;
                self.answer = None;
                self.failure = Some(failure);
            }
            // There is a newer one under way.
            Err(_) => {}
        }
    }

    /// What is shown is the answer to what stands in the field.
    pub(super) fn is_answered(&self) -> bool {
        self.answer
            .as_ref()
            .is_some_and(|answer| answer.words == self.words)
    }

    /// Which line is chosen of so many: of answers the first, unless another one was gone to.
    pub(super) fn chosen(&self, lines: usize) -> Option<usize> {
        let first = (self.is_answered() && lines > 0).then_some(0);
        self.at.filter(|at| *at < lines).or(first)
    }

    /// An arrow key was pressed, over so many lines; at either end it goes round.
    pub(super) fn step(&mut self, lines: usize, down: bool) {
        if lines == 0 {
            return;
        }
        self.at = Some(match (self.chosen(lines), down) {
            (None, true) => 0,
            (None, false) => lines - 1,
            (Some(at), true) => (at + 1) % lines,
            (Some(at), false) => (at + lines - 1) % lines,
        });
    }

    /// To the first line, or to the last.
    pub(super) fn leap(&mut self, lines: usize, last: bool) {
        self.at = lines.checked_sub(1).map(|end| if last { end } else { 0 });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seeking(words: &str) -> (Seeking, u32) {
        let mut seeking = Seeking::default();
        seeking.write(words);
        let question = seeking.ask().unwrap_or(0);
        (seeking, question)
    }

    fn shown(seeking: &Seeking) -> Option<&str> {
        seeking.answer.as_ref().map(|answer| answer.words.as_str())
    }

    #[test]
    fn an_older_answer_never_takes_the_place_of_a_newer_one() {
        let (mut seeking, first) = seeking("l");
        seeking.write("la");
        let second = seeking.ask().unwrap();
        seeking.write("lak");
        let third = seeking.ask().unwrap();
        seeking.settle(second, "la", Ok(FoundAll::default()));
        assert_eq!(shown(&seeking), Some("la"), "better than nothing");
        assert!(!seeking.is_answered());
        seeking.settle(first, "l", Ok(FoundAll::default()));
        assert_eq!(shown(&seeking), Some("la"));
        seeking.settle(third, "lak", Ok(FoundAll::default()));
        seeking.settle(second, "la", Err(Failure::Unreachable));
        assert!(seeking.is_answered() && seeking.failure.is_none());
    }

    #[test]
    fn only_the_newest_failure_is_shown() {
        let (mut seeking, first) = seeking("l");
        seeking.write("la");
        let second = seeking.ask().unwrap();
        seeking.settle(first, "l", Err(Failure::Unreachable));
        assert_eq!(seeking.failure, None);
        seeking.settle(second, "la", Err(Failure::Garbled));
        assert_eq!(seeking.failure, Some(Failure::Garbled));
        let again = seeking.ask().unwrap();
        assert_eq!(seeking.failure, None);
        seeking.settle(again, "la", Ok(FoundAll::default()));
        assert!(seeking.is_answered());
    }

    #[test]
    fn an_empty_field_has_no_answer() {
        let (mut seeking, first) = seeking("l");
        seeking.write("");
        assert_eq!(seeking.ask(), None);
        seeking.settle(first, "l", Ok(FoundAll::default()));
        assert_eq!((shown(&seeking), seeking.chosen(3)), (None, None));
    }

    #[test]
    fn arrows_go_round_and_a_new_answer_begins_anew() {
        let (mut seeking, first) = seeking("l");
        assert_eq!(
            seeking.chosen(3),
            None,
            "nothing is chosen before there is an answer"
        );
        seeking.settle(first, "l", Ok(FoundAll::default()));
        assert_eq!(seeking.chosen(3), Some(0));
        seeking.step(3, true);
        assert_eq!(seeking.chosen(3), Some(1));
        seeking.step(3, false);
        seeking.step(3, false);
        assert_eq!(seeking.chosen(3), Some(2));
        seeking.step(3, true);
        assert_eq!(seeking.chosen(3), Some(0));
        seeking.leap(3, true);
        assert_eq!((seeking.chosen(3), seeking.chosen(2)), (Some(2), Some(0)));
        seeking.leap(0, true);
        seeking.step(0, true);
        assert_eq!(seeking.chosen(0), None);
        seeking.leap(3, true);
        seeking.write("la");
        assert_eq!(seeking.chosen(3), None, "Enter means what stands in the field");
        let mut empty = Seeking::default();
        empty.step(3, false);
        assert_eq!(empty.chosen(3), Some(2));
    }
}
