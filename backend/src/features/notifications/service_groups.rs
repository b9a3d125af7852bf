//! What is told of groups: that one is asked to come, and that one was named in what was said there. What is told of a
//! message is gone with it, and with the membership: whoever comes back is told what is said from then on.
//!
//! Everything here is called under the lock of the group's conversation, but for what ends between two people; and always
//! before other streams are locked, or with all of them locked already.

use std::collections::{BTreeMap, BTreeSet};

use hearth_shared::ids::{ConversationId, Id, MessageId, NotificationId, UserId};

use super::preferences::Hearing;
use super::service::{find, say_changed};
use super::store::of_groups::{self as store, GroupNews, Row};
use super::store::{self as notifications, Kind};
use crate::features::push;
use crate::features::realtime::service as streams;
use crate::features::realtime::store::{Kind as EventKind, column};
use crate::platform::db::Tx;
use crate::platform::error::AppResult;

/// Somebody asks people into a group.
///
/// # Errors
/// When the database fails; as all of these.
pub fn invited(
    tx: &mut Tx<'_>,
    conversation: ConversationId,
    by: UserId,
    people: &[UserId],
) -> AppResult<()> {
    let now = tx.now();
    let news = GroupNews {
        kind: Kind::GroupInvitation,
        conversation,
        message: None,
        by,
        now,
    };
    let told = tell(tx, news, people)?;
    push::service::all_notified(tx, news.kind.topic(), &told)
}

/// Invitations are taken back or declined, or whoever asked is no friend any more: nothing is left of them.
///
/// # Errors
/// See [`invited`].
pub fn uninvited(tx: &mut Tx<'_>, gone: &[(UserId, ConversationId)]) -> AppResult<()> {
    let people = lock_those(tx, gone.iter().map(|(user, _)| *user))?;
    let groups: Vec<ConversationId> = gone.iter().map(|(_, id)| *id).collect();
    let mut rows = store::find(tx.conn(), &people, Kind::GroupInvitation, &groups)?;
    rows.retain(|row| gone.contains(&(row.user(), row.conversation())));
    remove(tx, &rows)
}

/// Somebody who was asked has come: what they were told says so from now on.
///
/// # Errors
/// See [`invited`].
pub fn came(tx: &mut Tx<'_>, user: UserId, conversation: ConversationId) -> AppResult<()> {
    if let Some(row) = find(tx, user, Kind::GroupInvitation, conversation.get())? {
        notifications::set_kind(tx.conn(), row.id(), Kind::GroupInvitationAccepted)?;
        notifications::mark_read(tx.conn(), row.id())?;
        say_changed(tx, user, row.id())?;
    }
    Ok(())
}

/// Somebody has gone from a group, or was removed: nothing is left of what they were told of it.
///
/// # Errors
/// See [`invited`].
pub fn went(tx: &mut Tx<'_>, user: UserId, conversation: ConversationId) -> AppResult<()> {
    streams::lock_streams(tx, &[user])?;
    let rows = store::of_person(tx.conn(), user, conversation)?;
    remove(tx, &rows)
}

/// A group has ended: nothing is left of what anybody was told of it. Their streams are locked by [`lock_all_told`].
///
/// # Errors
/// See [`invited`].
pub fn group_ended(tx: &mut Tx<'_>, conversation: ConversationId) -> AppResult<()> {
    let rows = store::of_group(tx.conn(), conversation)?;
    remove(tx, &rows)
}

/// A group is called something else, or looks different: what tells of it shows that. Their streams are locked by
/// [`lock_all_told`].
///
/// # Errors
/// See [`invited`].
pub fn group_changed(tx: &mut Tx<'_>, conversation: ConversationId) -> AppResult<()> {
    let rows = store::of_group(tx.conn(), conversation)?;
    say(tx, &rows)
}

/// Takes the streams of everybody who was told something of a group, and of some others: all at once, because whoever takes
/// them one after the other may wait for somebody who waits for them.
///
/// # Errors
/// See [`invited`].
pub fn lock_all_told(tx: &mut Tx<'_>, conversation: ConversationId, others: &[UserId]) -> AppResult<()> {
    let told = store::of_group(tx.conn(), conversation)?;
    lock_those(tx, told.iter().map(Row::user).chain(others.iter().copied())).map(drop)
}

/// A message of a group, as far as it matters whom it is told to.
#[derive(Debug, Clone, Copy)]
pub struct SaidInGroup {
    /// In which.
    pub conversation: ConversationId,
    /// Which.
    pub message: MessageId,
    /// Who wrote it.
    pub by: UserId,
    /// It was said just now, not changed.
    pub is_new: bool,
}

/// A message of a group names people, who are in it and may see it. Whether they have muted the group, or put it away, does
/// not matter: who is named is meant.
///
/// # Errors
/// See [`invited`].
pub fn named_in_group(tx: &mut Tx<'_>, said: SaidInGroup, people: &[UserId]) -> AppResult<()> {
    let now = tx.now();
    let news = GroupNews {
        kind: Kind::MessageMention,
        conversation: said.conversation,
        message: Some(said.message),
        by: said.by,
        now,
    };
    let told = tell(tx, news, people)?;
    push::service::named(tx, said.conversation, said.is_new, &told)
}

