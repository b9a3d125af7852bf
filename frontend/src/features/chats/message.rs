//! A message in the log: what it says and answers, what people felt, how far it has come, and what one can do with it.

use hearth_shared::conversations::{Attachment, Message, MessageReaction, Quote};
use hearth_shared::ids::{ConversationId, MessageId};
use hearth_shared::posts::Mention;
use hearth_shared::time::Timestamp;
use hearth_shared::users::UserCard;
use yew::prelude::*;

use super::attachments::Attachments;
use super::message_actions as actions;
use super::state::Aim;
use super::state::asked::{Change, has};
use super::state::outbox::{Leg, Pending};
use super::{link, mentions, pins, sending};
use crate::context::{App, use_app};
use crate::platform::{connection, dom};
use crate::text::{chats as words, errors, first_name, posts, shell};
use crate::ui::avatar::{Size, avatar};
use crate::ui::dialog::Question;
use crate::ui::emoji::EmojiPicker;
use crate::ui::icon::{Glyph, icon};
use crate::ui::menu::{Item, Menu};
use crate::ui::rich::rich_message;
use crate::ui::when::clock_time;

/// A message as it stands in the log.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    /// The server has it; with what is asked of it.
    Message(Message),
    /// It is on its way.
    Pending(Pending),
}

#[derive(PartialEq, Properties)]
pub(super) struct SaidProps {
    pub(super) conversation: ConversationId,
    pub(super) what: What,
    /// Who wrote it; none for oneself.
    pub(super) sender: Option<UserCard>,
    /// It begins a run of messages of one person.
    pub(super) first: bool,
    /// Of several people who may have written it: they have their whole names.
    pub(super) named: bool,
    /// Under it: that it arrived, or was seen.
    pub(super) under: Option<AttrValue>,
    /// The text that is wanted for it.
    pub(super) change: Option<Change>,
    /// Whether one can write here.
    pub(super) can_send: bool,
    /// Whether one may pin messages here.
    pub(super) may_pin: bool,
    /// Those of whom it says the names.
    pub(super) mentions: Vec<Mention>,
}

impl SaidProps {
    fn message(&self) -> Option<&Message> {
        match &self.what {
            What::Message(message) => Some(message),
            What::Pending(_) => None,
        }
    }

    fn pending(&self) -> Option<&Pending> {
        match &self.what {
            What::Message(_) => None,
            What::Pending(pending) => Some(pending),
        }
    }

    fn body(&self) -> &str {
        match &self.what {
            What::Message(message) => &message.body,
            What::Pending(pending) => &pending.body,
        }
    }

    fn attachments(&self) -> &[Attachment] {
        match &self.what {
            What::Message(message) => &message.attachments,
            What::Pending(pending) => &pending.attachments,
        }
    }

    fn quote(&self) -> Option<&Quote> {
        match &self.what {
            What::Message(message) => message.reply_to.as_ref(),
            What::Pending(pending) => pending.reply_to.as_ref(),
        }
    }

    /// Somebody else wrote it, and names one.
    fn names_me(&self, me: &UserCard) -> bool {
        self.named && self.sender.is_some() && mentions::names(self.body(), me)
    }

    fn at(&self) -> Timestamp {
        match &self.what {
            What::Message(message) => message.created_at,
            What::Pending(pending) => pending.at,
        }
    }
}

