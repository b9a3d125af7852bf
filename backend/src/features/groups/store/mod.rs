//! Queries on groups: what they are, and how public ones are found.

pub mod invitations;
pub mod words;

use std::collections::HashMap;

use diesel::prelude::*;
use hearth_shared::conversations::groups::{
    GetGroupPicture, Group, GroupCard, History, NewGroup, Visibility,
};
use hearth_shared::endpoint::Endpoint;
use hearth_shared::ids::{ConversationId, Id, MediaId, UserId};
use hearth_shared::valid::Valid;

use crate::features::conversations::store::{members, number};
use crate::features::posts::store::hash_request;
use crate::platform::db::among::AmongIds;
use crate::platform::db::{Conn, dialect};
use crate::schema::{conversation_members, group_invitations, group_requests as requests, groups};

const PUBLIC: &str = "public";
const PRIVATE: &str = "private";
const ALL: &str = "all";
const FROM_JOINING: &str = "from_joining";

/// A group.
#[derive(Queryable, Selectable, Debug, Clone)]
#[diesel(table_name = groups)]
pub struct GroupRow {
    conversation_id: i64,
    title: String,
    description: String,
    visibility: String,
    history: String,
    member_count: i64,
    picture_id: Option<i64>,
}

impl GroupRow {
    /// Which.
    pub fn id(&self) -> ConversationId {
        ConversationId::new(self.conversation_id)
    }

    /// What it is. What a newer version wrote shows as little as possible.
    pub fn group(&self) -> Group {
        Group {
            title: self.title.clone(),
            description: self.description.clone(),
            visibility: self.visibility(),
            history: self.history(),
            picture_url: self.picture().map(|id| {
                let call = GetGroupPicture {
                    conversation_id: self.id(),
                    name: format!("{id}-128"),
                };
                call.path()
            }),
        }
    }

    /// Its picture.
    pub fn picture(&self) -> Option<MediaId> {
        self.picture_id.map(MediaId::new)
    }

    /// Who finds it.
    pub fn visibility(&self) -> Visibility {
        if self.visibility == PUBLIC {
            Visibility::Public
        } else {
            Visibility::Private
        }
    }

    /// What new members see.
    pub fn history(&self) -> History {
        if self.history == ALL {
            History::All
        } else {
            History::FromJoining
        }
    }

    /// How many are in it.
    pub fn member_count(&self) -> u32 {
        number(self.member_count)
    }
}

/// The hash of a request for a group.
fn hash_group(new: &NewGroup) -> Vec<u8> {
    let people: Vec<String> = new.user_ids.iter().map(ToString::to_string).collect();
    let mut parts = vec![
        new.title.as_str(),
        new.description.as_str(),
        visibility_text(new.visibility),
        history_text(new.history),
    ];
    parts.extend(people.iter().map(String::as_str));
    hash_request(&parts)
}

fn visibility_text(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => PUBLIC,
        Visibility::Private => PRIVATE,
    }
}

fn history_text(history: History) -> &'static str {
    match history {
        History::All => ALL,
        History::FromJoining => FROM_JOINING,
    }
}

/// The group that an earlier request with this `client_id` made, and whether that request was the same.
pub fn find_by_client_id(
    conn: &mut Conn,
    creator: UserId,
    new: &NewGroup,
) -> QueryResult<Option<(ConversationId, bool)>> {
    let row: Option<(i64, Vec<u8>)> = requests::table
        .find((creator.get(), new.client_id.as_str()))
        .select((requests::conversation_id, requests::request_hash))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, hash)| (ConversationId::new(id), hash == hash_group(new))))
}

/// Makes a group, for now without members; false when its `client_id` was used before, even for one that has ended.
pub fn insert(
    conn: &mut Conn,
    id: ConversationId,
    creator: UserId,
    new: &Valid<NewGroup>,
) -> QueryResult<bool> {
    let is_new = dialect::insert_once(conn, |conn| {
        diesel::insert_into(requests::table)
            .values((
                requests::creator_id.eq(creator.get()),
                requests::client_id.eq(new.client_id.as_str()),
                requests::request_hash.eq(hash_group(new)),
                requests::conversation_id.eq(id.get()),
            ))
            .execute(conn)
    })?;
    if !is_new {
        return Ok(false);
    }
    diesel::insert_into(groups::table)
        .values((
            groups::conversation_id.eq(id.get()),
            groups::title.eq(&new.title),
            groups::description.eq(&new.description),
            groups::visibility.eq(visibility_text(new.visibility)),
            groups::history.eq(history_text(new.history)),
            groups::member_count.eq(0_i64),
        ))
        .execute(conn)?;
    if new.visibility == Visibility::Public {
        words::set(conn, id, &new.title)?;
    }
    Ok(true)
}

