//! Queries on friendships and requests.

pub mod blocks;
pub mod circle;
pub mod presence;
pub mod suggestions;

use std::collections::{HashMap, HashSet};

use diesel::dsl::{auto_type, exists};
use diesel::prelude::*;
use hearth_shared::friends::{Direction, Friend, FriendRequest, RequestStatus};
use hearth_shared::ids::{FriendRequestId, Id, UserId};
use hearth_shared::privacy::Reach;
use hearth_shared::time::Timestamp;
use hearth_shared::users::{Friendship, Person};

use crate::features::users::store_standing::active;
use crate::features::{privacy, users};
use crate::on_each;
use crate::platform::db::among::AmongIds;
use crate::platform::db::{Conn, dialect};
use crate::schema::{friend_requests, friendships, user_names, users as people};

/// A pending request.
#[derive(Queryable, Selectable, Clone)]
#[diesel(table_name = friend_requests)]
pub struct RequestRow {
    /// Its id.
    pub id: i64,
    /// Who asks.
    pub from_id: i64,
    /// Who is asked.
    pub to_id: i64,
    /// When.
    pub created_at: i64,
}

impl RequestRow {
    /// Who asks.
    pub fn from(&self) -> UserId {
        UserId::new(self.from_id)
    }

    /// Who is asked.
    pub fn to(&self) -> UserId {
        UserId::new(self.to_id)
    }
}

fn in_order(a: UserId, b: UserId) -> (i64, i64) {
    (a.min(b).get(), a.max(b).get())
}

/// The friend of a row of `friendships` is here.
#[auto_type]
fn friend_is_here() -> _ {
    exists(
        people::table
            .filter(people::id.eq(friendships::friend_id))
            .filter(active()),
    )
}

/// Both people of a row of `friend_requests` are here.
#[auto_type]
fn both_are_here() -> _ {
    let asks = exists(
        people::table
            .filter(people::id.eq(friend_requests::from_id))
            .filter(active()),
    );
    let asked = exists(
        people::table
            .filter(people::id.eq(friend_requests::to_id))
            .filter(active()),
    );
    asks.and(asked)
}

/// Whether two people are friends, and the second one is here.
pub fn are_friends(conn: &mut Conn, a: UserId, b: UserId) -> QueryResult<bool> {
    let friends = friendships::table
        .find((a.get(), b.get()))
        .filter(friend_is_here());
    diesel::select(exists(friends)).get_result(conn)
}

/// Those of some people who are a person's friends.
pub fn friends_among(conn: &mut Conn, id: UserId, others: &[i64]) -> QueryResult<HashSet<i64>> {
    let ids: Vec<i64> = friendships::table
        .filter(friendships::user_id.eq(id.get()))
        .filter(friendships::friend_id.among(others))
        .filter(friend_is_here())
        .select(friendships::friend_id)
        .load(conn)?;
    Ok(ids.into_iter().collect())
}

/// A person's friends.
pub fn friend_ids(conn: &mut Conn, id: UserId) -> QueryResult<Vec<i64>> {
    friendships::table
        .filter(friendships::user_id.eq(id.get()))
        .filter(friend_is_here())
        .select(friendships::friend_id)
        .load(conn)
}

/// Friends of a person whose names have words that begin like all of `prefixes`, the newest friendship first,
/// after (since, id).
pub fn list_friends(
    conn: &mut Conn,
    id: UserId,
    prefixes: &[String],
    after: Option<(i64, i64)>,
    limit: i64,
) -> QueryResult<Vec<(i64, i64)>> {
    let mut query = friendships::table
        .filter(friendships::user_id.eq(id.get()))
        .filter(friend_is_here())
        .into_boxed();
    for prefix in prefixes {
        let named = user_names::table
            .filter(user_names::user_id.eq(friendships::friend_id))
            .filter(user_names::token.ge(prefix.clone()))
            .filter(user_names::token.lt(format!("{prefix}\u{10ffff}")));
        query = query.filter(diesel::dsl::exists(named));
    }
    if let Some((since, friend)) = after {
        let earlier = friendships::since.lt(since);
        let same = friendships::since
            .eq(since)
            .and(friendships::friend_id.lt(friend));
        query = query.filter(earlier.or(same));
    }
    query
        .order((friendships::since.desc(), friendships::friend_id.desc()))
        .limit(limit)
        .select((friendships::since, friendships::friend_id))
        .load(conn)
}

