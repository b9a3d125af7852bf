//! Queries on what people are told of groups: invitations, and messages that name them. Many are told at once, so what
//! changes for all of them changes in one statement.

use std::collections::{HashMap, HashSet};

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use hearth_shared::ids::{ConversationId, Id, MessageId, NotificationId, UserId};
use hearth_shared::time::Timestamp;

use super::{Backend, Kind};
use crate::features::friends::store::blocks::hidden_among;
use crate::on_each;
use crate::platform::db::Conn;
use crate::platform::db::among::AmongIds;
use crate::schema::{
    conversation_members as members, group_invitations as invitations, message_mentions as mentions,
    messages, muted_people, notification_actors as actors, notifications, user_streams as streams,
};

/// The part of [`is_shown`](super::is_shown) that is about groups.
pub(super) fn is_shown(
    recipient: UserId,
) -> Box<dyn BoxableExpression<notifications::table, Backend, SqlType = Bool>> {
    let me = recipient.get();
    let waits = invitations::table
        .filter(invitations::conversation_id.eq(notifications::subject_id))
        .filter(invitations::user_id.eq(me));
    let came = members::table
        .filter(members::conversation_id.eq(notifications::subject_id))
        .filter(members::user_id.eq(me));
    let in_sight = messages::table
        .inner_join(members::table.on(members::conversation_id.eq(messages::conversation_id)))
        .filter(messages::id.nullable().eq(notifications::detail_id))
        .filter(messages::deleted_at.is_null())
        .filter(members::user_id.eq(me))
        .filter(members::since_number.lt(messages::number));
    let kind = notifications::kind;
    Box::new(
        kind.ne(Kind::GroupInvitation.as_str())
            .or(exists(waits))
            .and(kind.ne(Kind::GroupInvitationAccepted.as_str()).or(exists(came)))
            .and(kind.ne(Kind::MessageMention.as_str()).or(exists(in_sight))),
    )
}

/// Messages of which a notification tells: they name its recipient, who may see them.
macro_rules! told_of {
    () => {
        mentions::table
            .inner_join(messages::table)
            .inner_join(
                members::table.on(members::conversation_id
                    .eq(mentions::conversation_id)
                    .and(members::user_id.eq(mentions::user_id))),
            )
            .filter(mentions::user_id.eq(notifications::user_id))
            .filter(mentions::conversation_id.eq(notifications::subject_id))
            .filter(members::since_number.lt(mentions::number))
    };
}

/// What somebody is told of a group.
#[derive(Queryable, Debug, Clone, Copy)]
pub struct Row {
    id: i64,
    user: i64,
    subject: i64,
    detail: Option<i64>,
}

impl Row {
    /// Which.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Who is told.
    pub fn user(&self) -> UserId {
        UserId::new(self.user)
    }

    /// Of which group.
    pub fn conversation(&self) -> ConversationId {
        ConversationId::new(self.subject)
    }

    /// Whether it is this message that it shows.
    pub fn shows(&self, message: MessageId) -> bool {
        self.detail == Some(message.get())
    }

    /// Whether it is another one as it was, and shows the same message.
    pub fn shows_as(&self, before: &Self) -> bool {
        (self.id, self.detail) == (before.id, before.detail)
    }
}

type Columns = (
    notifications::id,
    notifications::user_id,
    notifications::subject_id,
    notifications::detail_id,
);

const COLUMNS: Columns = (
    notifications::id,
    notifications::user_id,
    notifications::subject_id,
    notifications::detail_id,
);

/// What some people are told in one way of some groups, whether it is shown or not.
pub fn find(
    conn: &mut Conn,
    people: &[UserId],
    kind: Kind,
    groups: &[ConversationId],
) -> QueryResult<Vec<Row>> {
    let people: Vec<i64> = people.iter().map(|user| user.get()).collect();
    let groups: Vec<i64> = groups.iter().map(|id| id.get()).collect();
    notifications::table
        .filter(notifications::user_id.among(&people))
        .filter(notifications::kind.eq(kind.as_str()))
        .filter(notifications::subject_id.among(&groups))
        .select(COLUMNS)
        .load(conn)
}

