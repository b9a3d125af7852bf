//! Queries on what stands beside messages.

use std::collections::HashMap;

use diesel::dsl::{auto_type, exists, not};
use diesel::prelude::*;
use hearth_shared::ids::{ConversationId, Id, MediaId, MessageId, UserId};
use hearth_shared::time::Timestamp;

use super::{MediaRow, Purpose};
use crate::features::users::store_standing::active;
use crate::on_each;
use crate::platform::db::among::AmongIds;
use crate::platform::db::{Conn, dialect};
use crate::schema::{conversation_members as members, media, message_media, messages, post_media, users};

/// What stands beside some messages, of each in its order.
pub fn of_messages(conn: &mut Conn, messages: &[i64]) -> QueryResult<HashMap<i64, Vec<MediaRow>>> {
    let rows: Vec<(i64, MediaRow)> = message_media::table
        .inner_join(media::table)
        .filter(message_media::message_id.among(messages))
        .order((message_media::message_id, message_media::position))
        .select((message_media::message_id, MediaRow::as_select()))
        .load(conn)?;
    let mut beside: HashMap<i64, Vec<MediaRow>> = HashMap::new();
    for (message, row) in rows {
        beside.entry(message).or_default().push(row);
    }
    Ok(beside)
}

/// What the first thing beside some messages is, as the database has it.
pub fn first_kinds(conn: &mut Conn, messages: &[i64]) -> QueryResult<HashMap<i64, String>> {
    let rows: Vec<(i64, String)> = message_media::table
        .inner_join(media::table)
        .filter(message_media::message_id.among(messages))
        .order((message_media::message_id, message_media::position.desc()))
        .select((message_media::message_id, media::kind))
        .load(conn)?;
    // Of several the last one stays.
    Ok(rows.into_iter().collect())
}

/// The message that something stands beside, and its conversation.
pub fn message_of(conn: &mut Conn, id: MediaId) -> QueryResult<Option<(MessageId, ConversationId)>> {
    let row: Option<(i64, i64)> = message_media::table
        .inner_join(messages::table)
        .filter(message_media::media_id.eq(id.get()))
        .select((messages::id, messages::conversation_id))
        .first(conn)
        .optional()?;
    Ok(row.map(|(message, conversation)| (MessageId::new(message), ConversationId::new(conversation))))
}

/// The messages that some stand beside.
pub fn messages_of(conn: &mut Conn, ids: &[i64]) -> QueryResult<HashMap<i64, i64>> {
    let rows: Vec<(i64, i64)> = message_media::table
        .filter(message_media::media_id.among(ids))
        .select((message_media::media_id, message_media::message_id))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Those of some ids that a person has uploaded, and that stand nowhere yet. Locked: nobody attaches them elsewhere,
/// removes them or clears them away in this moment.
pub fn offered(conn: &mut Conn, owner: UserId, ids: &[i64]) -> QueryResult<Vec<MediaRow>> {
    let of_post = post_media::table.filter(post_media::media_id.eq(media::id));
    let of_message = message_media::table.filter(message_media::media_id.eq(media::id));
    dialect::lock_media(conn, ids)?;
    media::table
        .filter(media::id.among(ids))
        .filter(media::owner_id.eq(owner.get()))
        .filter(media::purpose.eq(Purpose::Upload.as_str()))
        .filter(not(exists(of_post)))
        .filter(not(exists(of_message)))
        .select(MediaRow::as_select())
        .load(conn)
}

/// Makes these what stands beside a new message, in this order.
pub fn attach(conn: &mut Conn, message: MessageId, ids: &[i64], now: Timestamp) -> QueryResult<()> {
    let rows: Vec<_> = (0_i64..)
        .zip(ids)
        .map(|(position, id)| {
            (
                message_media::message_id.eq(message.get()),
                message_media::position.eq(position),
                message_media::media_id.eq(*id),
            )
        })
        .collect();
    let conn_of_both = &mut *conn;
    on_each!(conn_of_both, inner => diesel::insert_into(message_media::table).values(&rows).execute(inner))?;
    diesel::update(media::table.filter(media::id.among(ids)))
        .set((
            media::attached_at.eq(now.as_millis()),
            media::detached_at.eq(None::<i64>),
        ))
        .execute(conn)
        .map(drop)
}

/// What stands beside some messages belongs to nothing from now on, and is cleared away after a day.
pub fn detach(conn: &mut Conn, messages: &[i64], now: Timestamp) -> QueryResult<()> {
    let ids: Vec<i64> = message_media::table
        .filter(message_media::message_id.among(messages))
        .select(message_media::media_id)
        .load(conn)?;
    if ids.is_empty() {
        return Ok(());
    }
    diesel::delete(message_media::table.filter(message_media::message_id.among(messages))).execute(conn)?;
    diesel::update(media::table.filter(media::id.among(&ids)))
        .set((
            media::attached_at.eq(None::<i64>),
            media::detached_at.eq(now.as_millis()),
        ))
        .execute(conn)
        .map(drop)
}

/// Whether something stands beside a message.
pub fn has_any(conn: &mut Conn, message: MessageId) -> QueryResult<bool> {
    diesel::select(exists(
        message_media::table.filter(message_media::message_id.eq(message.get())),
    ))
    .get_result(conn)
}

/// Whether a message is there, and a person may read it: they are in its conversation, and it is none of before they came.
#[auto_type]
fn readable(viewer: UserId) -> _ {
    let viewer: i64 = viewer.get();
    let member = members::table
        .filter(members::conversation_id.eq(messages::conversation_id))
        .filter(members::user_id.eq(viewer))
        .filter(members::since_number.lt(messages::number));
    messages::deleted_at.is_null().and(exists(member))
}

/// Whether a person may see what stands beside a message.
pub fn can_read(conn: &mut Conn, viewer: UserId, message: MessageId) -> QueryResult<bool> {
    diesel::select(exists(
        messages::table
            .filter(messages::id.eq(message.get()))
            .filter(readable(viewer)),
    ))
    .get_result(conn)
}

/// Those of some ids that stand beside messages of a conversation which a person may read, and whose owner is there.
pub fn readable_in(
    conn: &mut Conn,
    viewer: UserId,
    conversation: ConversationId,
    ids: &[i64],
) -> QueryResult<Vec<MediaRow>> {
    message_media::table
        .inner_join(messages::table)
        .inner_join(media::table.inner_join(users::table.on(users::id.eq(media::owner_id))))
        .filter(message_media::media_id.among(ids))
        .filter(messages::conversation_id.eq(conversation.get()))
        .filter(readable(viewer))
        .filter(active())
        .select(MediaRow::as_select())
        .load(conn)
}
