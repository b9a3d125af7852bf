//! Where SQLite and PostgreSQL differ. Everything else is written once.

mod locks;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::{Array, BigInt, Text};

pub use self::locks::{
    lock_admins, lock_conversation, lock_media, lock_messages, lock_people, lock_post, lock_posts,
    lock_streams,
};
use super::among::AmongIds;
use super::conn::Conn;

/// Runs one typed body on whichever connection is inside, for what the enum of both cannot compile: batch
/// inserts, `for_update`, `union`.
#[macro_export]
macro_rules! on_each {
    ($conn:expr, $inner:ident => $body:expr) => {
        match $conn {
            $crate::platform::db::Conn::Sqlite($inner) => $body,
            $crate::platform::db::Conn::Postgres($inner) => $body,
        }
    };
}

/// Begins a transaction that writes. SQLite takes its write lock now, so that it cannot fail half-way.
pub(crate) fn begin_write(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE"),
        Conn::Postgres(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN"),
    }
}

/// Begins a transaction that reads the state of one moment.
pub(crate) fn begin_snapshot(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN"),
        Conn::Postgres(conn) => AnsiTransactionManager::begin_transaction_sql(
            conn,
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        ),
    }
}

/// So many ids are asked for in one statement where there may be any number: SQLite takes 32,766 values, and a list that
/// long would be compiled anew each time.
pub const LISTED_MAX: usize = 1_000;

/// Inserts unless the row's unique key exists; false means that it was already there. On PostgreSQL it runs in
/// a savepoint, so that the transaction survives; on SQLite a statement that fails undoes itself alone.
///
/// # Errors
/// Every failure but a unique violation.
pub fn insert_once(
    conn: &mut Conn,
    insert: impl FnOnce(&mut Conn) -> QueryResult<usize>,
) -> QueryResult<bool> {
    let inserted = match conn {
        Conn::Sqlite(_) => insert(conn),
        Conn::Postgres(_) => conn.transaction(insert),
    };
    match inserted {
        Ok(rows) => Ok(rows > 0),
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Moves a person's stream on by so many positions and gives the last of them; the stream's lock is held from now on; `None` when there is no such stream.
/// `last_event_at` is the database's own clock.
///
/// # Errors
/// When the query fails.
pub fn advance_user_stream(conn: &mut Conn, user: i64, count: i64) -> QueryResult<Option<i64>> {
    use crate::schema::user_streams as streams;
    let moved = streams::last_seq.eq(streams::last_seq + count);
    match conn {
        Conn::Sqlite(conn) => diesel::update(streams::table.find(user))
            .set((moved, streams::last_event_at.eq(sql::<BigInt>(SQLITE_NOW))))
            .returning(streams::last_seq)
            .get_result(conn),
        Conn::Postgres(conn) => diesel::update(streams::table.find(user))
            .set((moved, streams::last_event_at.eq(sql::<BigInt>(POSTGRES_NOW))))
            .returning(streams::last_seq)
            .get_result(conn),
    }
    .optional()
}

/// As [`advance_user_stream`], one position for each of some people. Gives whose stream stands where; who has none is left
/// out.
///
/// # Errors
/// When the query fails.
pub fn advance_user_streams(conn: &mut Conn, people: &[i64]) -> QueryResult<Vec<(i64, i64)>> {
    use crate::schema::user_streams as streams;
    let theirs = streams::table.filter(streams::user_id.among(people));
    let moved = streams::last_seq.eq(streams::last_seq + 1);
    match conn {
        Conn::Sqlite(conn) => diesel::update(theirs)
            .set((moved, streams::last_event_at.eq(sql::<BigInt>(SQLITE_NOW))))
            .returning((streams::user_id, streams::last_seq))
            .get_results(conn),
        Conn::Postgres(conn) => diesel::update(theirs)
            .set((moved, streams::last_event_at.eq(sql::<BigInt>(POSTGRES_NOW))))
            .returning((streams::user_id, streams::last_seq))
            .get_results(conn),
    }
}

/// As [`advance_user_stream`], for a message in a conversation: its position and its number.
///
/// # Errors
/// When the query fails.
pub fn number_message(conn: &mut Conn, conversation: i64, message: i64) -> QueryResult<(i64, i64)> {
    use crate::schema::conversations as streams;
    let moved = (
        streams::last_seq.eq(streams::last_seq + 1),
        streams::last_number.eq(streams::last_number + 1),
        streams::last_message_id.eq(message),
    );
    match conn {
        Conn::Sqlite(conn) => diesel::update(streams::table.find(conversation))
            .set((moved, streams::last_event_at.eq(sql::<BigInt>(SQLITE_NOW))))
            .returning((streams::last_seq, streams::last_number))
            .get_result(conn),
        Conn::Postgres(conn) => diesel::update(streams::table.find(conversation))
            .set((moved, streams::last_event_at.eq(sql::<BigInt>(POSTGRES_NOW))))
            .returning((streams::last_seq, streams::last_number))
            .get_result(conn),
    }
}

/// The same for what happens to a message that is there: its position alone.
///
/// # Errors
/// When the query fails.
pub fn advance_conversation(conn: &mut Conn, conversation: i64) -> QueryResult<i64> {
    use crate::schema::conversations as streams;
    let moved = streams::last_seq.eq(streams::last_seq + 1);
    match conn {
        Conn::Sqlite(conn) => diesel::update(streams::table.find(conversation))
            .set((moved, streams::last_event_at.eq(sql::<BigInt>(SQLITE_NOW))))
            .returning(streams::last_seq)
            .get_result(conn),
        Conn::Postgres(conn) => diesel::update(streams::table.find(conversation))
            .set((moved, streams::last_event_at.eq(sql::<BigInt>(POSTGRES_NOW))))
            .returning(streams::last_seq)
            .get_result(conn),
    }
}

/// Milliseconds since 1970 by the database's own clock.
///
/// # Errors
/// When the query fails.
pub fn database_now(conn: &mut Conn) -> QueryResult<i64> {
    match conn {
        Conn::Sqlite(conn) => diesel::select(sql::<BigInt>(SQLITE_NOW)).get_result(conn),
        Conn::Postgres(conn) => diesel::select(sql::<BigInt>(POSTGRES_NOW)).get_result(conn),
    }
}

const SQLITE_NOW: &str = "CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)";
/// Not `now()`, which stands still during a transaction.
const POSTGRES_NOW: &str = "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::BIGINT";

/// Those who take a node number take turns, until the end of their transactions. SQLite has one program.
///
/// # Errors
/// As [`lock_post`].
pub(crate) fn lock_numbers(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(conn) => conn.batch_execute(&format!("SELECT pg_advisory_xact_lock({NUMBERS_LOCK})")),
    }
}

/// Any number that only this lock uses.
const NUMBERS_LOCK: i64 = 0x4865_6172_7468_0002;

/// Commits. PostgreSQL answers COMMIT with a ROLLBACK, and no error, when an earlier statement of the
/// transaction failed and somebody went on all the same; a statement before it, in the same message, makes
/// that an error.
pub(crate) fn commit_write(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(_) => <Conn as Connection>::TransactionManager::commit_transaction(conn),
        Conn::Postgres(conn) => conn.batch_execute("SELECT 1; COMMIT"),
    }
}

