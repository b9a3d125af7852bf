//! Work after the answer: done once by whoever is free, again when a node died with it, later and later when it
//! fails, and never when what left it was undone.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hearth::platform::db::{Db, Outcome};
use hearth::platform::error::AppError;
use hearth::platform::jobs::{self, Bell, Failed, Handler, Job, Periodic, Terms, Worker, store};
use hearth_shared::ids::{Id, JobId};
use hearth_shared::problem::ErrorCode;

use crate::everywhere;
use crate::support::TestApp;

const KIND: &str = "test";

/// Notes what it is given; fails or hangs as it is told.
#[derive(Default)]
struct Notes {
    seen: Mutex<Vec<(u32, u32)>>,
    hangs: AtomicBool,
    failures: AtomicU32,
    slow: Duration,
}

impl Notes {
    fn seen(&self) -> Vec<(u32, u32)> {
        self.seen.lock().unwrap().clone()
    }
}

impl Handler for Notes {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn run<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Result<(), Failed>> {
        async move {
            let number = job.payload::<Option<u32>>()?.unwrap_or_default();
            self.seen.lock().unwrap().push((number, job.attempt));
            if self.hangs.load(Ordering::SeqCst) {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(self.slow).await;
            if self.failures.load(Ordering::SeqCst) > 0 {
                self.failures.fetch_sub(1, Ordering::SeqCst);
                return Err(Failed::Again("not now".into()));
            }
            Ok(())
        }
        .boxed()
    }
}

fn terms() -> Terms {
    Terms {
        poll: Duration::from_millis(20),
        first_pause: Duration::from_millis(1),
        longest_pause: Duration::from_millis(20),
        attempts: 3,
        patience: Duration::from_millis(200),
        ..Terms::default()
    }
}

fn worker(db: &Db, name: &str, handler: &Arc<Notes>, terms: Terms) -> Arc<Worker> {
    let handler = Arc::clone(handler) as Arc<dyn Handler>;
    Worker::new(
        db.clone(),
        name,
        vec![handler],
        Vec::new(),
        Bell::default(),
        terms,
    )
}

/// One database handle for each of two workers: on two nodes where there are two.
fn two(app: &TestApp) -> [Db; 2] {
    let nodes = app.servers();
    [nodes[0].db.clone(), nodes[nodes.len() - 1].db.clone()]
}

async fn leave(app: &TestApp, numbers: std::ops::Range<u32>) {
    let left = app.db().write(move |tx| {
        numbers
            .clone()
            .try_for_each(|number| jobs::enqueue(tx, KIND, &number))
            .map(Outcome::Commit)
    });
    left.await.unwrap();
}

/// Rows of this kind, dead ones too.
async fn rows(app: &TestApp) -> i64 {
    use diesel::prelude::*;
    use hearth::schema::jobs;
    let count = app
        .db()
        .read(|conn| Ok(jobs::table.filter(jobs::kind.eq(KIND)).count().get_result(conn)?));
    count.await.unwrap()
}

async fn until(what: &str, mut so: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !so().await {
        assert!(Instant::now() < end, "never: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

everywhere! {
    async fn two_nodes_do_each_job_once(app: TestApp) {
        let notes = Arc::new(Notes::default());
        for (number, db) in two(&app).iter().enumerate() {
            tokio::spawn(worker(db, &format!("node-{number}"), &notes, terms()).run());
        }
        leave(&app, 0..60).await;
        until("all done", async || rows(&app).await == 0).await;
        let mut seen = notes.seen();
        seen.sort_unstable();
        let once: Vec<_> = (0..60).map(|number| (number, 1)).collect();
        assert_eq!(seen, once);
    }

    async fn what_a_dead_node_had_taken_is_done_by_another(app: TestApp) {
        let [here, there] = two(&app);
        let short = Terms { lease: Duration::from_millis(600), ..terms() };
        let first = Arc::new(Notes { hangs: AtomicBool::new(true), ..Notes::default() });
        let dying = tokio::spawn(worker(&here, "dying", &first, short.clone()).run());
        leave(&app, 7..8).await;
        until("taken", async || !first.seen().is_empty()).await;
        dying.abort();
        let second = Arc::new(Notes::default());
        tokio::spawn(worker(&there, "living", &second, short).run());
        until("done", async || rows(&app).await == 0).await;
        assert_eq!(first.seen(), [(7, 1)]);
        assert_eq!(second.seen(), [(7, 2)], "by the other, once");
    }

    async fn a_job_that_takes_longer_than_its_lease_is_not_taken_from_whoever_does_it(app: TestApp) {
        let short = Terms { lease: Duration::from_millis(900), ..terms() };
        let notes = Arc::new(Notes { slow: Duration::from_secs(3), ..Notes::default() });
        for (number, db) in two(&app).iter().enumerate() {
            tokio::spawn(worker(db, &format!("node-{number}"), &notes, short.clone()).run());
        }
        leave(&app, 1..2).await;
        until("done", async || rows(&app).await == 0).await;
        assert_eq!(notes.seen(), [(1, 1)]);
    }

    async fn a_node_that_stops_gives_its_work_back_at_once(app: TestApp) {
        let [here, there] = two(&app);
        // With the usual lease of a minute: the other one does not wait for its end.
        let first = Arc::new(Notes { hangs: AtomicBool::new(true), ..Notes::default() });
        let stopping = worker(&here, "stopping", &first, terms());
        tokio::spawn(Arc::clone(&stopping).run());
        leave(&app, 5..6).await;
        until("taken", async || !first.seen().is_empty()).await;
        stopping.stop().await;
        let second = Arc::new(Notes::default());
        tokio::spawn(worker(&there, "living", &second, terms()).run());
        until("done", async || rows(&app).await == 0).await;
        assert_eq!(second.seen(), [(5, 1)], "the attempt that was cut off does not count");
    }

    async fn what_fails_is_tried_again_then_dead_then_the_hosts(app: TestApp) {
        let notes = Arc::new(Notes { failures: AtomicU32::new(3), ..Notes::default() });
        tokio::spawn(worker(&two(&app)[0], "node", &notes, terms()).run());
        leave(&app, 9..10).await;
        let dead = async || app.db().read(|conn| Ok(store::dead(conn, 0, 10)?)).await.unwrap();
        until("dead", async || !dead().await.is_empty()).await;
        assert_eq!(notes.seen(), [(9, 1), (9, 2), (9, 3)]);
        let buried = dead().await;
        assert_eq!((buried[0].kind.as_str(), buried[0].attempts), (KIND, 3));
        assert_eq!(buried[0].last_error.as_deref(), Some("not now"));
        assert_eq!(app.db().read(|conn| Ok(store::count_dead(conn)?)).await.unwrap(), 1);
        let id = JobId::new(buried[0].id);
        let retried = app.db().write(move |tx| Ok(Outcome::Commit(store::retry(tx.conn(), id)?))).await;
        assert!(retried.unwrap());
        until("done", async || rows(&app).await == 0).await;
        assert_eq!(notes.seen().len(), 4);
    }

    async fn an_undone_transaction_leaves_no_work(app: TestApp) {
        let undone = app.db().write(|tx| {
            jobs::enqueue(tx, KIND, &1)?;
            Err::<Outcome<()>, _>(AppError::from(ErrorCode::NotFound))
        });
        assert!(undone.await.is_err());
        assert_eq!(rows(&app).await, 0);
        let again = async || {
            let once = app.db().write(|tx| Ok(Outcome::Commit(jobs::enqueue_once(tx, KIND, "a key", &1)?)));
            once.await.unwrap()
        };
        assert!(again().await);
        assert!(!again().await, "it waits already");
        assert_eq!(rows(&app).await, 1);
        let withdrawn = app.db().write(|tx| Ok(Outcome::Commit(jobs::withdraw(tx, KIND, "a key")?)));
        assert!(withdrawn.await.unwrap());
        assert!(again().await, "the key is free again");
    }

    async fn a_crowd_is_left_at_once_each_key_once_and_waits_for_others(app: TestApp) {
        let crowd = async || {
            let crowd = app.db().write(|tx| {
                let crowd: Vec<(String, u32)> = (0..301).map(|number| ((number % 300).to_string(), number)).collect();
                Ok(Outcome::Commit(jobs::enqueue_many_once(tx, KIND, &crowd)?))
            });
            crowd.await.unwrap()
        };
        assert_eq!(crowd().await, 300);
        assert_eq!(crowd().await, 0, "they wait already");
        leave(&app, 900..901).await;
        let notes = Arc::new(Notes::default());
        let one_by_one = Terms { at_once: 1, ..terms() };
        tokio::spawn(worker(&two(&app)[0], "node", &notes, one_by_one).run());
        until("all done", async || rows(&app).await == 0).await;
        let mut seen = notes.seen();
        assert_eq!(seen.remove(0), (900, 1), "what somebody waits for comes first");
        assert_eq!(seen, (0..300).map(|number| (number, 1)).collect::<Vec<_>>());
        let many = app.db().write(|tx| {
            let many: Vec<u32> = (0..600).collect();
            jobs::enqueue_many(tx, KIND, &many).map(Outcome::Commit)
        });
        many.await.unwrap();
        until("all done", async || notes.seen().len() == 901).await;
    }

    async fn periodic_work_is_seeded_once_and_comes_back(app: TestApp) {
        let notes = Arc::new(Notes::default());
        for (number, db) in two(&app).iter().enumerate() {
            let handler = Arc::clone(&notes) as Arc<dyn Handler>;
            let periodic = vec![Periodic { handler, every: Duration::from_millis(50) }];
            let worker = Worker::new(
                db.clone(), &format!("node-{number}"), Vec::new(), periodic, Bell::default(), terms(),
            );
            tokio::spawn(worker.run());
        }
        until("three times", async || notes.seen().len() >= 3).await;
        assert_eq!(rows(&app).await, 1);
        assert!(notes.seen().iter().all(|(_, attempt)| *attempt == 1));
    }
}
