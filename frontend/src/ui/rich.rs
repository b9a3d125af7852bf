//! Texts of people with web addresses that can be followed. Only `http` and `https`: nothing else becomes a link.

use yew::prelude::*;

/// A text whose web addresses can be followed. Where the arrow keys lead to a text (`quiet`), its links are no
/// stops of the Tab key.
pub(crate) fn rich(text: &str, quiet: bool) -> Html {
    pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => html! { { text } },
            Piece::Link(url) => html! {
                <a
                    href={url.to_owned()} target="_blank" rel="noopener noreferrer nofollow ugc"
                    tabindex={quiet.then_some("-1")}
                >{ url }</a>
            },
        })
        .collect()
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    Link(&'a str),
}

/// Cuts a text into pieces; together they are the text.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut plain = 0;
    while let Some(at) = next_start(rest, plain) {
        let end = at + link_length(&rest[at..]);
        if end - at <= "https://".len() {
            plain = at + 1;
            continue;
        }
        if at > 0 {
            pieces.push(Piece::Text(&rest[..at]));
        }
        pieces.push(Piece::Link(&rest[at..end]));
        rest = &rest[end..];
        plain = 0;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

fn next_start(text: &str, from: usize) -> Option<usize> {
    let tail = text.get(from..)?;
    ["http://", "https://"]
        .iter()
        .filter_map(|scheme| tail.find(scheme))
        .min()
        .map(|at| from + at)
}

/// Up to the next space or quote, without the punctuation of the sentence around it.
fn link_length(text: &str) -> usize {
    let end = text
        .find(|c: char| c.is_whitespace() || c.is_control() || "<>\"“”«»".contains(c))
        .unwrap_or(text.len());
    let mut link = &text[..end];
    while let Some(last) = link.chars().next_back() {
        let unopened = last == ')' && link.matches('(').count() < link.matches(')').count();
        if unopened || ".,;:!?'…]}*_".contains(last) {
            link = &link[..link.len() - last.len_utf8()];
        } else {
            break;
        }
    }
    link.len()
}

#[cfg(test)]
mod tests {
    use super::Piece::{Link, Text};
    use super::*;

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
    fn nothing_else_becomes_a_link() {
        for text in [
            "javascript:alert(1)",
            "https://",
            "http:// x",
            "data:text/html,x",
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
    fn the_pieces_are_the_text() {
        for text in [
            "a https://b.c d http://e.f",
            "https://a.bhttps://c.d",
            "https:// https://x.y",
        ] {
            let joined: String = pieces(text)
                .iter()
                .map(|piece| match piece {
                    Text(text) | Link(text) => *text,
                })
                .collect();
            assert_eq!(joined, text);
        }
    }
}
