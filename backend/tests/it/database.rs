//! The ground that everything stands on: one program on two databases. Transactions that write, savepoints,
//! RETURNING, errors, migrations, and tables that are the same on both.

use std::collections::BTreeMap;

use diesel::prelude::*;
use hearth::platform::db::{Conn, Outcome, Target, dialect, migrate};
use hearth::platform::error::{AppError, AppResult};
use hearth::schema::{audiences, meta};
use hearth_shared::problem::ErrorCode;

use crate::everywhere;
use crate::support::TestApp;
use crate::support::postgres::TestDatabase;

everywhere! {
    async fn writes_commit_or_roll_back_as_the_job_says(app: TestApp) {
        let kept = app.db().write(|tx| {
            diesel::insert_into(audiences::table)
                .values((audiences::id.eq(100), audiences::kind.eq("kept")))
                .execute(tx.conn())?;
            Ok(Outcome::Commit(1))
        });
        assert_eq!(kept.await.unwrap(), 1);
        let undone = app.db().write(|tx| {
            diesel::insert_into(audiences::table)
                .values((audiences::id.eq(101), audiences::kind.eq("undone")))
                .execute(tx.conn())?;
            Ok(Outcome::RollBack(2))
        });
        assert_eq!(undone.await.unwrap(), 2);
        let refused: AppResult<()> = app.db().write(|tx| {
            diesel::delete(audiences::table.find(100)).execute(tx.conn())?;
            Err(ErrorCode::Forbidden.into())
        }).await;
        assert_eq!(refused.unwrap_err().code(), ErrorCode::Forbidden);
        let ids: Vec<i64> = app.db().read(|conn| {
            Ok(audiences::table.filter(audiences::id.ge(100)).select(audiences::id).load(conn)?)
        }).await.unwrap();
        assert_eq!(ids, [100]);
    }

    async fn returning_and_nested_savepoints_work(app: TestApp) {
        let kind: String = app.db().write(|tx| {
            let conn = tx.conn();
            diesel::insert_into(audiences::table)
                .values((audiences::id.eq(100), audiences::kind.eq("before")))
                .execute(conn)?;
            let failed: QueryResult<()> = conn.transaction(|conn| {
                diesel::update(audiences::table.find(100)).set(audiences::kind.eq("inner")).execute(conn)?;
                conn.transaction(|conn| diesel::delete(audiences::table.find(100)).execute(conn))?;
                Err(diesel::result::Error::RollbackTransaction)
            });
            assert!(failed.is_err());
            let kind = diesel::update(audiences::table.find(100))
                .set(audiences::kind.eq("after"))
                .returning(audiences::kind)
                .get_result(conn)?;
            Ok(Outcome::Commit(kind))
        }).await.unwrap();
        assert_eq!(kind, "after");
    }

    async fn insert_once_says_whether_the_row_was_there(app: TestApp) {
        let twice = app.db().write(|tx| {
            let insert = |conn: &mut Conn| {
                diesel::insert_into(audiences::table)
                    .values((audiences::id.eq(100), audiences::kind.eq("once")))
                    .execute(conn)
            };
            let first = dialect::insert_once(tx.conn(), insert)?;
            let second = dialect::insert_once(tx.conn(), insert)?;
            // The transaction goes on after the violation.
            let count: i64 = audiences::table.filter(audiences::id.eq(100)).count().get_result(tx.conn())?;
            Ok(Outcome::Commit((first, second, count)))
        });
        assert_eq!(twice.await.unwrap(), (true, false, 1));
    }

    async fn a_violated_constraint_is_an_error_and_undoes_the_job(app: TestApp) {
        let failed: AppResult<()> = app.db().write(|tx| {
            diesel::insert_into(audiences::table)
                .values((audiences::id.eq(100), audiences::kind.eq("gone")))
                .execute(tx.conn())?;
            diesel::insert_into(audiences::table)
                .values((audiences::id.eq(1), audiences::kind.eq("twice")))
                .execute(tx.conn())?;
            Ok(Outcome::Commit(()))
        }).await;
        assert!(matches!(&failed, Err(AppError::Database(_))));
        assert_eq!(failed.unwrap_err().code(), ErrorCode::Internal);
        let gone: Option<i64> = app.db().read(|conn| {
            Ok(audiences::table.find(100).select(audiences::id).first(conn).optional()?)
        }).await.unwrap();
        assert_eq!(gone, None);
    }

    async fn readers_cannot_write_and_snapshots_stand_still(app: TestApp) {
        let seen: (i64, i64) = {
            let db = app.db().clone();
            let (inside, outside) = (std::sync::Arc::new(std::sync::Barrier::new(2)), tokio::runtime::Handle::current());
            let waiting = inside.clone();
            let reader = tokio::spawn(async move {
                db.snapshot(move |conn| {
                    let before: i64 = audiences::table.count().get_result(conn)?;
                    waiting.wait();
                    waiting.wait();
                    let after: i64 = audiences::table.count().get_result(conn)?;
                    Ok((before, after))
                }).await
            });
            let barrier = inside.clone();
            outside.spawn_blocking(move || barrier.wait()).await.unwrap();
            app.db().write(|tx| {
                diesel::insert_into(audiences::table)
                    .values((audiences::id.eq(100), audiences::kind.eq("meanwhile")))
                    .execute(tx.conn())?;
                Ok(Outcome::Commit(()))
            }).await.unwrap();
            outside.spawn_blocking(move || inside.wait()).await.unwrap();
            reader.await.unwrap().unwrap()
        };
        assert_eq!(seen, (3, 3));
        let refused = app.db().snapshot(|conn| {
            diesel::delete(audiences::table.find(100)).execute(conn)?;
            Ok(())
        }).await;
        assert!(refused.is_err());
        let epochs: i64 = app.db().read(|conn| Ok(meta::table.count().get_result(conn)?)).await.unwrap();
        assert_eq!(epochs, 1);
    }
}

