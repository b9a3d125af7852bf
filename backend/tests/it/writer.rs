//! The SQLite writer's promises: jobs that share a commit do not share their fate, until the disk fails; then
//! everybody is told the truth.

use std::sync::Arc;
use std::time::Duration;

use diesel::prelude::*;
use diesel::{dsl, sql_types};
use hearth::platform::db::{Db, Outcome, Target, dialect};
use hearth::platform::error::AppResult;
use hearth::schema::audiences;
use hearth_shared::endpoint::Nothing;
use hearth_shared::page::PageQuery;
use hearth_shared::posts::{Audience, CreatePost, GetFeed, NewPost};
use hearth_shared::problem::ErrorCode;
use tokio::task::JoinHandle;

use crate::support::{TestApp, client_id};

/// Holds the writer until released, so that the jobs sent meanwhile become one batch.
struct Gate {
    release: std::sync::mpsc::Sender<()>,
    job: JoinHandle<AppResult<()>>,
}

async fn hold(db: &Db) -> Gate {
    let (release, wait) = std::sync::mpsc::channel::<()>();
    let wait = Arc::new(std::sync::Mutex::new(wait));
    let (started, running) = tokio::sync::oneshot::channel::<()>();
    let started = Arc::new(std::sync::Mutex::new(Some(started)));
    let db = db.clone();
    let job = tokio::spawn(async move {
        db.write(move |_tx| {
            if let Some(started) = started.lock().unwrap().take() {
                started.send(()).unwrap();
            }
            wait.lock().unwrap().recv().unwrap();
            Ok(Outcome::RollBack(()))
        })
        .await
    });
    running.await.unwrap();
    Gate { release, job }
}

impl Gate {
    async fn open(self) {
        // The jobs must be in the queue.
        tokio::time::sleep(Duration::from_millis(50)).await;
        self.release.send(()).unwrap();
        self.job.await.unwrap().unwrap();
    }
}

fn insert(db: &Db, id: i64, size: usize) -> JoinHandle<AppResult<i64>> {
    let db = db.clone();
    tokio::spawn(async move {
        db.write(move |tx| {
            diesel::insert_into(audiences::table)
                .values((audiences::id.eq(id), audiences::kind.eq("x".repeat(size))))
                .execute(tx.conn())?;
            Ok(Outcome::Commit(id))
        })
        .await
    })
}

async fn ids(db: &Db) -> Vec<i64> {
    let query = audiences::table
        .filter(audiences::id.ge(100))
        .order(audiences::id)
        .select(audiences::id);
    db.read(move |conn| Ok(query.load(conn)?)).await.unwrap()
}

/// Lets the file grow by some pages only, for as long as the writer's connection lives.
async fn limit_pages(db: &Db, more: i64) {
    let pages = dsl::sql::<sql_types::BigInt>("(SELECT page_count FROM pragma_page_count())");
    db.write(move |tx| {
        let pages: i64 = diesel::select(pages.clone()).get_result(tx.conn())?;
        dialect::execute(tx.conn(), &format!("PRAGMA max_page_count = {}", pages + more))?;
        Ok(Outcome::Commit(()))
    })
    .await
    .unwrap();
}

/// The rows that a program would find that starts after a `kill -9` at this moment: what is in the files, read
/// from a copy of them.
fn ids_after_a_kill(db: &Db) -> Vec<i64> {
    let Target::Sqlite(path) = db.target() else {
        panic!("not SQLite")
    };
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("hearth.db");
    std::fs::copy(path, &copy).unwrap();
    std::fs::copy(path.with_extension("db-wal"), folder.path().join("hearth.db-wal")).unwrap();
    let mut conn = SqliteConnection::establish(copy.to_str().unwrap()).unwrap();
    audiences::table
        .filter(audiences::id.ge(100))
        .order(audiences::id)
        .select(audiences::id)
        .load(&mut conn)
        .unwrap()
}

