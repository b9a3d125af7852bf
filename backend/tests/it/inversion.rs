//! The order of commits is not the order in which places are taken. A transaction that has its position and
//! lingers before COMMIT makes no reader skip, and nobody wait who writes somewhere else. A reader that goes by ids
//! would skip: that is shown too.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use hearth::features::conversations::service;
use hearth::platform::db::{Db, Outcome};
use hearth::platform::error::AppResult;
use hearth::platform::extract::Actor;
use hearth::platform::reply::Created;
use hearth::schema::messages;
use hearth_shared::conversations::{Message, NewMessage};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{ConversationId, Id};
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::{EventsQuery, ListConversationEvents};
use hearth_shared::valid::Valid;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::everywhere;
use crate::support::{Person, TestApp, client_id};

/// How long the slow transaction keeps what it has taken.
const LINGERS: Duration = Duration::from_secs(2);

/// Two conversations of one person, each of which has begun.
struct World {
    app: Arc<TestApp>,
    ada: Person,
    bob: Person,
    cem: Person,
    with_bob: ConversationId,
    with_cem: ConversationId,
}

impl World {
    async fn new(app: TestApp) -> Self {
        let (ada, bob, cem) = (
            app.person("ada").await,
            app.person("bob").await,
            app.person("cem").await,
        );
        app.befriend(&ada, &bob).await;
        app.befriend(&ada, &cem).await;
        let with_bob = ada.open(&app, &bob).await.id;
        let with_cem = ada.open(&app, &cem).await.id;
        for conversation in [with_bob, with_cem] {
            ada.say(&app, conversation, "hello").await.unwrap();
        }
        Self {
            app: Arc::new(app),
            ada,
            bob,
            cem,
            with_bob,
            with_cem,
        }
    }

    /// Sends as the server does, and lingers between the last statement and COMMIT, or ROLLBACK. Comes back when
    /// the position is taken.
    async fn send_slowly(
        &self,
        person: &Person,
        conversation: ConversationId,
        keep: bool,
    ) -> JoinHandle<AppResult<Message>> {
        let actor = Actor {
            user_id: person.id(),
            session_id: person.session.session_id,
        };
        let new = NewMessage {
            client_id: client_id(),
            body: "slowly".to_owned(),
            reply_to_id: None,
            media_ids: Vec::new(),
        };
        let new = Valid::check(new).unwrap();
        let (taken, is_taken) = oneshot::channel();
        let taken = std::sync::Mutex::new(Some(taken));
        let db = self.app.db().clone();
        let job = tokio::spawn(async move {
            db.write(move |tx| {
                let outcome = service::send(tx, &actor, conversation, &new)?;
                // Nobody waits for it the second time.
                if let Some(taken) = taken.lock().unwrap().take() {
                    taken.send(()).unwrap();
                }
                std::thread::sleep(LINGERS);
                match outcome {
                    Outcome::Commit(Created::New(message)) if keep => Ok(Outcome::Commit(message)),
                    _ => Err(ErrorCode::Forbidden.into()),
                }
            })
            .await
        });
        is_taken.await.unwrap();
        job
    }

    fn say(
        &self,
        person: &Person,
        conversation: ConversationId,
        body: &str,
    ) -> JoinHandle<(Message, Duration)> {
        let (app, person, body) = (Arc::clone(&self.app), person.clone(), body.to_owned());
        tokio::spawn(async move {
            let begun = Instant::now();
            let message = person.say(&app, conversation, &body).await.unwrap();
            (message, begun.elapsed())
        })
    }
}

/// Polls a stream, each time after what it has seen, until it is told to stop; gives the positions it saw.
struct Reader {
    stop: Arc<AtomicBool>,
    seen: JoinHandle<Vec<i64>>,
}

impl Reader {
    /// By position, as clients do.
    fn by_position(world: &World, person: &Person, conversation_id: ConversationId) -> Self {
        let (app, person) = (Arc::clone(&world.app), person.clone());
        Self::polling(move |after| {
            let (app, person) = (Arc::clone(&app), person.clone());
            async move {
                let query = EventsQuery {
                    after: u64::try_from(after).unwrap(),
                    limit: None,
                };
                let endpoint = ListConversationEvents { conversation_id };
                let page = person.call_with(&app, &endpoint, &query, &Nothing).await.unwrap();
                page.items
                    .iter()
                    .map(|item| i64::try_from(item.seq).unwrap())
                    .collect()
            }
        })
    }

