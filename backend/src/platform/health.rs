//! `/healthz`: the process answers. `/readyz`: it can do its work, and what it does without meanwhile.

use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::db::{Db, meta};
use super::drain::Drain;
use super::nodes::Nodes;
use super::realtime::bus::Bus;
use super::routes::{reads, resource};

/// What readiness is asked from.
pub struct Readiness {
    /// Must answer and be writable.
    pub db: Db,
    /// Must hold a number, with a clock that is right.
    pub nodes: Arc<Nodes>,
    /// May be away.
    pub bus: Arc<dyn Bus>,
    /// Must not have begun.
    pub drain: Arc<Drain>,
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

#[derive(Serialize)]
struct Report {
    /// `ok` or `unready`.
    status: &'static str,
    /// What is away while everything works all the same, only later: `redis`, or `nodes` that are not heard.
    degraded: Vec<&'static str>,
    /// Why it is not ready.
    reasons: Vec<String>,
}

/// A probe that takes longer than this has failed. It queues like any request, and a server that has much to do
/// is not one that cannot do it.
const PATIENCE: Duration = Duration::from_secs(3);

/// Mounts both, for every method that reads.
pub fn configure(app: &mut web::ServiceConfig) {
    app.service(resource("/healthz").route(reads().to(alive)));
    app.service(resource("/readyz").route(reads().to(ready)));
}

async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok" })
}

async fn ready(readiness: web::Data<Readiness>) -> HttpResponse {
    let reasons = readiness.reasons().await;
    let degraded = readiness.bus.doubts();
    if reasons.is_empty() {
        return HttpResponse::Ok().json(Report {
            status: "ok",
            degraded,
            reasons,
        });
    }
    tracing::warn!(?reasons, "not ready");
    HttpResponse::ServiceUnavailable().json(Report {
        status: "unready",
        degraded,
        reasons,
    })
}

impl Readiness {
    /// Why this node should be sent nobody; empty when it is ready.
    async fn reasons(&self) -> Vec<String> {
        if self.drain.has_begun() {
            return vec!["this node stops".to_owned()];
        }
        let mut reasons = self.nodes.problems();
        let read = self.db.read(|conn| Ok(meta::secret_fingerprint(conn)?));
        match tokio::time::timeout(PATIENCE, read).await {
            Ok(Ok(Some(_))) if self.db.can_write() => {}
            Ok(Ok(_)) => reasons.push("database cannot be written".to_owned()),
            Ok(Err(_)) | Err(_) => reasons.push("database does not answer".to_owned()),
        }
        reasons
    }
}
