//! What becomes of a digest.
//!
//! It is written anew whenever it is to be sent, from what its person may see and has not seen then. Before it goes to the
//! mail server its row says that it does ([`hand_over`]), and after that that it is sent ([`sent`]); only then have they
//! been told. Between the two a program may die, and nobody can know whether the mail was taken. So it is sent once more,
//! under the same `Message-ID`, by which most mailboxes show it once. Should that end in the same way, it is not sent a
//! third time: the digest of the next day tells the same. So at most one is repeated, once, and nothing stays untold.

use hearth_shared::digests::DigestSettings;
use hearth_shared::ids::{Id, JobId, UserId};
use hearth_shared::notifications::Notification;
use hearth_shared::notifications::preferences::{Channel, Topic};
use hearth_shared::problem::ErrorCode;
use hearth_shared::time::Timestamp;

use super::morning::is_morning;
use super::store;
use crate::features::conversations;
use crate::features::notifications::preferences;
use crate::features::notifications::store::{self as notifications, Kind, hydrate, unread};
use crate::features::realtime::store as streams;
use crate::features::users::store_login;
use crate::platform::db::{Conn, Outcome, Tx, dialect};
use crate::platform::error::AppResult;
use crate::platform::extract::Actor;

/// What happened may still be seen without a mail for so long: three hours.
const WAIT_MILLIS: i64 = 3 * 60 * 60 * 1000;
/// The next one comes so long after the last at the earliest: twenty hours, so that one that was late does not push the
/// next morning's away.
const APART_MILLIS: i64 = 20 * 60 * 60 * 1000;
/// A mail goes to the mail server so often at most when nobody knows what came of it.
const TRIES_MAX: i64 = 2;
/// Notifications that are looked at for one mail; more are "and more".
const LOOKED_AT: i64 = 100;

/// From when on something is due.
#[derive(Debug, Clone, Copy)]
pub struct Due {
    /// What happened until then.
    pub happened_before: Timestamp,
    /// For those who had none since.
    pub sent_before: Timestamp,
}

impl Due {
    /// At a moment.
    pub fn at(now: Timestamp) -> Self {
        let before = |millis: i64| Timestamp::from_millis(now.as_millis() - millis);
        Self {
            happened_before: before(WAIT_MILLIS),
            sent_before: before(APART_MILLIS),
        }
    }
}

/// What a mail tells.
#[derive(Debug)]
pub struct Digest {
    /// Where it goes.
    pub email: String,
    /// To whom.
    pub username: String,
    /// What happened, the latest first.
    pub news: Vec<Notification>,
    /// Whether there is more than that.
    pub has_more: bool,
    /// Conversations with unread messages, when they want to hear of those.
    pub conversations: i64,
    /// Whether the words of posts, comments and messages are to stand in it.
    pub with_words: bool,
    /// Up to which position of their stream it tells.
    pub up_to: u64,
}

/// What there is to do for somebody.
#[derive(Debug)]
pub enum Found {
    /// They are not to get one.
    NotDue,
    /// There is nothing that they may see, up to a place.
    Nothing(u64),
    /// This is it.
    Digest(Box<Digest>),
}

/// What there is to tell somebody, in one snapshot.
///
/// # Errors
/// When the database fails.
pub fn find(conn: &mut Conn, user: UserId, job: JobId, now: Timestamp) -> AppResult<Found> {
    if !store::may_have_one(conn, &Due::at(now), user)? {
        return Ok(Found::NotDue);
    }
    let row = store::of(conn, user)?;
    // A job that has waited for the mail server leaves it to the next morning; but what has begun ends.
    let zone = store::zones(conn, &[user.get()])?.remove(&user.get());
    if !is_morning(zone.as_deref(), now) && !row.is_under_way(job) {
        return Ok(Found::NotDue);
    }
    let Some(account) = store_login::account(conn, user)? else {
        return Ok(Found::NotDue);
    };
    let wants = preferences::of(conn, user)?;
    let known = row.told().max(notifications::seen_up_to(conn, user)?);
    let up_to = streams::head(conn, user)?;
    let kinds: Vec<Kind> = Kind::ALL
        .into_iter()
        .filter(|kind| wants.wants(kind.topic(), Channel::Mail))
        .collect();
    let mut rows = unread::above(conn, user, &kinds, known, LOOKED_AT + 1)?;
    let looked_at = usize::try_from(LOOKED_AT).unwrap_or(usize::MAX);
    let has_more = rows.len() > looked_at;
    rows.truncate(looked_at);
    let news = hydrate::notifications_of_rows(conn, user, &rows)?;
    let conversations = if wants.wants(Topic::Messages, Channel::Mail) {
        conversations::store::count_unread(conn, user)?
    } else {
        0
    };
    if news.is_empty() && conversations == 0 {
        return Ok(Found::Nothing(up_to));
    }
    Ok(Found::Digest(Box::new(Digest {
        email: account.email,
        username: account.username,
        news,
        has_more,
        conversations,
        with_words: row.has_words(),
        up_to,
    })))
}

