//! Queries for taking the words out of what somebody said, and away what they felt.

use diesel::prelude::*;
use hearth_shared::ids::{Id, UserId};
use hearth_shared::time::Timestamp;

use crate::platform::db::Conn;
use crate::schema::{conversation_members as members, message_reactions, messages};

/// Takes the words out of some of a person's messages. Gives who else is in their conversations; `None` when
/// there was nothing to do.
pub fn wipe(conn: &mut Conn, user: UserId, limit: i64, now: Timestamp) -> QueryResult<Option<Vec<UserId>>> {
    let rows: Vec<(i64, i64)> = messages::table
        .filter(messages::sender_id.eq(user.get()))
        .filter(messages::body.ne(""))
        .limit(limit)
        .select((messages::id, messages::conversation_id))
        .load(conn)?;
    if rows.is_empty() {
        return Ok(None);
    }
    let (ids, talks): (Vec<i64>, Vec<i64>) = rows.into_iter().unzip();
    diesel::delete(message_reactions::table.filter(message_reactions::message_id.eq_any(&ids)))
        .execute(conn)?;
    // The hash is of the words: a short text could be guessed from it.
    diesel::update(messages::table.filter(messages::id.eq_any(ids)))
        .set((
            messages::body.eq(""),
            messages::request_hash.eq(Vec::new()),
            messages::deleted_at.eq(now.as_millis()),
        ))
        .execute(conn)?;
    others_in(conn, user, talks).map(Some)
}

/// Takes some of what a person put on messages. Gives who else is in those conversations; `None` when there was nothing
/// to do.
pub fn take_reactions(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<Option<Vec<UserId>>> {
    let rows: Vec<(i64, i64)> = message_reactions::table
        .inner_join(messages::table)
        .filter(message_reactions::user_id.eq(user.get()))
        .order(message_reactions::message_id)
        .limit(limit)
        .select((messages::id, messages::conversation_id))
        .load(conn)?;
    if rows.is_empty() {
        return Ok(None);
    }
    let (ids, talks): (Vec<i64>, Vec<i64>) = rows.into_iter().unzip();
    let own = message_reactions::table.filter(message_reactions::user_id.eq(user.get()));
    diesel::delete(own.filter(message_reactions::message_id.eq_any(ids))).execute(conn)?;
    others_in(conn, user, talks).map(Some)
}

/// Who else is in some conversations.
fn others_in(conn: &mut Conn, user: UserId, mut talks: Vec<i64>) -> QueryResult<Vec<UserId>> {
    talks.sort_unstable();
    talks.dedup();
    let others: Vec<i64> = members::table
        .filter(members::conversation_id.eq_any(talks))
        .filter(members::user_id.ne(user.get()))
        .select(members::user_id)
        .distinct()
        .load(conn)?;
    Ok(others.into_iter().map(UserId::new).collect())
}
