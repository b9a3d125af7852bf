//! Texts of people as nodes: web addresses, people and hashtags can be followed, and nothing ever becomes HTML.

use hearth_shared::posts::Mention;
use hearth_shared::rich_text::{Piece, pieces};
use yew::prelude::*;

use super::link::Link;
use crate::routes::Route;

/// A text whose web addresses can be followed.
pub(crate) fn rich(text: &str) -> Html {
    let node = |piece: Piece<'_>| match piece {
        Piece::Link(url) => address(url, false),
        other => html! { { other.as_str() } },
    };
    pieces(text).into_iter().map(node).collect()
}

/// The same with the people whom it names. The arrow keys lead to the text: its links are no stops of the Tab key.
pub(crate) fn rich_message(text: &str, mentions: &[Mention]) -> Html {
    let node = |piece: Piece<'_>| match (piece, target(piece, mentions)) {
        (Piece::Link(url), _) => address(url, true),
        (Piece::Mention(name), Some(to)) => html! { <Link {to} quiet=true class="ref">{ name }</Link> },
        (piece, _) => html! { { piece.as_str() } },
    };
    pieces(text).into_iter().map(node).collect()
}

/// The same with the people whom it names, and its hashtags, as a post has them.
pub(crate) fn rich_post(text: &str, mentions: &[Mention]) -> Html {
    let node = |piece: Piece<'_>| match (piece, target(piece, mentions)) {
        (Piece::Link(url), _) => address(url, false),
        (piece, Some(to)) => html! { <Link {to} class="ref">{ piece.as_str() }</Link> },
        (piece, None) => html! { { piece.as_str() } },
    };
    pieces(text).into_iter().map(node).collect()
}

fn address(url: &str, quiet: bool) -> Html {
    html! {
        <a
            href={url.to_owned()} target="_blank" rel="noopener noreferrer nofollow ugc"
            tabindex={quiet.then_some("-1")}
        >{ url }</a>
    }
}

/// The page that a name or a hashtag leads to. A name leads somewhere only when the server knows whose it is.
fn target(piece: Piece<'_>, mentions: &[Mention]) -> Option<Route> {
    match piece {
        Piece::Mention(text) => {
            let name = text.strip_prefix('@')?;
            let mention = mentions.iter().find(|one| one.name.eq_ignore_ascii_case(name))?;
            Some(Route::Profile {
                username: mention.username.clone(),
            })
        }
        // As it is written: its page finds it in small letters, with the browser's tables instead of ours.
        Piece::Tag(text) => text
            .strip_prefix('#')
            .map(|tag| Route::Tag { tag: tag.to_owned() }),
        Piece::Text(_) | Piece::Link(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_to_the_person_who_has_it_now_and_others_nowhere() {
        let known = [Mention {
            name: "ada".into(),
            username: "ada_okoye".into(),
        }];
        let profile = Route::Profile {
            username: "ada_okoye".into(),
        };
        assert_eq!(target(Piece::Mention("@Ada"), &known), Some(profile));
        assert_eq!(target(Piece::Mention("@ben"), &known), None);
    }

    #[test]
    fn a_hashtag_leads_to_its_page() {
        let tea = Route::Tag { tag: "Tea".into() };
        assert_eq!(target(Piece::Tag("#Tea"), &[]), Some(tea));
        assert_eq!(target(Piece::Text("#tea"), &[]), None);
    }
}
