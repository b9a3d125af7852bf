//! Which lists there are, and what changes them beside their pages.

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
    /// A post is kept for later, or no longer: it is in that list, or is not.
    pub(super) fn list_saved(&mut self, key: &PostKey, saved: bool) {
        if self.list(&ListId::Saved).known {
            self.change_list(&ListId::Saved, |list| {
                if saved {
                    list.put_first(key);
                } else {
                    list.remove(key);
                }
            });
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hashtag_is_a_whole_word() {
        assert!(has_tag("Plums! #Garden.", "garden") && has_tag("#äpfel", "äpfel"));
        assert!(!has_tag("garden #gardens a#garden", "garden"));
    }

    #[test]
    fn what_was_looked_for_long_ago_is_forgotten() {
        let mut posts = Posts::default();
        let id = |number: usize| ListId::Search(number.to_string());
        for number in 0..=SEARCHES {
            // The first one is looked for again, which makes it the latest.
            posts.seek(&number.to_string());
            posts.change_list(&id(number), |list| list.known = true);
            posts.seek("0");
        }
        assert!(posts.list(&id(0)).known && posts.list(&id(2)).known);
        assert!(!posts.list(&id(1)).known);
    }
}
