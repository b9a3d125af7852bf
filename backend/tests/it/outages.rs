//! A PostgreSQL that fails in every way it has: killed, restarted, held, full of connections, cut off in the
//! middle of an answer. What was acknowledged is there once, nobody waits for ever, and all is well again soon
//! after.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use hearth::platform::db::{Db, DbError, Outcome, Sizes, Target, dialect, error::Kind};
use hearth::platform::error::{AppError, AppResult};
use hearth::platform::nodes::Nodes;
use hearth::platform::realtime::bus::LocalBus;
use hearth::platform::realtime::lanes::Lanes;
use hearth::schema::{audiences, posts};
use hearth_shared::endpoint::Nothing;
use hearth_shared::posts::{Audience, CreatePost, GetFeed, NewPost};
use hearth_shared::problem::ErrorCode;

use crate::support::postgres::TestDatabase;
use crate::support::program::{Running, program};
use crate::support::{Client, Person, TestApp, client_id, own_postgres};
use hearth_testkit::proxy::{Mood, Proxy, Way};

/// How long a request may take in the worst case: the database is asked twice, who is calling and what they want,
/// and each time it has eight seconds. The rest is for a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(20);

fn new_post(body: &str) -> NewPost {
    NewPost {
        client_id: client_id(),
        body: body.to_owned(),
        audience: Audience::Friends,
        media_ids: Vec::new(),
        shared_post_id: None,
    }
}

/// Posts, and repeats the request until it is answered; gives the `client_id` and how long the slowest try took.
async fn post_until_answered(app: &Client, person: &Person) -> (String, Duration) {
    let new = new_post("again and again");
    let slowest = until_answered(app, person, &new).await;
    (new.client_id.as_str().to_owned(), slowest)
}

