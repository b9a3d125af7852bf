//! Messages that were found: some among other things, all of them on a page of their own, and how one looks in a list.

use hearth_shared::ids::ConversationId;
use hearth_shared::search::FoundMessage;
use hearth_shared::time::Timestamp;
use yew::prelude::*;

use super::excerpt::marked;
use super::view::{View, address};
use crate::context::App;
use crate::features::chats::find;
use crate::features::chats::state::finding::Finding;
use crate::features::friends::components::present;
use crate::features::groups::emblem::emblem;
use crate::features::lists::rest;
use crate::routes::{Route, message_at};
use crate::text::{chats, first_name, friends, search as words};
use crate::ui::avatar::{Size, current, name};
use crate::ui::button::Button;
use crate::ui::link::Link;
use crate::ui::states::failed;
use crate::ui::when::brief;

/// Messages among people and posts; the others are a page away.
const SOME: usize = 5;

/// What a message looks like in a list: the title, what it says, and when.
pub(crate) fn hit(title: Html, said: Html, at: Timestamp) -> Html {
    html! {
        <>
            <span class="t"><b>{ title }</b><span>{ said }</span></span>
            <span class="row__side"><span class="meta">{ brief(at) }</span></span>
        </>
    }
}

/// Messages that were found, and what follows them. `lines`: one for each.
pub(crate) fn found_list(
    app: &App,
    place: Option<ConversationId>,
    finding: &Finding,
    lines: Vec<Html>,
) -> Html {
    let list = &finding.hits;
    let load = {
        let (app, text) = (app.clone(), finding.words.clone());
        Callback::from(move |more| {
            if more {
                find::go_on(&app, place);
            } else {
                find::look_for(&app, place, &text, false);
            }
        })
    };
    // Among very many there may be some that were not come to yet.
    let far = lines.is_empty() && list.next.is_some() && list.failure.is_none();
    let go_on = load.reform(|()| true);
    html! {
        <>
            if !lines.is_empty() {
                <ul class="hits" aria-label={words::messages_with(&finding.words)} aria-busy={list.loading.to_string()}>{ lines }</ul>
            }
            if far {
                <p class="quiet-line">{ words::NOT_YET }</p>
                <div class="more"><Button text={friends::SHOW_MORE} busy={list.loading} onclick={go_on} /></div>
            } else {
                { rest(list, words::MESSAGES_FAILED, &words::no_messages(&finding.words), &load) }
            }
        </>
    }
}

/// The lines of messages of several conversations.
fn lines(app: &App, found: &[FoundMessage], text: &str) -> Vec<Html> {
    found.iter().map(|found| line(app, found, text)).collect()
}

fn line(app: &App, found: &FoundMessage, text: &str) -> Html {
    let message = &found.message;
    let id = message.conversation_id;
    let (picture, title) = match (&found.other, &found.group) {
        (Some(other), _) => (present(other, Size::Post), name(other)),
        (None, Some(group)) => (emblem(id, group, Size::Post), html! { { &group.title } }),
        (None, None) => return Html::default(),
    };
    let who = if message.sender.id == app.user.id {
        chats::YOU.to_owned()
    } else {
        first_name(&current(&message.sender).display_name).to_owned()
    };
    let said = html! { <>{ who }{ ": " }{ marked(&message.body, text) }</> };
    html! {
        <li key={message.id.to_string()}>
            <Link class="row hit" to={Route::Chat { id }} at={message_at(id, message.number)}>
                { picture }{ hit(title, said, message.created_at) }
            </Link>
        </li>
    }
}

/// The newest of them, among what else was found; nothing when there are none.
pub(super) fn some(app: &App, finding: &Finding) -> Html {
    let (list, text) = (&finding.hits, &finding.words);
    let again = {
        let (app, text) = (app.clone(), text.clone());
        Callback::from(move |()| find::look_for(&app, None, &text, false))
    };
    if let Some(failure) = &list.failure {
        return failed(words::MESSAGES_FAILED, failure, again);
    }
    if list.items.is_empty() && list.next.is_none() {
        return Html::default();
    }
    let first = &list.items[..list.items.len().min(SOME)];
    html! {
        <section class="section" aria-labelledby="found-messages">
            <h2 class="section__title" id="found-messages">{ words::MESSAGES }</h2>
            if first.is_empty() {
                <p class="quiet-line">{ words::NOT_YET }</p>
            } else {
                <div class="card"><ul class="hits">{ lines(app, first, text) }</ul></div>
            }
            if list.items.len() > SOME || list.next.is_some() {
                <div class="more">
                    <Link to={Route::Search} at={address(View::Messages, text)} class="btn btn--quiet">{ words::ALL_MESSAGES }</Link>
                </div>
            }
        </section>
    }
}

/// All of them.
pub(super) fn all(app: &App, finding: &Finding) -> Html {
    let text = &finding.words;
    html! {
        <section class="section" aria-labelledby="found-messages">
            <h2 class="section__title" id="found-messages">{ words::MESSAGES }</h2>
            <div class="card">
                { found_list(app, None, finding, lines(app, &finding.hits.items, text)) }
            </div>
        </section>
    }
}
