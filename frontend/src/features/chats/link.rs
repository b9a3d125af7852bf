//! Messages have addresses: whoever follows one comes to the message, wherever in its conversation it is.

use hearth_shared::conversations::MessagesQuery;
use hearth_shared::ids::ConversationId;
use yew::prelude::*;
use yew_router::prelude::*;

use super::actions;
use crate::context::App;
use crate::platform::api::Failure;
use crate::platform::dom;
use crate::routes::{self, MESSAGE_QUERY, Route, message_at};
use crate::text::chats as words;

/// Messages around the one that is sought.
const AROUND: u32 = 30;

/// The message that the address names, and the entry of the history: whoever follows the same address again wants to come
/// there again. None on other pages.
#[hook]
pub(super) fn use_named(id: ConversationId) -> Option<(Option<u32>, u32)> {
    let location = use_location().filter(|location| location.path() == Route::Chat { id }.to_path())?;
    let number = routes::query_value(&location, MESSAGE_QUERY)?.parse().ok()?;
    Some((location.id(), number))
}

/// Comes to the message that an address names, in a conversation that was read.
pub(super) async fn arrive(app: &App, id: ConversationId, number: u32) {
    match seek(app, id, number).await {
        Ok(true) => {}
        Ok(false) => {
            app.base.say(words::NOT_FOUND);
            // What is around nothing is no place to begin.
            drop(actions::read_anew(app, id).await);
        }
        // Where nothing else is shown the page says it.
        Err(failure) if app.chats.read(|chats| chats.talk(id).log.is_some()) => {
            app.base.warn(words::NOT_FOUND, &failure);
        }
        Err(_) => {}
    }
}

/// Brings a message onto the screen, wherever in the conversation it is. False when there is none to see.
///
/// # Errors
/// When the messages around it did not come.
pub(super) async fn seek(app: &App, id: ConversationId, number: u32) -> Result<bool, Failure> {
    let is_here = || {
        let talk = app.chats.read(|chats| chats.talk(id));
        let mut loaded = talk.log.iter().flat_map(|log| &log.items);
        loaded.any(|message| message.number == number)
    };
    if !is_here() {
        let query = MessagesQuery {
            around: Some(number),
            limit: Some(AROUND),
            ..MessagesQuery::default()
        };
        actions::load_page(app, id, query).await?;
    }
    let found = is_here();
    if found {
        app.chats.change(|chats| {
            if chats.open == Some(id) {
                chats.change(id, |talk| talk.sought = Some(number));
            }
        });
    }
    Ok(found)
}

/// Puts the address of a message where it can be pasted from.
pub(super) fn copy(app: &App, id: ConversationId, number: u32) {
    super::message_actions::copy(app, &format!("{}{}", dom::origin(), message_at(id, number)));
}
