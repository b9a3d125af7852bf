//! What other features tell people, inside their transactions; and what people say of it.

use hearth_shared::ids::{FriendRequestId, Id, NotificationId, PostId, UserId};
use hearth_shared::notifications::{Counts, UpTo};
use hearth_shared::problem::ErrorCode;
use hearth_shared::valid::Valid;

use super::preferences::Hearing;
use super::store::{self, Kind, News, NotificationRow, groups, of_groups};
use crate::features::friends;
use crate::features::realtime::service as streams;
use crate::features::realtime::store::{Kind as EventKind, column, head};
use crate::platform::db::{Conn, Outcome, Tx};
use crate::platform::error::AppResult;
use crate::platform::extract::Actor;

pub use super::service_groups::*;
pub(super) use super::service_talk::lock_and_say;
pub use super::service_talk::*;

/// Somebody asks for friendship.
///
/// # Errors
/// When the database fails; as all of these.
pub fn asked(tx: &mut Tx<'_>, recipient: UserId, request: FriendRequestId, from: UserId) -> AppResult<()> {
    let news = News {
        user: recipient,
        kind: Kind::FriendRequest,
        subject: request.get(),
        post: None,
        detail: None,
    };
    tell(tx, news, from)
}

/// A request was accepted: its sender is told, and what its recipient was told says so from now on.
///
/// # Errors
/// See [`asked`].
pub fn accepted(tx: &mut Tx<'_>, request: FriendRequestId, from: UserId, by: UserId) -> AppResult<()> {
    if let Some(row) = find(tx, by, Kind::FriendRequest, request.get())? {
        store::set_kind(tx.conn(), row.id(), Kind::FriendRequestAccepted)?;
        store::mark_read(tx.conn(), row.id())?;
        say_changed(tx, by, row.id())?;
    }
    let news = News {
        user: from,
        kind: Kind::FriendAccepted,
        subject: by.get(),
        post: None,
        detail: None,
    };
    tell(tx, news, by)
}

/// A request is gone without an answer, or was declined: nothing is left of it.
///
/// # Errors
/// See [`asked`].
pub fn request_gone(tx: &mut Tx<'_>, recipient: UserId, request: FriendRequestId) -> AppResult<()> {
    match find(tx, recipient, Kind::FriendRequest, request.get())? {
        Some(row) => remove(tx, recipient, &row),
        None => Ok(()),
    }
}

/// Somebody reacted to a post.
///
/// # Errors
/// See [`asked`].
pub fn reacted(tx: &mut Tx<'_>, author: UserId, post: PostId, by: UserId) -> AppResult<()> {
    let news = News {
        user: author,
        kind: Kind::Reaction,
        subject: post.get(),
        post: Some(post),
        detail: None,
    };
    tell(tx, news, by)
}

/// Somebody took their reaction back.
///
/// # Errors
/// See [`asked`].
pub fn reaction_gone(tx: &mut Tx<'_>, author: UserId, post: PostId, by: UserId) -> AppResult<()> {
    match find(tx, author, Kind::Reaction, post.get())? {
        Some(row) => withdraw(tx, author, &row, by),
        None => Ok(()),
    }
}

/// Two people do not exist for each other any more: what each was told of the other goes.
///
/// # Errors
/// See [`asked`].
pub fn parted(tx: &mut Tx<'_>, pair: [UserId; 2]) -> AppResult<()> {
    let [a, b] = pair;
    streams::lock_streams(tx, &pair)?;
    for (recipient, actor) in [(a, b), (b, a)] {
        let mut changed = store::remove_actor_everywhere(tx.conn(), recipient, actor)?;
        of_groups::renew(tx.conn(), &changed)?;
        changed.extend(groups::on_posts_of(tx.conn(), recipient, actor)?);
        changed.sort_unstable();
        changed.dedup();
        streams::tell_many(tx, recipient, EventKind::Notification, &changed)?;
    }
    Ok(())
}

/// What two people may see of each other's posts has changed, and with it what they are shown of it.
///
/// # Errors
/// See [`asked`].
pub fn bond_changed(tx: &mut Tx<'_>, pair: [UserId; 2]) -> AppResult<()> {
    let [a, b] = pair;
    streams::lock_streams(tx, &pair)?;
    for (recipient, author) in [(a, b), (b, a)] {
        let changed = groups::on_posts_of(tx.conn(), recipient, author)?;
        streams::tell_many(tx, recipient, EventKind::Notification, &changed)?;
    }
    Ok(())
}

/// What a recipient was told of a subject. From now on nobody else changes what they are told: their stream is
/// locked before their notifications, by everybody, so that no two transactions wait for each other.
pub(super) fn find(
    tx: &mut Tx<'_>,
    recipient: UserId,
    kind: Kind,
    subject: i64,
) -> AppResult<Option<NotificationRow>> {
    streams::lock_streams(tx, &[recipient])?;
    Ok(store::find(tx.conn(), recipient, kind, subject)?)
}

fn tell(tx: &mut Tx<'_>, news: News, by: UserId) -> AppResult<()> {
    if by == news.user {
        return Ok(());
    }
    streams::lock_streams(tx, &[news.user])?;
    let hearing = Hearing::of(tx.conn(), &[news.user])?;
    tell_of(tx, &hearing, news, &[by])
}

