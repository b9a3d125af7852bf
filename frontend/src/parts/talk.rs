//! The part with chats and groups.

use hearth_shared::ids::ConversationId;
use yew::prelude::*;

use crate::features::chats;
use crate::features::groups::GroupsPage;
use crate::routes::Route;
use crate::text;
use crate::ui::skeleton::person_skeletons;

/// What it shows.
#[derive(Clone, PartialEq)]
pub(crate) enum Talk {
    /// The list, and beside it or in its place the open conversation.
    Chats(Option<ConversationId>),
    Groups,
}

impl Talk {
    /// The page at an address.
    pub(super) fn at(route: &Route) -> Option<Self> {
        Some(match route {
            Route::Chats => Self::Chats(None),
            Route::Chat { id } => Self::Chats(Some(*id)),
            Route::Groups => Self::Groups,
            _ => return None,
        })
    }

    /// What the page is called until it says so itself.
    pub(super) fn title(&self) -> &'static str {
        match self {
            Self::Chats(_) => text::chats::CHATS,
            Self::Groups => text::groups::GROUPS,
        }
    }

    /// The shape of what comes.
    pub(super) fn waiting(&self) -> Html {
        person_skeletons(4)
    }
}

/// Shows it. Nothing outside of the part may come here.
pub(super) fn show(screen: &Talk) -> Html {
    match screen {
        Talk::Chats(open) => chats::page(*open),
        Talk::Groups => html! { <GroupsPage /> },
    }
}
