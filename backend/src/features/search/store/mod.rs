//! Queries of the search: those of posts, those of messages, and how far what was there before is indexed.

pub mod messages;
pub mod posts;

use diesel::prelude::*;

use crate::platform::db::Conn;
use crate::platform::db::words::{self as index, Condition, Index, Round, Wanted};
use crate::schema::search_progress;

/// What a search has looked at.
#[derive(Debug, Default)]
pub struct Looked {
    /// What it found, newest first.
    pub ids: Vec<i64>,
    /// Below which id it would go on; `None`: there is nothing more.
    pub rest: Option<i64>,
}

/// Looks, round by round, below an id until there is enough. `load` gives those of a round that the viewer may see, newest
/// first, and no more than it is told.
fn look<T: 'static>(
    conn: &mut Conn,
    wanted: &Wanted,
    rounds: &[Round],
    mut below: i64,
    limit: i64,
    load: impl Fn(&mut Conn, Condition<T>, i64) -> QueryResult<Vec<i64>>,
) -> QueryResult<Looked> {
    let mut looked = Looked::default();
    for round in rounds {
        let missing = limit - i64::try_from(looked.ids.len()).unwrap_or(limit);
        let condition = index::found(conn, wanted, *round, below);
        let found = load(conn, condition, missing)?;
        let enough = i64::try_from(found.len()).is_ok_and(|count| count >= missing);
        if enough || !matches!(round, Round::Newest(_)) {
            looked.ids.extend(found);
        }
        if enough {
            return Ok(looked);
        }
        match index::last_found(conn, wanted, *round, below)? {
            Some(last) => below = last,
            None => return Ok(looked),
        }
    }
    looked.rest = Some(below);
    Ok(looked)
}

/// The row of an index in `search_progress`.
const fn progress_row(index: Index) -> i64 {
    match index {
        Index::Posts => 1,
        Index::Messages => 2,
    }
}

/// Below which id there are some that were never indexed; `None` when there are none.
pub fn unindexed_below(conn: &mut Conn, index: Index) -> QueryResult<Option<i64>> {
    search_progress::table
        .find(progress_row(index))
        .select(search_progress::below)
        .first(conn)
        .optional()
}

/// Everything from an id on is indexed; from `None` on, all there is.
pub fn set_unindexed_below(conn: &mut Conn, index: Index, below: Option<i64>) -> QueryResult<()> {
    let row = search_progress::table.find(progress_row(index));
    match below {
        Some(below) => diesel::update(row)
            .set(search_progress::below.eq(below))
            .execute(conn),
        None => diesel::delete(row).execute(conn),
    }
    .map(drop)
}
