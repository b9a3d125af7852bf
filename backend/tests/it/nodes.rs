//! Several programs on one PostgreSQL: each has a number of its own, keeps it while it is there, and writes
//! nothing when it cannot be sure of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use hearth::platform::clock;
use hearth::platform::db::{Db, Outcome, Sizes, Target};
use hearth::platform::error::AppResult;
use hearth::platform::nodes::{Nodes, Terms};
use hearth::platform::realtime::bus::LocalBus;
use hearth::platform::realtime::lanes::Lanes;
use hearth::schema::{audiences, nodes};
use hearth_shared::ids::{Id, PostId};
use hearth_shared::problem::ErrorCode;
use hearth_shared::time::Timestamp;

use crate::support::TestApp;
use crate::support::postgres::TestDatabase;

fn target(database: &TestDatabase) -> Target {
    Target::Postgres(database.url.clone())
}

/// Short, so that a lease can end in a test.
fn short() -> Terms {
    Terms {
        lease: Duration::from_secs(4),
        renew_every: Duration::from_millis(100),
        spare: Duration::from_secs(2),
        ..Terms::default()
    }
}

async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(Instant::now() < end, "not in time: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn sql(database: &TestDatabase, statement: &str) {
    let mut conn = PgConnection::establish(&database.url).unwrap();
    conn.batch_execute(statement).unwrap();
}

fn open(database: &TestDatabase, nodes: &Arc<Nodes>) -> Db {
    let bus = LocalBus::new(Arc::new(Lanes::new().0), Arc::clone(nodes));
    Db::open(target(database), Sizes::default(), nodes.ids(), Arc::new(bus)).unwrap()
}

async fn write(db: &Db) -> AppResult<i64> {
    db.write(|tx| {
        let id = tx.new_id::<PostId>().get();
        let row = (audiences::id.eq(id), audiences::kind.eq("new"));
        diesel::insert_into(audiences::table)
            .values(row)
            .execute(tx.conn())?;
        Ok(Outcome::Commit(id))
    })
    .await
}

#[tokio::test]
async fn those_who_come_at_once_have_different_numbers_and_know_each_other() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let target = target(&database);
    let joined = futures_util::future::join_all((0..24).map(|_| Nodes::join(&target))).await;
    let all: Vec<_> = joined.into_iter().map(Result::unwrap).collect();
    let mut numbers: Vec<u16> = all.iter().map(|node| node.number()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..24).collect::<Vec<_>>());
    let last = Nodes::join_on(&target, short()).await.unwrap();
    assert_eq!(last.number(), 24);
    let mut keys: Vec<String> = all.iter().map(|node| node.key().to_owned()).collect();
    let mut others = last.others();
    keys.sort_unstable();
    others.sort_unstable();
    assert_eq!(others, keys);
    assert!(last.problems().is_empty() && last.may_make_ids());

    // Who leaves is gone for the others, and its number rests.
    for node in &all[..23] {
        node.leave().await;
        assert!(!node.may_make_ids());
    }
    let running = tokio::spawn(Arc::clone(&last).run());
    until("only one other is left", || last.others() == [all[23].key()]).await;
    assert_eq!(Nodes::join(&target).await.unwrap().number(), 25);
    last.leave().await;
    tokio::time::timeout(Duration::from_secs(5), running)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn a_number_rests_for_two_minutes_and_the_oldest_goes_first() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let now = "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::BIGINT";
    sql(
        &database,
        &format!(
            "INSERT INTO nodes (number, key, leased_until, ids_until) VALUES
             (0, 'a', {now} - 100000, 0), (1, 'b', {now} - 125000, 0), (2, 'c', {now} - 180000, 0),
             (3, 'd', {now} + 30000, 0), (5, 'ahead', {now} - 999000, {now} + 600000)"
        ),
    );
    let mut numbers = Vec::new();
    for _ in 0..4 {
        numbers.push(Nodes::join(&target(&database)).await.unwrap().number());
    }
    assert_eq!(numbers, [2, 1, 4, 6]);
    let rows = "INSERT INTO nodes SELECT n, 'x', 9999999999999, 0 FROM generate_series(0, 1023) n
                ON CONFLICT DO NOTHING";
    sql(&database, rows);
    let Err(refused) = Nodes::join(&target(&database)).await else {
        panic!("there was a number left")
    };
    assert!(refused.to_string().contains("numbers"), "{refused}");
}

