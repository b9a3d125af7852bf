//! What the page shows of what was found: everything, or one kind. The address says which.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::platform::scroll;
use crate::routes::{self, IN_QUERY, Route, SEARCH_QUERY, search_for};
use crate::text::search as words;
use crate::ui::link::Link;

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum View {
    /// Some of every kind.
    #[default]
    All,
    People,
    Groups,
    Posts,
    Messages,
}

impl View {
    /// In the order of the tabs.
    const EACH: [Self; 5] = [Self::All, Self::People, Self::Groups, Self::Posts, Self::Messages];

    const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::People => "people",
            Self::Groups => "groups",
            Self::Posts => "posts",
            Self::Messages => "messages",
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::All => words::ALL,
            Self::People => words::PEOPLE,
            Self::Groups => words::GROUPS,
            Self::Posts => words::POSTS,
            Self::Messages => words::MESSAGES,
        }
    }
}

/// The address of a view of a search.
pub(super) fn address(view: View, text: &str) -> String {
    let page = search_for(&Route::Search, text);
    if view == View::All {
        return page;
    }
    let sign = if page.contains('?') { '&' } else { '?' };
    format!("{page}{sign}{IN_QUERY}={}", view.as_str())
}

/// What the address of the present page looks for; nothing on other pages.
#[hook]
pub(super) fn use_wanted() -> String {
    let here = use_route::<Route>();
    use_location()
        .filter(|_| here == Some(Route::Search))
        .and_then(|location| routes::query_value(&location, SEARCH_QUERY))
        .map(|wanted| wanted.trim().to_owned())
        .unwrap_or_default()
}

/// Which view the address of the present page names.
#[hook]
pub(super) fn use_view() -> View {
    let within = use_location().and_then(|location| routes::query_value(&location, IN_QUERY));
    let named = |view: &View| within.as_deref() == Some(view.as_str());
    View::EACH.into_iter().find(named).unwrap_or_default()
}

/// The ways from one view to another.
pub(super) fn tabs(here: View, text: &str) -> Html {
    html! {
        <nav aria-label={words::VIEWS}>
            <ul class="tabs">
                { for View::EACH.into_iter().map(|view| html! {
                    <li>
                        <Link
                            to={Route::Search} at={address(view, text)} current={view == here} class="tabs__tab"
                            onclick={|()| scroll::stay()}
                        >{ view.text() }</Link>
                    </li>
                }) }
            </ul>
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_is_looked_for_and_where() {
        assert_eq!(address(View::All, ""), "/search");
        assert_eq!(address(View::Posts, " "), "/search?in=posts");
        assert_eq!(address(View::All, " a b"), "/search?q=a%20b");
        assert_eq!(address(View::Groups, "a&b"), "/search?q=a%26b&in=groups");
    }
}
