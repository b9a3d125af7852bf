//! From rows to conversations as a member sees them, in at most seven queries however many there are.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use hearth_shared::conversations::{Conversation, ConversationKind, READ_POSITIONS_MAX, ReadPosition};
use hearth_shared::ids::{Id, UserId};
use hearth_shared::time::Timestamp;

use super::members::{self, MemberRow};
use super::{ConversationRow, messages, number};
use crate::features::{friends, groups, users};
use crate::platform::db::Conn;

/// Conversations of rows, in their order. That the viewer is in them has been checked.
pub fn conversations_of_rows(
    conn: &mut Conn,
    viewer: UserId,
    rows: &[ConversationRow],
) -> QueryResult<Vec<Conversation>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let others: Vec<i64> = rows
        .iter()
        .filter_map(|row| row.other_of(viewer))
        .map(Id::get)
        .collect();
    let last: Vec<i64> = rows.iter().filter_map(|row| row.last_message_id).collect();
    let mut last = messages::messages_of_ids(conn, &last)?;
    let cards = users::store::cards(conn, &others)?;
    let friends: HashSet<i64> = friends::store::friends_among(conn, viewer, &others)?;
    let of_groups = rows.iter().filter(|row| row.is_group()).map(|row| row.id);
    let groups = groups::store::of_ids(conn, &of_groups.collect::<Vec<_>>())?;
    // Of a large group only one's own.
    let large = |row: &ConversationRow| {
        let group = groups.get(&row.id);
        group.is_some_and(|group| group.member_count() > READ_POSITIONS_MAX)
    };
    let (large, small): (Vec<&ConversationRow>, Vec<&ConversationRow>) =
        rows.iter().partition(|row| large(row));
    let ids = |rows: &[&ConversationRow]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
    let mut all = members::of_conversations(conn, &ids(&small))?;
    if !large.is_empty() {
        all.extend(members::of_user(conn, viewer, &ids(&large))?);
    }
    let mut people: HashMap<i64, Vec<MemberRow>> = HashMap::new();
    for member in all {
        people.entry(member.conversation_id).or_default().push(member);
    }
    let conversation = |row: &ConversationRow| {
        let mut people = people.remove(&row.id).unwrap_or_default();
        let count = u32::try_from(people.len()).unwrap_or(u32::MAX);
        let mine = people.iter().position(|member| member.user() == viewer);
        let mine = people.remove(mine?);
        let other = row.other_of(viewer).map(Id::get);
        let group = groups.get(&row.id);
        let can_send = group.is_some() || other.is_some_and(|id| friends.contains(&id));
        // Who has parted is not told when the other one looks at what they said to each other.
        if !can_send {
            people.clear();
        }
        let my_read_number = number(mine.read_number);
        let newest = row.last_message_id.and_then(|id| last.remove(&id));
        Some(Conversation {
            id: row.id(),
            kind: if row.is_group() {
                ConversationKind::Group
            } else {
                ConversationKind::Direct
            },
            other: other.and_then(|id| cards.get(&id).cloned()),
            group: group.map(|group| group.group()),
            my_role: group.map(|_| mine.role()),
            member_count: group.map_or(count, |group| group.member_count()),
            can_send,
            listed_id: mine.listed(row),
            first_number: mine.since_number().saturating_add(1),
            last_message: newest.filter(|message| message.number > mine.since_number()),
            last_number: row.last_number(),
            my_read_number,
            unread_count: row.last_number().saturating_sub(my_read_number),
            read_positions: people.iter().map(read_position).collect(),
            last_seq: row.last_seq(),
            membership_version: row.membership_version(),
            settings: mine.settings(),
            created_at: Timestamp::from_millis(row.created_at),
        })
    };
    Ok(rows.iter().filter_map(conversation).collect())
}

fn read_position(member: &MemberRow) -> ReadPosition {
    ReadPosition {
        user_id: member.user(),
        number: number(member.read_number),
        at: member.read_at.map(Timestamp::from_millis),
    }
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

/// The same, of a person who may have gone meanwhile.
pub fn find_of_row(
    conn: &mut Conn,
    viewer: UserId,
    row: &ConversationRow,
) -> QueryResult<Option<Conversation>> {
    Ok(conversations_of_rows(conn, viewer, std::slice::from_ref(row))?.pop())
}
