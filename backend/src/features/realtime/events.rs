//! Events as their reader sees them: rows hold references, and here they become the objects as they are now.
//! Whatever has gone since says that it is gone.

use std::collections::HashMap;

use hearth_shared::conversations::members::GroupInvitation;
use hearth_shared::conversations::{Conversation, Message, Quote};
use hearth_shared::ids::{ConversationId, FriendRequestId, Id, NotificationId, UserId};
use hearth_shared::notifications::Notification;
use hearth_shared::realtime::Positioned;
use hearth_shared::realtime::events::Event;

use super::store::{self, EventRow, Kind, position};
use crate::features::conversations::store::events::{Change, What};
use crate::features::conversations::store::members::MemberRow;
use crate::features::friends::store::Relation;
use crate::features::{conversations, friends, groups, notifications};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// Events of a person's own stream after a position, without a gap.
///
/// # Errors
/// When a query fails.
pub fn of_user(conn: &mut Conn, me: UserId, after: u64, limit: i64) -> AppResult<Vec<Positioned>> {
    let rows = store::events_after(conn, me, after, limit)?;
    let mut objects = Objects::load(conn, me, &rows)?;
    rows.iter()
        .map(|row| {
            Ok(Positioned {
                seq: row.seq,
                event: objects.event(row)?,
            })
        })
        .collect()
}

/// Events of a conversation after a position, without a gap, for somebody who is in it: what was before they came is
/// hidden.
///
/// # Errors
/// When a query fails.
pub fn of_conversation(
    conn: &mut Conn,
    id: ConversationId,
    viewer: &MemberRow,
    after: u64,
    limit: i64,
) -> AppResult<Vec<Positioned>> {
    use conversations::store::{events, lines, messages};
    let rows = events::after(conn, id, after, limit)?;
    let ids = rows.iter().filter_map(|(_, what)| match what {
        What::Message(_, message) => Some(*message),
        What::Line(_) | What::Unknown => None,
    });
    let messages = messages::messages_of_ids(conn, &ids.collect::<Vec<_>>())?;
    let told = rows.iter().filter_map(|(_, what)| match what {
        What::Line(line) => Some(line.clone()),
        What::Message(..) | What::Unknown => None,
    });
    let changes = lines::changes(conn, id, &told.collect::<Vec<_>>())?;
    let before = messages
        .values()
        .filter(|message| message.number <= viewer.since_number());
    let before: Vec<i64> = before.map(|message| message.id.get()).collect();
    let answered = messages::last_answers(conn, &before)?;
    let hidden = |seq, message: Option<&Message>| {
        // But for what an answer quotes that is theirs.
        let last = |message: &Message| answered.get(&message.id.get()).copied().unwrap_or(0);
        let quoted = message.filter(|message| last(message) > viewer.since_number());
        Event::Hidden {
            conversation_id: id,
            seq,
            quote: quoted.map(Quote::of),
        }
    };
    rows.into_iter()
        .map(|(seq, what)| {
            let event = match what {
                What::Line(_) | What::Unknown if seq <= viewer.since_seq() => hidden(seq, None),
                What::Message(change, message) => {
                    let message = messages
                        .get(&message)
                        .cloned()
                        .ok_or_else(|| anyhow::anyhow!("event {seq} of conversation {id} has no message"))?;
                    match change {
                        _ if message.number <= viewer.since_number() => hidden(seq, Some(&message)),
                        Change::Created => Event::MessageCreated { message },
                        Change::Changed => Event::MessageChanged { message },
                    }
                }
                What::Line(_) => match changes.get(&seq).cloned() {
                    Some(change) => Event::GroupChanged { change },
                    None => {
                        return Err(anyhow::anyhow!("event {seq} of conversation {id} is of no group").into());
                    }
                },
                What::Unknown => {
                    return Err(
                        anyhow::anyhow!("event {seq} of conversation {id} is of a newer version").into(),
                    );
                }
            };
            Ok(Positioned { seq, event })
        })
        .collect()
}

/// What some events are about.
struct Objects {
    relations: HashMap<i64, Relation>,
    notifications: HashMap<i64, Notification>,
    conversations: HashMap<i64, Conversation>,
    invitations: HashMap<i64, GroupInvitation>,
}

impl Objects {
    fn load(conn: &mut Conn, me: UserId, rows: &[EventRow]) -> AppResult<Self> {
        let subjects = |kind: Kind| -> Vec<i64> {
            let of_kind = rows.iter().filter(|row| row.kind == Some(kind));
            of_kind.map(|row| row.subject).collect()
        };
        let relations = match subjects(Kind::Relation) {
            people if people.is_empty() => HashMap::new(),
            people => friends::store::relations(conn, me, &people)?,
        };
        let told = match subjects(Kind::Notification) {
            ids if ids.is_empty() => Vec::new(),
            ids => notifications::store::rows_of_ids(conn, me, &ids)?,
        };
        let told = notifications::store::hydrate::notifications_of_rows(conn, me, &told)?;
        let talks = match subjects(Kind::Conversation) {
            ids if ids.is_empty() => Vec::new(),
            ids => conversations::store::rows_of_ids(conn, me, &ids)?,
        };
        let talks = conversations::store::hydrate::conversations_of_rows(conn, me, &talks)?;
        Ok(Self {
            relations,
            notifications: told.into_iter().map(|told| (told.id.get(), told)).collect(),
            conversations: talks.into_iter().map(|talk| (talk.id.get(), talk)).collect(),
            invitations: match subjects(Kind::GroupInvitation) {
                ids if ids.is_empty() => HashMap::new(),
                ids => groups::store::invitations::of_ids(conn, me, &ids)?,
            },
        })
    }

    fn event(&mut self, row: &EventRow) -> AppResult<Event> {
        let kind = row
            .kind
            .ok_or_else(|| anyhow::anyhow!("event {} is of a kind of a newer version", row.seq))?;
        let up_to = position(row.subject);
        Ok(match kind {
            Kind::Relation => self.relation(row),
            Kind::Notification => match self.notifications.get(&row.subject) {
                Some(notification) => Event::Notification {
                    notification: notification.clone(),
                },
                None => Event::NotificationGone {
                    id: NotificationId::new(row.subject),
                },
            },
            Kind::NotificationsSeen => Event::NotificationsSeen { up_to },
            Kind::NotificationsRead => Event::NotificationsRead { up_to },
            Kind::Conversation => match self.conversations.get(&row.subject) {
                Some(conversation) => Event::ConversationAdded {
                    conversation: Box::new(conversation.clone()),
                },
                None => Event::ConversationRemoved {
                    id: ConversationId::new(row.subject),
                },
            },
            Kind::GroupInvitation => match self.invitations.get(&row.subject) {
                Some(invitation) => Event::GroupInvitation {
                    invitation: invitation.clone(),
                },
                None => Event::GroupInvitationGone {
                    conversation_id: ConversationId::new(row.subject),
                },
            },
        })
    }

    fn relation(&self, row: &EventRow) -> Event {
        let user_id = UserId::new(row.subject);
        match (self.relations.get(&row.subject), row.detail) {
            (Some(Relation::Friends(friend)), _) => Event::FriendAdded {
                friend: friend.clone(),
            },
            (Some(Relation::Pending(request)), _) => Event::FriendRequest {
                request: request.clone(),
            },
            (None, Some(request)) => Event::FriendRequestGone {
                id: FriendRequestId::new(request),
                user_id,
            },
            (None, None) => Event::FriendRemoved { user_id },
        }
    }
}