/// All that a person is told of a group.
pub fn of_person(conn: &mut Conn, user: UserId, id: ConversationId) -> QueryResult<Vec<Row>> {
    notifications::table
        .filter(notifications::user_id.eq(user.get()))
        .filter(notifications::kind.eq_any(Kind::OF_GROUPS))
        .filter(notifications::subject_id.eq(id.get()))
        .select(COLUMNS)
        .load(conn)
}

/// All that anybody is told of a group.
pub fn of_group(conn: &mut Conn, id: ConversationId) -> QueryResult<Vec<Row>> {
    notifications::table
        .filter(notifications::conversation_id.eq(id.get()))
        .select(COLUMNS)
        .load(conn)
}

/// Those of some people who are told what a person does in groups: not that person, nobody who does not exist for them;
/// and of a message nobody who has muted them. A muted group tells all the same.
pub fn listening(conn: &mut Conn, people: &[UserId], kind: Kind, by: UserId) -> QueryResult<Vec<UserId>> {
    let others: Vec<i64> = people
        .iter()
        .map(|user| user.get())
        .filter(|user| *user != by.get())
        .collect();
    let mut quiet = hidden_among(conn, by, &others)?;
    if kind == Kind::MessageMention {
        let deaf: Vec<i64> = muted_people::table
            .filter(muted_people::user_id.among(&others))
            .filter(muted_people::other_id.eq(by.get()))
            .select(muted_people::user_id)
            .load(conn)?;
        quiet.extend(deaf);
    }
    let others = others.into_iter().filter(|user| !quiet.contains(user));
    Ok(others.map(UserId::new).collect())
}

/// What some people are told of a group.
#[derive(Debug, Clone, Copy)]
pub struct GroupNews {
    /// What.
    pub kind: Kind,
    /// Of which group.
    pub conversation: ConversationId,
    /// Of which message, where it is about one.
    pub message: Option<MessageId>,
    /// Who did it.
    pub by: UserId,
    /// When.
    pub now: Timestamp,
}

