//! Queries of the search: those of posts, those of messages, and how far what was there before is indexed.

pub mod messages;
pub mod posts;

use diesel::prelude::*;

use crate::platform::db::Conn;
use crate::platform::db::words::{self as index, Index, Passed, Round, Wanted};
use crate::schema::search_progress;

/// What a search has looked at.
#[derive(Debug, Default)]
pub struct Looked {
    /// What it found, newest first.
    pub ids: Vec<i64>,
    /// Below which id it would go on; `None`: there is nothing more.
    pub rest: Option<i64>,
}

/// What is looked through at once for what the viewer may see.
const AT_ONCE: usize = 1_000;

/// Looks, round by round, below an id until there is enough. `load` gives those of some that the viewer may see, newest
/// first, and no more than it is told.
fn look(
    conn: &mut Conn,
    wanted: &Wanted,
    rounds: &[Round],
    mut below: i64,
    limit: i64,
    load: impl Fn(&mut Conn, &[i64], i64) -> QueryResult<Vec<i64>>,
) -> QueryResult<Looked> {
    let mut looked = Looked::default();
    let mut passed = Passed::default();
    for round in rounds {
        let round = passed.instead_of(*round);
        let seen = index::seen(conn, wanted, round, below)?;
        for ids in seen.ids.chunks(AT_ONCE) {
            let missing = limit - i64::try_from(looked.ids.len()).unwrap_or(limit);
            looked.ids.extend(load(conn, ids, missing)?);
            if i64::try_from(looked.ids.len()).is_ok_and(|count| count >= limit) {
                return Ok(looked);
            }
        }
        passed.add(round, &seen);
        match seen.last {
            Some(last) => below = last,
            None => return Ok(looked),
        }
    }
    looked.rest = Some(below);
    Ok(looked)
}

/// Whether all of an index is as it would be made now.
fn is_whole(conn: &mut Conn, index: Index) -> QueryResult<bool> {
    match conn {
        // Nothing has changed there.
        Conn::Sqlite(_) => Ok(true),
        Conn::Postgres(_) => Ok(unindexed_below(conn, index)?.is_none()),
    }
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
