//! What is told of comments, replies, mentions and posts that are passed on. A comment is told to somebody in one way
//! only: that it names them, else that it answers them, else that it is on their post.
//!
//! Everything here is called under the lock of the post, after what it tells of stands in the database. What is about
//! a post or a comment that goes stays where it is and is shown no more, so that it comes back with it.

use std::collections::{BTreeMap, BTreeSet};

use hearth_shared::ids::{CommentId, Id, NotificationId, PostId, UserId};

use super::preferences::Hearing;
use super::service::{find, remove, say_changed, tell_of};
use super::service_groups::lock_those as lock;
use super::store::groups::{self, Group};
use super::store::{self, Kind, News};
use crate::features::posts::store::live;
use crate::features::realtime::service as streams;
use crate::features::realtime::store::Kind as EventKind;
use crate::platform::db::Tx;
use crate::platform::error::AppResult;

/// A comment, as far as it matters whom it is told to.
#[derive(Debug, Clone)]
pub struct Said {
    /// On which post.
    pub post: PostId,
    /// Whose that is.
    pub post_author: UserId,
    /// Which.
    pub comment: CommentId,
    /// The one that it answers, and whose that is.
    pub parent: Option<(CommentId, UserId)>,
    /// Who wrote it.
    pub by: UserId,
    /// Whom it names.
    pub mentioned: Vec<UserId>,
}

impl Said {
    /// How everybody is told whom it concerns.
    fn groups(&self) -> BTreeMap<UserId, Group> {
        let post = self.post;
        let mut groups = BTreeMap::new();
        let mut put = |user: UserId, kind: Kind, subject: i64| {
            groups.insert(
                user,
                Group {
                    user,
                    kind,
                    subject,
                    post,
                },
            )
        };
        put(self.post_author, Kind::Comment, post.get());
        if let Some((parent, author)) = self.parent {
            put(author, Kind::Reply, parent.get());
        }
        for user in &self.mentioned {
            put(*user, Kind::Mention, post.get());
        }
        groups.remove(&self.by);
        groups
    }
}

/// A comment was written.
///
/// # Errors
/// When the database fails; as all of these.
pub fn written(tx: &mut Tx<'_>, said: &Said) -> AppResult<()> {
    let groups = said.groups();
    let recipients = lock(tx, groups.keys().copied())?;
    let viewers = live::comment_viewers_among(tx.conn(), said.post, said.comment, &recipients)?;
    let hearing = Hearing::of(tx.conn(), &recipients)?;
    for group in groups.values().filter(|group| viewers.contains(&group.user)) {
        tell(tx, &hearing, group, &[said.by])?;
    }
    Ok(())
}

/// The text of a comment changed, and perhaps whom it names.
///
/// # Errors
/// See [`written`].
pub fn rewritten(tx: &mut Tx<'_>, before: &Said, after: &Said) -> AppResult<()> {
    let (old, new) = (before.groups(), after.groups());
    let recipients = lock(tx, old.keys().chain(new.keys()).copied())?;
    let viewers = live::comment_viewers_among(tx.conn(), after.post, after.comment, &recipients)?;
    let hearing = Hearing::of(tx.conn(), &recipients)?;
    for group in old.values().filter(|group| new.get(&group.user) != Some(group)) {
        withdraw(tx, group, &[after.by])?;
    }
    for group in new.values() {
        if old.get(&group.user) != Some(group) {
            if viewers.contains(&group.user) {
                tell(tx, &hearing, group, &[after.by])?;
            }
        } else if let Some(row) = find(tx, group.user, group.kind, group.subject)?
            && row.detail() == Some(after.comment.get())
        {
            say_changed(tx, group.user, row.id())?;
        }
    }
    Ok(())
}

/// Comments on a post were removed: one, or one with all its replies.
///
/// # Errors
/// See [`written`].
pub fn removed(tx: &mut Tx<'_>, post: PostId, comments: &[Said]) -> AppResult<()> {
    change(tx, post, comments, |tx, group, by, _| withdraw(tx, group, by))
}

