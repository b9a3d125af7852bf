//! A person in a list, and the buttons that say how one stands to them.

use hearth_shared::ids::UserId;
use hearth_shared::users::{Friendship, SEARCH_MAX, UserCard};
use yew::prelude::*;

use super::actions::{act, load_friends};
use super::state::Act;
use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::features::chats::actions::message;
use crate::features::chats::message_button;
use crate::routes::Route;
use crate::store::use_selected;
use crate::text::{chats, friends as words};
use crate::ui::avatar::{Size, avatar, name};
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Question;
use crate::ui::icon::{Glyph, small_icon};
use crate::ui::link::Link;
use crate::ui::menu::{Item, Menu};

/// Of those who are here now, at most.
const AROUND_MAX: usize = 8;

#[derive(PartialEq, Properties)]
pub(crate) struct RelationProps {
    pub(crate) user: UserCard,
    /// Both buttons of a request side by side at full width.
    #[prop_or_default]
    pub(crate) wide: bool,
    /// It is the main thing to do on the page.
    #[prop_or_default]
    pub(crate) prominent: bool,
}

/// What one can do about a person; the same on every surface at once.
#[component]
pub(crate) fn RelationButton(props: &RelationProps) -> Html {
    let app = use_app();
    let asking = use_state_eq(|| false);
    let relation = use_selected(&app.people, props.user.id, |people, user| people.relation(*user));
    let Some(relation) = relation else {
        return Html::default();
    };
    let name = props.user.display_name.clone();
    let doing = |what: Act| {
        let (app, user) = (app.clone(), props.user.clone());
        Callback::from(move |()| act(&app, &user, what))
    };
    let label = |action: &str| AttrValue::from(words::about(action, &name));
    let class = classes!("relation", props.wide.then_some("relation--wide"));
    match (relation.friendship, relation.request) {
        (Friendship::Myself, _) => Html::default(),
        (Friendship::None, _) if relation.closed => html! {
            <p class="meta relation">{ words::not_accepting(&name) }</p>
        },
        (Friendship::Blocked, _) => html! {
            <div {class}>
                <Button
                    text={words::UNBLOCK} label={label(words::UNBLOCK)} busy={relation.busy}
                    onclick={doing(Act::Unblock)}
                />
            </div>
        },
        (Friendship::None, _) => html! {
            <div {class}>
                <Button
                    text={words::ADD_FRIEND} label={label(words::ADD_FRIEND)} icon={Glyph::AddPerson}
                    kind={if props.prominent { Kind::Primary } else { Kind::Quiet }}
                    disabled={relation.busy} onclick={doing(Act::Ask)}
                />
            </div>
        },
        (Friendship::Outgoing, request) => html! {
            <div {class}>
                <Button
                    text={words::CANCEL_REQUEST} label={label(words::CANCEL_REQUEST)}
                    busy={relation.busy || request.is_none()}
                    onclick={request.map(|id| doing(Act::Cancel(id))).unwrap_or_default()}
                />
            </div>
        },
        (Friendship::Incoming, request) => {
            let on = |make: fn(_) -> Act| request.map(|id| doing(make(id))).unwrap_or_default();
            html! {
                <div {class}>
                    <Button
                        text={words::ACCEPT} label={label(words::ACCEPT)} kind={Kind::Primary}
                        busy={relation.busy} onclick={on(Act::Accept)}
                    />
                    <Button
                        text={words::DECLINE} label={label(words::DECLINE)}
                        disabled={relation.busy} onclick={on(Act::Decline)}
                    />
                </div>
            }
        }
        (Friendship::Friends, _) => {
            let (ask, close) = (asking.clone(), asking.clone());
            let (yes, remove) = (asking.clone(), doing(Act::Remove));
            let items = vec![Item {
                glyph: Glyph::Trash,
                text: words::REMOVE,
                danger: true,
                act: Callback::from(move |()| ask.set(true)),
            }];
            html! {
                <div {class}>
                    { message_button(&app, &props.user) }
                    <Menu label={label(words::FRIENDS)} class="btn btn--quiet" {items}>
                        { small_icon(Glyph::Check) }<span>{ words::FRIENDS }</span>
                    </Menu>
                    if *asking {
                        <Question
                            title={words::remove_title(&name)} text={words::REMOVE_BODY} yes={words::REMOVE_CONFIRM}
                            onno={move |()| close.set(false)}
                            onyes={move |()| { yes.set(false); remove.emit(()); }}
                        />
                    }
                </div>
            }
        }
    }
}

#[derive(PartialEq, Properties)]
pub(crate) struct OnlineProps {
    pub(crate) user: UserId,
    /// As a word; a dot otherwise.
    #[prop_or_default]
    pub(crate) text: bool,
}

