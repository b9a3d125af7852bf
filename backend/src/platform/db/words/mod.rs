//! The indexes of the words of posts and of messages, where SQLite (FTS5) and PostgreSQL (tsvector) differ most: a part of the dialect.
//! Neither of them decides what a word is. They get words that are separated by spaces, already folded, without any
//! sign that means something in a query.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};

mod rounds;

pub use rounds::{MARKED_ROUNDS, Passed, Round, rounds};

use self::rounds::STRETCH;
use super::conn::Conn;
use super::dialect::json_of;

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
}

/// How much of the last word of a search has an entry of its own on PostgreSQL, which otherwise collects all that begins
/// so before it looks at anything else. Few words are longer. SQLite keeps the entries of up to four letters itself
/// (`prefix` in the migration) and is told the words that begin with more.
const BEGINNINGS: std::ops::RangeInclusive<usize> = 1..=12;
/// So many letters had an entry before 2026-11-29: what is not indexed anew has no longer ones.
const SHORT_BEGINNINGS: std::ops::RangeInclusive<usize> = 1..=4;
/// Letters of the beginnings that SQLite keeps.
const SQLITE_BEGINNINGS: usize = 4;
/// Words that begin as the last one does are named, if they are no more than these. Beyond, SQLite collects them.
const NAMED_MAX: i64 = 64;

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
    /// All of the words, the last of which may be the beginning of one; and one of the marks, if there are any. `whole`:
    /// everything is indexed as it is indexed now.
    ///
    /// # Errors
    /// When the query fails.
    pub fn new(
        conn: &mut Conn,
        index: Index,
        words: &[String],
        marks: &[String],
        whole: bool,
    ) -> QueryResult<Self> {
        let words = match words.split_last() {
            Some((last, before)) if matches!(conn, Conn::Sqlite(_)) => {
                fts5(before, last, &named(conn, index, last)?)
            }
            _ => tsquery(words, if whole { BEGINNINGS } else { SHORT_BEGINNINGS }),
        };
        let marks: Vec<String> = marks.iter().map(|mark| quoted(conn, mark)).collect();
        let marked = match (&*conn, marks.is_empty()) {
            (_, true) => words.clone(),
            (Conn::Sqlite(_), false) => format!("{words} AND ({})", marks.join(" OR ")),
            (Conn::Postgres(_), false) => format!("{words} & ({})", marks.join(" | ")),
        };
        Ok(Self { index, words, marked })
    }

    fn text_of(&self, round: Round) -> &str {
        match round {
            Round::Newest(_) | Round::Stretch(_) | Round::Any(_) => &self.words,
            Round::Marked(_) => &self.marked,
        }
    }
}

fn quoted(conn: &Conn, word: &str) -> String {
    match conn {
        Conn::Sqlite(_) => format!("\"{word}\""),
        Conn::Postgres(_) => format!("'{word}'"),
    }
}

/// `named`: the words that the last one may be the beginning of, if there are no more than can be named.
fn fts5(before: &[String], last: &str, named: &[String]) -> String {
    let mut all: Vec<String> = before.iter().map(|word| format!("\"{word}\"")).collect();
    all.push(match named {
        [] => format!("\"{last}\"*"),
        [one] => format!("\"{one}\""),
        many => format!("(\"{}\")", many.join("\" OR \"")),
    });
    all.join(" AND ")
}

fn tsquery(words: &[String], beginnings: std::ops::RangeInclusive<usize>) -> String {
    let Some((last, whole)) = words.split_last() else {
        return String::new();
    };
    let mut all: Vec<String> = whole.iter().map(|word| format!("'{word}'")).collect();
    all.push(if beginnings.contains(&last.chars().count()) {
        format!("'_{last}'")
    } else {
        format!("'{last}':*")
    });
    all.join(" & ")
}

#[derive(QueryableByName)]
struct Term {
    #[diesel(sql_type = Text)]
    term: String,
}

/// The words of SQLite's index that begin so, from one to the next; none when it finds them by itself sooner. FTS5 would
/// read all rows of all of them before it gives the first: a third of a second for a word of most of a million posts.
fn named(conn: &mut Conn, index: Index, beginning: &str) -> QueryResult<Vec<String>> {
    let Conn::Sqlite(conn) = conn else {
        return Ok(Vec::new());
    };
    if beginning.chars().count() <= SQLITE_BEGINNINGS {
        return Ok(Vec::new());
    }
    let terms: Vec<Term> = diesel::sql_query(sqlite_named(index))
        .bind::<Text, _>(beginning)
        .bind::<Text, _>(format!("{beginning}\u{10ffff}"))
        .bind::<BigInt, _>(NAMED_MAX + 1)
        .load(conn)?;
    if terms.is_empty() {
        // Nothing begins so, and nothing is called so.
        return Ok(vec![beginning.to_owned()]);
    }
    if i64::try_from(terms.len()).is_ok_and(|count| count > NAMED_MAX) {
        return Ok(Vec::new());
    }
    Ok(terms.into_iter().map(|row| row.term).collect())
}

/// `?1`: the beginning; `?2`: what is behind all that begin so; `?3`: how many.
pub fn sqlite_named(index: Index) -> String {
    let table = index.table();
    format!(
        "WITH RECURSIVE next (term) AS (\
           SELECT (SELECT term FROM {table}_terms WHERE term >= ?1 LIMIT 1) \
           UNION ALL \
           SELECT (SELECT term FROM {table}_terms WHERE term >= next.term || char(1) LIMIT 1) FROM next \
           WHERE next.term < ?2\
         ) SELECT term FROM next WHERE term < ?2 LIMIT ?3"
    )
}

