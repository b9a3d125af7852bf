//! What sockets share, taken from the application as one; and who is here: whoever has an open socket.

use std::sync::Arc;
use std::time::Duration;

use hearth_shared::ids::{ConversationId, UserId};
use hearth_shared::realtime::frames::Presence;
use moka::sync::Cache;

use super::admission::Admission;
use super::dispatch::Dispatcher;
use crate::platform::db::Db;
use crate::platform::rate_limit::RateLimits;
use crate::platform::realtime::bus::{Bus, Notice};
use crate::platform::realtime::hub::{Hub, Registration};
use crate::platform::routes::Authenticator;
use crate::platform::tokens::Tokens;

/// Somebody whose last socket went is offline after this long: they may only have loaded the page again.
const OFFLINE_AFTER: Duration = Duration::from_secs(4);
/// That somebody types is passed on at most this often; clients say it every three seconds.
const TYPING_EVERY: Duration = Duration::from_millis(2_500);
/// Typists that are remembered for so long.
const TYPISTS_MAX: u64 = 50_000;

/// What sockets need.
#[derive(Clone)]
pub struct Live {
    /// The database.
    pub db: Db,
    /// The sockets.
    pub hub: Arc<Hub>,
    /// Delivers.
    pub dispatcher: Arc<Dispatcher>,
    /// Carries what sockets say to each other.
    pub bus: Arc<dyn Bus>,
    /// Reads tokens.
    pub authenticator: Arc<dyn Authenticator>,
    /// Knows when tokens expire.
    pub tokens: Arc<Tokens>,
    /// Counts how often somebody connects.
    pub limits: Arc<RateLimits>,
    /// Bounds those who have not said who they are.
    pub admission: Arc<Admission>,
    /// Who was passed on as typing just now.
    pub typing: Typists,
    /// Which history the positions belong to.
    pub epoch: String,
}

/// Who was passed on as typing just now, and where.
#[derive(Clone)]
pub struct Typists(Cache<(UserId, ConversationId), ()>);

impl Default for Typists {
    fn default() -> Self {
        let recent = Cache::builder()
            .max_capacity(TYPISTS_MAX)
            .time_to_live(TYPING_EVERY);
        Self(recent.build())
    }
}

impl Typists {
    /// Whether it is time to pass on that somebody types, from whichever of their sockets it came.
    pub fn is_due(&self, user: UserId, conversation: ConversationId) -> bool {
        self.0.entry((user, conversation)).or_insert(()).is_fresh()
    }
}

impl Live {
    /// A socket is in the hub: its owner's friends are told, unless they think them here already.
    pub fn arrive(&self, user: UserId) {
        if self.hub.announce(user) {
            self.say_presence(user, true);
        }
    }

    /// The socket leaves the hub. When it was the last of its owner they are offline soon, unless they return.
    pub fn leave(&self, registration: Registration) {
        let user = registration.socket.user;
        drop(registration);
        if self.hub.is_online(user) {
            return;
        }
        let live = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(OFFLINE_AFTER).await;
            if live.hub.withdraw(user) {
                live.say_presence(user, false);
            }
        });
    }

    fn say_presence(&self, user_id: UserId, online: bool) {
        self.bus
            .publish(vec![Notice::Presence(Presence { user_id, online })]);
    }
}
