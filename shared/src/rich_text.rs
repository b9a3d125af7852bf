//! What a text of people means: web addresses that can be followed, people who are named, hashtags. The server takes
//! from it whom to tell and where to file a post; the browser makes nodes of it, never HTML.
//!
//! [`pieces`] cuts a text; put together again, the pieces are the text.

use std::collections::BTreeSet;

/// Characters of a username, which is what follows an @.
const NAME: std::ops::RangeInclusive<usize> = 3..=30;
/// Characters of a hashtag at most, without the #.
pub const TAG_MAX: usize = 60;
/// People whom one text can name; further ones are text.
pub const MENTIONS_MAX: usize = 50;
/// Hashtags of one text; further ones lead to their page, which does not list it.
pub const TAGS_MAX: usize = 30;

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words as they are.
    Text(&'a str),
    /// An address beginning with `http://` or `https://`; nothing else ever becomes a link.
    Link(&'a str),
    /// `@name`, with the @. Whether there is such a person is another question.
    Mention(&'a str),
    /// `#word`, with the #.
    Tag(&'a str),
}

impl<'a> Piece<'a> {
    /// The piece as it stands in the text.
    pub const fn as_str(self) -> &'a str {
        match self {
            Self::Text(text) | Self::Link(text) | Self::Mention(text) | Self::Tag(text) => text,
        }
    }
}

/// Cuts a text into pieces.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut plain = 0;
    let mut at = 0;
    let mut before = None;
    while let Some(next) = text[at..].chars().next() {
        match special(&text[at..], before) {
            Some(piece) => {
                if plain < at {
                    pieces.push(Piece::Text(&text[plain..at]));
                }
                pieces.push(piece);
                at += piece.as_str().len();
                plain = at;
                before = piece.as_str().chars().next_back();
            }
            None => {
                at += next.len_utf8();
                before = Some(next);
            }
        }
    }
    if plain < text.len() {
        pieces.push(Piece::Text(&text[plain..]));
    }
    pieces
}

/// The names that a text mentions, as usernames are written: lower case.
pub fn mentions(text: &str) -> BTreeSet<String> {
    collect(text, MENTIONS_MAX, |piece| match piece {
        Piece::Mention(name) => name.strip_prefix('@').map(str::to_ascii_lowercase),
        _ => None,
    })
}

/// The hashtags of a text, as they are compared.
pub fn tags(text: &str) -> BTreeSet<String> {
    collect(text, TAGS_MAX, |piece| match piece {
        Piece::Tag(tag) => Some(tag_key(tag)),
        _ => None,
    })
}

/// A hashtag as it is compared: without the #, in lower case.
pub fn tag_key(tag: &str) -> String {
    tag.trim_start_matches('#').to_lowercase()
}

/// Whether a text is the key of a hashtag: what [`tags`] can give.
pub fn is_tag_key(key: &str) -> bool {
    tags(&format!("#{key}")).contains(key)
}

fn collect(text: &str, max: usize, of: impl Fn(Piece<'_>) -> Option<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for value in pieces(text).into_iter().filter_map(of) {
        if found.len() == max {
            break;
        }
        found.insert(value);
    }
    found
}

/// What begins here, after a character, if it is more than text.
fn special(text: &str, before: Option<char>) -> Option<Piece<'_>> {
    match text.as_bytes().first()? {
        b'h' if text.starts_with("http://") || text.starts_with("https://") => {
            let length = link_length(text);
            (length > "https://".len()).then(|| Piece::Link(&text[..length]))
        }
        b'@' if before.is_none_or(begins_word) => {
            let name = word(&text[1..], |c| c.is_ascii_alphanumeric() || c == '_');
            NAME.contains(&name.len())
                .then(|| Piece::Mention(&text[..=name.len()]))
        }
        b'#' if before.is_none_or(begins_word) => {
            let tag = word(&text[1..], |c| c.is_alphanumeric() || c == '_');
            let length = tag.chars().count();
            let speaks = tag.chars().any(char::is_alphabetic);
            (speaks && length <= TAG_MAX).then(|| Piece::Tag(&text[..=tag.len()]))
        }
        _ => None,
    }
}

/// Whether a `@` or `#` after this character begins a name or a hashtag: an address such as `ada@example.org`, or
/// `example.org/#part`, names nobody and is filed nowhere.
pub fn begins_word(before: char) -> bool {
    !before.is_alphanumeric() && !"_@#&/.".contains(before)
}

fn word(text: &str, is_part: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c: char| !is_part(c)).unwrap_or(text.len());
    &text[..end]
}

