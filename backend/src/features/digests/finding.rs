//! Who is due a digest: looked for in sets, by one node at a time, and each left to a job of their own. What a query
//! answers is looked at once more by the job, so it does no harm to be found twice, or too early.

use std::collections::HashSet;

use hearth_shared::ids::{Id, UserId};
use hearth_shared::notifications::preferences::{Channel, Topic};
use hearth_shared::time::Timestamp;

use super::jobs::{DIGEST, DigestWanted};
use super::morning::is_morning;
use super::service::Due;
use super::store;
use crate::features::notifications::preferences;
use crate::platform::clock;
use crate::platform::db::{Conn, Db, Outcome};
use crate::platform::error::AppResult;
use crate::platform::jobs;

/// People who are looked at together.
const PAGE: i64 = 1_000;

/// For what people are looked for.
#[derive(Debug, Clone, Copy)]
enum Reason {
    News,
    Messages,
}

/// Some of those who are due, and after whom to go on.
struct Page {
    due: Vec<UserId>,
    next: Option<i64>,
}

/// Leaves a job for everybody who is due. Gives how many were left.
///
/// # Errors
/// When the database fails; the next call goes on.
pub async fn find(db: &Db) -> AppResult<usize> {
    let mut left = 0;
    for reason in [Reason::News, Reason::Messages] {
        let mut after = Some(0);
        while let Some(from) = after {
            let now = clock::now();
            let page = db.snapshot(move |conn| page(conn, reason, now, from)).await?;
            left += leave(db, page.due).await?;
            after = page.next;
        }
    }
    Ok(left)
}

/// One job each, unless it waits already.
async fn leave(db: &Db, due: Vec<UserId>) -> AppResult<usize> {
    if due.is_empty() {
        return Ok(0);
    }
    let wanted: Vec<_> = due
        .into_iter()
        .map(|user_id| (user_id.to_string(), DigestWanted { user_id }))
        .collect();
    db.write(move |tx| Ok(Outcome::Commit(jobs::enqueue_many_once(tx, DIGEST, &wanted)?)))
        .await
}

fn page(conn: &mut Conn, reason: Reason, now: Timestamp, after: i64) -> AppResult<Page> {
    let due = Due::at(now);
    let found = match reason {
        Reason::News => store::with_news(conn, &due, after, PAGE)?,
        Reason::Messages => store::with_messages(conn, &due, after, PAGE)?,
    };
    let full = i64::try_from(found.len()).is_ok_and(|people| people == PAGE);
    let next = found.last().copied().filter(|_| full);
    let zones = store::zones(conn, &found)?;
    let awake: Vec<i64> = found
        .into_iter()
        .filter(|user| is_morning(zones.get(user).map(String::as_str), now))
        .collect();
    let due = match reason {
        Reason::News => wanting(conn, &due, &awake)?,
        // Asked for in the query.
        Reason::Messages => awake.into_iter().map(UserId::new).collect(),
    };
    Ok(Page { due, next })
}

/// Those for whom there is something of which they want to hear by mail; a query for each topic.
fn wanting(conn: &mut Conn, due: &Due, people: &[i64]) -> AppResult<Vec<UserId>> {
    let news = store::kinds_of_news(conn, due, people)?;
    let mut wanting = HashSet::new();
    for topic in Topic::ALL {
        let theirs: HashSet<UserId> = news
            .iter()
            .filter(|(user, kind)| kind.topic() == topic && !wanting.contains(user))
            .map(|(user, _)| *user)
            .collect();
        let theirs: Vec<UserId> = theirs.into_iter().collect();
        if !theirs.is_empty() {
            wanting.extend(preferences::wanting(conn, &theirs, topic, Channel::Mail)?);
        }
    }
    let mut wanting: Vec<UserId> = wanting.into_iter().collect();
    wanting.sort_unstable();
    Ok(wanting)
}
