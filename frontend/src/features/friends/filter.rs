//! One's friends, narrowed to those who are called like what is typed.

use hearth_shared::friends::Friend;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::actions;
use super::state::{Listing, matches};
use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::platform::clock::Timeout;
use crate::store::{Ptr, Store, use_selected};

/// After the last key.
pub(crate) const SEARCH_PAUSE_MILLIS: u32 = 250;
/// From so many friends on there is a field to search them.
const MANY: usize = 6;

/// What is shown of one's friends.
pub(crate) struct Friends {
    /// All, as far as they are loaded.
    pub(crate) list: Ptr<Listing<Friend>>,
    /// Those who are called so.
    pub(crate) shown: Vec<Friend>,
    /// What was typed.
    pub(crate) query: String,
    /// The server is asked, because not all are known here.
    pub(crate) asked: bool,
    /// Something was typed.
    pub(crate) typed: Callback<InputEvent>,
    /// Loads them, or more of them.
    pub(crate) load: Callback<bool>,
}

impl Friends {
    /// Whether there are so many that one wants to search them.
    pub(crate) fn many(&self) -> bool {
        self.list.items.len() >= MANY || !self.query.is_empty()
    }
}

/// Loads one's friends and follows what is typed.
#[hook]
pub(crate) fn use_friends() -> Friends {
    let app = use_app();
    let list = use_selected(&app.people, (), |people, ()| people.friends.clone());
    use_effect_with(app.clone(), |app| actions::load_friends(app, false));
    let load = {
        let app = app.clone();
        Callback::from(move |more| actions::load_friends(&app, more))
    };
    let query = use_state_eq(String::new);
    let found = (*use_memo((), |()| Store::new(Ptr::new(Listing::<Friend>::default())))).clone();
    let answer = use_selected(&found, (), |found, ()| found.clone());
    let pause = use_mut_ref(|| None::<Timeout>);
    let typed = {
        let (set, all) = (query.setter(), list.next.is_none());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            set.set(text.clone());
            if !all {
                let (app, found) = (app.clone(), found.clone());
                let ask = move || actions::filter(&app, &text, &found);
                *pause.borrow_mut() = Some(Timeout::new(SEARCH_PAUSE_MILLIS, ask));
            }
        })
    };
    // Where all are known here nobody needs to be asked.
    let asked = list.next.is_some() && !query.trim().is_empty();
    let shown = if asked && answer.known {
        answer.items.clone()
    } else {
        let called = |friend: &&Friend| matches(&friend.user, &query);
        list.items.iter().filter(called).cloned().collect()
    };
    Friends {
        list,
        shown,
        query: (*query).clone(),
        asked,
        typed,
        load,
    }
}
