//! The field in which one writes a message. The browser owns the text; every letter is kept as a draft.

use std::cell::Cell;

use hearth_shared::conversations::MESSAGE_MAX;
use hearth_shared::ids::ConversationId;
use hearth_shared::realtime::frames::TYPING_EVERY_MILLIS;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::state::{Aim, Talk};
use super::{actions, drafts, message_actions, sending};
use crate::context::{App, use_app};
use crate::effect::use_effect_with;
use crate::platform::{clock, dom};
use crate::text::{chats as words, errors, posts};
use crate::ui::button::icon_button;
use crate::ui::icon::{Glyph, small_icon};

/// The field on the page.
pub(super) const FIELD: &str = "#message";
/// Nearer to the limit than this the characters that are left are shown.
const NEAR_LIMIT: i64 = 400;

thread_local! {
    /// When it was last said that somebody types here.
    static TYPED: Cell<u64> = const { Cell::new(0) };
}

#[derive(PartialEq, Properties)]
pub(super) struct ComposerProps {
    pub(super) id: ConversationId,
    /// What the field is called: to whom one writes.
    pub(super) label: AttrValue,
    /// What the field is for.
    pub(super) aim: Aim,
    /// The field may be higher than before.
    pub(super) ongrow: Callback<()>,
}

#[component]
pub(super) fn Composer(props: &ComposerProps) -> Html {
    let app = use_app();
    let id = props.id;
    let area = use_node_ref();
    let left = use_state_eq(|| None::<i64>);
    let sendable = use_state_eq(|| false);
    let problem = use_state_eq(|| None::<String>);
    {
        // What was begun waits in its draft while another message is changed.
        let (area, app, ongrow) = (area.clone(), app.clone(), props.ongrow.clone());
        let (left, sendable) = (left.setter(), sendable.setter());
        let changed = match &props.aim {
            Aim::Edit { id, body } => Some((*id, body.clone())),
            Aim::New | Aim::Reply(_) => None,
        };
        use_effect_with((id, changed), move |(id, changed)| {
            if let Some(element) = area.cast::<HtmlTextAreaElement>() {
                let text = match changed {
                    Some((message, body)) => {
                        drafts::load_change(app.user.id, *id, *message).unwrap_or_else(|| body.clone())
                    }
                    None => drafts::load(app.user.id, *id),
                };
                element.set_value(&text);
                dom::grow(&element);
                sendable.set(fits(&text));
                left.set(characters_left(&text));
                ongrow.emit(());
            }
        });
    }
    {
        let area = area.clone();
        use_effect_with(id, move |_| {
            // On a device with a keyboard one comes to write; on a phone it would cover what was said.
            if dom::matches_media("(pointer: fine)") {
                dom::focus(&area);
            }
        });
    }
    {
        // A sentence above the field makes the log shorter, too.
        let ongrow = props.ongrow.clone();
        let aimed = props.aim != Aim::New;
        use_effect_with((problem.is_some(), aimed), move |_| ongrow.emit(()));
    }
    let stop = {
        let (app, area) = (app.clone(), area.clone());
        let changed = match props.aim {
            Aim::Edit { id, .. } => Some(id),
            Aim::New | Aim::Reply(_) => None,
        };
        Callback::from(move |()| {
            if let Some(message) = changed {
                drafts::forget_change(app.user.id, id, message);
            }
            app.chats.change(|chats| chats.change(id, Talk::aim_at_nothing));
            dom::focus(&area);
        })
    };
    let send = {
        let (app, area, ongrow) = (app.clone(), area.clone(), props.ongrow.clone());
        let (aim, stop) = (props.aim.clone(), stop.clone());
        let (left, sendable, problem) = (left.setter(), sendable.setter(), problem.setter());
        Callback::from(move |()| {
            let Some(element) = area.cast::<HtmlTextAreaElement>() else {
                return;
            };
            let text = element.value();
            dom::focus(&area);
            // Too long a text stays; the meter says by how much.
            if !fits(&text) {
                return;
            }
            let reply_to = match &aim {
                Aim::Edit { id: message, body } => {
                    problem.set(None);
                    stop.emit(());
                    if text.trim() != body.trim() {
                        message_actions::rewrite(&app, id, *message, text);
                    }
                    return;
                }
                Aim::Reply(quote) => Some(quote.clone()),
                Aim::New => None,
            };
            if let Err(wrong) = sending::send(&app, id, text, reply_to) {
                return problem.set(wrong.first().map(errors::field));
            }
            drafts::save(app.user.id, id, "");
            stop.emit(());
            TYPED.set(0);
            element.set_value("");
            dom::grow(&element);
            problem.set(None);
            left.set(None);
            sendable.set(false);
            ongrow.emit(());
        })
    };
    let onkeydown = {
        let (send, stop, app) = (send.clone(), stop.clone(), app.clone());
        let aimed = props.aim != Aim::New;
        Callback::from(move |event: KeyboardEvent| {
            // 229: the key belongs to the input method, also where the browser says it has just ended.
            let composing = event.is_composing() || event.key_code() == 229;
            let plain = !(event.shift_key() || event.alt_key() || event.ctrl_key() || event.meta_key());
            let empty = || {
                event
                    .target_unchecked_into::<HtmlTextAreaElement>()
                    .value()
                    .is_empty()
            };
            match event.key().as_str() {
                // The field stays; the next Esc leaves it.
                "Escape" if aimed && !composing => {
                    event.stop_propagation();
                    return stop.emit(());
                }
                "ArrowUp" if plain && !aimed && !composing && empty() => {
                    if let Some(last) = app.chats.read(|chats| chats.talk(id).last_of(app.user.id)) {
                        event.prevent_default();
                        message_actions::aim(&app, id, last);
                    }
                    return;
                }
                _ => {}
            }
            let enter = event.key() == "Enter" && !event.shift_key() && !event.alt_key();
            if enter && !composing {
                event.prevent_default();
                send.emit(());
            }
        })
    };
    let oninput = {
        let (app, ongrow) = (app.clone(), props.ongrow.clone());
        let (left, sendable) = (left.setter(), sendable.setter());
        let changed = match props.aim {
            Aim::Edit { id, .. } => Some(id),
            Aim::New | Aim::Reply(_) => None,
        };
        Callback::from(move |event: InputEvent| {
            let element = event.target_unchecked_into::<HtmlTextAreaElement>();
            dom::grow(&element);
            ongrow.emit(());
            let text = element.value();
            sendable.set(fits(&text));
            left.set(characters_left(&text));
            if let Some(message) = changed {
                return drafts::save_change(app.user.id, id, message, &text);
            }
            drafts::save(app.user.id, id, &text);
            let now = clock::elapsed();
            let due = TYPED.get() == 0 || now - TYPED.get() >= u64::from(TYPING_EVERY_MILLIS);
            if due && !text.trim().is_empty() {
                TYPED.set(now);
                actions::type_on(&app, id);
            }
        })
    };
    let label = props.label.clone();
    let (editing, send_label, glyph) = match props.aim {
        Aim::Edit { .. } => (true, words::SAVE, Glyph::Check),
        Aim::New | Aim::Reply(_) => (false, words::SEND, Glyph::Send),
    };
    html! {
        <>
            { aimed(&app, &props.aim, &stop) }
            if let Some(problem) = &*problem {
                <p class="delivery delivery--failed" role="alert">{ small_icon(Glyph::Alert) }<span>{ problem }</span></p>
            }
            <div class="message-form">
                <div class="field field--area">
                    <label class="vh" for="message">{ if editing { words::EDITING.into() } else { label.clone() } }</label>
                    <textarea
                        ref={area} id="message" data-arrive="" rows="1" placeholder={label} enterkeyhint="send" {onkeydown} {oninput}
                    />
                    if let Some(left) = *left {
                        <span class={classes!("meter", (left < 0).then_some("meter--over"))} role="status">
                            { posts::characters_left(left) }
                        </span>
                    }
                </div>
                { icon_button(glyph, send_label, "message-form__send", !*sendable, &send) }
            </div>
        </>
    }
}

