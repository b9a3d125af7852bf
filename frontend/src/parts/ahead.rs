//! Fetching parts before they are wanted, so that in practice nobody waits: all of them once the page has come to rest,
//! and the one that somebody is about to want when they point to what leads there.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event};
use yew::prelude::*;

use super::{Part, Screen, State, fetch, state};
use crate::effect::use_effect_with;
use crate::platform::{clock, events, spawn};
use crate::routes::Route;
use yew_router::Routable;

/// After the first page of somebody who is signed in; what that one shows goes first.
const REST_MILLIS: u32 = 300;
/// What may lead to a part.
const DOORS: &str = "a[href^='/'], button";

/// Fetches parts ahead, as long as the page of somebody who is signed in is shown.
#[hook]
pub(crate) fn use_ahead() {
    use_effect_with((), |()| {
        spawn(async {
            clock::sleep(REST_MILLIS).await;
            for part in Part::ALL {
                fetch(part).await;
            }
        });
        let pointed = events::on_document_first("pointerover", look);
        let focused = events::on_document_first("focusin", look);
        move || drop((pointed, focused))
    });
}

/// Somebody points to something, or the focus is there.
fn look(event: &Event) {
    if Part::ALL.into_iter().all(|part| state(part) != State::Away) {
        return;
    }
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let Some(door) = target.and_then(|element| element.closest(DOORS).ok().flatten()) else {
        return;
    };
    let part = match door.get_attribute("href") {
        Some(address) => behind(&address),
        // A button may open something.
        None => Some(Part::Over),
    };
    if let Some(part) = part.filter(|part| state(*part) == State::Away) {
        spawn(async move { fetch(part).await });
    }
}

/// The part that a link leads to.
fn behind(address: &str) -> Option<Part> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let route = Route::recognize(path)?;
    Some(Screen::at(&route)?.part())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_says_what_is_behind_it() {
        assert_eq!(behind("/chats/12?message=3"), Some(Part::Talk));
        assert_eq!(behind("/u/ada_1"), Some(Part::People));
        assert_eq!(behind("/"), None);
    }
}
