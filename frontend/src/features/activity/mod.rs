//! What one is told of: likes, comments, mentions, shares, requests, invitations and their answers.

pub(crate) mod actions;
mod glance;
pub(crate) mod state;
mod told;

use hearth_shared::notifications::{Notification, NotificationFilter};
use yew::prelude::*;

pub(crate) use self::glance::{Glance, Latest, LatestProps};
use self::state::FILTERS;
use self::told::Told;
use crate::context::{App, use_app};
use crate::effect::use_effect_with;
use crate::platform::{dom, events};
use crate::store::use_selected;
use crate::text::activity as words;
use crate::ui::button::{Button, Kind};
use crate::ui::icon::Glyph;
use crate::ui::page::{Heading, use_here};
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::{empty, failed};

/// What somebody touched where the browser showed it has been read: the worker says behind the `#` of the address which one
/// that was.
#[hook]
pub(crate) fn use_touched(app: &App) {
    let here = use_here();
    use_effect_with((app.clone(), here), |(app, _)| {
        let id = dom::take_fragment().and_then(|tag| tag.strip_prefix('n')?.parse().ok());
        if let Some(id) = id {
            actions::say_read(app, id);
        }
    });
}

fn name(filter: NotificationFilter) -> &'static str {
    match filter {
        NotificationFilter::All => words::ALL,
        NotificationFilter::Unread => words::UNREAD,
        NotificationFilter::Mentions => words::MENTIONS,
        NotificationFilter::Requests => words::REQUESTS,
    }
}

/// The page.
#[component]
pub(crate) fn ActivityPage() -> Html {
    let app = use_app();
    let filter = use_state_eq(NotificationFilter::default);
    let list = use_selected(&app.activity, *filter, |activity, filter| activity.list(*filter));
    // From where on all had been seen when the reader came; what is above it is new until they leave.
    let seen = use_state_eq(|| None::<u64>);
    {
        let app = app.clone();
        use_effect_with(*filter, move |filter| actions::load(&app, *filter, false));
    }
    {
        let (app, seen) = (app.clone(), seen.clone());
        use_effect_with(list.clone(), move |list| {
            if seen.is_none() && list.known && !list.loading {
                let first = list.items.iter().rev().take_while(|item| item.seen).last();
                seen.set(Some(first.map_or(0, |item| item.position)));
            }
            if list.known && dom::visible() {
                actions::mark_seen(&app);
            }
        });
    }
    {
        let app = app.clone();
        use_effect_with((), move |()| {
            let guard = events::on_document("visibilitychange", move |_| {
                if dom::visible() {
                    actions::mark_seen(&app);
                }
            });
            move || drop(guard)
        });
    }
    let load = |more: bool| {
        let (app, filter) = (app.clone(), *filter);
        Callback::from(move |()| actions::load(&app, filter, more))
    };
    let mark_all = {
        let app = app.clone();
        Callback::from(move |()| actions::mark_all(&app))
    };
    let boundary = seen.unwrap_or(u64::MAX);
    let new = list
        .items
        .iter()
        .take_while(|item| item.position > boundary)
        .count();
    let (above, under) = list.items.split_at(new);
    let section = |title: Option<&'static str>, items: &[Notification]| {
        html! {
            if !items.is_empty() {
                if let Some(title) = title { <h2 class="h activity__title">{ title }</h2> }
                <ul class="card people told-list">
                    { for items.iter().map(|item| html! { <li key={item.id.to_string()}><Told item={item.clone()} /></li> }) }
                </ul>
            }
        }
    };
    let both = !above.is_empty();
    let none = match *filter {
        NotificationFilter::All => words::EMPTY,
        NotificationFilter::Unread => words::NONE_UNREAD,
        NotificationFilter::Mentions => words::NO_MENTIONS,
        NotificationFilter::Requests => words::NO_REQUESTS,
    };
    html! {
        <>
            <Heading text={words::ACTIVITY} />
            <div class="activity__bar">
                <div class="tabs" role="group" aria-label={words::VIEWS}>
                    { for FILTERS.map(|one| {
                        let (set, current) = (filter.setter(), one == *filter);
                        html! {
                            <button
                                type="button" class="btn tabs__tab" aria-pressed={current.to_string()}
                                onclick={move |_: MouseEvent| set.set(one)}
                            >{ name(one) }</button>
                        }
                    }) }
                </div>
                if list.items.iter().any(|item| !item.read) {
                    <Button kind={Kind::Ghost} text={words::MARK_ALL} onclick={mark_all} />
                }
            </div>
            { section(both.then_some(words::NEW), above) }
            { section(both.then_some(words::EARLIER), under) }
            if let Some(failure) = &list.failure {
                { failed(words::FAILED, failure, load(!list.items.is_empty() && list.next.is_some())) }
            } else if !list.known {
                { person_skeletons(4) }
            } else if list.items.is_empty() {
                { empty(Glyph::Bell, none, Html::default()) }
            } else if list.next.is_some() {
                <div class="more"><Button text={words::SHOW_MORE} busy={list.loading} onclick={load(true)} /></div>
            }
            <p class="quiet-line"><a href="/settings/notifications">{ words::SETTINGS }</a></p>
        </>
    }
}
