//! From rows to conversations as a member sees them, in four queries however many there are.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use hearth_shared::conversations::{Conversation, ConversationKind, ReadPosition};
use hearth_shared::ids::{Id, UserId};
use hearth_shared::time::Timestamp;

use super::{ConversationRow, messages, number};
use crate::features::{friends, users};
use crate::platform::db::Conn;
use crate::platform::db::among::AmongIds;
use crate::schema::conversation_members as members;

/// Conversations of rows, in their order. That the viewer is in them has been checked.
pub fn conversations_of_rows(
    conn: &mut Conn,
    viewer: UserId,
    rows: &[ConversationRow],
) -> QueryResult<Vec<Conversation>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let others: Vec<i64> = rows
        .iter()
        .filter_map(|row| row.other_of(viewer))
        .map(Id::get)
        .collect();
    let last: Vec<i64> = rows.iter().filter_map(|row| row.last_message_id).collect();
    let mut last = messages::messages_of_ids(conn, &last)?;
    let cards = users::store::cards(conn, &others)?;
    let friends: HashSet<i64> = friends::store::friends_among(conn, viewer, &others)?;
    let mut positions: HashMap<i64, Vec<ReadPosition>> = HashMap::new();
    let all: Vec<(i64, i64, i64, Option<i64>)> = members::table
        .filter(members::conversation_id.among(&ids))
        .order((members::conversation_id, members::user_id))
        .select((
            members::conversation_id,
            members::user_id,
            members::read_number,
            members::read_at,
        ))
        .load(conn)?;
    for (conversation, user, read, at) in all {
        positions.entry(conversation).or_default().push(ReadPosition {
            user_id: UserId::new(user),
            number: number(read),
            at: at.map(Timestamp::from_millis),
        });
    }
    let conversation = |row: &ConversationRow| {
        let other = row.other_of(viewer).map(Id::get);
        let mut read_positions = positions.remove(&row.id).unwrap_or_default();
        let member_count = u32::try_from(read_positions.len()).unwrap_or(u32::MAX);
        let mine = read_positions
            .iter()
            .position(|position| position.user_id == viewer)
            .map(|at| read_positions.remove(at));
        let can_send = other.is_some_and(|id| friends.contains(&id));
        // Who has parted is not told when the other one looks at what they said to each other.
        if !can_send {
            read_positions.clear();
        }
        let my_read_number = mine.map_or(0, |position| position.number);
        Conversation {
            id: row.id(),
            kind: ConversationKind::Direct,
            other: other.and_then(|id| cards.get(&id).cloned()),
            member_count,
            can_send,
            last_message: row.last_message_id.and_then(|id| last.remove(&id)),
            last_number: row.last_number(),
            my_read_number,
            unread_count: row.last_number().saturating_sub(my_read_number),
            read_positions,
            last_seq: row.last_seq(),
            membership_version: row.membership_version(),
            created_at: Timestamp::from_millis(row.created_at),
        }
    };
    Ok(rows.iter().map(conversation).collect())
}

/// One conversation.
pub fn conversation_of_row(
    conn: &mut Conn,
    viewer: UserId,
    row: &ConversationRow,
) -> QueryResult<Conversation> {
    conversations_of_rows(conn, viewer, std::slice::from_ref(row))?
        .pop()
        .ok_or(diesel::result::Error::NotFound)
}
