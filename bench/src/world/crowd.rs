//! A crowd: many people with many friends each, and nothing else; for what is looked for among people. On SQLite only,
//! and written by the database itself: ten million friendships are too many to hand over one by one.

use std::path::Path;

use anyhow::Result;
use rusqlite::Connection;

use super::chance;
use super::{DAY, ID_EPOCH, Of};

/// Milliseconds between two who joined.
const STEP: u64 = 1_000;
/// First names and last names that there are: as many as make some common and most rare.
const NAMES: [u64; 2] = [2_000, 20_000];
/// Half of everybody's friends live near: these know each other.
const NEAR: u64 = 60;

/// The numbers that make a crowd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Crowd {
    /// People.
    pub(crate) people: u64,
    /// Friends of each; an even number.
    pub(crate) friends: u64,
}

/// A word that looks like a name: letters only, so that typos are forgiven.
fn word(kind: u64, number: u64) -> String {
    const CONSONANTS: [&str; 14] = [
        "b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v",
    ];
    const VOWELS: [&str; 5] = ["a", "e", "i", "o", "u"];
    let mut left = chance(Of::Names, number, 100 + kind);
    let syllables = 2 + kind + left % 2;
    let mut text = String::new();
    for _ in 0..syllables {
        left = chance(Of::Names, left, 7);
        let consonant = usize::try_from(left % 14).unwrap_or(0);
        let vowel = usize::try_from(left / 14 % 5).unwrap_or(0);
        text.push_str(CONSONANTS[consonant]);
        text.push_str(VOWELS[vowel]);
    }
    text
}

impl Crowd {
    /// A name for files.
    pub(crate) fn name(self) -> String {
        format!("crowd_{}_people_{}_friends", self.people, self.friends)
    }

    /// What a person signs in with.
    pub(crate) fn username(self, index: u64) -> String {
        format!("p{index:07}")
    }

    /// First and last name of a person. Names are drawn so that the first few have many bearers.
    pub(crate) fn names(self, index: u64) -> [String; 2] {
        [0, 1].map(|kind| {
            let count = NAMES[usize::try_from(kind).unwrap_or(0)];
            let draw = |turn| chance(Of::Mine, index, 10 * kind + turn) % count;
            // The lower of two draws: a few are common.
            word(kind, draw(0).min(draw(1)))
        })
    }

    /// How far away on the ring of all people the friends to one side are.
    fn distances(self) -> Vec<u64> {
        let half = self.friends / 2;
        let near = NEAR.min(half);
        let mut all: Vec<u64> = (1..=near).collect();
        let mut turn = 0;
        while (all.len() as u64) < half {
            let far = NEAR + 1 + chance(Of::Author, turn, 3) % (self.people / 2 - NEAR - 1);
            if !all.contains(&far) {
                all.push(far);
            }
            turn += 1;
        }
        all
    }

    /// Writes it into a database whose tables are there and in which one person has registered.
    ///
    /// # Errors
    /// When the file cannot be written, or the tables are not those that are expected.
    pub(crate) fn fill(self, file: &Path) -> Result<()> {
        let conn = Connection::open(file)?;
        conn.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA foreign_keys = OFF;
             BEGIN;
             CREATE TEMP TABLE crowd (place INTEGER PRIMARY KEY, id BIGINT NOT NULL);
             CREATE TEMP TABLE distance (step INTEGER NOT NULL);",
        )?;
        let hash: String = conn.query_row("SELECT password_hash FROM users", [], |row| row.get(0))?;
        {
            let mut place = conn.prepare("INSERT INTO crowd (place, id) VALUES (?, ?)")?;
            let mut user = conn.prepare(
                "INSERT INTO users (id, username, email, email_key, display_name, name_key, password_hash, rev, \
                 friend_count, post_count, created_at) VALUES (?1, ?2, ?3, ?3, ?4, ?4, ?5, 1, ?6, 0, ?7)",
            )?;
            let mut stream =
                conn.prepare("INSERT INTO user_streams (user_id, last_seq, last_event_at) VALUES (?, 0, 0)")?;
            let mut token = conn.prepare("INSERT INTO user_names (token, user_id) VALUES (?, ?)")?;
            for index in 0..self.people {
                let joined = DAY + index * STEP;
                let id = i64::try_from(joined << 22)?;
                let username = self.username(index);
                let [first, last] = self.names(index);
                let friends = i64::try_from(self.friends)?;
                let created = i64::try_from(ID_EPOCH + joined)?;
                place.execute((i64::try_from(index)?, id))?;
                let email = format!("{username}@hearth.example");
                user.execute((
                    id,
                    &username,
                    email,
                    format!("{first} {last}"),
                    &hash,
                    friends,
                    created,
                ))?;
                stream.execute([id])?;
                for word in [&first, &last, &username] {
                    token.execute((word, id))?;
                }
            }
            let mut distance = conn.prepare("INSERT INTO distance (step) VALUES (?)")?;
            for step in self.distances() {
                distance.execute([i64::try_from(step)?])?;
                distance.execute([i64::try_from(self.people - step)?])?;
            }
        }
        conn.execute(
            "INSERT INTO friendships (user_id, friend_id, since)
             SELECT crowd.id, other.id, 1735689600000
             FROM crowd CROSS JOIN distance
             CROSS JOIN crowd AS other ON other.place = (crowd.place + distance.step) % ?1
             ORDER BY crowd.place",
            [i64::try_from(self.people)?],
        )?;
        conn.execute_batch("COMMIT")?;
        Ok(())
    }
}