/// Over the field: what is changed or answered, and how to stop that.
fn aimed(app: &App, aim: &Aim, stop: &Callback<()>) -> Html {
    let (title, text, label) = match aim {
        Aim::New => return Html::default(),
        Aim::Reply(quote) if quote.sender.id == app.user.id => (
            words::REPLYING_TO_YOURSELF.to_owned(),
            quote.excerpt.as_str(),
            words::STOP_REPLYING,
        ),
        Aim::Reply(quote) => (
            words::replying_to(&quote.sender.display_name),
            quote.excerpt.as_str(),
            words::STOP_REPLYING,
        ),
        Aim::Edit { body, .. } => (words::EDITING.to_owned(), body.as_str(), words::STOP_EDITING),
    };
    html! {
        <div class="aim" role="status">
            <p class="aim__text"><b>{ title }</b><span>{ text }</span></p>
            { icon_button(Glyph::Close, label, "", false, stop) }
        </div>
    }
}

fn fits(text: &str) -> bool {
    !text.trim().is_empty() && remaining(text) >= 0
}

fn remaining(text: &str) -> i64 {
    let limit = i64::try_from(MESSAGE_MAX).unwrap_or(i64::MAX);
    limit - i64::try_from(text.trim().chars().count()).unwrap_or(i64::MAX)
}

/// None as long as nobody needs to know.
fn characters_left(text: &str) -> Option<i64> {
    Some(remaining(text)).filter(|left| *left <= NEAR_LIMIT)
}