#[tokio::test]
async fn a_job_that_fails_or_panics_leaves_its_neighbours_alone() {
    let app = TestApp::sqlite().await;
    let gate = hold(app.db()).await;
    let first = insert(app.db(), 100, 1);
    let twin = insert(app.db(), 1, 1);
    let db = app.db().clone();
    let panics: JoinHandle<AppResult<()>> = tokio::spawn(async move {
        db.write(|tx| {
            diesel::insert_into(audiences::table)
                .values((audiences::id.eq(101), audiences::kind.eq("lost")))
                .execute(tx.conn())?;
            // Inside a savepoint of its own, so that the writer must find its way back over two of them.
            tx.conn()
                .transaction::<(), diesel::result::Error, _>(|_conn| panic!("on purpose"))?;
            Ok(Outcome::Commit(()))
        })
        .await
    });
    let last = insert(app.db(), 102, 1);
    gate.open().await;

    assert_eq!(first.await.unwrap().unwrap(), 100);
    assert_eq!(twin.await.unwrap().unwrap_err().code(), ErrorCode::Internal);
    assert_eq!(panics.await.unwrap().unwrap_err().code(), ErrorCode::Internal);
    assert_eq!(last.await.unwrap().unwrap(), 102);
    assert_eq!(ids(app.db()).await, [100, 102]);
    assert_eq!(ids_after_a_kill(app.db()), [100, 102]);
}

#[tokio::test]
async fn a_full_disk_ends_the_batch_and_everybody_is_told() {
    let app = TestApp::sqlite().await;
    assert_eq!(insert(app.db(), 100, 1).await.unwrap().unwrap(), 100);
    limit_pages(app.db(), 0).await;

    let gate = hold(app.db()).await;
    let small = insert(app.db(), 101, 1);
    let large = insert(app.db(), 102, 1_000_000);
    let later = insert(app.db(), 103, 1);
    gate.open().await;
    // Nothing of the batch was kept, and everybody is told so.
    for job in [small, large, later] {
        assert_eq!(
            job.await.unwrap().unwrap_err().code(),
            ErrorCode::InsufficientStorage
        );
    }
    assert_eq!(ids(app.db()).await, [100]);
    assert_eq!(ids_after_a_kill(app.db()), [100]);

    // The writer has a new connection and goes on.
    assert_eq!(insert(app.db(), 104, 1_000_000).await.unwrap().unwrap(), 104);
    assert_eq!(ids(app.db()).await, [100, 104]);
    assert_eq!(ids_after_a_kill(app.db()), [100, 104]);
}

/// The same from outside: people write until the disk is full, and are told; what was answered stays.
#[tokio::test]
async fn a_full_disk_is_told_to_those_who_write() {
    let app = TestApp::sqlite().await;
    let ada = app.person("ada").await;
    limit_pages(app.db(), 20).await;
    let mut kept = Vec::new();
    let refused = loop {
        let new = NewPost {
            client_id: client_id(),
            body: "x".repeat(9_000),
            audience: Audience::Friends,
            media_ids: Vec::new(),
            shared_post_id: None,
        };
        match ada.call(&app, &CreatePost {}, &new).await {
            Ok(post) => kept.push(post),
            Err(code) => break code,
        }
    };
    assert_eq!(refused, ErrorCode::InsufficientStorage);
    assert!(!kept.is_empty());
    kept.reverse();
    let query = PageQuery {
        limit: Some(100),
        cursor: None,
    };
    assert_eq!(
        ada.call_with(&app, &GetFeed {}, &query, &Nothing)
            .await
            .unwrap()
            .items,
        kept
    );
    // The new connection has no limit: people write on, without a restart.
    ada.post(&app, "there is space again").await;
}

#[tokio::test]
async fn a_panic_while_reading_costs_one_answer() {
    let app = TestApp::sqlite().await;
    for _ in 0..20 {
        let panicked: AppResult<()> = app.db().snapshot(|_conn| panic!("on purpose")).await;
        assert_eq!(panicked.unwrap_err().code(), ErrorCode::Internal);
    }
    assert_eq!(ids(app.db()).await, [] as [i64; 0]);
}

#[tokio::test]
async fn the_queue_is_bounded() {
    let app = TestApp::sqlite().await;
    let gate = hold(app.db()).await;
    let jobs: Vec<_> = (0..2_000).map(|n| insert(app.db(), 1_000 + n, 1)).collect();
    gate.open().await;
    let (mut done, mut refused) = (Vec::new(), 0);
    for job in jobs {
        match job.await.unwrap() {
            Ok(id) => done.push(id),
            Err(error) => {
                assert_eq!(error.code(), ErrorCode::Unavailable);
                refused += 1;
            }
        }
    }
    assert!(refused > 0, "2,000 jobs do not fit into the queue");
    done.sort_unstable();
    assert_eq!(
        ids(app.db()).await,
        done,
        "exactly those that were answered are there"
    );
}
