//! `/healthz`: the process answers. `/readyz`: it can do its work.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::routes::{reads, resource};
use crate::platform::db::{Db, meta};

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

#[derive(Serialize)]
struct Readiness {
    status: &'static str,
    degraded: Vec<&'static str>,
    reasons: Vec<&'static str>,
}

/// A probe that takes longer than this has failed.
const PATIENCE: Duration = Duration::from_secs(1);

/// Mounts both, for every method that reads.
pub fn configure(app: &mut web::ServiceConfig) {
    app.service(resource("/healthz").route(reads().to(alive)));
    app.service(resource("/readyz").route(reads().to(ready)));
}

async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok" })
}

async fn ready(db: web::Data<Db>) -> HttpResponse {
    let read = tokio::time::timeout(PATIENCE, db.read(|conn| Ok(meta::secret_fingerprint(conn)?))).await;
    let reasons = match read {
        Ok(Ok(Some(_))) if db.can_write() => vec![],
        Ok(Ok(_)) => vec!["database cannot be written"],
        Ok(Err(_)) | Err(_) => vec!["database does not answer"],
    };
    if reasons.is_empty() {
        return HttpResponse::Ok().json(Readiness {
            status: "ok",
            degraded: vec![],
            reasons,
        });
    }
    tracing::warn!(?reasons, "not ready");
    HttpResponse::ServiceUnavailable().json(Readiness {
        status: "unready",
        degraded: vec![],
        reasons,
    })
}