/// A message. What one can do with it is there while it is pointed at or has the focus.
#[component]
pub(super) fn Said(props: &SaidProps) -> Html {
    let app = use_app();
    let node = use_node_ref();
    let pointed = use_state_eq(|| false);
    let focused = use_state_eq(|| false);
    let asking = use_state_eq(|| None::<MessageId>);
    let point = |on: bool| {
        let set = pointed.setter();
        Callback::from(move |event: PointerEvent| {
            // A finger points at nothing: it presses, and that is the focus.
            if event.pointer_type() != "touch" {
                set.set(on);
            }
        })
    };
    let onfocusin = {
        let set = focused.setter();
        Callback::from(move |_: FocusEvent| set.set(true))
    };
    let onfocusout = {
        let (set, node) = (focused.setter(), node.clone());
        Callback::from(move |event: FocusEvent| {
            if event.related_target().is_none() || dom::is_outside(&node, event.related_target()) {
                set.set(false);
            }
        })
    };
    let own = props.sender.is_none();
    let name = props
        .sender
        .as_ref()
        .map_or(words::YOU, |other| other.display_name.as_str());
    let time = clock_time(props.at());
    let message = props.message();
    let removed = message.is_some_and(|message| message.deleted_at.is_some());
    let edited = !removed && message.is_some_and(|message| message.edited_at.is_some());
    let refused = props
        .pending()
        .is_some_and(|pending| matches!(pending.leg, Leg::Failed(_)))
        || props
            .change
            .as_ref()
            .is_some_and(|change| change.failure.is_some());
    let names_me = props.names_me(&app.user);
    let class = classes!(
        "msg",
        names_me.then_some("msg--named"),
        own.then_some("msg--me"),
        props.first.then_some("msg--first"),
        refused.then_some("msg--failed"),
        props.pending().is_some().then_some("msg--pending"),
        removed.then_some("msg--removed"),
    );
    let spoken = spoken(props, name, &time, names_me);
    let live = message.filter(|_| !removed && (*pointed || *focused || asking.is_some()));
    html! {
        <article
            {class} tabindex="-1" ref={node} aria-label={spoken} data-number={message.map(|message| message.number.to_string())}
            data-message={message.map(|message| message.id.to_string())}
            onpointerenter={point(true)} onpointerleave={point(false)} {onfocusin} {onfocusout}
        >
            if props.first {
                if let Some(other) = &props.sender {
                    <span class="msg__picture">{ avatar(other, Size::Small) }</span>
                }
                <p class="meta msg__head" aria-hidden="true">
                    if !own { <b>{ if props.named { name } else { first_name(name) } }</b>{ " · " } }{ time }
                </p>
            }
            <div class="msg__body">
                if let Some(quote) = props.quote() { { quoted(&app, props.conversation, quote) } }
                if !props.attachments().is_empty() {
                    <Attachments
                        conversation={props.conversation} attachments={props.attachments().to_vec()} author={name.to_owned()}
                        sent={message.is_some()}
                    />
                }
                if removed {
                    <div class="bub">{ words::REMOVED }</div>
                } else if !props.body().is_empty() {
                    <div class="bub">{ rich_message(props.body(), &props.mentions) }</div>
                }
                if let Some(message) = live {
                    <div class="msg__acts" aria-live="off">
                        if props.can_send {
                            <EmojiPicker label={words::REACT} quiet=true onpick={
                                let (app, message) = (app.clone(), message.clone());
                                Callback::from(move |emoji: String| actions::feel(&app, &message, &emoji, true))
                            } />
                            <button
                                type="button" class="icon-btn" tabindex="-1" data-act="reply" aria-label={words::REPLY} title={words::REPLY}
                                onclick={
                                    let (app, message) = (app.clone(), message.clone());
                                    move |_: MouseEvent| actions::aim(&app, message.conversation_id, Aim::Reply(Quote::of(&message)))
                                }
                            >{ icon(Glyph::Reply) }</button>
                        }
                        { more(items(&app, message, props.may_pin, own && props.can_send, own.then(|| asking.setter()))) }
                    </div>
                }
            </div>
            if let Some(message) = message.filter(|message| !message.reactions.is_empty()) {
                <div class="felt">{ for chips(&app, message, props.can_send) }</div>
            }
            if let Some(change) = &props.change {
                if let Some(message) = message { { changing(&app, props.conversation, message.id, change) } }
            } else if let Some(pending) = props.pending() {
                { state(&app, props.conversation, pending) }
            } else if edited || props.under.is_some() {
                <p class="meta msg__state" aria-hidden="true">
                    if edited { { words::EDITED } }
                    if edited && props.under.is_some() { { " · " } }
                    { props.under.clone() }
                </p>
            }
            if let Some(id) = *asking {
                <div aria-live="off"><Question
                    title={words::REMOVE_TITLE} text={words::REMOVE_TEXT} yes={words::REMOVE}
                    onno={ let asking = asking.setter(); move |()| asking.set(None) }
                    onyes={
                        let (app, conversation, asking) = (app.clone(), props.conversation, asking.setter());
                        move |()| {
                            asking.set(None);
                            actions::remove(&app, conversation, id);
                        }
                    }
                /></div>
            }
        </article>
    }
}

/// How a screen reader reads it.
fn spoken(props: &SaidProps, name: &str, time: &str, names_me: bool) -> String {
    let Some(message) = props.message() else {
        return words::spoken(name, &words::said(props.body(), props.attachments()), time);
    };
    let mut spoken = words::spoken(name, &words::what(message), time);
    if message.deleted_at.is_some() {
        return spoken;
    }
    if names_me {
        spoken = format!("{spoken}, {}", words::NAMES_YOU);
    }
    if message.edited_at.is_some() {
        spoken = format!("{spoken}, {}", words::EDITED);
    }
    for felt in &message.reactions {
        spoken = format!("{spoken}, {} {}", felt.emoji, felt.count);
    }
    spoken
}

/// What it answers; a press leads there.
fn quoted(app: &App, conversation: ConversationId, quote: &Quote) -> Html {
    let name = if quote.sender.id == app.user.id {
        words::YOU
    } else {
        first_name(&quote.sender.display_name)
    };
    let text = words::quote(quote);
    let seek = {
        let (app, number) = (app.clone(), quote.number);
        move |_: MouseEvent| actions::seek(&app, conversation, number)
    };
    html! {
        <button type="button" class="quote" tabindex="-1" aria-label={words::quoted(name, &text)} onclick={seek}>
            <b>{ name }</b><span>{ text }</span>
        </button>
    }
}

