//! Somebody who asks each node again and again how it is.

use std::sync::Arc;
use std::time::Duration;

use hearth_testkit::Client;
use serde::Deserialize;

use crate::history::{History, What};

/// How often.
const EVERY: Duration = Duration::from_millis(250);

#[derive(Deserialize)]
struct Report {
    degraded: Vec<String>,
}

/// Asks a node until it is aborted.
pub async fn watch(app: Client, node: usize, history: Arc<History>) {
    loop {
        let (status, degraded) = match app.http.get(format!("{}/readyz", app.base())).send().await {
            Ok(answer) => {
                let status = answer.status().as_u16();
                let report = answer.json::<Report>().await.ok();
                (status, report.map_or_else(Vec::new, |report| report.degraded))
            }
            Err(_none) => (0, Vec::new()),
        };
        history.note(What::Health {
            node,
            status,
            degraded,
        });
        tokio::time::sleep(EVERY).await;
    }
}