/// The ids of work that is due, the longest waiting first. On PostgreSQL the rows are locked, and those that another
/// node has locked are passed over, so that two nodes never take the same one and never wait for each other.
///
/// # Errors
/// When the query fails.
pub fn due_jobs(conn: &mut Conn, kinds: &[&str], now: i64, limit: i64) -> QueryResult<Vec<i64>> {
    use crate::schema::jobs;
    let due = jobs::table
        .filter(jobs::dead_at.is_null())
        .filter(jobs::due_at.le(now))
        .filter(jobs::kind.eq_any(kinds))
        .order((jobs::due_at, jobs::id))
        .limit(limit)
        .select(jobs::id);
    match conn {
        Conn::Sqlite(conn) => due.load(conn),
        Conn::Postgres(conn) => due.for_update().skip_locked().load(conn),
    }
}

/// The newest posts of some authors that their friends may see, and all that `?1` wrote. In the index `posts_feed`
/// SQLite looks at the end of each author's part, and leaves it as soon as it has enough that is newer.
pub const SQLITE_FEED: &str = "
    SELECT id FROM (
        SELECT id FROM posts
        WHERE author_id IN (SELECT value FROM json_each(?2)) AND id < ?3
          AND deleted_at IS NULL AND audience_id IN (1, 2)
          AND id NOT IN (SELECT post_id FROM muted_posts WHERE user_id = ?1)
        ORDER BY id DESC LIMIT ?4
    ) UNION ALL SELECT id FROM (
        SELECT id FROM posts WHERE author_id = ?1 AND id < ?3 AND deleted_at IS NULL ORDER BY id DESC LIMIT ?4
    ) ORDER BY id DESC LIMIT ?4";

/// The same on PostgreSQL, which leaves no part early by itself: first the newest post of each author, then more of
/// those who have one of the newest.
pub const POSTGRES_FEED: &str = "
    WITH heads AS MATERIALIZED (
        SELECT author.id FROM unnest($2) AS author (id)
        CROSS JOIN LATERAL (
            SELECT posts.id FROM posts
            WHERE posts.author_id = author.id AND posts.id < $3
              AND posts.deleted_at IS NULL AND posts.audience_id IN (1, 2)
              AND NOT EXISTS (SELECT FROM muted_posts m WHERE m.user_id = $1 AND m.post_id = posts.id)
            ORDER BY posts.id DESC LIMIT 1
        ) AS head
        ORDER BY head.id DESC LIMIT $4
    )
    SELECT newest.id FROM heads
    CROSS JOIN LATERAL (
        SELECT posts.id FROM posts
        WHERE posts.author_id = heads.id AND posts.id < $3
          AND posts.deleted_at IS NULL AND posts.audience_id IN (1, 2)
          AND NOT EXISTS (SELECT FROM muted_posts m WHERE m.user_id = $1 AND m.post_id = posts.id)
        ORDER BY posts.id DESC LIMIT $4
    ) AS newest
    UNION ALL SELECT own.id FROM (
        SELECT posts.id FROM posts WHERE posts.author_id = $1 AND posts.id < $3 AND posts.deleted_at IS NULL
        ORDER BY posts.id DESC LIMIT $4
    ) AS own
    ORDER BY 1 DESC LIMIT $4";

