//! The words of people's names, by which they are found: as they are, and as typos find them.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use hearth_shared::ids::{Id, UserId};

use crate::features::users::typos;
use crate::on_each;
use crate::platform::db::Conn;
use crate::schema::{name_remainders, user_names};

/// Words that are compared letter by letter for one that is searched for.
const COMPARED_MAX: i64 = 2_000;
/// Words that a search goes on with, the nearest first.
const CLOSE_MAX: usize = 50;
/// Rows that are written together.
const BATCH: usize = 500;

/// Sets the words by which a person is found; none for somebody who is found no more. What only they were called is
/// forgotten.
pub fn set(conn: &mut Conn, id: UserId, words: &[String]) -> QueryResult<()> {
    let theirs = user_names::table.filter(user_names::user_id.eq(id.get()));
    let before: Vec<String> = theirs.select(user_names::token).load(conn)?;
    if before.is_empty() && words.is_empty() {
        return Ok(());
    }
    diesel::delete(theirs).execute(conn)?;
    learn(conn, words)?;
    let rows: Vec<_> = words
        .iter()
        .map(|token| (user_names::token.eq(token), user_names::user_id.eq(id.get())))
        .collect();
    if !rows.is_empty() {
        on_each!(conn, conn => diesel::insert_into(user_names::table).values(&rows).execute(conn))?;
    }
    forget_unused(conn, &before)
}

/// Learns words of a name; those that are known stay.
pub fn learn(conn: &mut Conn, words: &[String]) -> QueryResult<()> {
    let kept: Vec<&String> = words.iter().filter(|word| typos::is_kept(word)).collect();
    let known: Vec<String> = name_remainders::table
        .filter(name_remainders::remainder.eq_any(&kept))
        .filter(name_remainders::token.eq(name_remainders::remainder))
        .select(name_remainders::token)
        .load(conn)?;
    let mut rows: Vec<(String, String)> = kept
        .into_iter()
        .filter(|word| !known.contains(word))
        .flat_map(|word| {
            typos::remainders(word)
                .into_iter()
                .map(|left| (left, word.clone()))
        })
        .collect();
    // In one order, so that no two transactions that learn the same wait for each other.
    rows.sort_unstable();
    for batch in rows.chunks(BATCH) {
        let batch: Vec<_> = batch
            .iter()
            .map(|(left, word)| {
                (
                    name_remainders::remainder.eq(left),
                    name_remainders::token.eq(word),
                )
            })
            .collect();
        on_each!(conn, conn => {
            diesel::insert_into(name_remainders::table)
                .values(&batch)
                .on_conflict_do_nothing()
                .execute(conn)
        })?;
    }
    Ok(())
}

/// Forgets those of some words that are in nobody's name any more.
fn forget_unused(conn: &mut Conn, words: &[String]) -> QueryResult<()> {
    let used = user_names::table.filter(user_names::token.eq(name_remainders::token));
    diesel::delete(
        name_remainders::table
            .filter(name_remainders::token.eq_any(words))
            .filter(not(exists(used))),
    )
    .execute(conn)
    .map(drop)
}

/// Words after one, in order, that names have and that typos do not find: those of people who were here before
/// that was possible.
pub fn unlearned_after(conn: &mut Conn, after: &str, limit: i64) -> QueryResult<Vec<String>> {
    let learned = name_remainders::table
        .filter(name_remainders::remainder.eq(user_names::token))
        .filter(name_remainders::token.eq(user_names::token));
    user_names::table
        .filter(user_names::token.gt(after.to_owned()))
        .filter(not(exists(learned)))
        .order(user_names::token)
        .select(user_names::token)
        .distinct()
        .limit(limit)
        .load(conn)
}

/// Words of names that are a typo or two away from a word, the nearest first.
pub fn close_to(conn: &mut Conn, word: &str) -> QueryResult<Vec<String>> {
    if typos::allowance(word) == 0 {
        return Ok(Vec::new());
    }
    let candidates: Vec<String> = name_remainders::table
        .filter(name_remainders::remainder.eq_any(typos::remainders(word)))
        .select(name_remainders::token)
        .distinct()
        .limit(COMPARED_MAX)
        .load(conn)?;
    let mut close: Vec<(usize, String)> = candidates
        .into_iter()
        .filter_map(|candidate| Some((typos::distance(word, &candidate)?, candidate)))
        .filter(|(distance, _)| *distance > 0)
        .collect();
    close.sort_unstable();
    close.truncate(CLOSE_MAX);
    Ok(close.into_iter().map(|(_, word)| word).collect())
}
