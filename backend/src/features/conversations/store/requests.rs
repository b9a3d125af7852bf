//! Queries on conversations of two who are no friends.

use std::collections::HashSet;

use diesel::prelude::*;
use hearth_shared::ids::{ConversationId, Id, UserId};
use hearth_shared::time::Timestamp;

use super::ConversationRow;
use crate::features::{friends, users};
use crate::platform::db::Conn;
use crate::schema::{conversation_members, conversations};

/// What a conversation of two is, besides one of friends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    /// One asks. So do both while nothing was said: it is the request of whoever writes first.
    Asks,
    /// One is asked.
    IsAsked,
    /// It was accepted.
    Accepted,
}

impl ConversationRow {
    /// What one of the two has to do with its request, when there is one.
    pub fn request(&self, me: UserId) -> Option<Request> {
        let by = self.requested_by?;
        Some(match self.accepted_at {
            Some(_) => Request::Accepted,
            None if by == me.get() || self.last_number == 0 => Request::Asks,
            None => Request::IsAsked,
        })
    }

    /// Who asks, while nobody has answered.
    pub fn asking(&self) -> Option<UserId> {
        let open = self.accepted_at.is_none();
        self.requested_by.filter(|_| open).map(UserId::new)
    }

    /// Whether it was ever a request, answered or not, and has not ended since.
    pub fn is_requested(&self) -> bool {
        self.requested_by.is_some()
    }
}

/// Somebody opens one in which nothing was said. The other one may have done so before, and neither is to see that of the
/// other: for each it begins when they open it.
pub fn open(conn: &mut Conn, id: ConversationId, by: UserId, now: Timestamp) -> QueryResult<()> {
    diesel::update(conversations::table.find(id.get()))
        .set(conversations::requested_by.eq(by.get()))
        .execute(conn)?;
    diesel::update(conversation_members::table.find((id.get(), by.get())))
        .set(conversation_members::joined_at.eq(now.as_millis()))
        .execute(conn)
        .map(drop)
}

/// Somebody asks with the first message. It begins now, however long ago it was opened.
pub fn ask(conn: &mut Conn, id: ConversationId, by: UserId, now: Timestamp) -> QueryResult<()> {
    diesel::update(conversations::table.find(id.get()))
        .set((
            conversations::requested_by.eq(by.get()),
            conversations::created_at.eq(now.as_millis()),
        ))
        .execute(conn)
        .map(drop)
}

/// The other one accepts.
pub fn accept(conn: &mut Conn, id: ConversationId, now: Timestamp) -> QueryResult<()> {
    diesel::update(conversations::table.find(id.get()))
        .set(conversations::accepted_at.eq(now.as_millis()))
        .execute(conn)
        .map(drop)
}

/// There is no request any more, answered or not.
pub fn end(conn: &mut Conn, id: ConversationId) -> QueryResult<()> {
    diesel::update(conversations::table.find(id.get()))
        .set((
            conversations::requested_by.eq(None::<i64>),
            conversations::accepted_at.eq(None::<i64>),
        ))
        .execute(conn)
        .map(drop)
}

/// Somebody has come into a conversation of two again, or has gone: who is told what is asked anew.
pub fn regroup(conn: &mut Conn, id: ConversationId) -> QueryResult<()> {
    diesel::update(conversations::table.find(id.get()))
        .set(conversations::membership_version.eq(conversations::membership_version + 1))
        .execute(conn)
        .map(drop)
}

/// How many requests of a person nobody has accepted, of those begun since a moment. What was opened and not written does
/// not count.
pub fn count_open(conn: &mut Conn, by: UserId, since: Timestamp) -> QueryResult<i64> {
    conversations::table
        .filter(conversations::requested_by.eq(by.get()))
        .filter(conversations::accepted_at.is_null())
        .filter(conversations::created_at.gt(since.as_millis()))
        .filter(conversations::last_number.gt(0_i64))
        .count()
        .get_result(conn)
}

/// Some requests of a person and to them, answered or not, also those that they have put away.
pub fn some_of(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<Vec<ConversationId>> {
    let requested = || conversations::requested_by.is_not_null();
    // Each of the two has an index.
    let low = conversations::low_id.eq(user.get()).and(requested());
    let high = conversations::high_id.eq(user.get()).and(requested());
    let ids: Vec<i64> = conversations::table
        .filter(low.or(high))
        .limit(limit)
        .select(conversations::id)
        .load(conn)?;
    Ok(ids.into_iter().map(ConversationId::new).collect())
}

/// Those of some people who are here, and for whom the viewer exists.
pub fn reachable_among(conn: &mut Conn, viewer: UserId, others: &[i64]) -> QueryResult<HashSet<i64>> {
    if others.is_empty() {
        return Ok(HashSet::new());
    }
    let mut here = users::store_standing::here_among(conn, others)?;
    for hidden in friends::store::blocks::hidden_among(conn, viewer, others)? {
        here.remove(&hidden);
    }
    Ok(here)
}
