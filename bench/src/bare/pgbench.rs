//! PostgreSQL without Hearth: `pgbench` runs the same SQL, prepared, from as many connections as there are clients.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::statements::Work;
use crate::machine;
use crate::report::{Latencies, Run};
use crate::setup::Setup;
use crate::world::MEASURED;

/// Scripts for `pgbench`, one of which is run each time.
pub(crate) struct Scripts {
    files: Vec<PathBuf>,
}

impl Scripts {
    /// Writes a script down.
    fn save(folder: &Path, texts: &[String]) -> Result<Self> {
        let mut files = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            let file = folder.join(format!("pgbench-{at}.sql"));
            std::fs::write(&file, text)?;
            files.push(file);
        }
        Ok(Self { files })
    }

    /// What an operation writes. The turns that alternate are two transactions of one script.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub(crate) fn of_work(setup: &Setup, work: Work) -> Result<Self> {
        let world = setup.world;
        let (from, step) = world.post_formula();
        let mut text = String::new();
        // Posts whose number is the person's own: nobody waits for a lock of another client.
        writeln!(text, "\\set person (:client_id % {MEASURED})")?;
        writeln!(text, "\\set actor {} + (:person * 1000 << 22)", world.person(0))?;
        writeln!(
            text,
            "\\set conversation {} + (:person << 22)",
            world.conversation(0)
        )?;
        writeln!(
            text,
            "\\set post ({from} + (random(0, {}) * {MEASURED} + :person) * {step}) << 22",
            world.posts / MEASURED - 1
        )?;
        writeln!(text, "\\set now 1790000000000")?;
        let turns = work.turns();
        for statements in &turns {
            writeln!(text, "\\set id random(1, 4000000000000000000)")?;
            writeln!(text, "\\set client random(1, 4000000000000000000)")?;
            writeln!(text, "BEGIN;")?;
            if statements.iter().any(|sql| sql.contains(":author")) {
                writeln!(
                    text,
                    "SELECT author_id AS author FROM posts WHERE id = :post \\gset"
                )?;
            }
            for sql in statements {
                writeln!(text, "{};", sql.replace("'hash'", "'hash'::bytea"))?;
            }
            writeln!(text, "COMMIT;")?;
        }
        Self::save(&setup.data, &[text])
    }

    /// The feed, as the server asks for it, of some people. A script cannot hand a column of rows on, so the comments
    /// that each page ends with were looked up before.
    ///
    /// # Errors
    /// As `of_work`, and when the database does not answer.
    pub(crate) fn of_feed(setup: &Setup, people: u64) -> Result<Self> {
        let mut texts = Vec::new();
        for person in 0..people {
            let viewer = setup.world.person(person);
            let page =
                format!("{NEWEST_OF}{viewer} ORDER BY id DESC LIMIT 20) SELECT {COMMENTS_OF} FROM page");
            let comments = ask(setup, &page.replace(":viewer", &viewer.to_string()))?;
            texts.push(
                FEED.replace(":viewer", &viewer.to_string())
                    .replace(":comments", &format!("'{{{comments}}}'")),
            );
        }
        Self::save(&setup.data, &texts)
    }

    /// Runs for some seconds. `each` is how many operations a script holds.
    ///
    /// # Errors
    /// When `pgbench` is not there or its statements fail.
    pub(crate) fn run(&self, setup: &Setup, clients: usize, each: u64, seconds: f64) -> Result<Run> {
        let (server, url) = setup.postgres.as_ref().context("PostgreSQL does not run")?;
        let mut command = Command::new("pgbench");
        // Debian has it beside the server, not on the path.
        if server.bin.join("pgbench").exists() {
            command = Command::new(server.bin.join("pgbench"));
        }
        command.args(["-n", "-M", "prepared", "-j", "2", "-c", &clients.to_string()]);
        command.args(["-T", &format!("{:.0}", seconds.max(1.0))]);
        for file in &self.files {
            command.arg("-f").arg(file);
        }
        let used = setup.backends_time();
        let output = command.arg(url).output().context("cannot start pgbench")?;
        let used = setup.backends_time().saturating_sub(used);
        let text = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() {
            bail!("pgbench failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        let number = |name: &str| -> Result<f64> {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            let word = line.and_then(|line| line.split_whitespace().next());
            Ok(word
                .with_context(|| format!("pgbench does not say {name}"))?
                .parse()?)
        };
        let rate = number("tps = ")?;
        let seconds = seconds.max(1.0);
        let mut latencies = Latencies::new();
        latencies.add(Duration::from_secs_f64(number("latency average = ")? / 1000.0));
        Ok(Run {
            done: whole(rate * seconds) * each,
            failed: 0,
            seconds,
            latencies,
            server: used,
            own: Duration::ZERO,
        })
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rate is small and never negative"
)]
fn whole(value: f64) -> u64 {
    value.round() as u64
}