/// Repeats a request, as a client does that is told to come back; gives how long the slowest try took.
async fn until_answered(app: &Client, person: &Person, new: &NewPost) -> Duration {
    let (begun, mut slowest) = (Instant::now(), Duration::ZERO);
    loop {
        let tried = Instant::now();
        let answer = app.ask(person.token(), &CreatePost {}, &Nothing, new).await;
        slowest = slowest.max(tried.elapsed());
        match answer.status {
            200 | 201 => return slowest,
            503 => assert_eq!(answer.header("retry-after"), "1"),
            _ => panic!("{answer:?}"),
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "never answered");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn is_well(app: &Client, person: &Person) {
    let end = Instant::now() + PATIENCE;
    while app
        .ask(person.token(), &GetFeed {}, &Default::default(), &Nothing)
        .await
        .status
        != 200
    {
        assert!(Instant::now() < end, "it does not get well");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn client_ids(db: &Db) -> Vec<String> {
    let query = posts::table.select(posts::client_id).order(posts::client_id);
    db.read(move |conn| Ok(query.load(conn)?)).await.unwrap()
}

#[tokio::test]
async fn sixteen_writers_lose_and_double_nothing_while_the_server_is_killed_again_and_again() {
    let Some(cluster) = own_postgres("") else { return };
    let app = Arc::new(TestApp::on_postgres(cluster.url()).await);
    let stop = Arc::new(AtomicBool::new(false));
    let mut writers = Vec::new();
    for n in 0..16 {
        let person = app.person(&format!("writer{n}")).await;
        let (app, stop) = (Arc::clone(&app), Arc::clone(&stop));
        writers.push(tokio::spawn(async move {
            let mut answered = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                answered.push(post_until_answered(&app, &person).await);
            }
            answered
        }));
    }
    let cluster = tokio::task::spawn_blocking(move || {
        for round in 0..3 {
            for _ in 0..10 {
                std::thread::sleep(Duration::from_millis(100));
                let mut admin = PgConnection::establish(&cluster.url()).unwrap();
                // Three at a time, in whatever they are doing.
                let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                            WHERE application_name = 'hearth' ORDER BY random() LIMIT 3";
                admin.batch_execute(kill).unwrap();
            }
            cluster.stop_immediate().unwrap();
            std::thread::sleep(Duration::from_millis(300 * round));
            cluster.start_again().unwrap();
        }
        std::thread::sleep(Duration::from_secs(1));
        cluster
    })
    .await
    .unwrap();
    stop.store(true, Ordering::Relaxed);
    let mut answered = Vec::new();
    for writer in writers {
        for (id, slowest) in writer.await.unwrap() {
            assert!(slowest < PATIENCE, "a request took {slowest:?}");
            answered.push(id);
        }
    }
    answered.sort_unstable();
    assert!(answered.len() > 100, "only {} posts", answered.len());
    assert_eq!(client_ids(app.db()).await, answered, "each is there once");
    drop(cluster);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_server_that_hangs_holds_nobody() {
    let Some(cluster) = own_postgres("") else { return };
    let app = TestApp::on_postgres(cluster.url()).await;
    let ada = app.person("ada").await;
    let posts: Vec<NewPost> = (0..30).map(|n| new_post(&format!("post {n}"))).collect();
    cluster.freeze().unwrap();
    let begun = Instant::now();
    let reads = (0..10).map(|_| async {
        app.ask(ada.token(), &GetFeed {}, &Default::default(), &Nothing)
            .await
            .status
    });
    let writes = posts
        .iter()
        .map(|new| async { app.ask(ada.token(), &CreatePost {}, &Nothing, new).await.status });
    let (reads, writes) = tokio::join!(
        futures_util::future::join_all(reads),
        futures_util::future::join_all(writes)
    );
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
    assert_eq!((reads, writes), (vec![503; 10], vec![503; 30]));
    cluster.thaw().unwrap();
    is_well(&app, &ada).await;
    // The outcome was unknown: those who repeat get what became of it.
    for new in &posts {
        until_answered(&app, &ada, new).await;
    }
    assert_eq!(client_ids(app.db()).await.len(), 30);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_does_not_wait_for_a_server_that_hangs() {
    let Some(cluster) = own_postgres("") else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(folder.path());
    command.env("DATABASE_URL", cluster.url());
    let mut running = Running::start(command);
    let app = Client::new(&running.base);
    let ada = app.person("ada").await;
    cluster.freeze().unwrap();
    let waiting = tokio::spawn(async move {
        app.try_ask(ada.token(), &GetFeed {}, &Default::default(), &Nothing)
            .await
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    running.signal("TERM");
    let status = tokio::task::spawn_blocking(move || running.wait(Duration::from_secs(15)));
    assert!(status.await.unwrap().success());
    // Who was waiting has been told, unless the program was gone first.
    assert!(waiting.await.unwrap().is_none_or(|answer| answer.status == 503));
    cluster.thaw().unwrap();
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_at_once_and_found_when_it_returns() {
    let Some(cluster) = own_postgres("") else { return };
    let app = TestApp::on_postgres(cluster.url()).await;
    let ada = app.person("ada").await;
    cluster.stop_immediate().unwrap();
    for _ in 0..2 {
        let begun = Instant::now();
        let answers = futures_util::future::join_all((0..40).map(|_| async {
            app.ask(ada.token(), &GetFeed {}, &Default::default(), &Nothing)
                .await
                .status
        }))
        .await;
        assert_eq!(answers, vec![503; 40]);
        assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
    }
    cluster.start_again().unwrap();
    is_well(&app, &ada).await;
    post_until_answered(&app, &ada).await;
}

#[tokio::test]
async fn a_server_that_takes_few_connections_is_used_with_few() {
    let settings = "-c max_connections=6 -c superuser_reserved_connections=0 -c max_wal_senders=0";
    let Some(cluster) = own_postgres(settings) else {
        return;
    };
    let app = TestApp::on_postgres(cluster.url()).await;
    let ada = app.person("ada").await;
    let answered = futures_util::future::join_all((0..100).map(|_| post_until_answered(&app, &ada))).await;
    assert_eq!(client_ids(app.db()).await.len(), answered.len());
}

/// A database of one connection.
fn open(url: &str, nodes: &Arc<Nodes>) -> Db {
    let bus = LocalBus::new(Arc::new(Lanes::new().0), Arc::clone(nodes));
    let target = Target::Postgres(url.to_owned());
    Db::open(target, Sizes { connections: 1 }, nodes.ids(), Arc::new(bus)).unwrap()
}

/// Writes a row, once; gives how often the job ran.
async fn insert(db: &Db, id: i64) -> (AppResult<bool>, u32) {
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    let result = db.write(move |tx| {
        counted.fetch_add(1, Ordering::Relaxed);
        let new = dialect::insert_once(tx.conn(), |conn| {
            let row = (audiences::id.eq(id), audiences::kind.eq("new"));
            diesel::insert_into(audiences::table).values(row).execute(conn)
        })?;
        Ok(Outcome::Commit(new))
    });
    (result.await, runs.load(Ordering::Relaxed))
}

/// The bytes that have come from the server; the proxy counts them a moment after it has passed them on.
async fn counted(proxy: &Proxy) -> u64 {
    let mut before = 0;
    loop {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let now = proxy.passed(Way::ToClient);
        if now == before {
            return now;
        }
        before = now;
    }
}

/// The connection is cut after each byte of the server's last answers. As long as COMMIT was not sent, the job
/// runs again and the caller hears nothing of it; when the answer to COMMIT is lost, only the caller can know what
/// to do, and finds the row when the request is repeated.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_to_commit_is_told_and_everything_before_it_is_done_again() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let (front, name) = database.url.rsplit_once('/').unwrap();
    let (user, server) = front.split_once('@').unwrap();
    let proxy = Proxy::before(&format!("http://{server}")).await;
    let through = proxy.base.replace("http://", &format!("{user}@"));
    let url = format!("{through}/{name}?sslmode=disable&gssencmode=disable");
    let (mut kept, mut lost, mut again) = (0, 0, 0);
    let nodes = Nodes::join(&Target::Postgres(database.url.clone()))
        .await
        .unwrap();
    let direct = open(&database.url, &nodes);

    let db = open(&url, &nodes);
    let connected = counted(&proxy).await;
    assert!(insert(&db, 100_000).await.0.unwrap());
    let all = counted(&proxy).await;
    drop(db);
    for (n, cut_after) in (connected + 1..all).step_by(3).chain([all - 1]).enumerate() {
        let id = 100_001 + i64::try_from(n).unwrap();
        proxy.set(Mood::CutAfter(Way::ToClient, cut_after));
        let db = open(&url, &nodes);
        proxy.set(Mood::Pass);
        let answer = insert(&db, id).await;
        // Who repeats the request finds the row, or makes it.
        let made_now = insert(&direct, id).await.0.unwrap();
        match answer {
            // The check of the connection, before anything began, may be what failed.
            (Ok(new), runs @ (1 | 2)) => {
                assert!(
                    new && !made_now,
                    "after {cut_after} of {all} bytes: {new}, {made_now}"
                );
                again += u32::from(runs == 2);
            }
            (Err(error), 1) => {
                assert_eq!(error.code(), ErrorCode::Unavailable, "{error}");
                assert!(matches!(error, AppError::Database(ref db) if db.kind() == Kind::ConnectionLost));
                *(if made_now { &mut lost } else { &mut kept }) += 1;
            }
            other => panic!("after {cut_after} of {all} bytes: {other:?}"),
        }
    }
    // COMMIT may have been on its way to the server, or its answer on the way back.
    assert!(
        kept > 5 && again > 20,
        "{kept} kept, {lost} lost, {again} done again"
    );
}

#[tokio::test]
async fn a_failure_that_a_job_forgets_is_not_acknowledged() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    let forgetful = app.db().write(|tx| {
        let row = |id: i64| (audiences::id.eq(id), audiences::kind.eq("new"));
        diesel::insert_into(audiences::table)
            .values(row(100))
            .execute(tx.conn())?;
        // There is one already, and the transaction is lost with this.
        assert!(
            diesel::insert_into(audiences::table)
                .values(row(100))
                .execute(tx.conn())
                .is_err()
        );
        Ok(Outcome::Commit(()))
    });
    assert_eq!(forgetful.await.unwrap_err().code(), ErrorCode::Internal);
    // The connection is as good as new.
    for n in 101..130 {
        assert!(insert(app.db(), n).await.0.unwrap());
    }
    assert!(insert(app.db(), 100).await.0.unwrap(), "nothing of it was kept");
}

#[tokio::test]
async fn who_waits_too_long_for_a_lock_is_told_to_come_back() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    assert!(insert(app.db(), 100).await.0.unwrap());
    let change = |db: &Db, then: Option<std::sync::mpsc::Receiver<()>>| {
        let (db, then) = (db.clone(), then.map(std::sync::Mutex::new));
        let (locked, is_locked) = tokio::sync::oneshot::channel();
        let locked = std::sync::Mutex::new(Some(locked));
        let job = tokio::spawn(async move {
            db.write(move |tx| {
                diesel::update(audiences::table.find(100))
                    .set(audiences::kind.eq("changed"))
                    .execute(tx.conn())?;
                if let Some(locked) = locked.lock().unwrap().take() {
                    locked.send(()).unwrap();
                }
                if let Some(then) = &then {
                    then.lock().unwrap().recv().unwrap();
                }
                Ok(Outcome::Commit(()))
            })
            .await
        });
        (job, is_locked)
    };
    let (release, wait) = std::sync::mpsc::channel();
    let (first, locked) = change(app.db(), Some(wait));
    locked.await.unwrap();
    let begun = Instant::now();
    let (second, _unused) = change(app.db(), None);
    let refused = second.await.unwrap().unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Unavailable);
    assert!(begun.elapsed() < Duration::from_secs(7), "{:?}", begun.elapsed());
    release.send(()).unwrap();
    first.await.unwrap().unwrap();
    // The server's own words.
    let slow = app.db().read(|conn| {
        dialect::execute(conn, "SET statement_timeout = 50")?;
        let ended = dialect::execute(conn, "SELECT pg_sleep(5)").map_err(DbError::from);
        dialect::execute(conn, "SET statement_timeout = '10s'")?;
        Ok(ended.map_err(|error| error.code()))
    });
    assert_eq!(slow.await.unwrap(), Err(ErrorCode::Unavailable));
}