/// Cards to rows of [`list_friends`].
pub fn friends_of_rows(conn: &mut Conn, rows: &[(i64, i64)]) -> QueryResult<Vec<Friend>> {
    let ids: Vec<i64> = rows.iter().map(|(_, id)| *id).collect();
    let mut cards = users::store::cards(conn, &ids)?;
    let friend = |(since, id): &(i64, i64)| {
        Some(Friend {
            user: cards.remove(id)?,
            since: Timestamp::from_millis(*since),
            online: None,
            mutual_friend_count: None,
        })
    };
    Ok(rows.iter().filter_map(friend).collect())
}

/// Writes both rows of a friendship.
pub fn insert_friendship(conn: &mut Conn, a: UserId, b: UserId, since: Timestamp) -> QueryResult<()> {
    let row = |user: UserId, friend: UserId| {
        (
            friendships::user_id.eq(user.get()),
            friendships::friend_id.eq(friend.get()),
            friendships::since.eq(since.as_millis()),
        )
    };
    let rows = vec![row(a, b), row(b, a)];
    on_each!(conn, conn => diesel::insert_into(friendships::table).values(&rows).execute(conn)).map(drop)
}

/// Removes both rows; false when they were no friends.
pub fn delete_friendship(conn: &mut Conn, a: UserId, b: UserId) -> QueryResult<bool> {
    let (a, b) = (a.get(), b.get());
    let forth = friendships::user_id.eq(a).and(friendships::friend_id.eq(b));
    let back = friendships::user_id.eq(b).and(friendships::friend_id.eq(a));
    diesel::delete(friendships::table.filter(forth.or(back)))
        .execute(conn)
        .map(|rows| rows > 0)
}

/// The pending request of a pair, whoever asked.
pub fn find_between(conn: &mut Conn, a: UserId, b: UserId) -> QueryResult<Option<RequestRow>> {
    let (low, high) = in_order(a, b);
    friend_requests::table
        .filter(friend_requests::low_id.eq(low))
        .filter(friend_requests::high_id.eq(high))
        .select(RequestRow::as_select())
        .first(conn)
        .optional()
}

/// A pending request.
pub fn find_request(conn: &mut Conn, id: FriendRequestId) -> QueryResult<Option<RequestRow>> {
    friend_requests::table
        .find(id.get())
        .select(RequestRow::as_select())
        .first(conn)
        .optional()
}

/// Writes a request; false when the pair has one.
pub fn insert_request(conn: &mut Conn, row: &RequestRow) -> QueryResult<bool> {
    let (low, high) = in_order(row.from(), row.to());
    dialect::insert_once(conn, |conn| {
        diesel::insert_into(friend_requests::table)
            .values((
                friend_requests::id.eq(row.id),
                friend_requests::low_id.eq(low),
                friend_requests::high_id.eq(high),
                friend_requests::from_id.eq(row.from_id),
                friend_requests::to_id.eq(row.to_id),
                friend_requests::created_at.eq(row.created_at),
            ))
            .execute(conn)
    })
}

/// Removes a request; false when it was gone.
pub fn delete_request(conn: &mut Conn, id: i64) -> QueryResult<bool> {
    diesel::delete(friend_requests::table.find(id))
        .execute(conn)
        .map(|rows| rows > 0)
}

/// How many requests of a person wait.
pub fn count_outgoing(conn: &mut Conn, id: UserId) -> QueryResult<i64> {
    friend_requests::table
        .filter(friend_requests::from_id.eq(id.get()))
        .count()
        .get_result(conn)
}