/// What a round came past.
#[derive(Debug, Default)]
pub struct Seen {
    /// Those that have the words, newest first.
    pub ids: Vec<i64>,
    /// The last that it looked at; `None` when there are no more than it saw.
    pub last: Option<i64>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Nullable<BigInt>)]
    id: Option<i64>,
    #[diesel(sql_type = Bool)]
    is_last: bool,
}

/// Those of a round below an id.
///
/// # Errors
/// When the query fails.
pub fn seen(conn: &mut Conn, wanted: &Wanted, round: Round, below: i64) -> QueryResult<Seen> {
    let (Round::Newest(limit) | Round::Stretch(limit) | Round::Any(limit) | Round::Marked(limit)) = round;
    let query = wanted.text_of(round);
    let end = match round {
        Round::Stretch(_) => end_of_stretch(conn, wanted.index, below)?,
        _ => None,
    };
    let rows: Vec<Row> = match conn {
        Conn::Sqlite(conn) => diesel::sql_query(sqlite_seen(wanted.index))
            .bind::<Text, _>(query)
            .bind::<BigInt, _>(below)
            .bind::<BigInt, _>(limit)
            .load(conn)?,
        Conn::Postgres(conn) => diesel::sql_query(postgres_seen(wanted.index, round))
            .bind::<Text, _>(query)
            .bind::<BigInt, _>(below)
            .bind::<BigInt, _>(limit)
            .bind::<BigInt, _>(end.unwrap_or(0))
            .load(conn)?,
    };
    let mut seen = Seen {
        last: end,
        ..Seen::default()
    };
    for row in rows {
        match (row.id, row.is_last) {
            (Some(id), false) => seen.ids.push(id),
            (last, _) => seen.last = last,
        }
    }
    let full = i64::try_from(seen.ids.len()).is_ok_and(|count| count >= limit);
    if full && !matches!(round, Round::Newest(_)) {
        seen.last = seen.ids.last().copied();
    }
    Ok(seen)
}

/// The last of the [`STRETCH`] rows below an id; `None` when there are no more than these. A statement of its own: with a
/// number the planner knows how many rows are above it, with a subquery it does not.
fn end_of_stretch(conn: &mut Conn, index: Index, below: i64) -> QueryResult<Option<i64>> {
    let (table, key) = (index.table(), index.key());
    let Conn::Postgres(conn) = conn else {
        return Ok(None);
    };
    let row: Option<Row> = diesel::sql_query(format!(
        "SELECT {key} AS id, TRUE AS is_last FROM {table} WHERE {key} < $1 ORDER BY {key} DESC OFFSET $2 LIMIT 1"
    ))
    .bind::<BigInt, _>(below)
    .bind::<BigInt, _>(STRETCH)
    .get_result(conn)
    .optional()?;
    Ok(row.and_then(|row| row.id))
}

/// `?1`: the words; `?2`: below which id; `?3`: how many.
pub fn sqlite_seen(index: Index) -> String {
    let table = index.table();
    format!(
        "SELECT rowid AS id, 0 AS is_last FROM {table} WHERE {table} MATCH ?1 AND rowid < ?2 \
         ORDER BY rowid DESC LIMIT ?3"
    )
}

/// The same; `$4`: from which id on. The sum keeps the planner from walking through all rows by their ids in the hope to meet the words soon, which
/// for words that do not occur together it does to the end.
pub fn postgres_seen(index: Index, round: Round) -> String {
    let (table, key) = (index.table(), index.key());
    match round {
        Round::Newest(_) => format!(
            "WITH newest AS MATERIALIZED (\
               SELECT {key} AS id, words @@ CAST($1 AS tsquery) AS found FROM \
               (SELECT {key}, words FROM {table} WHERE {key} < $2 AND {key} >= $4 ORDER BY {key} DESC LIMIT $3) AS walked\
             ) SELECT id, FALSE AS is_last FROM newest WHERE found \
             UNION ALL SELECT min(id), TRUE FROM newest HAVING count(*) = $3 \
             ORDER BY is_last, id DESC"
        ),
        Round::Stretch(_) | Round::Any(_) | Round::Marked(_) => format!(
            "SELECT {key} AS id, FALSE AS is_last FROM {table} \
             WHERE words @@ CAST($1 AS tsquery) AND {key} < $2 AND {key} >= $4 ORDER BY {key} + 0 DESC LIMIT $3"
        ),
    }
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
        let words = list(&["lake", "or"]);
        assert_eq!(fts5(&words, "wa", &[]), r#""lake" AND "or" AND "wa"*"#);
        assert_eq!(fts5(&[], "water", &list(&["water"])), r#""water""#);
        assert_eq!(
            fts5(&words[..1], "water", &list(&["water", "waters"])),
            r#""lake" AND ("water" OR "waters")"#
        );
        assert_eq!(
            tsquery(&list(&["lake", "or", "wa"]), BEGINNINGS),
            "'lake' & 'or' & '_wa'"
        );
        assert_eq!(tsquery(&list(&["lakes"]), BEGINNINGS), "'_lakes'");
        assert_eq!(tsquery(&list(&["lakes"]), SHORT_BEGINNINGS), "'lakes':*");
        assert_eq!(
            tsquery(&list(&["lakesidehouses"]), BEGINNINGS),
            "'lakesidehouses':*"
        );
    }

    #[test]
    fn first_letters_are_kept_once() {
        let kept: Vec<String> = beginnings(&list(&["lakes", "la", "éa"])).into_iter().collect();
        assert_eq!(kept, ["_l", "_la", "_lak", "_lake", "_lakes", "_é", "_éa"]);
    }
}
