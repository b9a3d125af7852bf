//! What was opened last, in this browser only, and gone when its reader signs out.

use hearth_shared::conversations::Conversation;
use hearth_shared::conversations::groups::Group;
use hearth_shared::ids::{ConversationId, UserId};
use hearth_shared::users::UserCard;
use serde::{Deserialize, Serialize};
use yew::prelude::*;

use crate::context::App;
use crate::effect::use_effect_with;
use crate::features::posts::drafts::PREFIX;
use crate::platform::storage;
use crate::routes::Route;
use crate::store::use_selected;

/// So many are kept.
const KEPT: usize = 6;

/// A person or a chat that was opened, as it looked then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Recent {
    Person(UserCard),
    /// With somebody.
    Chat(ConversationId, UserCard),
    Group(ConversationId, Group),
}

impl Recent {
    fn of_chat(known: &Conversation) -> Option<Self> {
        match (&known.other, &known.group) {
            (Some(other), _) => Some(Self::Chat(known.id, other.clone())),
            (None, Some(group)) => Some(Self::Group(known.id, group.clone())),
            (None, None) => None,
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Person(one), Self::Person(other)) => one.id == other.id,
            (Self::Chat(one, _) | Self::Group(one, _), Self::Chat(other, _) | Self::Group(other, _)) => {
                one == other
            }
            _ => false,
        }
    }
}

/// It begins like a draft, and goes like one.
fn key(user: UserId) -> String {
    format!("{PREFIX}{user}.opened")
}

/// The last one first. What an older version kept otherwise is nothing.
pub(super) fn load(user: UserId) -> Vec<Recent> {
    storage::get(&key(user))
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

/// Something was opened.
fn keep(user: UserId, opened: Recent) {
    let all = put(load(user), opened);
    if let Ok(text) = serde_json::to_string(&all) {
        storage::set(&key(user), &text);
    }
}

/// It is the first now, once.
fn put(mut all: Vec<Recent>, opened: Recent) -> Vec<Recent> {
    all.retain(|known| !known.is_same(&opened));
    all.insert(0, opened);
    all.truncate(KEPT);
    all
}

/// Notes the people and chats whose pages are opened.
#[hook]
pub(crate) fn use_recent(app: &App, here: &Route) {
    let chat = match here {
        Route::Chat { id } => Some(*id),
        _ => None,
    };
    let chat = use_selected(&app.chats, chat, |chats, id| {
        id.and_then(|id| chats.find(id)).and_then(Recent::of_chat)
    });
    let person = match here {
        Route::Profile { username } | Route::ProfileTab { username, .. } => Some(username.clone()),
        _ => None,
    };
    let person = use_selected(&app.accounts, person, |accounts, username| {
        let profile = accounts.profile(username.as_deref()?, None)?;
        profile.value.as_ref().map(|profile| profile.person.user.clone())
    });
    let me = app.user.id;
    let person = person.filter(|user| user.id != me).map(Recent::Person);
    use_effect_with(chat.or(person), move |opened| {
        if let Some(opened) = opened {
            keep(me, opened.clone());
        }
    });
}

#[cfg(test)]
mod tests {
    use hearth_shared::ids::Id;

    use super::*;
    use crate::features::posts::state::tests::user;

    #[test]
    fn what_was_opened_last_comes_first_and_once() {
        let chat = |id: i64| Recent::Chat(ConversationId::new(id), user(id));
        let mut all = Vec::new();
        for id in 1..=9 {
            all = put(all, chat(id));
        }
        assert_eq!(all.len(), KEPT);
        all = put(all, Recent::Person(user(7)));
        all = put(all, chat(6));
        assert_eq!(all[..3], [chat(6), Recent::Person(user(7)), chat(9)]);
        assert_eq!(all.iter().filter(|one| **one == chat(6)).count(), 1);
        let text = serde_json::to_string(&all).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Recent>>(&text).unwrap(), all);
    }
}
