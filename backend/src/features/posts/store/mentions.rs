//! Queries on who is named in texts.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use hearth_shared::ids::{Id, UserId};
use hearth_shared::posts::Mention;

use crate::features::friends::store::blocks::hidden_from;
use crate::features::users::store_standing::active;
use crate::on_each;
use crate::platform::db::among::AmongIds;
use crate::platform::db::{Conn, dialect};
use crate::schema::{mentions, users};

/// Where a text stands. The text form stands in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A post.
    Post,
    /// A comment.
    Comment,
}

impl Place {
    /// The text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Comment => "comment",
        }
    }
}

/// Whom a text names.
pub fn people_in(conn: &mut Conn, place: Place, id: i64) -> QueryResult<BTreeSet<UserId>> {
    let ids: Vec<i64> = mentions::table
        .filter(mentions::place.eq(place.as_str()))
        .filter(mentions::place_id.eq(id))
        .select(mentions::user_id)
        .load(conn)?;
    Ok(ids.into_iter().map(UserId::new).collect())
}

/// Whom each of some texts names.
pub fn people_in_each(
    conn: &mut Conn,
    place: Place,
    ids: &[i64],
) -> QueryResult<HashMap<i64, BTreeSet<UserId>>> {
    let mut people: HashMap<i64, BTreeSet<UserId>> = HashMap::new();
    for ids in ids.chunks(dialect::LISTED_MAX) {
        let rows: Vec<(i64, i64)> = mentions::table
            .filter(mentions::place.eq(place.as_str()))
            .filter(mentions::place_id.eq_any(ids))
            .select((mentions::place_id, mentions::user_id))
            .load(conn)?;
        for (id, user) in rows {
            people.entry(id).or_default().insert(UserId::new(user));
        }
    }
    Ok(people)
}

/// Makes a text of `author` name those of some names who are here and exist for the author. Whom a name meant before
/// it means on, whatever they are called now.
pub fn set(
    conn: &mut Conn,
    place: Place,
    id: i64,
    author: UserId,
    names: &BTreeSet<String>,
) -> QueryResult<()> {
    let of_text = || {
        mentions::table
            .filter(mentions::place.eq(place.as_str()))
            .filter(mentions::place_id.eq(id))
    };
    diesel::delete(of_text().filter(mentions::name.ne_all(names))).execute(conn)?;
    if names.is_empty() {
        return Ok(());
    }
    let known: Vec<String> = of_text().select(mentions::name).load(conn)?;
    let new: Vec<&String> = names.iter().filter(|name| !known.contains(*name)).collect();
    let found: Vec<(String, i64)> = users::table
        .filter(users::username.eq_any(new))
        .filter(active())
        .filter(users::id.ne_all(hidden_from(author)))
        .select((users::username, users::id))
        .load(conn)?;
    let rows: Vec<_> = found
        .iter()
        .map(|(name, user)| {
            (
                mentions::place.eq(place.as_str()),
                mentions::place_id.eq(id),
                mentions::name.eq(name),
                mentions::user_id.eq(user),
            )
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    on_each!(conn, conn => diesel::insert_into(mentions::table).values(&rows).execute(conn)).map(drop)
}

/// The names in some texts, as they are shown to a viewer: without people who do not exist for them. For all at once
/// there is no viewer.
pub fn of(
    conn: &mut Conn,
    viewer: Option<UserId>,
    place: Place,
    ids: &[i64],
) -> QueryResult<HashMap<i64, Vec<Mention>>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = mentions::table
        .inner_join(users::table)
        .filter(mentions::place.eq(place.as_str()))
        .filter(mentions::place_id.among(ids))
        .filter(active())
        .into_boxed();
    if let Some(viewer) = viewer {
        query = query.filter(mentions::user_id.ne_all(hidden_from(viewer)));
    }
    let rows: Vec<(i64, String, String)> = query
        .order((mentions::place_id, mentions::name))
        .select((mentions::place_id, mentions::name, users::username))
        .load(conn)?;
    let mut found: HashMap<i64, Vec<Mention>> = HashMap::new();
    for (id, name, username) in rows {
        found.entry(id).or_default().push(Mention { name, username });
    }
    Ok(found)
}

/// Takes the names out of some texts, for good.
pub fn delete(conn: &mut Conn, place: Place, ids: &[i64]) -> QueryResult<usize> {
    diesel::delete(
        mentions::table
            .filter(mentions::place.eq(place.as_str()))
            .filter(mentions::place_id.eq_any(ids)),
    )
    .execute(conn)
}

/// Texts name a person no longer, whose account goes.
pub fn forget(conn: &mut Conn, user: UserId) -> QueryResult<()> {
    diesel::delete(mentions::table.filter(mentions::user_id.eq(user.get())))
        .execute(conn)
        .map(drop)
}