/// How many requests wait for a person's answer.
pub fn count_incoming(conn: &mut Conn, id: UserId) -> QueryResult<u32> {
    let count: i64 = friend_requests::table
        .filter(friend_requests::to_id.eq(id.get()))
        .filter(both_are_here())
        .count()
        .get_result(conn)?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Pending requests from or to a person, newest first, below an id.
pub fn list_requests(
    conn: &mut Conn,
    id: UserId,
    direction: Direction,
    below: i64,
    limit: i64,
) -> QueryResult<Vec<RequestRow>> {
    let query = friend_requests::table
        .filter(friend_requests::id.lt(below))
        .filter(both_are_here())
        .into_boxed();
    let query = match direction {
        Direction::Incoming => query.filter(friend_requests::to_id.eq(id.get())),
        Direction::Outgoing => query.filter(friend_requests::from_id.eq(id.get())),
    };
    query
        .order(friend_requests::id.desc())
        .limit(limit)
        .select(RequestRow::as_select())
        .load(conn)
}

/// Requests as `viewer`, who is on one side of each, sees them.
pub fn requests_of_rows(
    conn: &mut Conn,
    viewer: UserId,
    rows: &[RequestRow],
    status: RequestStatus,
) -> QueryResult<Vec<FriendRequest>> {
    let ids: Vec<i64> = rows.iter().flat_map(|row| [row.from_id, row.to_id]).collect();
    let cards = users::store::cards(conn, &ids)?;
    let mutual = mutual_counts(conn, viewer, &ids)?;
    let request = |row: &RequestRow| {
        let other = if row.from() == viewer {
            row.to_id
        } else {
            row.from_id
        };
        Some(FriendRequest {
            id: FriendRequestId::new(row.id),
            from: cards.get(&row.from_id)?.clone(),
            to: cards.get(&row.to_id)?.clone(),
            status,
            created_at: Timestamp::from_millis(row.created_at),
            mutual_friend_count: mutual.get(&other).copied().unwrap_or(0),
        })
    };
    Ok(rows.iter().filter_map(request).collect())
}

/// What there is between two people.
pub enum Relation {
    /// They are friends.
    Friends(Friend),
    /// One has asked the other.
    Pending(FriendRequest),
}

/// What there is between a person and some others; nothing for those who are left out.
pub fn relations(conn: &mut Conn, me: UserId, others: &[i64]) -> QueryResult<HashMap<i64, Relation>> {
    let rows: Vec<(i64, i64)> = friendships::table
        .filter(friendships::user_id.eq(me.get()))
        .filter(friendships::friend_id.eq_any(others))
        .filter(friend_is_here())
        .select((friendships::since, friendships::friend_id))
        .load(conn)?;
    let friends = friends_of_rows(conn, &rows)?;
    let requests = requests_with(conn, me, others)?;
    let requests = requests_of_rows(conn, me, &requests, RequestStatus::Pending)?;
    let mut relations = HashMap::new();
    for request in requests {
        let other = if request.from.id == me {
            request.to.id
        } else {
            request.from.id
        };
        relations.insert(other.get(), Relation::Pending(request));
    }
    for friend in friends {
        relations.insert(friend.user.id.get(), Relation::Friends(friend));
    }
    Ok(relations)
}

/// The pending requests between a person and some others.
fn requests_with(conn: &mut Conn, me: UserId, others: &[i64]) -> QueryResult<Vec<RequestRow>> {
    let sent = friend_requests::from_id
        .eq(me.get())
        .and(friend_requests::to_id.among(others));
    let received = friend_requests::to_id
        .eq(me.get())
        .and(friend_requests::from_id.among(others));
    friend_requests::table
        .filter(sent.or(received))
        .filter(both_are_here())
        .select(RequestRow::as_select())
        .load(conn)
}

/// How many friends a person shares with each of some others.
pub fn mutual_counts(conn: &mut Conn, viewer: UserId, ids: &[i64]) -> QueryResult<HashMap<i64, u32>> {
    let (mine, theirs) = diesel::alias!(friendships as mine, friendships as theirs);
    let rows: Vec<(i64, i64)> = mine
        .inner_join(
            theirs.on(theirs
                .field(friendships::friend_id)
                .eq(mine.field(friendships::friend_id))),
        )
        .filter(mine.field(friendships::user_id).eq(viewer.get()))
        .filter(theirs.field(friendships::user_id).among(ids))
        .group_by(theirs.field(friendships::user_id))
        .select((theirs.field(friendships::user_id), diesel::dsl::count_star()))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, count)| (id, u32::try_from(count).unwrap_or(u32::MAX)))
        .collect())
}

