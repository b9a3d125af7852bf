//! Queries on mutes. [`people_of`] and [`posts_of`] are the one place that says of whom and of what somebody wants
//! to hear no more; nobody else is told. What it means is told in `hearth_shared::posts`' mutes.

use std::collections::HashSet;

use diesel::dsl::{Eq, Filter, Select};
use diesel::prelude::*;
use hearth_shared::ids::{Id, PostId, UserId};
use hearth_shared::posts::MutedPerson;
use hearth_shared::time::Timestamp;

use crate::features::friends::store::blocks::hidden_from;
use crate::features::users::store::CardRow;
use crate::features::users::store_standing::active;
use crate::platform::db::among::AmongIds;
use crate::platform::db::{Conn, dialect};
use crate::schema::{muted_people, muted_posts, users};

/// See [`people_of`].
pub type MutedPeople =
    Select<Filter<muted_people::table, Eq<muted_people::user_id, i64>>, muted_people::other_id>;
/// See [`posts_of`].
pub type MutedPosts = Select<Filter<muted_posts::table, Eq<muted_posts::user_id, i64>>, muted_posts::post_id>;

/// The ids of all whom a person has muted: for `ne_all` in the feed.
pub fn people_of(user: UserId) -> MutedPeople {
    muted_people::table
        .filter(muted_people::user_id.eq(user.get()))
        .select(muted_people::other_id)
}

/// The ids of all posts that a person has muted: for `ne_all` in the feed, which shows one's own all the same.
pub fn posts_of(user: UserId) -> MutedPosts {
    muted_posts::table
        .filter(muted_posts::user_id.eq(user.get()))
        .select(muted_posts::post_id)
}

/// The same as [`people_of`], read: for those who need them in a list.
pub fn people_ids(conn: &mut Conn, user: UserId) -> QueryResult<HashSet<i64>> {
    let ids: Vec<i64> = people_of(user).load(conn)?;
    Ok(ids.into_iter().collect())
}

/// Whether a person wants to hear nothing of what somebody did, on a post or elsewhere.
pub fn is_muted(conn: &mut Conn, user: UserId, by: UserId, post: Option<PostId>) -> QueryResult<bool> {
    if is_person_muted(conn, user, by)? {
        return Ok(true);
    }
    match post {
        Some(post) => is_post_muted(conn, user, post),
        None => Ok(false),
    }
}

/// Whether a person has muted another.
pub fn is_person_muted(conn: &mut Conn, user: UserId, other: UserId) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        muted_people::table.find((user.get(), other.get())),
    ))
    .get_result(conn)
}

/// Those of some people who have muted a person.
pub fn who_muted(conn: &mut Conn, other: UserId, people: &[UserId]) -> QueryResult<HashSet<UserId>> {
    let people: Vec<i64> = people.iter().map(|id| id.get()).collect();
    let ids: Vec<i64> = muted_people::table
        .filter(muted_people::other_id.eq(other.get()))
        .filter(muted_people::user_id.among(&people))
        .select(muted_people::user_id)
        .load(conn)?;
    Ok(ids.into_iter().map(UserId::new).collect())
}

/// Whether a person has muted a post.
pub fn is_post_muted(conn: &mut Conn, user: UserId, post: PostId) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        muted_posts::table.find((user.get(), post.get())),
    ))
    .get_result(conn)
}

/// Mutes a person; false when they are already.
pub fn insert_person(conn: &mut Conn, user: UserId, other: UserId, now: Timestamp) -> QueryResult<bool> {
    dialect::insert_once(conn, |conn| {
        diesel::insert_into(muted_people::table)
            .values((
                muted_people::user_id.eq(user.get()),
                muted_people::other_id.eq(other.get()),
                muted_people::since.eq(now.as_millis()),
            ))
            .execute(conn)
    })
}

/// Mutes a person no longer; false when they were not muted.
pub fn delete_person(conn: &mut Conn, user: UserId, other: UserId) -> QueryResult<bool> {
    let gone = diesel::delete(muted_people::table.find((user.get(), other.get()))).execute(conn)?;
    Ok(gone > 0)
}

/// Mutes a post; false when it is already.
pub fn insert_post(conn: &mut Conn, user: UserId, post: PostId, now: Timestamp) -> QueryResult<bool> {
    dialect::insert_once(conn, |conn| {
        diesel::insert_into(muted_posts::table)
            .values((
                muted_posts::user_id.eq(user.get()),
                muted_posts::post_id.eq(post.get()),
                muted_posts::since.eq(now.as_millis()),
            ))
            .execute(conn)
    })
}

/// Mutes a post no longer; false when it was not muted.
pub fn delete_post(conn: &mut Conn, user: UserId, post: PostId) -> QueryResult<bool> {
    let gone = diesel::delete(muted_posts::table.find((user.get(), post.get()))).execute(conn)?;
    Ok(gone > 0)
}

/// Those of some posts that a person has muted.
pub fn muted_among(conn: &mut Conn, user: UserId, posts: &[i64]) -> QueryResult<HashSet<i64>> {
    let ids: Vec<i64> = posts_of(user)
        .filter(muted_posts::post_id.among(posts))
        .load(conn)?;
    Ok(ids.into_iter().collect())
}

/// Whom a person has muted and who exists for them, the latest first, after (since, id).
pub fn list(
    conn: &mut Conn,
    user: UserId,
    after: Option<(i64, i64)>,
    limit: i64,
) -> QueryResult<Vec<((i64, i64), MutedPerson)>> {
    let mut query = muted_people::table
        .inner_join(users::table.on(users::id.eq(muted_people::other_id)))
        .filter(muted_people::user_id.eq(user.get()))
        .filter(active())
        .filter(muted_people::other_id.ne_all(hidden_from(user)))
        .into_boxed();
    if let Some((since, other)) = after {
        let same = muted_people::since
            .eq(since)
            .and(muted_people::other_id.lt(other));
        query = query.filter(muted_people::since.lt(since).or(same));
    }
    let rows: Vec<((i64, i64), CardRow)> = query
        .order((muted_people::since.desc(), muted_people::other_id.desc()))
        .limit(limit)
        .select((
            (muted_people::since, muted_people::other_id),
            CardRow::as_select(),
        ))
        .load(conn)?;
    let person = |((since, id), card): ((i64, i64), CardRow)| {
        let person = MutedPerson {
            user: card.into(),
            since: Timestamp::from_millis(since),
        };
        ((since, id), person)
    };
    Ok(rows.into_iter().map(person).collect())
}

/// Removes some of the mutes of and against a person, and their mutes of posts; gives how many rows went.
pub fn delete_some(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<usize> {
    let mine: Vec<i64> = people_of(user).limit(limit).load(conn)?;
    let theirs: Vec<i64> = muted_people::table
        .filter(muted_people::other_id.eq(user.get()))
        .limit(limit)
        .select(muted_people::user_id)
        .load(conn)?;
    let posts: Vec<i64> = posts_of(user).limit(limit).load(conn)?;
    let by = muted_people::user_id
        .eq(user.get())
        .and(muted_people::other_id.eq_any(&mine));
    let of = muted_people::other_id
        .eq(user.get())
        .and(muted_people::user_id.eq_any(&theirs));
    let people = diesel::delete(muted_people::table.filter(by.or(of))).execute(conn)?;
    let kept = muted_posts::table
        .filter(muted_posts::user_id.eq(user.get()))
        .filter(muted_posts::post_id.eq_any(&posts));
    Ok(people + diesel::delete(kept).execute(conn)?)
}
