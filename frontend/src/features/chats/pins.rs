//! Messages that are pinned: a bar under the head of the conversation has the latest, a list over the log all of them.

use hearth_shared::conversations::groups::Role;
use hearth_shared::conversations::{Conversation, ListPins, Message, PinMessage, Pins, UnpinMessage};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{ConversationId, MessageId};
use hearth_shared::realtime::Stream;
use yew::prelude::*;

use super::message_actions::{answered, seek};
use crate::context::App;
use crate::features::search::hit;
use crate::platform::{clock, dom, spawn};
use crate::text::chats::{self as texts, pins as words};
use crate::ui::avatar::{Size, avatar, current};
use crate::ui::button::{Button, Kind};
use crate::ui::icon::{Glyph, small_icon};

/// The button that opens the list.
const ALL: &str = ".pins__all";

/// Whether one may pin here: in a group those who manage it.
pub(super) fn may(known: &Conversation) -> bool {
    known.can_send
        && !known.is_unanswered()
        && (known.group.is_none() || known.my_role.is_some_and(Role::manages))
}

/// Reads what is pinned in a conversation; what happens to it from then on comes with the events.
pub(super) fn load(app: &App, conversation_id: ConversationId) {
    let app = app.clone();
    spawn(async move {
        let call = ListPins { conversation_id };
        // Without an answer there is no bar: the next look at the conversation asks again.
        let pins = app.base.api.get(&call, &Nothing).await.ok();
        let seq = pins.as_ref().map(|pins| pins.seq);
        let here = app.chats.change(|chats| {
            let here = chats.find(conversation_id).is_some() && !chats.talk(conversation_id).gone;
            if here {
                chats.change(conversation_id, |talk| talk.pins = pins);
            }
            here
        });
        if let (true, Some(seq)) = (here, seq) {
            app.live.follow(&app, Stream::Conversation(conversation_id), seq);
        }
    });
}

/// Pins a message, or takes its pin away. Everybody sees it, so it is shown once it is so.
pub(super) fn pin(app: &App, message_id: MessageId, wanted: bool) {
    let app = app.clone();
    spawn(async move {
        let api = &app.base.api;
        let outcome = if wanted {
            api.send(&PinMessage { message_id }, &Nothing).await
        } else {
            api.send(&UnpinMessage { message_id }, &Nothing).await
        };
        match outcome {
            Ok(message) => {
                answered(&app, message);
                app.base.say(if wanted { words::PINNED } else { words::UNPINNED });
                // The line of the list that had the focus is gone.
                clock::afterwards(|| match dom::find(ALL).filter(|_| dom::focus_is_lost()) {
                    Some(all) => dom::focus_quietly(&all),
                    None => dom::rescue_focus(),
                });
            }
            Err(failure) if wanted => app.base.warn(words::NOT_PINNED, &failure),
            Err(failure) => app.base.warn(words::NOT_UNPINNED, &failure),
        }
    });
}

/// Who said a message.
fn author(app: &App, message: &Message) -> String {
    if message.sender.id == app.user.id {
        texts::YOU.to_owned()
    } else {
        current(&message.sender).display_name
    }
}

/// The latest one; nothing when nothing is pinned. `open`: whether the list is shown.
pub(super) fn bar(app: &App, pins: &Pins, open: &UseStateHandle<bool>) -> Html {
    let Some(latest) = pins.items.first() else {
        return Html::default();
    };
    let text = texts::what(latest);
    let several = pins.items.len() > 1;
    let toggle = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    html! {
        <div class="pins" role="group" aria-label={words::TITLE}>
            <button
                type="button" class="pins__latest" aria-label={words::latest(&author(app, latest), &text)}
                onclick={jump(app, latest, open)}
            >
                { small_icon(Glyph::Tack) }<span>{ text }</span>
            </button>
            if several {
                <button
                    type="button" class="btn btn--ghost pins__all" aria-expanded={open.to_string()} onclick={toggle}
                >{ words::all(pins.items.len()) }</button>
            }
        </div>
    }
}

/// All of them, in the place of the log.
pub(super) fn list(app: &App, known: &Conversation, pins: &Pins, open: &UseStateHandle<bool>) -> Html {
    let may = may(known);
    let onkeydown = {
        let open = open.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                event.stop_propagation();
                open.set(false);
                if let Some(all) = dom::find(ALL) {
                    dom::focus_quietly(&all);
                }
            }
        }
    };
    let line = |message: &Message| {
        let unpin = {
            let (app, id) = (app.clone(), message.id);
            Callback::from(move |()| pin(&app, id, false))
        };
        html! {
            <li key={message.id.to_string()} class="hits__line">
                <button type="button" class="row hit" onclick={jump(app, message, open)}>
                    { avatar(&message.sender, Size::Medium) }
                    { hit(html! { { author(app, message) } }, html! { { texts::what(message) } }, message.created_at) }
                </button>
                if may {
                    <Button
                        text={words::UNPIN} label={words::unpin(&texts::what(message))} kind={Kind::Ghost} icon={Glyph::Tack}
                        onclick={unpin}
                    />
                }
            </li>
        }
    };
    html! {
        <div class="over-log" role="group" aria-label={words::TITLE} {onkeydown}>
            <ul class="hits">{ for pins.items.iter().map(line) }</ul>
        </div>
    }
}

/// Goes to a message; the list closes.
fn jump(app: &App, message: &Message, open: &UseStateHandle<bool>) -> Callback<MouseEvent> {
    let (app, open) = (app.clone(), open.setter());
    let (conversation, number) = (message.conversation_id, message.number);
    Callback::from(move |_: MouseEvent| {
        open.set(false);
        seek(&app, conversation, number);
    })
}
