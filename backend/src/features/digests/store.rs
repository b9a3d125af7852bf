//! Queries on digests, and on who is due one.

use std::collections::HashMap;

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use hearth_shared::digests::DigestSettings;
use hearth_shared::ids::{Id, JobId, UserId};
use hearth_shared::notifications::preferences::{Channel, Topic};
use hearth_shared::time::Timestamp;

use super::service::Due;
use crate::features::conversations::store::counted_as_unread;
use crate::features::notifications::store::Kind;
use crate::features::realtime::store::{column, position};
use crate::features::users::store_standing::active;
use crate::platform::db::among::AmongIds;
use crate::platform::db::{Conn, dialect};
use crate::schema::{
    conversation_members as members, conversations, credentials, digests, messages,
    notification_marks as marks, notification_preferences as preferences,
    notification_quiet_hours as quiet_hours, notifications, sessions, users,
};

diesel::define_sql_function! {
    /// The first of the two that is not null.
    fn coalesce(value: Nullable<BigInt>, otherwise: BigInt) -> BigInt;
}

/// The condition of being somebody to whom a digest may go: here, with an address of their own, and none lately.
macro_rules! may_have_one {
    ($due:expr) => {
        active()
            .and(credentials::email_verified_at.is_not_null())
            .and(coalesce(digests::sent_at.nullable(), 0).le($due.sent_before.as_millis()))
    };
}

/// The condition on `notifications` of being news: neither read, nor seen, nor told by a digest. Wants `marks` and
/// `digests` beside it.
macro_rules! is_news {
    () => {
        notifications::read_seq
            .lt(notifications::seq)
            .and(notifications::seq.gt(coalesce(marks::seen_seq.nullable(), 0)))
            .and(notifications::seq.gt(coalesce(digests::told_seq.nullable(), 0)))
    };
}

/// The condition that something happened long enough ago, and that its person has not been here since.
macro_rules! has_waited {
    ($user:expr, $moment:expr, $due:expr) => {
        $moment.le($due.happened_before.as_millis()).and(not(exists(
            sessions::table
                .filter(sessions::user_id.eq($user))
                .filter(sessions::rotated_at.ge($moment)),
        )))
    };
}

/// People after an id, in order, for whom notifications have waited.
pub(super) fn with_news(conn: &mut Conn, due: &Due, after: i64, limit: i64) -> QueryResult<Vec<i64>> {
    let waiting = notifications::table
        .filter(notifications::user_id.eq(users::id))
        .filter(is_news!())
        .filter(has_waited!(
            notifications::user_id,
            notifications::updated_at,
            due
        ));
    users::table
        .inner_join(credentials::table)
        .left_join(marks::table)
        .left_join(digests::table)
        .filter(users::id.gt(after))
        .filter(may_have_one!(due))
        .filter(exists(waiting))
        .order(users::id)
        .limit(limit)
        .select(users::id)
        .load(conn)
}

/// Of which kinds notifications have waited for some people.
pub(super) fn kinds_of_news(conn: &mut Conn, due: &Due, people: &[i64]) -> QueryResult<Vec<(UserId, Kind)>> {
    let rows: Vec<(i64, String)> = notifications::table
        .left_join(marks::table.on(marks::user_id.eq(notifications::user_id)))
        .left_join(digests::table.on(digests::user_id.eq(notifications::user_id)))
        .filter(notifications::user_id.among(people))
        .filter(is_news!())
        .filter(has_waited!(
            notifications::user_id,
            notifications::updated_at,
            due
        ))
        .distinct()
        .select((notifications::user_id, notifications::kind))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(user, kind)| Some((UserId::new(user), Kind::of_text(&kind)?)))
        .collect())
}

/// People after an id, in order, who want to hear of messages by mail, and for whom some have waited.
pub(super) fn with_messages(conn: &mut Conn, due: &Due, after: i64, limit: i64) -> QueryResult<Vec<i64>> {
    let waiting = members::table
        .inner_join(conversations::table)
        .inner_join(messages::table.on(conversations::last_message_id.eq(messages::id.nullable())))
        .filter(members::user_id.eq(users::id))
        .filter(counted_as_unread!())
        .filter(messages::created_at.gt(coalesce(digests::sent_at.nullable(), 0)))
        .filter(has_waited!(members::user_id, messages::created_at, due));
    users::table
        .inner_join(credentials::table)
        .inner_join(preferences::table)
        .left_join(digests::table)
        .filter(preferences::topic.eq(Topic::Messages.as_str()))
        .filter(preferences::channel.eq(Channel::Mail.as_str()))
        .filter(preferences::wanted.eq(1_i64))
        .filter(users::id.gt(after))
        .filter(may_have_one!(due))
        .filter(exists(waiting))
        .order(users::id)
        .limit(limit)
        .select(users::id)
        .load(conn)
}

