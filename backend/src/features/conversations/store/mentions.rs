//! Queries on who is named in messages of groups.

use std::collections::BTreeSet;

use diesel::prelude::*;
use hearth_shared::ids::{Id, MessageId, UserId};

use super::messages::Facts;
use crate::features::friends::store::blocks::hidden_from;
use crate::features::users::store_standing::active;
use crate::on_each;
use crate::platform::db::Conn;
use crate::platform::db::among::AmongIds;
use crate::schema::{conversation_members as members, message_mentions as mentions, users};

/// Whom a message names.
pub fn people_in(conn: &mut Conn, id: MessageId) -> QueryResult<BTreeSet<UserId>> {
    let ids: Vec<i64> = mentions::table
        .filter(mentions::message_id.eq(id.get()))
        .select(mentions::user_id)
        .load(conn)?;
    Ok(ids.into_iter().map(UserId::new).collect())
}

/// Makes a message name those of some names who are in its group, may see it, and exist for its sender: but not the sender.
/// Whom a name meant before it means on, whatever they are called now.
pub fn set(conn: &mut Conn, id: MessageId, facts: Facts, names: &BTreeSet<String>) -> QueryResult<()> {
    let of_message = || mentions::table.filter(mentions::message_id.eq(id.get()));
    diesel::delete(of_message().filter(mentions::name.ne_all(names))).execute(conn)?;
    if names.is_empty() {
        return Ok(());
    }
    let known: Vec<String> = of_message().select(mentions::name).load(conn)?;
    let new: Vec<&String> = names.iter().filter(|name| !known.contains(*name)).collect();
    let found: Vec<(String, i64)> = users::table
        .inner_join(members::table.on(members::user_id.eq(users::id)))
        .filter(users::username.eq_any(new))
        .filter(members::conversation_id.eq(facts.conversation.get()))
        .filter(members::since_number.lt(i64::from(facts.number)))
        .filter(active())
        .filter(users::id.ne(facts.sender.get()))
        .filter(users::id.ne_all(hidden_from(facts.sender)))
        .select((users::username, users::id))
        .load(conn)?;
    let rows: Vec<_> = found
        .iter()
        .map(|(name, user)| {
            (
                mentions::message_id.eq(id.get()),
                mentions::name.eq(name),
                mentions::user_id.eq(user),
                mentions::conversation_id.eq(facts.conversation.get()),
                mentions::number.eq(i64::from(facts.number)),
            )
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    on_each!(conn, conn => diesel::insert_into(mentions::table).values(&rows).execute(conn)).map(drop)
}

/// Some messages name nobody any more.
pub fn clear(conn: &mut Conn, ids: &[i64]) -> QueryResult<()> {
    diesel::delete(mentions::table.filter(mentions::message_id.among(ids)))
        .execute(conn)
        .map(drop)
}

/// Messages name a person no longer, whose account goes.
pub fn forget(conn: &mut Conn, user: UserId) -> QueryResult<()> {
    diesel::delete(mentions::table.filter(mentions::user_id.eq(user.get())))
        .execute(conn)
        .map(drop)
}
