//! Tells a screen reader of messages outside the chat that is being read; not more often than somebody who
//! reads something else can bear.

use std::cell::RefCell;

use hearth_shared::conversations::Message;

use super::mentions;
use super::state::Chats;
use crate::context::App;
use crate::features::users::preferences::Announcements;
use crate::platform::{clock, dom, spawn};
use crate::text::{chats as words, groups};

/// Between two announcements.
const PAUSE_MILLIS: u32 = 10_000;

#[derive(Default)]
struct Waiting {
    pausing: bool,
    number: u32,
    /// Of whom, or of which group.
    name: String,
    group: bool,
}

thread_local! {
    static WAITING: RefCell<Waiting> = RefCell::default();
}

fn is_request(chats: &Chats, message: &Message) -> bool {
    let known = chats.find(message.conversation_id);
    known.is_some_and(|known| known.settings.request)
}

/// A message of somebody else has come.
pub(super) fn arrived(app: &App, message: &Message) {
    let (here, muted, group) = app.chats.read(|chats| {
        let known = chats.find(message.conversation_id);
        let muted = known.is_some_and(|known| known.settings.muted);
        let group = known.and_then(|known| known.group.clone());
        (chats.open == Some(message.conversation_id), muted, group)
    });
    let silent = app
        .base
        .preferences
        .read(|preferences| preferences.announcements == Announcements::Off);
    // Whoever is named is told of it all the same.
    let muted = muted && !mentions::names(&message.body, &app.user);
    // A stranger calls nobody.
    let silent = silent || app.chats.read(|chats| is_request(chats, message));
    if silent || muted || (here && dom::attentive()) {
        return;
    }
    let pausing = WAITING.with_borrow_mut(|waiting| {
        waiting.number += 1;
        waiting.group = group.is_some();
        waiting.name = group.map_or_else(|| message.sender.display_name.clone(), |group| group.title);
        std::mem::replace(&mut waiting.pausing, true)
    });
    if pausing {
        return;
    }
    let app = app.clone();
    spawn(async move {
        while let Some(text) = next() {
            app.base.announce(text);
            clock::sleep(PAUSE_MILLIS).await;
            // Who has signed out leaves nothing to whoever is next.
            if !app.base.api.is_current() {
                drop(WAITING.take());
                return;
            }
        }
    });
}

fn next() -> Option<String> {
    WAITING.with_borrow_mut(|waiting| {
        let number = std::mem::take(&mut waiting.number);
        waiting.pausing = number > 0;
        (number > 0).then(|| {
            let said = if waiting.group {
                groups::new_in
            } else {
                words::new_from
            };
            said(number, &waiting.name)
        })
    })
}
