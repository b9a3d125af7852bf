//! What this feature does again and again.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::Media;
use super::clean::collect_orphans;
use crate::platform::clock;
use crate::platform::jobs::{Failed, Handler, Job};

/// How often what belongs to nothing is looked for.
pub const CLEAR_EVERY: Duration = Duration::from_secs(6 * 60 * 60);

/// Clears away what belongs to nothing. To do it twice finds nothing the second time.
pub struct Clear(pub Media);

impl Handler for Clear {
    fn kind(&self) -> &'static str {
        "media-clear"
    }

    fn run<'a>(&'a self, _job: &'a Job) -> BoxFuture<'a, Result<(), Failed>> {
        async move {
            let cleared = collect_orphans(&self.0, clock::now()).await?;
            tracing::info!(
                unattached = cleared.rows,
                uploads = cleared.uploads,
                without_row = cleared.files,
                "cleared pictures and films away"
            );
            Ok(())
        }
        .boxed()
    }
}
