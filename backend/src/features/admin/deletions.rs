//! The job that deletes accounts whose time has come, and rows of the audit that are old enough.

use std::time::Duration;

use futures_util::future::BoxFuture;

use super::purge;
use crate::features::media::Media;
use crate::platform::jobs::{Failed, Handler, Job};

/// How often it is looked for them.
pub const DELETIONS_EVERY: Duration = Duration::from_secs(600);

/// Does it. What was done before it was cut off is not found by the next time.
pub struct Deletions {
    /// Where people's rows and pictures are.
    pub media: Media,
}

impl Handler for Deletions {
    fn kind(&self) -> &'static str {
        "deletions"
    }

    fn run<'a>(&'a self, _job: &'a Job) -> BoxFuture<'a, Result<(), Failed>> {
        Box::pin(async {
            purge::run(&self.media).await?;
            purge::clean_audit(&self.media.db).await?;
            Ok(())
        })
    }
}
