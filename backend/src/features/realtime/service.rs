//! What other features call inside their transactions.

use std::collections::BTreeMap;

use hearth_shared::ids::{Id, UserId};
use hearth_shared::realtime::Stream;

use super::store::{self, Kind};
use crate::platform::db::{Tx, dialect};
use crate::platform::error::AppResult;
use crate::platform::realtime::bus::Notice;

/// A person has joined: their stream begins.
///
/// # Errors
/// When the database fails.
pub fn begin_stream(tx: &mut Tx<'_>, user: UserId) -> AppResult<()> {
    Ok(store::insert_stream(tx.conn(), user)?)
}

/// Takes the locks of several streams. Whoever writes into more than one stream does this first, so that no two
/// transactions wait for each other.
///
/// # Errors
/// When the database fails.
pub fn lock_streams(tx: &mut Tx<'_>, people: &[UserId]) -> AppResult<()> {
    let ids: Vec<i64> = people.iter().map(|id| id.get()).collect();
    Ok(dialect::lock_streams(tx.conn(), &ids)?)
}

/// Writes an event into a person's stream and tells them after COMMIT. Gives its position.
///
/// # Errors
/// When the database fails.
pub fn tell(tx: &mut Tx<'_>, user: UserId, kind: Kind, subject: i64, detail: Option<i64>) -> AppResult<u64> {
    let seq = take_position(tx, user)?;
    tell_at(tx, user, seq, kind, subject, detail)?;
    Ok(seq)
}

/// People of one use case who are told at once; the others are found by the sweep.
const PEOPLE_TOLD: usize = 500;

/// As [`tell`], for many people, in as many statements as for one.
///
/// # Errors
/// When the database fails.
pub fn tell_all(tx: &mut Tx<'_>, people: &[UserId], kind: Kind, subject: i64) -> AppResult<()> {
    let told: Vec<(UserId, i64)> = people.iter().map(|user| (*user, subject)).collect();
    tell_each(tx, kind, &told).map(drop)
}

/// As [`tell_all`], with a subject for each. Whoever is among them more than once is told of all, which takes as many rounds.
/// Gives where each event stands.
///
/// # Errors
/// When the database fails.
pub fn tell_each(tx: &mut Tx<'_>, kind: Kind, told: &[(UserId, i64)]) -> AppResult<Vec<(UserId, u64)>> {
    let people: Vec<UserId> = told.iter().map(|(user, _)| *user).collect();
    let mut all = Vec::new();
    if people.is_empty() {
        return Ok(all);
    }
    lock_streams(tx, &people)?;
    let now = tx.now();
    let mut rest = told.to_vec();
    while !rest.is_empty() {
        let mut round = BTreeMap::new();
        rest.retain(|(user, subject)| {
            let again = round.contains_key(&user.get());
            round.entry(user.get()).or_insert(*subject);
            again
        });
        all.extend(store::insert_for_each(tx.conn(), &round, kind, now)?);
    }
    for (user, seq) in all.iter().take(PEOPLE_TOLD) {
        tx.publish(Notice::Event {
            stream: Stream::User(*user),
            seq: *seq,
            membership_version: 0,
            event: None,
        });
    }
    Ok(all)
}

/// Takes a position for an event that [`tell_at`] writes in the same transaction.
///
/// # Errors
/// When the database fails.
pub fn take_position(tx: &mut Tx<'_>, user: UserId) -> AppResult<u64> {
    Ok(store::advance(tx.conn(), user)?)
}

/// Writes an event at a position that was taken.
///
/// # Errors
/// When the database fails.
pub fn tell_at(
    tx: &mut Tx<'_>,
    user: UserId,
    seq: u64,
    kind: Kind,
    subject: i64,
    detail: Option<i64>,
) -> AppResult<()> {
    let now = tx.now();
    store::insert_event(tx.conn(), user, seq, kind, subject, detail, now)?;
    tx.publish(Notice::Event {
        stream: Stream::User(user),
        seq,
        membership_version: 0,
        event: None,
    });
    Ok(())
}

/// Removes some of what happened to a person whose account goes. True: there may be more. The stream itself
/// stays where it stands.
///
/// # Errors
/// When the database fails.
pub fn forget(tx: &mut Tx<'_>, user: UserId, limit: i64) -> AppResult<bool> {
    Ok(store::delete_some(tx.conn(), user, limit)? > 0)
}

/// Positions of one use case up to which each is told by itself; beyond, only the last one, and whoever listens
/// asks for those between.
const TOLD_SINGLY: usize = 100;

/// As [`tell`], for many events of one kind, one for each subject.
///
/// # Errors
/// When the database fails.
pub fn tell_many(tx: &mut Tx<'_>, user: UserId, kind: Kind, subjects: &[i64]) -> AppResult<()> {
    if subjects.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    let first = store::advance_by(tx.conn(), user, subjects.len())?;
    store::insert_events(tx.conn(), user, first, kind, subjects, now)?;
    let told = (first..).take(subjects.len()).collect::<Vec<u64>>();
    let singly = told.len() <= TOLD_SINGLY;
    for seq in &told {
        if singly || Some(seq) == told.last() {
            tx.publish(Notice::Event {
                stream: Stream::User(user),
                seq: *seq,
                membership_version: 0,
                event: None,
            });
        }
    }
    Ok(())
}
