//! What still stands of that of which a group of notifications tells.

use std::collections::HashSet;

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use hearth_shared::ids::{CommentId, Id, NotificationId, PostId, UserId};

use super::{Backend, Kind};
use crate::features::friends::store::blocks::{hidden_among, hidden_from};
use crate::features::posts::store::mutes;
use crate::features::posts::store::visible::visible_to;
use crate::platform::db::among::AmongIds;
use crate::platform::db::{Conn, dialect};
use crate::schema::{comments, mentions, muted_people, notification_actors as actors, notifications, posts};

/// What a recipient is told of one subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    /// Who.
    pub user: UserId,
    /// Of what.
    pub kind: Kind,
    /// See [`Kind`].
    pub subject: i64,
    /// On which post.
    pub post: PostId,
}

/// That a comment answers nobody who is hidden from a person: who does not see one does not see what answers it either.
macro_rules! answers_nobody_hidden_from {
    ($user:expr) => {{
        let answered = diesel::alias!(comments as answered);
        diesel::dsl::not(diesel::dsl::exists(
            answered
                .filter(answered.field(comments::id).nullable().eq(comments::parent_id))
                .filter(answered.field(comments::author_id).eq_any(hidden_from($user))),
        ))
    }};
}
pub(super) use answers_nobody_hidden_from;

/// Comments of which a group tells. A comment is told to somebody in one way only: as one that names them, else as a
/// reply to theirs, else as one on their post.
fn comments_of(group: &Group) -> comments::BoxedQuery<'static, Backend> {
    let me = group.user.get();
    let names_me = || {
        exists(
            mentions::table
                .filter(mentions::place.eq("comment"))
                .filter(mentions::place_id.eq(comments::id))
                .filter(mentions::user_id.eq(me)),
        )
    };
    let there = comments::table
        .filter(comments::post_id.eq(group.post.get()))
        .filter(comments::deleted_at.is_null())
        .filter(comments::author_id.ne(me))
        .filter(comments::author_id.ne_all(hidden_from(group.user)))
        .filter(answers_nobody_hidden_from!(group.user))
        .into_boxed();
    match group.kind {
        Kind::Mention => there.filter(names_me()),
        Kind::Reply => there
            .filter(comments::parent_id.eq(group.subject))
            .filter(diesel::dsl::not(names_me())),
        _ => {
            let parents = diesel::alias!(comments as parents);
            let answers_me = exists(
                parents
                    .filter(parents.field(comments::id).nullable().eq(comments::parent_id))
                    .filter(parents.field(comments::author_id).eq(me)),
            );
            there
                .filter(diesel::dsl::not(names_me()))
                .filter(diesel::dsl::not(answers_me))
        }
    }
}

/// A condition on notifications.
type Condition = Box<dyn BoxableExpression<notifications::table, Backend, SqlType = Bool>>;

/// Posts that pass the subject on and that its author may see.
fn shares_of(group: &Group) -> posts::BoxedQuery<'static, Backend> {
    posts::table
        .filter(posts::shared_post_id.eq(group.subject))
        .filter(posts::author_id.ne(group.user.get()))
        .filter(visible_to(group.user))
        .into_boxed()
}

/// The newest of what those did whom a group's notification names: others may have done something since that its
/// recipient does not want to hear of.
pub fn newest(conn: &mut Conn, group: &Group, id: NotificationId) -> QueryResult<Option<i64>> {
    let named = actors::table
        .filter(actors::notification_id.eq(id.get()))
        .select(actors::actor_id);
    match group.kind {
        Kind::Comment | Kind::Reply | Kind::Mention => comments_of(group)
            .filter(comments::author_id.eq_any(named))
            .order(comments::id.desc())
            .select(comments::id)
            .first(conn)
            .optional(),
        Kind::Share => shares_of(group)
            .filter(posts::author_id.eq_any(named))
            .order(posts::id.desc())
            .select(posts::id)
            .first(conn)
            .optional(),
        _ => Ok(None),
    }
}

