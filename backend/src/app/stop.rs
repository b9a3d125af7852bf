//! How the server stops: nobody who was let in is cut off, and the other nodes take over.

use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use hearth_shared::realtime::frames::{Reconnect, ServerFrame};
use rand::RngExt;
use tokio::time::{Instant, sleep};

use crate::features::realtime::dispatch;
use crate::platform::drain::Drain;
use crate::platform::jobs::Worker;
use crate::platform::nodes::Nodes;
use crate::platform::realtime::hub::Hub;
use crate::platform::redis::bus::RedisBus;

/// A load balancer has this long to notice that this node is not ready any more. On SQLite there is no other node,
/// and nobody to wait for.
const NOTICE: Duration = Duration::from_secs(3);
/// Requests in progress have this long. With the notice and the rest: gone within fifteen seconds.
const FINISH: Duration = Duration::from_secs(7);

/// Sockets have this long to close.
const FAREWELL: Duration = Duration::from_secs(1);

/// Stops a server; cloning it is cheap.
#[derive(Clone)]
pub struct Stopper {
    pub(super) handle: ServerHandle,
    pub(super) hub: Arc<Hub>,
    pub(super) drain: Arc<Drain>,
    pub(super) nodes: Arc<Nodes>,
    pub(super) redis: Option<Arc<RedisBus>>,
    pub(super) worker: Arc<Worker>,
}

impl Stopper {
    /// Sockets are told when to come back, requests in progress finish, the others are told goodbye.
    pub async fn stop(&self) {
        self.drain.begin();
        self.hub.stop(|| {
            let after_ms = rand::rng().random_range(500..5_000);
            dispatch::write(&ServerFrame::Reconnect(Reconnect { after_ms }))
        });
        // Not only when others are known of: one may have started a second ago.
        if self.nodes.may_be_several() {
            sleep(NOTICE).await;
        }
        self.handle.pause().await;
        // Whoever was answered may have left work; what is not begun now, another node or the next start does.
        tokio::join!(self.drain.calm(FINISH), self.worker.stop());
        // What the sockets are told may still be on its way.
        let until = Instant::now() + FAREWELL;
        while self.hub.count() > 0 && Instant::now() < until {
            sleep(Duration::from_millis(20)).await;
        }
        if let Some(redis) = &self.redis {
            redis.part().await;
        }
        // What is still connected is idle.
        self.handle.stop(false).await;
    }
}
