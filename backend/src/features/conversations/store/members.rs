//! Queries on who is in conversations.

use std::ops::Deref;

use diesel::prelude::*;
use hearth_shared::conversations::ConversationSettings;
use hearth_shared::conversations::groups::Role;
use hearth_shared::ids::{ConversationId, Id, ListedId, SettingsVersion, UserId};
use hearth_shared::time::Timestamp;

use super::requests::Request;
use super::{ConversationRow, number};
use crate::features::realtime::store::{column, position};
use crate::platform::db::among::AmongIds;
use crate::platform::db::{Conn, dialect};
use crate::schema::{conversation_members as members, conversations, groups};

/// What somebody is in a conversation.
#[derive(Queryable, Selectable, Debug, Clone, Copy)]
#[diesel(table_name = members)]
pub struct MemberRow {
    pub(super) conversation_id: i64,
    user_id: i64,
    pub(super) read_number: i64,
    pub(super) read_at: Option<i64>,
    joined_at: i64,
    rank: i64,
    since_number: i64,
    since_seq: i64,
    listed_from: i64,
    #[diesel(embed)]
    settings: SettingsRow,
}

/// What somebody has set for themselves.
#[derive(Queryable, Selectable, Debug, Clone, Copy)]
#[diesel(table_name = members)]
pub struct SettingsRow {
    muted: i64,
    archived_number: Option<i64>,
    settings_version: i64,
    pinned: i64,
    listed_from: i64,
}

impl SettingsRow {
    /// With what the conversation itself says of it.
    pub fn in_conversation(self, row: &ConversationRow, user: UserId) -> ConversationSettings {
        ConversationSettings {
            muted: self.muted != 0,
            archived_number: self.archived_number.map(number),
            pinned: self.pinned != 0,
            request: row.request(user) == Some(Request::IsAsked),
            // Who comes into a group again begins anew: later than what they had set before.
            version: SettingsVersion::new(self.settings_version.max(self.listed_from)),
        }
    }
}

impl MemberRow {
    /// Where.
    pub fn conversation(&self) -> ConversationId {
        ConversationId::new(self.conversation_id)
    }

    /// Who.
    pub fn user(&self) -> UserId {
        UserId::new(self.user_id)
    }

    /// What they may do, in a group.
    pub fn role(&self) -> Role {
        role(self.rank)
    }

    /// Since when.
    pub fn joined_at(&self) -> Timestamp {
        Timestamp::from_millis(self.joined_at)
    }

    /// Messages up to this number were before they came.
    pub fn since_number(&self) -> u32 {
        number(self.since_number)
    }

    /// So were events up to this position.
    pub fn since_seq(&self) -> u64 {
        position(self.since_seq)
    }

    /// What they have set for themselves.
    pub fn settings(&self, conversation: &ConversationRow) -> ConversationSettings {
        self.settings.in_conversation(conversation, self.user())
    }

    /// The place of a conversation in their list.
    pub fn listed(&self, conversation: &ConversationRow) -> ListedId {
        let last = conversation.last_message_id.unwrap_or(0);
        ListedId::new(last.max(self.listed_from))
    }
}

/// The text of a role in the database is its rank.
pub fn rank(role: Role) -> i64 {
    match role {
        Role::Owner => 0,
        Role::Admin => 1,
        Role::Member => 2,
    }
}

/// The reverse of [`rank`].
pub fn role(rank: i64) -> Role {
    match rank {
        0 => Role::Owner,
        1 => Role::Admin,
        _ => Role::Member,
    }
}

/// A conversation, and what somebody is in it.
#[derive(Debug, Clone)]
pub struct Membership {
    /// It.
    pub conversation: ConversationRow,
    /// They.
    pub member: MemberRow,
}

impl Deref for Membership {
    type Target = ConversationRow;
    fn deref(&self) -> &ConversationRow {
        &self.conversation
    }
}

type Row = (ConversationRow, MemberRow);

impl From<Row> for Membership {
    fn from((conversation, member): Row) -> Self {
        Self { conversation, member }
    }
}

