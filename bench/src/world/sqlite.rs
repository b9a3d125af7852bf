//! A world in an SQLite file: one transaction, without the promises that nobody needs while it is made.

use std::path::Path;

use anyhow::{Context, Result};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement, ToSql};

use super::World;
use super::tables::{self, Sink, Value};
use super::words::{Index, entries};

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
            Self::Null => ValueRef::Null,
        }))
    }
}

struct Tables<'c> {
    conn: &'c Connection,
    insert: Option<Statement<'c>>,
}

impl Sink for Tables<'_> {
    fn table(&mut self, name: &str, columns: &str) -> Result<()> {
        let places = vec!["?"; columns.split(',').count()].join(", ");
        let sql = format!("INSERT INTO {name} ({columns}) VALUES ({places})");
        self.insert = Some(self.conn.prepare(&sql)?);
        Ok(())
    }

    fn row(&mut self, values: &[Value<'_>]) -> Result<()> {
        let insert = self.insert.as_mut().context("no table was begun")?;
        insert.execute(rusqlite::params_from_iter(values))?;
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        self.insert = None;
        Ok(())
    }

    fn index(&mut self, index: Index) -> Result<()> {
        let (table, _) = index.names();
        self.table(table, "rowid, words")
    }

    fn entry(&mut self, id: i64, body: &str, marks: &[String]) -> Result<()> {
        let words: Vec<String> = entries(body, marks, false).into_iter().collect();
        self.row(&[Value::Int(id), Value::Text(&words.join(" "))])
    }
}

/// Writes a world into a database whose tables are there and in which one person has registered, whose password
/// becomes everybody's.
///
/// # Errors
/// When the file cannot be written, or the tables are not those that are expected.
pub(crate) fn fill(world: World, file: &Path) -> Result<()> {
    let conn = Connection::open(file)?;
    conn.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -2000000; PRAGMA foreign_keys = OFF;",
    )?;
    let hash: String = conn.query_row("SELECT password_hash FROM users", [], |row| row.get(0))?;
    conn.execute_batch("BEGIN")?;
    tables::write(
        world,
        &hash,
        &mut Tables {
            conn: &conn,
            insert: None,
        },
    )?;
    conn.execute_batch("COMMIT")?;
    Ok(())
}
