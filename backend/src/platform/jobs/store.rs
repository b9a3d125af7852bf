//! The table of jobs. Whoever changes a row that it has taken says with which taking: a lease that was lost, and
//! taken by another node, is not ended by the one that lost it.

use std::time::Duration;

use diesel::prelude::*;
use hearth_shared::ids::{Id, JobId};
use hearth_shared::time::Timestamp;

use super::Job;
use crate::on_each;
use crate::platform::db::{Conn, dialect};
use crate::schema::jobs;

/// Characters kept of what went wrong.
const ERROR_MAX: usize = 500;

/// A new row.
pub(super) struct NewJob<'a> {
    pub(super) id: JobId,
    pub(super) kind: &'a str,
    pub(super) payload: &'a str,
    /// No second row has it.
    pub(super) once_key: Option<&'a str>,
    /// Done again and again, with this pause.
    pub(super) every: Option<Duration>,
    /// Milliseconds since 1970; 0: at once.
    pub(super) due_at: i64,
    pub(super) created_at: Timestamp,
}

/// Writes a job; false when its key is there.
pub(super) fn insert(conn: &mut Conn, new: &NewJob<'_>) -> QueryResult<bool> {
    dialect::insert_once(conn, |conn| {
        diesel::insert_into(jobs::table)
            .values((
                jobs::id.eq(new.id.get()),
                jobs::kind.eq(new.kind),
                jobs::payload.eq(new.payload),
                jobs::once_key.eq(new.once_key),
                jobs::every_ms.eq(new.every.map(millis)),
                jobs::due_at.eq(new.due_at),
                jobs::attempts.eq(0_i64),
                jobs::created_at.eq(new.created_at.as_millis()),
            ))
            .execute(conn)
    })
}

/// One of many new rows of a kind.
pub(super) struct NewJobOf {
    pub(super) id: JobId,
    pub(super) payload: String,
    /// No second row has it.
    pub(super) once_key: Option<String>,
}

/// Rows of one statement.
const BATCH: usize = 250;

/// Writes many jobs, but for those whose key is there. Gives how many.
pub(super) fn insert_many(
    conn: &mut Conn,
    kind: &str,
    new: &[NewJobOf],
    due_at: i64,
    created_at: Timestamp,
) -> QueryResult<usize> {
    let mut added = 0;
    for batch in new.chunks(BATCH) {
        let rows: Vec<_> = batch
            .iter()
            .map(|new| {
                (
                    jobs::id.eq(new.id.get()),
                    jobs::kind.eq(kind),
                    jobs::payload.eq(&new.payload),
                    jobs::once_key.eq(new.once_key.as_deref()),
                    jobs::due_at.eq(due_at),
                    jobs::attempts.eq(0_i64),
                    jobs::created_at.eq(created_at.as_millis()),
                )
            })
            .collect();
        added += on_each!(conn, conn => {
            diesel::insert_into(jobs::table)
                .values(&rows)
                .on_conflict_do_nothing()
                .execute(conn)
        })?;
    }
    Ok(added)
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Whether a key is in use.
pub(super) fn has_key(conn: &mut Conn, once_key: &str) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        jobs::table.filter(jobs::once_key.eq(once_key)),
    ))
    .get_result(conn)
}

/// Removes a job by its key, unless somebody has taken it.
pub(super) fn withdraw(conn: &mut Conn, once_key: &str) -> QueryResult<bool> {
    let waiting = jobs::table
        .filter(jobs::once_key.eq(once_key))
        .filter(jobs::leased_by.is_null());
    diesel::delete(waiting).execute(conn).map(|rows| rows > 0)
}

/// Whether anything is due.
pub(super) fn any_due(conn: &mut Conn, kinds: &[&str]) -> QueryResult<bool> {
    let now = dialect::database_now(conn)?;
    let due = jobs::table
        .filter(jobs::dead_at.is_null())
        .filter(jobs::due_at.le(now))
        .filter(jobs::kind.eq_any(kinds));
    diesel::select(diesel::dsl::exists(due)).get_result(conn)
}

/// A row that was taken.
pub(super) struct Taken {
    pub(super) kind: String,
    pub(super) every: Option<i64>,
    pub(super) job: Job,
}

/// Takes jobs that are due, for the time of a lease.
pub(super) fn take(
    conn: &mut Conn,
    kinds: &[&str],
    me: &str,
    lease: Duration,
    limit: i64,
) -> QueryResult<Vec<Taken>> {
    let now = dialect::database_now(conn)?;
    let ids = dialect::due_jobs(conn, kinds, now, limit)?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    diesel::update(jobs::table.filter(jobs::id.eq_any(&ids)))
        .set((
            jobs::due_at.eq(now + millis(lease)),
            jobs::leased_by.eq(me),
            jobs::attempts.eq(jobs::attempts + 1),
        ))
        .execute(conn)?;
    let rows: Vec<(i64, String, String, Option<i64>, i64)> = jobs::table
        .filter(jobs::id.eq_any(&ids))
        .order(jobs::id)
        .select((
            jobs::id,
            jobs::kind,
            jobs::payload,
            jobs::every_ms,
            jobs::attempts,
        ))
        .load(conn)?;
    let taken = |(id, kind, payload, every, attempts)| Taken {
        kind,
        every,
        job: Job {
            id: JobId::new(id),
            attempt: u32::try_from(attempts).unwrap_or(u32::MAX),
            payload,
        },
    };
    Ok(rows.into_iter().map(taken).collect())
}

