//! From rows to notifications as their recipient sees them, in a few queries however many there are.

use std::collections::HashMap;

use diesel::prelude::*;
use hearth_shared::friends::RequestStatus;
use hearth_shared::ids::{CommentId, ConversationId, FriendRequestId, Id, MessageId, PostId, UserId};
use hearth_shared::notifications::{EXCERPT_MAX, Happening, Notification, ToldGroup};
use hearth_shared::time::Timestamp;

use super::groups::answers_nobody_hidden_from;
use super::{Kind, NotificationRow, seen_up_to};
use crate::features::friends::store::blocks::hidden_from;
use crate::features::posts::store::visible::visible_to;
use crate::features::users::store_standing::active;
use crate::features::{groups, users};
use crate::platform::db::Conn;
use crate::platform::db::among::AmongIds;
use crate::schema::{
    comments, messages, notification_actors as actors, notifications, posts, users as people,
};

/// The latest three actors of a notification.
type Actors = (i64, Option<i64>, Option<i64>, Option<i64>);

/// Notifications of rows of one recipient, in their order.
pub fn notifications_of_rows(
    conn: &mut Conn,
    recipient: UserId,
    rows: &[NotificationRow],
) -> QueryResult<Vec<Notification>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let seen = seen_up_to(conn, recipient)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let latest = || {
        actors::table
            .filter(actors::notification_id.eq(notifications::id))
            .order((actors::acted_seq.desc(), actors::actor_id.desc()))
            .select(actors::actor_id)
    };
    let named: Vec<Actors> = notifications::table
        .filter(notifications::id.among(&ids))
        .select((
            notifications::id,
            latest().single_value(),
            latest().offset(1).single_value(),
            latest().offset(2).single_value(),
        ))
        .load(conn)?;
    let named: HashMap<i64, Vec<i64>> = named
        .into_iter()
        .map(|(id, a, b, c)| (id, [a, b, c].into_iter().flatten().collect()))
        .collect();
    let people: Vec<i64> = named.values().flatten().copied().collect();
    let mut cards = users::store::cards(conn, &people)?;
    let here = users::store_standing::here_among(conn, &people)?;
    cards.retain(|id, _| here.contains(id));
    let excerpts = Excerpts::load(conn, recipient, rows)?;
    let groups = groups_of_rows(conn, rows)?;
    let notification = |row: &NotificationRow| {
        let actors: Vec<_> = named
            .get(&row.id)?
            .iter()
            .filter_map(|id| cards.get(id).cloned())
            .collect();
        // All of them are suspended or leaving: while they are, nothing has happened.
        if actors.is_empty() {
            return None;
        }
        let read = row.read_seq >= row.seq;
        Some(Notification {
            id: row.id(),
            position: row.position(),
            what: what(row, &excerpts)?,
            actors,
            actor_count: u32::try_from(row.actor_count).unwrap_or(0),
            excerpt: excerpts.of(row),
            group: groups.get(&row.id).cloned(),
            // What is read was seen, wherever that was.
            seen: read || row.position() <= seen,
            read,
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at),
        })
    };
    Ok(rows.iter().filter_map(notification).collect())
}

/// The groups of those that are about one.
fn groups_of_rows(conn: &mut Conn, rows: &[NotificationRow]) -> QueryResult<HashMap<i64, ToldGroup>> {
    let about = || rows.iter().filter(|row| row.is_of_group());
    let ids: Vec<i64> = about().map(|row| row.subject_id).collect();
    let known = groups::store::of_ids(conn, &ids)?;
    let group = |row: &NotificationRow| {
        let group = known.get(&row.subject_id)?.group();
        let group = ToldGroup {
            title: group.title,
            picture_url: group.picture_url,
        };
        Some((row.id, group))
    };
    Ok(about().filter_map(group).collect())
}

fn what(row: &NotificationRow, excerpts: &Excerpts) -> Option<Happening> {
    let request = |status| Happening::FriendRequest {
        request_id: FriendRequestId::new(row.subject_id),
        status,
    };
    let post_id = PostId::new(row.post_id.unwrap_or(row.subject_id));
    let comment_id = CommentId::new(row.subject_id);
    let conversation_id = ConversationId::new(row.subject_id);
    let invitation = |status| Happening::GroupInvitation {
        conversation_id,
        status,
    };
    Some(match row.kind()? {
        Kind::FriendRequest => request(RequestStatus::Pending),
        Kind::FriendRequestAccepted => request(RequestStatus::Accepted),
        Kind::FriendAccepted => Happening::FriendAccepted,
        Kind::Reaction => Happening::Reaction { post_id },
        Kind::Comment => Happening::Comment { post_id },
        Kind::Reply => Happening::Reply { post_id, comment_id },
        Kind::CommentReaction => Happening::CommentReaction { post_id, comment_id },
        Kind::Mention => Happening::Mention {
            post_id,
            comment_id: row.detail_id.map(CommentId::new),
        },
        Kind::Share => Happening::Share {
            post_id,
            share_id: row
                .detail_id
                .filter(|share| excerpts.posts.contains_key(share))
                .map(PostId::new),
        },
        Kind::GroupInvitation => invitation(RequestStatus::Pending),
        Kind::GroupInvitationAccepted => invitation(RequestStatus::Accepted),
        Kind::MessageMention => {
            let message = row.detail_id?;
            Happening::MessageMention {
                conversation_id,
                message_id: MessageId::new(message),
                number: excerpts.messages.get(&message)?.0,
            }
        }
    })
}

