//! Queries on the emoji that people put on messages.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use hearth_shared::conversations::{MessageReaction, REACTORS_MAX};
use hearth_shared::ids::{Id, MessageId, UserId};
use hearth_shared::time::Timestamp;

use crate::on_each;
use crate::platform::db::{Conn, dialect};
use crate::schema::message_reactions as reactions;

#[derive(QueryableByName)]
struct Reactor {
    #[diesel(sql_type = BigInt)]
    message_id: i64,
    #[diesel(sql_type = Text)]
    emoji: String,
    #[diesel(sql_type = BigInt)]
    user_id: i64,
    #[diesel(sql_type = BigInt)]
    total: i64,
}

/// What people felt about messages, by the message: each emoji with its count and those who gave it first, in the order
/// in which each was first given.
pub fn of_messages(conn: &mut Conn, ids: &[i64]) -> QueryResult<HashMap<i64, Vec<MessageReaction>>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let list = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
    // Numbers and nothing else are written into it.
    let statement = format!(
        "SELECT message_id, emoji, user_id, total FROM (
             SELECT message_id, emoji, user_id, created_at,
                 ROW_NUMBER() OVER given AS place,
                 COUNT(*) OVER (PARTITION BY message_id, emoji) AS total,
                 MIN(created_at) OVER (PARTITION BY message_id, emoji) AS first_at
             FROM message_reactions WHERE message_id IN ({list})
             WINDOW given AS (PARTITION BY message_id, emoji ORDER BY created_at, user_id)
         ) AS ranked
         WHERE place <= {REACTORS_MAX}
         ORDER BY message_id, first_at, emoji, place"
    );
    let rows: Vec<Reactor> = on_each!(conn, conn => diesel::sql_query(&statement).load(conn))?;
    let mut felt: HashMap<i64, Vec<MessageReaction>> = HashMap::new();
    for row in rows {
        let of_message = felt.entry(row.message_id).or_default();
        match of_message.last_mut().filter(|last| last.emoji == row.emoji) {
            Some(last) => last.user_ids.push(UserId::new(row.user_id)),
            None => of_message.push(MessageReaction {
                emoji: row.emoji,
                count: u32::try_from(row.total).unwrap_or(u32::MAX),
                user_ids: vec![UserId::new(row.user_id)],
            }),
        }
    }
    Ok(felt)
}

/// How many different emoji there are on a message besides one.
pub fn count_others(conn: &mut Conn, id: MessageId, emoji: &str) -> QueryResult<i64> {
    reactions::table
        .filter(reactions::message_id.eq(id.get()))
        .filter(reactions::emoji.ne(emoji))
        .select(diesel::dsl::count(reactions::emoji).aggregate_distinct())
        .first(conn)
}

/// Puts an emoji on a message; false when it is there.
pub fn add(conn: &mut Conn, id: MessageId, user: UserId, emoji: &str, now: Timestamp) -> QueryResult<bool> {
    dialect::insert_once(conn, |conn| {
        diesel::insert_into(reactions::table)
            .values((
                reactions::message_id.eq(id.get()),
                reactions::emoji.eq(emoji),
                reactions::user_id.eq(user.get()),
                reactions::created_at.eq(now.as_millis()),
            ))
            .execute(conn)
    })
}

/// Takes an emoji from a message; false when it was not there.
pub fn take(conn: &mut Conn, id: MessageId, user: UserId, emoji: &str) -> QueryResult<bool> {
    diesel::delete(reactions::table.find((id.get(), emoji, user.get())))
        .execute(conn)
        .map(|rows| rows > 0)
}

/// Takes all from a message.
pub fn clear(conn: &mut Conn, id: MessageId) -> QueryResult<()> {
    diesel::delete(reactions::table.filter(reactions::message_id.eq(id.get())))
        .execute(conn)
        .map(drop)
}

/// Some of the messages that a person put something on.
pub fn reacted_to(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<Vec<MessageId>> {
    let ids: Vec<i64> = reactions::table
        .filter(reactions::user_id.eq(user.get()))
        .order(reactions::message_id)
        .select(reactions::message_id)
        .distinct()
        .limit(limit)
        .load(conn)?;
    Ok(ids.into_iter().map(MessageId::new).collect())
}

/// Takes all of a person's from a message.
pub fn take_all(conn: &mut Conn, id: MessageId, user: UserId) -> QueryResult<()> {
    diesel::delete(
        reactions::table
            .filter(reactions::message_id.eq(id.get()))
            .filter(reactions::user_id.eq(user.get())),
    )
    .execute(conn)
    .map(drop)
}
