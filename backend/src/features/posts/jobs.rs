//! What this feature does again and again: what was removed a month ago goes for good.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hearth_shared::time::Timestamp;

use super::service::{forget, forget_comments};
use crate::platform::clock;
use crate::platform::db::{Db, Outcome};
use crate::platform::error::AppResult;
use crate::platform::jobs::{Failed, Handler, Job};

/// How often it is looked for it.
pub const CLEAR_EVERY: Duration = Duration::from_secs(6 * 60 * 60);
/// For so long it is kept: whoever runs this Hearth can still look at what was reported.
pub const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// Rows of one transaction.
const MANY: i64 = 200;

/// Takes out what was removed, a little at a time. What was done before it was cut off is not found by the next time.
pub struct Clear(pub Db);

impl Handler for Clear {
    fn kind(&self) -> &'static str {
        "posts-clear"
    }

    fn run<'a>(&'a self, _job: &'a Job) -> BoxFuture<'a, Result<(), Failed>> {
        async move {
            clear_removed(&self.0, clock::now()).await?;
            Ok(())
        }
        .boxed()
    }
}

/// How much was taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cleared {
    /// Posts, with everything on them.
    pub posts: usize,
    /// Comments on other posts; that they were there stays.
    pub comments: usize,
}

/// Takes out what was removed longer than [`KEPT`] before a moment.
///
/// # Errors
/// When the database fails; what was done until then stays done.
pub async fn clear_removed(db: &Db, now: Timestamp) -> AppResult<Cleared> {
    let kept = i64::try_from(KEPT.as_millis()).unwrap_or(i64::MAX);
    let before = Timestamp::from_millis(now.as_millis() - kept);
    let mut gone = Cleared::default();
    loop {
        let step = db
            .write(move |tx| forget::removed(tx, before, MANY).map(Outcome::Commit))
            .await?;
        match step {
            None => break,
            Some(whole) => gone.posts += usize::from(whole),
        }
    }
    loop {
        let step = db
            .write(move |tx| forget_comments::removed(tx, before, MANY).map(Outcome::Commit))
            .await?;
        if step == 0 {
            return Ok(gone);
        }
        gone.comments += step;
    }
}
