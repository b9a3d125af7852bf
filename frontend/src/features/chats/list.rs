//! The list of conversations: those that are pinned first, then the latest.

use hearth_shared::conversations::Conversation;
use hearth_shared::ids::ConversationId;
use yew::prelude::*;

use super::state::Talk;
use super::state::outbox::Leg;
use super::{actions, drafts, names};
use crate::context::{App, use_app};
use crate::effect::use_effect_with;
use crate::features::friends::components::present;
use crate::features::groups::Invitations;
use crate::features::groups::emblem::emblem;
use crate::routes::Route;
use crate::store::{Ptr, use_selected};
use crate::text::{chats as words, friends, groups};
use crate::ui::avatar::{Size, name};
use crate::ui::button::Button;
use crate::ui::icon::{Glyph, small_icon};
use crate::ui::link::Link;
use crate::ui::page::Heading;
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::{empty, failed};
use crate::ui::when::brief;

#[derive(PartialEq, Properties)]
pub(super) struct ChatListProps {
    pub(super) open: Option<ConversationId>,
}

/// A group is there from its beginning, another conversation from its first message.
fn is_listed(known: &Conversation) -> bool {
    known.group.is_some() || known.last_message.is_some()
}

/// All of one's conversations.
#[component]
pub(super) fn ChatList(props: &ChatListProps) -> Html {
    let app = use_app();
    let list = use_selected(&app.chats, (), |chats, ()| chats.list.clone());
    let paging = use_selected(&app.chats, (), |chats, ()| chats.paging.clone());
    use_effect_with(app.clone(), |app| actions::load(app, false));
    let load = |more: bool| {
        let app = app.clone();
        Callback::from(move |()| actions::load(&app, more))
    };
    let row = |known: &&Conversation| {
        let open = props.open == Some(known.id);
        html! { <ChatRow key={known.id.to_string()} conversation={Conversation::clone(known)} {open} /> }
    };
    let listed = list.items.iter().filter(|known| is_listed(known));
    let (asking, listed): (Vec<&Conversation>, Vec<&Conversation>) =
        listed.partition(|known| known.settings.request);
    let (away, here): (Vec<&Conversation>, Vec<&Conversation>) =
        listed.into_iter().partition(|known| known.is_archived());
    let none = here.is_empty() && away.is_empty();
    html! {
        <section class="chat__list" aria-label={words::YOUR_CHATS}>
            <div class="page-head chat__title">
                if props.open.is_none() {
                    <Heading text={words::CHATS} class="chat__name" />
                } else {
                    <h2>{ words::CHATS }</h2>
                }
                <Link to={Route::Groups} class="btn btn--quiet only-phone">{ groups::GROUPS }</Link>
            </div>
            <Invitations />
            if !asking.is_empty() {
                <details class="chat__away" key="asking">
                    <summary>{ words::requests::requests(asking.len()) }</summary>
                    <ul>{ for asking.iter().map(row) }</ul>
                </details>
            }
            if !none {
                <ul aria-busy={paging.loading.to_string()}>{ for here.iter().map(row) }</ul>
            }
            if !away.is_empty() {
                <details class="chat__away" key="away">
                    <summary>{ words::settings::archived(away.len()) }</summary>
                    <ul>{ for away.iter().map(row) }</ul>
                </details>
            }
            if let Some(failure) = &paging.failure {
                { failed(words::LIST_FAILED, failure, load(paging.next.is_some())) }
            } else if !paging.known && none {
                { person_skeletons(4) }
            } else if paging.next.is_some() {
                // Also when there are only requests so far.
                <div class="more"><Button text={friends::SHOW_MORE} busy={paging.loading} onclick={load(true)} /></div>
            } else if none {
                { empty(Glyph::Chat, words::EMPTY, html! {
                    <Link to={Route::Friends} class="btn btn--primary">{ words::YOUR_FRIENDS }</Link>
                }) }
            }
        </section>
    }
}

#[derive(PartialEq, Properties)]
struct ChatRowProps {
    conversation: Conversation,
    open: bool,
}

#[component]
fn ChatRow(props: &ChatRowProps) -> Html {
    let app = use_app();
    let known = &props.conversation;
    let talk = use_selected(&app.chats, known.id, |chats, id| chats.talk(*id));
    let (picture, title) = match (&known.other, &known.group) {
        (Some(other), _) => (present(other, Size::Post), name(other)),
        (None, Some(group)) => (emblem(known.id, group, Size::Post), html! { { &group.title } }),
        (None, None) => return Html::default(),
    };
    let unread = known.unread_count;
    let muted = known.settings.muted;
    let quiet = muted || known.settings.request;
    let at = known.last_message.as_ref().map(|message| message.created_at);
    html! {
        <li>
            <Link class={classes!("row", (unread > 0).then_some("row--unread"))} to={Route::Chat { id: known.id }} current={props.open}>
                { picture }
                <span class="t"><b>{ title }</b>{ preview(&app, known, &talk, props.open) }</span>
                <span class="row__side">
                    <span class="meta">
                        if known.settings.pinned {
                            { small_icon(Glyph::Tack) }<span class="vh">{ words::settings::IS_PINNED }</span>
                        }
                        if muted { { small_icon(Glyph::Mute) }<span class="vh">{ words::settings::IS_MUTED }</span> }
                        if let Some(at) = at { { brief(at) } }
                    </span>
                    if unread > 0 {
                        <span class={classes!("count", quiet.then_some("count--quiet"))} aria-hidden="true">{ unread }</span>
                        <span class="vh">{ words::unread(unread) }</span>
                    }
                </span>
            </Link>
        </li>
    }
}

/// What is going on there, in one line: what is not sent before what is typed before what was said.
fn preview(app: &App, known: &Conversation, talk: &Ptr<Talk>, open: bool) -> Html {
    let failed = |leg: &Leg| matches!(leg, Leg::Failed(_));
    if talk.outbox.items.iter().any(|item| failed(&item.leg)) {
        return html! { <span class="row__failed">{ words::NOT_SENT }</span> };
    }
    if talk.is_typing() {
        let typing = names::typing(known, talk).filter(|_| known.group.is_some());
        return html! { <span class="row__typing">{ typing.unwrap_or_else(|| words::TYPING.to_owned()) }</span> };
    }
    let draft = drafts::load(app.user.id, known.id);
    let text = match (&known.last_message, talk.outbox.items.last()) {
        _ if !open && !draft.is_empty() => words::draft(&draft),
        (_, Some(pending)) => words::by_you(&words::said(&pending.body, &pending.attachments)),
        (Some(message), None) if message.deleted_at.is_some() => words::REMOVED.to_owned(),
        (Some(message), None) if message.sender.id == app.user.id => words::by_you(&words::what(message)),
        (Some(message), None) if known.group.is_some() => {
            groups::by(&message.sender.display_name, &words::what(message))
        }
        (Some(message), None) => words::what(message),
        (None, None) => known.group.as_ref().map_or("", |_| groups::QUIET).to_owned(),
    };
    html! { <span>{ text }</span> }
}
