//! Conversations over HTTP.

use actix_web::web::Data;
use hearth_shared::conversations::{
    AcceptRequest, AddMessageReaction, ChangeConversationSettings, Conversation, ConversationSettingsPatch,
    DeclineRequest, DeleteMessage, EditMessage, GetConversation, ListConversations, ListMessageMedia,
    ListMessages, ListPins, MarkRead, Message, MessageMedia, MessageMediaQuery, MessagePage, MessagePatch,
    MessagesQuery, NewConversation, NewMessage, NewReadPosition, OpenConversation, PinMessage, Pins,
    ReadState, RemoveMessageReaction, SendMessage, UnpinMessage, WhichEmoji,
};
use hearth_shared::ids::{ConversationId, Id, MessageId};
use hearth_shared::page::{Page, PageQuery, page_size};
use hearth_shared::problem::ErrorCode;

use super::service::{self, acts, requests, settings};
use super::store::{self, hydrate, lines, members, messages, pins};
use crate::features::media::Media;
use crate::features::media::service::show;
use crate::features::media::store::beside_messages;
use crate::features::realtime::store as streams;
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, Param, Query, ValidJson};
use crate::platform::rate_limit::Limit;
use crate::platform::reply::{Created, Json, NoContent};
use crate::platform::routes::Routes;
use crate::platform::{clock, cursor};

/// The name of the list in its cursors. Since there are pins it has another order.
const LIST: &str = "conversations-2";

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<ListConversations, _, _>(Limit::Read, list_conversations);
    routes.add::<OpenConversation, _, _>(Limit::Conversation, open_conversation);
    routes.add::<GetConversation, _, _>(Limit::Read, get_conversation);
    routes.add::<ListMessages, _, _>(Limit::Read, list_messages);
    routes.add::<ListMessageMedia, _, _>(Limit::Read, list_message_media);
    routes.add::<SendMessage, _, _>(Limit::Message, send_message);
    routes.add::<EditMessage, _, _>(Limit::Edit, edit_message);
    routes.add::<DeleteMessage, _, _>(Limit::Edit, delete_message);
    routes.add::<AddMessageReaction, _, _>(Limit::Reaction, add_reaction);
    routes.add::<RemoveMessageReaction, _, _>(Limit::Reaction, remove_reaction);
    routes.add::<ListPins, _, _>(Limit::Read, list_pins);
    routes.add::<PinMessage, _, _>(Limit::Edit, pin_message);
    routes.add::<UnpinMessage, _, _>(Limit::Edit, unpin_message);
    routes.add::<ChangeConversationSettings, _, _>(Limit::Mark, change_settings);
    routes.add::<AcceptRequest, _, _>(Limit::FriendAnswer, accept_request);
    routes.add::<DeclineRequest, _, _>(Limit::FriendAnswer, decline_request);
    routes.add::<MarkRead, _, _>(Limit::Mark, mark_read);
}

async fn list_conversations(
    db: Data<Db>,
    actor: Actor,
    query: Query<PageQuery>,
) -> AppResult<Json<Page<Conversation>>> {
    let size = page_size(query.0.limit);
    let below = cursor::read(LIST, query.0.cursor.as_ref())?.unwrap_or((i64::MAX, i64::MAX));
    db.snapshot(move |conn| {
        let rows = store::list(conn, actor.user_id, below, i64::from(size) + 1)?;
        let page = cursor::page(LIST, rows, size, |(_, key)| *key)?;
        let rows: Vec<_> = page.items.into_iter().map(|(row, _)| row).collect();
        let items = hydrate::conversations_of_rows(conn, actor.user_id, &rows)?;
        let seq = streams::head(conn, actor.user_id)?;
        Ok(Json(Page {
            items,
            next_cursor: page.next_cursor,
            seq: Some(seq),
        }))
    })
    .await
}

