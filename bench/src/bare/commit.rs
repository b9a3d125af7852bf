//! The bare commit: one thread that writes rows into a copy of the same world with the same settings of SQLite, one
//! operation in each transaction or a full batch of them, as fast as it can.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use rusqlite::{Connection, Statement};

use super::statements::Work;
use crate::machine;
use crate::report::{Latencies, Run};
use crate::world::{MEASURED, World};

/// The server's own settings.
const SETTINGS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;
    PRAGMA mmap_size = 0;
    PRAGMA wal_autocheckpoint = 1000;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA trusted_schema = OFF;
";

/// A log that still grows needs twice as long for each sync as one that is written over, which is what a log is nearly
/// always.
const GROW: &str = "
    CREATE TABLE grown (bytes BLOB);
    INSERT INTO grown VALUES (zeroblob(16777216));
    PRAGMA wal_checkpoint;
    DROP TABLE grown;
    PRAGMA wal_checkpoint;
";

/// A copy of a world that is written into.
pub(crate) struct Writer {
    conn: Connection,
    world: World,
    /// Public posts and their authors.
    posts: Vec<(i64, i64)>,
    turn: u64,
}

impl Writer {
    /// Copies a world and opens the copy.
    ///
    /// # Errors
    /// When there is no room for it.
    pub(crate) fn open(world: World, kept: &Path, folder: &Path) -> Result<Self> {
        let file = folder.join("bare.db");
        machine::copy(kept, &file)?;
        let conn = Connection::open(file)?;
        conn.execute_batch(SETTINGS)?;
        conn.execute_batch(GROW)?;
        let author = |post: i64| {
            conn.query_row("SELECT author_id FROM posts WHERE id = ?", [post], |row| {
                row.get(0)
            })
        };
        let posts = world.public_posts(0).take(1000).map(|post| {
            let id = world.post(post);
            Ok((id, author(id)?))
        });
        let posts = posts.collect::<Result<_>>()?;
        Ok(Self {
            conn,
            world,
            posts,
            turn: 0,
        })
    }

    /// Writes for some seconds, `batch` operations in each transaction.
    ///
    /// # Errors
    /// When a statement fails.
    pub(crate) fn run(&mut self, work: Work, batch: u64, seconds: f64) -> Result<Run> {
        let turns = work.turns();
        let prepare = |list: &Vec<&str>| {
            list.iter()
                .map(|sql| self.conn.prepare(sql))
                .collect::<Result<Vec<_>, _>>()
        };
        let mut turns: Vec<Vec<Statement<'_>>> = turns.iter().map(prepare).collect::<Result<_, _>>()?;
        // What alternates begins with its first half.
        self.turn = self.turn.next_multiple_of(turns.len() as u64);
        let mut latencies = Latencies::new();
        let mut done = 0;
        let start = Instant::now();
        let used = machine::own_time();
        while start.elapsed().as_secs_f64() < seconds {
            let begun = Instant::now();
            self.conn.execute_batch("BEGIN IMMEDIATE")?;
            for _ in 0..batch {
                let values = values(self.world, &self.posts, self.turn, turns.len() as u64);
                let turn = usize::try_from(self.turn % turns.len() as u64)?;
                for statement in &mut turns[turn] {
                    write(statement, &values)?;
                }
                self.turn += 1;
                done += 1;
            }
            self.conn.execute_batch("COMMIT")?;
            latencies.add(begun.elapsed());
        }
        Ok(Run {
            done,
            failed: 0,
            seconds: start.elapsed().as_secs_f64(),
            latencies,
            server: machine::own_time().saturating_sub(used),
            own: Duration::ZERO,
        })
    }
}

/// What the names stand for in a turn.
fn values(world: World, posts: &[(i64, i64)], turn: u64, turns: u64) -> [(&'static str, i64); 7] {
    let round = turn / turns;
    let at = usize::try_from(round % posts.len() as u64).unwrap_or(0);
    let (post, author) = posts[at];
    let actor = round % MEASURED;
    // Later than the world, earlier than today.
    let id = ((500_i64 * 86_400_000) << 22) + i64::try_from(turn).unwrap_or(0);
    [
        (":id", id),
        (":post", post),
        (":author", author),
        (":actor", world.person(actor)),
        (":conversation", world.conversation(actor)),
        (":client", id),
        (":now", 1_790_000_000_000),
    ]
}

fn write(statement: &mut Statement<'_>, values: &[(&'static str, i64)]) -> Result<()> {
    for (name, value) in values {
        if let Some(at) = statement.parameter_index(name)? {
            statement.raw_bind_parameter(at, value)?;
        }
    }
    statement.raw_execute()?;
    Ok(())
}
