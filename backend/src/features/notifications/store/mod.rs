//! Queries on notifications.

pub mod groups;
pub mod hydrate;
pub mod of_groups;
pub mod preferences;
pub mod unread;

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use hearth_shared::ids::{Id, NotificationId, PostId, UserId};
use hearth_shared::notifications::{COUNT_MAX, NotificationFilter};
use hearth_shared::time::Timestamp;

use groups::answers_nobody_hidden_from;

use crate::features::friends::store::blocks::hidden_from;
use crate::features::posts::store::visible::visible_to;
use crate::features::realtime::store::{column, position};
use crate::features::users::store_standing::active;
use crate::on_each;
use crate::platform::db::among::AmongIds;
use crate::platform::db::{Conn, dialect};
use crate::schema::{
    comments, notification_actors as actors, notification_marks as marks, notifications, posts, users,
};

/// What a notification is about. The text form stands in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A request for friendship that waits: subject the request.
    FriendRequest,
    /// A request that was accepted: subject the request.
    FriendRequestAccepted,
    /// One's own request was accepted: subject the person.
    FriendAccepted,
    /// Reactions to a post: subject the post.
    Reaction,
    /// Comments on a post: subject the post, detail the newest comment.
    Comment,
    /// Replies to a comment: subject the comment, detail the newest reply.
    Reply,
    /// Being named in a post or in comments on it: subject the post, detail the newest comment if there is one.
    Mention,
    /// A post that is passed on: subject the post, detail the newest one that does.
    Share,
    /// Reactions to a comment: subject the comment.
    CommentReaction,
    /// An invitation to a group that waits: subject its conversation.
    GroupInvitation,
    /// An invitation that was accepted: subject the conversation.
    GroupInvitationAccepted,
    /// Being named in messages of a group: subject the conversation, detail the newest message.
    MessageMention,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::FriendRequest,
        Self::FriendRequestAccepted,
        Self::FriendAccepted,
        Self::Reaction,
        Self::Comment,
        Self::Reply,
        Self::Mention,
        Self::Share,
        Self::CommentReaction,
        Self::GroupInvitation,
        Self::GroupInvitationAccepted,
        Self::MessageMention,
    ];
    /// Those that ask for an answer, or did.
    const REQUESTS: [&str; 4] = [
        Self::FriendRequest.as_str(),
        Self::FriendRequestAccepted.as_str(),
        Self::GroupInvitation.as_str(),
        Self::GroupInvitationAccepted.as_str(),
    ];
    /// Those whose subject is the conversation of a group.
    const OF_GROUPS: [&str; 3] = [
        Self::GroupInvitation.as_str(),
        Self::GroupInvitationAccepted.as_str(),
        Self::MessageMention.as_str(),
    ];
    /// Those that tell where one was named.
    const MENTIONS: [&str; 2] = [Self::Mention.as_str(), Self::MessageMention.as_str()];
    /// Those whose subject is a comment of the recipient: with it they are hidden.
    const OF_COMMENTS: [&str; 2] = [Self::Reply.as_str(), Self::CommentReaction.as_str()];

    /// The kind of a text form; `None` for one of a newer version.
    pub fn of_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == text)
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::FriendRequest => "friend_request",
            Self::FriendRequestAccepted => "friend_request_accepted",
            Self::FriendAccepted => "friend_accepted",
            Self::Reaction => "reaction",
            Self::Comment => "comment",
            Self::Reply => "reply",
            Self::Mention => "mention",
            Self::Share => "share",
            Self::CommentReaction => "comment_reaction",
            Self::GroupInvitation => "group_invitation",
            Self::GroupInvitationAccepted => "group_invitation_accepted",
            Self::MessageMention => "message_mention",
        }
    }
}

/// A notification's row.
#[derive(Queryable, Selectable, Debug, Clone)]
#[diesel(table_name = notifications)]
pub struct NotificationRow {
    id: i64,
    seq: i64,
    kind: String,
    subject_id: i64,
    detail_id: Option<i64>,
    actor_count: i64,
    read_seq: i64,
    created_at: i64,
    updated_at: i64,
    post_id: Option<i64>,
}

impl NotificationRow {
    /// Which.
    pub fn id(&self) -> NotificationId {
        NotificationId::new(self.id)
    }

    /// Its place.
    pub fn position(&self) -> u64 {
        position(self.seq)
    }

