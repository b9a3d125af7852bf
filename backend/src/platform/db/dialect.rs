//! Where SQLite and PostgreSQL differ. Everything else is written once.

use diesel::connection::{AnsiTransactionManager, SimpleConnection};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};

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

/// Locks rows until the end of the transaction. SQLite has one writer, which is lock enough.
///
/// # Errors
/// When the lock does not come in time, or the query fails.
pub fn lock_post(conn: &mut Conn, post: i64) -> QueryResult<()> {
    use crate::schema::posts;
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(conn) => posts::table
            .find(post)
            .select(posts::id)
            .for_no_key_update()
            .execute(conn)
            .map(drop),
    }
}

/// As [`lock_post`], for two people; in ascending order, so that no two transactions wait for each other.
///
/// # Errors
/// As [`lock_post`].
pub fn lock_people(conn: &mut Conn, people: [i64; 2]) -> QueryResult<()> {
    use crate::schema::users;
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(conn) => users::table
            .filter(users::id.eq_any(people))
            .order(users::id)
            .select(users::id)
            .for_no_key_update()
            .execute(conn)
            .map(drop),
    }
}

/// The ids of the newest posts of some authors, newest first, below an id: those of the given audiences, and all
/// that `viewer` wrote.
///
/// On SQLite the index on (author, id) and `IN` cost 0.4 ms for 200 authors in a million posts. PostgreSQL
/// would walk the primary key backwards for that, 120 ms when the authors' posts are old; one look into the
/// index for each author never does.
///
/// # Errors
/// When the query fails.
pub fn newest_posts(
    conn: &mut Conn,
    viewer: i64,
    authors: &[i64],
    audiences: &[i64],
    below: i64,
    limit: i64,
) -> QueryResult<Vec<i64>> {
    use crate::schema::posts;
    match conn {
        Conn::Sqlite(conn) => posts::table
            .filter(posts::author_id.eq_any(authors))
            .filter(posts::id.lt(below))
            .filter(posts::deleted_at.is_null())
            .filter(
                posts::audience_id
                    .eq_any(audiences)
                    .or(posts::author_id.eq(viewer)),
            )
            .order(posts::id.desc())
            .limit(limit)
            .select(posts::id)
            .load(conn),
        Conn::Postgres(conn) => {
            use diesel::sql_types::{Array, BigInt};
            #[derive(QueryableByName)]
            struct Row {
                #[diesel(sql_type = BigInt)]
                id: i64,
            }
            let rows: Vec<Row> = diesel::sql_query(
                "SELECT newest.id FROM unnest($1) AS author (id)
                 CROSS JOIN LATERAL (
                     SELECT posts.id FROM posts
                     WHERE posts.author_id = author.id AND posts.id < $2 AND posts.deleted_at IS NULL
                       AND (posts.audience_id = ANY ($3) OR posts.author_id = $4)
                     ORDER BY posts.id DESC LIMIT $5
                 ) AS newest
                 ORDER BY newest.id DESC LIMIT $5",
            )
            .bind::<Array<BigInt>, _>(authors)
            .bind::<BigInt, _>(below)
            .bind::<Array<BigInt>, _>(audiences)
            .bind::<BigInt, _>(viewer)
            .bind::<BigInt, _>(limit)
            .load(conn)?;
            Ok(rows.into_iter().map(|row| row.id).collect())
        }
    }
}

/// Runs statements as they are: for migrations, tests and maintenance.
///
/// # Errors
/// When one fails.
pub fn execute(conn: &mut Conn, sql: &str) -> QueryResult<()> {
    conn.batch_execute(sql)
}
