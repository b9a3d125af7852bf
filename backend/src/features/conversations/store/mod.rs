//! Queries on conversations and their members. Messages have their own module.

pub mod events;
pub mod forget;
pub mod hydrate;
pub mod lines;
pub mod members;
pub mod mentions;
pub mod messages;
pub mod pins;
pub mod reactions;
pub mod remains;
pub mod requests;

use diesel::dsl::{Eq, Gt, Or, case_when};
use diesel::prelude::*;
use hearth_shared::conversations::ReadState;
use hearth_shared::ids::{ConversationId, Id, UserId};
use hearth_shared::realtime::ConversationHead;
use hearth_shared::time::Timestamp;

use self::members::SettingsRow;
use crate::features::realtime::store::position;
use crate::on_each;
use crate::platform::db::among::AmongIds;
use crate::platform::db::{Conn, dialect};
use crate::schema::{conversation_members, conversations};

/// The text form of a direct conversation.
const DIRECT: &str = "direct";
/// That of a group.
const GROUP: &str = "group";

/// What rules need to know of a conversation.
#[derive(Queryable, Selectable, Debug, Clone)]
#[diesel(table_name = conversations)]
pub struct ConversationRow {
    id: i64,
    kind: String,
    low_id: Option<i64>,
    high_id: Option<i64>,
    last_seq: i64,
    last_number: i64,
    membership_version: i64,
    created_at: i64,
    last_message_id: Option<i64>,
    requested_by: Option<i64>,
    accepted_at: Option<i64>,
}

impl ConversationRow {
    /// Which.
    pub fn id(&self) -> ConversationId {
        ConversationId::new(self.id)
    }

    /// Whether it is a group.
    pub fn is_group(&self) -> bool {
        self.kind == GROUP
    }

    /// The other one of the two.
    pub fn other_of(&self, me: UserId) -> Option<UserId> {
        let pair = [self.low_id, self.high_id];
        pair.into_iter()
            .flatten()
            .find(|id| *id != me.get())
            .map(UserId::new)
    }

    /// The two.
    pub fn people(&self) -> Vec<UserId> {
        let pair = [self.low_id, self.high_id];
        pair.into_iter().flatten().map(UserId::new).collect()
    }

    /// Position of its stream.
    pub fn last_seq(&self) -> u64 {
        position(self.last_seq)
    }

    /// The number of its newest message.
    pub fn last_number(&self) -> u32 {
        number(self.last_number)
    }

    /// Grows when somebody comes or goes.
    pub fn membership_version(&self) -> u64 {
        position(self.membership_version)
    }

    /// The same, as its members see it. That one of two has put a request away is not for the other one to see.
    pub fn shown_version(&self) -> u64 {
        if self.is_group() {
            self.membership_version()
        } else {
            1
        }
    }
}