    /// What it is about; `None` for a kind of a newer version.
    pub fn kind(&self) -> Option<Kind> {
        Kind::of_text(&self.kind)
    }

    /// Whether its subject is the conversation of a group.
    fn is_of_group(&self) -> bool {
        Kind::OF_GROUPS.contains(&self.kind.as_str())
    }

    /// The newest comment, reply, share or message.
    pub fn detail(&self) -> Option<i64> {
        self.detail_id
    }
}

/// The condition on `notifications` of being shown to their recipient: what they are about is there, and the recipient
/// may see it; an invitation waits, or led into the group; the recipient is in the group and may see the message; and
/// somebody of those who did it is here. A post or a person that comes back, or becomes visible again, brings them back as
/// they were.
fn is_shown(recipient: UserId) -> Box<dyn BoxableExpression<notifications::table, Backend, SqlType = Bool>> {
    let seen = posts::table
        .filter(posts::id.nullable().eq(notifications::post_id))
        .filter(visible_to(recipient));
    let there = comments::table
        .filter(comments::id.eq(notifications::subject_id))
        .filter(comments::deleted_at.is_null())
        .filter(answers_nobody_hidden_from!(recipient));
    let somebody = actors::table
        .inner_join(users::table.on(users::id.eq(actors::actor_id)))
        .filter(actors::notification_id.eq(notifications::id))
        .filter(active());
    Box::new(
        notifications::post_id
            .is_null()
            .or(exists(seen))
            .and(notifications::kind.ne_all(Kind::OF_COMMENTS).or(exists(there)))
            .and(of_groups::is_shown(recipient))
            .and(exists(somebody)),
    )
}

/// The backend that stands for both.
type Backend = <Conn as Connection>::Backend;

/// The notification of a recipient about a subject.
pub fn find(conn: &mut Conn, user: UserId, kind: Kind, subject: i64) -> QueryResult<Option<NotificationRow>> {
    notifications::table
        .filter(notifications::user_id.eq(user.get()))
        .filter(notifications::kind.eq(kind.as_str()))
        .filter(notifications::subject_id.eq(subject))
        .select(NotificationRow::as_select())
        .first(conn)
        .optional()
}

/// A notification of a person.
pub fn find_of(conn: &mut Conn, user: UserId, id: NotificationId) -> QueryResult<Option<NotificationRow>> {
    notifications::table
        .find(id.get())
        .filter(notifications::user_id.eq(user.get()))
        .select(NotificationRow::as_select())
        .first(conn)
        .optional()
}

/// Notifications of a person by id, as far as they are shown.
pub fn rows_of_ids(conn: &mut Conn, user: UserId, ids: &[i64]) -> QueryResult<Vec<NotificationRow>> {
    notifications::table
        .filter(notifications::id.among(ids))
        .filter(notifications::user_id.eq(user.get()))
        .filter(is_shown(user))
        .select(NotificationRow::as_select())
        .load(conn)
}

/// A person's notifications, the latest first, below a place.
pub fn list(
    conn: &mut Conn,
    user: UserId,
    filter: NotificationFilter,
    below: i64,
    limit: i64,
) -> QueryResult<Vec<NotificationRow>> {
    let query = notifications::table
        .filter(notifications::user_id.eq(user.get()))
        .filter(notifications::seq.lt(below))
        .filter(is_shown(user))
        .into_boxed();
    let query = match filter {
        NotificationFilter::All => query,
        NotificationFilter::Unread => query.filter(notifications::read_seq.lt(notifications::seq)),
        NotificationFilter::Requests => query.filter(notifications::kind.eq_any(Kind::REQUESTS)),
        NotificationFilter::Mentions => query.filter(notifications::kind.eq_any(Kind::MENTIONS)),
    };
    query
        .order(notifications::seq.desc())
        .limit(limit)
        .select(NotificationRow::as_select())
        .load(conn)
}

/// The key of [`list`].
pub fn list_key(row: &NotificationRow) -> i64 {
    row.seq
}

/// Something to be told.
#[derive(Debug, Clone, Copy)]
pub struct News {
    /// To whom.
    pub user: UserId,
    /// What.
    pub kind: Kind,
    /// About which.
    pub subject: i64,
    /// On which post; only those who may see it are shown this.
    pub post: Option<PostId>,
    /// See [`Kind`].
    pub detail: Option<i64>,
}

