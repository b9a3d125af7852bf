//! What the statements of the search read: the index of words, or the newest rows, and never a whole table.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use hearth::platform::db::words::{Index, Round, postgres_seen, sqlite_named, sqlite_seen};
use hearth::platform::db::{Conn, Outcome};

use crate::everywhere;
use crate::support::TestApp;

#[derive(QueryableByName)]
struct SqlitePlan {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct PostgresPlan {
    #[diesel(sql_type = Text)]
    #[diesel(column_name = "QUERY PLAN")]
    plan: String,
}

/// So many rows, of which every second has a word, and a few another one; both as good as never together.
const ROWS: &str = "INSERT INTO post_search (post_id, words) SELECT n, array_to_tsvector(CASE \
    WHEN n % 1000 = 1 THEN ARRAY['rare', '_rar', '__7'] \
    WHEN n % 2 = 0 THEN ARRAY['common', '_com', '__p'] \
    ELSE ARRAY['often', '__8'] END || ARRAY(SELECT 'filler' || n % 500 || 'x' || k FROM generate_series(1, 20) k)) \
    FROM generate_series(1, 30000) n";
/// What the server does by itself, a moment later.
const TIDY: [&str; 2] = [
    "SELECT gin_clean_pending_list('post_search_words')",
    "ANALYZE post_search",
];

fn explain(conn: &mut diesel::PgConnection, round: Round, words: &str, from: i64) -> QueryResult<String> {
    let mut statement = postgres_seen(Index::Posts, round);
    for (place, value) in [
        ("$1", format!("'{}'", words.replace('\'', "''"))),
        ("$2", i64::MAX.to_string()),
        ("$3", "500".to_owned()),
        ("$4", from.to_string()),
    ] {
        statement = statement.replace(place, &value);
    }
    let rows: Vec<PostgresPlan> = diesel::sql_query(format!("EXPLAIN {statement}")).load(conn)?;
    let lines: Vec<String> = rows.into_iter().map(|row| row.plan).collect();
    Ok(lines.join("\n"))
}

everywhere! {
    async fn a_search_reads_its_index_and_no_more(app: TestApp) {
        app.db().write(|tx| {
            match tx.conn() {
                Conn::Sqlite(conn) => {
                    for index in [Index::Posts, Index::Messages] {
                        let rows: Vec<SqlitePlan> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {}", sqlite_seen(index)))
                            .bind::<Text, _>("\"common\" AND (\"__7\" OR \"__p\")")
                            .bind::<BigInt, _>(i64::MAX)
                            .bind::<BigInt, _>(100)
                            .load(conn)?;
                        let plan: Vec<String> = rows.into_iter().map(|row| row.detail).collect();
                        // The match and the cursor go to FTS5, which gives its rows in the order that is asked for.
                        assert!(plan.len() == 1 && plan[0].contains("VIRTUAL TABLE INDEX 192:M1<"), "{plan:?}");
                        let rows: Vec<SqlitePlan> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {}", sqlite_named(index)))
                            .bind::<Text, _>("garde")
                            .bind::<Text, _>("garde\u{10ffff}")
                            .bind::<BigInt, _>(65)
                            .load(conn)?;
                        let plan: Vec<String> = rows.into_iter().map(|row| row.detail).collect();
                        let looks = plan.iter().filter(|line| line.contains("_terms VIRTUAL TABLE INDEX"));
                        // 0x201: from a word on. 0 would be all of them.
                        let looks: Vec<bool> = looks.map(|line| line.contains("INDEX 513:")).collect();
                        assert_eq!(looks, [true, true], "{plan:?}");
                    }
                }
                Conn::Postgres(conn) => {
                    diesel::sql_query(ROWS).execute(conn)?;
                    for statement in TIDY {
                        diesel::sql_query(statement).execute(conn)?;
                    }
                    for (round, words) in [
                        (Round::Any(500), "'rare'"),
                        (Round::Any(500), "'_rar'"),
                        (Round::Any(500), "'common' & 'often'"),
                        (Round::Marked(500), "'rare' & ('__7' | '__8')"),
                        (Round::Marked(500), "'common' & ('__1' | '__2' | '__3' | '__4' | '__5')"),
                    ] {
                        let plan = explain(conn, round, words, 0)?;
                        assert!(plan.contains("Bitmap Index Scan on post_search_words"), "{words}: {plan}");
                        assert!(!plan.contains("post_search_pkey") && !plan.contains("Seq Scan"), "{words}: {plan}");
                    }
                    // With or without the index of words: rows outside of the stretch are not read.
                    let plan = explain(conn, Round::Stretch(500), "'common'", 29_000)?;
                    assert!(plan.contains("Scan on post_search_pkey") || plan.contains("Scan using post_search_pkey"), "{plan}");
                    for words in ["'rare'", "'common'", "'often':*"] {
                        let plan = explain(conn, Round::Newest(500), words, 0)?;
                        assert!(plan.contains("Index Scan Backward using post_search_pkey"), "{words}: {plan}");
                        assert!(!plan.contains("Seq Scan on post_search") && !plan.contains("Bitmap"), "{words}: {plan}");
                    }
                }
            }
            Ok(Outcome::RollBack(()))
        }).await.unwrap();
    }
}
