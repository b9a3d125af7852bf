//! The addresses of the first program's pages, and going from one to another; what the other program shows is loaded.

use std::collections::HashMap;

use hearth_shared::endpoint::{path_segment, path_value};
use hearth_shared::ids::{ConversationId, PostId};
use hearth_shared::pages::is_second;
use serde::{Deserialize, Serialize};
use yew_router::history::{BrowserHistory, History, Location};
use yew_router::prelude::*;

use crate::platform::{dom, scroll};

/// A page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Route {
    Home,
    Post {
        id: PostId,
    },
    Profile {
        username: String,
    },
    /// The same beside their posts.
    ProfileTab {
        username: String,
        tab: Tab,
    },
    Friends,
    FriendRequests,
    FindPeople,
    Groups,
    Chats,
    Chat {
        id: ConversationId,
    },
    Activity,
    /// What has a hashtag, without the #.
    Tag {
        tag: String,
    },
    /// What one keeps for later.
    Saved,
    /// What is looked for stands in the query, under [`SEARCH_QUERY`].
    Search,
    /// In the second program.
    Settings,
    Login,
    Register,
    NotFound,
}

/// What a person's page shows beside their posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tab {
    Photos,
    Friends,
    About,
}

impl Tab {
    /// All, in the order of the page.
    pub(crate) const ALL: [Self; 3] = [Self::Photos, Self::Friends, Self::About];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Photos => "photos",
            Self::Friends => "friends",
            Self::About => "about",
        }
    }
}

/// Written out: the derived form brings a whole pattern matcher with it, 5 KB of the download.
impl Routable for Route {
    fn from_path(path: &str, _params: &HashMap<&str, &str>) -> Option<Self> {
        Self::recognize(path)
    }

    fn to_path(&self) -> String {
        let fixed = match self {
            Self::Post { id } => return format!("/post/{id}"),
            Self::Profile { username } => return format!("/u/{}", path_segment(username)),
            Self::ProfileTab { username, tab } => {
                return format!("/u/{}/{}", path_segment(username), tab.as_str());
            }
            Self::Chat { id } => return format!("/chats/{id}"),
            Self::Tag { tag } => return format!("/tag/{}", path_segment(tag)),
            Self::Home => "/",
            Self::Friends => "/friends",
            Self::FriendRequests => "/friends/requests",
            Self::FindPeople => "/friends/find",
            Self::Groups => "/groups",
            Self::Chats => "/chats",
            Self::Activity => "/activity",
            Self::Saved => "/saved",
            Self::Search => "/search",
            Self::Settings => "/settings",
            Self::Login => "/login",
            Self::Register => "/register",
            Self::NotFound => "/404",
        };
        fixed.to_owned()
    }

    fn routes() -> Vec<&'static str> {
        Vec::new()
    }

    fn not_found_route() -> Option<Self> {
        Some(Self::NotFound)
    }

    fn recognize(path: &str) -> Option<Self> {
        let trimmed = path.strip_prefix('/').unwrap_or(path);
        let parts: Vec<&str> = trimmed.strip_suffix('/').unwrap_or(trimmed).split('/').collect();
        Some(match parts.as_slice() {
            [""] => Self::Home,
            ["post", id] => id.parse().map_or(Self::NotFound, |id| Self::Post { id }),
            // Usernames need no escapes; with one it is nobody's.
            ["u", name] if !name.is_empty() => Self::Profile {
                username: (*name).to_owned(),
            },
            ["u", name, tab] if !name.is_empty() => {
                let tab = Tab::ALL.into_iter().find(|one| one.as_str() == *tab);
                tab.map_or(Self::NotFound, |tab| Self::ProfileTab {
                    username: (*name).to_owned(),
                    tab,
                })
            }
            ["friends"] => Self::Friends,
            ["friends", "requests"] => Self::FriendRequests,
            ["friends", "find"] => Self::FindPeople,
            ["groups"] => Self::Groups,
            ["chats"] => Self::Chats,
            ["chats", id] => id.parse().map_or(Self::NotFound, |id| Self::Chat { id }),
            ["activity"] => Self::Activity,
            // Hashtags are of all languages, and addresses are not.
            ["tag", tag] => path_value(tag)
                .filter(|tag| !tag.is_empty())
                .map_or(Self::NotFound, |tag| Self::Tag { tag }),
            ["saved"] => Self::Saved,
            ["search"] => Self::Search,
            ["settings"] => Self::Settings,
            ["login"] => Self::Login,
            ["register"] => Self::Register,
            _ => Self::NotFound,
        })
    }
}

/// How an address says what is looked for.
pub(crate) const SEARCH_QUERY: &str = "q";

/// The address of a search; without words it is the page where one begins.
pub(crate) fn search_for(page: &Route, words: &str) -> String {
    let page = page.to_path();
    match words.trim() {
        "" => page,
        words => format!("{page}?{SEARCH_QUERY}={}", path_segment(&words)),
    }
}

