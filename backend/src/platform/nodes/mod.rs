//! Several programs on one PostgreSQL: each takes a number from the database, which is part of the ids it makes,
//! and keeps it for as long as it says every few seconds that it is there. On SQLite the program is alone, and
//! its number is 0.
//!
//! What must hold: no two programs ever make the same id.
//! * A lease is counted from before it was asked for, so that the program believes in it for less time than the
//!   database does; and ten seconds before its end no transaction begins any more.
//! * What began in time may still make ids. So a number rests for two minutes before somebody else has it, and
//!   whoever takes it has a clock that is later than every id that was made with it.
//! * A clock that jumps ahead cannot outrun this: ids end at the moment that was written down
//!   with the lease, by the clock that they are made from.

mod store;

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};
use hearth_shared::time::Timestamp;

use crate::platform::clock;
use crate::platform::db::conn::{self, Conn, Role, Target};
use crate::platform::db::dialect;
use crate::platform::ids::{IdGenerator, Permission};

/// Clocks that are further apart than this are a fault: times that people see are wrong, tokens end too early.
const DRIFT_MAX: Duration = Duration::from_secs(30);
/// The database has this long to answer; then it is asked again on another connection.
const PATIENCE: Duration = Duration::from_secs(6);
/// Pause after a renewal that failed.
const AGAIN_AFTER: Duration = Duration::from_secs(1);
/// Who has missed so many renewals is gone.
const RENEWALS_MISSED: u32 = 3;
/// Leaving is a courtesy, and nobody waits for it longer.
const GOODBYE: Duration = Duration::from_secs(1);

/// How long things last. Tests shorten them, and set the clock wrong.
#[derive(Clone)]
pub struct Terms {
    /// How long a number is lent.
    pub lease: Duration,
    /// How often that is renewed.
    pub renew_every: Duration,
    /// No transaction begins so shortly before the end.
    pub spare: Duration,
    /// The clock that is compared with the database's.
    pub wall: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(60),
            renew_every: Duration::from_secs(5),
            spare: Duration::from_secs(10),
            wall: Arc::new(clock::wall),
        }
    }
}

/// This program among those that share its database.
pub struct Nodes {
    key: String,
    ids: Arc<IdGenerator>,
    /// `None` on SQLite.
    lessor: Option<Lessor>,
}

/// The database that lends the number, and what was heard from it last.
struct Lessor {
    target: Target,
    terms: Terms,
    /// One's own: a pool that is busy must not cost the number.
    conn: Mutex<Option<Conn>>,
    others: Mutex<Vec<String>>,
    /// Milliseconds by which this computer's clock is ahead.
    ahead: AtomicI64,
    /// Counts the rounds, so that one that was given up changes nothing when it comes to its end after all.
    round: AtomicU64,
}

/// [`Lessor::round`] of a program that has left.
const LEFT: u64 = u64::MAX;

/// What one round brought.
struct Round {
    number: u16,
    permission: Permission,
    others: Vec<String>,
    ahead: i64,
}

impl Nodes {
    /// Takes a number. The tables must be there.
    ///
    /// # Errors
    /// When the database cannot be reached, or all numbers are taken.
    pub async fn join(target: &Target) -> anyhow::Result<Arc<Self>> {
        Self::join_on(target, Terms::default()).await
    }

    /// As [`Nodes::join`], with other terms.
    ///
    /// # Errors
    /// As [`Nodes::join`].
    pub async fn join_on(target: &Target, terms: Terms) -> anyhow::Result<Arc<Self>> {
        let key = format!("{:032x}", rand::random::<u128>());
        if let Target::Sqlite(_) = target {
            return Ok(Arc::new(Self {
                key,
                ids: Arc::new(IdGenerator::new(0)),
                lessor: None,
            }));
        }
        let lessor = Lessor {
            target: target.clone(),
            terms,
            conn: Mutex::new(None),
            others: Mutex::new(Vec::new()),
            ahead: AtomicI64::new(0),
            round: AtomicU64::new(0),
        };
        let first = tokio::task::spawn_blocking(move || {
            let first = lessor.with_conn(|conn| ask(conn, &key, None, &lessor.terms))?;
            anyhow::Ok((lessor, key, first))
        });
        let (lessor, key, first) = first.await??;
        lessor.note(&first);
        tracing::info!(number = first.number, "this node's number");
        Ok(Arc::new(Self {
            key,
            ids: Arc::new(IdGenerator::lent(first.number, first.permission)),
            lessor: Some(lessor),
        }))
    }

