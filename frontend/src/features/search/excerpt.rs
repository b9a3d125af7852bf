//! The part of a text in which something was found, with the words that were looked for.

use yew::prelude::*;

/// Characters of an excerpt at most.
const LENGTH: usize = 140;
/// So many of them before the first word that was found, where there is something before it.
const BEFORE: usize = 40;

/// A part of an excerpt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part<'a> {
    text: &'a str,
    /// It is one of the words.
    found: bool,
}

/// The excerpt of a text, its words marked.
pub(crate) fn marked(text: &str, words: &str) -> Html {
    let node = |part: Part<'_>| match part.found {
        true => html! { <mark>{ part.text }</mark> },
        false => html! { { part.text } },
    };
    excerpt(text, words).into_iter().map(node).collect()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric()
}

/// Cuts out the part around the first word that was found. Capitals are the same in plain Latin letters only, and an
/// accent is a letter of its own: the server knows better, and what is not seen here is not marked.
fn excerpt<'a>(text: &'a str, words: &str) -> Vec<Part<'a>> {
    let wanted: Vec<&str> = words
        .split(|c| !is_word(c))
        .filter(|word| !word.is_empty())
        .collect();
    let found = found(text, &wanted);
    let start = found.first().map_or(0, |(from, _)| start(text, *from));
    let length = text[start..].char_indices().nth(LENGTH);
    let end = length.map_or(text.len(), |(length, _)| start + length);
    let mut parts = Vec::new();
    let mut put = |text: &'a str, found| {
        if !text.is_empty() {
            parts.push(Part { text, found });
        }
    };
    put(if start > 0 { "…" } else { "" }, false);
    let mut at = start;
    for (from, to) in found.into_iter().take_while(|(_, to)| *to <= end) {
        put(&text[at..from], false);
        put(&text[from..to], true);
        at = to;
    }
    put(&text[at..end], false);
    put(if end < text.len() { "…" } else { "" }, false);
    parts
}

/// Where an excerpt begins whose first word is here: at a word, not long before it.
fn start(text: &str, word: usize) -> usize {
    let Some((far, _)) = text[..word].char_indices().rev().nth(BEFORE) else {
        return 0;
    };
    text[far..word]
        .find(char::is_whitespace)
        .map_or(word, |space| far + space)
}

/// Where the words stand. The last one may be the beginning of a longer one.
fn found(text: &str, wanted: &[&str]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(from) = text[at..].find(is_word).map(|from| at + from) {
        let to = text[from..]
            .find(|c| !is_word(c))
            .map_or(text.len(), |to| from + to);
        let word = &text[from..to];
        let begins = |wanted: &&str| {
            let start = word.get(..wanted.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(wanted))
        };
        let whole = wanted.iter().any(|wanted| word.eq_ignore_ascii_case(wanted));
        if whole || wanted.last().is_some_and(begins) {
            found.push((from, to));
        }
        at = to;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words in brackets.
    fn shown(text: &str, words: &str) -> String {
        let parts = excerpt(text, words).into_iter();
        parts
            .map(|part| match part.found {
                true => format!("[{}]", part.text),
                false => part.text.to_owned(),
            })
            .collect()
    }

    #[test]
    fn the_words_are_marked_and_the_last_one_may_be_a_beginning() {
        assert_eq!(shown("At the Lake, then.", "the lak"), "At [the] [Lake], then.");
        assert_eq!(shown("lake LAKE-side", " lake! "), "[lake] [LAKE]-side");
        assert_eq!(
            shown("Zoë was here", "zoe"),
            "Zoë was here",
            "it is found, and not marked"
        );
        assert_eq!(shown("äb ä", "ä"), "[äb] [ä]");
        assert_eq!(shown("", "lake"), "");
        assert_eq!(shown("a lake", ""), "a lake");
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_of_them() {
        let long = format!("{}the lake {}", "before ".repeat(30), "äfter ".repeat(60));
        let cut = shown(&long, "lake");
        assert!(cut.starts_with("… before before before before"), "{cut}");
        assert!(cut.contains("the [lake] äfter") && cut.ends_with('…'), "{cut}");
        assert_eq!(
            cut.chars().count(),
            LENGTH + 4,
            "two signs around it, two around the word"
        );
        let one = "x".repeat(300);
        assert_eq!(shown(&one, "nothing"), format!("{}…", "x".repeat(LENGTH)));
        assert_eq!(shown(&format!("{one} lake"), "lake"), "… [lake]");
    }
}