/// The time zones that some people have named.
pub(super) fn zones(conn: &mut Conn, people: &[i64]) -> QueryResult<HashMap<i64, String>> {
    let rows: Vec<(i64, String)> = quiet_hours::table
        .filter(quiet_hours::user_id.among(people))
        .select((quiet_hours::user_id, quiet_hours::time_zone))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Whether a digest may go to somebody now.
pub(super) fn may_have_one(conn: &mut Conn, due: &Due, user: UserId) -> QueryResult<bool> {
    let person = users::table
        .inner_join(credentials::table)
        .left_join(digests::table)
        .filter(users::id.eq(user.get()))
        .filter(may_have_one!(due));
    diesel::select(exists(person)).get_result(conn)
}

/// How things stand with somebody's digests.
#[derive(Queryable, Selectable, Debug, Clone, Default)]
#[diesel(table_name = digests)]
pub(super) struct DigestRow {
    pub(super) number: i64,
    told_seq: i64,
    job_id: Option<i64>,
    pub(super) tries: i64,
    with_words: i64,
}

impl DigestRow {
    /// Up to where they have been told.
    pub(super) fn told(&self) -> u64 {
        position(self.told_seq)
    }

    /// Whether a job has begun to send them one, and it is not known what came of it.
    pub(super) fn is_under_way(&self, job: JobId) -> bool {
        self.job_id == Some(job.get())
    }

    /// Whether they want to read what was written.
    pub(super) fn has_words(&self) -> bool {
        self.with_words != 0
    }
}

/// How things stand; who has no row has had none.
pub(super) fn of(conn: &mut Conn, user: UserId) -> QueryResult<DigestRow> {
    let row: Option<DigestRow> = digests::table
        .find(user.get())
        .select(DigestRow::as_select())
        .first(conn)
        .optional()?;
    Ok(row.unwrap_or_default())
}

/// What somebody's mails may hold.
pub fn settings(conn: &mut Conn, user: UserId) -> QueryResult<DigestSettings> {
    let with_words = of(conn, user)?.has_words();
    Ok(DigestSettings { with_words })
}

/// Lets there be a row.
fn begin(conn: &mut Conn, user: UserId) -> QueryResult<()> {
    dialect::insert_once(conn, |conn| {
        diesel::insert_into(digests::table)
            .values((
                digests::user_id.eq(user.get()),
                digests::number.eq(0_i64),
                digests::told_seq.eq(0_i64),
                digests::sent_at.eq(0_i64),
                digests::job_id.eq(None::<i64>),
                digests::going_seq.eq(0_i64),
                digests::tries.eq(0_i64),
                digests::with_words.eq(0_i64),
            ))
            .execute(conn)
    })
    .map(drop)
}

/// A job hands one to the mail server, for the first or another time.
pub(super) fn hand_over(
    conn: &mut Conn,
    user: UserId,
    job: JobId,
    up_to: u64,
    tries: i64,
) -> QueryResult<()> {
    begin(conn, user)?;
    diesel::update(digests::table.find(user.get()))
        .set((
            digests::job_id.eq(job.get()),
            digests::going_seq.eq(column(up_to)),
            digests::tries.eq(tries),
        ))
        .execute(conn)
        .map(drop)
}

/// The mail server has not taken it: as if it had not been handed over.
pub(super) fn take_back(conn: &mut Conn, user: UserId, job: JobId) -> QueryResult<()> {
    let again = diesel::update(under_way(user, job).filter(digests::tries.gt(1)))
        .set(digests::tries.eq(digests::tries - 1))
        .execute(conn)?;
    if again == 0 {
        // Of none that went before is unknown what came of it: as if nothing had begun.
        diesel::update(under_way(user, job))
            .set((digests::tries.eq(0_i64), digests::job_id.eq(None::<i64>)))
            .execute(conn)?;
    }
    Ok(())
}

/// It is sent: they have been told.
pub(super) fn sent(conn: &mut Conn, user: UserId, job: JobId, now: Timestamp) -> QueryResult<bool> {
    diesel::update(under_way(user, job))
        .set((
            digests::told_seq.eq(digests::going_seq),
            digests::number.eq(digests::number + 1),
            digests::sent_at.eq(now.as_millis()),
            digests::job_id.eq(None::<i64>),
            digests::tries.eq(0_i64),
        ))
        .execute(conn)
        .map(|rows| rows > 0)
}

/// Nobody knows whether it was sent, and it is not tried again: the next one tells the same.
pub(super) fn give_up(conn: &mut Conn, user: UserId, job: JobId, now: Timestamp) -> QueryResult<bool> {
    diesel::update(under_way(user, job))
        .set((
            digests::number.eq(digests::number + 1),
            digests::sent_at.eq(now.as_millis()),
            digests::job_id.eq(None::<i64>),
            digests::tries.eq(0_i64),
        ))
        .execute(conn)
        .map(|rows| rows > 0)
}

#[diesel::dsl::auto_type]
fn under_way(user: UserId, job: JobId) -> _ {
    let (user, job): (i64, i64) = (user.get(), job.get());
    digests::table
        .filter(digests::user_id.eq(user))
        .filter(digests::job_id.eq(job))
}

/// There was nothing to tell them up to a place.
pub(super) fn pass_over(conn: &mut Conn, user: UserId, up_to: u64) -> QueryResult<()> {
    begin(conn, user)?;
    diesel::update(
        digests::table
            .find(user.get())
            .filter(digests::told_seq.lt(column(up_to))),
    )
    .set(digests::told_seq.eq(column(up_to)))
    .execute(conn)
    .map(drop)
}

/// Whether somebody wants to read what was written; false when it is so already.
pub(super) fn set_words(conn: &mut Conn, user: UserId, with_words: bool) -> QueryResult<bool> {
    begin(conn, user)?;
    let wanted = i64::from(with_words);
    diesel::update(
        digests::table
            .find(user.get())
            .filter(digests::with_words.ne(wanted)),
    )
    .set(digests::with_words.eq(wanted))
    .execute(conn)
    .map(|rows| rows > 0)
}

/// Removes a person's row.
pub(super) fn delete(conn: &mut Conn, user: UserId) -> QueryResult<()> {
    diesel::delete(digests::table.find(user.get()))
        .execute(conn)
        .map(drop)
}