#[test]
fn migrations_go_down_and_up_again() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = Target::Sqlite(folder.path().join("hearth.db"));
    assert!(migrate::run(&sqlite).unwrap() > 0);
    assert_eq!(migrate::run(&sqlite).unwrap(), 0);
    migrate::redo_all(&sqlite).unwrap();
    if let Some(database) = TestDatabase::create_empty() {
        let postgres = Target::Postgres(database.url.clone());
        assert!(migrate::run(&postgres).unwrap() > 0);
        migrate::redo_all(&postgres).unwrap();
    }
}

/// Table → column → (type in diesel's words, may be null).
type Columns = BTreeMap<String, BTreeMap<String, (String, bool)>>;

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = diesel::sql_types::Text)]
    table_name: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    column_name: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    kind: String,
    #[diesel(sql_type = diesel::sql_types::Bool)]
    nullable: bool,
}

fn columns(rows: Vec<ColumnRow>) -> Columns {
    let mut columns = Columns::new();
    for row in rows {
        let kind = match row.kind.to_lowercase().as_str() {
            "bigint" => "BigInt",
            "text" => "Text",
            "blob" | "bytea" => "Binary",
            other => panic!(
                "{}.{} is {other}, which is not portable",
                row.table_name, row.column_name
            ),
        };
        columns
            .entry(row.table_name)
            .or_default()
            .insert(row.column_name, (kind.to_owned(), row.nullable));
    }
    columns
}

/// What `schema.rs` says, read from its text.
fn columns_of_schema() -> Columns {
    let mut columns = Columns::new();
    let mut table = String::new();
    for line in include_str!("../../src/schema.rs").lines().map(str::trim) {
        if let Some((name, kind)) = line.trim_end_matches(',').split_once(" -> ")
            && !line.starts_with("diesel::")
        {
            let inner = kind
                .strip_prefix("Nullable<")
                .and_then(|kind| kind.strip_suffix('>'));
            let row = (inner.unwrap_or(kind).to_owned(), inner.is_some());
            columns
                .entry(table.clone())
                .or_default()
                .insert(name.to_owned(), row);
        } else if let Some((name, _)) = line.split_once(" (")
            && line.ends_with('{')
        {
            table = name.to_owned();
        }
    }
    columns
}

/// But for the index of words, which each has in its own way.
#[test]
fn both_databases_have_the_columns_of_the_schema() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hearth.db");
    migrate::run(&Target::Sqlite(path.clone())).unwrap();
    let mut conn = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    let rows = diesel::sql_query(
        "SELECT m.name AS table_name, c.name AS column_name, c.type AS kind, c.\"notnull\" = 0 AS nullable
         FROM sqlite_schema m JOIN pragma_table_info(m.name) c
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\'
         AND m.name NOT LIKE 'post_search%' AND m.name NOT LIKE 'message_search%'",
    )
    .load(&mut conn)
    .unwrap();
    assert_eq!(columns(rows), columns_of_schema(), "SQLite");

    if let Some(database) = TestDatabase::create() {
        let mut conn = PgConnection::establish(&database.url).unwrap();
        let rows = diesel::sql_query(
            "SELECT table_name::text, column_name::text, data_type::text AS kind, is_nullable = 'YES' AS nullable
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%'
             AND table_name NOT IN ('post_search', 'message_search')",
        )
        .load(&mut conn)
        .unwrap();
        assert_eq!(columns(rows), columns_of_schema(), "PostgreSQL");
    }
}