/// How the address of a search says which kind is looked for.
pub(crate) const IN_QUERY: &str = "in";

/// How the address of a conversation names one of its messages, by its number.
pub(crate) const MESSAGE_QUERY: &str = "message";

/// The address of a message.
pub(crate) fn message_at(id: ConversationId, number: u32) -> String {
    format!("{}?{MESSAGE_QUERY}={number}", Route::Chat { id }.to_path())
}

/// One value of an address's query.
pub(crate) fn query_value(location: &Location, name: &str) -> Option<String> {
    let pairs = location.query::<Vec<(String, String)>>().ok()?;
    pairs
        .into_iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value)
}

/// An address with other values for some of its query; a value that is none is left out.
pub(crate) fn with_query(location: &Location, values: &[(&str, Option<String>)]) -> String {
    let mut pairs = location.query::<Vec<(String, String)>>().unwrap_or_default();
    pairs.retain(|(key, _)| values.iter().all(|(name, _)| key != name));
    for (name, value) in values {
        if let Some(value) = value {
            pairs.push(((*name).to_owned(), value.clone()));
        }
    }
    let mut address = location.path().to_owned();
    for (at, (key, value)) in pairs.iter().enumerate() {
        address.push(if at == 0 { '?' } else { '&' });
        address.push_str(&format!("{}={}", path_segment(key), path_segment(value)));
    }
    address
}

#[derive(Debug, Serialize, Deserialize)]
struct Query {
    #[serde(default)]
    next: String,
    #[serde(default)]
    because: String,
}

/// Why the other program sends somebody to the sign-in page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Because {
    /// They signed out.
    SignedOut,
    /// The server ended their session.
    Ended,
    /// They have a new password.
    NewPassword,
    /// The host has suspended them.
    Suspended,
}

impl Because {
    const ALL: [Self; 4] = [Self::SignedOut, Self::Ended, Self::NewPassword, Self::Suspended];

    const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "out",
            Self::Ended => "ended",
            Self::NewPassword => "password",
            Self::Suspended => "suspended",
        }
    }

    /// What the address of the sign-in page says.
    pub(crate) fn of(location: &Location) -> Option<Self> {
        let query: Query = location.query::<Query>().ok()?;
        Self::ALL.into_iter().find(|one| one.as_str() == query.because)
    }
}

/// The sign-in page that says why one is there, and returns to a page.
pub(crate) fn login_because(because: Because, from: Option<&Location>) -> String {
    let login = from.map_or_else(|| Route::Login.to_path(), login_for);
    let sign = if login.contains('?') { '&' } else { '?' };
    format!("{login}{sign}because={}", because.as_str())
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
    if is_second(path) {
        dom::load_instead(path);
    } else {
        BrowserHistory::new().replace(path);
    }
}

/// Goes to an address of this site.
pub(crate) fn push(path: &str) {
    if is_second(path) {
        dom::load(path);
    } else {
        scroll::leave();
        BrowserHistory::new().push(path);
    }
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
    fn every_page_is_found_at_its_own_address() {
        let id = "12".parse().unwrap();
        for route in [
            Route::Home,
            Route::Post { id },
            Route::Profile {
                username: "ada_1".into(),
            },
            Route::ProfileTab {
                username: "ada_1".into(),
                tab: Tab::Photos,
            },
            Route::Friends,
            Route::FriendRequests,
            Route::FindPeople,
            Route::Groups,
            Route::Chats,
            Route::Chat {
                id: "7".parse().unwrap(),
            },
            Route::Activity,
            Route::Tag {
                tag: "äpfel_2".into(),
            },
            Route::Tag {
                tag: "a/b?c#d%41".into(),
            },
            Route::Saved,
            Route::Search,
            Route::Settings,
            Route::Login,
            Route::Register,
            Route::NotFound,
        ] {
            assert_eq!(Route::recognize(&route.to_path()), Some(route));
        }
        assert_eq!(Route::recognize("/friends/"), Some(Route::Friends));
        assert_eq!(Route::recognize("/friends/find/x"), Some(Route::NotFound));
        assert_eq!(Route::recognize("/u/ada/secrets"), Some(Route::NotFound));
    }

    #[test]
    fn a_hashtag_is_read_as_browsers_write_it() {
        let tag = |path| Route::recognize(path);
        assert_eq!(tag("/tag/%C3%A4pfel"), Some(Route::Tag { tag: "äpfel".into() }));
        for wrong in [
            "/tag/", "/tag", "/tag/%", "/tag/%f", "/tag/%ff", "/tag/%+1", "/tag/a/b",
        ] {
            assert_eq!(tag(wrong), Some(Route::NotFound), "{wrong}");
        }
    }

    #[test]
    fn a_search_stands_in_its_address() {
        assert_eq!(search_for(&Route::Search, "  "), "/search");
        assert_eq!(search_for(&Route::Search, " a&b "), "/search?q=a%26b");
        assert_eq!(message_at("7".parse().unwrap(), 12), "/chats/7?message=12");
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
