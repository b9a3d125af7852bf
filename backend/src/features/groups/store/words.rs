//! The words of the titles of public groups, by which they are found.

use diesel::dsl::{And, Filter, GtEq, Lt, Select};
use diesel::prelude::*;
use hearth_shared::ids::{ConversationId, Id};

use crate::features::users::names;
use crate::on_each;
use crate::platform::db::Conn;
use crate::schema::group_words;

/// Sets the words by which a group is found.
pub(super) fn set(conn: &mut Conn, id: ConversationId, title: &str) -> QueryResult<()> {
    clear(conn, id)?;
    let rows: Vec<_> = names::words(title)
        .into_iter()
        .map(|word| {
            (
                group_words::word.eq(word),
                group_words::conversation_id.eq(id.get()),
            )
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    on_each!(conn, conn => diesel::insert_into(group_words::table).values(&rows).execute(conn)).map(drop)
}

/// It is found no more.
pub(super) fn clear(conn: &mut Conn, id: ConversationId) -> QueryResult<()> {
    diesel::delete(group_words::table.filter(group_words::conversation_id.eq(id.get())))
        .execute(conn)
        .map(drop)
}

type Begins = And<GtEq<group_words::word, String>, Lt<group_words::word, String>>;

/// The conversations of groups with a word that begins so.
pub(super) fn beginning_with(
    word: &str,
) -> Select<Filter<group_words::table, Begins>, group_words::conversation_id> {
    let begins = group_words::word
        .ge(word.to_owned())
        .and(group_words::word.lt(format!("{word}\u{10ffff}")));
    group_words::table
        .filter(begins)
        .select(group_words::conversation_id)
}
