//! Whom somebody is near to: their friends, and the friends of these.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use hearth_shared::ids::{Id, UserId};

use super::friend_ids;
use crate::platform::db::Conn;
use crate::schema::friendships;

/// Friendships of friends that are looked at. Somebody with more of them gets suggestions from a part.
const LOOKED_AT_MAX: i64 = 200_000;

/// People near to somebody. Whether these exist for them is another question.
pub struct Circle {
    /// Their friends.
    pub friends: HashSet<i64>,
    /// How many friends they share with each friend of their friends. Friends can be among these.
    pub mutual: HashMap<i64, u32>,
}

impl Circle {
    /// Reads it. One walk over the friendships of all friends costs less than asking for each person of a long
    /// list.
    pub fn of(conn: &mut Conn, user: UserId) -> QueryResult<Self> {
        let friends: HashSet<i64> = friend_ids(conn, user)?.into_iter().collect();
        let (mine, theirs) = diesel::alias!(friendships as mine, friendships as theirs);
        let rows: Vec<i64> = mine
            .inner_join(
                theirs.on(theirs
                    .field(friendships::user_id)
                    .eq(mine.field(friendships::friend_id))),
            )
            .filter(mine.field(friendships::user_id).eq(user.get()))
            .limit(LOOKED_AT_MAX)
            .select(theirs.field(friendships::friend_id))
            .load(conn)?;
        let mut mutual: HashMap<i64, u32> = HashMap::with_capacity(rows.len());
        for id in rows {
            *mutual.entry(id).or_default() += 1;
        }
        mutual.remove(&user.get());
        Ok(Self { friends, mutual })
    }

    /// Friends that both have.
    pub fn shared_with(&self, id: i64) -> u32 {
        self.mutual.get(&id).copied().unwrap_or(0)
    }
}
