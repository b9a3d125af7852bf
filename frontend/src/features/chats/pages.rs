//! The messages of a conversation, page by page.

use hearth_shared::conversations::{ListMessages, MessagesQuery};
use hearth_shared::ids::{ClientId, ConversationId};
use hearth_shared::realtime::Stream;
use hearth_shared::realtime::replica::messages::MessageLog;

use super::{kept, pins};
use crate::context::App;
use crate::platform::api::Failure;
use crate::platform::{scroll, spawn};

/// Messages of a page.
const PAGE: u32 = 30;
/// Of the first page at most.
pub(super) const FIRST_PAGE_MAX: u32 = 100;

/// Loads the newest messages; enough to begin with those that are not read.
///
/// # Errors
/// When they did not come; the page says so too.
pub(crate) async fn load_newest(app: &App, id: ConversationId) -> Result<(), Failure> {
    let unread = app
        .chats
        .read(|chats| chats.find(id).map_or(0, |known| known.unread_count));
    let query = MessagesQuery {
        limit: Some((unread + PAGE / 2).clamp(PAGE, FIRST_PAGE_MAX)),
        ..MessagesQuery::default()
    };
    load_page(app, id, query).await
}

/// Reads the newest messages in place of all that are loaded: what happened to those was not told.
///
/// # Errors
/// See [`load_newest`].
pub(crate) async fn read_anew(app: &App, id: ConversationId) -> Result<(), Failure> {
    app.chats
        .change_quietly(|chats| chats.change(id, |talk| talk.outdated = true));
    pins::load(app, id);
    load_newest(app, id).await
}

/// The same for all conversations: the one on the screen now, the others when they are opened.
pub(crate) fn read_logs_anew(app: &App) {
    let open = app.chats.change(|chats| {
        chats.forget_logs();
        chats.open.filter(|id| chats.talk(*id).log.is_some())
    });
    if let Some(id) = open {
        let app = app.clone();
        spawn(async move { drop(read_anew(&app, id).await) });
    }
}

/// Loads messages that came before those that are loaded.
pub(crate) fn load_older(app: &App, id: ConversationId) {
    let talk = app.chats.read(|chats| chats.talk(id));
    let before = talk
        .log
        .as_ref()
        .filter(|log| log.more_before)
        .and_then(|log| log.first());
    if before.is_none() || talk.loading {
        return;
    }
    let app = app.clone();
    spawn(async move {
        let query = MessagesQuery {
            before,
            limit: Some(PAGE),
            ..MessagesQuery::default()
        };
        drop(load_page(&app, id, query).await);
    });
}

/// Loads messages that came after those that are loaded.
pub(crate) fn load_newer(app: &App, id: ConversationId) {
    let talk = app.chats.read(|chats| chats.talk(id));
    let after = talk
        .log
        .as_ref()
        .filter(|log| log.more_after)
        .and_then(|log| log.last());
    if after.is_none() || talk.loading {
        return;
    }
    let app = app.clone();
    spawn(async move {
        let query = MessagesQuery {
            after,
            limit: Some(PAGE),
            ..MessagesQuery::default()
        };
        drop(load_page(&app, id, query).await);
    });
}

/// Who reads something older wants to see the newest.
pub(crate) fn to_latest(app: &App, id: ConversationId) {
    let talk = app.chats.read(|chats| chats.talk(id));
    if talk.log.is_some() {
        // What is on its way to something older comes too late.
        app.chats
            .change_quietly(|chats| chats.change(id, |talk| talk.wanted = None));
    }
    if talk.log.as_ref().is_some_and(|log| log.more_after) {
        let app = app.clone();
        spawn(async move { drop(load_newest(&app, id).await) });
    }
}

/// Loads a page of messages.
///
/// # Errors
/// When it did not come; the page says so too.
pub(super) async fn load_page(
    app: &App,
    conversation_id: ConversationId,
    query: MessagesQuery,
) -> Result<(), Failure> {
    app.chats.change(|chats| {
        chats.change(conversation_id, |talk| {
            talk.loading = true;
            talk.failure = None;
        })
    });
    let outcome = app.base.api.get(&ListMessages { conversation_id }, &query).await;
    let seq = outcome.as_ref().map(|page| page.seq).map_err(Clone::clone);
    if app.chats.read(|chats| chats.talk(conversation_id).gone) {
        return Ok(());
    }
    let (here, talk) = app
        .chats
        .read(|chats| (chats.open == Some(conversation_id), chats.talk(conversation_id)));
    // Another page may have come first and taken the place of what this one goes on from; or the reader went elsewhere.
    let end = |of: fn(&MessageLog) -> Option<u32>| talk.log.as_ref().and_then(of);
    if (query.before.is_some() && query.before != end(MessageLog::first))
        || (query.after.is_some() && query.after != end(MessageLog::last))
        || (query.around.is_some() && query.around != talk.wanted)
    {
        app.chats
            .change(|chats| chats.change(conversation_id, |talk| talk.loading = false));
        return Ok(());
    }
    // What is being read stays where it is while older messages come above it.
    if here && query.before.is_some() {
        scroll::hold(super::thread::LOG);
    }
    app.chats
        .change(|chats| chats.settle_page(app.user.id, conversation_id, outcome));
    // What the page has is sent.
    let unsent = app.chats.read(|chats| chats.talk(conversation_id));
    let is_unsent = |id: &ClientId| unsent.outbox.items.iter().any(|item| item.client_id == *id);
    let before = talk.outbox.items.iter().map(|item| &item.client_id);
    before
        .filter(|id| !is_unsent(id))
        .for_each(|id| kept::forget(app.user.id, id));
    app.live.follow(app, Stream::Conversation(conversation_id), seq?);
    Ok(())
}
