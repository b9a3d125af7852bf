//! What talks to the server about conversations, and what the socket says about them.

use hearth_shared::conversations::{
    Conversation, ConversationKind, GetConversation, ListConversations, MarkRead, NewConversation,
    NewReadPosition, OpenConversation,
};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::ConversationId;
use hearth_shared::page::PageQuery;
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::Stream;
use hearth_shared::realtime::catch_up::backoff;
use hearth_shared::realtime::events::Event;
use hearth_shared::realtime::frames::{ClientFrame, Read, TYPING_MILLIS, Typing};
use hearth_shared::users::UserCard;
use yew_router::Routable;

use super::pages::{load_newest, load_older};
use super::state::Chats;
use super::{announce, kept, link, pins, sending};
use crate::context::App;
use crate::features::groups;
use crate::platform::api::Failure;
use crate::platform::{clock, dom, random, spawn, worker};
use crate::routes::{self, Route, go};
use crate::text::chats as words;

/// Loads the list from its top, or one more page of it.
pub(crate) fn load(app: &App, more: bool) {
    let paging = app.chats.read(|chats| chats.paging.clone());
    if paging.loading {
        return;
    }
    app.chats.change(|chats| {
        chats.paging.change(|paging| {
            paging.loading = true;
            paging.failure = None;
        });
    });
    let app = app.clone();
    spawn(async move {
        let query = PageQuery {
            limit: None,
            cursor: paging.next.clone().filter(|_| more),
        };
        let since = app.chats.read(Chats::reading);
        let mut outcome = app.base.api.get(&ListConversations {}, &query).await;
        if let Ok(page) = &mut outcome {
            page.items
                .retain(|item| !app.chats.read(|chats| chats.has_left(item.id, since)));
        }
        let streams: Vec<_> = outcome
            .iter()
            .flat_map(|page| &page.items)
            .map(|item| (item.id, item.last_seq, is_lost(&app, item.id)))
            .collect();
        app.chats.change(|chats| chats.settle(more, outcome));
        for (id, seq, lost) in streams {
            app.live.follow(&app, Stream::Conversation(id), seq);
            if lost {
                again(&app, id);
            }
        }
    });
}

/// Reads one conversation, and follows it from there.
pub(crate) async fn fetch(app: &App, conversation_id: ConversationId) -> Result<u64, Failure> {
    let call = GetConversation { conversation_id };
    let since = app.chats.read(Chats::reading);
    let conversation = app.base.api.get(&call, &Nothing).await?;
    if app.chats.read(|chats| chats.has_left(conversation_id, since)) {
        return Err(Failure::refused(ErrorCode::NotFound));
    }
    Ok(learn(app, conversation))
}

/// A conversation was read: it is followed from there. Gives where that is.
pub(crate) fn learn(app: &App, conversation: Conversation) -> u64 {
    let (id, seq) = (conversation.id, conversation.last_seq);
    let lost = is_lost(app, id);
    app.chats.change(|chats| chats.put(conversation));
    app.live.follow(app, Stream::Conversation(id), seq);
    if lost {
        again(app, id);
    }
    seq
}

/// Whether somebody looks at a conversation that was not there so far: once it is, it is opened.
fn is_lost(app: &App, id: ConversationId) -> bool {
    app.chats.read(|chats| {
        let talk = chats.talk(id);
        chats.open == Some(id) && talk.log.is_none() && (talk.gone || talk.failure.is_some())
    })
}