/// They are back.
///
/// # Errors
/// See [`written`].
pub fn restored(tx: &mut Tx<'_>, post: PostId, comments: &[Said]) -> AppResult<()> {
    change(tx, post, comments, |tx, group, by, hearing| match hearing {
        Some(hearing) => tell(tx, hearing, group, by),
        None => Ok(()),
    })
}

/// What a group does when people's comments come or go; what its recipient wants to hear, if they may see the post.
type Change = fn(&mut Tx<'_>, &Group, &[UserId], Option<&Hearing>) -> AppResult<()>;

fn change(tx: &mut Tx<'_>, post: PostId, comments: &[Said], act: Change) -> AppResult<()> {
    let ids: Vec<CommentId> = comments.iter().map(|said| said.comment).collect();
    let mut by_group: BTreeMap<Group, BTreeSet<UserId>> = BTreeMap::new();
    for said in comments {
        for group in said.groups().into_values() {
            by_group.entry(group).or_default().insert(said.by);
        }
    }
    // What is about one of them is hidden and shown with it.
    by_group.retain(|group, _| group.kind != Kind::Reply || !ids.contains(&CommentId::new(group.subject)));
    let about = groups::of_comments(tx.conn(), post, &ids)?;
    let concerned = by_group.keys().map(|group| group.user);
    let recipients = lock(tx, concerned.chain(about.iter().map(|(user, _)| *user)))?;
    let viewers = live::viewers_among(tx.conn(), post, &recipients)?;
    let hearing = Hearing::of(tx.conn(), &recipients)?;
    for (group, by) in &by_group {
        let by: Vec<UserId> = by.iter().copied().collect();
        let hearing = viewers.contains(&group.user).then_some(&hearing);
        act(tx, group, &by, hearing)?;
    }
    say_all(tx, &about)
}

/// A post names people.
///
/// # Errors
/// See [`written`].
pub fn named(tx: &mut Tx<'_>, post: PostId, by: UserId, people: &[UserId]) -> AppResult<()> {
    let recipients = lock(tx, people.iter().copied().filter(|user| *user != by))?;
    let viewers = live::viewers_among(tx.conn(), post, &recipients)?;
    let hearing = Hearing::of(tx.conn(), &recipients)?;
    for user in recipients.into_iter().filter(|user| viewers.contains(user)) {
        tell(tx, &hearing, &mention(user, post), &[by])?;
    }
    Ok(())
}

/// A post names people no longer.
///
/// # Errors
/// See [`written`].
pub fn named_no_more(tx: &mut Tx<'_>, post: PostId, by: UserId, people: &[UserId]) -> AppResult<()> {
    for user in lock(tx, people.iter().copied().filter(|user| *user != by))? {
        withdraw(tx, &mention(user, post), &[by])?;
    }
    Ok(())
}

fn mention(user: UserId, post: PostId) -> Group {
    Group {
        user,
        kind: Kind::Mention,
        subject: post.get(),
        post,
    }
}

/// Somebody passes a post on. Its author is told if they may see the new one.
///
/// # Errors
/// See [`written`].
pub fn shared(tx: &mut Tx<'_>, author: UserId, original: PostId, share: PostId, by: UserId) -> AppResult<()> {
    lock(tx, [author])?;
    if live::viewers_among(tx.conn(), share, &[author])?.is_empty() || author == by {
        return Ok(());
    }
    let hearing = Hearing::of(tx.conn(), &[author])?;
    tell(tx, &hearing, &share_group(author, original), &[by])
}

/// Somebody passes a post on no longer, or hides that from its author.
///
/// # Errors
/// See [`written`].
pub fn share_gone(tx: &mut Tx<'_>, author: UserId, original: PostId, by: UserId) -> AppResult<()> {
    withdraw(tx, &share_group(author, original), &[by])
}

fn share_group(author: UserId, original: PostId) -> Group {
    Group {
        user: author,
        kind: Kind::Share,
        subject: original.get(),
        post: original,
    }
}

/// A post was removed or put back, or others may see it from now on: everybody who was told of it, or of what is on
/// it, is shown so.
///
/// # Errors
/// See [`written`].
pub fn visibility_changed(tx: &mut Tx<'_>, post: PostId) -> AppResult<()> {
    let about = groups::of_post(tx.conn(), post)?;
    lock_and_say(tx, &about)
}

/// The text of a post changed: what tells of it shows the new one.
///
/// # Errors
/// See [`written`].
pub fn post_changed(tx: &mut Tx<'_>, post: PostId) -> AppResult<()> {
    let quoting = groups::quoting(tx.conn(), post)?;
    lock_and_say(tx, &quoting)
}

/// Tells people of what they were told that it has changed.
pub(super) fn lock_and_say(tx: &mut Tx<'_>, told: &[(UserId, NotificationId)]) -> AppResult<()> {
    lock(tx, told.iter().map(|(user, _)| *user))?;
    say_all(tx, told)
}

/// Somebody reacted to a comment.
///
/// # Errors
/// See [`written`].
pub fn comment_reacted(
    tx: &mut Tx<'_>,
    author: UserId,
    post: PostId,
    comment: CommentId,
    by: UserId,
) -> AppResult<()> {
    lock(tx, [author])?;
    if live::viewers_among(tx.conn(), post, &[author])?.is_empty() {
        return Ok(());
    }
    let group = Group {
        user: author,
        kind: Kind::CommentReaction,
        subject: comment.get(),
        post,
    };
    let hearing = Hearing::of(tx.conn(), &[author])?;
    tell(tx, &hearing, &group, &[by])
}

/// Somebody took their reaction to a comment back.
///
/// # Errors
/// See [`written`].
pub fn comment_reaction_gone(
    tx: &mut Tx<'_>,
    author: UserId,
    post: PostId,
    comment: CommentId,
    by: UserId,
) -> AppResult<()> {
    let group = Group {
        user: author,
        kind: Kind::CommentReaction,
        subject: comment.get(),
        post,
    };
    withdraw(tx, &group, &[by])
}

fn tell(tx: &mut Tx<'_>, hearing: &Hearing, group: &Group, by: &[UserId]) -> AppResult<()> {
    if !hearing.wants(group.user, group.kind) {
        return Ok(());
    }
    let detail = groups::newest(tx.conn(), group)?;
    let news = News {
        user: group.user,
        kind: group.kind,
        subject: group.subject,
        post: Some(group.post),
        detail,
    };
    tell_of(tx, hearing, news, by)
}

/// Takes those of some people out of a group of whose doing nothing stands any more.
fn withdraw(tx: &mut Tx<'_>, group: &Group, people: &[UserId]) -> AppResult<()> {
    let Some(row) = find(tx, group.user, group.kind, group.subject)? else {
        return Ok(());
    };
    let people: Vec<i64> = people.iter().map(|by| by.get()).collect();
    let still = groups::still_in(tx.conn(), group, &people)?;
    let gone: Vec<i64> = people.into_iter().filter(|by| !still.contains(by)).collect();
    let newest = groups::newest_told(tx.conn(), group, row.id())?;
    let moved = newest != row.detail();
    if moved {
        store::set_detail(tx.conn(), row.id(), newest)?;
    }
    match store::remove_actors(tx.conn(), &row, &gone)? {
        Some(0) => remove(tx, group.user, &row),
        Some(_) => say_changed(tx, group.user, row.id()),
        None if moved => say_changed(tx, group.user, row.id()),
        None => Ok(()),
    }
}

/// Tells people of what they were told that it has changed. Their streams are locked.
fn say_all(tx: &mut Tx<'_>, told: &[(UserId, NotificationId)]) -> AppResult<()> {
    let mut by_person: BTreeMap<UserId, Vec<i64>> = BTreeMap::new();
    for (user, id) in told {
        by_person.entry(*user).or_default().push(id.get());
    }
    for (user, ids) in by_person {
        streams::tell_many(tx, user, EventKind::Notification, &ids)?;
    }
    Ok(())
}
