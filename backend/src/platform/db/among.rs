//! `column IN (…)` with a list as one bind.
//!
//! Diesel's `eq_any` writes a bind for each item. So the text of a statement depends on how many there are, it is prepared
//! anew for every call, and to prepare a page's statement costs as much as to run it. With one bind there is one
//! statement: it is prepared once for a connection.

use std::fmt::Write as _;

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, Text};
use diesel::sqlite::Sqlite;

use super::conn::MultiBackend;

/// A column that is one of some ids. Made by [`AmongIds::among`].
#[derive(Debug, Clone, QueryId)]
pub struct Among<E> {
    column: E,
    /// `[1,2,3]`
    list: String,
}

/// The condition, as a method of columns of ids.
pub trait AmongIds: Expression + Sized {
    /// Whether it is one of these. Of none it is false.
    fn among<'a>(self, ids: impl IntoIterator<Item = &'a i64>) -> Among<Self> {
        let mut list = String::from("[");
        for id in ids {
            let comma = if list.len() > 1 { "," } else { "" };
            // Into a string nothing fails.
            let _ = write!(list, "{comma}{id}");
        }
        list.push(']');
        Among { column: self, list }
    }
}

impl<E: Expression> AmongIds for E {}

impl<E: Expression> Expression for Among<E> {
    type SqlType = Bool;
}

impl<E, Source> AppearsOnTable<Source> for Among<E>
where
    E: AppearsOnTable<Source>,
    Self: Expression,
{
}

impl<E, Source> SelectableExpression<Source> for Among<E>
where
    E: SelectableExpression<Source>,
    Self: AppearsOnTable<Source>,
{
}

impl<E: ValidGrouping<Groups>, Groups> ValidGrouping<Groups> for Among<E> {
    type IsAggregate = E::IsAggregate;
}

impl<E> Among<E> {
    fn walk<'b, DB>(&'b self, mut out: AstPass<'_, 'b, DB>, [before, after]: [&str; 2]) -> QueryResult<()>
    where
        DB: Backend + diesel::sql_types::HasSqlType<Text>,
        E: QueryFragment<DB>,
        String: diesel::serialize::ToSql<Text, DB>,
    {
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(before);
        out.push_bind_param::<Text, String>(&self.list)?;
        out.push_sql(after);
        Ok(())
    }
}

const SQLITE: [&str; 2] = [" IN (SELECT value FROM json_each(", "))"];
/// An array, because what a subquery gives is joined: it is looked up in the index all the same, but planned longer.
const POSTGRES: [&str; 2] = [" = ANY (translate(", ", '[]', '{}')::bigint[])"];

impl<E: QueryFragment<Sqlite>> QueryFragment<Sqlite> for Among<E> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.walk(out, SQLITE)
    }
}

impl<E: QueryFragment<Pg>> QueryFragment<Pg> for Among<E> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.walk(out, POSTGRES)
    }
}

impl<E: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for Among<E> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        let words = match out.backend() {
            MultiBackend::Sqlite(_) => SQLITE,
            MultiBackend::Postgres(_) => POSTGRES,
        };
        self.walk(out, words)
    }
}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;
    use diesel::{debug_query, pg::Pg, sqlite::Sqlite};

    use super::*;
    use crate::schema::posts;

    #[test]
    fn the_text_does_not_depend_on_how_many_there_are() {
        let few = posts::table.filter(posts::id.among(&[1])).select(posts::id);
        let many = posts::table.filter(posts::id.among(&[1, 2, 3])).select(posts::id);
        let text = |debug: String| debug.split(" -- binds").next().unwrap_or_default().to_owned();
        let on_sqlite = debug_query::<Sqlite, _>(&many).to_string();
        assert!(
            on_sqlite.ends_with(r#"json_each(?)) -- binds: ["[1,2,3]"]"#),
            "{on_sqlite}"
        );
        assert_eq!(text(on_sqlite), text(debug_query::<Sqlite, _>(&few).to_string()));
        let on_postgres = debug_query::<Pg, _>(&many).to_string();
        assert!(
            on_postgres.contains("ANY (translate($1, '[]', '{}')::bigint[])"),
            "{on_postgres}"
        );
        assert_eq!(text(on_postgres), text(debug_query::<Pg, _>(&few).to_string()));
    }
}
