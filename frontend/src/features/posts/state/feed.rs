//! A list of posts that is loaded page by page. New posts never push the ones that are being read: they wait
//! behind a pill.

use hearth_shared::page::{Cursor, Page};
use hearth_shared::time::Timestamp;

use super::PostKey;
use crate::platform::api::Failure;

/// After these pages the reader is asked before more are loaded.
const AUTOMATIC_PAGES: u32 = 5;
/// A list that was looked at this recently is not looked at again.
const FRESH_MILLIS: i64 = 60_000;

/// Posts in order, the newest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct List {
    pub(crate) keys: Vec<PostKey>,
    pub(crate) next: Option<Cursor>,
    pub(crate) loading: bool,
    /// At least one page came.
    pub(crate) known: bool,
    pub(crate) failure: Option<Failure>,
    /// What the last look found at the top and is not shown yet.
    pub(crate) waiting: Vec<PostKey>,
    /// More is new than one page holds: showing it starts the list anew, and it goes on from here.
    gap: Option<Cursor>,
    pages: u32,
    looked: Option<Timestamp>,
}

impl List {
    /// Whether a page may be asked for now; then it is.
    pub(crate) fn begin(&mut self) -> bool {
        if self.loading {
            return false;
        }
        self.loading = true;
        self.failure = None;
        true
    }

    /// A page has come, or has not.
    pub(crate) fn settle(&mut self, more: bool, outcome: Result<Page<PostKey>, Failure>, now: Timestamp) {
        self.loading = false;
        match outcome {
            Err(failure) => self.failure = Some(failure),
            Ok(page) => {
                if more {
                    self.pages += 1;
                } else {
                    self.pages = 1;
                    self.looked = Some(now);
                    self.waiting.clear();
                    self.gap = None;
                    self.keys.clear();
                }
                for key in page.items {
                    if !self.keys.contains(&key) {
                        self.keys.push(key);
                    }
                }
                self.next = page.next_cursor;
                self.known = true;
            }
        }
    }

    /// Whether scrolling alone may load the next page.
    pub(crate) fn loads_by_itself(&self) -> bool {
        self.next.is_some() && self.failure.is_none() && self.pages < AUTOMATIC_PAGES
    }

    /// The reader asked for more: the next pages come by themselves again.
    pub(crate) fn go_on(&mut self) {
        self.pages = 0;
    }

    /// Whether it is time to look for new posts.
    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        self.known
            && !self.loading
            && self
                .looked
                .is_none_or(|looked| now.as_millis() - looked.as_millis() > FRESH_MILLIS)
    }

    /// Something happened after which there may be new posts.
    pub(crate) fn expect_new(&mut self) {
        self.looked = None;
    }

    /// The newest page was looked at in passing. In an empty list nothing can be pushed away.
    pub(crate) fn look(&mut self, newest: &Page<PostKey>, now: Timestamp) {
        self.looked = Some(now);
        self.waiting = newest
            .items
            .iter()
            .filter(|key| !self.keys.contains(key))
            .cloned()
            .collect();
        let joins = newest.items.last().is_some_and(|key| self.keys.contains(key));
        self.gap = newest.next_cursor.clone().filter(|_| !joins);
        if self.keys.is_empty() {
            self.show_waiting();
        }
    }

    /// The reader wants to see what waits.
    pub(crate) fn show_waiting(&mut self) {
        let mut keys = std::mem::take(&mut self.waiting);
        match self.gap.take() {
            Some(next) => {
                self.next = Some(next);
                self.pages = 1;
            }
            None => keys.append(&mut self.keys),
        }
        self.keys = keys;
    }

    /// Puts a post of one's own on top.
    pub(crate) fn put_first(&mut self, key: &PostKey) {
        self.remove(key);
        self.keys.insert(0, key.clone());
    }

    /// Takes a post out.
    pub(crate) fn remove(&mut self, key: &PostKey) {
        self.keys.retain(|other| other != key);
        self.waiting.retain(|other| other != key);
    }
}

#[cfg(test)]
mod tests {
    use hearth_shared::ids::{Id, UserId};

    use super::super::tests::client;
    use super::*;

    fn key(byte: u8) -> PostKey {
        PostKey::new(UserId::new(1), &client(byte))
    }

    fn page(bytes: &[u8], more: bool) -> Page<PostKey> {
        Page {
            items: bytes.iter().map(|byte| key(*byte)).collect(),
            next_cursor: more.then(|| Cursor("next".into())),
        }
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn list(bytes: &[u8]) -> List {
        let mut list = List::default();
        assert!(list.begin());
        list.settle(false, Ok(page(bytes, true)), at(0));
        list
    }

    #[test]
    fn new_posts_wait_until_they_are_asked_for() {
        let mut list = list(&[3, 2]);
        list.look(&page(&[5, 4, 3], true), at(1));
        assert_eq!((list.keys.len(), list.waiting.len()), (2, 2));
        list.show_waiting();
        assert_eq!(list.keys, [key(5), key(4), key(3), key(2)]);
        assert!(list.waiting.is_empty());
    }

    #[test]
    fn after_a_long_absence_the_list_starts_anew_without_a_gap() {
        let mut list = list(&[3, 2]);
        list.look(&page(&[9, 8], true), at(1));
        list.show_waiting();
        assert_eq!(list.keys, [key(9), key(8)]);
        assert!(list.next.is_some());
    }

    #[test]
    fn a_quiet_list_shows_the_first_posts_at_once() {
        let mut list = list(&[]);
        list.look(&page(&[1], false), at(1));
        assert_eq!(list.keys, [key(1)]);
    }

    #[test]
    fn after_five_pages_the_reader_decides() {
        let mut list = list(&[9]);
        for byte in 1..5 {
            assert!(list.loads_by_itself());
            assert!(list.begin());
            list.settle(true, Ok(page(&[byte], true)), at(0));
        }
        assert!(!list.loads_by_itself());
        list.go_on();
        assert!(list.loads_by_itself());
    }

    #[test]
    fn a_failed_page_keeps_the_list_and_stops_the_scroll() {
        let mut list = list(&[2]);
        assert!(list.begin() && !list.begin());
        list.settle(true, Err(Failure::Unreachable), at(0));
        assert_eq!(list.keys.len(), 1);
        assert!(!list.loads_by_itself());
    }

    #[test]
    fn pages_that_overlap_show_nothing_twice() {
        let mut list = list(&[3, 2]);
        list.settle(true, Ok(page(&[2, 1], false)), at(0));
        assert_eq!(list.keys, [key(3), key(2), key(1)]);
    }

    #[test]
    fn looking_is_due_after_a_minute() {
        let mut list = list(&[1]);
        assert!(!list.is_due(at(60_000)));
        assert!(list.is_due(at(60_001)));
        list.expect_new();
        assert!(list.is_due(at(1)));
    }
}
