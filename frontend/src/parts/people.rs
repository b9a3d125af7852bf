//! The part with people: friends, everybody's page, what one is told of them, search.

use yew::prelude::*;

use crate::features::activity::ActivityPage;
use crate::features::friends::{FindPage, FriendsPage, RequestsPage};
use crate::features::search::SearchPage;
use crate::features::users::ProfilePage;
use crate::routes::{Route, Tab};
use crate::text;
use crate::ui::skeleton::{person_skeletons, post_skeletons};

/// What it shows.
#[derive(Clone, PartialEq)]
pub(crate) enum People {
    Friends,
    Requests,
    Find,
    Profile { username: String, tab: Option<Tab> },
    Activity,
    Search,
}

impl People {
    /// The page at an address.
    pub(super) fn at(route: &Route) -> Option<Self> {
        Some(match route {
            Route::Friends => Self::Friends,
            Route::FriendRequests => Self::Requests,
            Route::FindPeople => Self::Find,
            Route::Profile { username } => Self::Profile {
                username: username.clone(),
                tab: None,
            },
            Route::ProfileTab { username, tab } => Self::Profile {
                username: username.clone(),
                tab: Some(*tab),
            },
            Route::Activity => Self::Activity,
            Route::Search => Self::Search,
            _ => return None,
        })
    }

    /// What the page is called until it says so itself.
    pub(super) fn title(&self) -> &'static str {
        match self {
            Self::Friends => text::friends::TITLE,
            Self::Requests => text::friends::FRIEND_REQUESTS,
            Self::Find => text::friends::FIND,
            Self::Profile { .. } => text::shell::PROFILE,
            Self::Activity => text::activity::ACTIVITY,
            Self::Search => text::search::TITLE,
        }
    }

    /// The shape of what comes.
    pub(super) fn waiting(&self) -> Html {
        match self {
            Self::Profile { .. } => post_skeletons(2),
            _ => person_skeletons(4),
        }
    }
}

/// Shows it. Nothing outside of the part may come here.
pub(super) fn show(screen: &People) -> Html {
    match screen {
        People::Friends => html! { <FriendsPage /> },
        People::Requests => html! { <RequestsPage /> },
        People::Find => html! { <FindPage /> },
        People::Profile { username, tab } => {
            html! { <ProfilePage key={username.clone()} username={username.clone()} tab={*tab} /> }
        }
        People::Activity => html! { <ActivityPage /> },
        People::Search => html! { <SearchPage /> },
    }
}