/// Whether somebody is here now; nothing when they are not.
#[component]
pub(crate) fn Online(props: &OnlineProps) -> Html {
    let app = use_app();
    let here = use_selected(&app.online, props.user, |online, user| online.contains(user));
    match (here, props.text) {
        (false, _) => Html::default(),
        (true, true) => html! { <span class="online">{ chats::ONLINE }</span> },
        (true, false) => html! { <span class="online-dot" /> },
    }
}

/// A person's picture with a dot while they are here.
pub(crate) fn present(user: &UserCard, size: Size) -> Html {
    html! { <span class="present" aria-hidden="true">{ avatar(user, size) }<Online user={user.id} /></span> }
}

/// Friends who are here now, beside the page.
#[component]
pub(crate) fn AroundNow() -> Html {
    let app = use_app();
    let online = use_selected(&app.online, (), |online, ()| online.clone());
    let friends = use_selected(&app.people, (), |people, ()| people.friends.clone());
    let some = !online.is_empty();
    {
        let app = app.clone();
        use_effect_with(some, move |some| {
            if *some && !app.people.read(|people| people.friends.known) {
                load_friends(&app, false);
            }
        });
    }
    let here: Vec<Html> = friends
        .items
        .iter()
        .filter(|friend| online.contains(&friend.user.id))
        .take(AROUND_MAX)
        .map(|friend| {
            let (app, user) = (app.clone(), friend.user.clone());
            html! {
                <li key={friend.user.id.to_string()}>
                    <button type="button" class="row" onclick={move |_: MouseEvent| message(&app, &user)}>
                        { present(&friend.user, Size::Medium) }
                        <span class="t"><b>{ name(&friend.user) }</b><span>{ chats::ONLINE }</span></span>
                    </button>
                </li>
            }
        })
        .collect();
    if here.is_empty() {
        return Html::default();
    }
    html! {
        <section class="card aside__card" aria-labelledby="aside-around">
            <h2 class="h" id="aside-around">{ chats::AROUND_NOW }</h2>
            <ul>{ here }</ul>
        </section>
    }
}

/// A person with a second line and something to do.
pub(crate) fn person_row(user: &UserCard, note: Html, rest: Html) -> Html {
    let to = Route::Profile {
        username: user.username.clone(),
    };
    html! {
        <div class="person">
            <Link to={to.clone()} decorative=true class="person__picture">{ present(user, Size::Post) }</Link>
            <div class="person__text">
                <Link {to} class="name">{ name(user) }</Link>
                <p class="meta person__note"><Online user={user.id} text=true /><span>{ "@" }{ &user.username }</span>{ note }</p>
            </div>
            { rest }
        </div>
    }
}

/// A field that narrows what stands below it.
pub(crate) fn search_field(id: &'static str, label: &'static str, oninput: Callback<InputEvent>) -> Html {
    html! {
        <div class="search" role="search">
            <label for={id}>{ label }</label>
            <div class="field">
                { small_icon(Glyph::Search) }
                <input
                    {id} type="search" autocomplete="off" spellcheck="false" maxlength={SEARCH_MAX.to_string()} {oninput}
                />
            </div>
        </div>
    }
}

/// The second line's count of mutual friends; nothing when there are none.
pub(crate) fn mutual(count: u32) -> Html {
    if count == 0 {
        Html::default()
    } else {
        html! { <span>{ words::mutual(count) }</span> }
    }
}

/// The requests that wait, beside the page.
#[component]
pub(crate) fn WaitingRequests() -> Html {
    let app = use_app();
    let list = use_selected(&app.people, (), |people, ()| people.incoming.clone());
    let waiting = use_selected(&app.people, (), |people, ()| people.waiting());
    if waiting == 0 {
        return Html::default();
    }
    html! {
        <section class="card aside__card" aria-labelledby="aside-requests">
            <h2 class="h" id="aside-requests">{ words::FRIEND_REQUESTS }</h2>
            <ul class="aside__people">
                { for list.items.iter().map(|request| html! {
                    <WaitingRequest key={request.id.to_string()} user={request.from.clone()} mutual={request.mutual_friend_count} />
                }) }
            </ul>
        </section>
    }
}

#[derive(PartialEq, Properties)]
struct WaitingRequestProps {
    user: UserCard,
    mutual: u32,
}

#[component]
fn WaitingRequest(props: &WaitingRequestProps) -> Html {
    let app = use_app();
    let waits = use_selected(&app.people, props.user.id, |people, user| {
        people
            .relation(*user)
            .is_some_and(|relation| relation.friendship == Friendship::Incoming)
    });
    if !waits {
        return Html::default();
    }
    let to = Route::Profile {
        username: props.user.username.clone(),
    };
    html! {
        <li>
            <Link class="row" {to}>
                { avatar(&props.user, Size::Medium) }
                <span class="t">
                    <b>{ name(&props.user) }</b>
                    <span>
                        if props.mutual > 0 { { words::mutual(props.mutual) } } else { { "@" }{ &props.user.username } }
                    </span>
                </span>
            </Link>
            <RelationButton user={props.user.clone()} wide=true />
        </li>
    }
}