fn ask(setup: &Setup, sql: &str) -> Result<String> {
    let (server, url) = setup.postgres.as_ref().context("PostgreSQL does not run")?;
    Ok(machine::first_line(
        server.bin.join("psql"),
        &["-X", "-q", "-t", "-A", "-d", url, "-c", sql],
    ))
}

const NEWEST_OF: &str = "WITH page AS (SELECT id FROM posts WHERE author_id IN \
    (SELECT friend_id FROM friendships WHERE user_id = :viewer UNION SELECT :viewer) \
    AND deleted_at IS NULL AND audience_id IN (1, 2) OR author_id = ";
const COMMENTS_OF: &str = "string_agg((SELECT string_agg(last.id::text, ',') FROM (SELECT comments.id FROM comments \
    WHERE post_id = page.id AND deleted_at IS NULL ORDER BY comments.id DESC LIMIT 2) AS last), ',')";

/// The statements of a page of the feed, in the order in which the server sends them.
const FEED: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT array_agg(friend_id) AS authors FROM friendships WHERE user_id = :viewer \\gset
WITH heads AS MATERIALIZED (SELECT author.id FROM unnest(:authors::bigint[]) AS author (id) CROSS JOIN LATERAL (\
SELECT posts.id FROM posts WHERE posts.author_id = author.id AND posts.id < 9223372036854775807 \
AND posts.deleted_at IS NULL AND posts.audience_id IN (1, 2) \
AND NOT EXISTS (SELECT FROM muted_posts m WHERE m.user_id = :viewer AND m.post_id = posts.id) \
ORDER BY posts.id DESC LIMIT 1) AS head ORDER BY head.id DESC LIMIT 21), \
page AS (SELECT newest.id FROM heads CROSS JOIN LATERAL (\
SELECT posts.id FROM posts WHERE posts.author_id = heads.id AND posts.id < 9223372036854775807 \
AND posts.deleted_at IS NULL AND posts.audience_id IN (1, 2) \
AND NOT EXISTS (SELECT FROM muted_posts m WHERE m.user_id = :viewer AND m.post_id = posts.id) \
ORDER BY posts.id DESC LIMIT 21) AS newest UNION ALL SELECT own.id FROM (\
SELECT posts.id FROM posts WHERE posts.author_id = :viewer AND posts.id < 9223372036854775807 \
AND posts.deleted_at IS NULL ORDER BY posts.id DESC LIMIT 21) AS own ORDER BY 1 DESC LIMIT 20) \
SELECT array_agg(id) AS ids FROM page \\gset
SELECT posts.id, client_id, body, audience_id, like_count, love_count, laugh_count, wow_count, sad_count, angry_count, \
comment_count, posts.created_at, edited_at, users.id, username, display_name, rev, \
(SELECT kind FROM post_reactions WHERE post_id = posts.id AND user_id = :viewer LIMIT 1), \
(SELECT comments.id FROM comments WHERE post_id = posts.id AND deleted_at IS NULL ORDER BY comments.id DESC LIMIT 1), \
(SELECT comments.id FROM comments WHERE post_id = posts.id AND deleted_at IS NULL ORDER BY comments.id DESC LIMIT 1 OFFSET 1) \
FROM posts JOIN users ON users.id = author_id WHERE posts.id = ANY (:ids::bigint[]);
SELECT comments.id, post_id, client_id, body, comments.created_at, edited_at, users.id, username, display_name, rev \
FROM comments JOIN users ON users.id = author_id WHERE comments.id = ANY (:comments::bigint[]);
ROLLBACK;
";
