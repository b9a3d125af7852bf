//! Messages that were looked for by their words: in one conversation, or in all of them.

use hearth_shared::conversations::Message;
use hearth_shared::ids::{ConversationId, MessageId};
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
    /// The words that the hits have in them.
    answered: String,
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
    /// Other words are looked for, or the same ones `anew`. False when the server need not be asked.
    pub(crate) fn seek(&mut self, words: &str, anew: bool) -> bool {
        self.at = None;
        // One that was gone to stayed.
        self.hits.items.retain(|hit| hit.message.deleted_at.is_none());
        if words.is_empty() {
            *self = Self::default();
            return false;
        }
        let known = self.hits.loading || (self.hits.known && !anew);
        if self.words == words && self.hits.failure.is_none() && known {
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
        if !more {
            self.at = None;
            words.clone_into(&mut self.answered);
            if outcome.is_err() {
                self.answered.clear();
                self.hits.items.clear();
                self.hits.next = None;
            }
        }
        self.hits.settle(more, outcome);
    }

    /// Whether there is an answer to what is looked for: hits, none, or that it failed.
    pub(crate) fn is_answered(&self) -> bool {
        self.answered == self.words || self.hits.failure.is_some()
    }

    /// Whether a message is among the hits.
    pub(crate) fn has(&self, message: MessageId) -> bool {
        self.hits.items.iter().any(|hit| hit.message.id == message)
    }

    /// A message is not as it was. Nothing is kept of one that was removed; its place is, as long as one stands there.
    pub(crate) fn renew(&mut self, message: &Message) {
        let mut hits = self.hits.items.iter();
        let Some(at) = hits.position(|hit| hit.message.id == message.id && hit.message.seq <= message.seq)
        else {
            return;
        };
        if message.deleted_at.is_none() || self.at == Some(at) {
            self.hits.items[at].message = message.clone();
        } else {
            self.hits.items.remove(at);
            self.at = self.at.map(|here| if here > at { here - 1 } else { here });
        }
    }

    /// One is in a conversation no more: nothing is kept of it.
    pub(crate) fn part(&mut self, id: ConversationId) {
        self.hits.items.retain(|hit| hit.message.conversation_id != id);
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
    use hearth_shared::ids::{Id, UserId};
    use hearth_shared::page::Cursor;
    use hearth_shared::problem::ErrorCode;
    use hearth_shared::realtime::events::Event;

    use super::*;
    use crate::features::chats::state::Chats;
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
        assert!(finding.seek("la", false) && finding.seek("lake", false));
        finding.settle("la", false, page(&[9], false));
        assert!(!finding.hits.known && finding.hits.loading && !finding.is_answered());
        finding.settle("lake", false, page(&[3, 2], false));
        assert_eq!(shown(&finding), [3, 2]);
        assert!(!finding.seek("lake", false), "it is known");
        assert!(finding.seek("lakes", false));
        assert_eq!(shown(&finding), [3, 2], "they stay until there is an answer");
        assert!(!finding.is_answered());
        finding.at = Some(1);
        finding.settle("lakes", false, Err(Failure::refused(ErrorCode::RateLimited)));
        assert_eq!(
            (finding.at, finding.is_answered()),
            (None, true),
            "also a failure is one"
        );
        assert!(
            shown(&finding).is_empty() && finding.seek("lakes", false),
            "once more"
        );
        assert!(!finding.seek("", false) && finding == Finding::default());
    }

    #[test]
    fn one_goes_from_hit_to_hit_and_on_to_what_is_not_loaded() {
        let mut finding = Finding::default();
        assert_eq!(finding.next(true), Next::End);
        finding.seek("lake", false);
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

    #[test]
    fn whoever_comes_again_asks_again_and_sees_what_is_known_meanwhile() {
        let mut finding = Finding::default();
        finding.seek("lake", true);
        assert!(!finding.seek("lake", true), "it is on its way");
        finding.settle("lake", false, page(&[3, 2], false));
        assert!(finding.seek("lake", true) && finding.is_answered());
        assert_eq!(shown(&finding), [3, 2]);
        finding.settle("lake", false, page(&[4, 3], false));
        assert_eq!(shown(&finding), [4, 3]);
    }

    fn changed(number: u32, seq: u64, removed: bool) -> Message {
        let mut message = message(number, 1);
        message.seq = seq;
        message.body = if removed { String::new() } else { "new".into() };
        message.deleted_at = removed.then_some(message.created_at);
        message
    }

    #[test]
    fn what_is_removed_is_no_hit_and_its_place_stays_while_one_stands_there() {
        let mut finding = Finding::default();
        finding.seek("lake", false);
        finding.settle("lake", false, page(&[5, 4, 3, 2], false));
        finding.renew(&changed(3, 9, false));
        finding.renew(&changed(3, 8, true));
        assert_eq!(finding.hits.items[2].message.body, "new", "a later version stays");
        finding.at = Some(1);
        finding.renew(&changed(5, 10, true));
        assert_eq!((shown(&finding), finding.at), (vec![4, 3, 2], Some(0)));
        finding.renew(&changed(2, 11, true));
        finding.renew(&changed(4, 12, true));
        assert_eq!((shown(&finding), finding.next(true)), (vec![4, 3], Next::Hit(1)));
        assert_eq!(finding.hits.items[0].message.body, "");
        finding.seek("lake", false);
        assert_eq!(shown(&finding), [3]);
    }

    #[test]
    fn what_is_found_in_all_conversations_follows_what_becomes_of_them() {
        let mut chats = Chats::default();
        chats.found.change(|found| {
            found.seek("lake", false);
            found.settle("lake", false, page(&[5, 3], false));
        });
        let me = UserId::new(1);
        let removed = Event::MessageChanged {
            message: changed(5, 9, true),
        };
        chats.apply(me, &removed);
        assert_eq!(shown(&chats.found), [3]);
        let id = message(3, 1).conversation_id;
        chats.apply(me, &Event::ConversationRemoved { id });
        assert!(shown(&chats.found).is_empty() && chats.found.is_answered());
        chats.forget();
        assert_eq!(*chats.found, Finding::default());
    }
}