async fn open_conversation(
    db: Data<Db>,
    actor: Actor,
    body: ValidJson<NewConversation>,
) -> AppResult<Created<Conversation>> {
    db.write(move |tx| service::open(tx, &actor, &body.0)).await
}

async fn get_conversation(
    db: Data<Db>,
    actor: Actor,
    id: Param<ConversationId>,
) -> AppResult<Json<Conversation>> {
    db.snapshot(move |conn| {
        let row = members::find_of(conn, actor.user_id, id.0)?.ok_or(ErrorCode::NotFound)?;
        Ok(Json(hydrate::conversation_of_row(conn, actor.user_id, &row)?))
    })
    .await
}

async fn list_messages(
    db: Data<Db>,
    actor: Actor,
    id: Param<ConversationId>,
    query: Query<MessagesQuery>,
) -> AppResult<Json<MessagePage>> {
    db.snapshot(move |conn| {
        let row = members::find_of(conn, actor.user_id, id.0)?.ok_or(ErrorCode::NotFound)?;
        let since = row.member.since_number();
        let items = page_of(conn, id.0, &query.0, since)?;
        let (has_more_before, has_more_after) = beyond(&items, &query.0, since, row.last_number());
        let lines = match between(&items, &query.0, since, (has_more_before, has_more_after)) {
            Some(span) if row.is_group() => lines::between(conn, id.0, span, row.member.since_seq())?,
            _ => Vec::new(),
        };
        Ok(Json(MessagePage {
            has_more_before,
            has_more_after,
            items,
            lines,
            last_number: row.last_number(),
            seq: row.last_seq(),
        }))
    })
    .await
}

/// Whether there are messages before and after a page. Numbers have no gap, so its ends tell; what has a number up to
/// `since` is not for the viewer.
fn beyond(items: &[Message], query: &MessagesQuery, since: u32, newest: u32) -> (bool, bool) {
    match (items.first(), items.last()) {
        (Some(first), Some(last)) => (first.number > since + 1, last.number < newest),
        _ if query.before.is_some() => (false, newest > since),
        _ => (newest > since, false),
    }
}

/// After which messages stands what is shown with a page: none, when the page is empty because nothing lies there.
fn between(
    items: &[Message],
    query: &MessagesQuery,
    since: u32,
    (before, after): (bool, bool),
) -> Option<(u32, u32)> {
    match (items.first(), items.last()) {
        (Some(first), Some(last)) => {
            let from = if before { first.number - 1 } else { since };
            Some((from, if after { last.number } else { u32::MAX }))
        }
        _ if query.before.or(query.after).or(query.around).is_some() => None,
        _ => Some((since, u32::MAX)),
    }
}

fn page_of(
    conn: &mut Conn,
    id: ConversationId,
    query: &MessagesQuery,
    since: u32,
) -> AppResult<Vec<Message>> {
    let size = i64::from(page_size(query.limit));
    if let Some(before) = query.before {
        return Ok(messages::before(conn, id, before, since, size)?);
    }
    if let Some(after) = query.after {
        return Ok(messages::after(conn, id, after.max(since), size)?);
    }
    if let Some(around) = query.around {
        // Half of the page before it; the rest itself and what follows.
        let mut items = messages::before(conn, id, around, since, size / 2)?;
        let rest = size - i64::try_from(items.len()).unwrap_or(size);
        items.extend(messages::after(
            conn,
            id,
            around.saturating_sub(1).max(since),
            rest,
        )?);
        return Ok(items);
    }
    Ok(messages::before(conn, id, u32::MAX, since, size)?)
}

async fn list_message_media(
    media: Data<Media>,
    actor: Actor,
    id: Param<ConversationId>,
    query: Query<MessageMediaQuery>,
) -> AppResult<Json<MessageMedia>> {
    let ids: Vec<i64> = query.0.list().into_iter().map(Id::get).collect();
    let rows = media
        .db
        .snapshot(move |conn| {
            members::find_of(conn, actor.user_id, id.0)?.ok_or(ErrorCode::NotFound)?;
            Ok(beside_messages::readable_in(conn, actor.user_id, id.0, &ids)?)
        })
        .await?;
    let now = clock::now();
    let show = |row| show(&media.signer, actor.session_id, now, row);
    Ok(Json(MessageMedia {
        items: rows.iter().map(show).collect(),
    }))
}

