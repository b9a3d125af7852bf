//! Asks where what stands beside messages is to be found: once for all that comes onto the screen together.

use hearth_shared::conversations::{ListMessageMedia, MessageMediaQuery};
use hearth_shared::ids::{ConversationId, MediaId};

use super::actions;
use crate::context::App;
use crate::platform::{clock, dom, spawn};

/// These come onto the screen.
pub(super) fn want(app: &App, conversation: ConversationId, ids: &[MediaId]) {
    let now = clock::now().as_millis();
    if app
        .addresses
        .change(|addresses| addresses.want(conversation, ids, now))
    {
        let app = app.clone();
        spawn(async move { ask(&app, conversation).await });
    }
}

/// Addresses do not work. What stands beside a message that is not sent is asked for when it is.
pub(super) fn lose(app: &App, conversation: ConversationId, ids: &[MediaId], sent: bool) {
    let now = clock::now().as_millis();
    let asks = app.addresses.change_quietly(|addresses| {
        let lost = ids.iter().filter(|id| addresses.lose(conversation, **id, now));
        lost.count() > 0
    });
    if asks && sent {
        let app = app.clone();
        spawn(async move { ask(&app, conversation).await });
    }
}

/// Follows the link to a file once more, with an address that works.
pub(super) fn follow(app: &App, conversation: ConversationId, id: MediaId) {
    let app = app.clone();
    spawn(async move {
        let now = clock::now().as_millis();
        app.addresses
            .change_quietly(|addresses| addresses.want(conversation, &[id], now));
        ask(&app, conversation).await;
        clock::afterwards(move || {
            let now = clock::now().as_millis();
            if app.addresses.read(|addresses| addresses.is_fresh(id, now))
                && let Some(link) = dom::find(&format!("[data-file=\"{id}\"]"))
            {
                link.click();
            }
        });
    });
}

async fn ask(app: &App, conversation_id: ConversationId) {
    // Whatever is drawn at the same time has its turn.
    clock::sleep(0).await;
    let mut failures = 0;
    loop {
        let ids = app
            .addresses
            .change_quietly(|addresses| addresses.next(conversation_id));
        if ids.is_empty() || !app.base.api.is_current() {
            return;
        }
        let call = ListMessageMedia { conversation_id };
        let outcome = app.base.api.get(&call, &MessageMediaQuery::of(&ids)).await;
        let answer = match outcome {
            Ok(answer) => Ok(answer.items),
            Err(failure) => Err(failure.is_passing()),
        };
        let again = answer.as_ref().err().copied();
        let now = clock::now().as_millis();
        app.addresses
            .change(|addresses| addresses.settle(&ids, answer, now));
        match again {
            None => failures = 0,
            // What is not shown any more is asked for by the next look.
            Some(true) if app.chats.read(|chats| chats.open == Some(conversation_id)) => {
                clock::sleep(actions::pause(failures)).await;
                failures += 1;
            }
            Some(_) => return,
        }
    }
}