/// What people felt. A press says the same, or takes it back.
fn chips(app: &App, message: &Message, can_send: bool) -> Vec<Html> {
    let me = app.user.id;
    let chip = |felt: &MessageReaction| {
        let mine = has(message, &felt.emoji, me);
        let press = {
            let (app, message, emoji) = (app.clone(), message.clone(), felt.emoji.clone());
            move |_: MouseEvent| actions::feel(&app, &message, &emoji, !mine)
        };
        html! {
            <button
                type="button" class="chip" tabindex="-1" aria-pressed={mine.to_string()} disabled={!can_send} onclick={press}
                key={felt.emoji.clone()} aria-label={words::felt(&felt.emoji, felt.count, mine)}
            >
                { felt.emoji.clone() }
                if felt.count > 1 { <span class="chip__count">{ felt.count }</span> }
            </button>
        }
    };
    message.reactions.iter().map(chip).collect()
}

/// The menu.
fn more(items: Vec<Item>) -> Html {
    html! { <Menu label={words::MORE} floating=true irreversible=true {items} /> }
}

fn items(
    app: &App,
    message: &Message,
    pin: bool,
    edit: bool,
    remove: Option<UseStateSetter<Option<MessageId>>>,
) -> Vec<Item> {
    let item = |glyph, text, danger, act| Item {
        glyph,
        text,
        danger,
        act,
    };
    let mut items = Vec::new();
    if !message.body.is_empty() {
        let (app, body) = (app.clone(), message.body.clone());
        let copy = Callback::from(move |()| actions::copy(&app, &body));
        items.push(item(Glyph::Copy, words::COPY, false, copy));
    }
    let address = {
        let (app, id, number) = (app.clone(), message.conversation_id, message.number);
        Callback::from(move |()| link::copy(&app, id, number))
    };
    items.push(item(Glyph::Chain, words::COPY_LINK, false, address));
    if pin {
        let (app, id, wanted) = (app.clone(), message.id, message.pinned_at.is_none());
        let text = if wanted {
            words::pins::PIN
        } else {
            words::pins::UNPIN
        };
        let act = Callback::from(move |()| pins::pin(&app, id, wanted));
        items.push(item(Glyph::Tack, text, false, act));
    }
    if edit {
        let (app, message) = (app.clone(), message.clone());
        let act = Callback::from(move |()| {
            let (id, body) = (message.id, message.body.clone());
            let beside = message.attachments.clone();
            actions::aim(&app, message.conversation_id, Aim::Edit { id, body, beside });
        });
        items.push(item(Glyph::Pen, words::EDIT, false, act));
    }
    if let Some(asking) = remove {
        let id = message.id;
        items.push(item(
            Glyph::Trash,
            words::REMOVE,
            true,
            Callback::from(move |()| asking.set(Some(id))),
        ));
    }
    items
}

/// How far another text has come.
fn changing(app: &App, conversation: ConversationId, id: MessageId, change: &Change) -> Html {
    let Some(failure) = &change.failure else {
        return html! {
            <p class="meta msg__state" aria-hidden="true"><span class="delivery--sending">{ words::SAVING }</span></p>
        };
    };
    let again = {
        let (app, body) = (app.clone(), change.body.clone());
        Callback::from(move |()| actions::rewrite(&app, conversation, id, body.clone()))
    };
    let discard = {
        let app = app.clone();
        Callback::from(move |()| actions::forget_change(&app, conversation, id))
    };
    failed(words::NOT_SAVED, &errors::failure(failure), &again, &discard)
}

/// How far one's own message has come.
fn state(app: &App, conversation: ConversationId, pending: &Pending) -> Html {
    match &pending.leg {
        Leg::Failed(failure) => {
            let again = {
                let (app, client_id) = (app.clone(), pending.client_id.clone());
                Callback::from(move |()| sending::retry(&app, conversation, &client_id))
            };
            let discard = {
                let (app, client_id) = (app.clone(), pending.client_id.clone());
                Callback::from(move |()| sending::discard(&app, conversation, &client_id))
            };
            failed(words::NOT_SENT, &errors::failure(failure), &again, &discard)
        }
        Leg::Waiting if pending.delayed || !connection::is_ready() => {
            html! { <p class="meta msg__state">{ words::WAITING }</p> }
        }
        Leg::Sending if pending.delayed => html! { <p class="meta msg__state">{ words::WAITING }</p> },
        // What is quick is not called slow: the word appears after a second.
        _ => {
            html! { <p class="meta msg__state" aria-hidden="true"><span class="delivery--sending">{ words::SENDING }</span></p> }
        }
    }
}

fn failed(what: &'static str, why: &str, again: &Callback<()>, discard: &Callback<()>) -> Html {
    html! {
        <p class="meta msg__state msg__state--failed" title={why.to_owned()}>
            { what }{ " " }
            <button type="button" class="text-btn" onclick={again.reform(|_: MouseEvent| ())}>{ shell::TRY_AGAIN }</button>
            { " · " }
            <button type="button" class="text-btn" onclick={discard.reform(|_: MouseEvent| ())}>{ posts::DISCARD }</button>
        </p>
    }
}