    /// Makes this program's ids, with its number.
    pub fn ids(&self) -> Arc<IdGenerator> {
        Arc::clone(&self.ids)
    }

    /// The number that is lent to this program (0 to 1023); it can change.
    pub fn number(&self) -> u16 {
        self.ids.number()
    }

    /// What this program, while it runs, is called among the others; random, and the same for its whole life.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The keys of the other programs that were there when the number was last renewed.
    pub fn others(&self) -> Vec<String> {
        self.lessor
            .as_ref()
            .map_or_else(Vec::new, |lessor| held(&lessor.others).clone())
    }

    /// Whether there can be others at all. Who they are is known from the last renewal only.
    pub fn may_be_several(&self) -> bool {
        self.lessor.is_some()
    }

    /// Whether a transaction that makes ids may begin.
    pub fn may_make_ids(&self) -> bool {
        self.ids.may_make()
    }

    /// Why this program should not be given work; empty when all is well.
    pub fn problems(&self) -> Vec<String> {
        let Some(lessor) = &self.lessor else {
            return Vec::new();
        };
        let mut problems = Vec::new();
        if !self.may_make_ids() {
            problems.push("the lease of this node's number has ended".to_owned());
        }
        let ahead = lessor.ahead.load(Ordering::Relaxed);
        if u128::from(ahead.unsigned_abs()) > DRIFT_MAX.as_millis() {
            let way = if ahead > 0 { "ahead of" } else { "behind" };
            let seconds = ahead.unsigned_abs() / 1000;
            problems.push(format!(
                "this computer's clock is {seconds} s {way} the database's"
            ));
        }
        problems
    }

    /// Renews the number for ever, whatever happens: until [`Nodes::leave`]. On SQLite there is nothing to do.
    pub async fn run(self: Arc<Self>) {
        let Some(lessor) = &self.lessor else { return };
        let mut pause = lessor.terms.renew_every;
        loop {
            tokio::time::sleep(pause).await;
            if lessor.round.load(Ordering::SeqCst) == LEFT {
                return;
            }
            pause = match self.renew().await {
                Ok(()) => lessor.terms.renew_every,
                Err(error) => {
                    tracing::warn!(error = format!("{error:#}"), "the node's number was not renewed");
                    AGAIN_AFTER.min(lessor.terms.renew_every)
                }
            };
        }
    }

    /// One round, which has [`PATIENCE`] to come to its end.
    async fn renew(self: &Arc<Self>) -> anyhow::Result<()> {
        let me = Arc::clone(self);
        match tokio::time::timeout(PATIENCE, tokio::task::spawn_blocking(move || me.renew_now())).await {
            Ok(ended) => ended.context("a renewal panicked")?,
            Err(_late) => bail!("the database does not answer"),
        }
    }

    fn renew_now(&self) -> anyhow::Result<()> {
        let Some(lessor) = &self.lessor else { return Ok(()) };
        let begun = lessor.round.load(Ordering::SeqCst);
        if begun == LEFT {
            return Ok(());
        }
        let this = begun + 1;
        lessor.round.store(this, Ordering::SeqCst);
        let number = self.number();
        let round = lessor.with_conn(|conn| ask(conn, &self.key, Some(number), &lessor.terms))?;
        if lessor.round.load(Ordering::SeqCst) != this {
            return Err(anyhow!("a round came to its end too late"));
        }
        if round.number != number {
            tracing::warn!(
                lost = number,
                number = round.number,
                "somebody else has this node's number; it has another one now"
            );
        }
        let was_allowed = self.may_make_ids();
        self.ids.permit(round.number, round.permission);
        lessor.note(&round);
        if !was_allowed {
            tracing::info!(number = round.number, "the node's number is renewed");
        }
        Ok(())
    }

