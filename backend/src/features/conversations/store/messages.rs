//! Queries on messages.

use std::collections::HashMap;

use diesel::prelude::*;
use hearth_shared::conversations::{Attachment, Message, NewMessage, Quote, excerpt};
use hearth_shared::ids::{ConversationId, Id, MessageId, UserId};
use hearth_shared::time::Timestamp;
use hearth_shared::valid::Valid;

use super::events::{self, Change};
use super::{ConversationRow, mentions, number, reactions};
use crate::features::media::store::{beside_messages, kind};
use crate::features::posts::store::{comments::client_id, hash_request};
use crate::features::realtime::store::{column, position};
use crate::features::users::store::CardRow;
use crate::platform::db::among::AmongIds;
use crate::platform::db::{Conn, dialect};
use crate::schema::{messages, users};

#[derive(Queryable, Selectable)]
#[diesel(table_name = messages)]
pub(super) struct MessageRow {
    id: i64,
    conversation_id: i64,
    number: i64,
    seq: i64,
    client_id: String,
    body: String,
    reply_to_id: Option<i64>,
    created_at: i64,
    edited_at: Option<i64>,
    deleted_at: Option<i64>,
    pinned_at: Option<i64>,
}

pub(super) type Row = (MessageRow, CardRow);

/// Messages of rows, in their order: with what they quote, what stands beside them and what people felt, in four more
/// queries however many.
pub(super) fn hydrate(conn: &mut Conn, rows: Vec<Row>) -> QueryResult<Vec<Message>> {
    let ids: Vec<i64> = rows.iter().map(|(row, _)| row.id).collect();
    let quoted: Vec<i64> = rows.iter().filter_map(|(row, _)| row.reply_to_id).collect();
    let quotes = quotes(conn, &quoted)?;
    let mut felt = reactions::of_messages(conn, &ids)?;
    let mut beside = beside_messages::of_messages(conn, &ids)?;
    rows.into_iter()
        .map(|(row, sender)| {
            Ok(Message {
                id: MessageId::new(row.id),
                conversation_id: ConversationId::new(row.conversation_id),
                number: number(row.number),
                seq: position(row.seq),
                client_id: client_id(row.client_id)?,
                sender: sender.into(),
                body: row.body,
                attachments: beside
                    .remove(&row.id)
                    .map(|rows| rows.iter().map(Attachment::from).collect())
                    .unwrap_or_default(),
                reply_to: row.reply_to_id.and_then(|id| quotes.get(&id).cloned()),
                reactions: felt.remove(&row.id).unwrap_or_default(),
                created_at: Timestamp::from_millis(row.created_at),
                edited_at: row.edited_at.map(Timestamp::from_millis),
                deleted_at: row.deleted_at.map(Timestamp::from_millis),
                pinned_at: row.pinned_at.map(Timestamp::from_millis),
            })
        })
        .collect()
}

fn quotes(conn: &mut Conn, ids: &[i64]) -> QueryResult<HashMap<i64, Quote>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(i64, i64, i64, String, CardRow)> = messages::table
        .inner_join(users::table)
        .filter(messages::id.among(ids))
        .select((
            messages::id,
            messages::number,
            messages::seq,
            messages::body,
            CardRow::as_select(),
        ))
        .load(conn)?;
    let kinds = beside_messages::first_kinds(conn, ids)?;
    let quote = |(id, at, seq, body, sender): (i64, i64, i64, String, CardRow)| {
        let quote = Quote {
            id: MessageId::new(id),
            number: number(at),
            seq: position(seq),
            sender: sender.into(),
            excerpt: excerpt(&body),
            attached: kinds.get(&id).map(|name| kind(name)),
        };
        (id, quote)
    };
    Ok(rows.into_iter().map(quote).collect())
}

/// The hash of a request for a message.
pub fn hash_message(conversation: ConversationId, new: &NewMessage) -> Vec<u8> {
    let reply = new.reply_to_id.map(|id| id.to_string());
    let mut parts = vec![conversation.to_string(), new.body.clone()];
    // A request that answers nothing, and brings nothing, has the hash that it had before one could.
    parts.extend(reply);
    let beside = new.media_ids.iter().map(|id| format!("media {id}"));
    parts.extend(beside);
    hash_request(&parts.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The message that an earlier request with this `client_id` made, in which conversation, and the hash of that request:
/// none when its words have gone since.
pub fn find_by_client_id(
    conn: &mut Conn,
    sender: UserId,
    client_id: &str,
) -> QueryResult<Option<(MessageId, ConversationId, Vec<u8>)>> {
    let row: Option<(i64, i64, Vec<u8>)> = messages::table
        .filter(messages::sender_id.eq(sender.get()))
        .filter(messages::client_id.eq(client_id))
        .select((messages::id, messages::conversation_id, messages::request_hash))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, conversation, hash)| (MessageId::new(id), ConversationId::new(conversation), hash)))
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
                messages::reply_to_id.eq(new.reply_to_id.map(Id::get)),
                messages::created_at.eq(now.as_millis()),
            ))
            .execute(conn)
    })?;
    if inserted {
        events::insert(conn, place.conversation, place.seq, Change::Created, id, now)?;
    }
    Ok(inserted)
}

