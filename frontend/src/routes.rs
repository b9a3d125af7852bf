//! The addresses of the pages.

use hearth_shared::endpoint::path_segment;
use hearth_shared::ids::PostId;
use serde::{Deserialize, Serialize};
use yew_router::history::{BrowserHistory, History, Location};
use yew_router::prelude::*;

/// A page.
#[derive(Debug, Clone, PartialEq, Routable)]
pub(crate) enum Route {
    #[at("/")]
    Home,
    #[at("/post/:id")]
    Post { id: PostId },
    #[at("/u/:username")]
    Profile { username: String },
    #[at("/friends")]
    Friends,
    #[at("/friends/requests")]
    FriendRequests,
    #[at("/friends/find")]
    FindPeople,
    #[at("/settings")]
    Settings,
    #[at("/login")]
    Login,
    #[at("/register")]
    Register,
    #[not_found]
    #[at("/404")]
    NotFound,
}

#[derive(Debug, Serialize, Deserialize)]
struct Query {
    #[serde(default)]
    next: String,
}

/// Where a person wanted to go before they were asked to sign in; a path of this site or nothing.
pub(crate) fn wanted(location: &Location) -> Option<String> {
    let query: Query = location.query::<Query>().ok()?;
    Some(query.next).filter(|next| is_local(next))
}

/// `//host` and `/\host` are addresses of other sites.
fn is_local(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\n', '\r', '\t'])
}

/// The sign-in page that returns to the present one.
pub(crate) fn login_for(location: &Location) -> String {
    let here = format!("{}{}", location.path(), location.query_str());
    with_wanted("/login", Some(&here).filter(|here| *here != "/"))
}

/// Adds the wanted page to an address.
pub(crate) fn with_wanted(path: &str, next: Option<&String>) -> String {
    match next {
        Some(next) => format!("{path}?next={}", path_segment(next)),
        None => path.to_owned(),
    }
}

/// Goes to an address of this site without a new entry in the history.
pub(crate) fn replace(path: &str) {
    BrowserHistory::new().replace(path);
}

/// Goes to an address of this site.
pub(crate) fn push(path: &str) {
    BrowserHistory::new().push(path);
}

/// Goes to a page.
pub(crate) fn go(route: &Route) {
    push(&route.to_path());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_followed() {
        for good in ["/", "/post/1", "/friends/find?q=a"] {
            assert!(is_local(good), "{good}");
        }
        for bad in [
            "",
            "post",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
        ] {
            assert!(!is_local(bad), "{bad}");
        }
    }

    #[test]
    fn the_wanted_page_survives_as_one_value() {
        let next = "/friends/find?q=a&b".to_owned();
        assert_eq!(
            with_wanted("/login", Some(&next)),
            "/login?next=%2Ffriends%2Ffind%3Fq%3Da%26b"
        );
    }

    #[test]
    fn a_post_that_has_no_id_is_no_page() {
        assert_eq!(
            Route::recognize("/post/12"),
            Some(Route::Post {
                id: "12".parse().unwrap()
            })
        );
        assert_eq!(Route::recognize("/post/x"), Some(Route::NotFound));
    }
}