    /// By id, as it must not be done.
    fn by_id(db: &Db) -> Self {
        let db = db.clone();
        Self::polling(move |after| {
            let newer = messages::table
                .filter(messages::id.gt(after))
                .order(messages::id)
                .select(messages::id);
            let db = db.clone();
            async move { db.read(move |conn| Ok(newer.load(conn)?)).await.unwrap() }
        })
    }

    fn polling<F>(poll: impl Fn(i64) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Vec<i64>> + Send,
    {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let seen = tokio::spawn(async move {
            let mut seen: Vec<i64> = Vec::new();
            loop {
                let last = stopped.load(Ordering::SeqCst);
                seen.extend(poll(seen.last().copied().unwrap_or(0)).await);
                if last {
                    return seen;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        });
        Self { stop, seen }
    }

    /// Reads once more, then ends.
    async fn end(self) -> Vec<i64> {
        self.stop.store(true, Ordering::SeqCst);
        self.seen.await.unwrap()
    }
}

everywhere! {
    async fn a_slow_commit_makes_no_reader_skip_and_nobody_wait_elsewhere(app: TestApp) {
        let world = World::new(app).await;
        let on_postgres = matches!(world.app.db().target(), hearth::platform::db::Target::Postgres(_));
        let readers = [
            Reader::by_position(&world, &world.bob, world.with_bob),
            Reader::by_position(&world, &world.ada, world.with_bob),
            Reader::by_position(&world, &world.cem, world.with_cem),
        ];
        let slow = world.send_slowly(&world.ada, world.with_bob, true).await;
        // Meanwhile, in the same conversation and in another one, by the same person too.
        let same = world.say(&world.bob, world.with_bob, "behind it");
        let elsewhere = [
            world.say(&world.cem, world.with_cem, "one"),
            world.say(&world.ada, world.with_cem, "two"),
        ];
        for said in elsewhere {
            let (_, took) = said.await.unwrap();
            if on_postgres {
                assert!(took < LINGERS / 2, "another conversation was held up: {took:?}");
                assert!(!slow.is_finished() && !same.is_finished());
            }
        }
        let slow = slow.await.unwrap().unwrap();
        let (same, _) = same.await.unwrap();
        assert_eq!((slow.number, same.number), (2, 3), "who waited for the lock comes after");
        assert!(same.created_at >= slow.created_at);
        for reader in readers {
            assert_eq!(reader.end().await, [1, 2, 3]);
        }
    }

    async fn what_is_rolled_back_leaves_no_gap(app: TestApp) {
        let world = World::new(app).await;
        let reader = Reader::by_position(&world, &world.bob, world.with_bob);
        let slow = world.send_slowly(&world.ada, world.with_bob, false).await;
        let behind = world.say(&world.bob, world.with_bob, "behind it");
        assert_eq!(slow.await.unwrap().unwrap_err().code(), ErrorCode::Forbidden);
        let (behind, _) = behind.await.unwrap();
        assert_eq!(behind.number, 2, "the place that was given back");
        let last = world.ada.say(&world.app, world.with_bob, "and on").await.unwrap();
        assert_eq!(last.number, 3);
        assert_eq!(reader.end().await, [1, 2, 3]);
    }
}

/// The test of the test: what was set up above does make a reader skip that goes by ids, although they are sorted
/// by time.
#[tokio::test]
async fn a_reader_that_goes_by_ids_skips() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    let world = World::new(app).await;
    let by_id = Reader::by_id(world.app.db());
    let by_position = Reader::by_position(&world, &world.bob, world.with_bob);
    let slow = world.send_slowly(&world.ada, world.with_bob, true).await;
    let (other, _) = world
        .say(&world.cem, world.with_cem, "later, but sooner there")
        .await
        .unwrap();
    let slow = slow.await.unwrap().unwrap();
    assert!(slow.id < other.id, "its id is the earlier one");
    let seen = by_id.end().await;
    assert!(seen.contains(&other.id.get()));
    assert!(
        !seen.contains(&slow.id.get()),
        "it should have been skipped: {seen:?}"
    );
    assert_eq!(by_position.end().await, [1, 2]);
}