/// A message number as the API has it.
pub fn number(value: i64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn in_order(a: UserId, b: UserId) -> (i64, i64) {
    (a.min(b).get(), a.max(b).get())
}

/// Conversations by id, of those that a person is in.
pub fn rows_of_ids(conn: &mut Conn, user: UserId, ids: &[i64]) -> QueryResult<Vec<ConversationRow>> {
    conversations::table
        .inner_join(conversation_members::table)
        .filter(conversations::id.among(ids))
        .filter(conversation_members::user_id.eq(user.get()))
        .select(ConversationRow::as_select())
        .load(conn)
}

/// A conversation, whoever asks.
pub fn find(conn: &mut Conn, id: ConversationId) -> QueryResult<ConversationRow> {
    conversations::table
        .find(id.get())
        .select(ConversationRow::as_select())
        .first(conn)
}

/// The conversation of two people.
pub fn find_direct(conn: &mut Conn, a: UserId, b: UserId) -> QueryResult<Option<ConversationRow>> {
    let (low, high) = in_order(a, b);
    conversations::table
        .filter(conversations::low_id.eq(low))
        .filter(conversations::high_id.eq(high))
        .select(ConversationRow::as_select())
        .first(conn)
        .optional()
}

/// Begins the conversation of two people, of whom one asks when they are no friends; false when there is one.
pub fn insert_direct(
    conn: &mut Conn,
    id: ConversationId,
    a: UserId,
    b: UserId,
    asks: Option<UserId>,
    now: Timestamp,
) -> QueryResult<bool> {
    let (low, high) = in_order(a, b);
    let inserted = dialect::insert_once(conn, |conn| {
        diesel::insert_into(conversations::table)
            .values((
                conversations::id.eq(id.get()),
                conversations::kind.eq(DIRECT),
                conversations::low_id.eq(low),
                conversations::high_id.eq(high),
                conversations::last_seq.eq(0_i64),
                conversations::last_number.eq(0_i64),
                conversations::membership_version.eq(1_i64),
                conversations::created_at.eq(now.as_millis()),
                conversations::last_event_at.eq(0_i64),
                conversations::requested_by.eq(asks.map(Id::get)),
            ))
            .execute(conn)
    })?;
    if inserted {
        let row = |user: i64| {
            (
                conversation_members::conversation_id.eq(id.get()),
                conversation_members::user_id.eq(user),
                conversation_members::read_number.eq(0_i64),
                conversation_members::joined_at.eq(now.as_millis()),
                conversation_members::listed_from.eq(id.get()),
            )
        };
        let rows = vec![row(low), row(high)];
        on_each!(conn, conn => diesel::insert_into(conversation_members::table).values(&rows).execute(conn))?;
    }
    Ok(inserted)
}

/// The place of a conversation in somebody's list: whether it is pinned (0 or 1), and what is the greater the later.
pub type ListKey = (i64, i64);

/// A person's groups and conversations in which something was said: the pinned ones, then the latest first, from below a
/// place in the list. All of a person's are looked at: there are as many as somebody talks in.
pub fn list(
    conn: &mut Conn,
    user: UserId,
    below: ListKey,
    limit: i64,
) -> QueryResult<Vec<(ConversationRow, ListKey)>> {
    let said = conversations::last_message_id.assume_not_null();
    let from = conversation_members::listed_from;
    let listed = || case_when(conversations::last_message_id.gt(from.nullable()), said).otherwise(from);
    let pinned = conversation_members::pinned;
    conversations::table
        .inner_join(conversation_members::table)
        .filter(conversation_members::user_id.eq(user.get()))
        .filter(is_listed())
        .filter(
            pinned
                .lt(below.0)
                .or(pinned.eq(below.0).and(listed().lt(below.1))),
        )
        .order((pinned.desc(), listed().desc()))
        .limit(limit)
        .select((ConversationRow::as_select(), (pinned, listed())))
        .load(conn)
}

/// Conversations of two come into the lists with their first message, groups when one comes into them.
fn is_listed() -> Or<Gt<conversations::last_number, i64>, Eq<conversations::kind, &'static str>> {
    conversations::last_number
        .gt(0_i64)
        .or(conversations::kind.eq(GROUP))
}

/// Where all of a person's conversations stand.
pub fn heads(conn: &mut Conn, user: UserId) -> QueryResult<Vec<ConversationHead>> {
    let rows: Vec<(ConversationRow, i64, SettingsRow)> = conversations::table
        .inner_join(conversation_members::table)
        .filter(conversation_members::user_id.eq(user.get()))
        .filter(is_listed())
        .order(conversations::id)
        .select((
            ConversationRow::as_select(),
            conversation_members::read_number,
            SettingsRow::as_select(),
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(row, read, settings)| ConversationHead {
            id: row.id(),
            last_seq: row.last_seq(),
            last_number: row.last_number(),
            read_number: number(read),
            membership_version: row.shown_version(),
            settings: settings.in_conversation(&row, user),
        })
        .collect())
}

