//! What one is told of: likes, comments, mentions, shares, requests and their answers.

pub(crate) mod actions;
pub(crate) mod state;

use hearth_shared::friends::RequestStatus;
use hearth_shared::notifications::{Happening, Notification, NotificationFilter};
use hearth_shared::users::{Friendship, UserCard};
use yew::prelude::*;

use self::state::FILTERS;
use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::features::friends::components::RelationButton;
use crate::platform::{dom, events};
use crate::routes::Route;
use crate::store::use_selected;
use crate::text::activity as words;
use crate::ui::avatar::{self, Size, avatar};
use crate::ui::button::{Button, Kind};
use crate::ui::icon::{Glyph, small_icon};
use crate::ui::link::Link;
use crate::ui::page::Heading;
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::{empty, failed};
use crate::ui::when::When;

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
    // What had been seen when the reader came; what is above it is new until they leave.
    let seen = use_state_eq(|| None::<u64>);
    {
        let app = app.clone();
        use_effect_with(*filter, move |filter| actions::load(&app, *filter, false));
    }
    {
        let (app, seen) = (app.clone(), seen.clone());
        use_effect_with(list.clone(), move |list| {
            if seen.is_none() && list.known && !list.loading {
                let first = list.items.iter().find(|item| item.seen);
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

#[derive(PartialEq, Properties)]
struct ToldProps {
    item: Notification,
}

/// One of them. A request is answered in place.
#[component]
fn Told(props: &ToldProps) -> Html {
    let app = use_app();
    let item = &props.item;
    let first = item.actors.first();
    let relation = use_selected(&app.people, first.map(|actor| actor.id), |people, id| {
        id.and_then(|id| people.relation(id))
            .map(|relation| relation.friendship)
    });
    let Some(actor) = first else {
        return Html::default();
    };
    let to = match item.what {
        Happening::Reaction { post_id }
        | Happening::Comment { post_id }
        | Happening::Reply { post_id, .. }
        | Happening::Mention { post_id, .. }
        | Happening::CommentReaction { post_id, .. } => Route::Post { id: post_id },
        Happening::Share { post_id, share_id } => Route::Post {
            id: share_id.unwrap_or(post_id),
        },
        Happening::FriendRequest { .. } | Happening::FriendAccepted => Route::Profile {
            username: actor.username.clone(),
        },
    };
    let onclick = {
        let (app, item) = (app.clone(), item.clone());
        Callback::from(move |()| actions::mark_read(&app, &item))
    };
    let asks = matches!(
        item.what,
        Happening::FriendRequest {
            status: RequestStatus::Pending,
            ..
        }
    ) && relation == Some(Friendship::Incoming);
    html! {
        <div class={classes!("person", "told", (!item.read).then_some("told--unread"))}>
            <Link class="told__link" {to} {onclick}>
                { pictures(item) }
                <span class="told__text">
                    <span>{ sentence(actor, item, relation) }</span>
                    if let Some(excerpt) = &item.excerpt { <span class="told__excerpt">{ excerpt }</span> }
                    <span class="meta"><When at={item.updated_at} /></span>
                </span>
                if !item.read { <span class="vh">{ ", " }{ words::UNREAD }</span> }
            </Link>
            if asks { <RelationButton user={actor.clone()} /> }
        </div>
    }
}

fn pictures(item: &Notification) -> Html {
    let glyph = match item.what {
        Happening::Reaction { .. } | Happening::CommentReaction { .. } => Glyph::Heart,
        Happening::Comment { .. } | Happening::Reply { .. } | Happening::Mention { .. } => Glyph::Comment,
        Happening::Share { .. } => Glyph::Share,
        Happening::FriendRequest { .. } | Happening::FriendAccepted => Glyph::Friends,
    };
    html! {
        <span class="told__pictures" aria-hidden="true">
            { for item.actors.iter().take(1).map(|actor| avatar(actor, Size::Post)) }
            <span class={classes!("told__glyph", (glyph == Glyph::Heart).then_some("told__glyph--heart"))}>{ small_icon(glyph) }</span>
        </span>
    }
}

/// "Tunde and 4 others liked your post"
fn sentence(actor: &UserCard, item: &Notification, relation: Option<Friendship>) -> Html {
    let second = item.actors.get(1).map(|actor| actor.display_name.as_str());
    let name = &actor.display_name;
    let what = match item.what {
        Happening::Reaction { .. } => words::LIKED,
        Happening::Comment { .. } => words::COMMENTED,
        Happening::Reply { .. } => words::REPLIED,
        Happening::CommentReaction { .. } => words::LIKED_COMMENT,
        Happening::Mention {
            comment_id: Some(_), ..
        } => words::MENTIONED_IN_COMMENT,
        Happening::Mention { .. } => words::MENTIONED,
        Happening::Share { .. } => words::SHARED,
        Happening::FriendAccepted => words::ACCEPTED,
        Happening::FriendRequest { .. } if relation == Some(Friendship::Friends) => {
            return html! { { words::friends_now(name) } };
        }
        Happening::FriendRequest {
            status: RequestStatus::Pending,
            ..
        } if relation == Some(Friendship::Incoming) => words::ASKS,
        Happening::FriendRequest { .. } => words::ASKED,
    };
    html! { <><b>{ avatar::name(actor) }</b>{ words::and_others(second, item.actor_count) }{ " " }{ what }</> }
}
