//! The indexes of the words of posts and of messages, where SQLite (FTS5) and PostgreSQL (tsvector) differ most: a part of the dialect.
//! Neither of them decides what a word is. They get words that are separated by spaces, already folded, without any
//! sign that means something in a query.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Text};

use super::conn::Conn;
use super::dialect::json_of;

/// A condition on a table.
pub type Condition<T> = Box<dyn BoxableExpression<T, <Conn as Connection>::Backend, SqlType = Bool>>;

/// Of what the words are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// Of posts.
    Posts,
    /// Of messages.
    Messages,
}

impl Index {
    /// Where they are kept.
    const fn table(self) -> &'static str {
        match self {
            Self::Posts => "post_search",
            Self::Messages => "message_search",
        }
    }

    /// What an entry is found by on PostgreSQL; on SQLite that is the rowid.
    const fn key(self) -> &'static str {
        match self {
            Self::Posts => "post_id",
            Self::Messages => "message_id",
        }
    }

    /// The same, where the words are from.
    const fn id(self) -> &'static str {
        match self {
            Self::Posts => "posts.id",
            Self::Messages => "messages.id",
        }
    }
}

/// How much of the last word of a search has an entry of its own: to look through all words that begin with one or
/// two letters takes seconds. SQLite makes these entries itself (`prefix` in the migration).
const BEGINNINGS: std::ops::RangeInclusive<usize> = 1..=4;

/// What is kept of a post or a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which.
    pub id: i64,
    /// Its words, each once.
    pub words: Vec<String>,
    /// Marks that no word can be like: they begin with `__`.
    pub marks: Vec<String>,
}

/// Some of those that have all words of a search, newest first. Rounds follow one another until there is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Round {
    /// Those of so many newest posts.
    Newest(i64),
    /// So many.
    Any(i64),
    /// So many that have one of the marks.
    Marked(i64),
}

/// How the two databases come to a page soonest. SQLite walks from the newest post on and stops when it may. PostgreSQL
/// collects all that match before it sorts, so it first looks through the newest for words that are everywhere. The
/// marks cost more than they save when most posts may be seen: they come last.
pub fn rounds(conn: &Conn) -> &'static [Round] {
    match conn {
        Conn::Sqlite(_) => &[
            Round::Any(100),
            Round::Any(1_000),
            Round::Marked(1_000),
            Round::Marked(10_000),
        ],
        Conn::Postgres(_) => &[
            Round::Newest(500),
            Round::Any(1_000),
            Round::Marked(1_000),
            Round::Marked(10_000),
        ],
    }
}

/// The same where few of all may be seen, and the marks say which.
pub const MARKED_ROUNDS: &[Round] = &[Round::Marked(1_000), Round::Marked(10_000)];

/// More marks than this cost more than they save.
pub fn marks_max(conn: &Conn) -> i64 {
    match conn {
        Conn::Sqlite(_) => 200,
        Conn::Postgres(_) => 20,
    }
}

/// Words to look for, in the language of the database.
#[derive(Debug, Clone)]
pub struct Wanted {
    index: Index,
    words: String,
    marked: String,
}

impl Wanted {
    /// All of the words, the last of which may be the beginning of one; and one of the marks, if there are any.
    pub fn new(conn: &Conn, index: Index, words: &[String], marks: &[String]) -> Self {
        let words = match conn {
            Conn::Sqlite(_) => fts5(words),
            Conn::Postgres(_) => tsquery(words),
        };
        let marks: Vec<String> = marks.iter().map(|mark| quoted(conn, mark)).collect();
        let marked = match (conn, marks.is_empty()) {
            (_, true) => words.clone(),
            (Conn::Sqlite(_), false) => format!("{words} AND ({})", marks.join(" OR ")),
            (Conn::Postgres(_), false) => format!("{words} & ({})", marks.join(" | ")),
        };
        Self { index, words, marked }
    }
}

fn quoted(conn: &Conn, word: &str) -> String {
    match conn {
        Conn::Sqlite(_) => format!("\"{word}\""),
        Conn::Postgres(_) => format!("'{word}'"),
    }
}

