//! The end of a group. From COMMIT on nobody is in it, so nobody sees anything of it; what was said is removed afterwards by
//! a job, in small steps.

use futures_util::future::BoxFuture;
use hearth_shared::ids::{ConversationId, Id};

use super::store::{self, invitations};
use crate::features::conversations::store::{members, remains};
use crate::features::media::store::of_groups;
use crate::features::notifications::service as notifications;
use crate::features::realtime::service as streams;
use crate::features::realtime::store::Kind;
use crate::platform::db::{Db, Outcome, Tx};
use crate::platform::error::AppResult;
use crate::platform::jobs::{self, Failed, Handler, Job};

const KIND: &str = "ended_group";
/// Messages, or events, that are removed in one transaction.
const STEP: i64 = 500;

/// Ends a group. Its conversation is locked.
///
/// # Errors
/// When the database fails.
pub(super) fn end(tx: &mut Tx<'_>, id: ConversationId) -> AppResult<()> {
    let (people, _) = members::everybody(tx.conn(), id)?;
    let people: Vec<_> = people.into_iter().map(|(user, ..)| user).collect();
    members::delete_all(tx.conn(), id)?;
    let invited = invitations::delete_all(tx.conn(), id)?;
    let picture = store::find(tx.conn(), id)?.and_then(|row| row.picture());
    store::delete(tx.conn(), id)?;
    if let Some(picture) = picture {
        let now = tx.now();
        of_groups::detach(tx.conn(), picture, now)?;
    }
    let all: Vec<_> = people.iter().chain(&invited).copied().collect();
    notifications::lock_all_told(tx, id, &all)?;
    streams::tell_all(tx, &people, Kind::Conversation, id.get())?;
    streams::tell_all(tx, &invited, Kind::GroupInvitation, id.get())?;
    notifications::group_ended(tx, id)?;
    jobs::enqueue(tx, KIND, &id)
}

/// Removes what is left. What was removed before it was cut off is not found by the next time.
pub struct EndedGroups {
    /// Where it is.
    pub db: Db,
}

impl Handler for EndedGroups {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn run<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Result<(), Failed>> {
        Box::pin(async move {
            let id: ConversationId = job.payload()?;
            let step = move |tx: &mut Tx<'_>| {
                let now = tx.now();
                let more = remains::remove_some(tx.conn(), id, STEP, now)?;
                Ok(Outcome::Commit(more))
            };
            while self.db.write(step).await? {}
            Ok(())
        })
    }
}
