//! Queries on browsers that are told.

use diesel::dsl::exists;
use diesel::prelude::*;
use hearth_shared::ids::{ConversationId, Id, MessageId, PushSubscriptionId, SessionId, UserId};
use hearth_shared::push::PushSubscription;
use hearth_shared::time::Timestamp;

use crate::features::auth::service::idle_since;
use crate::features::conversations::store::{self as conversations, ConversationRow};
use crate::features::users::store_standing::active;
use crate::platform::db::among::AmongIds;
use crate::platform::db::{Conn, dialect};
use crate::platform::push::BrowserKeys;
use crate::schema::{
    conversation_members as members, messages, push_subscriptions as browsers, sessions, users,
};

/// A browser to be told.
pub struct NewBrowser<'a> {
    /// Which.
    pub id: PushSubscriptionId,
    /// Whose it is.
    pub user: UserId,
    /// The session in which it asked for that.
    pub session: SessionId,
    /// Where.
    pub endpoint: &'a str,
    /// SHA-256 of that.
    pub endpoint_hash: &'a [u8],
    /// What only it can open.
    pub keys: &'a BrowserKeys,
    /// Whether it shows what was written.
    pub previews: bool,
    /// Now.
    pub now: Timestamp,
}

/// A browser that is told, as far as it matters whose it is.
#[derive(Queryable, Debug, Clone)]
pub struct Known {
    /// Which row.
    pub id: i64,
    /// Whose.
    pub user_id: i64,
    /// Its keys.
    pub p256dh: Vec<u8>,
    /// Its secret.
    pub auth: Vec<u8>,
}

/// Whoever is told at an address.
pub fn at(conn: &mut Conn, endpoint_hash: &[u8]) -> QueryResult<Option<Known>> {
    browsers::table
        .filter(browsers::endpoint_hash.eq(endpoint_hash))
        .select((browsers::id, browsers::user_id, browsers::p256dh, browsers::auth))
        .first(conn)
        .optional()
}

/// Writes a browser; false when somebody was faster.
pub fn insert(conn: &mut Conn, new: &NewBrowser<'_>) -> QueryResult<bool> {
    dialect::insert_once(conn, |conn| {
        diesel::insert_into(browsers::table)
            .values((
                browsers::id.eq(new.id.get()),
                browsers::user_id.eq(new.user.get()),
                browsers::session_id.eq(new.session.get()),
                browsers::endpoint.eq(new.endpoint),
                browsers::endpoint_hash.eq(new.endpoint_hash),
                browsers::p256dh.eq(&new.keys.p256dh),
                browsers::auth.eq(&new.keys.auth),
                browsers::previews.eq(i64::from(new.previews)),
                browsers::created_at.eq(new.now.as_millis()),
                browsers::failures.eq(0_i64),
                browsers::paused_until.eq(0_i64),
            ))
            .execute(conn)
    })
}

/// Changes whether a browser shows what was written, and lets it be tried again at once.
pub fn renew(conn: &mut Conn, id: i64, session: SessionId, previews: bool) -> QueryResult<()> {
    diesel::update(browsers::table.find(id))
        .set((
            browsers::session_id.eq(session.get()),
            browsers::previews.eq(i64::from(previews)),
            browsers::paused_until.eq(0_i64),
        ))
        .execute(conn)
        .map(drop)
}

/// Removes some.
pub fn delete(conn: &mut Conn, ids: &[i64]) -> QueryResult<usize> {
    diesel::delete(browsers::table.filter(browsers::id.among(ids))).execute(conn)
}

/// Removes those of some sessions. Gives how many.
pub fn delete_of_sessions(conn: &mut Conn, sessions: &[SessionId]) -> QueryResult<usize> {
    let ids: Vec<i64> = sessions.iter().map(|id| id.get()).collect();
    diesel::delete(browsers::table.filter(browsers::session_id.among(&ids))).execute(conn)
}

/// Removes another browser of a session: each has one address.
pub fn delete_other_of_session(conn: &mut Conn, session: SessionId, keep: i64) -> QueryResult<()> {
    let others = browsers::table
        .filter(browsers::session_id.eq(session.get()))
        .filter(browsers::id.ne(keep));
    diesel::delete(others).execute(conn).map(drop)
}