/// What a notification shows the beginning of.
#[derive(Clone, Copy)]
enum Quoted {
    Post(i64),
    Comment(i64),
    Message(i64),
}

impl Quoted {
    fn post(self) -> Option<i64> {
        match self {
            Self::Post(id) => Some(id),
            Self::Comment(_) | Self::Message(_) => None,
        }
    }

    fn comment(self) -> Option<i64> {
        match self {
            Self::Comment(id) => Some(id),
            Self::Post(_) | Self::Message(_) => None,
        }
    }

    fn message(self) -> Option<i64> {
        match self {
            Self::Message(id) => Some(id),
            Self::Post(_) | Self::Comment(_) => None,
        }
    }
}

fn quoted(row: &NotificationRow) -> Option<Quoted> {
    match (row.kind()?, row.detail_id) {
        (Kind::Reaction, _) | (Kind::Mention, None) => Some(Quoted::Post(row.subject_id)),
        (Kind::Share, Some(share)) => Some(Quoted::Post(share)),
        (Kind::Comment | Kind::Reply | Kind::Mention, Some(comment)) => Some(Quoted::Comment(comment)),
        (Kind::CommentReaction, _) => Some(Quoted::Comment(row.subject_id)),
        (Kind::MessageMention, Some(message)) => Some(Quoted::Message(message)),
        _ => None,
    }
}

/// The beginnings of posts, comments and messages that notifications are about.
struct Excerpts {
    posts: HashMap<i64, String>,
    comments: HashMap<i64, String>,
    /// With their numbers. What somebody said who is not here is not quoted.
    messages: HashMap<i64, (u32, Option<String>)>,
}

impl Excerpts {
    fn load(conn: &mut Conn, recipient: UserId, rows: &[NotificationRow]) -> QueryResult<Self> {
        let quoted = || rows.iter().filter_map(quoted);
        let post_ids: Vec<i64> = quoted().filter_map(Quoted::post).collect();
        let comment_ids: Vec<i64> = quoted().filter_map(Quoted::comment).collect();
        let bodies: Vec<(i64, String)> = posts::table
            .filter(posts::id.among(&post_ids))
            .filter(visible_to(recipient))
            .select((posts::id, posts::body))
            .load(conn)?;
        let posts = bodies.into_iter().collect();
        let bodies: Vec<(i64, String)> = comments::table
            .inner_join(people::table)
            .filter(comments::id.among(&comment_ids))
            .filter(comments::deleted_at.is_null())
            .filter(active())
            .filter(comments::author_id.ne_all(hidden_from(recipient)))
            .filter(answers_nobody_hidden_from!(recipient))
            .select((comments::id, comments::body))
            .load(conn)?;
        let comments = bodies.into_iter().collect();
        let message_ids: Vec<i64> = quoted().filter_map(Quoted::message).collect();
        Ok(Self {
            posts,
            comments,
            messages: messages_of_ids(conn, &message_ids)?,
        })
    }

    fn of(&self, row: &NotificationRow) -> Option<String> {
        let body = match quoted(row)? {
            Quoted::Post(id) => self.posts.get(&id)?,
            Quoted::Comment(id) => self.comments.get(&id)?,
            Quoted::Message(id) => self.messages.get(&id)?.1.as_ref()?,
        };
        if body.is_empty() {
            return None;
        }
        Some(excerpt(body))
    }
}

/// That the recipient may see them is said by [`is_shown`](super::is_shown).
fn messages_of_ids(conn: &mut Conn, ids: &[i64]) -> QueryResult<HashMap<i64, (u32, Option<String>)>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let said: Vec<(i64, i64, i64, String)> = messages::table
        .filter(messages::id.among(ids))
        .select((
            messages::id,
            messages::number,
            messages::sender_id,
            messages::body,
        ))
        .load(conn)?;
    let senders: Vec<i64> = said.iter().map(|(_, _, sender, _)| *sender).collect();
    let here = users::store_standing::here_among(conn, &senders)?;
    let said = said.into_iter().map(|(id, number, sender, body)| {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        (id, (number, Some(body).filter(|_| here.contains(&sender))))
    });
    Ok(said.collect())
}

/// The beginning of a text, on one line.
pub fn excerpt(body: &str) -> String {
    let line = body.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= EXCERPT_MAX {
        return line;
    }
    let mut short: String = line.chars().take(EXCERPT_MAX - 1).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpts_are_one_short_line() {
        assert_eq!(excerpt("a\n b\t c"), "a b c");
        assert_eq!(excerpt(&"é".repeat(EXCERPT_MAX)).chars().count(), EXCERPT_MAX);
        let cut = excerpt(&"é".repeat(EXCERPT_MAX + 1));
        assert_eq!((cut.chars().count(), cut.ends_with('…')), (EXCERPT_MAX, true));
    }
}