/// Tells people who were told nothing of it: which is theirs, and its place.
pub fn insert(conn: &mut Conn, news: GroupNews, told: &[(NotificationId, UserId, i64)]) -> QueryResult<()> {
    let rows: Vec<_> = told
        .iter()
        .map(|(id, user, seq)| {
            (
                notifications::id.eq(id.get()),
                notifications::user_id.eq(user.get()),
                notifications::seq.eq(*seq),
                notifications::kind.eq(news.kind.as_str()),
                notifications::subject_id.eq(news.conversation.get()),
                notifications::detail_id.eq(news.message.map(Id::get)),
                notifications::actor_count.eq(0_i64),
                notifications::read_seq.eq(0_i64),
                notifications::created_at.eq(news.now.as_millis()),
                notifications::updated_at.eq(news.now.as_millis()),
                notifications::conversation_id.eq(news.conversation.get()),
            )
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    on_each!(conn, conn => diesel::insert_into(notifications::table).values(&rows).execute(conn)).map(drop)
}

/// Lets what people were told have news. Each moves to where its recipient's stream stands: that position was taken for it.
pub fn bump(conn: &mut Conn, news: GroupNews, ids: &[i64]) -> QueryResult<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let head = streams::table
        .filter(streams::user_id.eq(notifications::user_id))
        .select(streams::last_seq)
        .single_value();
    diesel::update(notifications::table.filter(notifications::id.among(ids)))
        .set((
            notifications::seq.eq(head.assume_not_null()),
            notifications::detail_id.eq(news.message.map(Id::get)),
            notifications::updated_at.eq(news.now.as_millis()),
        ))
        .execute(conn)
        .map(drop)
}

/// Adds somebody to those of whom each of these tells, or lets them act again: at the place of each.
pub fn add_actor(conn: &mut Conn, by: UserId, ids: &[(i64, i64)]) -> QueryResult<()> {
    let all: Vec<i64> = ids.iter().map(|(id, _)| *id).collect();
    let of = || {
        actors::table
            .filter(actors::notification_id.among(&all))
            .filter(actors::actor_id.eq(by.get()))
    };
    let known: Vec<i64> = of().select(actors::notification_id).load(conn)?;
    let known: HashSet<i64> = known.into_iter().collect();
    if !known.is_empty() {
        let place = notifications::table
            .filter(notifications::id.eq(actors::notification_id))
            .select(notifications::seq)
            .single_value();
        diesel::update(of())
            .set(actors::acted_seq.eq(place.assume_not_null()))
            .execute(conn)?;
    }
    let new: HashMap<i64, i64> = ids
        .iter()
        .copied()
        .filter(|(id, _)| !known.contains(id))
        .collect();
    let rows: Vec<_> = new
        .iter()
        .map(|(id, seq)| {
            (
                actors::notification_id.eq(*id),
                actors::actor_id.eq(by.get()),
                actors::acted_seq.eq(*seq),
            )
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    on_each!(conn, conn => diesel::insert_into(actors::table).values(&rows).execute(conn))?;
    diesel::update(notifications::table.filter(notifications::id.among(new.keys())))
        .set(notifications::actor_count.eq(notifications::actor_count + 1))
        .execute(conn)
        .map(drop)
}

/// Takes somebody out of those of these notifications of messages in which nothing that they said stands any more; what is
/// left without anybody goes. Gives out of which.
pub fn take_actor(conn: &mut Conn, by: UserId, ids: &[i64]) -> QueryResult<HashSet<i64>> {
    let acts = actors::table
        .filter(actors::notification_id.eq(notifications::id))
        .filter(actors::actor_id.eq(by.get()));
    let stands = told_of!().filter(messages::sender_id.eq(by.get()));
    let gone: Vec<i64> = notifications::table
        .filter(notifications::id.among(ids))
        .filter(exists(acts))
        .filter(not(exists(stands)))
        .select(notifications::id)
        .load(conn)?;
    if gone.is_empty() {
        return Ok(HashSet::new());
    }
    diesel::delete(
        actors::table
            .filter(actors::notification_id.among(&gone))
            .filter(actors::actor_id.eq(by.get())),
    )
    .execute(conn)?;
    diesel::update(notifications::table.filter(notifications::id.among(&gone)))
        .set(notifications::actor_count.eq(notifications::actor_count - 1))
        .execute(conn)?;
    diesel::delete(
        notifications::table
            .filter(notifications::id.among(&gone))
            .filter(notifications::actor_count.eq(0)),
    )
    .execute(conn)?;
    Ok(gone.into_iter().collect())
}

/// What is told of messages shows the newest one that stands, of those who are told of. What is told of something else stays.
pub fn renew(conn: &mut Conn, ids: &[i64]) -> QueryResult<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let acts = actors::table
        .filter(actors::notification_id.eq(notifications::id))
        .filter(actors::actor_id.eq(messages::sender_id));
    let newest = told_of!()
        .filter(exists(acts))
        .order(mentions::number.desc())
        .select(mentions::message_id)
        .single_value();
    diesel::update(
        notifications::table
            .filter(notifications::id.among(ids))
            .filter(notifications::kind.eq(Kind::MessageMention.as_str())),
    )
    .set(notifications::detail_id.eq(newest))
    .execute(conn)
    .map(drop)
}

/// What a person is told of a group's messages, when it is not read and all of them stand up to a number.
pub fn unread_up_to(
    conn: &mut Conn,
    user: UserId,
    id: ConversationId,
    number: u32,
) -> QueryResult<Option<NotificationId>> {
    let acts = actors::table
        .filter(actors::notification_id.eq(notifications::id))
        .filter(actors::actor_id.eq(messages::sender_id));
    let later = told_of!()
        .filter(exists(acts))
        .filter(mentions::number.gt(i64::from(number)));
    let row: Option<i64> = notifications::table
        .filter(notifications::user_id.eq(user.get()))
        .filter(notifications::kind.eq(Kind::MessageMention.as_str()))
        .filter(notifications::subject_id.eq(id.get()))
        .filter(notifications::read_seq.lt(notifications::seq))
        .filter(not(exists(later)))
        .select(notifications::id)
        .first(conn)
        .optional()?;
    Ok(row.map(NotificationId::new))
}

/// Removes some.
pub fn delete(conn: &mut Conn, rows: &[Row]) -> QueryResult<()> {
    let ids: Vec<i64> = rows.iter().map(Row::id).collect();
    diesel::delete(actors::table.filter(actors::notification_id.among(&ids))).execute(conn)?;
    diesel::delete(notifications::table.filter(notifications::id.among(&ids)))
        .execute(conn)
        .map(drop)
}