/// Those of some people of whose doing something in a group still stands.
pub fn still_in(conn: &mut Conn, group: &Group, people: &[i64]) -> QueryResult<HashSet<i64>> {
    let mut still: Vec<i64> = match group.kind {
        Kind::Comment | Kind::Reply | Kind::Mention => comments_of(group)
            .filter(comments::author_id.among(people))
            .distinct()
            .select(comments::author_id)
            .load(conn)?,
        Kind::Share => shares_of(group)
            .filter(posts::author_id.among(people))
            .distinct()
            .select(posts::author_id)
            .load(conn)?,
        _ => Vec::new(),
    };
    if group.kind == Kind::Mention {
        let named: Option<i64> = mentions::table
            .inner_join(posts::table.on(posts::id.eq(mentions::place_id)))
            .filter(mentions::place.eq("post"))
            .filter(mentions::place_id.eq(group.post.get()))
            .filter(mentions::user_id.eq(group.user.get()))
            .select(posts::author_id)
            .first(conn)
            .optional()?;
        still.extend(named.filter(|author| people.contains(author)));
    }
    Ok(still.into_iter().collect())
}

/// Those of some people of whom a recipient is told what they do on a post: not themselves, nobody who does not exist
/// for them, nobody whom they have muted; and of a muted post nothing.
pub fn audible(conn: &mut Conn, user: UserId, post: Option<PostId>, by: &[UserId]) -> QueryResult<Vec<i64>> {
    let others: Vec<i64> = by
        .iter()
        .map(|by| by.get())
        .filter(|by| *by != user.get())
        .collect();
    let mut quiet = hidden_among(conn, user, &others)?;
    if let Some(post) = post {
        if mutes::is_post_muted(conn, user, post)? {
            return Ok(Vec::new());
        }
        let muted: Vec<i64> = mutes::people_of(user)
            .filter(muted_people::other_id.among(&others))
            .load(conn)?;
        quiet.extend(muted);
    }
    Ok(others.into_iter().filter(|by| !quiet.contains(by)).collect())
}

/// Whoever was told something, and what.
pub type Told = Vec<(UserId, NotificationId)>;

fn told(rows: Vec<(i64, i64)>) -> Told {
    rows.into_iter()
        .map(|(user, id)| (UserId::new(user), NotificationId::new(id)))
        .collect()
}

/// Everything that was told of a post and of what is on it, and of it as one that passes another on.
pub fn of_post(conn: &mut Conn, post: PostId) -> QueryResult<Told> {
    notifications::table
        .filter(notifications::post_id.eq(post.get()))
        .order((notifications::user_id, notifications::id))
        .select((notifications::user_id, notifications::id))
        .load(conn)
        .map(told)
}

/// What was told with the words of a post.
pub fn quoting(conn: &mut Conn, post: PostId) -> QueryResult<Told> {
    let kinds = [Kind::Reaction, Kind::Mention].map(Kind::as_str);
    let mut rows: Vec<(i64, i64)> = notifications::table
        .filter(notifications::post_id.eq(post.get()))
        .filter(notifications::kind.eq_any(kinds))
        .filter(notifications::detail_id.is_null())
        .select((notifications::user_id, notifications::id))
        .load(conn)?;
    let original: Option<Option<i64>> = posts::table
        .find(post.get())
        .select(posts::shared_post_id)
        .first(conn)
        .optional()?;
    if let Some(original) = original.flatten() {
        let shared: Vec<(i64, i64)> = notifications::table
            .filter(notifications::post_id.eq(original))
            .filter(notifications::kind.eq(Kind::Share.as_str()))
            .filter(notifications::detail_id.eq(post.get()))
            .select((notifications::user_id, notifications::id))
            .load(conn)?;
        rows.extend(shared);
    }
    rows.sort_unstable();
    Ok(told(rows))
}

/// What was told of comments on a post to their authors.
pub fn of_comments(conn: &mut Conn, post: PostId, ids: &[CommentId]) -> QueryResult<Told> {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    let mut rows: Vec<(i64, i64)> = Vec::new();
    for ids in ids.chunks(dialect::LISTED_MAX) {
        let some: Vec<(i64, i64)> = notifications::table
            .filter(notifications::post_id.eq(post.get()))
            .filter(notifications::kind.eq_any(Kind::OF_COMMENTS))
            .filter(notifications::subject_id.among(ids))
            .select((notifications::user_id, notifications::id))
            .load(conn)?;
        rows.extend(some);
    }
    rows.sort_unstable();
    Ok(told(rows))
}

/// What a person was told of another one's posts.
pub fn on_posts_of(conn: &mut Conn, user: UserId, author: UserId) -> QueryResult<Vec<i64>> {
    let theirs = posts::table
        .filter(posts::id.nullable().eq(notifications::post_id))
        .filter(posts::author_id.eq(author.get()));
    notifications::table
        .filter(notifications::user_id.eq(user.get()))
        .filter(exists(theirs))
        .order(notifications::id)
        .select(notifications::id)
        .load(conn)
}