fn fts5(words: &[String]) -> String {
    let all: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    format!("{}*", all.join(" AND "))
}

fn tsquery(words: &[String]) -> String {
    let Some((last, whole)) = words.split_last() else {
        return String::new();
    };
    let mut all: Vec<String> = whole.iter().map(|word| format!("'{word}'")).collect();
    all.push(if BEGINNINGS.contains(&last.chars().count()) {
        format!("'_{last}'")
    } else {
        format!("'{last}':*")
    });
    all.join(" & ")
}

/// Those of a round below an id: a condition on the table that the words are from.
pub fn found<T: 'static>(conn: &Conn, wanted: &Wanted, round: Round, below: i64) -> Condition<T> {
    let (query, limit) = match round {
        Round::Newest(limit) | Round::Any(limit) => (wanted.words.clone(), limit),
        Round::Marked(limit) => (wanted.marked.clone(), limit),
    };
    let (table, key, id) = (wanted.index.table(), wanted.index.key(), wanted.index.id());
    match (conn, round) {
        (Conn::Sqlite(_), _) => Box::new(
            sql::<Bool>(&format!(
                "{id} IN (SELECT rowid FROM {table} WHERE {table} MATCH "
            ))
            .bind::<Text, _>(query)
            .sql(" AND rowid < ")
            .bind::<BigInt, _>(below)
            .sql(" ORDER BY rowid DESC LIMIT ")
            .bind::<BigInt, _>(limit)
            .sql(")"),
        ),
        (Conn::Postgres(_), Round::Newest(_)) => Box::new(
            sql::<Bool>(&format!(
                "{id} IN (SELECT newest.{key} FROM (SELECT {key}, words FROM {table} WHERE {key} < "
            ))
            .bind::<BigInt, _>(below)
            .sql(&format!(" ORDER BY {key} DESC LIMIT "))
            .bind::<BigInt, _>(limit)
            .sql(") AS newest WHERE newest.words @@ CAST(")
            .bind::<Text, _>(query)
            .sql(" AS tsquery))"),
        ),
        (Conn::Postgres(_), _) => Box::new(
            sql::<Bool>(&format!(
                "{id} IN (SELECT {key} FROM {table} WHERE words @@ CAST("
            ))
            .bind::<Text, _>(query)
            .sql(&format!(" AS tsquery) AND {key} < "))
            .bind::<BigInt, _>(below)
            .sql(&format!(" ORDER BY {key} DESC LIMIT "))
            .bind::<BigInt, _>(limit)
            .sql(")"),
        ),
    }
}

#[derive(QueryableByName)]
struct Last {
    #[diesel(sql_type = diesel::sql_types::Nullable<BigInt>)]
    id: Option<i64>,
}

/// The last of what a round looked at; `None` when there are no more than it saw.
///
/// # Errors
/// When the query fails.
pub fn last_found(conn: &mut Conn, wanted: &Wanted, round: Round, below: i64) -> QueryResult<Option<i64>> {
    let (query, limit) = match round {
        // It says nothing about those behind it.
        Round::Newest(_) => return Ok(Some(below)),
        Round::Any(limit) => (&wanted.words, limit),
        Round::Marked(limit) => (&wanted.marked, limit),
    };
    let (table, key) = (wanted.index.table(), wanted.index.key());
    let row: Option<Last> = match conn {
        Conn::Sqlite(conn) => diesel::sql_query(format!(
            "SELECT min(rowid) AS id FROM (SELECT rowid FROM {table} WHERE {table} MATCH ?1 AND rowid < ?2 \
             ORDER BY rowid DESC LIMIT ?3) HAVING count(*) = ?3"
        ))
        .bind::<Text, _>(query)
        .bind::<BigInt, _>(below)
        .bind::<BigInt, _>(limit)
        .get_result(conn)
        .optional()?,
        Conn::Postgres(conn) => diesel::sql_query(format!(
            "SELECT min({key}) AS id FROM (SELECT {key} FROM {table} WHERE words @@ CAST($1 AS tsquery) \
             AND {key} < $2 ORDER BY {key} DESC LIMIT $3) AS seen HAVING count(*) = $3"
        ))
        .bind::<Text, _>(query)
        .bind::<BigInt, _>(below)
        .bind::<BigInt, _>(limit)
        .get_result(conn)
        .optional()?,
    };
    Ok(row.and_then(|row| row.id))
}