/// Writes a notification without actors.
pub fn insert(conn: &mut Conn, id: NotificationId, news: News, seq: u64, now: Timestamp) -> QueryResult<()> {
    diesel::insert_into(notifications::table)
        .values((
            notifications::id.eq(id.get()),
            notifications::user_id.eq(news.user.get()),
            notifications::seq.eq(column(seq)),
            notifications::kind.eq(news.kind.as_str()),
            notifications::subject_id.eq(news.subject),
            notifications::detail_id.eq(news.detail),
            notifications::actor_count.eq(0_i64),
            notifications::read_seq.eq(0_i64),
            notifications::created_at.eq(now.as_millis()),
            notifications::updated_at.eq(now.as_millis()),
            notifications::post_id.eq(news.post.map(Id::get)),
        ))
        .execute(conn)
        .map(drop)
}

/// Lets a notification have news: it moves to a place.
pub fn bump(
    conn: &mut Conn,
    id: NotificationId,
    detail: Option<i64>,
    seq: u64,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::update(notifications::table.find(id.get()))
        .set((
            notifications::seq.eq(column(seq)),
            notifications::detail_id.eq(detail),
            notifications::updated_at.eq(now.as_millis()),
        ))
        .execute(conn)
        .map(drop)
}

/// Changes the kind of a notification where it stands.
pub fn set_kind(conn: &mut Conn, id: NotificationId, kind: Kind) -> QueryResult<()> {
    diesel::update(notifications::table.find(id.get()))
        .set(notifications::kind.eq(kind.as_str()))
        .execute(conn)
        .map(drop)
}

/// Changes the newest comment, reply or share.
pub fn set_detail(conn: &mut Conn, id: NotificationId, detail: Option<i64>) -> QueryResult<()> {
    diesel::update(notifications::table.find(id.get()))
        .set(notifications::detail_id.eq(detail))
        .execute(conn)
        .map(drop)
}