/// A conversation, if a person is in it.
pub fn find_of(conn: &mut Conn, user: UserId, id: ConversationId) -> QueryResult<Option<Membership>> {
    let row: Option<Row> = conversations::table
        .inner_join(members::table)
        .filter(conversations::id.eq(id.get()))
        .filter(members::user_id.eq(user.get()))
        .select((ConversationRow::as_select(), MemberRow::as_select()))
        .first(conn)
        .optional()?;
    Ok(row.map(Membership::from))
}

/// What a person is in a conversation.
pub fn find(conn: &mut Conn, id: ConversationId, user: UserId) -> QueryResult<Option<MemberRow>> {
    members::table
        .find((id.get(), user.get()))
        .select(MemberRow::as_select())
        .first(conn)
        .optional()
}

/// What some people are in a conversation; who is not in it is left out.
pub fn among(conn: &mut Conn, id: ConversationId, people: &[i64]) -> QueryResult<Vec<MemberRow>> {
    members::table
        .filter(members::conversation_id.eq(id.get()))
        .filter(members::user_id.among(people))
        .select(MemberRow::as_select())
        .load(conn)
}

/// What a person is in some conversations.
pub fn of_user(conn: &mut Conn, user: UserId, ids: &[i64]) -> QueryResult<Vec<MemberRow>> {
    members::table
        .filter(members::user_id.eq(user.get()))
        .filter(members::conversation_id.among(ids))
        .select(MemberRow::as_select())
        .load(conn)
}