/// Keeps the words of some, in the place of those that were kept before.
///
/// # Errors
/// When the query fails.
pub fn keep(conn: &mut Conn, index: Index, entries: &[Entry]) -> QueryResult<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let all = |entry: &Entry| {
        entry
            .words
            .iter()
            .chain(&entry.marks)
            .cloned()
            .collect::<Vec<_>>()
    };
    let (table, key) = (index.table(), index.key());
    match conn {
        Conn::Sqlite(conn) => {
            let rows: Vec<(i64, String)> = entries
                .iter()
                .map(|entry| (entry.id, all(entry).join(" ")))
                .collect();
            diesel::sql_query(format!(
                "INSERT OR REPLACE INTO {table} (rowid, words) \
                 SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?1)"
            ))
            .bind::<Text, _>(json_of(&rows)?)
            .execute(conn)
        }
        Conn::Postgres(conn) => {
            let ids: Vec<i64> = entries.iter().map(|entry| entry.id).collect();
            let words: Vec<String> = entries
                .iter()
                .map(|entry| {
                    let mut words = all(entry);
                    words.extend(beginnings(&entry.words));
                    words.join(" ")
                })
                .collect();
            diesel::sql_query(format!(
                "INSERT INTO {table} ({key}, words) \
                 SELECT id, array_to_tsvector(string_to_array(words, ' ')) \
                 FROM unnest($1, $2) AS entry (id, words) ORDER BY id \
                 ON CONFLICT ({key}) DO UPDATE SET words = excluded.words"
            ))
            .bind::<Array<BigInt>, _>(ids)
            .bind::<Array<Text>, _>(words)
            .execute(conn)
        }
    }
    .map(drop)
}

/// The first letters of some words, each once, as one entry each.
fn beginnings(words: &[String]) -> std::collections::BTreeSet<String> {
    words
        .iter()
        .flat_map(|word| {
            BEGINNINGS.filter_map(move |count| {
                let (last, letter) = word.char_indices().nth(count - 1)?;
                Some(format!("_{}", &word[..last + letter.len_utf8()]))
            })
        })
        .collect()
}

/// Forgets the words of some.
///
/// # Errors
/// When the query fails.
pub fn forget(conn: &mut Conn, index: Index, ids: &[i64]) -> QueryResult<()> {
    let (table, key) = (index.table(), index.key());
    match conn {
        Conn::Sqlite(conn) => diesel::sql_query(format!(
            "DELETE FROM {table} WHERE rowid IN (SELECT value FROM json_each(?))"
        ))
        .bind::<Text, _>(json_of(&ids)?)
        .execute(conn),
        Conn::Postgres(conn) => diesel::sql_query(format!("DELETE FROM {table} WHERE {key} = ANY($1)"))
            .bind::<Array<BigInt>, _>(ids)
            .execute(conn),
    }
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn words_stand_alone_in_both_languages() {
        assert_eq!(fts5(&list(&["lake", "or", "wa"])), r#""lake" AND "or" AND "wa"*"#);
        assert_eq!(tsquery(&list(&["lake", "or", "wa"])), "'lake' & 'or' & '_wa'");
        assert_eq!(tsquery(&list(&["lakes"])), "'lakes':*");
    }

    #[test]
    fn first_letters_are_kept_once() {
        let kept: Vec<String> = beginnings(&list(&["lake", "la", "éa"])).into_iter().collect();
        assert_eq!(kept, ["_l", "_la", "_lak", "_lake", "_é", "_éa"]);
    }
}