/// A group.
pub fn find(conn: &mut Conn, id: ConversationId) -> QueryResult<Option<GroupRow>> {
    groups::table
        .find(id.get())
        .select(GroupRow::as_select())
        .first(conn)
        .optional()
}

/// Groups by the ids of their conversations.
pub fn of_ids(conn: &mut Conn, ids: &[i64]) -> QueryResult<HashMap<i64, GroupRow>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<GroupRow> = groups::table
        .filter(groups::conversation_id.among(ids))
        .select(GroupRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(|row| (row.conversation_id, row)).collect())
}

/// Public groups, those with the most members first, from below a number of members and an id; with words those whose titles
/// have words that begin so.
pub fn list_public(
    conn: &mut Conn,
    words: &[String],
    below: (i64, i64),
    limit: i64,
) -> QueryResult<Vec<GroupRow>> {
    let (count, id) = below;
    let mut query = groups::table
        .filter(groups::visibility.eq(PUBLIC))
        .filter(groups::member_count.le(count))
        .filter(groups::member_count.lt(count).or(groups::conversation_id.lt(id)))
        .into_boxed();
    for word in words {
        query = query.filter(groups::conversation_id.eq_any(words::beginning_with(word)));
    }
    query
        .order((groups::member_count.desc(), groups::conversation_id.desc()))
        .limit(limit)
        .select(GroupRow::as_select())
        .load(conn)
}

/// The key of [`list_public`].
pub fn public_key(row: &GroupRow) -> (i64, i64) {
    (row.member_count, row.conversation_id)
}

/// Groups that somebody is in, at most so many.
pub fn of_member(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<Vec<GroupRow>> {
    groups::table
        .inner_join(
            conversation_members::table.on(conversation_members::conversation_id.eq(groups::conversation_id)),
        )
        .filter(conversation_members::user_id.eq(user.get()))
        .order(groups::conversation_id)
        .limit(limit)
        .select(GroupRow::as_select())
        .load(conn)
}

/// Groups that somebody is invited to, at most so many.
pub fn of_invited(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<Vec<GroupRow>> {
    groups::table
        .inner_join(
            group_invitations::table.on(group_invitations::conversation_id.eq(groups::conversation_id)),
        )
        .filter(group_invitations::user_id.eq(user.get()))
        .order(groups::conversation_id)
        .limit(limit)
        .select(GroupRow::as_select())
        .load(conn)
}

/// Groups as somebody sees them, in their order. That they may has been checked.
pub fn cards_of_rows(conn: &mut Conn, viewer: UserId, rows: &[GroupRow]) -> QueryResult<Vec<GroupCard>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.conversation_id).collect();
    let mine = members::of_user(conn, viewer, &ids)?;
    let roles: HashMap<i64, _> = mine
        .iter()
        .map(|member| (member.conversation().get(), member.role()))
        .collect();
    let invited = invitations::invited_among(conn, viewer, &ids)?;
    Ok(rows
        .iter()
        .map(|row| GroupCard {
            id: row.id(),
            group: row.group(),
            member_count: row.member_count(),
            my_role: roles.get(&row.conversation_id).copied(),
            invited: invited.contains(&row.conversation_id),
        })
        .collect())
}

/// One group, as somebody sees it.
pub fn card_of_row(conn: &mut Conn, viewer: UserId, row: &GroupRow) -> QueryResult<GroupCard> {
    cards_of_rows(conn, viewer, std::slice::from_ref(row))?
        .pop()
        .ok_or(diesel::result::Error::NotFound)
}

/// A group is called something else.
pub fn rename(conn: &mut Conn, row: &GroupRow, title: &str, description: &str) -> QueryResult<()> {
    diesel::update(groups::table.find(row.conversation_id))
        .set((groups::title.eq(title), groups::description.eq(description)))
        .execute(conn)?;
    if row.visibility() == Visibility::Public {
        words::set(conn, row.id(), title)?;
    }
    Ok(())
}

/// A group has another picture, or none.
pub fn set_picture(conn: &mut Conn, id: ConversationId, picture: Option<MediaId>) -> QueryResult<()> {
    diesel::update(groups::table.find(id.get()))
        .set(groups::picture_id.eq(picture.map(Id::get)))
        .execute(conn)
        .map(drop)
}

/// So many more are in it, or fewer.
pub fn add_to_member_count(conn: &mut Conn, id: ConversationId, delta: i64) -> QueryResult<()> {
    diesel::update(groups::table.find(id.get()))
        .set(groups::member_count.eq(groups::member_count + delta))
        .execute(conn)
        .map(drop)
}

/// A group is no more. Its conversation stays, without anybody in it.
pub fn delete(conn: &mut Conn, id: ConversationId) -> QueryResult<()> {
    words::clear(conn, id)?;
    diesel::delete(groups::table.find(id.get()))
        .execute(conn)
        .map(drop)
}
