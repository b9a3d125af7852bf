//! Queries on people whom one may know.

use std::collections::{HashMap, HashSet};

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use hearth_shared::ids::{Id, UserId};

use super::blocks::hidden_from;
use crate::features::privacy;
use crate::features::users::store_standing::active;
use crate::platform::db::among::AmongIds;
use crate::platform::db::{Conn, dialect};
use crate::schema::{friend_requests, friendships, hidden_suggestions, privacy_settings, users};

/// Those of some people, who are no friends of the viewer, that may be suggested. `mutual` says how many friends
/// each shares with the viewer.
pub fn suggestable(
    conn: &mut Conn,
    viewer: UserId,
    ids: &[i64],
    mutual: impl Fn(i64) -> u32,
) -> QueryResult<HashSet<i64>> {
    let me = viewer.get();
    let unwanted = hidden_suggestions::table
        .filter(hidden_suggestions::user_id.eq(me))
        .select(hidden_suggestions::other_id);
    let asked = friend_requests::table
        .filter(friend_requests::from_id.eq(me))
        .select(friend_requests::to_id);
    let asking = friend_requests::table
        .filter(friend_requests::to_id.eq(me))
        .select(friend_requests::from_id);
    let open: Vec<i64> = users::table
        .filter(users::id.among(ids))
        .filter(users::id.ne(me))
        .filter(users::id.ne_all(hidden_from(viewer)))
        .filter(users::id.ne_all(unwanted))
        .filter(users::id.ne_all(asked))
        .filter(users::id.ne_all(asking))
        .filter(active())
        .select(users::id)
        .load(conn)?;
    let settings = privacy::store::changed_among(conn, &open)?;
    let reached = |id: &i64| {
        let reaches = |reach| privacy::service::reaches(reach, mutual(*id));
        settings
            .get(id)
            .is_none_or(|theirs| reaches(theirs.findable) && reaches(theirs.friend_requests))
    };
    Ok(open.into_iter().filter(reached).collect())
}

/// The newest people below an id.
pub fn newest(conn: &mut Conn, below: i64, limit: i64) -> QueryResult<Vec<i64>> {
    users::table
        .filter(users::id.lt(below))
        .filter(active())
        .order(users::id.desc())
        .limit(limit)
        .select(users::id)
        .load(conn)
}

/// Friends that the viewer shares with each of some people, `most` for each, but for those who show their list
/// of friends to nobody.
pub fn named_friends(
    conn: &mut Conn,
    viewer: UserId,
    ids: &[i64],
    most: usize,
) -> QueryResult<HashMap<i64, Vec<i64>>> {
    let (mine, theirs) = diesel::alias!(friendships as mine, friendships as theirs);
    let secret = privacy_settings::table
        .filter(privacy_settings::user_id.eq(mine.field(friendships::friend_id)))
        .filter(privacy_settings::friend_list.eq(privacy::store::ONLY_ME));
    let here = users::table
        .filter(users::id.eq(mine.field(friendships::friend_id)))
        .filter(active());
    let rows: Vec<(i64, i64)> = mine
        .inner_join(
            theirs.on(theirs
                .field(friendships::friend_id)
                .eq(mine.field(friendships::friend_id))),
        )
        .filter(mine.field(friendships::user_id).eq(viewer.get()))
        .filter(theirs.field(friendships::user_id).among(ids))
        .filter(not(exists(secret)))
        .filter(exists(here))
        .order(mine.field(friendships::friend_id))
        .select((
            theirs.field(friendships::user_id),
            mine.field(friendships::friend_id),
        ))
        .load(conn)?;
    let mut named: HashMap<i64, Vec<i64>> = HashMap::new();
    for (person, friend) in rows {
        let friends = named.entry(person).or_default();
        if friends.len() < most {
            friends.push(friend);
        }
    }
    Ok(named)
}

/// Never suggests a person again.
pub fn hide(conn: &mut Conn, viewer: UserId, other: UserId) -> QueryResult<bool> {
    dialect::insert_once(conn, |conn| {
        diesel::insert_into(hidden_suggestions::table)
            .values((
                hidden_suggestions::user_id.eq(viewer.get()),
                hidden_suggestions::other_id.eq(other.get()),
            ))
            .execute(conn)
    })
}

/// Removes some of what was hidden by and of a person; gives how many rows went.
pub fn delete_some(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<usize> {
    let by: Vec<i64> = hidden_suggestions::table
        .filter(hidden_suggestions::user_id.eq(user.get()))
        .limit(limit)
        .select(hidden_suggestions::other_id)
        .load(conn)?;
    let of: Vec<i64> = hidden_suggestions::table
        .filter(hidden_suggestions::other_id.eq(user.get()))
        .limit(limit)
        .select(hidden_suggestions::user_id)
        .load(conn)?;
    let by = hidden_suggestions::user_id
        .eq(user.get())
        .and(hidden_suggestions::other_id.eq_any(by));
    let of = hidden_suggestions::other_id
        .eq(user.get())
        .and(hidden_suggestions::user_id.eq_any(of));
    diesel::delete(hidden_suggestions::table.filter(by.or(of))).execute(conn)
}