/// Tells somebody what others did, as far as they want to hear it; who blocks takes the same lock before looking for
/// what there is to remove. What they had been told of it stays as it was when they want to hear no more.
pub(super) fn tell_of(tx: &mut Tx<'_>, hearing: &Hearing, news: News, by: &[UserId]) -> AppResult<()> {
    if by.iter().all(|by| *by == news.user) || !hearing.wants(news.user, news.kind) {
        return Ok(());
    }
    streams::lock_streams(tx, &[news.user])?;
    let by = groups::audible(tx.conn(), news.user, news.post, by)?;
    if by.is_empty() {
        return Ok(());
    }
    // First the position, which locks: nobody else writes this recipient's notifications meanwhile.
    let seq = streams::take_position(tx, news.user)?;
    let now = tx.now();
    let id = match store::find(tx.conn(), news.user, news.kind, news.subject)? {
        Some(row) => {
            store::bump(tx.conn(), row.id(), news.detail, seq, now)?;
            row.id()
        }
        None => {
            let id: NotificationId = tx.new_id();
            store::insert(tx.conn(), id, news, seq, now)?;
            id
        }
    };
    store::add_actors(tx.conn(), id, &by, seq)?;
    streams::tell_at(tx, news.user, seq, EventKind::Notification, id.get(), None)
}

/// Takes an actor out; without any the notification goes.
fn withdraw(tx: &mut Tx<'_>, recipient: UserId, row: &NotificationRow, by: UserId) -> AppResult<()> {
    match store::remove_actors(tx.conn(), row, &[by.get()])? {
        Some(0) => remove(tx, recipient, row),
        Some(_) => {
            of_groups::renew(tx.conn(), &[row.id().get()])?;
            say_changed(tx, recipient, row.id())
        }
        None => Ok(()),
    }
}

pub(super) fn remove(tx: &mut Tx<'_>, recipient: UserId, row: &NotificationRow) -> AppResult<()> {
    store::delete(tx.conn(), row.id())?;
    say_changed(tx, recipient, row.id())
}

pub(super) fn say_changed(tx: &mut Tx<'_>, recipient: UserId, id: NotificationId) -> AppResult<()> {
    streams::tell(tx, recipient, EventKind::Notification, id.get(), None).map(drop)
}

/// Takes somebody whose account goes out of what a recipient was told.
///
/// # Errors
/// See [`asked`].
pub fn forget_actor(tx: &mut Tx<'_>, recipient: UserId, id: NotificationId, actor: UserId) -> AppResult<()> {
    streams::lock_streams(tx, &[recipient])?;
    match store::find_of(tx.conn(), recipient, id)? {
        Some(row) => withdraw(tx, recipient, &row, actor),
        None => Ok(()),
    }
}

/// The caller has seen what they were told up to a place; the badge is cleared on all their devices.
///
/// # Errors
/// See [`asked`].
pub fn mark_seen(tx: &mut Tx<'_>, actor: &Actor, up_to: &Valid<UpTo>) -> AppResult<Outcome<()>> {
    let me = actor.user_id;
    streams::lock_streams(tx, &[me])?;
    // What has not happened yet cannot have been seen.
    let up_to = up_to.up_to.min(head(tx.conn(), me)?);
    if !store::mark_seen(tx.conn(), me, up_to)? {
        return Ok(Outcome::RollBack(()));
    }
    streams::tell(tx, me, EventKind::NotificationsSeen, column(up_to), None)?;
    Ok(Outcome::Commit(()))
}

/// The caller has read what they were told up to a place.
///
/// # Errors
/// See [`asked`].
pub fn mark_all_read(tx: &mut Tx<'_>, actor: &Actor, up_to: &Valid<UpTo>) -> AppResult<Outcome<()>> {
    let me = actor.user_id;
    streams::lock_streams(tx, &[me])?;
    let up_to = up_to.up_to.min(head(tx.conn(), me)?);
    if !store::mark_read_up_to(tx.conn(), me, up_to)? {
        return Ok(Outcome::RollBack(()));
    }
    streams::tell(tx, me, EventKind::NotificationsRead, column(up_to), None)?;
    Ok(Outcome::Commit(()))
}

/// The caller has read one.
///
/// # Errors
/// `not_found`.
pub fn mark_one_read(tx: &mut Tx<'_>, actor: &Actor, id: NotificationId) -> AppResult<Outcome<()>> {
    let me = actor.user_id;
    streams::lock_streams(tx, &[me])?;
    let row = store::find_of(tx.conn(), me, id)?.ok_or(ErrorCode::NotFound)?;
    if !store::mark_read(tx.conn(), row.id())? {
        return Ok(Outcome::RollBack(()));
    }
    say_changed(tx, me, row.id())?;
    Ok(Outcome::Commit(()))
}

/// The counts that follow a person's stream.
///
/// # Errors
/// See [`asked`].
pub fn counts(conn: &mut Conn, user: UserId) -> AppResult<Counts> {
    Ok(Counts {
        notifications: store::count_unseen(conn, user)?,
        friend_requests: friends::store::count_incoming(conn, user)?,
    })
}