/// A message of a group names people no longer, or is gone.
///
/// # Errors
/// See [`invited`].
pub fn named_in_group_no_more(tx: &mut Tx<'_>, said: SaidInGroup, people: &[UserId]) -> AppResult<()> {
    let people = lock_those(tx, people.iter().copied())?;
    let rows = told_of_messages(tx, said, &people)?;
    if rows.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = rows.iter().map(Row::id).collect();
    let gone = store::take_actor(tx.conn(), said.by, &ids)?;
    store::renew(tx.conn(), &ids)?;
    // What is shown may be another message now, also where it was not this one: a change had brought an older one up.
    let shown = told_of_messages(tx, said, &people)?;
    let same = |row: &Row| shown.iter().any(|now| now.shows_as(row));
    let changed: Vec<Row> = rows
        .into_iter()
        .filter(|row| gone.contains(&row.id()) || !same(row))
        .collect();
    say(tx, &changed)
}

/// A message of a group says something else to those whom it still names: where it is the newest, that is shown.
///
/// # Errors
/// See [`invited`].
pub fn said_otherwise(tx: &mut Tx<'_>, said: SaidInGroup, people: &[UserId]) -> AppResult<()> {
    let people = lock_those(tx, people.iter().copied())?;
    let mut rows = told_of_messages(tx, said, &people)?;
    rows.retain(|row| row.shows(said.message));
    say(tx, &rows)
}

/// Somebody has read what was said in a group up to a number: what told them of that is read, too. True if something was
/// told so. Most read what names nobody, and take no lock.
///
/// # Errors
/// See [`invited`].
pub fn read_in_group(
    tx: &mut Tx<'_>,
    user: UserId,
    conversation: ConversationId,
    number: u32,
) -> AppResult<bool> {
    if store::unread_up_to(tx.conn(), user, conversation, number)?.is_none() {
        return Ok(false);
    }
    streams::lock_streams(tx, &[user])?;
    let Some(id) = store::unread_up_to(tx.conn(), user, conversation, number)? else {
        return Ok(false);
    };
    notifications::mark_read(tx.conn(), id)?;
    say_changed(tx, user, id)?;
    Ok(true)
}

fn told_of_messages(tx: &mut Tx<'_>, said: SaidInGroup, people: &[UserId]) -> AppResult<Vec<Row>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    Ok(store::find(
        tx.conn(),
        people,
        Kind::MessageMention,
        &[said.conversation],
    )?)
}

/// Takes the streams of some people, each once and in order.
///
/// # Errors
/// See [`invited`].
pub fn lock_those(tx: &mut Tx<'_>, people: impl IntoIterator<Item = UserId>) -> AppResult<Vec<UserId>> {
    let people: BTreeSet<UserId> = people.into_iter().collect();
    let people: Vec<UserId> = people.into_iter().collect();
    if !people.is_empty() {
        streams::lock_streams(tx, &people)?;
    }
    Ok(people)
}

/// Who was told, in which notification, and at which place of their stream.
type Told = Vec<(UserId, NotificationId, u64)>;

/// Tells some people, in as many statements as for one; who blocks takes the same locks before looking for what there is to
/// remove.
fn tell(tx: &mut Tx<'_>, news: GroupNews, people: &[UserId]) -> AppResult<Told> {
    let people = lock_those(tx, people.iter().copied())?;
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let hearing = Hearing::of(tx.conn(), &people)?;
    let mut people = store::listening(tx.conn(), &people, news.kind, news.by)?;
    people.retain(|user| hearing.wants(*user, news.kind));
    let known = store::find(tx.conn(), &people, news.kind, &[news.conversation])?;
    let mut told: Vec<(UserId, i64)> = known.iter().map(|row| (row.user(), row.id())).collect();
    let mut new: Vec<(NotificationId, UserId)> = Vec::new();
    let told_before: BTreeSet<UserId> = known.iter().map(Row::user).collect();
    for user in people {
        if !told_before.contains(&user) {
            let id: NotificationId = tx.new_id();
            new.push((id, user));
            told.push((user, id.get()));
        }
    }
    // First the positions, which are the places.
    let places = streams::tell_each(tx, EventKind::Notification, &told)?;
    let places: BTreeMap<UserId, u64> = places.into_iter().collect();
    let place = |user: UserId| places.get(&user).map(|seq| column(*seq));
    let new: Vec<_> = new
        .into_iter()
        .filter_map(|(id, user)| Some((id, user, place(user)?)))
        .collect();
    let known: Vec<i64> = known.iter().map(Row::id).collect();
    let at: Vec<_> = told
        .iter()
        .filter_map(|(user, id)| Some((*id, place(*user)?)))
        .collect();
    store::insert(tx.conn(), news, &new)?;
    store::bump(tx.conn(), news, &known)?;
    store::add_actor(tx.conn(), news.by, &at)?;
    let each = told
        .iter()
        .filter_map(|(user, id)| Some((*user, NotificationId::new(*id), *places.get(user)?)));
    Ok(each.collect())
}

/// Their streams are locked.
fn remove(tx: &mut Tx<'_>, rows: &[Row]) -> AppResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    store::delete(tx.conn(), rows)?;
    say(tx, rows)
}

/// Tells people of what they were told that it has changed, or is gone. Their streams are locked.
fn say(tx: &mut Tx<'_>, rows: &[Row]) -> AppResult<()> {
    let told: Vec<(UserId, i64)> = rows.iter().map(|row| (row.user(), row.id())).collect();
    streams::tell_each(tx, EventKind::Notification, &told).map(drop)
}