/// Up to the next space or quote, without the punctuation of the sentence around it.
fn link_length(text: &str) -> usize {
    let end = text
        .find(|c: char| c.is_whitespace() || c.is_control() || "<>\"“”«»".contains(c))
        .unwrap_or(text.len());
    let mut link = &text[..end];
    // Counted once: a text may be nothing but brackets.
    let (opened, mut closed) = (link.matches('(').count(), link.matches(')').count());
    while let Some(last) = link.chars().next_back() {
        let unopened = last == ')' && opened < closed;
        if unopened || ".,;:!?'…]}*_".contains(last) {
            closed -= usize::from(last == ')');
            link = &link[..link.len() - last.len_utf8()];
        } else {
            break;
        }
    }
    link.len()
}

#[cfg(test)]
mod tests {
    use super::Piece::{Link, Mention, Tag, Text};
    use super::*;

    /// Each bracket was counted anew for every one that was left out: ten thousand of them took half a second.
    #[test]
    fn a_text_of_brackets_is_read_in_one_go() {
        for (text, length) in [
            (format!("https://a{}", ")".repeat(1_000_000)), 9),
            (
                format!("https://a{}{}", "(".repeat(400_000), ")".repeat(400_001)),
                800_009,
            ),
        ] {
            assert_eq!(link_length(&text), length);
        }
    }

    #[test]
    fn addresses_become_links_and_the_sentence_stays_a_sentence() {
        assert_eq!(
            pieces("See https://example.org/a_(b), or http://é.example."),
            [
                Text("See "),
                Link("https://example.org/a_(b)"),
                Text(", or "),
                Link("http://é.example"),
                Text("."),
            ]
        );
        assert_eq!(
            pieces("(https://example.org)"),
            [Text("("), Link("https://example.org"), Text(")")]
        );
    }

    #[test]
    fn people_and_tags_are_found_in_sentences() {
        assert_eq!(
            pieces("Hi @ada_1, (@Ben) #Garden2026! #Ünï"),
            [
                Text("Hi "),
                Mention("@ada_1"),
                Text(", ("),
                Mention("@Ben"),
                Text(") "),
                Tag("#Garden2026"),
                Text("! "),
                Tag("#Ünï"),
            ]
        );
        assert_eq!(
            mentions("@Ben @ben @cleo"),
            BTreeSet::from(["ben".into(), "cleo".into()])
        );
        assert_eq!(
            tags("#Tea #tea #ÄPFEL"),
            BTreeSet::from(["tea".into(), "äpfel".into()])
        );
    }

    #[test]
    fn what_only_looks_like_it_is_text() {
        for text in [
            "javascript:alert(1)",
            "https://",
            "http:// x",
            "data:text/html,x",
            "ada@example.org",
            "@ab",
            "@",
            "#",
            "#1",
            "no. #12",
            "a#b",
            "&#x41;",
            "@@ada",
            "##tag",
            "/#part",
            "@aaaaaaaaaabbbbbbbbbbccccccccccd",
            "ünïcode",
            "",
        ] {
            assert!(
                pieces(text).iter().all(|piece| matches!(piece, Text(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn a_link_keeps_what_looks_like_a_tag_in_it() {
        assert_eq!(
            pieces("https://example.org/#part https://example.org/@ada"),
            [
                Link("https://example.org/#part"),
                Text(" "),
                Link("https://example.org/@ada")
            ]
        );
    }

    #[test]
    fn the_pieces_are_the_text() {
        for text in [
            "a https://b.c d http://e.f",
            "https://a.bhttps://c.d",
            "https:// https://x.y",
            "@ada@ben #a#b @ada's\n#x\u{301}y",
            "👩‍👩‍👧 @ada👋 #👋",
        ] {
            let joined: String = pieces(text).into_iter().map(Piece::as_str).collect();
            assert_eq!(joined, text);
        }
    }

    #[test]
    fn a_key_of_a_tag_is_what_a_tag_gives() {
        assert!(is_tag_key("tea") && is_tag_key("äpfel_2"));
        for wrong in ["Tea", "", "1", "a b", "#tea", "a-b"] {
            assert!(!is_tag_key(wrong), "{wrong}");
        }
        assert!(!is_tag_key(&"a".repeat(TAG_MAX + 1)));
    }

    #[test]
    fn a_text_names_so_many_at_most() {
        let text: String = (100..200).map(|n| format!("@user{n} #tag{n} ")).collect();
        assert_eq!(
            (mentions(&text).len(), tags(&text).len()),
            (MENTIONS_MAX, TAGS_MAX)
        );
    }
}
