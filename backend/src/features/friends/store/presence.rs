//! Who sees of whom that they are here: friends who both show it. Who does not show it does not see it either.

use std::collections::HashSet;

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use hearth_shared::ids::{Id, UserId};

use crate::features::privacy::store::YES;
use crate::platform::db::Conn;
use crate::platform::db::among::AmongIds;
use crate::schema::{friendships, privacy_settings};

/// Whether a person shows that they are here.
pub fn shows(conn: &mut Conn, user: UserId) -> QueryResult<bool> {
    let shows: Option<i64> = privacy_settings::table
        .find(user.get())
        .select(privacy_settings::show_online)
        .first(conn)
        .optional()?;
    Ok(shows.is_none_or(|shows| shows == YES))
}

/// Those friends of a person who show that they are here, whatever the person does.
pub fn friends_who_show(conn: &mut Conn, user: UserId) -> QueryResult<Vec<i64>> {
    let hides = privacy_settings::table
        .filter(privacy_settings::user_id.eq(friendships::friend_id))
        .filter(privacy_settings::show_online.ne(YES));
    friendships::table
        .filter(friendships::user_id.eq(user.get()))
        .filter(not(exists(hides)))
        .select(friendships::friend_id)
        .load(conn)
}

/// The friends who see that a person is here, and whom the person sees.
pub fn seen_by(conn: &mut Conn, user: UserId) -> QueryResult<Vec<i64>> {
    if shows(conn, user)? {
        friends_who_show(conn, user)
    } else {
        Ok(Vec::new())
    }
}

/// Those of some friends of a person of whom the person sees whether they are here.
pub fn seen_among(conn: &mut Conn, user: UserId, friends: &[i64]) -> QueryResult<HashSet<i64>> {
    if !shows(conn, user)? {
        return Ok(HashSet::new());
    }
    let hiding = hiding_among(conn, friends)?;
    Ok(friends
        .iter()
        .copied()
        .filter(|id| !hiding.contains(id))
        .collect())
}

/// Those of some people who do not show that they are here.
pub fn hiding_among<'a>(
    conn: &mut Conn,
    people: impl IntoIterator<Item = &'a i64>,
) -> QueryResult<HashSet<i64>> {
    let hiding: Vec<i64> = privacy_settings::table
        .filter(privacy_settings::user_id.among(people))
        .filter(privacy_settings::show_online.ne(YES))
        .select(privacy_settings::user_id)
        .load(conn)?;
    Ok(hiding.into_iter().collect())
}
