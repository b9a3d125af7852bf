//! The worker of a node: takes jobs that are due, does a few of them at the same time, and writes down what became
//! of each. Idle, it asks the database every two seconds whether another node, or time, has left something.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::store::{self, End, Lease, NewJob, Taken};
use super::wake::Bell;
use super::{AT_ONCE, Failed, Handler, pause};
use crate::platform::db::{Db, Outcome};
use crate::platform::error::AppResult;

/// What became of a job is written down so often before that is left to the end of the lease.
const SETTLE_TRIES: u32 = 5;
/// Pause between these tries.
const SETTLE_PAUSE: Duration = Duration::from_secs(1);

/// How long things last. Tests shorten them.
#[derive(Debug, Clone)]
pub struct Terms {
    /// How long a job is taken for; renewed after a third of it.
    pub lease: Duration,
    /// How often an idle worker looks.
    pub poll: Duration,
    /// Pause after the first failure; four times longer after each further one.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
    /// After so many attempts a job is dead.
    pub attempts: u32,
    /// Jobs that one node does at the same time.
    pub at_once: usize,
    /// What is under way has this long when the server stops; then another node begins anew.
    pub patience: Duration,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(60),
            poll: Duration::from_secs(2),
            first_pause: Duration::from_secs(30),
            longest_pause: Duration::from_secs(6 * 60 * 60),
            attempts: 8,
            at_once: 4,
            patience: Duration::from_secs(2),
        }
    }
}

/// Work that is done again and again, once for all nodes together. It never dies: after failures it is tried at the
/// longest pause.
pub struct Periodic {
    /// Whose kind it is; the payload is `null`.
    pub handler: Arc<dyn Handler>,
    /// From the end of one time to the beginning of the next.
    pub every: Duration,
}

/// The worker of one node.
pub struct Worker {
    db: Db,
    /// Who takes: the node's key, and a word of the worker's own, should there be two.
    me: String,
    handlers: HashMap<&'static str, Arc<dyn Handler>>,
    periodic: Vec<(&'static str, Duration)>,
    bell: Bell,
    terms: Terms,
    stopping: watch::Sender<bool>,
    stopped: watch::Sender<bool>,
}

impl Worker {
    /// For a node, by its key, with handlers of different kinds.
    pub fn new(
        db: Db,
        node: &str,
        handlers: Vec<Arc<dyn Handler>>,
        periodic: Vec<Periodic>,
        bell: Bell,
        terms: Terms,
    ) -> Arc<Self> {
        let times = periodic.iter().map(|p| (p.handler.kind(), p.every)).collect();
        let all = handlers
            .into_iter()
            .chain(periodic.into_iter().map(|p| p.handler));
        Arc::new(Self {
            db,
            me: format!("{node}-{:08x}", rand::random::<u32>()),
            handlers: all.map(|handler| (handler.kind(), handler)).collect(),
            periodic: times,
            bell,
            terms,
            stopping: watch::Sender::new(false),
            stopped: watch::Sender::new(false),
        })
    }

    /// Works until [`Worker::stop`].
    pub async fn run(self: Arc<Self>) {
        self.begin().await;
        let mut stopping = self.stopping.subscribe();
        let mut running = JoinSet::new();
        while !*stopping.borrow() {
            let free = self.terms.at_once.saturating_sub(running.len());
            match self.take(free).await {
                Ok(taken) => {
                    for taken in taken {
                        running.spawn(Arc::clone(&self).perform(taken));
                    }
                }
                Err(error) => tracing::warn!(%error, "no look at the jobs"),
            }
            tokio::select! {
                () = self.bell.rung() => {}
                () = sleep(self.terms.poll) => {}
                Some(_ended) = running.join_next() => {}
                _asked = stopping.changed() => {}
            }
        }
        let finish = async { while running.join_next().await.is_some() {} };
        if timeout(self.terms.patience, finish).await.is_err() {
            running.shutdown().await;
            let me = self.me.clone();
            let given = self
                .db
                .write(move |tx| Ok(Outcome::Commit(store::give_back(tx.conn(), &me)?)))
                .await;
            match given {
                Ok(jobs) => tracing::info!(jobs, "jobs were left to others"),
                Err(error) => tracing::warn!(%error, "jobs wait for the end of their lease"),
            }
        }
        self.stopped.send_replace(true);
    }

    /// Takes nothing more, and waits for what is under way; not for long. Must not be called before [`Worker::run`].
    pub async fn stop(&self) {
        self.stopping.send_replace(true);
        let mut stopped = self.stopped.subscribe();
        let stopped = stopped.wait_for(|stopped| *stopped);
        if timeout(self.terms.patience * 2, stopped).await.is_err() {
            tracing::warn!("the jobs under way were cut off");
        }
    }

