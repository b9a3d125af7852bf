//! Tells a screen reader of messages outside the chat that is being read; not more often than somebody who
//! reads something else can bear.

use std::cell::RefCell;

use hearth_shared::conversations::Message;

use crate::context::App;
use crate::features::users::preferences::Announcements;
use crate::platform::{clock, dom, spawn};
use crate::text::chats as words;

/// Between two announcements.
const PAUSE_MILLIS: u32 = 10_000;

#[derive(Default)]
struct Waiting {
    pausing: bool,
    number: u32,
    name: String,
}

thread_local! {
    static WAITING: RefCell<Waiting> = RefCell::default();
}

/// A message of somebody else has come.
pub(super) fn arrived(app: &App, message: &Message) {
    let here = app
        .chats
        .read(|chats| chats.open == Some(message.conversation_id));
    let silent = app
        .base
        .preferences
        .read(|preferences| preferences.announcements == Announcements::Off);
    if silent || (here && dom::attentive()) {
        return;
    }
    let pausing = WAITING.with_borrow_mut(|waiting| {
        waiting.number += 1;
        waiting.name.clone_from(&message.sender.display_name);
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
        }
    });
}

fn next() -> Option<String> {
    WAITING.with_borrow_mut(|waiting| {
        let number = std::mem::take(&mut waiting.number);
        waiting.pausing = number > 0;
        (number > 0).then(|| words::new_from(number, &waiting.name))
    })
}