/// A job is about to hand a digest to the mail server. Gives the number of the digest; `None` when it must not.
///
/// # Errors
/// When the database fails; as all of these.
pub fn hand_over(tx: &mut Tx<'_>, user: UserId, job: JobId, up_to: u64) -> AppResult<Outcome<Option<i64>>> {
    lock(tx, user)?;
    let row = store::of(tx.conn(), user)?;
    let now = tx.now();
    let tries = if row.is_under_way(job) { row.tries } else { 0 };
    if tries >= TRIES_MAX {
        store::give_up(tx.conn(), user, job, now)?;
        return Ok(Outcome::Commit(None));
    }
    if !store::may_have_one(tx.conn(), &Due::at(now), user)? {
        return Ok(Outcome::RollBack(None));
    }
    store::hand_over(tx.conn(), user, job, up_to, tries + 1)?;
    Ok(Outcome::Commit(Some(row.number + 1)))
}

/// It is sent, or will never be taken: they have been told.
///
/// # Errors
/// See [`hand_over`].
pub fn sent(tx: &mut Tx<'_>, user: UserId, job: JobId) -> AppResult<Outcome<()>> {
    lock(tx, user)?;
    let now = tx.now();
    Ok(if store::sent(tx.conn(), user, job, now)? {
        Outcome::Commit(())
    } else {
        Outcome::RollBack(())
    })
}

/// The mail server said that it does not take it now: it was not sent.
///
/// # Errors
/// See [`hand_over`].
pub fn take_back(tx: &mut Tx<'_>, user: UserId, job: JobId) -> AppResult<Outcome<()>> {
    lock(tx, user)?;
    store::take_back(tx.conn(), user, job)?;
    Ok(Outcome::Commit(()))
}

/// A job that has nothing to tell ends: its person is not to get one, or there is nothing up to a place that they may see
/// and have not seen. One that was handed over before stays as it is, whatever came of it.
///
/// # Errors
/// See [`hand_over`].
pub fn pass_over(tx: &mut Tx<'_>, user: UserId, job: JobId, up_to: Option<u64>) -> AppResult<Outcome<()>> {
    lock(tx, user)?;
    let now = tx.now();
    let ended = store::give_up(tx.conn(), user, job, now)?;
    if let Some(up_to) = up_to {
        store::pass_over(tx.conn(), user, up_to)?;
    }
    Ok(if ended || up_to.is_some() {
        Outcome::Commit(())
    } else {
        Outcome::RollBack(())
    })
}

/// Of one person one digest at a time.
fn lock(tx: &mut Tx<'_>, user: UserId) -> AppResult<()> {
    Ok(dialect::lock_people(tx.conn(), [user.get(), user.get()])?)
}

/// Somebody with the token of a mail wants no more of them. Repeating it changes nothing.
///
/// # Errors
/// `invalid_token` when the account has ended.
pub fn end(tx: &mut Tx<'_>, user: UserId) -> AppResult<Outcome<()>> {
    if store_login::account(tx.conn(), user)?.is_none() {
        return Err(ErrorCode::InvalidToken.into());
    }
    Ok(if preferences::refuse_all(tx, user, Channel::Mail)? {
        Outcome::Commit(())
    } else {
        Outcome::RollBack(())
    })
}

/// Changes what the caller's mails may hold.
///
/// # Errors
/// See [`hand_over`].
pub fn change(tx: &mut Tx<'_>, actor: &Actor, wanted: DigestSettings) -> AppResult<Outcome<DigestSettings>> {
    lock(tx, actor.user_id)?;
    Ok(
        if store::set_words(tx.conn(), actor.user_id, wanted.with_words)? {
            Outcome::Commit(wanted)
        } else {
            Outcome::RollBack(wanted)
        },
    )
}

/// Forgets a person's digests, because the person goes. False: nothing is left to do.
///
/// # Errors
/// When the database fails.
pub fn forget(tx: &mut Tx<'_>, user: UserId) -> AppResult<bool> {
    store::delete(tx.conn(), user)?;
    Ok(false)
}
