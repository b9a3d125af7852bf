//! Which lists there are, and what changes them beside their pages.

use hearth_shared::ids::UserId;
use hearth_shared::rich_text::{Piece, pieces};

use super::{PostKey, Posts};

/// Which list of posts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum ListId {
    Feed,
    /// Those of one person, by username.
    Of(String),
    /// Those with a hashtag, as it is compared.
    Tag(String),
    /// Those that the reader keeps.
    Saved,
    /// Those that have all of these words.
    Search(String),
}

/// So many searches are remembered, for those who go back to one.
const SEARCHES: usize = 8;

impl Posts {
    /// The reader keeps a post for later, or does so no longer.
    pub(crate) fn keep(&mut self, key: &PostKey, kept: bool) {
        self.change(key, |entry| entry.post.my_saved = kept);
        if self.list(&ListId::Saved).known {
            self.change_list(&ListId::Saved, |list| {
                if kept {
                    list.put_first(key);
                } else {
                    list.remove(key);
                }
            });
        }
    }

    /// The reader wants to hear no more of somebody: what they wrote leaves the feed, and only that.
    pub(crate) fn hush(&mut self, author: UserId) {
        let entries = &self.entries;
        let theirs = |key: &PostKey| {
            entries
                .get(key)
                .is_some_and(|entry| entry.post.author.id == author)
        };
        if let Some(feed) = self.lists.get_mut(&ListId::Feed) {
            feed.change(|list| list.remove_all(theirs));
        }
    }

    /// Something is looked for: the lists of what was looked for long ago are forgotten.
    pub(crate) fn seek(&mut self, words: &str) {
        self.searches.retain(|one| one != words);
        self.searches.push(words.to_owned());
        if self.searches.len() > SEARCHES {
            let old = self.searches.remove(0);
            self.lists.remove(&ListId::Search(old));
        }
    }

    /// The lists on top of which a new post of one's own belongs.
    pub(super) fn lists_of(&self, username: &str, body: &str) -> Vec<ListId> {
        let tagged = |id: &&ListId| matches!(id, ListId::Tag(tag) if has_tag(body, tag));
        let mut lists = vec![ListId::Feed, ListId::Of(username.to_owned())];
        lists.extend(self.lists.keys().filter(tagged).cloned());
        lists
    }
}

/// Whether a text has a hashtag. Capitals of other than Latin letters are told apart, which costs nothing but that the
/// post comes with the next look.
fn has_tag(text: &str, tag: &str) -> bool {
    let is =
        |piece| matches!(piece, Piece::Tag(one) if one.trim_start_matches('#').eq_ignore_ascii_case(tag));
    pieces(text).into_iter().any(is)
}
