//! The Friends pages: all friends, requests of both sides, finding people.

pub(crate) mod actions;
pub(crate) mod components;
pub(crate) mod filter;
mod find;
pub(crate) mod mentions;
pub(crate) mod state;

use hearth_shared::friends::{Direction, FriendRequest};
use hearth_shared::users::{Friendship, UserCard};
use yew::prelude::*;

use self::components::{RelationButton, mutual, person_row, search_field};
use self::filter::{SEARCH_PAUSE_MILLIS, use_friends};
pub(crate) use self::find::FindPage;
use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::routes::Route;
use crate::store::use_selected;
use crate::text::{self, friends as words};
use crate::ui::button::Button;
use crate::ui::icon::{Glyph, small_icon};
use crate::ui::link::Link;
use crate::ui::page::Heading;
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::{empty, failed};
use crate::ui::when::{When, day};

/// How many requests wait.
#[hook]
fn use_waiting() -> u32 {
    let app = use_app();
    use_selected(&app.people, (), |people, ()| people.waiting())
}

/// The three Friends pages side by side.
fn tabs(here: &Route, waiting: u32) -> Html {
    let tab = |to: Route, text: &'static str, count: u32| {
        let current = to == *here;
        html! {
            <li>
                <Link {to} {current} class="tabs__tab">
                    { text }
                    if count > 0 {
                        <span class="count count--warm" aria-hidden="true">{ count }</span>
                        <span class="vh">{ text::shell::waiting_requests(count) }</span>
                    }
                </Link>
            </li>
        }
    };
    html! {
        <nav aria-label={words::SECTIONS}>
            <ul class="tabs">
                { tab(Route::Friends, words::ALL, 0) }
                { tab(Route::FriendRequests, words::REQUESTS, waiting) }
                { tab(Route::FindPeople, words::FIND, 0) }
            </ul>
        </nav>
    }
}

/// All friends.
#[component]
pub(crate) fn FriendsPage() -> Html {
    let waiting = use_waiting();
    let friends = use_friends();
    let (list, shown) = (&friends.list, &friends.shown);
    let load = |more: bool| friends.load.reform(move |()| more);
    let none = shown.is_empty();
    html! {
        <>
            <Heading text={words::TITLE} />
            { tabs(&Route::Friends, waiting) }
            if friends.many() {
                { search_field("find-friends", words::FILTER_LABEL, friends.typed.clone()) }
            }
            if !none {
                <ul class="card people">
                    { for shown.iter().map(|friend| html! {
                        <li key={friend.user.id.to_string()}>
                            { person_row(&friend.user, html! { <span>{ words::since(&day(friend.since)) }</span> }, html! { <>                                <RelationButton user={friend.user.clone()} />
                            </> }) }
                        </li>
                    }) }
                </ul>
            } else if !list.items.is_empty() {
                { empty(Glyph::Search, &words::no_friend(&friends.query), Html::default()) }
            } else if list.known && list.failure.is_none() {
                { empty(Glyph::Friends, words::NO_FRIENDS, html! {                    <Link to={Route::FindPeople} class="btn btn--primary">{ words::FIND }</Link>
                }) }
            } else if list.failure.is_none() {
                { person_skeletons(4) }
            }
            if let Some(failure) = &list.failure {
                { failed(words::FRIENDS_FAILED, failure, load(!list.items.is_empty() && list.next.is_some())) }
            } else if list.next.is_some() && !friends.asked {
                <div class="more"><Button text={words::SHOW_MORE} busy={list.loading} onclick={load(true)} /></div>
            }
        </>
    }
}

/// Requests of both sides.
#[component]
pub(crate) fn RequestsPage() -> Html {
    let waiting = use_waiting();
    html! {
        <>
            <Heading text={words::FRIEND_REQUESTS} />
            { tabs(&Route::FriendRequests, waiting) }
            <Requests direction={Direction::Incoming} />
            <Requests direction={Direction::Outgoing} />
        </>
    }
}

#[derive(PartialEq, Properties)]
struct RequestsProps {
    direction: Direction,
}

#[component]
fn Requests(props: &RequestsProps) -> Html {
    let app = use_app();
    let direction = props.direction;
    let incoming = direction == Direction::Incoming;
    let list = use_selected(&app.people, incoming, |people, incoming| {
        if *incoming {
            people.incoming.clone()
        } else {
            people.outgoing.clone()
        }
    });
    // Those that were declined or taken back have left quietly.
    let left = use_selected(&app.people, incoming, |people, incoming| {
        let list = if *incoming {
            &people.incoming
        } else {
            &people.outgoing
        };
        let here = |request: &&FriendRequest| {
            let user = if *incoming { request.from.id } else { request.to.id };
            people
                .relation(user)
                .is_some_and(|relation| relation.friendship != Friendship::None)
        };
        list.items.iter().filter(here).count()
    });
    use_effect_with(app.clone(), move |app| actions::load_requests(app, direction));
    let again = {
        let app = app.clone();
        Callback::from(move |()| actions::load_requests(&app, direction))
    };
    let (id, title, none) = if incoming {
        ("requests-in", words::INCOMING, words::NO_INCOMING)
    } else {
        ("requests-out", words::OUTGOING, words::NO_OUTGOING)
    };
    html! {
        <section class="section" aria-labelledby={id}>
            <h2 class="section__title" {id}>{ title }</h2>
            if left > 0 {
                <ul class="card people">
                    { for list.items.iter().map(|request| html! {
                        <RequestRow key={request.id.to_string()} request={request.clone()} {incoming} />
                    }) }
                </ul>
            } else if list.known && list.failure.is_none() {
                <p class="card quiet-line">{ none }</p>
            } else if list.failure.is_none() {
                { person_skeletons(1) }
            }
            if let Some(failure) = &list.failure {
                { failed(words::REQUESTS_FAILED, failure, again) }
            }
        </section>
    }
}

#[derive(PartialEq, Properties)]
struct RequestRowProps {
    request: FriendRequest,
    incoming: bool,
}

#[component]
fn RequestRow(props: &RequestRowProps) -> Html {
    let app = use_app();
    let request = &props.request;
    let user: &UserCard = if props.incoming {
        &request.from
    } else {
        &request.to
    };
    let friendship = use_selected(&app.people, user.id, |people, user| {
        people.relation(*user).map(|relation| relation.friendship)
    });
    let note = html! {
        <>
            { mutual(request.mutual_friend_count) }
            <span><When at={request.created_at} /></span>
        </>
    };
    match friendship {
        None | Some(Friendship::None | Friendship::Myself | Friendship::Blocked) => Html::default(),
        Some(Friendship::Friends) => html! {
            <li>{ person_row(user, Html::default(), html! { <><p class="person__done">{ small_icon(Glyph::Check) }{ words::FRIENDS }</p></> }) }</li>
        },
        Some(Friendship::Incoming | Friendship::Outgoing) => html! {
            <li>{ person_row(user, note, html! { <><RelationButton user={user.clone()} /></> }) }</li>
        },
    }
}
