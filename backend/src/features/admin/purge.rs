//! The end of an account. What was planned fourteen days ago is done in small steps, each a transaction of its own
//! that others hardly notice. A step that was done finds nothing to do, so that whoever was killed in the middle
//! begins anew, and several nodes at once do no harm.

use hearth_shared::ids::{Id, UserId};

use super::audit::{self, Action, Entry};
use super::store;
use crate::features::media::{self, Media};
use crate::features::users::store_standing::{self as standing, Due};
use crate::features::{
    auth, conversations, digests, friends, groups, notifications, posts, privacy, realtime, users,
};
use crate::platform::clock;
use crate::platform::db::{Db, Outcome, Tx, dialect};
use crate::platform::error::AppResult;

/// Accounts that are looked for at once.
const ACCOUNTS: i64 = 20;
/// Rows of a step, where each is one statement for all of them.
const MANY: i64 = 200;
/// Rows of a step, where each takes several statements.
const FEW: i64 = 10;
/// How long nobody may take the name of somebody who was deleted.
const NAME_RESTS_MILLIS: i64 = 365 * 24 * 60 * 60 * 1000;

/// Does a little. True: there may be more of the same.
type Step = fn(&mut Tx<'_>, Due) -> AppResult<bool>;

/// What goes, in this order. The name goes first: from then on nothing leads to the person.
const STEPS: &[Step] = &[
    |tx, due| users::service::forget(tx, due.user, NAME_RESTS_MILLIS),
    |tx, due| auth::service::forget(tx, due.user, MANY),
    |tx, due| friends::service::forget(tx, due.user, FEW),
    |tx, due| conversations::service::requests::forget(tx, due.user, FEW),
    |tx, due| privacy::service::forget(tx, due.user),
    |tx, due| posts::service::forget_comments::comments(tx, due.user, FEW),
    |tx, due| posts::service::forget_comments::reactions(tx, due.user, FEW),
    |tx, due| posts::service::forget_comments::mentions(tx, due.user),
    |tx, due| super::reports::forget(tx, due.user, MANY),
    |tx, due| posts::service::forget::reactions(tx, due.user, FEW),
    |tx, due| posts::service::forget::posts(tx, due.user, MANY),
    |tx, due| posts::service::forget::kept(tx, due.user, MANY),
    |tx, due| notifications::service_forget::forget(tx, due.user, MANY),
    |tx, due| digests::service::forget(tx, due.user),
    |tx, due| groups::service::forget(tx, due.user, FEW),
    |tx, due| conversations::service::forget::forget(tx, due.user, due.wipe_messages, MANY),
    |tx, due| realtime::service::forget(tx, due.user, MANY),
    |tx, due| Ok(store::forget_details(tx.conn(), due.user, MANY)? > 0),
];

/// Deletes every account whose time has come. Gives how many.
///
/// # Errors
/// When the database fails; the next call goes on.
pub async fn run(media: &Media) -> AppResult<usize> {
    let db = &media.db;
    let mut done = 0;
    loop {
        let due = db
            .read(|conn| Ok(standing::due_deletions(conn, clock::now(), ACCOUNTS)?))
            .await?;
        if due.is_empty() {
            break;
        }
        for account in due {
            delete(media, account).await?;
            done += 1;
        }
    }
    Ok(done)
}

async fn delete(media: &Media, due: Due) -> AppResult<()> {
    let db = &media.db;
    // No group shows what is removed next.
    while db
        .write(move |tx| one(tx, |tx, due| groups::service::pictures::forget(tx, due.user), due))
        .await?
    {}
    let keys = db.write(move |tx| pictures(tx, due)).await?;
    // What is cut off here is found later as files without rows.
    media::service::erase(&media.store, &keys).await;
    for step in STEPS {
        while db.write(move |tx| one(tx, *step, due)).await? {}
    }
    // What was deleted must not be found in the log of the database either. Before the end is written down, so that
    // whoever is cut off here does it again.
    db.truncate_log().await?;
    db.write(move |tx| one(tx, end, due)).await?;
    tracing::info!(user = %due.user, "an account was deleted");
    Ok(())
}

/// Whether it is still to be done: they may have come back in the last moment, or another node was faster. Until the
/// end of the transaction nobody else does it.
fn is_due(tx: &mut Tx<'_>, due: Due) -> AppResult<bool> {
    let (user, now) = (due.user.get(), tx.now());
    dialect::lock_people(tx.conn(), [user, user])?;
    Ok(standing::is_due(tx.conn(), due.user, now)?)
}

fn pictures(tx: &mut Tx<'_>, due: Due) -> AppResult<Outcome<Vec<String>>> {
    if !is_due(tx, due)? {
        return Ok(Outcome::RollBack(Vec::new()));
    }
    Ok(Outcome::Commit(media::service::purge(tx, due.user)?))
}

fn one(tx: &mut Tx<'_>, step: Step, due: Due) -> AppResult<Outcome<bool>> {
    if !is_due(tx, due)? {
        return Ok(Outcome::RollBack(false));
    }
    Ok(Outcome::Commit(step(tx, due)?))
}

fn end(tx: &mut Tx<'_>, due: Due) -> AppResult<bool> {
    let user: UserId = due.user;
    standing::end_deletion(tx.conn(), user)?;
    audit::record(tx, Entry::by_host(Action::Deleted, user))?;
    Ok(false)
}

/// Removes rows of the audit that are old enough. Gives how many.
///
/// # Errors
/// When the database fails.
pub async fn clean_audit(db: &Db) -> AppResult<usize> {
    let mut all = 0;
    loop {
        let some = db
            .write(|tx| {
                let now = tx.now();
                Ok(Outcome::Commit(store::delete_old(tx.conn(), now, MANY)?))
            })
            .await?;
        all += some;
        if some == 0 {
            return Ok(all);
        }
    }
}