/// Where a message stands, and whose it is.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// In which conversation.
    pub conversation: ConversationId,
    /// Its number there.
    pub number: u32,
    /// Who wrote it.
    pub sender: UserId,
    /// It was removed.
    pub removed: bool,
}

/// What rules need to know of a message.
pub fn facts(conn: &mut Conn, id: MessageId) -> QueryResult<Option<Facts>> {
    let row: Option<(i64, i64, i64, Option<i64>)> = messages::table
        .find(id.get())
        .select((
            messages::conversation_id,
            messages::number,
            messages::sender_id,
            messages::deleted_at,
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(conversation, at, sender, deleted_at)| Facts {
        conversation: ConversationId::new(conversation),
        number: number(at),
        sender: UserId::new(sender),
        removed: deleted_at.is_some(),
    }))
}

/// What a message says.
pub fn body_of(conn: &mut Conn, id: MessageId) -> QueryResult<String> {
    messages::table.find(id.get()).select(messages::body).first(conn)
}

/// A message says something else from now on. The hash of what it said goes, as in [`remove`].
pub fn rewrite(conn: &mut Conn, id: MessageId, body: &str, now: Timestamp) -> QueryResult<()> {
    diesel::update(messages::table.find(id.get()))
        .set((
            messages::body.eq(body),
            messages::request_hash.eq(Vec::new()),
            messages::edited_at.eq(now.as_millis()),
        ))
        .execute(conn)
        .map(drop)
}

/// A message loses its words, whom it named, what stood beside it and what people felt about it. The hash goes too, because a short text could be guessed
/// from it: that the request comes again is told by its `client_id` alone.
pub fn remove(conn: &mut Conn, id: MessageId, now: Timestamp) -> QueryResult<()> {
    reactions::clear(conn, id)?;
    mentions::clear(conn, &[id.get()])?;
    beside_messages::detach(conn, &[id.get()], now)?;
    diesel::update(messages::table.find(id.get()))
        .set((
            messages::body.eq(""),
            messages::request_hash.eq(Vec::new()),
            messages::deleted_at.eq(now.as_millis()),
            messages::pinned_at.eq(None::<i64>),
        ))
        .execute(conn)
        .map(drop)
}

/// Something has happened to a message: it gets the next position of its conversation. Gives that.
pub fn changed(
    conn: &mut Conn,
    conversation: ConversationId,
    id: MessageId,
    now: Timestamp,
) -> QueryResult<u64> {
    let seq = position(dialect::advance_conversation(conn, conversation.get())?);
    events::insert(conn, conversation, seq, Change::Changed, id, now)?;
    diesel::update(messages::table.find(id.get()))
        .set(messages::seq.eq(column(seq)))
        .execute(conn)?;
    Ok(seq)
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
    let rows: Vec<Row> = messages::table
        .inner_join(users::table)
        .filter(messages::id.among(ids))
        .select((MessageRow::as_select(), CardRow::as_select()))
        .load(conn)?;
    let messages = hydrate(conn, rows)?.into_iter();
    Ok(messages.map(|message| (message.id.get(), message)).collect())
}

/// One message.
pub fn message_of_id(conn: &mut Conn, id: MessageId) -> QueryResult<Message> {
    messages_of_ids(conn, &[id.get()])?
        .remove(&id.get())
        .ok_or(diesel::result::Error::NotFound)
}

/// Messages with numbers above one, the lowest first.
pub fn after(conn: &mut Conn, id: ConversationId, after: u32, limit: i64) -> QueryResult<Vec<Message>> {
    let rows: Vec<Row> = messages::table
        .inner_join(users::table)
        .filter(messages::conversation_id.eq(id.get()))
        .filter(messages::number.gt(i64::from(after)))
        .order(messages::number)
        .limit(limit)
        .select((MessageRow::as_select(), CardRow::as_select()))
        .load(conn)?;
    hydrate(conn, rows)
}

/// Messages with numbers below one and above another, the lowest first: the last of them.
pub fn before(
    conn: &mut Conn,
    id: ConversationId,
    before: u32,
    since: u32,
    limit: i64,
) -> QueryResult<Vec<Message>> {
    let mut rows: Vec<Row> = messages::table
        .inner_join(users::table)
        .filter(messages::conversation_id.eq(id.get()))
        .filter(messages::number.lt(i64::from(before)))
        .filter(messages::number.gt(i64::from(since)))
        .order(messages::number.desc())
        .limit(limit)
        .select((MessageRow::as_select(), CardRow::as_select()))
        .load(conn)?;
    rows.reverse();
    hydrate(conn, rows)
}

/// The number of the last message that answers each of some messages, where there is one.
pub fn last_answers(conn: &mut Conn, ids: &[i64]) -> QueryResult<HashMap<i64, u32>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Option<i64>, Option<i64>)> = messages::table
        .filter(messages::reply_to_id.assume_not_null().among(ids))
        .group_by(messages::reply_to_id)
        .select((messages::reply_to_id, diesel::dsl::max(messages::number)))
        .load(conn)?;
    let rows = rows.into_iter();
    Ok(rows
        .filter_map(|(quoted, last)| Some((quoted?, number(last?))))
        .collect())
}

/// The newest id given.
pub fn latest_id(conn: &mut Conn) -> QueryResult<Option<i64>> {
    messages::table.select(diesel::dsl::max(messages::id)).first(conn)
}