/// What a person was told of their own answers to another one's comments.
pub fn on_answers_to(conn: &mut Conn, user: UserId, other: UserId) -> QueryResult<Vec<i64>> {
    let answered = diesel::alias!(comments as answered);
    let theirs = exists(
        answered
            .filter(answered.field(comments::id).nullable().eq(comments::parent_id))
            .filter(answered.field(comments::author_id).eq(other.get())),
    );
    let answers = comments::table
        .filter(comments::id.eq(notifications::subject_id))
        .filter(theirs);
    notifications::table
        .filter(notifications::user_id.eq(user.get()))
        .filter(notifications::kind.eq(Kind::CommentReaction.as_str()))
        .filter(exists(answers))
        .order(notifications::id)
        .select(notifications::id)
        .load(conn)
}

/// What a person was told of comments on posts on which another one commented too.
pub fn with_comments_of(conn: &mut Conn, user: UserId, other: UserId) -> QueryResult<Vec<Group>> {
    let theirs = comments::table
        .filter(comments::post_id.nullable().eq(notifications::post_id))
        .filter(comments::author_id.eq(other.get()));
    let kinds = [Kind::Comment, Kind::Reply, Kind::Mention];
    of_kinds(conn, user, &kinds, exists(theirs))
}

/// What a person was told of posts of theirs that another one passes on.
pub fn with_shares_of(conn: &mut Conn, user: UserId, other: UserId) -> QueryResult<Vec<Group>> {
    let theirs = posts::table
        .filter(posts::shared_post_id.eq(notifications::post_id))
        .filter(posts::author_id.eq(other.get()));
    of_kinds(conn, user, &[Kind::Share], exists(theirs))
}

fn of_kinds<C>(conn: &mut Conn, user: UserId, kinds: &[Kind], condition: C) -> QueryResult<Vec<Group>>
where
    C: BoxableExpression<notifications::table, Backend, SqlType = Bool> + 'static,
{
    let condition: Condition = Box::new(condition);
    let rows: Vec<(String, i64, i64)> = notifications::table
        .filter(notifications::user_id.eq(user.get()))
        .filter(notifications::kind.eq_any(kinds.iter().map(|kind| kind.as_str())))
        .filter(condition)
        .order(notifications::id)
        .select((
            notifications::kind,
            notifications::subject_id,
            notifications::post_id.assume_not_null(),
        ))
        .load(conn)?;
    let group = |(kind, subject, post): (String, i64, i64)| {
        let kind = kinds.iter().copied().find(|known| known.as_str() == kind)?;
        let post = PostId::new(post);
        Some(Group {
            user,
            kind,
            subject,
            post,
        })
    };
    Ok(rows.into_iter().filter_map(group).collect())
}

/// Those of whom a group tells who answered another one on its post.
pub fn who_answered(conn: &mut Conn, group: &Group, other: UserId) -> QueryResult<Vec<UserId>> {
    let told = notifications::table
        .filter(notifications::user_id.eq(group.user.get()))
        .filter(notifications::kind.eq(group.kind.as_str()))
        .filter(notifications::subject_id.eq(group.subject));
    let named = actors::table
        .filter(actors::notification_id.eq_any(told.select(notifications::id)))
        .select(actors::actor_id);
    let answered = diesel::alias!(comments as answered);
    let theirs = exists(
        answered
            .filter(answered.field(comments::id).nullable().eq(comments::parent_id))
            .filter(answered.field(comments::author_id).eq(other.get())),
    );
    let people: Vec<i64> = comments::table
        .filter(comments::post_id.eq(group.post.get()))
        .filter(theirs)
        .filter(comments::author_id.eq_any(named))
        .distinct()
        .select(comments::author_id)
        .load(conn)?;
    Ok(people.into_iter().map(UserId::new).collect())
}

/// The original of a post that passes one on, and its author.
pub fn original_of(conn: &mut Conn, post: PostId) -> QueryResult<Option<(PostId, UserId)>> {
    let original: Option<Option<i64>> = posts::table
        .find(post.get())
        .select(posts::shared_post_id)
        .first(conn)
        .optional()?;
    let Some(original) = original.flatten() else {
        return Ok(None);
    };
    let author: Option<i64> = posts::table
        .find(original)
        .select(posts::author_id)
        .first(conn)
        .optional()?;
    Ok(author.map(|author| (PostId::new(original), UserId::new(author))))
}