    /// Seeds what is done again and again, and says how many are dead.
    async fn begin(&self) {
        while !*self.stopping.borrow() {
            match self.seed().await {
                Ok(0) => return,
                Ok(dead) => return tracing::warn!(dead, "jobs are dead: hearth admin jobs"),
                Err(error) => tracing::warn!(%error, "no look at the jobs"),
            }
            sleep(self.terms.poll).await;
        }
    }

    async fn seed(&self) -> AppResult<i64> {
        let keys: Vec<_> = self
            .periodic
            .iter()
            .map(|(kind, every)| (*kind, *every, format!("every:{kind}")))
            .collect();
        self.db
            .write(move |tx| {
                for (kind, every, key) in &keys {
                    if store::has_key(tx.conn(), key)? {
                        continue;
                    }
                    let new = NewJob {
                        id: tx.new_id(),
                        kind,
                        payload: "null",
                        once_key: Some(key),
                        every: Some(*every),
                        due_at: AT_ONCE,
                        created_at: tx.now(),
                    };
                    store::insert(tx.conn(), &new)?;
                }
                Ok(Outcome::Commit(store::count_dead(tx.conn())?))
            })
            .await
    }

    async fn take(&self, free: usize) -> AppResult<Vec<Taken>> {
        if free == 0 {
            return Ok(Vec::new());
        }
        let kinds: Vec<&'static str> = self.handlers.keys().copied().collect();
        let asked = kinds.clone();
        // Reading is cheap; taking makes others wait.
        if !self
            .db
            .read(move |conn| Ok(store::any_due(conn, &asked)?))
            .await?
        {
            return Ok(Vec::new());
        }
        let (me, lease) = (self.me.clone(), self.terms.lease);
        let limit = i64::try_from(free).unwrap_or(i64::MAX);
        self.db
            .write(move |tx| {
                let taken = store::take(tx.conn(), &kinds, &me, lease, limit)?;
                Ok(if taken.is_empty() {
                    Outcome::RollBack(taken)
                } else {
                    Outcome::Commit(taken)
                })
            })
            .await
    }

    async fn perform(self: Arc<Self>, taken: Taken) {
        let Taken { kind, every, job } = taken;
        let lease = Lease {
            id: job.id,
            attempt: job.attempt,
            me: self.me.clone(),
        };
        let Some(handler) = self.handlers.get(kind.as_str()) else {
            return;
        };
        // Only nodes that died can have brought it so far.
        let result = if job.attempt > self.terms.attempts && every.is_none() {
            Err(Failed::Never("every node that took it died".to_owned()))
        } else {
            let work = AssertUnwindSafe(handler.run(&job)).catch_unwind();
            match self.holding(&lease, work).await {
                Some(Ok(result)) => result,
                Some(Err(_panic)) => Err(Failed::Again("the handler panicked".to_owned())),
                None => return tracing::warn!(job = %job.id, kind, "the lease of a job was lost"),
            }
        };
        let end = match result {
            Ok(()) => End::Done { every },
            Err(Failed::Again(error)) if every.is_some() || job.attempt < self.terms.attempts => {
                tracing::warn!(job = %job.id, kind, attempt = job.attempt, error, "a job failed; it is tried again");
                End::Again {
                    pause: pause(&self.terms, job.attempt),
                    error,
                }
            }
            Err(Failed::Never(error)) if every.is_some() => End::Again {
                pause: self.terms.longest_pause,
                error,
            },
            Err(Failed::Again(error) | Failed::Never(error)) => {
                tracing::error!(job = %job.id, kind, attempt = job.attempt, error, "a job is dead: hearth admin jobs");
                End::Dead { error }
            }
        };
        self.settle(lease, end).await;
    }

    /// Works, and renews the lease meanwhile; `None` when it was lost.
    async fn holding<T>(&self, lease: &Lease, work: impl Future<Output = T>) -> Option<T> {
        let mut work = std::pin::pin!(work);
        let by = self.terms.lease;
        loop {
            tokio::select! {
                done = &mut work => return Some(done),
                () = sleep(by / 3) => {}
            }
            let lease = lease.clone();
            let renewed = self
                .db
                .write(move |tx| Ok(Outcome::Commit(store::renew(tx.conn(), &lease, by)?)))
                .await;
            match renewed {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => tracing::warn!(%error, "the lease of a job was not renewed"),
            }
        }
    }

    async fn settle(&self, lease: Lease, end: End) {
        let end = Arc::new(end);
        for _ in 0..SETTLE_TRIES {
            let (id, lease, end) = (lease.id, lease.clone(), Arc::clone(&end));
            let settled = self
                .db
                .write(move |tx| Ok(Outcome::Commit(store::settle(tx.conn(), &lease, &end)?)))
                .await;
            match settled {
                Ok(true) => return,
                Ok(false) => return tracing::warn!(job = %id, "a job was done by another node too"),
                Err(error) => tracing::warn!(%error, "the end of a job was not written down"),
            }
            sleep(SETTLE_PAUSE).await;
        }
    }
}
