//! The statements of the search alone, on one connection that has prepared them: which rows have the words, the newest
//! first, and what they say. Nobody is asked who they are, and of posts not who may see them; of messages the mark of the
//! one who looks is asked for, as Hearth does.

use std::collections::HashMap;
use std::path::PathBuf;

use anyhow::{Context, Result};
use postgres::NoTls;
use rusqlite::OpenFlags;

use crate::setup::Setup;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// Posts.
    Posts,
    /// Messages.
    Messages,
    /// Both; of people and groups nothing.
    All,
}

impl What {
    /// In the table.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Posts => "posts",
            Self::Messages => "messages",
            Self::All => "everything",
        }
    }
}

/// Rows that are looked for.
const WANTED: i64 = 21;
/// Of the newest rows so many are looked through on PostgreSQL before its index is asked.
const NEWEST: i64 = 500;
/// So many letters have entries of their own.
const SQLITE_BEGINNINGS: usize = 4;
const POSTGRES_BEGINNINGS: usize = 12;

/// A connection of its own.
pub(crate) enum Bare {
    /// To the file.
    File(PathBuf, Option<rusqlite::Connection>),
    /// To the server.
    Server(String, Option<Box<Server>>),
}

/// With the statements that it has prepared.
pub(crate) struct Server {
    client: postgres::Client,
    prepared: HashMap<String, postgres::Statement>,
}

impl Server {
    fn rows(&mut self, sql: String, query: &str) -> Result<usize> {
        let statement = match self.prepared.get(&sql) {
            Some(known) => known.clone(),
            None => {
                let new = self.client.prepare(&sql)?;
                self.prepared.insert(sql, new.clone());
                new
            }
        };
        Ok(self.client.query(&statement, &[&query, &WANTED])?.len())
    }
}

impl Bare {
    /// For the database of this run.
    pub(crate) fn of(setup: &Setup) -> Self {
        match &setup.postgres {
            None => Self::File(setup.data.join("hearth.db"), None),
            Some((_, url)) => Self::Server(url.clone(), None),
        }
    }

    /// Connects.
    ///
    /// # Errors
    /// When that fails.
    pub(crate) fn open(&mut self) -> Result<()> {
        match self {
            Self::File(file, conn) => {
                let opened = rusqlite::Connection::open_with_flags(&*file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
                opened.set_prepared_statement_cache_capacity(16);
                *conn = Some(opened);
            }
            Self::Server(url, server) => {
                *server = Some(Box::new(Server {
                    client: postgres::Client::connect(url, NoTls)?,
                    prepared: HashMap::new(),
                }));
            }
        }
        Ok(())
    }

    /// Looks once. Gives how many there are, up to a page.
    ///
    /// # Errors
    /// When a statement fails.
    pub(crate) fn ask(&mut self, what: What, person: i64, words: &[String]) -> Result<usize> {
        let mut found = 0;
        if what != What::Messages {
            found += self.one("post", None, words)?;
        }
        if what != What::Posts {
            found += self.one("message", Some(person), words)?;
        }
        Ok(found)
    }

    fn one(&mut self, of: &str, person: Option<i64>, words: &[String]) -> Result<usize> {
        match self {
            Self::File(_, conn) => on_sqlite(conn.as_ref().context("not open")?, of, person, words),
            Self::Server(_, server) => on_postgres(server.as_mut().context("not open")?, of, person, words),
        }
    }
}

fn on_sqlite(conn: &rusqlite::Connection, of: &str, person: Option<i64>, words: &[String]) -> Result<usize> {
    let (last, before) = words.split_last().context("no words")?;
    let mut all: Vec<String> = before.iter().map(|word| format!("\"{word}\"")).collect();
    if last.len() <= SQLITE_BEGINNINGS {
        all.push(format!("\"{last}\"*"));
    } else {
        let mut terms = conn.prepare_cached(&format!(
            "SELECT DISTINCT term FROM (SELECT term FROM {of}_search_terms WHERE term >= ?1 LIMIT 1)"
        ))?;
        let mut begun = Vec::new();
        let mut from = last.clone();
        loop {
            let next: Option<String> = terms.query_map([&from], |row| row.get(0))?.next().transpose()?;
            match next.filter(|term| term.starts_with(last.as_str())) {
                Some(term) => {
                    from = format!("{term}\u{1}");
                    begun.push(format!("\"{term}\""));
                }
                None => break,
            }
        }
        if begun.is_empty() {
            return Ok(0);
        }
        all.push(format!("({})", begun.join(" OR ")));
    }
    all.extend(person.map(|person| format!("\"__u{person}\"")));
    let mut statement = conn.prepare_cached(&format!(
        "SELECT id, body FROM {of}s WHERE deleted_at IS NULL AND id IN (SELECT rowid FROM {of}_search \
         WHERE {of}_search MATCH ?1 ORDER BY rowid DESC LIMIT 100) ORDER BY id DESC LIMIT ?2"
    ))?;
    let rows = statement.query_map((all.join(" AND "), WANTED), |row| row.get::<_, String>(1))?;
    Ok(rows.collect::<Result<Vec<String>, _>>()?.len())
}

fn on_postgres(server: &mut Server, of: &str, person: Option<i64>, words: &[String]) -> Result<usize> {
    let (last, before) = words.split_last().context("no words")?;
    let mut all: Vec<String> = before.iter().map(|word| format!("'{word}'")).collect();
    all.push(if last.len() <= POSTGRES_BEGINNINGS {
        format!("'_{last}'")
    } else {
        format!("'{last}':*")
    });
    all.extend(person.map(|person| format!("'__u{person}'")));
    let query = all.join(" & ");
    if person.is_none() {
        let newest = format!(
            "SELECT {of}s.id, body FROM (SELECT {of}_id, words FROM {of}_search ORDER BY {of}_id DESC LIMIT {NEWEST}) \
             AS newest JOIN {of}s ON {of}s.id = newest.{of}_id WHERE newest.words @@ CAST($1::TEXT AS tsquery) \
             AND deleted_at IS NULL ORDER BY {of}s.id DESC LIMIT $2"
        );
        let rows = server.rows(newest, &query)?;
        if i64::try_from(rows)? >= WANTED {
            return Ok(rows);
        }
    }
    let collected = format!(
        "SELECT {of}s.id, body FROM (SELECT {of}_id FROM {of}_search WHERE words @@ CAST($1::TEXT AS tsquery) \
         ORDER BY {of}_id + 0 DESC LIMIT 1000) AS found JOIN {of}s ON {of}s.id = found.{of}_id \
         WHERE deleted_at IS NULL ORDER BY {of}s.id + 0 DESC LIMIT $2"
    );
    server.rows(collected, &query)
}
