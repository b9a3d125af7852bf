//! A person's picture, or their initials on one of eight tints. The name always stands beside it.

use hearth_shared::ids::Id;
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

#[derive(PartialEq, Properties)]
pub(crate) struct AvatarProps {
    pub(crate) user: UserCard,
    #[prop_or_default]
    pub(crate) size: Size,
}

/// A person's picture.
#[component]
pub(crate) fn Avatar(props: &AvatarProps) -> Html {
    let size = match props.size {
        Size::Small => "av--s",
        Size::Medium => "av--m",
        Size::Post => "av--p",
        Size::Profile => "av--xl",
    };
    let tint = format!("av-t{}", props.user.id.get().rem_euclid(8));
    html! {
        <span class={classes!("av", size, tint)} aria-hidden="true">
            if let Some(url) = own(props.user.avatar_url.as_ref()) {
                <img src={url} alt="" loading="lazy" decoding="async" />
            } else {
                { initials(&props.user.display_name) }
            }
        </span>
    }
}

/// Pictures come from this server only.
fn own(url: Option<&String>) -> Option<AttrValue> {
    url.filter(|url| url.starts_with('/') && !url.starts_with("//"))
        .map(|url| AttrValue::from(url.clone()))
}

/// The first letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_those_of_the_first_and_the_last_word() {
        for (name, letters) in [
            ("Ada Okoye", "AO"),
            ("ada", "A"),
            ("Lena Maria Kovač", "LK"),
            ("élodie ço", "ÉÇ"),
            ("", ""),
        ] {
            assert_eq!(initials(name), letters);
        }
    }
}