/// Removes all of a person's but the newest.
pub fn delete_oldest(conn: &mut Conn, user: UserId, keep: i64) -> QueryResult<()> {
    let newest: Option<i64> = browsers::table
        .filter(browsers::user_id.eq(user.get()))
        .order(browsers::id.desc())
        .offset(keep - 1)
        .select(browsers::id)
        .first(conn)
        .optional()?;
    let Some(newest) = newest else { return Ok(()) };
    let older = browsers::table
        .filter(browsers::user_id.eq(user.get()))
        .filter(browsers::id.lt(newest));
    diesel::delete(older).execute(conn).map(drop)
}

/// How the browser of a session is told.
pub fn of_session(
    conn: &mut Conn,
    session: SessionId,
) -> QueryResult<Option<(PushSubscriptionId, PushSubscription)>> {
    let row: Option<(i64, i64, i64, Option<i64>, i64)> = browsers::table
        .filter(browsers::session_id.eq(session.get()))
        .select((
            browsers::id,
            browsers::previews,
            browsers::created_at,
            browsers::last_ok_at,
            browsers::failures,
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, previews, created_at, last_ok_at, failures)| {
        let told = PushSubscription {
            previews: previews != 0,
            created_at: Timestamp::from_millis(created_at),
            last_ok_at: last_ok_at.map(Timestamp::from_millis),
            failing: failures > 0,
        };
        (PushSubscriptionId::new(id), told)
    }))
}

/// Whether a person has a browser that is told.
pub fn has_any(conn: &mut Conn, user: UserId) -> QueryResult<bool> {
    diesel::select(exists(browsers::table.filter(browsers::user_id.eq(user.get())))).get_result(conn)
}

/// Those of some people who have a browser that is told.
pub fn having_any(conn: &mut Conn, users: &[UserId]) -> QueryResult<Vec<UserId>> {
    let ids: Vec<i64> = users.iter().map(|user| user.get()).collect();
    let having: Vec<i64> = browsers::table
        .filter(browsers::user_id.among(&ids))
        .select(browsers::user_id)
        .distinct()
        .load(conn)?;
    Ok(having.into_iter().map(UserId::new).collect())
}

/// Whether anybody else in a conversation has one. Ends with the first that is found; where nobody has one nothing is
/// looked at.
pub fn any_in(conn: &mut Conn, id: ConversationId, but: UserId) -> QueryResult<bool> {
    let anybody: bool = diesel::select(exists(browsers::table.select(browsers::id))).get_result(conn)?;
    if !anybody {
        return Ok(false);
    }
    let theirs = browsers::table.filter(browsers::user_id.eq(members::user_id));
    let told = members::table
        .filter(members::conversation_id.eq(id.get()))
        .filter(members::user_id.ne(but.get()))
        .filter(exists(theirs));
    diesel::select(exists(told)).get_result(conn)
}

/// A conversation, while there is one.
pub fn conversation(conn: &mut Conn, id: ConversationId) -> QueryResult<Option<ConversationRow>> {
    conversations::find(conn, id).optional()
}

/// Messages at the end of a conversation among which one is looked for that is still there.
const LAST: i64 = 50;

/// So many of these are looked through at most for one by somebody whom its recipient hears.
const LOOKED_AT: usize = 8;

/// The newest messages of a conversation that were not removed, the newest first.
pub fn newest_messages(conn: &mut Conn, id: ConversationId) -> QueryResult<Vec<MessageId>> {
    let last: Vec<(i64, Option<i64>)> = messages::table
        .filter(messages::conversation_id.eq(id.get()))
        .order(messages::number.desc())
        .limit(LAST)
        .select((messages::id, messages::deleted_at))
        .load(conn)?;
    let there = last.into_iter().filter(|(_, deleted_at)| deleted_at.is_none());
    Ok(there.take(LOOKED_AT).map(|(id, _)| MessageId::new(id)).collect())
}

/// Those in a conversation who have a browser that is told and have not read up to a message, which somebody else wrote:
/// who they are, and whether they have muted it.
pub fn unread_by(
    conn: &mut Conn,
    id: ConversationId,
    number: u32,
    sender: UserId,
) -> QueryResult<Vec<(UserId, bool)>> {
    let theirs = browsers::table.filter(browsers::user_id.eq(members::user_id));
    let rows: Vec<(i64, i64)> = members::table
        .filter(members::conversation_id.eq(id.get()))
        .filter(members::user_id.ne(sender.get()))
        .filter(members::read_number.lt(i64::from(number)))
        .filter(members::since_number.lt(i64::from(number)))
        .filter(exists(theirs))
        .select((members::user_id, members::muted))
        .load(conn)?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|(user, muted)| (UserId::new(user), muted != 0))
        .collect())
}

