//! A world in PostgreSQL, by `COPY`. Foreign keys are not looked at meanwhile: the world keeps them.

use std::fmt::Write as _;
use std::io::Write;

use anyhow::{Context, Result};
use postgres::{Client, CopyInWriter, NoTls};

use super::World;
use super::tables::{self, Sink, Value};
use super::words::{Index, entries};

struct Tables {
    client: Client,
    /// The rows of a table, a few at a time: a writer borrows its client, so it cannot be kept here.
    columns: String,
    rows: String,
}

/// Rows are handed over when there are this many bytes of them.
const PORTION: usize = 16 * 1024 * 1024;

impl Tables {
    fn hand_over(&mut self) -> Result<()> {
        let mut writer: CopyInWriter<'_> = self
            .client
            .copy_in(&format!("COPY {} FROM STDIN", self.columns))?;
        writer.write_all(self.rows.as_bytes())?;
        writer.finish()?;
        self.rows.clear();
        Ok(())
    }
}

impl Sink for Tables {
    fn table(&mut self, name: &str, columns: &str) -> Result<()> {
        self.columns = format!("{name} ({columns})");
        Ok(())
    }

    fn row(&mut self, values: &[Value<'_>]) -> Result<()> {
        for (place, value) in values.iter().enumerate() {
            if place > 0 {
                self.rows.push('\t');
            }
            match value {
                Value::Int(value) => write!(self.rows, "{value}")?,
                // No text of the world has a backslash, a tab or an end of line.
                Value::Text(text) => self.rows.push_str(text),
                Value::Bytes(bytes) => {
                    self.rows.push_str("\\\\x");
                    for byte in *bytes {
                        write!(self.rows, "{byte:02x}")?;
                    }
                }
                Value::Null => self.rows.push_str("\\N"),
            }
        }
        self.rows.push('\n');
        if self.rows.len() > PORTION {
            self.hand_over()?;
        }
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        self.hand_over()
    }

    fn index(&mut self, index: Index) -> Result<()> {
        let (table, key) = index.names();
        self.table(table, &format!("{key}, words"))
    }

    fn entry(&mut self, id: i64, body: &str, marks: &[String]) -> Result<()> {
        // As a tsvector is written: no word has a sign that means something there.
        let words: Vec<String> = entries(body, marks, true).into_iter().collect();
        self.row(&[Value::Int(id), Value::Text(&words.join(" "))])
    }
}

/// As `fill` for SQLite. The statistics are made afterwards, as the server would by itself within minutes.
///
/// # Errors
/// As that one.
pub(crate) fn fill(world: World, url: &str) -> Result<()> {
    let mut client = Client::connect(url, NoTls).context("cannot connect to PostgreSQL")?;
    client.batch_execute("SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '512MB'")?;
    let hash: String = client
        .query_one("SELECT password_hash FROM users", &[])?
        .try_get(0)?;
    let mut tables = Tables {
        client,
        columns: String::new(),
        rows: String::new(),
    };
    // Made at once, the index of words takes a tenth of the time.
    tables
        .client
        .batch_execute("DROP INDEX post_search_words; DROP INDEX message_search_words")?;
    tables::write(world, &hash, &mut tables)?;
    tables.client.batch_execute(
        "CREATE INDEX post_search_words ON post_search USING gin (words);
         CREATE INDEX message_search_words ON message_search USING gin (words)",
    )?;
    tables.client.batch_execute("VACUUM (ANALYZE)")?;
    tables.client.batch_execute("CHECKPOINT")?;
    Ok(())
}