/// A conversation comes onto the screen; at one of its messages, where that is named.
pub(crate) fn enter(app: &App, id: ConversationId, named: Option<u32>) {
    app.chats.change_quietly(|chats| {
        chats.open = Some(id);
        chats.change(id, |talk| talk.wanted = named);
    });
    look(app);
    if app.chats.read(|chats| chats.talk(id).failure.is_some()) {
        app.chats
            .change(|chats| chats.change(id, |talk| talk.failure = None));
    }
    let app = app.clone();
    spawn(async move {
        // Also of a known one: how far the others have read is worth a look.
        let fetched = fetch(&app, id).await;
        look(&app);
        let talk = app.chats.read(|chats| chats.talk(id));
        if fetched.is_ok() && (talk.log.is_none() || talk.pins.is_none()) {
            pins::load(&app, id);
        }
        if named.is_some() && named != talk.wanted {
            // The reader has gone, or to something else.
            return;
        }
        match (fetched, named) {
            (fetched, Some(number)) if fetched.is_ok() || talk.log.is_some() => {
                link::arrive(&app, id, number).await;
            }
            (Ok(_), None) if talk.log.is_none() => {
                // The page says it when this fails.
                drop(load_newest(&app, id).await);
            }
            (Err(failure), _) if talk.log.is_none() => {
                app.chats
                    .change(|chats| chats.change(id, |talk| talk.failure = Some(failure)));
            }
            _ => {}
        }
    });
}

/// The group that is on the screen, once it is known to be one, is what the server counts in.
fn look(app: &App) {
    let group = app.chats.read(|chats| {
        let is_group = |id: &ConversationId| chats.find(*id).is_some_and(|known| known.group.is_some());
        chats.open.filter(is_group)
    });
    app.live.look_at(group);
}

/// A conversation leaves the screen.
pub(crate) fn leave(app: &App, id: ConversationId) {
    app.chats.change_quietly(|chats| {
        chats.change(id, |talk| {
            (talk.wanted, talk.sought) = (None, None);
            (talk.finding, talk.here) = (None, 0);
        });
        if chats.open == Some(id) {
            chats.open = None;
        }
    });
    look(app);
}

/// Tries again what failed in a conversation.
pub(crate) fn again(app: &App, id: ConversationId) {
    let talk = app.chats.read(|chats| chats.talk(id));
    match &talk.log {
        Some(log) if log.more_before && !log.more_after => return load_older(app, id),
        Some(_) => {
            let app = app.clone();
            return spawn(async move { drop(load_newest(&app, id).await) });
        }
        None => {}
    }
    app.chats
        .change(|chats| chats.change(id, |talk| talk.failure = None));
    enter(app, id, talk.wanted);
}

/// Opens the conversation with somebody.
pub(crate) fn message(app: &App, user: &UserCard) {
    if let Some(id) = app.chats.read(|chats| chats.with(user.id)) {
        return go(&Route::Chat { id });
    }
    let (app, body) = (
        app.clone(),
        NewConversation {
            kind: ConversationKind::Direct,
            user_id: user.id,
        },
    );
    spawn(async move {
        match app.base.api.send(&OpenConversation {}, &body).await {
            Ok(conversation) => open(&app, conversation),
            Err(failure) => app.base.warn(words::OPEN_FAILED, &failure),
        }
    });
}

/// A conversation that was read comes onto the screen.
pub(crate) fn open(app: &App, conversation: Conversation) {
    let id = conversation.id;
    learn(app, conversation);
    go(&Route::Chat { id });
}

/// One is in a conversation no more. What was on its way there is a draft, for the case that one comes back.
pub(crate) fn depart(app: &App, id: ConversationId) {
    if app
        .chats
        .read(|chats| chats.leaving == Some(id) && chats.open == Some(id))
    {
        // Back does not lead to where nothing is any more.
        routes::replace(&Route::Chats.to_path());
    }
    sending::keep_as_draft(app, id);
    app.addresses.change_quietly(|addresses| addresses.forget(id));
    let event = Event::ConversationRemoved { id };
    app.chats.change(|chats| chats.apply(app.user.id, &event));
    app.live.unfollow(Stream::Conversation(id));
}