/// Those of some people who have muted a conversation.
pub fn muted_by(conn: &mut Conn, id: ConversationId, people: &[UserId]) -> QueryResult<Vec<UserId>> {
    let ids: Vec<i64> = people.iter().map(|user| user.get()).collect();
    let muted: Vec<i64> = members::table
        .filter(members::conversation_id.eq(id.get()))
        .filter(members::user_id.among(&ids))
        .filter(members::muted.ne(0))
        .select(members::user_id)
        .load(conn)?;
    Ok(muted.into_iter().map(UserId::new).collect())
}

/// A browser to send to.
#[derive(Queryable, Clone)]
pub struct Target {
    /// Which.
    pub id: i64,
    /// Whose.
    pub user_id: i64,
    /// Where. Not for logs.
    pub endpoint: String,
    /// Its keys.
    pub p256dh: Vec<u8>,
    /// Its secret.
    pub auth: Vec<u8>,
    /// Whether it shows what was written.
    pub previews: i64,
    /// Since when it is told.
    pub created_at: i64,
    /// When its push service last took something.
    pub last_ok_at: Option<i64>,
    /// How often it has failed since.
    pub failures: i64,
    /// Until when nothing is tried.
    pub paused_until: i64,
}

/// The browsers of some people who are here, in sessions that live; or one of them.
pub fn targets(
    conn: &mut Conn,
    people: &[UserId],
    only: Option<PushSubscriptionId>,
    now: Timestamp,
) -> QueryResult<Vec<Target>> {
    let people: Vec<i64> = people.iter().map(|user| user.get()).collect();
    let mut query = browsers::table
        .inner_join(sessions::table)
        .inner_join(users::table)
        .filter(browsers::user_id.among(&people))
        .filter(sessions::user_id.eq(browsers::user_id))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now.as_millis()))
        .filter(sessions::rotated_at.gt(idle_since(now).as_millis()))
        .filter(active())
        .into_boxed();
    if let Some(only) = only {
        query = query.filter(browsers::id.eq(only.get()));
    }
    query
        .order(browsers::id)
        .select((
            browsers::id,
            browsers::user_id,
            browsers::endpoint,
            browsers::p256dh,
            browsers::auth,
            browsers::previews,
            browsers::created_at,
            browsers::last_ok_at,
            browsers::failures,
            browsers::paused_until,
        ))
        .load(conn)
}

/// Push services have taken something for some browsers.
pub fn note_taken(conn: &mut Conn, ids: &[i64], now: Timestamp) -> QueryResult<()> {
    if ids.is_empty() {
        return Ok(());
    }
    diesel::update(browsers::table.filter(browsers::id.among(ids)))
        .set((
            browsers::last_ok_at.eq(now.as_millis()),
            browsers::failures.eq(0_i64),
            browsers::paused_until.eq(0_i64),
        ))
        .execute(conn)
        .map(drop)
}

/// A push service has not taken something. Until a moment nothing more is tried. What failed beside it counts once.
pub fn note_failed(conn: &mut Conn, before: &Target, paused_until: Timestamp) -> QueryResult<()> {
    let same = browsers::table
        .find(before.id)
        .filter(browsers::failures.eq(before.failures));
    diesel::update(same)
        .set((
            browsers::failures.eq(before.failures + 1),
            browsers::paused_until.eq(paused_until.as_millis()),
        ))
        .execute(conn)
        .map(drop)
}

/// Removes those whose sessions can be used no more. Gives how many.
pub fn delete_ended(conn: &mut Conn, now: Timestamp, limit: i64) -> QueryResult<usize> {
    let over = sessions::ended_at
        .is_not_null()
        .or(sessions::expires_at.le(now.as_millis()))
        .or(sessions::rotated_at.le(idle_since(now).as_millis()));
    let ids: Vec<i64> = browsers::table
        .inner_join(sessions::table)
        .filter(over)
        .limit(limit)
        .select(browsers::id)
        .load(conn)?;
    delete(conn, &ids)
}

/// The newest id given.
pub fn latest_id(conn: &mut Conn) -> QueryResult<Option<i64>> {
    browsers::table.select(diesel::dsl::max(browsers::id)).first(conn)
}
