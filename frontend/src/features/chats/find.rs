//! Looking for messages by their words, in one conversation or in all; and the bar in a conversation with which one goes
//! from one that was found to the next.

use hearth_shared::ids::ConversationId;
use hearth_shared::page::{Cursor, Page};
use hearth_shared::search::{FoundMessage, SEARCH_MAX, Search, SearchKind, SearchQuery};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::state::finding::{Finding, Next};
use super::{composer, message_actions, thread};
use crate::context::{App, use_app};
use crate::effect::use_effect_with;
use crate::features::search::{found_list, hit, marked};
use crate::platform::api::Failure;
use crate::platform::clock::{self, Timeout};
use crate::platform::{dom, spawn};
use crate::text::chats::{self as texts, find as words};
use crate::text::search;
use crate::ui::avatar::{Size, avatar, name};
use crate::ui::button::icon_button;
use crate::ui::icon::{Glyph, small_icon};
use crate::ui::when::clock_time;

/// After the last key.
const PAUSE_MILLIS: u32 = 250;
/// So many pages without anything in them are gone over before one is asked whether to go on.
const EMPTY_PAGES: u32 = 4;
/// The field on the page.
const FIELD: &str = "#find";
/// What was found, in the place of the log.
const HITS: &str = ".over-log .row";

/// Changes what is looked for in a conversation, or in all. None where nobody looks any more.
fn change<T>(app: &App, place: Option<ConversationId>, change: impl FnOnce(&mut Finding) -> T) -> Option<T> {
    app.chats.change(|chats| match place {
        Some(id) => chats
            .change(id, |talk| talk.finding.as_mut().map(change))
            .flatten(),
        None => {
            let mut result = None;
            chats.found.change(|found| result = Some(change(found)));
            result
        }
    })
}

/// Looks for words in a conversation, or in all that one is in. `anew`: also when the answer is known.
pub(crate) fn look_for(app: &App, place: Option<ConversationId>, text: &str, anew: bool) {
    if change(app, place, |finding| finding.seek(text, anew)) == Some(true) {
        let app = app.clone();
        spawn(async move { load(&app, place, false).await });
    }
}

/// More of what was found.
pub(crate) fn go_on(app: &App, place: Option<ConversationId>) {
    let begins = change(app, place, |finding| {
        let begins = !finding.hits.loading;
        finding.hits.begin();
        begins
    });
    if begins == Some(true) {
        let app = app.clone();
        spawn(async move { load(&app, place, true).await });
    }
}

async fn load(app: &App, place: Option<ConversationId>, more: bool) {
    let asked = change(app, place, |finding| {
        (finding.words.clone(), finding.hits.next.clone())
    });
    let Some((text, next)) = asked else { return };
    let outcome = page(app, place, &text, next.filter(|_| more)).await;
    let number = outcome.as_ref().map(|page| page.items.len()).ok();
    let now = change(app, place, |finding| {
        finding.settle(&text, more, outcome);
        finding.words == text
    });
    // On its own page it is told together with the rest.
    if let (Some(number), false, Some(_), Some(true)) = (number, more, place, now) {
        app.base.announce(words::found(number));
    }
}

/// A page with something in it, where one comes soon.
async fn page(
    app: &App,
    place: Option<ConversationId>,
    text: &str,
    cursor: Option<Cursor>,
) -> Result<Page<FoundMessage>, Failure> {
    let mut query = SearchQuery {
        q: text.to_owned(),
        kind: SearchKind::Messages,
        conversation_id: place,
        limit: None,
        cursor,
    };
    let mut pages = 0;
    loop {
        let page = app.base.api.get(&Search {}, &query).await?;
        let items: Vec<FoundMessage> = page.items.into_iter().filter_map(|found| found.message).collect();
        pages += 1;
        if !items.is_empty() || page.next_cursor.is_none() || pages == EMPTY_PAGES {
            return Ok(Page {
                items,
                next_cursor: page.next_cursor,
                seq: None,
            });
        }
        query.cursor = page.next_cursor;
    }
}

/// One wants to look for something in a conversation that is open.
pub(super) fn open(app: &App, id: ConversationId) {
    app.chats.change(|chats| {
        chats.change(id, |talk| {
            talk.finding.get_or_insert_default();
        })
    });
    if let Some(field) = dom::find(FIELD) {
        dom::focus_quietly(&field);
    }
}

/// One has found it, or given up: what one came from has the focus.
fn close(app: &App, id: ConversationId) {
    app.chats
        .change(|chats| chats.change(id, |talk| talk.finding = None));
    let place = if dom::matches_media("(pointer: fine)") {
        composer::FIELD
    } else {
        thread::LOG
    };
    // The log is covered until the page has changed.
    clock::afterwards(move || {
        if let Some(element) = dom::find(place).or_else(|| dom::find(thread::LOG)) {
            dom::focus_quietly(&element);
        }
    });
}

/// Goes to a hit.
fn go_to(app: &App, id: ConversationId, at: usize) {
    let hit = change(app, Some(id), |finding| {
        let hit = finding.hits.items.get(at)?;
        finding.at = Some(at);
        Some(hit.message.clone())
    });
    let Some(message) = hit.flatten() else { return };
    let who = if message.sender.id == app.user.id {
        texts::YOU
    } else {
        &message.sender.display_name
    };
    // The focus may stay in the field.
    app.base.announce(texts::spoken(
        who,
        &texts::what(&message),
        &clock_time(message.created_at),
    ));
    message_actions::seek(app, id, message.number);
}

