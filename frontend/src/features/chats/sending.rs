//! Messages go out: one at a time per conversation, in order, again and again while there is no connection.

use std::cell::Cell;

use hearth_shared::conversations::{Attachment, NewMessage, Quote, SendMessage};
use hearth_shared::ids::{ClientId, ConversationId};
use hearth_shared::media::Media;
use hearth_shared::problem::{ErrorCode, FieldError};
use hearth_shared::realtime::catch_up::backoff;
use hearth_shared::valid::Valid;

use super::state::outbox::Leg;
use super::{drafts, kept, pages};
use crate::context::App;
use crate::features::media::forget;
use crate::features::media::state::tray::Kept;
use crate::platform::{clock, connection, dom, random, spawn};
use crate::text::chats as words;

thread_local! {
    /// Failures in a row, of all conversations together: it is one server.
    static FAILURES: Cell<u32> = const { Cell::new(0) };
}

/// Sends a message with what stands beside it, perhaps an answer: it appears at once. The wrong fields when it cannot be sent.
pub(super) fn send(
    app: &App,
    id: ConversationId,
    body: String,
    media: Vec<Media>,
    reply_to: Option<Quote>,
) -> Result<(), Vec<FieldError>> {
    let new = Valid::check(NewMessage {
        client_id: random::client_id(),
        body,
        reply_to_id: reply_to.as_ref().map(|quote| quote.id),
        media_ids: media.iter().map(|one| one.id).collect(),
    })?
    .into_inner();
    let at = clock::now();
    let attachments: Vec<Attachment> = media.iter().map(Attachment::from).collect();
    kept::keep(app.user.id, id, &new, &attachments, reply_to.as_ref(), at);
    // One's own are shown without asking: the message is not the server's yet.
    app.addresses.change_quietly(|addresses| {
        for one in media {
            addresses.put(id, one, at.as_millis());
        }
    });
    app.chats
        .change(|chats| chats.change(id, |talk| talk.outbox.push(new, attachments, reply_to, at)));
    // What one writes stands under the newest.
    pages::to_latest(app, id);
    drain(app, id);
    Ok(())
}

/// Sends what waits in a conversation.
fn drain(app: &App, conversation_id: ConversationId) {
    let app = app.clone();
    spawn(async move {
        while let Some(new) = next(&app, conversation_id) {
            match app.base.api.send(&SendMessage { conversation_id }, &new).await {
                Ok(message) => {
                    FAILURES.set(0);
                    kept::forget(app.user.id, &message.client_id);
                    app.chats.change(|chats| chats.sent(app.user.id, message));
                }
                Err(failure) if failure.is_passing() => {
                    app.chats.change(|chats| {
                        chats.change(conversation_id, |talk| talk.outbox.delay(&new.client_id))
                    });
                    let failures = FAILURES.get();
                    FAILURES.set(failures + 1);
                    let pause = failure.retry_after().map_or_else(
                        || u32::try_from(backoff(failures, random::fraction())).unwrap_or(0),
                        |seconds| seconds.saturating_mul(1_000),
                    );
                    clock::sleep(pause.max(500)).await;
                }
                Err(failure) => {
                    // The bubble says it, and why the composer is gone stands in its place.
                    app.base.announce(words::NOT_SENT);
                    match failure.code() {
                        // Where nobody can see or discard it, it must not be tried for ever.
                        Some(ErrorCode::NotFound) => kept::forget(app.user.id, &new.client_id),
                        // The end of a session is no word about the message.
                        _ if failure.is_over() => {}
                        code => kept::refuse(app.user.id, &new.client_id, code),
                    }
                    app.chats.change(|chats| {
                        chats.change(conversation_id, |talk| talk.outbox.fail(&new.client_id, failure))
                    });
                }
            }
        }
    });
}

/// The next one that can go out. While there is surely no connection nothing is tried: [`resume`] comes.
fn next(app: &App, id: ConversationId) -> Option<NewMessage> {
    if !app.base.api.is_current() {
        return None;
    }
    if !connection::is_ready() {
        app.chats.change(|chats| {
            chats.change(id, |talk| {
                for item in &mut talk.outbox.items {
                    item.delayed |= item.leg == super::state::outbox::Leg::Waiting;
                }
            })
        });
        return None;
    }
    app.chats
        .change(|chats| chats.change(id, |talk| talk.outbox.next()))
        .flatten()
}

/// The connection is back: what waits goes out.
pub(crate) fn resume(app: &App) {
    FAILURES.set(0);
    for id in app.chats.read(|chats| chats.unsent()) {
        drain(app, id);
    }
}

/// Tries a message again that was refused.
pub(super) fn retry(app: &App, id: ConversationId, client_id: &ClientId) {
    kept::refuse(app.user.id, client_id, None);
    app.chats
        .change(|chats| chats.change(id, |talk| talk.outbox.retry(client_id)));
    drain(app, id);
}

/// Gives a message up.
pub(super) fn discard(app: &App, id: ConversationId, client_id: &ClientId) {
    clock::afterwards(dom::rescue_focus);
    kept::forget(app.user.id, client_id);
    for id in app.chats.read(|chats| chats.talk(id).outbox.unused(client_id)) {
        forget(app, id);
    }
    app.chats
        .change(|chats| chats.change(id, |talk| talk.outbox.discard(client_id)));
}

/// The session has ended while messages waited: they become drafts, so that nothing that was written is lost.
pub(crate) fn keep_as_drafts(app: &App) {
    for id in app.chats.read(|chats| chats.unsent()) {
        keep_as_draft(app, id);
    }
}

/// The same for one conversation.
pub(super) fn keep_as_draft(app: &App, id: ConversationId) {
    let talk = app.chats.read(|chats| chats.talk(id));
    if talk.outbox.is_empty() {
        return;
    }
    let mut text = String::new();
    let mut beside: Vec<Kept> = Vec::new();
    let unsent = talk.outbox.items.iter();
    for item in unsent.filter(|item| !matches!(item.leg, Leg::Sent(_))) {
        kept::forget(app.user.id, &item.client_id);
        text.push_str(&item.body);
        text.push('\n');
        beside.extend(item.attachments.iter().map(Kept::from));
    }
    // The server keeps them for a day; a message takes so many, and the first come first.
    beside.extend(drafts::load_media(app.user.id, id));
    drafts::save_media(app.user.id, id, &beside);
    text.push_str(&drafts::load(app.user.id, id));
    drafts::save(app.user.id, id, text.trim_end());
}
