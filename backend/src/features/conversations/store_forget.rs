//! Queries for taking the words out of what somebody said.

use diesel::prelude::*;
use hearth_shared::ids::{Id, UserId};

use crate::platform::db::Conn;
use crate::schema::{conversation_members as members, messages};

/// Takes the words out of some of a person's messages. Gives who else is in their conversations; `None` when
/// there was nothing to do.
pub fn wipe(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<Option<Vec<UserId>>> {
    let rows: Vec<(i64, i64)> = messages::table
        .filter(messages::sender_id.eq(user.get()))
        .filter(messages::body.ne(""))
        .limit(limit)
        .select((messages::id, messages::conversation_id))
        .load(conn)?;
    if rows.is_empty() {
        return Ok(None);
    }
    let (ids, mut talks): (Vec<i64>, Vec<i64>) = rows.into_iter().unzip();
    talks.sort_unstable();
    talks.dedup();
    // The hash is of the words: a short text could be guessed from it.
    diesel::update(messages::table.filter(messages::id.eq_any(ids)))
        .set((messages::body.eq(""), messages::request_hash.eq(Vec::new())))
        .execute(conn)?;
    let others: Vec<i64> = members::table
        .filter(members::conversation_id.eq_any(talks))
        .filter(members::user_id.ne(user.get()))
        .select(members::user_id)
        .distinct()
        .load(conn)?;
    Ok(Some(others.into_iter().map(UserId::new).collect()))
}
