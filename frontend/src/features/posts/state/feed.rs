//! A list of posts that is loaded page by page. New posts never push the ones that are being read: they wait
//! behind a pill.

use hearth_shared::ids::PostId;
use hearth_shared::page::{Cursor, Page};
use hearth_shared::time::Timestamp;

use super::PostKey;
use crate::platform::api::Failure;

/// After these pages the reader is asked before more are loaded.
const AUTOMATIC_PAGES: u32 = 5;
/// Posts of a list on the page at most: more make every page slow. The others wait above or below.
pub(crate) const ROWS_MAX: usize = 400;
/// By so many the part on the page moves.
const ROWS_STEP: usize = 100;
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
    /// What the socket said was written since then.
    pub(crate) announced: Vec<PostId>,
    /// The whole page that the last look found.
    newest: Option<Page<PostKey>>,
    pages: u32,
    looked: Option<Timestamp>,
    /// The place of the first one on the page.
    pub(crate) from: usize,
}

impl List {
    /// The part that is on the page.
    pub(crate) fn on_page(&self) -> &[PostKey] {
        let end = self.keys.len().min(self.from + ROWS_MAX);
        self.keys.get(self.from..end).unwrap_or_default()
    }

    /// Whether there are posts below that part which need not be asked for.
    pub(crate) fn has_below(&self) -> bool {
        self.from + ROWS_MAX < self.keys.len()
    }

    /// Moves the part on the page, down or up.
    pub(crate) fn step(&mut self, down: bool) {
        self.from = if down {
            let last = self.keys.len().saturating_sub(ROWS_MAX);
            (self.from + ROWS_STEP).min(last.next_multiple_of(ROWS_STEP))
        } else {
            self.from.saturating_sub(ROWS_STEP)
        };
    }

    /// When the list was last read from its top.
    pub(crate) fn read_at(&self) -> Option<Timestamp> {
        self.looked
    }

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
                    self.announced.clear();
                    self.newest = None;
                    self.keys.clear();
                    self.from = 0;
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
        self.has_below() || (self.next.is_some() && self.failure.is_none() && self.pages < AUTOMATIC_PAGES)
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
    pub(crate) fn look(&mut self, newest: Page<PostKey>, now: Timestamp) {
        self.looked = Some(now);
        self.waiting = newest
            .items
            .iter()
            .filter(|key| !self.keys.contains(key))
            .cloned()
            .collect();
        self.newest = Some(newest);
        if self.keys.is_empty() {
            self.show_waiting();
        }
    }

    /// The reader wants to see what waits. Where it does not simply lie on top of what is shown, because
    /// more is new than one page holds or a new friend's posts stand among the others, the list starts anew.
    pub(crate) fn show_waiting(&mut self) {
        self.waiting.clear();
        self.from = 0;
        let Some(mut page) = self.newest.take() else {
            return;
        };
        let known = |key: &PostKey| self.keys.contains(key);
        let new = page.items.iter().take_while(|key| !known(key)).count();
        let rest = &page.items[new..];
        if !rest.is_empty() && rest.iter().all(known) {
            page.items.truncate(new);
            page.items.append(&mut self.keys);
        } else {
            self.next = page.next_cursor;
            self.pages = 1;
        }
        self.keys = page.items;
    }

    /// How many posts wait behind the pill.
    pub(crate) fn new_count(&self) -> u32 {
        u32::try_from(self.waiting.len() + self.announced.len()).unwrap_or(u32::MAX)
    }

    /// Puts a post of one's own on top.
    pub(crate) fn put_first(&mut self, key: &PostKey) {
        self.remove(key);
        self.keys.insert(0, key.clone());
        if self.from > 0 {
            // What is on the page stays there.
            self.from += 1;
        }
        if let Some(newest) = &mut self.newest {
            newest.items.insert(0, key.clone());
        }
    }

    /// Keeps a post of one's own on top, unless an answer has it where it belongs.
    pub(crate) fn keep_first(&mut self, key: &PostKey) {
        let page = self.newest.as_ref().map_or(&self.keys, |page| &page.items);
        if !page.contains(key) {
            self.put_first(key);
        }
    }

