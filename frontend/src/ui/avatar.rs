//! A person's picture, or their initials on one of eight tints, and their name. Both follow the newest card that
//! this page has heard of, wherever they stand: a new picture is everywhere at once.

use std::collections::HashMap;

use hearth_shared::ids::{Id, UserId};
use hearth_shared::users::UserCard;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use crate::platform::events;
use crate::store::{Store, use_selected};

/// How large.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Size {
    /// 32
    Small,
    /// 40
    #[default]
    Medium,
    /// 44
    Post,
    /// 112
    Profile,
}

type Cards = HashMap<UserId, UserCard>;

thread_local! {
    /// Cards that came by themselves: those of people who changed something about themselves since the page began.
    static CARDS: Store<Cards> = Store::default();
}

/// A person's card has changed.
pub(crate) fn changed(card: UserCard) {
    CARDS.with(Store::clone).change(|cards| {
        if newer(cards, &card).is_none() {
            cards.insert(card.id, card);
        }
    });
}

/// The newest card of a person that is known.
pub(crate) fn current(card: &UserCard) -> UserCard {
    CARDS
        .with(Store::clone)
        .read(|cards| newer(cards, card))
        .unwrap_or_else(|| card.clone())
}

/// Nothing of one person's people is for the next one who signs in here.
pub(crate) fn forget() {
    CARDS.with(Store::clone).change(Cards::clear);
}

fn newer(cards: &Cards, card: &UserCard) -> Option<UserCard> {
    cards.get(&card.id).filter(|known| known.rev > card.rev).cloned()
}

/// The same, followed as long as a component shows it.
#[hook]
pub(crate) fn use_card(card: &UserCard) -> UserCard {
    use_selected(&CARDS.with(Store::clone), card.clone(), newer).unwrap_or_else(|| card.clone())
}

#[derive(PartialEq, Properties)]
struct FaceProps {
    user: UserCard,
    size: Size,
}

/// A person's picture. The name always stands beside it.
pub(crate) fn avatar(user: &UserCard, size: Size) -> Html {
    html! { <Face user={user.clone()} {size} /> }
}

/// Its class, and its pixels.
pub(crate) fn sized(size: Size) -> (&'static str, &'static str) {
    match size {
        Size::Small => ("av--s", "32"),
        Size::Medium => ("av--m", "40"),
        Size::Post => ("av--p", "44"),
        Size::Profile => ("av--xl", "112"),
    }
}

#[component]
fn Face(props: &FaceProps) -> Html {
    let user = use_card(&props.user);
    let (class, pixels) = sized(props.size);
    let url = match props.size {
        Size::Profile => user.large_avatar_url().or(user.avatar_url),
        _ => user.avatar_url,
    };
    html! {
        <span class={classes!("av", class, format!("av-t{}", tint(user.id.get())))} aria-hidden="true">
            <span>{ initials(&user.display_name) }</span>
            if let Some(url) = own(url) {
                <img key={url.to_string()} src={url} alt="" width={pixels} height={pixels} loading="lazy" decoding="async" />
            }
        </span>
    }
}

#[derive(PartialEq, Properties)]
struct NameProps {
    user: UserCard,
}

/// A person's name.
pub(crate) fn name(user: &UserCard) -> Html {
    html! { <Name user={user.clone()} /> }
}

#[component]
fn Name(props: &NameProps) -> Html {
    let user = use_card(&props.user);
    html! { { user.display_name } }
}

/// Marks pictures that have come, once for the life of the page: until then, and for good when one never comes,
/// the initials show.
pub(crate) fn start() {
    events::on_document_first("load", |event| {
        let image = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .filter(|target| target.tag_name() == "IMG");
        if let Some(image) = image {
            drop(image.class_list().add_1("here"));
        }
    })
    .forget();
}

/// One of eight. Ids are sorted by time and their lowest bits are nearly always the same, so all bits are mixed.
pub(crate) fn tint(id: i64) -> u64 {
    id.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 61
}

/// Pictures come from this server only.
pub(crate) fn own(url: Option<String>) -> Option<AttrValue> {
    url.filter(|url| url.starts_with('/') && !url.starts_with("//"))
        .map(AttrValue::from)
}

/// The first letters of the first and the last word. The style makes them capitals: the tables for that would be
/// 24 KB of WebAssembly.
pub(crate) fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_end_alike_differ_in_tint() {
        let tints: std::collections::HashSet<u64> =
            (1..40_i64).map(|n| tint((7_000_000 + n * 91) << 22)).collect();
        assert!(tints.len() > 4 && tints.iter().all(|tint| *tint < 8));
    }

    #[test]
    fn initials_are_those_of_the_first_and_the_last_word() {
        for (name, letters) in [
            ("Ada Okoye", "AO"),
            ("ada", "a"),
            ("Lena Maria Kovač", "LK"),
            ("élodie ço", "éç"),
            ("", ""),
        ] {
            assert_eq!(initials(name), letters);
        }
    }

    #[test]
    fn the_newest_card_is_shown_and_an_older_one_changes_nothing() {
        let card = |rev: i64, name: &str| UserCard {
            id: UserId::new(7),
            username: "ada".to_owned(),
            display_name: name.to_owned(),
            avatar_url: None,
            rev,
        };
        assert_eq!(current(&card(1, "Ada")).display_name, "Ada");
        changed(card(3, "Ada Okoye"));
        changed(card(2, "Ada O."));
        assert_eq!(current(&card(1, "Ada")).display_name, "Ada Okoye");
        assert_eq!(current(&card(4, "Ada Obi")).display_name, "Ada Obi");
        forget();
        assert_eq!(current(&card(1, "Ada")).display_name, "Ada");
    }

    #[test]
    fn pictures_of_other_sites_are_not_asked_for() {
        assert!(own(Some("/api/v1/avatars/x-128".to_owned())).is_some());
        for url in ["//evil.example/x", "https://evil.example/x", "data:image/png,x"] {
            assert_eq!(own(Some(url.to_owned())), None, "{url}");
        }
    }
}
