//! How the server stops: nobody who was let in is cut off, and the other nodes take over.

use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use hearth_shared::realtime::frames::{Reconnect, ServerFrame};
use rand::RngExt;
use tokio::time::sleep;

use crate::features::realtime::dispatch;
use crate::platform::drain::Drain;
use crate::platform::nodes::Nodes;
use crate::platform::realtime::hub::Hub;
use crate::platform::redis::bus::RedisBus;

/// A load balancer has this long to notice that this node is not ready any more. Where there is no other node
/// there is nobody to wait for.
const NOTICE: Duration = Duration::from_secs(3);
/// Requests in progress have this long. With the notice and the rest: gone within fifteen seconds.
const FINISH: Duration = Duration::from_secs(8);

/// Stops a server; cloning it is cheap.
#[derive(Clone)]
pub struct Stopper {
    pub(super) handle: ServerHandle,
    pub(super) hub: Arc<Hub>,
    pub(super) drain: Arc<Drain>,
    pub(super) nodes: Arc<Nodes>,
    pub(super) redis: Option<Arc<RedisBus>>,
}

impl Stopper {
    /// Sockets are told when to come back, requests in progress finish, the others are told goodbye.
    pub async fn stop(&self) {
        self.drain.begin();
        self.hub.stop(|| {
            let after_ms = rand::rng().random_range(500..5_000);
            dispatch::write(&ServerFrame::Reconnect(Reconnect { after_ms }))
        });
        if !self.nodes.others().is_empty() {
            sleep(NOTICE).await;
        }
        self.handle.pause().await;
        self.drain.calm(FINISH).await;
        if let Some(redis) = &self.redis {
            redis.part().await;
        }
        // What is still connected is idle.
        self.handle.stop(false).await;
    }
}
