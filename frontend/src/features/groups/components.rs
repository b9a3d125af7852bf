//! Groups in lists, and invitations to them.

use hearth_shared::conversations::groups::Group;
use hearth_shared::conversations::members::GroupInvitation;
use hearth_shared::ids::ConversationId;
use yew::prelude::*;

use super::actions;
use super::emblem::emblem;
use crate::context::{App, use_app};
use crate::routes::Route;
use crate::store::use_selected;
use crate::text::groups as words;
use crate::ui::avatar::{Size, current};
use crate::ui::button::{Button, Kind};
use crate::ui::link::Link;

/// A group with a second line and something to do.
pub(super) fn group_row(id: ConversationId, group: &Group, open: bool, note: Html, rest: Html) -> Html {
    let title = group.title.as_str();
    html! {
        <div class="person group">
            { emblem(id, group, Size::Post) }
            <div class="person__text">
                if open {
                    <Link to={Route::Chat { id }} class="name">{ title }</Link>
                } else {
                    <b class="name">{ title }</b>
                }
                { note }
            </div>
            { rest }
        </div>
    }
}

/// The way into a group that one is in.
pub(super) fn open_link(id: ConversationId, title: &str) -> Html {
    html! {
        <Link to={Route::Chat { id }} class="btn btn--quiet" label={words::about(words::OPEN, title)}>{ words::OPEN }</Link>
    }
}

/// The button that comes into a group.
pub(super) fn join_button(app: &App, id: ConversationId, title: &str, kind: Kind, busy: bool) -> Html {
    let join = {
        let app = app.clone();
        Callback::from(move |()| actions::join(&app, id))
    };
    html! {
        <Button text={words::JOIN} label={words::about(words::JOIN, title)} {kind} {busy} onclick={join} />
    }
}

#[derive(PartialEq, Properties)]
pub(crate) struct AnswerProps {
    pub(crate) id: ConversationId,
    pub(crate) title: AttrValue,
    /// It is being accepted.
    pub(crate) joining: bool,
}

/// The answers to an invitation, where it is read among other things: one stays there.
#[component]
pub(crate) fn Answer(props: &AnswerProps) -> Html {
    let app = use_app();
    let id = props.id;
    let accept = {
        let app = app.clone();
        Callback::from(move |()| actions::accept(&app, id))
    };
    let decline = Callback::from(move |()| actions::decline(&app, id));
    html! {
        <div class="relation">
            <Button
                text={words::ACCEPT} label={words::about(words::ACCEPT, &props.title)} kind={Kind::Primary}
                busy={props.joining} onclick={accept}
            />
            <Button
                text={words::DECLINE} label={words::about(words::DECLINE, &props.title)}
                disabled={props.joining} onclick={decline}
            />
        </div>
    }
}

/// The groups that one is invited to; nothing when there are none.
#[component]
pub(crate) fn Invitations() -> Html {
    let app = use_app();
    let all = use_selected(&app.chats, (), |chats, ()| chats.invitations.clone());
    if all.waiting() == 0 {
        return Html::default();
    }
    html! {
        <section class="section" aria-labelledby="invitations">
            <h2 class="section__title" id="invitations">{ words::INVITATIONS }</h2>
            <ul class="card people">
                { for all.shown().map(|one| html! {
                    <li key={one.group.id.to_string()}>{ invitation(&app, one, all.is_joining(one.group.id)) }</li>
                }) }
            </ul>
        </section>
    }
}

fn invitation(app: &App, one: &GroupInvitation, joining: bool) -> Html {
    let card = &one.group;
    let (id, title) = (card.id, card.group.title.as_str());
    let decline = {
        let app = app.clone();
        Callback::from(move |()| actions::decline(&app, id))
    };
    html! {
        <div class="person group">
            { emblem(id, &card.group, Size::Post) }
            <div class="person__text">
                <p><b>{ words::invites_you(&current(&one.by).display_name, title) }</b></p>
                <p class="meta person__note">
                    <span>{ words::visibility(card.group.visibility) }</span><span>{ words::people(card.member_count) }</span>
                </p>
                if !card.group.description.is_empty() { <p class="group__about">{ &card.group.description }</p> }
                <div class="relation">
                    { join_button(app, id, title, Kind::Primary, joining) }
                    <Button
                        text={words::DECLINE} label={words::about(words::DECLINE, title)} disabled={joining} onclick={decline}
                    />
                </div>
            </div>
        </div>
    }
}