/// Goes to the next older hit, or to the next newer one.
fn step(app: &App, id: ConversationId, older: bool) {
    let app = app.clone();
    spawn(async move {
        let next = || change(&app, Some(id), |finding| finding.next(older));
        let mut to = next();
        if to == Some(Next::Load) {
            if change(&app, Some(id), |finding| {
                std::mem::replace(&mut finding.hits.loading, true)
            }) == Some(true)
            {
                return;
            }
            load(&app, Some(id), true).await;
            let failure = change(&app, Some(id), |finding| finding.hits.failure.clone());
            if let Some(failure) = failure.flatten() {
                return app.base.warn(search::MESSAGES_FAILED, &failure);
            }
            to = next();
        }
        match to {
            Some(Next::Hit(at)) => go_to(&app, id, at),
            Some(Next::Load) => app.base.announce(search::NOT_YET),
            Some(Next::End) => app.base.announce(words::NO_MORE),
            None => {}
        }
    });
}

#[derive(PartialEq, Properties)]
pub(super) struct FindBarProps {
    pub(super) id: ConversationId,
    pub(super) finding: Finding,
}

/// The field, and the ways from hit to hit.
#[component]
pub(super) fn FindBar(props: &FindBarProps) -> Html {
    let app = use_app();
    let id = props.id;
    let input = use_node_ref();
    let pause = use_mut_ref(|| None::<Timeout>);
    {
        let input = input.clone();
        use_effect_with(id, move |_| dom::focus(&input));
    }
    let oninput = {
        let (app, pause) = (app.clone(), pause.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            let app = app.clone();
            let ask = move || look_for(&app, Some(id), text.trim(), false);
            *pause.borrow_mut() = Some(Timeout::new(PAUSE_MILLIS, ask));
        })
    };
    // What stands in the field, when it is not what was looked for: the last keys were pressed just now.
    let fresh = {
        let (input, words) = (input.clone(), props.finding.words.clone());
        move || {
            let text = input.cast::<HtmlInputElement>().map(|input| input.value());
            text.filter(|text| text.trim() != words)
        }
    };
    let walk = |older: bool| {
        let app = app.clone();
        Callback::from(move |()| step(&app, id, older))
    };
    let (to_older, to_newer) = (walk(true), walk(false));
    let stop = {
        let app = app.clone();
        Callback::from(move |()| close(&app, id))
    };
    let onkeydown = {
        let (app, to_older, to_newer) = (app.clone(), to_older.clone(), to_newer.clone());
        let (stop, listed) = (stop.clone(), props.finding.is_listed());
        Callback::from(move |event: KeyboardEvent| {
            if event.is_composing() {
                return;
            }
            match event.key().as_str() {
                "Escape" => stop.emit(()),
                "Enter" => match fresh() {
                    Some(text) => {
                        pause.borrow_mut().take();
                        look_for(&app, Some(id), text.trim(), false);
                    }
                    None if event.shift_key() => to_newer.emit(()),
                    None => to_older.emit(()),
                },
                "ArrowDown" if listed => dom::step_focus(None, HITS, true, false),
                "ArrowDown" => to_newer.emit(()),
                "ArrowUp" if !listed => to_older.emit(()),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let finding = &props.finding;
    let (older, newer) = (finding.next(true) != Next::End, finding.next(false) != Next::End);
    html! {
        <div class="find" role="search" aria-label={words::TITLE}>
            <label class="vh" for="find">{ words::TITLE }</label>
            <div class="field">
                { small_icon(Glyph::Search) }
                <input
                    ref={input} id="find" type="search" autocomplete="off" spellcheck="false" enterkeyhint="search"
                    placeholder={words::TITLE} maxlength={SEARCH_MAX.to_string()} {oninput} {onkeydown}
                />
            </div>
            { icon_button(Glyph::Up, words::OLDER, "", !older, &to_older) }
            { icon_button(Glyph::Down, words::NEWER, "", !newer, &to_newer) }
            { icon_button(Glyph::Close, words::STOP, "", false, &stop) }
        </div>
    }
}

/// What was found, in the place of the log.
pub(super) fn hits(app: &App, id: ConversationId, finding: &Finding) -> Html {
    let line = |at: usize, found: &FoundMessage| {
        let message = &found.message;
        let who = if message.sender.id == app.user.id {
            html! { { texts::YOU } }
        } else {
            name(&message.sender)
        };
        let choose = {
            let app = app.clone();
            move |_: MouseEvent| go_to(&app, id, at)
        };
        html! {
            <li key={message.id.to_string()}>
                <button type="button" class="row hit" onclick={choose}>
                    { avatar(&message.sender, Size::Medium) }
                    { hit(who, marked(&message.body, &finding.words), message.created_at) }
                </button>
            </li>
        }
    };
    let lines = finding.hits.items.iter().enumerate();
    let onkeydown = {
        let app = app.clone();
        move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" => dom::step_focus(None, HITS, true, false),
                "ArrowUp" => dom::step_focus(None, HITS, false, false),
                "Escape" => close(&app, id),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        }
    };
    html! {
        <div class="over-log" {onkeydown}>
            { found_list(app, Some(id), finding, lines.map(|(at, found)| line(at, found)).collect()) }
        </div>
    }
}