/// Everybody in some conversations, in the order of their ids.
pub fn of_conversations(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<MemberRow>> {
    members::table
        .filter(members::conversation_id.among(ids))
        .order((members::conversation_id, members::user_id))
        .select(MemberRow::as_select())
        .load(conn)
}

/// Who is in a conversation, with the number and the position up to which all was before them.
pub type Since = (UserId, u32, u64);

/// Everybody who is in a conversation, and the version of that; nobody in one that is gone.
pub fn everybody(conn: &mut Conn, id: ConversationId) -> QueryResult<(Vec<Since>, u64)> {
    let version: Option<i64> = conversations::table
        .find(id.get())
        .select(conversations::membership_version)
        .first(conn)
        .optional()?;
    let rows: Vec<(i64, i64, i64)> = members::table
        .filter(members::conversation_id.eq(id.get()))
        .order(members::user_id)
        .select((members::user_id, members::since_number, members::since_seq))
        .load(conn)?;
    let rows = rows.into_iter();
    let members = rows.map(|(user, since, seq)| (UserId::new(user), number(since), position(seq)));
    Ok((members.collect(), position(version.unwrap_or(0))))
}

/// Who is in some groups, of those that are no larger than so many people: (group, person).
pub fn of_small_groups(conn: &mut Conn, ids: &[i64], most: u32) -> QueryResult<Vec<(i64, i64)>> {
    groups::table
        .inner_join(members::table.on(members::conversation_id.eq(groups::conversation_id)))
        .filter(groups::conversation_id.among(ids))
        .filter(groups::member_count.le(i64::from(most)))
        .select((members::conversation_id, members::user_id))
        .load(conn)
}

/// A page of those who are in a group: who may more comes first, then by id, after a rank and an id.
pub fn list(
    conn: &mut Conn,
    id: ConversationId,
    after: (i64, i64),
    limit: i64,
) -> QueryResult<Vec<MemberRow>> {
    let (rank, user) = after;
    members::table
        .filter(members::conversation_id.eq(id.get()))
        // So that an index leads to it: what follows is a choice of two.
        .filter(members::rank.ge(rank))
        .filter(
            members::rank
                .gt(rank)
                .or(members::rank.eq(rank).and(members::user_id.gt(user))),
        )
        .order((members::rank, members::user_id))
        .limit(limit)
        .select(MemberRow::as_select())
        .load(conn)
}

/// The key of [`list`].
pub fn list_key(row: &MemberRow) -> (i64, i64) {
    (row.rank, row.user_id)
}

/// Who would own a group without its owner: of those who may most whoever has been in it longest.
pub fn heir(conn: &mut Conn, id: ConversationId, owner: UserId) -> QueryResult<Option<UserId>> {
    let heir: Option<i64> = members::table
        .filter(members::conversation_id.eq(id.get()))
        .filter(members::user_id.ne(owner.get()))
        .order((members::rank, members::joined_at, members::user_id))
        .select(members::user_id)
        .first(conn)
        .optional()?;
    Ok(heir.map(UserId::new))
}

/// Some groups that a person is in.
pub fn some_groups(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<Vec<ConversationId>> {
    let ids: Vec<i64> = conversations::table
        .inner_join(members::table)
        .filter(members::user_id.eq(user.get()))
        .filter(conversations::kind.eq(super::GROUP))
        .order(conversations::id)
        .limit(limit)
        .select(conversations::id)
        .load(conn)?;
    Ok(ids.into_iter().map(ConversationId::new).collect())
}

/// Somebody who comes into a group.
#[derive(Debug, Clone, Copy)]
pub struct NewMember {
    /// Who.
    pub user: UserId,
    /// What they may do.
    pub role: Role,
    /// The group as it was before.
    pub last_number: u32,
    /// See [`MemberRow::since_number`].
    pub since_number: u32,
    /// See [`MemberRow::since_seq`].
    pub since_seq: u64,
    /// Their place in the list.
    pub listed: ListedId,
    /// When.
    pub now: Timestamp,
}

/// Somebody comes; false when they are there. What was said before counts as read.
pub fn insert(conn: &mut Conn, id: ConversationId, new: NewMember) -> QueryResult<bool> {
    dialect::insert_once(conn, |conn| {
        diesel::insert_into(members::table)
            .values((
                members::conversation_id.eq(id.get()),
                members::user_id.eq(new.user.get()),
                members::read_number.eq(i64::from(new.last_number)),
                members::read_at.eq(new.now.as_millis()),
                members::joined_at.eq(new.now.as_millis()),
                members::rank.eq(rank(new.role)),
                members::since_number.eq(i64::from(new.since_number)),
                members::since_seq.eq(column(new.since_seq)),
                members::listed_from.eq(new.listed.get()),
            ))
            .execute(conn)
    })
}

/// Somebody goes; false when they are not there.
pub fn delete(conn: &mut Conn, id: ConversationId, user: UserId) -> QueryResult<bool> {
    diesel::delete(members::table.find((id.get(), user.get())))
        .execute(conn)
        .map(|rows| rows > 0)
}

/// Everybody goes.
pub fn delete_all(conn: &mut Conn, id: ConversationId) -> QueryResult<()> {
    diesel::delete(members::table.filter(members::conversation_id.eq(id.get())))
        .execute(conn)
        .map(drop)
}

/// Somebody may do something else.
pub fn set_role(conn: &mut Conn, id: ConversationId, user: UserId, role: Role) -> QueryResult<()> {
    diesel::update(members::table.find((id.get(), user.get())))
        .set(members::rank.eq(rank(role)))
        .execute(conn)
        .map(drop)
}

/// How many conversations somebody has pinned.
pub fn count_pinned(conn: &mut Conn, user: UserId) -> QueryResult<i64> {
    members::table
        .filter(members::user_id.eq(user.get()))
        .filter(members::pinned.ne(0_i64))
        .count()
        .get_result(conn)
}

/// What somebody has set is of a later version, because the conversation is something else for them.
pub fn renew(conn: &mut Conn, id: ConversationId, user: UserId, version: SettingsVersion) -> QueryResult<()> {
    diesel::update(members::table.find((id.get(), user.get())))
        .set(members::settings_version.eq(version.get()))
        .execute(conn)
        .map(drop)
}

/// Writes what somebody has set for themselves.
pub fn set(
    conn: &mut Conn,
    id: ConversationId,
    user: UserId,
    settings: ConversationSettings,
) -> QueryResult<()> {
    diesel::update(members::table.find((id.get(), user.get())))
        .set((
            members::muted.eq(i64::from(settings.muted)),
            members::archived_number.eq(settings.archived_number.map(i64::from)),
            members::pinned.eq(i64::from(settings.pinned)),
            members::settings_version.eq(settings.version.get()),
        ))
        .execute(conn)
        .map(drop)
}
