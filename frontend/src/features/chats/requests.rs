//! Writing to somebody who is no friend: a request for them, until they accept it. Whoever is asked sees who it is and what
//! they can do, in the place of the field.

use hearth_shared::conversations::{AcceptRequest, Conversation, ConversationRequest, DeclineRequest};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::ConversationId;
use hearth_shared::users::UserCard;
use yew::prelude::*;

use super::actions;
use crate::context::{App, use_app};
use crate::features::friends::actions::act;
use crate::features::friends::state::Act;
use crate::platform::{clock, dom, spawn};
use crate::text::chats::requests as words;
use crate::text::friends;
use crate::ui::avatar::current;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Question;

/// What whoever asks has to know, above the field.
pub(super) fn note(known: &Conversation, name: &str) -> Option<String> {
    let left = known.request_left()?;
    Some(match left {
        0 => words::full(name),
        _ if known.last_number == 0 => words::first(name, left),
        _ => words::waiting(name, left),
    })
}

#[derive(PartialEq, Properties)]
pub(super) struct AnswerProps {
    pub(super) id: ConversationId,
    pub(super) user: UserCard,
    pub(super) mutual: u32,
}

/// Who asks, and the three answers.
#[component]
pub(super) fn Answer(props: &AnswerProps) -> Html {
    let app = use_app();
    let busy = use_state_eq(|| false);
    let asking = use_state_eq(|| false);
    let name = current(&props.user).display_name;
    let answer = |accept: bool| {
        let (app, id, busy) = (app.clone(), props.id, busy.setter());
        Callback::from(move |()| {
            busy.set(true);
            answer(&app, id, accept, busy.clone());
        })
    };
    let ask = |on: bool| {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(on))
    };
    let block = {
        let (app, id, user, asking) = (app.clone(), props.id, props.user.clone(), asking.setter());
        Callback::from(move |()| {
            asking.set(false);
            // It is gone then, and the page with it.
            app.chats.change_quietly(|chats| chats.leaving = Some(id));
            act(&app, &user, Act::Block);
        })
    };
    html! {
        <section class="ask" aria-label={words::title(&name)}>
            <p><b>{ words::title(&name) }</b></p>
            <p class="meta">
                { words::TEXT }
                if props.mutual > 0 { { " " }{ friends::mutual(props.mutual) }{ "." } }
            </p>
            <div class="ask__acts">
                <Button text={words::ACCEPT} kind={Kind::Primary} busy={*busy} onclick={answer(true)} />
                <Button text={words::DELETE} disabled={*busy} onclick={answer(false)} />
                <Button text={friends::BLOCK} disabled={*busy} onclick={ask(true)} />
            </div>
            if *asking {
                <Question
                    title={friends::block_title(&name)} text={friends::block_body(&name)} yes={friends::BLOCK}
                    onno={ask(false)} onyes={block}
                />
            }
        </section>
    }
}

/// The request that one is asked by, when one is.
pub(super) fn asked(known: &Conversation) -> Option<Html> {
    match (known.request, &known.other) {
        (Some(ConversationRequest::Incoming { mutual_friend_count }), Some(user)) => Some(html! {
            <Answer id={known.id} user={user.clone()} mutual={mutual_friend_count} />
        }),
        _ => None,
    }
}

fn answer(app: &App, conversation_id: ConversationId, accept: bool, busy: UseStateSetter<bool>) {
    let app = app.clone();
    spawn(async move {
        let api = &app.base.api;
        let failure = if accept {
            let call = AcceptRequest { conversation_id };
            match api.send(&call, &Nothing).await {
                Ok(conversation) => {
                    actions::learn(&app, conversation);
                    app.base.announce(words::ACCEPTED);
                    // The field, which comes now, may take it.
                    return clock::afterwards(dom::rescue_focus);
                }
                Err(failure) => failure,
            }
        } else {
            let call = DeclineRequest { conversation_id };
            app.chats
                .change_quietly(|chats| chats.leaving = Some(conversation_id));
            match api.send(&call, &Nothing).await {
                // It has gone on another device.
                Err(failure) if !failure.is_not_found() => failure,
                _ => {
                    actions::depart(&app, conversation_id);
                    app.chats.change_quietly(|chats| chats.leaving = None);
                    return app.base.say(words::DELETED);
                }
            }
        };
        app.chats.change_quietly(|chats| chats.leaving = None);
        busy.set(false);
        app.base.warn(words::NOT_ANSWERED, &failure);
    });
}
