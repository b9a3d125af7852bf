//! A person's picture, or their initials on one of eight tints. The name always stands beside it.

use hearth_shared::ids::{Id, UserId};
use hearth_shared::users::UserCard;
use yew::prelude::*;

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
    /// 96
    Profile,
}

/// A person's picture.
pub(crate) fn avatar(user: &UserCard, size: Size) -> Html {
    let size = match size {
        Size::Small => "av--s",
        Size::Medium => "av--m",
        Size::Post => "av--p",
        Size::Profile => "av--xl",
    };
    let tint = format!("av-t{}", tint(user.id));
    html! {
        <span class={classes!("av", size, tint)} aria-hidden="true">
            if let Some(url) = own(user.avatar_url.as_ref()) {
                <img src={url} alt="" loading="lazy" decoding="async" />
            } else {
                { initials(&user.display_name) }
            }
        </span>
    }
}

/// One of eight. Ids are sorted by time and their lowest bits are nearly always the same, so all bits are mixed.
fn tint(id: UserId) -> u64 {
    id.get().unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 61
}

/// Pictures come from this server only.
fn own(url: Option<&String>) -> Option<AttrValue> {
    url.filter(|url| url.starts_with('/') && !url.starts_with("//"))
        .map(|url| AttrValue::from(url.clone()))
}

/// The first letters of the first and the last word. The style makes them capitals: the tables for that would be
/// 24 KB of WebAssembly.
fn initials(name: &str) -> String {
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
        let tints: std::collections::HashSet<u64> = (1..40_i64)
            .map(|n| tint(UserId::new((7_000_000 + n * 91) << 22)))
            .collect();
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
}
