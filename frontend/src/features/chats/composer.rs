//! Where one writes a message: a field, and above it what is to go with it. The browser owns the text; every letter is kept
//! as a draft.

use std::cell::Cell;

use hearth_shared::conversations::MESSAGE_MAX;
use hearth_shared::ids::ConversationId;
use hearth_shared::realtime::frames::TYPING_EVERY_MILLIS;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::state::{Aim, Talk};
use super::voice::Voice;
use super::{actions, drafts, message_actions, preparing, sending};
use crate::context::{App, use_app};
use crate::effect::use_effect_with;
use crate::features::friends::mentions::Mentions;
use crate::features::media::state::tray::Tray;
use crate::features::media::{AddFiles, TrayView, use_files};
use crate::platform::{clock, dom};
use crate::store::use_selected;
use crate::text::{chats as words, errors, media as files, posts};
use crate::ui::button::icon_button;
use crate::ui::icon::{Glyph, icon, small_icon};

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
    /// In a group one may name those who are in it.
    pub(super) group: bool,
    /// Text alone can be sent, and nothing that was sent be changed.
    pub(super) plain: bool,
    /// Why nothing can be sent for now; what is begun stays.
    pub(super) full: Option<AttrValue>,
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
    let blank = use_state_eq(|| true);
    let uploads = preparing::uploads(&app, id);
    let tray = use_selected(uploads.tray(), (), |tray, ()| tray.clone());
    let editing = matches!(props.aim, Aim::Edit { .. });
    let problem = use_state_eq(|| None::<String>);
    {
        // What was begun waits in its draft while another message is changed.
        let (area, app, ongrow) = (area.clone(), app.clone(), props.ongrow.clone());
        let (left, blank) = (left.setter(), blank.setter());
        let changed = match &props.aim {
            Aim::Edit { id, body, .. } => Some((*id, body.clone())),
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
                blank.set(is_blank(&text));
                left.set(characters_left(&text));
                ongrow.emit(());
            }
        });
    }
    {
        // What was chosen before a reload; and what another tab has sent meanwhile goes.
        let (app, uploads) = (app.clone(), uploads.clone());
        use_effect_with(id, move |id| {
            uploads.restore(&app, &drafts::load_media(app.user.id, *id));
        });
    }
    // Another text for a message is a text alone.
    use_files(&app, &uploads, (!editing && !props.plain).then_some(".thread"));
    {
        let area = area.clone();
        use_effect_with(id, move |_| {
            // On a device with a keyboard one comes to write; on a phone it would cover what was said. It may also come
            // while one writes elsewhere, or after the message that one has come for.
            if dom::matches_media("(pointer: fine)") && !dom::is_focused("input, textarea, [data-found]") {
                dom::focus(&area);
            }
        });
    }
    {
        // A sentence or a picture above the field makes the log shorter, too.
        let ongrow = props.ongrow.clone();
        let aimed = props.aim != Aim::New;
        let above = (tray.items().len(), tray.refused.len(), tray.open().1);
        use_effect_with((problem.is_some(), aimed, above), move |_| ongrow.emit(()));
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
        let (aim, stop, uploads) = (props.aim.clone(), stop.clone(), uploads.clone());
        let (left, blank, problem) = (left.setter(), blank.setter(), problem.setter());
        let full = props.full.clone();
        Callback::from(move |()| {
            if let Some(full) = &full {
                return app.base.announce(full.clone());
            }
            let Some(element) = area.cast::<HtmlTextAreaElement>() else {
                return;
            };
            let text = element.value();
            dom::focus(&area);
            // Too long a text stays; the meter says by how much.
            if remaining(&text) < 0 {
                return;
            }
            let reply_to = match &aim {
                Aim::Edit { beside, .. } if is_blank(&text) && beside.is_empty() => return,
                Aim::Edit {
                    id: message, body, ..
                } => {
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
            let tray = uploads.tray().read(Clone::clone);
            if !tray.is_ready() {
                let (waiting, failed) = tray.open();
                return app.base.announce(files::open(waiting, failed));
            }
            if is_blank(&text) && tray.items().is_empty() {
                return;
            }
            if let Err(wrong) = sending::send(&app, id, text, tray.media(), reply_to) {
                return problem.set(wrong.first().map(errors::field));
            }
            drafts::save(app.user.id, id, "");
            // Another tab may have added to the draft.
            let mut rest = drafts::load_media(app.user.id, id);
            rest.retain(|one| tray.media().iter().all(|sent| sent.id != one.id));
            drafts::save_media(app.user.id, id, &rest);
            uploads.empty();
            stop.emit(());
            TYPED.set(0);
            element.set_value("");
            dom::grow(&element);
            problem.set(None);
            left.set(None);
            blank.set(true);
            ongrow.emit(());
        })
    };
    let onkeydown = {
        let (send, stop, app) = (send.clone(), stop.clone(), app.clone());
        let (aimed, plain_text) = (props.aim != Aim::New, props.plain);
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
                "ArrowUp" if plain && !plain_text && !aimed && !composing && empty() => {
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
        let (left, blank) = (left.setter(), blank.setter());
        let changed = match props.aim {
            Aim::Edit { id, .. } => Some(id),
            Aim::New | Aim::Reply(_) => None,
        };
        Callback::from(move |event: InputEvent| {
            let element = event.target_unchecked_into::<HtmlTextAreaElement>();
            dom::grow(&element);
            ongrow.emit(());
            let text = element.value();
            blank.set(is_blank(&text));
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
    let (send_label, glyph) = if editing {
        (words::SAVE, Glyph::Check)
    } else {
        (words::SEND, Glyph::Send)
    };
    let (fits, waits) = sendable(&props.aim, *blank, *left, &tray);
    let fits = fits && props.full.is_none();
    let onclick = send.reform(|_: MouseEvent| ());
    html! {
        <>
            { aimed(&app, &props.aim, &stop) }
            if let Some(problem) = &*problem {
                <p class="delivery delivery--failed" role="alert">{ small_icon(Glyph::Alert) }<span>{ problem }</span></p>
            }
            if !editing {
                if tray.lost {
                    <p class="delivery" role="status">{ small_icon(Glyph::Alert) }<span>{ words::SOME_LOST }</span></p>
                }
                <div class="thread__tray"><TrayView uploads={uploads.clone()} tray={tray.clone()} /></div>
            }
            if props.group { <Mentions area={area.clone()} id="message-people" group={Some(id)} /> }
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
                // It stands before the field, and comes after it: from the log one comes to the field in one step.
                if !editing && !props.plain {
                    <AddFiles uploads={uploads.clone()} id="message-files" label={words::ATTACH} glyph={Glyph::Clip} place={tray.has_place()} />
                }
                if !props.plain {
                    <Voice {uploads} offered={!editing && *blank && tray.has_place()} ongrow={props.ongrow.clone()} />
                }
                // Also when something is still on its way a press is heard: it says so.
                <button
                    type="button" class="icon-btn message-form__send" aria-label={send_label} title={waits}
                    aria-disabled={(!fits).then_some("true")} {onclick}
                >{ icon(glyph) }</button>
            </div>
        </>
    }
}

/// Over the field: what is changed or answered, and how to stop that.
fn aimed(app: &App, aim: &Aim, stop: &Callback<()>) -> Html {
    let (title, text, label) = match aim {
        Aim::New => return Html::default(),
        Aim::Reply(quote) => (
            if quote.sender.id == app.user.id {
                words::REPLYING_TO_YOURSELF.to_owned()
            } else {
                words::replying_to(&quote.sender.display_name)
            },
            words::quote(quote),
            words::STOP_REPLYING,
        ),
        Aim::Edit { body, beside, .. } => (
            words::EDITING.to_owned(),
            words::said(body, beside),
            words::STOP_EDITING,
        ),
    };
    html! {
        <div class="aim" role="status">
            <p class="aim__text"><b>{ title }</b><span>{ text }</span></p>
            { icon_button(Glyph::Close, label, "", false, stop) }
        </div>
    }
}

/// Whether it can be sent or saved, and what it waits for.
fn sendable(aim: &Aim, blank: bool, left: Option<i64>, tray: &Tray) -> (bool, Option<String>) {
    let (beside, waits) = match aim {
        Aim::Edit { beside, .. } => (!beside.is_empty(), None),
        Aim::New | Aim::Reply(_) => {
            let (waiting, failed) = tray.open();
            let waits = (waiting + failed > 0).then(|| files::open(waiting, failed));
            (!tray.items().is_empty(), waits)
        }
    };
    let fits = (!blank || beside) && left.is_none_or(|left| left >= 0);
    (fits && waits.is_none(), waits)
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

fn remaining(text: &str) -> i64 {
    let limit = i64::try_from(MESSAGE_MAX).unwrap_or(i64::MAX);
    limit - i64::try_from(text.trim().chars().count()).unwrap_or(i64::MAX)
}

/// None as long as nobody needs to know.
fn characters_left(text: &str) -> Option<i64> {
    Some(remaining(text)).filter(|left| *left <= NEAR_LIMIT)
}
