//! From rows to conversations as a member sees them, in at most thirteen queries however many there are.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use hearth_shared::conversations::groups::Group;
use hearth_shared::conversations::{
    Conversation, ConversationKind, ConversationRequest, READ_POSITIONS_MAX, REQUEST_MESSAGES_MAX,
    ReadPosition,
};
use hearth_shared::ids::{ConversationId, Id, UserId};
use hearth_shared::time::Timestamp;
use hearth_shared::users::UserCard;

use super::members::{self, MemberRow};
use super::requests::{self, Request};
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
    let (asked, reachable) = requests_of_rows(conn, viewer, rows)?;
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
        let mine = people.iter().position(|member| member.user() == viewer);
        let mine = people.remove(mine?);
        let other = row.other_of(viewer).map(Id::get);
        let group = groups.get(&row.id);
        let friend = other.is_some_and(|id| friends.contains(&id));
        let request = asked.get(&row.id).copied().filter(|_| !friend);
        let here = other.is_some_and(|id| reachable.contains(&id));
        let can_send = group.is_some() || friend || (request.is_some() && here);
        // Who has parted is not told when the other one looks at what they said to each other; nor is who asks.
        if !can_send || request.is_some_and(ConversationRequest::is_open) {
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
            member_count: group.map_or(2, |group| group.member_count()),
            can_send: can_send && !(request == Some(ConversationRequest::Outgoing) && is_full(row)),
            request,
            listed_id: mine.listed(row),
            first_number: mine.since_number().saturating_add(1),
            last_message: newest.filter(|message| message.number > mine.since_number()),
            last_number: row.last_number(),
            my_read_number,
            unread_count: row.last_number().saturating_sub(my_read_number),
            read_positions: people.iter().map(read_position).collect(),
            last_seq: row.last_seq(),
            membership_version: row.shown_version(),
            settings: mine.settings(row),
            created_at: if row.last_number == 0 && request.is_some() {
                // That the other one has opened it before is not told.
                mine.joined_at()
            } else {
                Timestamp::from_millis(row.created_at)
            },
        })
    };
    Ok(rows.iter().filter_map(conversation).collect())
}

/// Where something was said.
#[derive(Debug, Clone)]
pub struct Place {
    /// The other one of two.
    pub other: Option<UserCard>,
    /// The group.
    pub group: Option<Group>,
}

/// What some conversations are called, of those that the viewer is in; in three queries however many.
pub fn places(conn: &mut Conn, viewer: UserId, ids: &[i64]) -> QueryResult<HashMap<ConversationId, Place>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = super::rows_of_ids(conn, viewer, ids)?;
    let others: Vec<i64> = rows
        .iter()
        .filter_map(|row| row.other_of(viewer))
        .map(Id::get)
        .collect();
    let cards = users::store::cards(conn, &others)?;
    let of_groups = rows.iter().filter(|row| row.is_group()).map(|row| row.id);
    let groups = groups::store::of_ids(conn, &of_groups.collect::<Vec<_>>())?;
    let place = |row: &ConversationRow| {
        let other = row.other_of(viewer).map(Id::get);
        let place = Place {
            other: other.and_then(|id| cards.get(&id).cloned()),
            group: groups.get(&row.id).map(|group| group.group()),
        };
        (row.id(), place)
    };
    Ok(rows.iter().map(place).collect())
}

/// The requests of some conversations as their member has them, friends or not; and those of the other ones who are here.
fn requests_of_rows(
    conn: &mut Conn,
    viewer: UserId,
    rows: &[ConversationRow],
) -> QueryResult<(HashMap<i64, ConversationRequest>, HashSet<i64>)> {
    let requested = rows.iter().filter_map(|row| {
        let other = row.other_of(viewer)?.get();
        Some((row.id, other, row.request(viewer)?))
    });
    let requested: Vec<(i64, i64, Request)> = requested.collect();
    let others: Vec<i64> = requested.iter().map(|(_, other, _)| *other).collect();
    let reachable = requests::reachable_among(conn, viewer, &others)?;
    let asking = requested
        .iter()
        .filter(|(.., request)| *request == Request::IsAsked);
    let asking: Vec<i64> = asking.map(|(_, other, _)| *other).collect();
    let mutual = match asking.as_slice() {
        [] => HashMap::new(),
        asking => friends::store::mutual_counts(conn, viewer, asking)?,
    };
    let request = |(id, other, request)| {
        let request = match request {
            Request::Asks => ConversationRequest::Outgoing,
            Request::Accepted => ConversationRequest::Accepted,
            Request::IsAsked => ConversationRequest::Incoming {
                mutual_friend_count: mutual.get(&other).copied().unwrap_or(0),
            },
        };
        (id, request)
    };
    Ok((requested.into_iter().map(request).collect(), reachable))
}

/// Whether somebody who asks has written all that they may.
fn is_full(row: &ConversationRow) -> bool {
    row.last_number() >= REQUEST_MESSAGES_MAX
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