/// What became of a job that was taken.
pub(super) enum End {
    /// It is done; one that is done again and again waits for its next time.
    Done { every: Option<i64> },
    /// It waits for another try.
    Again { pause: Duration, error: String },
    /// It is dead.
    Dead { error: String },
}

/// Which taking of which job, and by whom.
#[derive(Clone)]
pub(super) struct Lease {
    pub(super) id: JobId,
    pub(super) attempt: u32,
    pub(super) me: String,
}

/// The row of a lease; no row when it was lost. Dead ones are taken by nobody.
macro_rules! mine {
    ($lease:expr) => {
        jobs::table
            .find($lease.id.get())
            .filter(jobs::leased_by.eq(&$lease.me))
            .filter(jobs::attempts.eq(i64::from($lease.attempt)))
    };
}

/// Lengthens a lease; false when it was lost.
pub(super) fn renew(conn: &mut Conn, lease: &Lease, by: Duration) -> QueryResult<bool> {
    let until = dialect::database_now(conn)? + millis(by);
    diesel::update(mine!(lease))
        .set(jobs::due_at.eq(until))
        .execute(conn)
        .map(|rows| rows > 0)
}

/// Ends a lease; false when it was lost.
pub(super) fn settle(conn: &mut Conn, lease: &Lease, end: &End) -> QueryResult<bool> {
    let now = dialect::database_now(conn)?;
    let rows = match end {
        End::Done { every: None } => diesel::delete(mine!(lease)).execute(conn)?,
        End::Done { every: Some(every) } => diesel::update(mine!(lease))
            .set((
                jobs::due_at.eq(now + every),
                jobs::attempts.eq(0_i64),
                jobs::leased_by.eq(None::<String>),
                jobs::last_error.eq(None::<String>),
            ))
            .execute(conn)?,
        End::Again { pause, error } => diesel::update(mine!(lease))
            .set((
                jobs::due_at.eq(now + millis(*pause)),
                jobs::leased_by.eq(None::<String>),
                jobs::last_error.eq(shortened(error)),
            ))
            .execute(conn)?,
        End::Dead { error } => diesel::update(mine!(lease))
            .set((
                jobs::dead_at.eq(now),
                jobs::once_key.eq(None::<String>),
                jobs::leased_by.eq(None::<String>),
                jobs::last_error.eq(shortened(error)),
            ))
            .execute(conn)?,
    };
    Ok(rows > 0)
}

fn shortened(error: &str) -> String {
    error.chars().take(ERROR_MAX).collect()
}

/// Gives back what a node has taken and not finished: it stops, and another one may begin at once.
pub(super) fn give_back(conn: &mut Conn, me: &str) -> QueryResult<usize> {
    diesel::update(jobs::table.filter(jobs::leased_by.eq(me)))
        .set((
            jobs::due_at.eq(super::AT_ONCE),
            jobs::leased_by.eq(None::<String>),
            jobs::attempts.eq(jobs::attempts - 1),
        ))
        .execute(conn)
}

/// A dead job, as the host sees it. What it was about is not shown: it may hold addresses.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct DeadJob {
    /// Its number, for [`retry`].
    pub id: i64,
    /// What kind of work.
    pub kind: String,
    /// How often it was tried.
    pub attempts: i64,
    /// What went wrong the last time.
    pub last_error: Option<String>,
    /// When it was enqueued, in milliseconds since 1970.
    pub created_at: i64,
    /// When it was given up, in milliseconds since 1970.
    pub dead_at: Option<i64>,
}

/// Dead jobs after an id, the oldest first.
///
/// # Errors
/// When the query fails.
pub fn dead(conn: &mut Conn, after: i64, limit: i64) -> QueryResult<Vec<DeadJob>> {
    jobs::table
        .filter(jobs::dead_at.is_not_null())
        .filter(jobs::id.gt(after))
        .order(jobs::id)
        .limit(limit)
        .select((
            jobs::id,
            jobs::kind,
            jobs::attempts,
            jobs::last_error,
            jobs::created_at,
            jobs::dead_at,
        ))
        .load(conn)
}

/// Jobs that wait or are under way, as the host sees them, the next one first.
///
/// # Errors
/// When the query fails.
pub fn waiting(conn: &mut Conn, limit: i64) -> QueryResult<Vec<DeadJob>> {
    jobs::table
        .filter(jobs::dead_at.is_null())
        .order((jobs::due_at, jobs::id))
        .limit(limit)
        .select((
            jobs::id,
            jobs::kind,
            jobs::attempts,
            jobs::last_error,
            jobs::created_at,
            jobs::dead_at,
        ))
        .load(conn)
}

/// How many are dead.
///
/// # Errors
/// When the query fails.
pub fn count_dead(conn: &mut Conn) -> QueryResult<i64> {
    jobs::table
        .filter(jobs::dead_at.is_not_null())
        .count()
        .get_result(conn)
}

/// Lets a dead job be tried again, from the beginning; false when there is no such dead job. A running server finds
/// it within two seconds.
///
/// # Errors
/// When the query fails.
pub fn retry(conn: &mut Conn, id: JobId) -> QueryResult<bool> {
    let buried = jobs::table.find(id.get()).filter(jobs::dead_at.is_not_null());
    diesel::update(buried)
        .set((
            jobs::dead_at.eq(None::<i64>),
            jobs::attempts.eq(0_i64),
            jobs::due_at.eq(super::AT_ONCE),
        ))
        .execute(conn)
        .map(|rows| rows > 0)
}
