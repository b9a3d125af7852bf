//! Finding people by name, and those whom one may know.

use hearth_shared::suggestions::{Reason, Suggestion};
use hearth_shared::users::{Friendship, SEARCH_MAX};
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::prelude::*;

use super::components::{RelationButton, mutual, person_row};
use super::{SEARCH_PAUSE_MILLIS, actions, tabs, use_waiting};
use crate::context::{App, use_app};
use crate::effect::use_effect_with;
use crate::platform::clock::Timeout;
use crate::platform::scroll;
use crate::routes::{self, Route, SEARCH_QUERY, search_for};
use crate::store::use_selected;
use crate::text::friends as words;
use crate::ui::button::{Button, Kind};
use crate::ui::icon::{Glyph, small_icon};
use crate::ui::page::Heading;
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::{empty, failed};

/// Finding people by name.
#[component]
pub(crate) fn FindPage() -> Html {
    let app = use_app();
    let waiting = use_waiting();
    let list = use_selected(&app.people, (), |people, ()| people.found.clone());
    let query = use_selected(&app.people, (), |people, ()| people.query.clone());
    let pause = use_mut_ref(|| None::<Timeout>);
    let input = use_node_ref();
    let wanted = use_location()
        .and_then(|location| routes::query_value(&location, SEARCH_QUERY))
        .unwrap_or_default();
    {
        // What is searched for stands in the address: Back and a reload show it as it was, with what has become of
        // the people since.
        let input = input.clone();
        let first = use_mut_ref(|| true);
        use_effect_with((app.clone(), wanted.clone()), move |(app, wanted)| {
            let first = first.replace(false);
            if first && wanted.is_empty() && app.people.read(|people| people.query.is_empty()) {
                return;
            }
            if first || app.people.read(|people| people.query != *wanted) {
                if let Some(input) = input.cast::<HtmlInputElement>() {
                    input.set_value(wanted);
                }
                actions::find(app, wanted, false, true);
            }
        });
    }
    let oninput = {
        let (app, pause) = (app.clone(), pause.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            let app = app.clone();
            *pause.borrow_mut() = Some(Timeout::new(SEARCH_PAUSE_MILLIS, move || look_for(&app, &text)));
        })
    };
    let search = |more: bool| {
        let (app, query) = (app.clone(), query.clone());
        Callback::from(move |()| actions::find(&app, &query, more, !more))
    };
    let onsubmit = {
        let (app, input) = (app.clone(), input.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            // What is searched for is what stands there now.
            pause.borrow_mut().take();
            if let Some(input) = input.cast::<HtmlInputElement>() {
                look_for(&app, &input.value());
            }
        })
    };
    html! {
        <>
            <Heading text={words::FIND} />
            { tabs(&Route::FindPeople, waiting) }
            <form class="search" role="search" {onsubmit}>
                <label for="find-people">{ words::SEARCH_LABEL }</label>
                <div class="field">
                    { small_icon(Glyph::Search) }
                    <input
                        ref={input} id="find-people" type="search" autocomplete="off" spellcheck="false"
                        maxlength={SEARCH_MAX.to_string()} {oninput}
                    />
                </div>
            </form>
            if !list.items.is_empty() {
                <ul class="card people" aria-busy={list.loading.to_string()}>
                    { for list.items.iter().map(|person| html! {
                        <li key={person.user.id.to_string()}>
                            { person_row(&person.user, mutual(person.mutual_friend_count), html! { <>                                if person.friendship == Friendship::Myself {
                                    <span class="meta">{ words::YOU }</span>
                                }
                                <RelationButton user={person.user.clone()} />
                            </> }) }
                        </li>
                    }) }
                </ul>
            }
            if let Some(failure) = &list.failure {
                { failed(words::SEARCH_FAILED, failure, search(!list.items.is_empty() && list.next.is_some())) }
            } else if !list.items.is_empty() {
                if list.next.is_some() {
                    <div class="more"><Button text={words::SHOW_MORE} busy={list.loading} onclick={search(true)} /></div>
                }
            } else if list.loading {
                { person_skeletons(3) }
            } else if list.known {
                { empty(Glyph::Search, &words::nobody(&query), Html::default()) }
            } else {
                <Suggestions />
            }
        </>
    }
}

/// Searches, and says so in the address.
fn look_for(app: &App, text: &str) {
    actions::find(app, text, false, true);
    scroll::stay();
    routes::replace(&search_for(&Route::FindPeople, text));
}

/// People whom one may know, with the reason.
#[component]
fn Suggestions() -> Html {
    let app = use_app();
    let list = use_selected(&app.people, (), |people, ()| people.suggested.clone());
    let shown = use_selected(&app.people, (), |people, ()| people.suggestions());
    use_effect_with(app.clone(), |app| actions::load_suggestions(app, false));
    let load = |more: bool| {
        let app = app.clone();
        Callback::from(move |()| actions::load_suggestions(&app, more))
    };
    if list.known && list.failure.is_none() && shown.is_empty() && list.next.is_none() {
        return empty(Glyph::Search, words::SEARCH_EMPTY, Html::default());
    }
    html! {
        <section class="section" aria-labelledby="suggested">
            <h2 class="section__title" id="suggested">{ words::SUGGESTED }</h2>
            if !shown.is_empty() {
                <ul class="card people">
                    { for shown.iter().map(|one| html! {
                        <li key={one.user.id.to_string()}>{ suggestion(&app, one) }</li>
                    }) }
                </ul>
            }
            if let Some(failure) = &list.failure {
                { failed(words::SUGGESTIONS_FAILED, failure, load(!list.items.is_empty() && list.next.is_some())) }
            } else if !list.known {
                { person_skeletons(3) }
            } else if list.next.is_some() {
                <div class="more"><Button text={words::SHOW_MORE} busy={list.loading} onclick={load(true)} /></div>
            }
        </section>
    }
}

fn suggestion(app: &App, one: &Suggestion) -> Html {
    let names: Vec<&str> = one
        .mutual_friends
        .iter()
        .map(|user| user.display_name.as_str())
        .collect();
    let why = match one.reason {
        Reason::MutualFriends => words::mutual_named(one.mutual_friend_count, &names),
        Reason::NewHere => words::NEW_HERE.to_owned(),
    };
    let hide = {
        let (app, user) = (app.clone(), one.user.clone());
        Callback::from(move |()| actions::hide(&app, &user))
    };
    let rest = html! {
        <div class="relation">
            <RelationButton user={one.user.clone()} />
            <Button
                kind={Kind::Ghost} text={words::HIDE} label={words::about(words::HIDE, &one.user.display_name)}
                onclick={hide}
            />
        </div>
    };
    person_row(&one.user, html! { <span>{ why }</span> }, rest)
}
