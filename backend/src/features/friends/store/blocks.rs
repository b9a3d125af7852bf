//! Queries on blocks. [`hidden_from`] is the one place that says who does not exist for whom.

use std::collections::{HashMap, HashSet};

use diesel::dsl::{Eq, Filter, Select};
use diesel::prelude::*;
use hearth_shared::blocks::BlockedPerson;
use hearth_shared::ids::{Id, UserId};
use hearth_shared::time::Timestamp;

use crate::features::users;
use crate::on_each;
use crate::platform::db::Conn;
use crate::platform::db::among::AmongIds;
use crate::schema::blocks;

/// What a pair's row says from one side. The text form stands in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One blocks the other.
    Mine,
    /// One blocks the other, who did so before: not shown to one, for whom the other does not exist.
    Quiet,
    /// The other blocks one.
    Theirs,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Mine, Self::Quiet, Self::Theirs];

    /// The text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Quiet => "quiet",
            Self::Theirs => "theirs",
        }
    }

    /// What is unknown hides, and does not tell that it does.
    fn of(text: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .unwrap_or(Self::Theirs)
    }
}

/// See [`hidden_from`].
pub type Hidden = Select<Filter<blocks::table, Eq<blocks::user_id, i64>>, blocks::other_id>;

/// The ids of all who do not exist for a person, whoever of the two blocked: for `ne_all` in every query that
/// shows people or what they did.
pub fn hidden_from(viewer: UserId) -> Hidden {
    blocks::table
        .filter(blocks::user_id.eq(viewer.get()))
        .select(blocks::other_id)
}

/// Whether two people do not exist for each other.
pub fn is_hidden(conn: &mut Conn, a: UserId, b: UserId) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(blocks::table.find((a.get(), b.get())))).get_result(conn)
}

/// Those of some people who do not exist for a person.
pub fn hidden_among(conn: &mut Conn, user: UserId, others: &[i64]) -> QueryResult<HashSet<i64>> {
    Ok(standings(conn, user, others)?.into_keys().collect())
}

/// Who do not exist for some people, whoever of the two blocked: (one of these, the other).
pub fn hidden_pairs(conn: &mut Conn, people: &HashSet<i64>) -> QueryResult<HashSet<(i64, i64)>> {
    let pairs: Vec<(i64, i64)> = blocks::table
        .filter(blocks::user_id.among(people))
        .select((blocks::user_id, blocks::other_id))
        .load(conn)?;
    Ok(pairs.into_iter().collect())
}

/// How a person stands to those of some others with whom there is a block.
pub fn standings(conn: &mut Conn, user: UserId, others: &[i64]) -> QueryResult<HashMap<i64, Kind>> {
    let rows: Vec<(i64, String)> = blocks::table
        .filter(blocks::user_id.eq(user.get()))
        .filter(blocks::other_id.among(others))
        .select((blocks::other_id, blocks::kind))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, kind)| (id, Kind::of(&kind))).collect())
}

/// How a person stands to another, when there is a block between them.
pub fn standing(conn: &mut Conn, user: UserId, other: UserId) -> QueryResult<Option<Kind>> {
    let kind: Option<String> = blocks::table
        .find((user.get(), other.get()))
        .select(blocks::kind)
        .first(conn)
        .optional()?;
    Ok(kind.as_deref().map(Kind::of))
}

/// How many people a person blocks.
pub fn count(conn: &mut Conn, user: UserId) -> QueryResult<i64> {
    blocks::table
        .filter(blocks::user_id.eq(user.get()))
        .filter(blocks::kind.eq_any([Kind::Mine.as_str(), Kind::Quiet.as_str()]))
        .count()
        .get_result(conn)
}

/// Writes both rows of a block.
pub fn insert(conn: &mut Conn, by: UserId, other: UserId, since: Timestamp) -> QueryResult<()> {
    let row = |user: UserId, other: UserId, kind: Kind| {
        (
            blocks::user_id.eq(user.get()),
            blocks::other_id.eq(other.get()),
            blocks::kind.eq(kind.as_str()),
            blocks::since.eq(since.as_millis()),
        )
    };
    let rows = vec![row(by, other, Kind::Mine), row(other, by, Kind::Theirs)];
    on_each!(conn, conn => diesel::insert_into(blocks::table).values(&rows).execute(conn)).map(drop)
}

/// Changes one side of a pair, from `since` on when that is given.
pub fn update(
    conn: &mut Conn,
    user: UserId,
    other: UserId,
    kind: Kind,
    since: Option<Timestamp>,
) -> QueryResult<()> {
    diesel::update(blocks::table.find((user.get(), other.get())))
        .set((
            blocks::kind.eq(kind.as_str()),
            since.map(|since| blocks::since.eq(since.as_millis())),
        ))
        .execute(conn)
        .map(drop)
}

/// Removes both rows.
pub fn delete(conn: &mut Conn, a: UserId, b: UserId) -> QueryResult<()> {
    let (a, b) = (a.get(), b.get());
    let forth = blocks::user_id.eq(a).and(blocks::other_id.eq(b));
    let back = blocks::user_id.eq(b).and(blocks::other_id.eq(a));
    diesel::delete(blocks::table.filter(forth.or(back)))
        .execute(conn)
        .map(drop)
}

/// Whom a person has blocked, the newest block first, after (since, id).
pub fn list(
    conn: &mut Conn,
    user: UserId,
    after: Option<(i64, i64)>,
    limit: i64,
) -> QueryResult<Vec<(i64, i64)>> {
    let mut query = blocks::table
        .filter(blocks::user_id.eq(user.get()))
        .filter(blocks::kind.eq(Kind::Mine.as_str()))
        .into_boxed();
    if let Some((since, other)) = after {
        let same = blocks::since.eq(since).and(blocks::other_id.lt(other));
        query = query.filter(blocks::since.lt(since).or(same));
    }
    query
        .order((blocks::since.desc(), blocks::other_id.desc()))
        .limit(limit)
        .select((blocks::since, blocks::other_id))
        .load(conn)
}

/// Cards to rows of [`list`].
pub fn blocked_of_rows(conn: &mut Conn, rows: &[(i64, i64)]) -> QueryResult<Vec<BlockedPerson>> {
    let ids: Vec<i64> = rows.iter().map(|(_, id)| *id).collect();
    let mut cards = users::store::cards(conn, &ids)?;
    let person = |(since, id): &(i64, i64)| {
        Some(BlockedPerson {
            user: cards.remove(id)?,
            since: Timestamp::from_millis(*since),
        })
    };
    Ok(rows.iter().filter_map(person).collect())
}

/// Removes some of the blocks of and against a person; gives how many rows went.
pub fn delete_some(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<usize> {
    let others: Vec<i64> = blocks::table
        .filter(blocks::user_id.eq(user.get()))
        .order(blocks::other_id)
        .limit(limit)
        .select(blocks::other_id)
        .load(conn)?;
    let one = blocks::user_id
        .eq(user.get())
        .and(blocks::other_id.eq_any(&others));
    let mirrored = blocks::other_id
        .eq(user.get())
        .and(blocks::user_id.eq_any(&others));
    diesel::delete(blocks::table.filter(one.or(mirrored))).execute(conn)
}