/// A person's friends by name, but for those who do not exist for the viewer, after a key. Each row is (name key,
/// id).
pub fn list_by_name(
    conn: &mut Conn,
    viewer: UserId,
    of: UserId,
    after: Option<&(String, i64)>,
    limit: i64,
) -> QueryResult<Vec<(String, i64)>> {
    let friends = friendships::table
        .filter(friendships::user_id.eq(of.get()))
        .select(friendships::friend_id);
    let mut query = people::table
        .filter(people::id.eq_any(friends))
        .filter(people::id.ne_all(blocks::hidden_from(viewer)))
        .filter(active())
        .into_boxed();
    if let Some((name, id)) = after {
        let same = people::name_key.eq(name.clone()).and(people::id.gt(*id));
        query = query.filter(people::name_key.gt(name.clone()).or(same));
    }
    query
        .order((people::name_key, people::id))
        .limit(limit)
        .select((people::name_key, people::id))
        .load(conn)
}

/// People as a viewer sees them, in the order of their ids given. Those who have blocked the viewer are left out;
/// of those whom the viewer has blocked there is little to see.
pub fn people(conn: &mut Conn, viewer: UserId, ids: &[i64]) -> QueryResult<Vec<Person>> {
    let blocked = blocks::standings(conn, viewer, ids)?;
    let settings = privacy::store::changed_among(conn, ids)?;
    let mut cards = users::store::cards(conn, ids)?;
    let mutual = mutual_counts(conn, viewer, ids)?;
    let friends = friends_among(conn, viewer, ids)?;
    let me = viewer.get();
    let requests = requests_with(conn, viewer, ids)?;
    let person = |id: &i64| {
        let request = requests.iter().find(|row| row.from_id == *id || row.to_id == *id);
        let friendship = match request {
            _ if blocked.get(id) == Some(&blocks::Kind::Mine) => Friendship::Blocked,
            _ if blocked.contains_key(id) => return None,
            _ if *id == me => Friendship::Myself,
            _ if friends.contains(id) => Friendship::Friends,
            Some(row) if row.from_id == me => Friendship::Outgoing,
            Some(_) => Friendship::Incoming,
            None => Friendship::None,
        };
        let pending = matches!(friendship, Friendship::Outgoing | Friendship::Incoming);
        let shared = match friendship {
            Friendship::Myself | Friendship::Blocked => 0,
            _ => mutual.get(id).copied().unwrap_or(0),
        };
        let reach = settings
            .get(id)
            .map_or(Reach::Everyone, |theirs| theirs.friend_requests);
        Some(Person {
            user: cards.remove(id)?,
            friendship,
            request_id: request
                .filter(|_| pending)
                .map(|row| FriendRequestId::new(row.id)),
            can_request: friendship == Friendship::None && privacy::service::reaches(reach, shared),
            mutual_friend_count: shared,
        })
    };
    Ok(ids.iter().filter_map(person).collect())
}

/// Some of a person's friends, here or not.
pub fn some_friends(conn: &mut Conn, id: UserId, limit: i64) -> QueryResult<Vec<UserId>> {
    let ids: Vec<i64> = friendships::table
        .filter(friendships::user_id.eq(id.get()))
        .order(friendships::friend_id)
        .limit(limit)
        .select(friendships::friend_id)
        .load(conn)?;
    Ok(ids.into_iter().map(UserId::new).collect())
}

/// Some of the requests from and to a person, whether the others are here or not.
pub fn some_requests(conn: &mut Conn, id: UserId, limit: i64) -> QueryResult<Vec<RequestRow>> {
    let theirs = friend_requests::from_id
        .eq(id.get())
        .or(friend_requests::to_id.eq(id.get()));
    friend_requests::table
        .filter(theirs)
        .order((friend_requests::low_id, friend_requests::high_id))
        .limit(limit)
        .select(RequestRow::as_select())
        .load(conn)
}

/// The newest id given.
pub fn latest_id(conn: &mut Conn) -> QueryResult<Option<i64>> {
    friend_requests::table
        .select(diesel::dsl::max(friend_requests::id))
        .first(conn)
}
