//! How many of a group are here, for those who have it open. Counted for each of them, because not everybody may know
//! of everybody: who does not show it is not counted and is told of nobody, and who do not exist for each other do not
//! count for each other. Who is in a group is asked of the database for every count, so whoever was removed is told
//! nothing more.
//!
//! Whatever may have changed a count waits for the next round, which counts all such groups together.

use std::collections::{HashMap, HashSet};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use hearth_shared::conversations::READ_POSITIONS_MAX;
use hearth_shared::ids::{ConversationId, Id, UserId};
use hearth_shared::realtime::frames::{Here as Frame, ServerFrame};
use tokio::sync::Notify;
use tokio::time::sleep;

use super::dispatch::write;
use crate::features::{conversations, friends};
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::realtime::hub::{Hub, Learns, Socket};
use crate::platform::realtime::presence::Elsewhere;

/// A group is counted at most this often, whoever comes and goes.
const COUNTED_EVERY: Duration = Duration::from_secs(2);
/// Groups that are counted with the same queries.
const COUNTED_AT_ONCE: usize = 50;

/// Sockets, by the group that they look at.
type Looking = Vec<(ConversationId, Vec<Arc<Socket>>)>;

/// Counts, and tells those who look.
pub struct Here {
    db: Db,
    hub: Arc<Hub>,
    elsewhere: Arc<Elsewhere>,
    due: Mutex<Due>,
    bell: Notify,
    /// Who was in the groups that are looked at when they were last counted.
    members: Mutex<HashMap<ConversationId, Vec<i64>>>,
}

/// What the next round is about.
#[derive(Default)]
struct Due {
    /// All groups of these people.
    people: HashSet<i64>,
    groups: HashSet<ConversationId>,
}

/// What the database says of some groups.
struct Known {
    /// Who is in each of those that are not too large.
    members: HashMap<ConversationId, Vec<i64>>,
    /// Those of them who do not show that they are here.
    hiding: HashSet<i64>,
    /// Pairs that do not exist for each other.
    apart: HashSet<(i64, i64)>,
}

impl Here {
    /// Of the sockets of this node; who has one on another is known from there.
    pub fn new(db: Db, hub: Arc<Hub>, elsewhere: Arc<Elsewhere>) -> Self {
        Self {
            db,
            hub,
            elsewhere,
            due: Mutex::default(),
            bell: Notify::new(),
            members: Mutex::default(),
        }
    }

    /// Somebody came or went, or counts for others than before.
    pub fn person(&self, user: UserId) {
        if self.hub.is_anything_looked_at() {
            self.due().people.insert(user.get());
            self.bell.notify_one();
        }
    }

    /// Who is in a conversation may have changed.
    pub fn group(&self, id: ConversationId) {
        if !self.hub.lookers(id).is_empty() {
            self.due().groups.insert(id);
            self.bell.notify_one();
        }
    }

    /// Tells a socket that begins to look how many are here now.
    pub async fn answer(&self, socket: &Arc<Socket>, id: ConversationId) {
        if let Err(error) = self.count(vec![(id, vec![Arc::clone(socket)])]).await {
            tracing::warn!(%error, "who is here could not be counted; the next round tries again");
            self.group(id);
        }
    }

    /// Until the program ends.
    pub async fn run(self: Arc<Self>) {
        loop {
            self.bell.notified().await;
            sleep(COUNTED_EVERY).await;
            // A panic is in the log already.
            if let Ok(Err(error)) = AssertUnwindSafe(self.round()).catch_unwind().await {
                tracing::warn!(%error, "who is here could not be counted; the next round tries again");
            }
        }
    }

    async fn round(&self) -> AppResult<()> {
        let due = std::mem::take(&mut *self.due());
        let looked_at = self.hub.looked_at();
        let groups: Vec<ConversationId> = {
            let mut members = self.members();
            members.retain(|id, _| looked_at.contains(id));
            let concerned = |id: &ConversationId| {
                let of = members.get(id);
                due.groups.contains(id)
                    || of.is_some_and(|of| of.iter().any(|user| due.people.contains(user)))
            };
            looked_at.into_iter().filter(concerned).collect()
        };
        for (place, some) in groups.chunks(COUNTED_AT_ONCE).enumerate() {
            let looking = some.iter().map(|id| (*id, self.hub.lookers(*id)));
            if let Err(error) = self.count(looking.collect()).await {
                let left = groups.iter().skip(place * COUNTED_AT_ONCE);
                self.due().groups.extend(left);
                self.bell.notify_one();
                return Err(error);
            }
        }
        Ok(())
    }

    async fn count(&self, looking: Looking) -> AppResult<()> {
        let groups: Vec<i64> = looking.iter().map(|(id, _)| id.get()).collect();
        let sockets = looking.iter().flat_map(|(_, sockets)| sockets);
        let lookers: HashSet<i64> = sockets.map(|socket| socket.user.get()).collect();
        let known = self
            .db
            .snapshot(move |conn| read(conn, &groups, &lookers))
            .await?;
        for (id, sockets) in &looking {
            for socket in sockets {
                match known.members.get(id) {
                    Some(members) if members.contains(&socket.user.get()) => {
                        let count = self.count_for(socket.user, members, &known);
                        match socket.learns_count(*id, count) {
                            Learns::Now => {
                                let frame = Frame {
                                    conversation_id: *id,
                                    count,
                                };
                                socket.send(&write(&ServerFrame::Here(frame)));
                            }
                            Learns::Later => self.group(*id),
                            Learns::Nothing => {}
                        }
                    }
                    // Not theirs, or too large: without a word. Should it be again, they are told whatever it is then.
                    _ => {
                        socket.learns_count(*id, 0);
                    }
                }
            }
        }
        let mut members = self.members();
        for (id, _) in &looking {
            members.remove(id);
        }
        members.extend(known.members);
        Ok(())
    }

    /// How many are here for one of them. Who looks is here.
    fn count_for(&self, user: UserId, members: &[i64], known: &Known) -> u32 {
        let me = user.get();
        if known.hiding.contains(&me) {
            return 0;
        }
        let counts = |other: &&i64| {
            **other == me
                || (!known.hiding.contains(*other)
                    && !known.apart.contains(&(me, **other))
                    && self.is_here(UserId::new(**other)))
        };
        u32::try_from(members.iter().filter(counts).count()).unwrap_or(u32::MAX)
    }

    /// As their friends were told: whoever only loads a page again has not gone.
    fn is_here(&self, user: UserId) -> bool {
        self.hub.is_announced(user) || self.elsewhere.is_online(user)
    }

    fn due(&self) -> MutexGuard<'_, Due> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn members(&self) -> MutexGuard<'_, HashMap<ConversationId, Vec<i64>>> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read(conn: &mut Conn, groups: &[i64], lookers: &HashSet<i64>) -> AppResult<Known> {
    let rows = conversations::store::members::of_small_groups(conn, groups, READ_POSITIONS_MAX)?;
    let people: HashSet<i64> = rows.iter().map(|(_, user)| *user).collect();
    let mut members: HashMap<ConversationId, Vec<i64>> = HashMap::new();
    for (id, user) in rows {
        members.entry(ConversationId::new(id)).or_default().push(user);
    }
    Ok(Known {
        members,
        hiding: friends::store::presence::hiding_among(conn, &people)?,
        apart: friends::store::blocks::hidden_pairs(conn, lookers)?,
    })
}
