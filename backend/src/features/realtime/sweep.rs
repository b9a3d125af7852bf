//! The backstop: notices are hints and can be lost, sessions can end where nobody tells us. Now and then the
//! database is asked for what has moved and what has ended.

use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use hearth_shared::ids::{Id, SessionId};
use hearth_shared::realtime::Stream;
use tokio::time::{Instant, sleep, timeout};

use super::dispatch::Dispatcher;
use super::store;
use crate::features::{auth, conversations};
use crate::platform::clock;
use crate::platform::db::{Db, dialect};
use crate::platform::error::AppResult;
use crate::platform::realtime::bus::Bus;
use crate::platform::realtime::hub::Hub;
use crate::platform::realtime::lanes::Lanes;

/// How often streams are looked at, while notices are certain to come.
const STREAMS_EVERY: Duration = Duration::from_secs(30);
/// How often while they are not: whoever is on another node is told after this long.
const STREAMS_EVERY_IN_DOUBT: Duration = Duration::from_millis(1_500);
/// Between two looks, however often something is lost.
const LOOKS_APART: Duration = Duration::from_millis(200);
/// Everybody reads anew at most this often.
const RESYNCS_APART: Duration = Duration::from_secs(5);
/// How often it is asked whether they are.
const DOUBT_EVERY: Duration = Duration::from_millis(250);
/// How far back, beyond the last time: longer than any transaction lasts. Milliseconds.
const LOOK_BACK: i64 = 120_000;
/// How often sessions are looked at: whoever was signed out elsewhere is out after this long.
const SESSIONS_EVERY: Duration = Duration::from_secs(3);
/// Asked for with one query.
const SESSIONS_AT_ONCE: usize = 1_000;

/// Looks for streams that moved without a notice.
pub struct Sweep {
    /// Asked.
    pub db: Db,
    /// Tells.
    pub dispatcher: Arc<Dispatcher>,
    /// Says whether notices come.
    pub bus: Arc<dyn Bus>,
    /// Says when something was lost.
    pub lanes: Arc<Lanes>,
}

impl Sweep {
    /// Until the program ends.
    pub async fn run(self) {
        let mut since = None;
        let mut failed = false;
        let mut resynced = None;
        loop {
            self.wait_for_a_reason(failed, resynced).await;
            if may_resync(resynced) && self.lanes.alarm.take_lost() {
                self.dispatcher.resync_all();
                resynced = Some(Instant::now());
            }
            // A panic is in the log already; the next look makes up for it.
            failed = match AssertUnwindSafe(self.look(since)).catch_unwind().await {
                Ok(Ok(moment)) => {
                    since = Some(moment);
                    false
                }
                Ok(Err(error)) => {
                    tracing::warn!(%error, "the sweep failed; the next one looks further back");
                    true
                }
                Err(_panic) => true,
            };
        }
    }

    /// Until it is time, or something did not come through.
    async fn wait_for_a_reason(&self, failed: bool, resynced: Option<Instant>) {
        let last = Instant::now();
        let mut in_doubt = failed;
        loop {
            let rung = timeout(DOUBT_EVERY, self.lanes.alarm.rung()).await.is_ok();
            let was_in_doubt = std::mem::replace(&mut in_doubt, failed || !self.bus.doubts().is_empty());
            // When notices are certain to come again, one more look is for what was said just before.
            let certain_again = was_in_doubt && !in_doubt;
            let lost = may_resync(resynced) && self.lanes.alarm.has_lost();
            let every = if in_doubt {
                STREAMS_EVERY_IN_DOUBT
            } else {
                STREAMS_EVERY
            };
            if rung || certain_again || lost || last.elapsed() >= every {
                sleep(LOOKS_APART.saturating_sub(last.elapsed())).await;
                return;
            }
        }
    }

    /// Gives the moment, by the database's clock, from which the next one looks back.
    async fn look(&self, since: Option<i64>) -> AppResult<i64> {
        let (now, people, conversations) = self
            .db
            .snapshot(move |conn| {
                let now = dialect::database_now(conn)?;
                // A clock that was set back must not hide what has moved since.
                let from = since.unwrap_or(now).min(now) - LOOK_BACK;
                Ok((
                    now,
                    store::moved_since(conn, from)?,
                    conversations::store::moved_since(conn, from)?,
                ))
            })
            .await?;
        for (user, seq) in people {
            self.dispatcher.check_head(Stream::User(user), seq, 0).await?;
        }
        for (id, seq, version) in conversations {
            self.dispatcher
                .check_head(Stream::Conversation(id), seq, version)
                .await?;
        }
        Ok(now)
    }
}

fn may_resync(last: Option<Instant>) -> bool {
    last.is_none_or(|last| last.elapsed() >= RESYNCS_APART)
}

/// Closes the sockets of sessions that have ended and of people who were suspended, wherever that was: the database
/// is asked for all that are here, and says which may stay.
pub async fn end_sessions(db: Db, hub: Arc<Hub>) {
    loop {
        tokio::time::sleep(SESSIONS_EVERY).await;
        let here: Vec<SessionId> = hub.sessions().into_iter().collect();
        for some in here.chunks(SESSIONS_AT_ONCE) {
            let ids: Vec<i64> = some.iter().map(|id| id.get()).collect();
            let living = db
                .read(move |conn| Ok(auth::store::living_among(conn, &ids, clock::now())?))
                .await;
            match living {
                Ok(living) => {
                    let mut ended: HashSet<SessionId> = some.iter().copied().collect();
                    living.iter().for_each(|id| {
                        ended.remove(id);
                    });
                    hub.close_sessions(&ended);
                }
                Err(error) => tracing::warn!(%error, "ended sessions could not be looked for"),
            }
        }
    }
}
