//! Queries on messages and on the events of conversations.

use std::collections::HashMap;

use diesel::prelude::*;
use hearth_shared::conversations::{Message, NewMessage};
use hearth_shared::ids::{ConversationId, Id, MessageId, UserId};
use hearth_shared::time::Timestamp;
use hearth_shared::valid::Valid;

use super::{ConversationRow, number};
use crate::features::posts::store::{comments::client_id, hash_request};
use crate::features::realtime::store::{column, position};
use crate::features::users::store::CardRow;
use crate::platform::db::{Conn, dialect};
use crate::schema::{conversation_events as events, messages, users};

/// The text form of the one kind of event that there is.
const MESSAGE_CREATED: &str = "message_created";

#[derive(Queryable, Selectable)]
#[diesel(table_name = messages)]
struct MessageRow {
    id: i64,
    conversation_id: i64,
    number: i64,
    seq: i64,
    client_id: String,
    body: String,
    created_at: i64,
}

fn message((row, sender): (MessageRow, CardRow)) -> QueryResult<Message> {
    Ok(Message {
        id: MessageId::new(row.id),
        conversation_id: ConversationId::new(row.conversation_id),
        number: number(row.number),
        seq: position(row.seq),
        client_id: client_id(row.client_id)?,
        sender: sender.into(),
        body: row.body,
        created_at: Timestamp::from_millis(row.created_at),
    })
}

/// The hash of a request for a message.
pub fn hash_message(conversation: ConversationId, new: &NewMessage) -> Vec<u8> {
    hash_request(&[&conversation.to_string(), &new.body])
}

/// The message that an earlier request with this `client_id` made, and the hash of that request.
pub fn find_by_client_id(
    conn: &mut Conn,
    sender: UserId,
    client_id: &str,
) -> QueryResult<Option<(MessageId, Vec<u8>)>> {
    let row: Option<(i64, Vec<u8>)> = messages::table
        .filter(messages::sender_id.eq(sender.get()))
        .filter(messages::client_id.eq(client_id))
        .select((messages::id, messages::request_hash))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, hash)| (MessageId::new(id), hash)))
}

/// Where a message stands.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// In which conversation.
    pub conversation: ConversationId,
    /// Its number there.
    pub number: u32,
    /// The position of its event.
    pub seq: u64,
}

/// Writes a message and its event; false when its `client_id` was used before.
pub fn insert(
    conn: &mut Conn,
    id: MessageId,
    place: Place,
    sender: UserId,
    new: &Valid<NewMessage>,
    now: Timestamp,
) -> QueryResult<bool> {
    let inserted = dialect::insert_once(conn, |conn| {
        diesel::insert_into(messages::table)
            .values((
                messages::id.eq(id.get()),
                messages::conversation_id.eq(place.conversation.get()),
                messages::number.eq(i64::from(place.number)),
                messages::seq.eq(column(place.seq)),
                messages::sender_id.eq(sender.get()),
                messages::client_id.eq(new.client_id.as_str()),
                messages::request_hash.eq(hash_message(place.conversation, new)),
                messages::body.eq(&new.body),
                messages::created_at.eq(now.as_millis()),
            ))
            .execute(conn)
    })?;
    if inserted {
        diesel::insert_into(events::table)
            .values((
                events::conversation_id.eq(place.conversation.get()),
                events::seq.eq(column(place.seq)),
                events::kind.eq(MESSAGE_CREATED),
                events::subject_id.eq(id.get()),
                events::created_at.eq(now.as_millis()),
            ))
            .execute(conn)?;
    }
    Ok(inserted)
}

/// When the newest message of a conversation was sent.
pub fn last_moment(conn: &mut Conn, row: &ConversationRow) -> QueryResult<Timestamp> {
    let Some(id) = row.last_message_id else {
        return Ok(Timestamp::from_millis(0));
    };
    messages::table
        .find(id)
        .select(messages::created_at)
        .first(conn)
        .map(Timestamp::from_millis)
}

/// Messages by id.
pub fn messages_of_ids(conn: &mut Conn, ids: &[i64]) -> QueryResult<HashMap<i64, Message>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(MessageRow, CardRow)> = messages::table
        .inner_join(users::table)
        .filter(messages::id.eq_any(ids))
        .select((MessageRow::as_select(), CardRow::as_select()))
        .load(conn)?;
    rows.into_iter()
        .map(|row| Ok((row.0.id, message(row)?)))
        .collect()
}

/// One message.
pub fn message_of_id(conn: &mut Conn, id: MessageId) -> QueryResult<Message> {
    messages_of_ids(conn, &[id.get()])?
        .remove(&id.get())
        .ok_or(diesel::result::Error::NotFound)
}

/// Messages with numbers above one, the lowest first.
pub fn after(conn: &mut Conn, id: ConversationId, after: u32, limit: i64) -> QueryResult<Vec<Message>> {
    let rows: Vec<(MessageRow, CardRow)> = messages::table
        .inner_join(users::table)
        .filter(messages::conversation_id.eq(id.get()))
        .filter(messages::number.gt(i64::from(after)))
        .order(messages::number)
        .limit(limit)
        .select((MessageRow::as_select(), CardRow::as_select()))
        .load(conn)?;
    rows.into_iter().map(message).collect()
}

/// Messages with numbers below one, the lowest first: the last of them.
pub fn before(conn: &mut Conn, id: ConversationId, before: u32, limit: i64) -> QueryResult<Vec<Message>> {
    let rows: Vec<(MessageRow, CardRow)> = messages::table
        .inner_join(users::table)
        .filter(messages::conversation_id.eq(id.get()))
        .filter(messages::number.lt(i64::from(before)))
        .order(messages::number.desc())
        .limit(limit)
        .select((MessageRow::as_select(), CardRow::as_select()))
        .load(conn)?;
    rows.into_iter().rev().map(message).collect()
}

/// Events of a conversation after a position: the position, and the message that each is about.
pub fn events_after(
    conn: &mut Conn,
    id: ConversationId,
    after: u64,
    limit: i64,
) -> QueryResult<Vec<(u64, i64)>> {
    let rows: Vec<(i64, i64)> = events::table
        .filter(events::conversation_id.eq(id.get()))
        .filter(events::seq.gt(column(after)))
        .order(events::seq)
        .limit(limit)
        .select((events::seq, events::subject_id))
        .load(conn)?;
    Ok(rows.into_iter().map(|(seq, id)| (position(seq), id)).collect())
}

/// The newest id given.
pub fn latest_id(conn: &mut Conn) -> QueryResult<Option<i64>> {
    messages::table.select(diesel::dsl::max(messages::id)).first(conn)
}