#[tokio::test]
async fn nothing_is_written_at_the_end_of_a_lease_until_it_is_renewed() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let node = Nodes::join_on(&target(&database), short()).await.unwrap();
    let db = open(&database, &node);
    write(&db).await.unwrap();
    // Nobody renews it.
    until("the lease ends", || !node.may_make_ids()).await;
    assert_eq!(write(&db).await.unwrap_err().code(), ErrorCode::Unavailable);
    assert_eq!(node.problems(), ["the lease of this node's number has ended"]);
    // The database lends it for longer than the program believes.
    let left: i64 = db
        .read(|conn| {
            let until: i64 = nodes::table.select(nodes::leased_until).first(conn)?;
            Ok(until - hearth::platform::db::dialect::database_now(conn)?)
        })
        .await
        .unwrap();
    assert!(left > 1_000, "{left} ms");
    let running = tokio::spawn(Arc::clone(&node).run());
    until("it is renewed", || node.may_make_ids()).await;
    write(&db).await.unwrap();
    assert!(node.problems().is_empty());
    assert_eq!(node.number(), 0, "the same as before: nobody else had it");
    running.abort();
}

#[tokio::test]
async fn a_number_that_somebody_else_has_is_replaced_and_ids_go_on() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let node = Nodes::join_on(&target(&database), short()).await.unwrap();
    let db = open(&database, &node);
    let running = tokio::spawn(Arc::clone(&node).run());
    let mut ids = vec![write(&db).await.unwrap()];
    for lost in 0..3 {
        assert_eq!(node.number(), lost);
        sql(
            &database,
            &format!("UPDATE nodes SET key = 'x' WHERE number = {lost}"),
        );
        until("another number", || node.number() == lost + 1).await;
        ids.push(write(&db).await.unwrap());
    }
    assert!(ids.is_sorted(), "{ids:?}");
    let numbers: Vec<i64> = ids.iter().map(|id| (id >> 12) & 0x3ff).collect();
    assert_eq!(numbers, [0, 1, 2, 3]);
    running.abort();
}

#[tokio::test]
async fn renewing_survives_a_database_that_goes_away_and_returns() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let node = Nodes::join_on(&target(&database), short()).await.unwrap();
    let running = tokio::spawn(Arc::clone(&node).run());
    let name = database.url.rsplit_once('/').unwrap().1.to_owned();
    let (server, _) = database.url.rsplit_once('/').unwrap();
    let admin = |statement: &str| {
        let mut conn = PgConnection::establish(&format!("{server}/postgres")).unwrap();
        conn.batch_execute(statement).unwrap();
    };
    for _ in 0..5 {
        database.cut_connections();
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    admin(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false"));
    database.cut_connections();
    until("the lease ends", || !node.may_make_ids()).await;
    assert!(!running.is_finished());
    admin(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true"));
    until("it is renewed", || node.may_make_ids()).await;
    // Even its table may go for a while.
    sql(&database, "ALTER TABLE nodes RENAME TO elsewhere");
    until("the lease ends", || !node.may_make_ids()).await;
    sql(&database, "ALTER TABLE elsewhere RENAME TO nodes");
    until("it is renewed", || node.may_make_ids()).await;
    assert_eq!(node.number(), 0);
    running.abort();
}

#[tokio::test]
async fn a_clock_that_is_not_the_databases_is_a_problem_until_it_is_set() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let offset = Arc::new(AtomicI64::new(0));
    let wrong = Arc::clone(&offset);
    let terms = Terms {
        wall: Arc::new(move || {
            Timestamp::from_millis(clock::wall().as_millis() + wrong.load(Ordering::Relaxed))
        }),
        ..short()
    };
    let node = Nodes::join_on(&target(&database), terms).await.unwrap();
    let running = tokio::spawn(Arc::clone(&node).run());
    let is_judged = |words: &str| {
        let problems = node.problems();
        match problems.as_slice() {
            [] => words.is_empty(),
            // The round trip is counted in favour of the clock.
            [problem] => !words.is_empty() && problem.contains(words) && problem.contains("clock is"),
            _ => false,
        }
    };
    for (milliseconds, words) in [
        (0, ""),
        (300_000, "s ahead of the database's"),
        (-29_000, ""),
        (-3_600_000, "s behind the database's"),
        (29_000, ""),
    ] {
        offset.store(milliseconds, Ordering::Relaxed);
        until(words, || is_judged(words)).await;
        assert!(node.may_make_ids(), "ids need no right clock");
    }
    running.abort();
}

#[tokio::test]
async fn alone_on_sqlite() {
    let app = TestApp::sqlite().await;
    assert_eq!(app.servers()[0].nodes.number(), 0);
    assert!(
        app.servers()[0].nodes.may_make_ids()
            && app.servers()[0].nodes.problems().is_empty()
            && app.servers()[0].nodes.others().is_empty()
    );
    assert_eq!(app.servers()[0].nodes.key().len(), 32);
}

#[tokio::test]
async fn a_server_has_a_number_on_postgres() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    assert_eq!(app.servers()[0].nodes.number(), 0);
    assert!(app.servers()[0].nodes.problems().is_empty());
}