    /// Gives the number back. Nothing can be written after that.
    pub async fn leave(&self) {
        let Some(lessor) = &self.lessor else { return };
        if lessor.round.swap(LEFT, Ordering::SeqCst) == LEFT {
            return;
        }
        self.ids.forbid();
        let (target, key, number) = (lessor.target.clone(), self.key.clone(), self.number());
        let kept = held(&lessor.conn).take();
        let goodbye = tokio::task::spawn_blocking(move || {
            let mut conn = kept.map_or_else(|| conn::open(&target, Role::Writer), Ok)?;
            store::end(&mut conn, &key, number).map_err(anyhow::Error::from)
        });
        match tokio::time::timeout(GOODBYE, goodbye).await {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(error))) => tracing::warn!(%error, "the node's number was not given back"),
            Ok(Err(_)) | Err(_) => tracing::warn!("the node's number was not given back"),
        }
    }
}

impl Lessor {
    /// On the connection that is kept, or on a new one; kept when all went well.
    fn with_conn<T>(&self, work: impl FnOnce(&mut Conn) -> anyhow::Result<T>) -> anyhow::Result<T> {
        let kept = held(&self.conn).take();
        let mut conn = kept.map_or_else(|| conn::open(&self.target, Role::Writer), Ok)?;
        let result = work(&mut conn)?;
        *held(&self.conn) = Some(conn);
        Ok(result)
    }

    fn note(&self, round: &Round) {
        let before = self.ahead.swap(round.ahead, Ordering::Relaxed);
        let apart = |ahead: i64| u128::from(ahead.unsigned_abs()) > DRIFT_MAX.as_millis();
        if apart(round.ahead) && !apart(before) {
            tracing::warn!(
                ahead_ms = round.ahead,
                "this computer's clock is not the database's; set it by NTP"
            );
        }
        held(&self.others).clone_from(&round.others);
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Renews a number, or takes one when there is none or when it has gone to somebody else.
fn ask(conn: &mut Conn, key: &str, number: Option<u16>, terms: &Terms) -> anyhow::Result<Round> {
    let asked = Instant::now();
    let (wall, moment) = ((terms.wall)(), clock::now());
    let now = dialect::database_now(conn)?;
    let ahead = ahead(wall, asked.elapsed(), now);

    let lent = millis(terms.lease);
    let lease = store::Lease {
        key,
        now,
        until: now + lent,
        silent: millis(terms.renew_every * RENEWALS_MISSED),
        ids_from: moment.as_millis(),
        ids_until: moment.as_millis() + lent,
    };
    let renewed = match number {
        Some(number) if store::renew(conn, &lease, number)? => Some(number),
        _ => None,
    };
    let number = match renewed {
        Some(number) => number,
        None => store::take(conn, &lease)?.context("all numbers for nodes are taken or rest")?,
    };
    let permission = Permission {
        until: asked + terms.lease.saturating_sub(terms.spare),
        last_moment: Timestamp::from_millis(lease.ids_until - millis(terms.spare)),
    };
    Ok(Round {
        number,
        permission,
        others: store::others(conn, &lease)?,
        ahead,
    })
}

/// How many milliseconds this computer's clock is ahead of the database's at least: its answer was made at some
/// moment of the round trip.
fn ahead(asked: Timestamp, trip: Duration, database: i64) -> i64 {
    let half = millis(trip) / 2;
    let ahead = asked.as_millis() + half - database;
    ahead.signum() * (ahead.abs() - half).max(0)
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_answer_is_no_wrong_clock() {
        let ahead = |asked, trip, database| {
            super::ahead(
                Timestamp::from_millis(asked),
                Duration::from_millis(trip),
                database,
            )
        };
        assert_eq!(ahead(1_000_000, 0, 1_000_000), 0);
        assert_eq!(ahead(1_040_000, 0, 1_000_000), 40_000);
        assert_eq!(ahead(1_000_000, 0, 1_040_000), -40_000);
        // The answer took ten seconds and was made somewhere in between.
        assert_eq!(ahead(1_000_000, 10_000, 1_000_000), 0);
        assert_eq!(ahead(1_000_000, 10_000, 1_010_000), 0);
        assert_eq!(ahead(1_000_000, 10_000, 1_050_000), -40_000);
        assert_eq!(ahead(1_040_000, 10_000, 1_000_000), 40_000);
    }
}