/// Adds actors, or lets them act again.
pub fn add_actors(conn: &mut Conn, id: NotificationId, by: &[i64], seq: u64) -> QueryResult<()> {
    let of = || {
        actors::table
            .filter(actors::notification_id.eq(id.get()))
            .filter(actors::actor_id.eq_any(by))
    };
    let known: Vec<i64> = of().select(actors::actor_id).load(conn)?;
    if !known.is_empty() {
        diesel::update(of())
            .set(actors::acted_seq.eq(column(seq)))
            .execute(conn)?;
    }
    let rows: Vec<_> = by
        .iter()
        .filter(|actor| !known.contains(actor))
        .map(|actor| {
            (
                actors::notification_id.eq(id.get()),
                actors::actor_id.eq(*actor),
                actors::acted_seq.eq(column(seq)),
            )
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let added = on_each!(conn, conn => diesel::insert_into(actors::table).values(&rows).execute(conn))?;
    add_to_actor_count(conn, id, i64::try_from(added).unwrap_or(0))
}

/// Takes actors out. Gives how many are left; `None` when they were none.
pub fn remove_actors(conn: &mut Conn, row: &NotificationRow, by: &[i64]) -> QueryResult<Option<i64>> {
    let of = actors::table
        .filter(actors::notification_id.eq(row.id))
        .filter(actors::actor_id.eq_any(by));
    let removed = i64::try_from(diesel::delete(of).execute(conn)?).unwrap_or(0);
    if removed == 0 {
        return Ok(None);
    }
    add_to_actor_count(conn, row.id(), -removed)?;
    Ok(Some(row.actor_count - removed))
}

/// Takes an actor out of everything that a recipient was told; what is left without any goes. Gives all that
/// changed.
pub fn remove_actor_everywhere(conn: &mut Conn, recipient: UserId, actor: UserId) -> QueryResult<Vec<i64>> {
    let of_recipient = || {
        notifications::table
            .filter(notifications::user_id.eq(recipient.get()))
            .select(notifications::id)
    };
    let changed: Vec<i64> = actors::table
        .filter(actors::actor_id.eq(actor.get()))
        .filter(actors::notification_id.eq_any(of_recipient()))
        .order(actors::notification_id)
        .select(actors::notification_id)
        .load(conn)?;
    if changed.is_empty() {
        return Ok(changed);
    }
    let with_actor = actors::table
        .filter(actors::actor_id.eq(actor.get()))
        .select(actors::notification_id);
    diesel::update(
        notifications::table
            .filter(notifications::user_id.eq(recipient.get()))
            .filter(notifications::id.eq_any(with_actor)),
    )
    .set(notifications::actor_count.eq(notifications::actor_count - 1))
    .execute(conn)?;
    diesel::delete(
        actors::table
            .filter(actors::actor_id.eq(actor.get()))
            .filter(actors::notification_id.eq_any(of_recipient())),
    )
    .execute(conn)?;
    diesel::delete(
        notifications::table
            .filter(notifications::user_id.eq(recipient.get()))
            .filter(notifications::actor_count.eq(0)),
    )
    .execute(conn)?;
    Ok(changed)
}

fn add_to_actor_count(conn: &mut Conn, id: NotificationId, delta: i64) -> QueryResult<()> {
    diesel::update(notifications::table.find(id.get()))
        .set(notifications::actor_count.eq(notifications::actor_count + delta))
        .execute(conn)
        .map(drop)
}

/// Removes a notification.
pub fn delete(conn: &mut Conn, id: NotificationId) -> QueryResult<()> {
    diesel::delete(actors::table.filter(actors::notification_id.eq(id.get()))).execute(conn)?;
    diesel::delete(notifications::table.find(id.get()))
        .execute(conn)
        .map(drop)
}

/// A notification has been read.
pub fn mark_read(conn: &mut Conn, id: NotificationId) -> QueryResult<bool> {
    diesel::update(
        notifications::table
            .find(id.get())
            .filter(notifications::read_seq.lt(notifications::seq)),
    )
    .set(notifications::read_seq.eq(notifications::seq))
    .execute(conn)
    .map(|rows| rows > 0)
}

/// All up to a place have been read; false when they had been.
pub fn mark_read_up_to(conn: &mut Conn, user: UserId, up_to: u64) -> QueryResult<bool> {
    diesel::update(
        notifications::table
            .filter(notifications::user_id.eq(user.get()))
            .filter(notifications::seq.le(column(up_to)))
            .filter(notifications::read_seq.lt(notifications::seq)),
    )
    .set(notifications::read_seq.eq(notifications::seq))
    .execute(conn)
    .map(|rows| rows > 0)
}

/// Up to which place a person has seen their notifications.
pub fn seen_up_to(conn: &mut Conn, user: UserId) -> QueryResult<u64> {
    let seen: Option<i64> = marks::table
        .find(user.get())
        .select(marks::seen_seq)
        .first(conn)
        .optional()?;
    Ok(position(seen.unwrap_or(0)))
}

/// Moves that place forward; false when it is there or further already.
pub fn mark_seen(conn: &mut Conn, user: UserId, up_to: u64) -> QueryResult<bool> {
    let first = dialect::insert_once(conn, |conn| {
        diesel::insert_into(marks::table)
            .values((marks::user_id.eq(user.get()), marks::seen_seq.eq(column(up_to))))
            .execute(conn)
    })?;
    if first {
        return Ok(true);
    }
    diesel::update(
        marks::table
            .find(user.get())
            .filter(marks::seen_seq.lt(column(up_to))),
    )
    .set(marks::seen_seq.eq(column(up_to)))
    .execute(conn)
    .map(|rows| rows > 0)
}

/// How many notifications of a person lie above the place that they have seen and are not read, [`COUNT_MAX`] at most:
/// somebody who never looks must not be counted anew to the end with everything that happens.
pub fn count_unseen(conn: &mut Conn, user: UserId) -> QueryResult<u32> {
    let seen = column(seen_up_to(conn, user)?);
    let unseen: Vec<i64> = notifications::table
        .filter(notifications::user_id.eq(user.get()))
        .filter(notifications::seq.gt(seen))
        .filter(notifications::read_seq.lt(notifications::seq))
        .filter(is_shown(user))
        .limit(i64::from(COUNT_MAX))
        .select(notifications::seq)
        .load(conn)?;
    Ok(u32::try_from(unseen.len()).unwrap_or(COUNT_MAX))
}

/// The newest id given.
pub fn latest_id(conn: &mut Conn) -> QueryResult<Option<i64>> {
    notifications::table
        .select(diesel::dsl::max(notifications::id))
        .first(conn)
}
