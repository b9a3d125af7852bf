//! `/healthz`: the process answers. `/readyz`: it can do its work.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::platform::db::{Db, dialect};

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

/// Mounts both, for every method that reads.
pub fn configure(app: &mut web::ServiceConfig) {
    for (path, route) in [
        ("/healthz", web::get().to(alive)),
        ("/readyz", web::get().to(ready)),
    ] {
        let other = web::to(|| super::routes::method_not_allowed("GET".to_owned()));
        app.service(web::resource(path).route(route).default_service(other));
    }
}

async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok" })
}

async fn ready(db: web::Data<Db>) -> HttpResponse {
    match db.read(|conn| Ok(dialect::execute(conn, "SELECT 1")?)).await {
        Ok(()) => HttpResponse::Ok().json(Readiness {
            status: "ok",
            degraded: vec![],
            reasons: vec![],
        }),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            let body = Readiness {
                status: "unready",
                degraded: vec![],
                reasons: vec!["database"],
            };
            HttpResponse::ServiceUnavailable().json(body)
        }
    }
}
