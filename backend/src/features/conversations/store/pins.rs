//! Queries on messages that are pinned.

use diesel::prelude::*;
use hearth_shared::conversations::{Message, PINS_MAX};
use hearth_shared::ids::{ConversationId, Id, MessageId};
use hearth_shared::time::Timestamp;

use super::messages::{MessageRow, Row, hydrate};
use crate::features::users::store::CardRow;
use crate::platform::db::Conn;
use crate::schema::{messages, users};

/// What is pinned in a conversation, what was pinned last first, with numbers above one.
pub fn list(conn: &mut Conn, id: ConversationId, since: u32) -> QueryResult<Vec<Message>> {
    let rows: Vec<Row> = messages::table
        .inner_join(users::table)
        .filter(messages::conversation_id.eq(id.get()))
        .filter(messages::pinned_at.is_not_null())
        .filter(messages::number.gt(i64::from(since)))
        .order((messages::pinned_at.desc(), messages::id.desc()))
        .limit(i64::try_from(PINS_MAX).unwrap_or(i64::MAX))
        .select((MessageRow::as_select(), CardRow::as_select()))
        .load(conn)?;
    hydrate(conn, rows)
}

/// How many messages of a conversation with numbers above one are pinned.
pub fn count(conn: &mut Conn, id: ConversationId, since: u32) -> QueryResult<i64> {
    messages::table
        .filter(messages::conversation_id.eq(id.get()))
        .filter(messages::pinned_at.is_not_null())
        .filter(messages::number.gt(i64::from(since)))
        .count()
        .get_result(conn)
}

/// Pins a message, or takes its pin away; false when that is so already.
pub fn set(conn: &mut Conn, id: MessageId, pinned_at: Option<Timestamp>) -> QueryResult<bool> {
    let row = messages::table.find(id.get());
    let rows = match pinned_at {
        Some(at) => diesel::update(row.filter(messages::pinned_at.is_null()))
            .set(messages::pinned_at.eq(at.as_millis()))
            .execute(conn)?,
        None => diesel::update(row.filter(messages::pinned_at.is_not_null()))
            .set(messages::pinned_at.eq(None::<i64>))
            .execute(conn)?,
    };
    Ok(rows > 0)
}
