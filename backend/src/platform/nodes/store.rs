//! The table of numbers. Renewing is one statement; those who take a number take turns.

use diesel::prelude::*;

use crate::platform::db::{Conn, dialect};
use crate::platform::ids::COMMAND_LINE;
use crate::schema::nodes;

/// How many numbers there are: ids have ten bits for them, and the last one is taken.
const NUMBERS: u16 = COMMAND_LINE;
/// A number that is not lent any more rests for so many milliseconds: what its last holder began may still be
/// under way, and the next one's clock may be behind.
const REST: i64 = 120_000;

/// What is written down.
pub(super) struct Lease<'a> {
    /// Who.
    pub(super) key: &'a str,
    /// The database's clock.
    pub(super) now: i64,
    /// The end, by the database's clock.
    pub(super) until: i64,
    /// Who has not renewed for so many milliseconds is gone.
    pub(super) silent: i64,
    /// The node's own clock: it makes no id that is earlier,
    pub(super) ids_from: i64,
    /// and none that is later.
    pub(super) ids_until: i64,
}

/// A row.
#[derive(Debug, Clone, Copy, Queryable)]
struct Number {
    number: i64,
    leased_until: i64,
    ids_until: i64,
}

/// Renews a number; false when it is not this program's any more.
pub(super) fn renew(conn: &mut Conn, lease: &Lease<'_>, number: u16) -> QueryResult<bool> {
    let mine = nodes::table
        .find(i64::from(number))
        .filter(nodes::key.eq(lease.key));
    let rows = diesel::update(mine)
        .set((
            nodes::leased_until.eq(lease.until),
            nodes::ids_until.eq(lease.ids_until),
        ))
        .execute(conn)?;
    Ok(rows == 1)
}

/// Takes a number; `None` when all are lent or rest.
pub(super) fn take(conn: &mut Conn, lease: &Lease<'_>) -> QueryResult<Option<u16>> {
    conn.transaction(|conn| {
        dialect::lock_numbers(conn)?;
        loop {
            let rows: Vec<Number> = nodes::table
                .select((nodes::number, nodes::leased_until, nodes::ids_until))
                .order(nodes::number)
                .load(conn)?;
            let Some((number, seen)) = choose(&rows, lease) else {
                return Ok(None);
            };
            let written = (
                nodes::key.eq(lease.key),
                nodes::leased_until.eq(lease.until),
                nodes::ids_until.eq(lease.ids_until),
            );
            let key = i64::from(number);
            let rows = match seen {
                None => diesel::insert_into(nodes::table)
                    .values((nodes::number.eq(key), written))
                    .execute(conn)?,
                // Its last holder, who was away, may renew it in this very moment without taking a turn.
                Some(seen) => diesel::update(nodes::table.find(key))
                    .filter(nodes::leased_until.eq(seen))
                    .set(written)
                    .execute(conn)?,
            };
            if rows == 1 {
                return Ok(Some(number));
            }
        }
    })
}

/// The number whose lease ended first of those that have rested, with the end of that lease; else one that was
/// never lent. Numbers of programs whose clock was ahead of this one's rest until it has caught up.
fn choose(rows: &[Number], lease: &Lease<'_>) -> Option<(u16, Option<i64>)> {
    let rested = rows
        .iter()
        .filter(|row| row.leased_until + REST <= lease.now && row.ids_until < lease.ids_from)
        .min_by_key(|row| (row.leased_until, row.number));
    if let Some(row) = rested {
        return Some((u16::try_from(row.number).ok()?, Some(row.leased_until)));
    }
    let new = (0..NUMBERS).find(|number| rows.iter().all(|row| row.number != i64::from(*number)))?;
    Some((new, None))
}

/// The keys of the others that renewed their lease lately: one that was killed keeps its number for longer than
/// anybody should wait for a word from it.
pub(super) fn others(conn: &mut Conn, lease: &Lease<'_>) -> QueryResult<Vec<String>> {
    nodes::table
        .filter(nodes::leased_until.gt(lease.until - lease.silent))
        .filter(nodes::key.ne(lease.key))
        .order(nodes::number)
        .select(nodes::key)
        .load(conn)
}

/// Ends a lease now.
pub(super) fn end(conn: &mut Conn, key: &str, number: u16) -> QueryResult<()> {
    let now = dialect::database_now(conn)?;
    let mine = nodes::table
        .find(i64::from(number))
        .filter(nodes::key.eq(key))
        .filter(nodes::leased_until.gt(now));
    diesel::update(mine)
        .set(nodes::leased_until.eq(now))
        .execute(conn)
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 10_000_000;

    fn row(number: i64, ended_ago: i64) -> Number {
        Number {
            number,
            leased_until: NOW - ended_ago,
            ids_until: NOW - ended_ago,
        }
    }

    fn chosen(rows: &[Number]) -> Option<(u16, Option<i64>)> {
        let lease = Lease {
            key: "me",
            now: NOW,
            until: NOW + 60_000,
            silent: 15_000,
            ids_from: NOW,
            ids_until: NOW + 60_000,
        };
        choose(rows, &lease)
    }

    #[test]
    fn numbers_rest_before_somebody_else_has_them() {
        assert_eq!(chosen(&[]), Some((0, None)));
        assert_eq!(chosen(&[row(0, -60_000)]), Some((1, None)), "lent");
        assert_eq!(chosen(&[row(0, 119_999)]), Some((1, None)), "rests");
        assert_eq!(chosen(&[row(0, 120_000)]), Some((0, Some(NOW - 120_000))));
        let rows = [row(0, 130_000), row(1, 500_000), row(2, 1), row(3, 500_000)];
        assert_eq!(chosen(&rows), Some((1, Some(NOW - 500_000))), "the longest");
        assert_eq!(chosen(&[row(0, 1), row(2, 1)]), Some((1, None)), "a hole");
    }

    #[test]
    fn a_number_whose_ids_are_of_the_future_rests_on() {
        let ahead = Number {
            ids_until: NOW,
            ..row(0, 500_000)
        };
        assert_eq!(chosen(&[ahead]), Some((1, None)));
    }

    #[test]
    fn numbers_can_run_out() {
        let mut rows: Vec<Number> = (0..i64::from(NUMBERS)).map(|number| row(number, 1)).collect();
        assert_eq!(chosen(&rows), None);
        rows[77].leased_until = NOW - 120_000;
        assert_eq!(chosen(&rows), Some((77, Some(NOW - 120_000))));
    }
}
