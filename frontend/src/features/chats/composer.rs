//! The field in which one writes a message. The browser owns the text; every letter is kept as a draft.

use std::cell::Cell;

use hearth_shared::conversations::MESSAGE_MAX;
use hearth_shared::ids::ConversationId;
use hearth_shared::realtime::frames::TYPING_EVERY_MILLIS;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::{actions, drafts, sending};
use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::platform::{clock, dom};
use crate::text::{chats as words, errors, posts};
use crate::ui::button::icon_button;
use crate::ui::icon::{Glyph, small_icon};

/// Nearer to the limit than this the characters that are left are shown.
const NEAR_LIMIT: i64 = 400;

thread_local! {
    /// When it was last said that somebody types here.
    static TYPED: Cell<u64> = const { Cell::new(0) };
}

#[derive(PartialEq, Properties)]
pub(super) struct ComposerProps {
    pub(super) id: ConversationId,
    /// To whom one writes.
    pub(super) name: String,
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
        let (area, app) = (area.clone(), app.clone());
        let (left, sendable) = (left.setter(), sendable.setter());
        use_effect_with(id, move |id| {
            if let Some(element) = area.cast::<HtmlTextAreaElement>() {
                let text = drafts::load(app.user.id, *id);
                element.set_value(&text);
                dom::grow(&element);
                sendable.set(fits(&text));
                left.set(characters_left(&text));
            }
            // On a device with a keyboard one comes to write; on a phone it would cover what was said.
            if dom::matches_media("(pointer: fine)") {
                dom::focus(&area);
            }
        });
    }
    {
        // A sentence above the field makes the log shorter, too.
        let ongrow = props.ongrow.clone();
        use_effect_with(problem.is_some(), move |_| ongrow.emit(()));
    }
    let send = {
        let (app, area, ongrow) = (app.clone(), area.clone(), props.ongrow.clone());
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
            if let Err(wrong) = sending::send(&app, id, text) {
                return problem.set(wrong.first().map(errors::field));
            }
            drafts::save(app.user.id, id, "");
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
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| {
            let enter = event.key() == "Enter" && !event.shift_key() && !event.alt_key();
            // 229: the key belongs to the input method, also where the browser says it has just ended.
            if enter && !event.is_composing() && event.key_code() != 229 {
                event.prevent_default();
                send.emit(());
            }
        })
    };
    let oninput = {
        let (app, ongrow) = (app.clone(), props.ongrow.clone());
        let (left, sendable) = (left.setter(), sendable.setter());
        Callback::from(move |event: InputEvent| {
            let element = event.target_unchecked_into::<HtmlTextAreaElement>();
            dom::grow(&element);
            ongrow.emit(());
            let text = element.value();
            sendable.set(fits(&text));
            left.set(characters_left(&text));
            drafts::save(app.user.id, id, &text);
            let now = clock::elapsed();
            let due = TYPED.get() == 0 || now - TYPED.get() >= u64::from(TYPING_EVERY_MILLIS);
            if due && !text.trim().is_empty() {
                TYPED.set(now);
                actions::type_on(&app, id);
            }
        })
    };
    let label = words::message_to(&props.name);
    html! {
        <>
            if let Some(problem) = &*problem {
                <p class="delivery delivery--failed" role="alert">{ small_icon(Glyph::Alert) }<span>{ problem }</span></p>
            }
            <div class="message-form">
                <div class="field field--area">
                    <label class="vh" for="message">{ label.clone() }</label>
                    <textarea
                        ref={area} id="message" data-arrive="" rows="1" placeholder={label} enterkeyhint="send" {onkeydown} {oninput}
                    />
                    if let Some(left) = *left {
                        <span class={classes!("meter", (left < 0).then_some("meter--over"))} role="status">
                            { posts::characters_left(left) }
                        </span>
                    }
                </div>
                { icon_button(Glyph::Send, words::SEND, "message-form__send", !*sendable, &send) }
            </div>
        </>
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
