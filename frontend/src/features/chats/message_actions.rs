//! What one does with a message that was sent. It is shown at once; what the server does not take is said.

use hearth_shared::conversations::{
    AddMessageReaction, DeleteMessage, EditMessage, Message, MessagePatch, RemoveMessageReaction, WhichEmoji,
};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{ConversationId, MessageId};
use hearth_shared::realtime::events::Event;

use super::state::{Aim, Talk};
use super::{drafts, link};
use crate::context::App;
use crate::platform::api::Failure;
use crate::platform::{clock, dom, spawn};
use crate::text::chats as words;

fn change<T>(app: &App, id: ConversationId, change: impl FnOnce(&mut Talk) -> T) -> Option<T> {
    app.chats.change(|chats| chats.change(id, change))
}

/// The server has answered with the message as it is now.
pub(super) fn answered(app: &App, message: Message) {
    app.chats
        .change(|chats| chats.apply(app.user.id, &Event::MessageChanged { message }));
}

/// What the field is for from now on; it gets the focus.
pub(super) fn aim(app: &App, id: ConversationId, aim: Aim) {
    change(app, id, |talk| talk.aim = aim);
    if let Some(field) = dom::find(super::composer::FIELD) {
        dom::focus_quietly(&field);
    }
}

/// A message shall say something else.
pub(super) fn rewrite(app: &App, conversation: ConversationId, message_id: MessageId, body: String) {
    change(app, conversation, |talk| {
        talk.asked.rewrite(message_id, body.clone())
    });
    // Until it is taken it survives a reload: whoever changes the message again finds it.
    drafts::save_change(app.user.id, conversation, message_id, &body);
    let app = app.clone();
    spawn(async move {
        let patch = MessagePatch { body };
        let outcome = app.base.api.send(&EditMessage { message_id }, &patch).await;
        let failure = outcome.as_ref().err().cloned();
        if failure.is_some() {
            app.base.announce(words::NOT_SAVED);
        }
        if let Ok(message) = outcome {
            drafts::forget_change(app.user.id, conversation, message_id);
            answered(&app, message);
        }
        change(&app, conversation, |talk| {
            talk.asked.rewritten(message_id, &patch.body, failure);
        });
    });
}

/// The text that one wanted for a message is given up.
pub(super) fn forget_change(app: &App, conversation: ConversationId, message: MessageId) {
    drafts::forget_change(app.user.id, conversation, message);
    change(app, conversation, |talk| talk.asked.forget_change(message));
    rescue_focus(message);
}

/// What had the focus in a message may be gone: it is on the message then.
fn rescue_focus(message: MessageId) {
    clock::afterwards(move || {
        let article = dom::find(&format!("[data-message=\"{message}\"]"));
        if let Some(article) = article.filter(|_| dom::focus_is_lost()) {
            dom::focus_quietly(&article);
        }
    });
}

/// A message shall go, for everybody.
pub(super) fn remove(app: &App, conversation: ConversationId, message_id: MessageId) {
    change(app, conversation, |talk| talk.asked.remove(message_id, true));
    let app = app.clone();
    spawn(async move {
        match app.base.api.send(&DeleteMessage { message_id }, &Nothing).await {
            Ok(message) => answered(&app, message),
            Err(failure) => app.base.warn(words::REMOVE_FAILED, &failure),
        }
        change(&app, conversation, |talk| talk.asked.remove(message_id, false));
    });
    rescue_focus(message_id);
}

/// Puts an emoji on a message, or takes it away.
pub(super) fn feel(app: &App, message: &Message, emoji: &str, wanted: bool) {
    let (conversation, message_id) = (message.conversation_id, message.id);
    let begin = change(app, conversation, |talk| {
        talk.asked.feel(message_id, emoji, wanted)
    });
    rescue_focus(message_id);
    let Some(mut wanted) = begin.flatten() else { return };
    let (app, emoji) = (app.clone(), emoji.to_owned());
    spawn(async move {
        loop {
            let outcome = send(&app, message_id, &emoji, wanted).await;
            let taken = outcome.is_ok();
            match outcome {
                Ok(message) => answered(&app, message),
                Err(failure) => app.base.warn(words::REACTION_FAILED, &failure),
            }
            let next = change(&app, conversation, |talk| {
                talk.asked.felt(message_id, &emoji, wanted, taken)
            });
            match next.flatten() {
                Some(next) => wanted = next,
                None => return,
            }
        }
    });
}

async fn send(app: &App, message_id: MessageId, emoji: &str, wanted: bool) -> Result<Message, Failure> {
    let which = WhichEmoji {
        emoji: emoji.to_owned(),
    };
    let api = &app.base.api;
    if wanted {
        api.call(&AddMessageReaction { message_id }, &which, &Nothing)
            .await
    } else {
        api.call(&RemoveMessageReaction { message_id }, &which, &Nothing)
            .await
    }
}

/// Brings a message onto the screen.
pub(super) fn seek(app: &App, conversation: ConversationId, number: u32) {
    let app = app.clone();
    spawn(async move {
        match link::seek(&app, conversation, number).await {
            Ok(true) => {}
            Ok(false) => app.base.say(words::NOT_FOUND),
            Err(failure) => app.base.warn(words::NOT_FOUND, &failure),
        }
    });
}

/// Puts what a message says where it can be pasted from.
pub(super) fn copy(app: &App, body: &str) {
    let said = if dom::copy(body) {
        words::COPIED
    } else {
        words::COPY_FAILED
    };
    app.base.say(said);
}