/// Everything up to a message has been read. Positions only move forward.
pub(crate) fn mark_read(app: &App, conversation_id: ConversationId, number: u32) {
    let read = app
        .chats
        .read(|chats| chats.find(conversation_id).map(|known| known.my_read_number));
    if read.is_none_or(|read| read >= number) {
        return;
    }
    let app = app.clone();
    spawn(async move {
        let body = NewReadPosition { number };
        // While one looks at it, it is said until it is heard; after that the next look says it.
        for failures in 0.. {
            match app.base.api.send(&MarkRead { conversation_id }, &body).await {
                Ok(state) => {
                    let read = Read {
                        conversation_id,
                        user_id: app.user.id,
                        number: state.my_read_number,
                        at: clock::now(),
                    };
                    worker::read(&format!("c{conversation_id}"));
                    return app.chats.change(|chats| chats.read(app.user.id, &read));
                }
                Err(failure) if failure.is_passing() => {
                    clock::sleep(pause(failures)).await;
                    let still = app.chats.read(|chats| {
                        let known = chats.find(conversation_id);
                        chats.open == Some(conversation_id)
                            && known.is_some_and(|known| known.my_read_number < number)
                    });
                    if !still || !dom::attentive() || !app.base.api.is_current() {
                        return;
                    }
                }
                Err(_) => return,
            }
        }
    });
}

/// Milliseconds to wait after some failures in a row.
pub(crate) fn pause(failures: u32) -> u32 {
    u32::try_from(backoff(failures, random::fraction())).unwrap_or(u32::MAX)
}

/// An event that may be about a conversation.
pub(crate) fn on_event(app: &App, event: &Event) {
    let me = app.user.id;
    if let Event::ConversationRemoved { id } = event {
        return depart(app, *id);
    }
    let lost = matches!(event, Event::ConversationAdded { conversation } if is_lost(app, conversation.id));
    let behind = app.chats.change(|chats| chats.apply(me, event));
    if let Event::ConversationAdded { conversation } = event {
        let id = conversation.id;
        app.live
            .follow(app, Stream::Conversation(id), conversation.last_seq);
        // Who looks at it was not in it so far.
        if lost {
            again(app, id);
        }
    }
    let Event::MessageCreated { message } = event else {
        return;
    };
    if message.sender.id == me {
        // Perhaps another tab sent what both had kept.
        kept::forget(me, &message.client_id);
    } else {
        announce::arrived(app, message);
    }
    if behind {
        let (app, id) = (app.clone(), message.conversation_id);
        spawn(async move { drop(load_newest(&app, id).await) });
    }
}

/// A conversation that nothing was known of came with its first message.
pub(crate) fn noticed(app: &App, id: ConversationId) {
    // Perhaps something has happened to an old one; that is no message.
    let last = app.chats.read(|chats| {
        let unread = chats.find(id).filter(|known| known.unread_count > 0);
        unread.and_then(|known| known.last_message.clone())
    });
    if let Some(message) = last.filter(|message| message.sender.id != app.user.id) {
        announce::arrived(app, &message);
    }
}

/// Somebody is typing.
pub(crate) fn on_typing(app: &App, typing: Typing) {
    if typing.user_id == app.user.id {
        return;
    }
    let (id, user) = (typing.conversation_id, typing.user_id);
    let until = clock::elapsed() + u64::from(TYPING_MILLIS);
    app.chats.change(|chats| chats.typing(id, user, until));
    let app = app.clone();
    spawn(async move {
        clock::sleep(TYPING_MILLIS).await;
        app.chats.change(|chats| chats.stop_typing(id, clock::elapsed()));
    });
}

/// Says that one is typing.
pub(crate) fn type_on(app: &App, conversation_id: ConversationId) {
    app.live.send(&ClientFrame::Typing { conversation_id });
}

/// After a break: what happened in conversations that are not in the list, and how far the others have read,
/// does not come by itself.
pub(crate) fn look_again(app: &App) {
    if app.chats.read(|chats| !chats.invitations.known) {
        groups::actions::load_invitations(app);
    }
    if app.chats.read(|chats| chats.paging.known) {
        load(app, false);
    }
    if let Some(id) = app.chats.read(|chats| chats.open) {
        let app = app.clone();
        spawn(async move { drop(fetch(&app, id).await) });
    }
}

/// Everything is read anew.
pub(crate) fn reload(app: &App) {
    let open = app.chats.change(|chats| {
        chats.forget();
        chats.open
    });
    load(app, false);
    groups::actions::load_invitations(app);
    if let Some(id) = open {
        enter(app, id, None);
    }
}
