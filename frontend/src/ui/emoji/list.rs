//! All emoji, as `frontend/emoji/emoji.txt` has them: groups, and in each a line for an emoji with its name and more
//! words. What is wanted of it is read out of the text when it is wanted.

use std::cell::RefCell;

use crate::platform::files;
use crate::store::Ptr;

const ADDRESS: &str = "/emoji.txt";

/// The text, and where its groups begin and end.
#[derive(Debug)]
pub(super) struct List {
    text: String,
    groups: Vec<(usize, usize)>,
}

thread_local! {
    static KNOWN: RefCell<Option<Ptr<List>>> = const { RefCell::new(None) };
}

/// The list, once it has been loaded.
pub(super) fn known() -> Option<Ptr<List>> {
    KNOWN.with_borrow(Clone::clone)
}

/// Loads it; once for the life of the page.
pub(super) async fn load() -> Option<Ptr<List>> {
    let list = Ptr::new(List::new(files::load_text(ADDRESS).await?)?);
    KNOWN.set(Some(list.clone()));
    Some(list)
}

impl List {
    /// None when it is no such list.
    fn new(text: String) -> Option<Self> {
        let starts: Vec<usize> = text.match_indices("\n# ").map(|(at, _)| at + 1).collect();
        let ends = starts.iter().skip(1).copied().chain([text.len()]);
        let groups: Vec<_> = starts.iter().copied().zip(ends).collect();
        (!groups.is_empty()).then_some(Self { text, groups })
    }

    pub(super) fn len(&self) -> usize {
        self.groups.len()
    }

    fn lines(&self, group: usize) -> impl Iterator<Item = &str> {
        let (start, end) = self.groups.get(group).copied().unwrap_or_default();
        self.text[start..end].lines()
    }

    /// What a group is called.
    pub(super) fn title(&self, group: usize) -> String {
        let title = self.lines(group).next().unwrap_or_default();
        title.trim_start_matches("# ").to_owned()
    }

    /// Its first emoji.
    pub(super) fn sign(&self, group: usize) -> String {
        entry(self.lines(group).nth(1).unwrap_or_default()).0
    }

    /// Its emoji with their names.
    pub(super) fn of(&self, group: usize) -> Vec<(String, String)> {
        self.lines(group).skip(1).map(entry).collect()
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).flat_map(|group| self.lines(group).skip(1))
    }

    /// The name of an emoji; the emoji itself when it is not known.
    pub(super) fn name(&self, emoji: &str) -> String {
        let line = self.all().find(|line| line.split('\t').next() == Some(emoji));
        line.map_or_else(|| emoji.to_owned(), |line| entry(line).1)
    }

    /// Those that have words which begin with every word that is looked for: first those that are called so.
    pub(super) fn find(&self, query: &str, most: usize) -> Vec<(String, String)> {
        let query = query.to_ascii_lowercase();
        let wanted: Vec<&str> = query.split_whitespace().collect();
        let has = |text: &str| {
            let text = text.to_ascii_lowercase();
            wanted.iter().all(|wanted| {
                text.split(|c: char| c.is_whitespace() || c == '-')
                    .any(|word| word.starts_with(wanted))
            })
        };
        let (mut called, mut more) = (Vec::new(), Vec::new());
        for line in self.all() {
            let mut parts = line.splitn(2, '\t').skip(1);
            let words = parts.next().unwrap_or_default();
            if has(words.split('\t').next().unwrap_or_default()) {
                called.push(entry(line));
            } else if has(words) {
                more.push(entry(line));
            }
        }
        called.append(&mut more);
        called.truncate(most);
        called
    }
}

fn entry(line: &str) -> (String, String) {
    let mut parts = line.split('\t');
    let mut part = || parts.next().unwrap_or_default().to_owned();
    (part(), part())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> List {
        List::new(include_str!("../../../emoji/emoji.txt").to_owned()).unwrap()
    }

    #[test]
    fn groups_have_titles_and_emoji() {
        let list = list();
        assert_eq!(
            (list.len(), list.title(0).as_str(), list.sign(0).as_str()),
            (9, "Smileys", "😀")
        );
        assert!((0..list.len()).all(|group| list.of(group).len() > 50));
        // A keycap begins with the same sign as a group.
        assert_eq!(list.name("#️⃣"), "keycap: #");
        assert_eq!(list.name("?"), "?");
        assert!(List::new("no".into()).is_none());
    }

    #[test]
    fn every_line_is_an_emoji_with_a_name() {
        let list = list();
        assert!(list.all().all(|line| {
            let (emoji, name) = entry(line);
            !emoji.is_empty() && !emoji.contains(' ') && !name.is_empty()
        }));
    }

    #[test]
    fn they_are_found_by_name_first() {
        let list = list();
        let first = |query: &str| list.find(query, 3).first().map(|(emoji, _)| emoji.clone());
        assert_eq!(first("Birthday CAKE").as_deref(), Some("🎂"));
        assert_eq!(first("red heart").as_deref(), Some("❤️"));
        // What is called so comes before what only has the word, however early that stands in the list.
        assert_eq!(first("lol").as_deref(), Some("🍭"));
        assert_eq!(first("lmao").as_deref(), Some("🤣"));
        assert_eq!((first("zzzz"), list.find("face", 5).len()), (None, 5));
    }
}