/// The condition on a member and their conversation that it counts as unread: it has unread messages and is neither muted
/// nor put away, nor a request.
macro_rules! counted_as_unread {
    () => {{
        use $crate::schema::{conversation_members, conversations};
        conversations::last_number
            .gt(conversation_members::read_number)
            .and(conversation_members::muted.eq(0_i64))
            .and(
                conversations::requested_by
                    .is_null()
                    .or(conversations::requested_by.eq(conversation_members::user_id.nullable()))
                    .or(conversations::accepted_at.is_not_null()),
            )
            .and(
                conversation_members::archived_number
                    .is_null()
                    .or(conversations::last_number
                        .nullable()
                        .gt(conversation_members::archived_number)),
            )
    }};
}
pub(crate) use counted_as_unread;

/// How many of a person's conversations count as unread.
pub fn count_unread(conn: &mut Conn, user: UserId) -> QueryResult<i64> {
    conversations::table
        .inner_join(conversation_members::table)
        .filter(conversation_members::user_id.eq(user.get()))
        .filter(counted_as_unread!())
        .count()
        .get_result(conn)
}

/// Begins the conversation of a group.
pub fn insert_group(conn: &mut Conn, id: ConversationId, now: Timestamp) -> QueryResult<()> {
    diesel::insert_into(conversations::table)
        .values((
            conversations::id.eq(id.get()),
            conversations::kind.eq(GROUP),
            conversations::last_seq.eq(0_i64),
            conversations::last_number.eq(0_i64),
            conversations::membership_version.eq(0_i64),
            conversations::created_at.eq(now.as_millis()),
            conversations::last_event_at.eq(0_i64),
        ))
        .execute(conn)
        .map(drop)
}

/// The number of the newest message of a conversation, and where its stream stands.
pub fn ends(conn: &mut Conn, id: ConversationId) -> QueryResult<(u32, u64)> {
    let (last, seq): (i64, i64) = conversations::table
        .find(id.get())
        .select((conversations::last_number, conversations::last_seq))
        .first(conn)?;
    Ok((number(last), position(seq)))
}

/// Moves a read position forward; false when it is there or further already.
pub fn move_read(
    conn: &mut Conn,
    id: ConversationId,
    user: UserId,
    to: u32,
    now: Timestamp,
) -> QueryResult<bool> {
    diesel::update(
        conversation_members::table
            .find((id.get(), user.get()))
            .filter(conversation_members::read_number.lt(i64::from(to))),
    )
    .set((
        conversation_members::read_number.eq(i64::from(to)),
        conversation_members::read_at.eq(now.as_millis()),
    ))
    .execute(conn)
    .map(|rows| rows > 0)
}

/// What a person has read and not read of a conversation that they are in.
pub fn read_state(conn: &mut Conn, id: ConversationId, user: UserId) -> QueryResult<Option<ReadState>> {
    let row: Option<(i64, i64)> = conversations::table
        .inner_join(conversation_members::table)
        .filter(conversations::id.eq(id.get()))
        .filter(conversation_members::user_id.eq(user.get()))
        .select((conversations::last_number, conversation_members::read_number))
        .first(conn)
        .optional()?;
    Ok(row.map(|(last, read)| ReadState {
        my_read_number: number(read),
        unread_count: number(last - read),
    }))
}

/// Conversations that have moved since a moment of the database's clock, and where they stand.
pub fn moved_since(conn: &mut Conn, moment: i64) -> QueryResult<Vec<(ConversationId, u64, u64)>> {
    let rows: Vec<(i64, i64, i64)> = conversations::table
        .filter(conversations::last_event_at.ge(moment))
        .select((
            conversations::id,
            conversations::last_seq,
            conversations::membership_version,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, seq, version)| (ConversationId::new(id), position(seq), position(version)))
        .collect())
}

/// Takes the next position and the next number; the row's lock is held from now on.
pub fn advance(conn: &mut Conn, id: ConversationId, message: i64) -> QueryResult<(u64, u32)> {
    let (seq, last) = dialect::number_message(conn, id.get(), message)?;
    Ok((position(seq), number(last)))
}

/// The newest id given.
pub fn latest_id(conn: &mut Conn) -> QueryResult<Option<i64>> {
    conversations::table
        .select(diesel::dsl::max(conversations::id))
        .first(conn)
}