/// Whoever has more friends than this finds enough among the newest posts of all people, most of the time. To look into
/// an index costs PostgreSQL more than SQLite, and to read on costs it less.
const MANY_AUTHORS: [usize; 2] = [300, 50];

/// The same among the thousand newest posts of all people, and only there. A walk to the end of each of five thousand
/// friends' parts takes twenty times as long.
const SQLITE_NEWEST: &str = "
    SELECT id FROM (SELECT id, author_id, audience_id, deleted_at FROM posts WHERE id < ?3 ORDER BY id DESC LIMIT 1000)
    WHERE deleted_at IS NULL AND (author_id = ?1 OR (
        audience_id IN (1, 2) AND author_id IN (SELECT value FROM json_each(?2))
        AND id NOT IN (SELECT post_id FROM muted_posts WHERE user_id = ?1)
    ))
    ORDER BY id DESC LIMIT ?4";
const POSTGRES_NEWEST: &str = "
    SELECT id FROM (
        SELECT id, author_id, audience_id, deleted_at FROM posts WHERE id < $3 ORDER BY id DESC LIMIT 1000
    ) AS newest
    WHERE deleted_at IS NULL AND (author_id = $1 OR (
        audience_id IN (1, 2) AND author_id = ANY ($2)
        AND NOT EXISTS (SELECT FROM muted_posts m WHERE m.user_id = $1 AND m.post_id = newest.id)
    ))
    ORDER BY id DESC LIMIT $4";

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// The ids of the newest posts of some friends of the viewer and of the viewer, newest first, below an id: what
/// friends may see (`visible_to` says the same), without the posts that the viewer has muted, and one's own.
///
/// The cost does not grow with the number of posts: docs/query-plans.md.
///
/// # Errors
/// When the query fails.
pub fn newest_posts(
    conn: &mut Conn,
    viewer: i64,
    authors: &[i64],
    below: i64,
    limit: i64,
) -> QueryResult<Vec<i64>> {
    let [sqlite, postgres] = MANY_AUTHORS;
    let many = match conn {
        Conn::Sqlite(_) => sqlite,
        Conn::Postgres(_) => postgres,
    };
    if authors.len() > many {
        let newest = run_feed(
            conn,
            [SQLITE_NEWEST, POSTGRES_NEWEST],
            viewer,
            authors,
            below,
            limit,
        )?;
        if i64::try_from(newest.len()).is_ok_and(|count| count >= limit) {
            return Ok(newest);
        }
    }
    run_feed(conn, [SQLITE_FEED, POSTGRES_FEED], viewer, authors, below, limit)
}

fn run_feed(
    conn: &mut Conn,
    [sqlite, postgres]: [&str; 2],
    viewer: i64,
    authors: &[i64],
    below: i64,
    limit: i64,
) -> QueryResult<Vec<i64>> {
    let rows: Vec<IdRow> = match conn {
        Conn::Sqlite(conn) => diesel::sql_query(sqlite)
            .bind::<BigInt, _>(viewer)
            .bind::<Text, _>(json_of(&authors)?)
            .bind::<BigInt, _>(below)
            .bind::<BigInt, _>(limit)
            .load(conn)?,
        Conn::Postgres(conn) => diesel::sql_query(postgres)
            .bind::<BigInt, _>(viewer)
            .bind::<Array<BigInt>, _>(authors)
            .bind::<BigInt, _>(below)
            .bind::<BigInt, _>(limit)
            .load(conn)?,
    };
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// A list as one value for SQLite.
pub(super) fn json_of(list: &impl serde::Serialize) -> QueryResult<String> {
    serde_json::to_string(list).map_err(|error| Error::SerializationError(error.into()))
}

/// Empties SQLite's log into its file; false when somebody reads what is in it.
///
/// # Errors
/// When the statement fails.
pub(crate) fn truncate_log(conn: &mut Conn) -> QueryResult<bool> {
    #[derive(QueryableByName)]
    struct Checkpoint {
        #[diesel(sql_type = BigInt)]
        busy: i64,
    }
    match conn {
        Conn::Sqlite(conn) => {
            let done: Checkpoint = diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result(conn)?;
            Ok(done.busy == 0)
        }
        Conn::Postgres(_) => Ok(true),
    }
}

/// Runs statements as they are: for migrations, tests and maintenance.
///
/// # Errors
/// When one fails.
pub fn execute(conn: &mut Conn, sql: &str) -> QueryResult<()> {
    conn.batch_execute(sql)
}
