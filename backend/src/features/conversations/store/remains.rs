//! Queries that remove what is left of a group that has ended, little by little.

use diesel::prelude::*;
use hearth_shared::ids::{ConversationId, Id};
use hearth_shared::time::Timestamp;

use crate::features::media::store::beside_messages;
use crate::platform::db::Conn;
use crate::platform::db::among::AmongIds;
use crate::schema::{conversation_events as events, conversations, message_reactions, messages};

/// Removes some of it; false when nothing is left. Answers go before what they answer: the latest first.
pub fn remove_some(conn: &mut Conn, id: ConversationId, limit: i64, now: Timestamp) -> QueryResult<bool> {
    let said: Vec<i64> = messages::table
        .filter(messages::conversation_id.eq(id.get()))
        .order(messages::number.desc())
        .limit(limit)
        .select(messages::id)
        .load(conn)?;
    if !said.is_empty() {
        beside_messages::detach(conn, &said, now)?;
        diesel::delete(message_reactions::table.filter(message_reactions::message_id.among(&said)))
            .execute(conn)?;
        diesel::delete(messages::table.filter(messages::id.among(&said))).execute(conn)?;
        return Ok(true);
    }
    let of_it = || events::table.filter(events::conversation_id.eq(id.get()));
    let last: Option<i64> = of_it().select(diesel::dsl::max(events::seq)).first(conn)?;
    if let Some(last) = last {
        diesel::delete(of_it().filter(events::seq.gt(last - limit))).execute(conn)?;
        return Ok(true);
    }
    diesel::delete(conversations::table.find(id.get())).execute(conn)?;
    Ok(false)
}