async fn send_message(
    db: Data<Db>,
    actor: Actor,
    id: Param<ConversationId>,
    body: ValidJson<NewMessage>,
) -> AppResult<Created<Message>> {
    db.write(move |tx| service::send(tx, &actor, id.0, &body.0)).await
}

async fn edit_message(
    db: Data<Db>,
    actor: Actor,
    id: Param<MessageId>,
    body: ValidJson<MessagePatch>,
) -> AppResult<Json<Message>> {
    db.write(move |tx| acts::edit(tx, &actor, id.0, &body.0))
        .await
        .map(Json)
}

async fn delete_message(db: Data<Db>, actor: Actor, id: Param<MessageId>) -> AppResult<Json<Message>> {
    db.write(move |tx| acts::delete(tx, &actor, id.0)).await.map(Json)
}

async fn add_reaction(
    db: Data<Db>,
    actor: Actor,
    id: Param<MessageId>,
    query: Query<WhichEmoji>,
) -> AppResult<Json<Message>> {
    db.write(move |tx| acts::react(tx, &actor, id.0, &query.0.emoji, true))
        .await
        .map(Json)
}

async fn remove_reaction(
    db: Data<Db>,
    actor: Actor,
    id: Param<MessageId>,
    query: Query<WhichEmoji>,
) -> AppResult<Json<Message>> {
    db.write(move |tx| acts::react(tx, &actor, id.0, &query.0.emoji, false))
        .await
        .map(Json)
}

async fn list_pins(db: Data<Db>, actor: Actor, id: Param<ConversationId>) -> AppResult<Json<Pins>> {
    db.snapshot(move |conn| {
        let row = members::find_of(conn, actor.user_id, id.0)?.ok_or(ErrorCode::NotFound)?;
        let items = pins::list(conn, id.0, row.member.since_number())?;
        Ok(Json(Pins::new(items, row.last_seq())))
    })
    .await
}

async fn pin_message(db: Data<Db>, actor: Actor, id: Param<MessageId>) -> AppResult<Json<Message>> {
    db.write(move |tx| acts::pin(tx, &actor, id.0, true))
        .await
        .map(Json)
}

async fn unpin_message(db: Data<Db>, actor: Actor, id: Param<MessageId>) -> AppResult<Json<Message>> {
    db.write(move |tx| acts::pin(tx, &actor, id.0, false))
        .await
        .map(Json)
}

async fn change_settings(
    db: Data<Db>,
    actor: Actor,
    id: Param<ConversationId>,
    body: ValidJson<ConversationSettingsPatch>,
) -> AppResult<Json<Conversation>> {
    db.write(move |tx| settings::change(tx, &actor, id.0, &body.0))
        .await
        .map(Json)
}

async fn accept_request(
    db: Data<Db>,
    actor: Actor,
    id: Param<ConversationId>,
) -> AppResult<Json<Conversation>> {
    db.write(move |tx| requests::accept(tx, &actor, id.0))
        .await
        .map(Json)
}

async fn decline_request(db: Data<Db>, actor: Actor, id: Param<ConversationId>) -> AppResult<NoContent> {
    db.write(move |tx| requests::decline(tx, &actor, id.0)).await?;
    Ok(NoContent)
}

async fn mark_read(
    db: Data<Db>,
    actor: Actor,
    id: Param<ConversationId>,
    body: ValidJson<NewReadPosition>,
) -> AppResult<Json<ReadState>> {
    db.write(move |tx| service::mark_read(tx, &actor, id.0, &body.0))
        .await
        .map(Json)
}
