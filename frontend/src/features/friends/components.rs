//! A person in a list, and the buttons that say how one stands to them.

use hearth_shared::users::{Friendship, UserCard};
use yew::prelude::*;

use super::actions::act;
use super::state::Act;
use crate::context::use_app;
use crate::routes::Route;
use crate::store::use_selected;
use crate::text::friends as words;
use crate::ui::avatar::{Size, avatar};
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Question;
use crate::ui::icon::{Glyph, small_icon};
use crate::ui::link::Link;
use crate::ui::menu::{Item, Menu};

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
        (Friendship::None, _) => html! {
            <div {class}>
                <Button
                    text={words::ADD_FRIEND} label={label(words::ADD_FRIEND)} icon={Glyph::AddPerson}
                    kind={if props.prominent { Kind::Primary } else { Kind::Quiet }}
                    busy={relation.busy} onclick={doing(Act::Ask)}
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

/// A person with a second line and something to do.
pub(crate) fn person_row(user: &UserCard, note: Html, rest: Html) -> Html {
    let to = Route::Profile {
        username: user.username.clone(),
    };
    html! {
        <div class="person">
            <Link to={to.clone()} decorative=true class="person__picture">{ avatar(user, Size::Post) }</Link>
            <div class="person__text">
                <Link {to} class="name">{ &user.display_name }</Link>
                <p class="meta person__note"><span>{ "@" }{ &user.username }</span>{ note }</p>
            </div>
            { rest }
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
                    <b>{ &props.user.display_name }</b>
                    <span>
                        if props.mutual > 0 { { words::mutual(props.mutual) } } else { { "@" }{ &props.user.username } }
                    </span>
                </span>
            </Link>
            <RelationButton user={props.user.clone()} wide=true />
        </li>
    }
}