    /// Takes a post out.
    pub(crate) fn remove(&mut self, key: &PostKey) {
        self.remove_all(|other| other == key);
    }

    /// Takes posts out.
    pub(crate) fn remove_all(&mut self, gone: impl Fn(&PostKey) -> bool) {
        let above = self.keys.iter().take(self.from).filter(|key| gone(key)).count();
        self.from -= above;
        self.keys.retain(|key| !gone(key));
        self.waiting.retain(|key| !gone(key));
        if let Some(newest) = &mut self.newest {
            newest.items.retain(|key| !gone(key));
        }
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
            seq: None,
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
        list.look(page(&[5, 4, 3], true), at(1));
        assert_eq!((list.keys.len(), list.waiting.len()), (2, 2));
        list.show_waiting();
        assert_eq!(list.keys, [key(5), key(4), key(3), key(2)]);
        assert!(list.waiting.is_empty());
    }

    #[test]
    fn after_a_long_absence_the_list_starts_anew_without_a_gap() {
        let mut list = list(&[3, 2]);
        list.look(page(&[9, 8], true), at(1));
        list.show_waiting();
        assert_eq!(list.keys, [key(9), key(8)]);
        assert!(list.next.is_some());
    }

    #[test]
    fn a_new_friends_posts_stand_where_they_belong() {
        let mut list = list(&[8, 6, 4]);
        list.look(page(&[8, 7, 6, 5], true), at(1));
        assert_eq!(list.waiting, [key(7), key(5)]);
        list.show_waiting();
        assert_eq!(list.keys, [8, 7, 6, 5].map(key));
        assert!(list.next.is_some() && list.loads_by_itself());
    }

    #[test]
    fn old_posts_of_a_new_friend_alone_wait_too() {
        let mut list = list(&[8, 6]);
        list.look(page(&[8, 6, 5], false), at(1));
        assert_eq!(list.waiting, [key(5)]);
        list.show_waiting();
        assert_eq!(
            (list.keys.as_slice(), &list.next),
            ([8, 6, 5].map(key).as_slice(), &None)
        );
    }

    #[test]
    fn what_is_written_or_removed_after_the_look_is_not_forgotten() {
        let mut list = list(&[8, 6]);
        list.look(page(&[9, 8, 7, 6], false), at(1));
        list.put_first(&key(10));
        list.remove(&key(8));
        list.show_waiting();
        assert_eq!(list.keys, [10, 9, 7, 6].map(key));
    }

    #[test]
    fn a_quiet_list_shows_the_first_posts_at_once() {
        let mut list = list(&[]);
        list.look(page(&[1], false), at(1));
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
    fn a_long_list_is_on_the_page_in_part() {
        let many = |from: u16, to: u16| -> Vec<PostKey> {
            let key = |id: u16| PostKey::new(UserId::new(i64::from(id)), &client(1));
            (from..to).map(key).collect()
        };
        let more = |items: Vec<PostKey>| {
            Ok(Page {
                items,
                next_cursor: Some(Cursor("next".into())),
                seq: None,
            })
        };
        let mut list = List::default();
        list.settle(false, more(many(0, 100)), at(0));
        for start in [100, 200, 300] {
            list.settle(true, more(many(start, start + 100)), at(0));
        }
        assert_eq!((list.from, list.on_page().len()), (0, 400));
        list.settle(true, more(many(400, 420)), at(0));
        assert!(list.has_below() && list.on_page().len() == 400);
        list.step(true);
        assert_eq!((list.from, list.on_page().len()), (100, 320));
        assert!(!list.has_below());
        // Back to the top: what is below the page is still known.
        list.step(false);
        assert_eq!((list.from, list.on_page().len()), (0, 400));
        assert!(list.has_below() && list.loads_by_itself());
        list.step(true);
        assert_eq!(list.from, 100);
        // What comes and goes above moves nothing.
        let first = list.on_page().first().cloned();
        list.put_first(&many(900, 901)[0]);
        list.remove(&many(5, 6)[0]);
        list.remove_all(|key| many(7, 9).contains(key));
        assert_eq!((list.from, list.on_page().first().cloned()), (98, first));
        list.show_waiting();
        assert_eq!(list.from, 0);
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
