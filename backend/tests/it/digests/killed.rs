//! A program dies fifty times, without a word, while a thousand people are being written to. Everybody gets their mail,
//! nobody more than once too often, and the database counts each of them once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use hearth::platform::clock;
use hearth::platform::db::{Target, migrate};

use super::zone_where_it_is;
use crate::support::MailServer;
use crate::support::postgres::TestDatabase;
use crate::support::program::{Running, program};
use crate::support::redis;

const PEOPLE: i64 = 1_000;
const KILLS: usize = 50;
/// What is under way when a program dies is taken by another at the end of its lease, a minute later.
const PATIENCE: Duration = Duration::from_secs(180);
/// How long the mail server thinks before it says that it has taken a mail: so that programs die in just that moment.
const THINKS: Duration = Duration::from_millis(5);
/// The same while a program starts, and another one works on: so that there is work left for fifty of them.
const WAITS: Duration = Duration::from_millis(400);

/// The database beside the programs.
enum Beside {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

impl Beside {
    fn open(target: &Target) -> Self {
        match target {
            Target::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
                conn.batch_execute("PRAGMA busy_timeout = 10000").unwrap();
                Self::Sqlite(conn)
            }
            Target::Postgres(url) => Self::Postgres(PgConnection::establish(url).unwrap()),
        }
    }

    /// Whose digests are so.
    fn addresses(&mut self, condition: &str) -> BTreeSet<String> {
        let sql = format!("SELECT user_id AS number FROM digests WHERE {condition}");
        let rows: Vec<Number> = match self {
            Self::Sqlite(conn) => diesel::sql_query(sql).load(conn),
            Self::Postgres(conn) => diesel::sql_query(sql).load(conn),
        }
        .unwrap();
        rows.iter()
            .map(|row| format!("p{}@example.org", row.number))
            .collect()
    }

    fn execute(&mut self, sql: &str) {
        match self {
            Self::Sqlite(conn) => conn.batch_execute(sql),
            Self::Postgres(conn) => conn.batch_execute(sql),
        }
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// `SELECT COUNT(*) FROM` what is said.
    fn count(&mut self, of: &str) -> i64 {
        let query = diesel::sql_query(format!("SELECT COUNT(*) AS number FROM {of}"));
        let rows: Vec<Number> = match self {
            Self::Sqlite(conn) => query.load(conn),
            Self::Postgres(conn) => query.load(conn),
        }
        .unwrap();
        rows[0].number
    }

    /// A thousand people whose friend request was accepted five hours ago, by one more.
    fn fill(&mut self) {
        let (now, zone) = (clock::wall().as_millis(), zone_where_it_is(8));
        let (happened, by) = (now - 5 * 60 * 60 * 1000, PEOPLE + 1);
        let people =
            format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {by})");
        let readers = format!("FROM n WHERE i < {by}");
        let named = "'p' || i, 'p' || i || '@example.org', 'p' || i || '@example.org', 'P ' || i, 'p ' || i";
        for (into, select) in [
            (
                "users (id, username, email, email_key, display_name, name_key, password_hash, rev, friend_count,
                        post_count, created_at)",
                format!("i, {named}, 'none', 1, 0, 0, {happened} FROM n"),
            ),
            (
                "credentials (user_id, email_verified_at, totp_step)",
                format!("i, {happened}, 0 {readers}"),
            ),
            (
                "user_streams (user_id, last_seq, last_event_at)",
                format!("i, 1, {happened} FROM n"),
            ),
            (
                "notification_quiet_hours (user_id, from_minute, to_minute, time_zone)",
                format!("i, 0, 1, '{zone}' {readers}"),
            ),
            (
                "notifications (id, user_id, seq, kind, subject_id, actor_count, read_seq, created_at, updated_at)",
                format!("i, i, 1, 'friend_accepted', {by}, 1, 0, {happened}, {happened} {readers}"),
            ),
            (
                "notification_actors (notification_id, actor_id, acted_seq)",
                format!("i, {by}, 1 {readers}"),
            ),
        ] {
            self.execute(&format!("{people} INSERT INTO {into} SELECT {select}"));
        }
    }
}

/// A set-up whose programs are killed.
struct House<'a> {
    folder: &'a Path,
    target: Target,
    redis: Option<String>,
    server: MailServer,
}

impl House<'_> {
    fn command(&self, node: usize) -> Command {
        let mut command = program(&self.folder.join(format!("node-{node}")));
        command
            .env("HEARTH_SECRET_FILE", self.folder.join("secret.key"))
            .env("SMTP_URL", format!("smtp://127.0.0.1:{}", self.server.port()))
            .env(
                "DATABASE_URL",
                match &self.target {
                    Target::Sqlite(path) => format!("sqlite://{}", path.display()),
                    Target::Postgres(url) => url.clone(),
                },
            );
        if let Some(url) = &self.redis {
            command.env("REDIS_URL", url);
        }
        command
    }

    async fn start(&self, node: usize) -> Running {
        let command = self.command(node);
        // It is a thread that waits.
        tokio::task::spawn_blocking(move || Running::start(command))
            .await
            .unwrap()
    }

    /// Waits until so many mails have come in all.
    async fn wait_for_mails(&self, count: usize) {
        let end = Instant::now() + PATIENCE;
        while self.server.count() < count {
            assert!(Instant::now() < end, "never so many mails: {count}");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

async fn killed(set_up: &str, folder: &Path, target: Target, redis: Option<String>, nodes: usize) {
    let mut beside = Beside::open(&target);
    beside.fill();
    let server = MailServer::start();
    server.think(THINKS);
    let house = House {
        folder,
        target,
        redis,
        server: server.clone(),
    };
    let mut running = Vec::new();
    for node in 0..nodes {
        running.push(Some(house.start(node).await));
    }
    let began = Instant::now();
    for round in 0..KILLS {
        // Sometimes in the middle of the first mail, sometimes after a few.
        house.wait_for_mails(server.count() + 1 + round % 9).await;
        tokio::time::sleep(Duration::from_millis(round as u64 * 7 % 13)).await;
        let node = round % nodes;
        running[node].take().unwrap().kill();
        server.think(WAITS);
        running[node] = Some(house.start(node).await);
        server.think(THINKS);
    }
    let (dying, came) = (began.elapsed(), server.count());
    let left = beside.count("jobs WHERE kind = 'digests.mail'");
    assert!(left > 0, "they died while there was work");
    let end = Instant::now() + PATIENCE;
    while beside.count("jobs WHERE kind = 'digests.mail'") > 0 {
        assert!(Instant::now() < end, "not all was done");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    drop(running);

    let mut mails: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for mail in server.mails() {
        let id = mail.header("Message-ID");
        mails.entry(mail.to).or_default().push(id);
    }
    // Whose program died twice in that moment: nobody knows whether they have it, so the next one tells the same.
    let unknown: BTreeSet<String> = beside.addresses("told_seq = 0");
    assert!(unknown.len() <= KILLS, "{unknown:?}");
    let expected: BTreeSet<String> = (1..=PEOPLE).map(|i| format!("p{i}@example.org")).collect();
    let have: BTreeSet<String> = mails.keys().cloned().collect();
    let missing: Vec<&String> = expected
        .difference(&have)
        .filter(|to| !unknown.contains(*to))
        .collect();
    assert!(
        have.is_subset(&expected) && missing.is_empty(),
        "everybody has theirs, not {missing:?}"
    );
    let mut repeats = 0;
    for (to, ids) in &mails {
        assert!(ids.len() <= 2, "{to}: {ids:?}");
        assert!(
            ids.iter().all(|id| *id == ids[0]),
            "a repeat is the same mail: {ids:?}"
        );
        repeats += ids.len() - 1;
    }
    // What the database knows of it: each once.
    let once = "digests WHERE number = 1 AND sent_at > 0 AND job_id IS NULL AND tries = 0";
    assert_eq!((beside.count("digests"), beside.count(once)), (PEOPLE, PEOPLE));
    assert_eq!(beside.count("jobs WHERE dead_at IS NOT NULL"), 0);
    println!(
        "{set_up}: {KILLS} kills in {dying:?}, after {came} mails and with {left} to come; {PEOPLE} people have theirs after {:?}, {repeats} of them twice, {} perhaps",
        began.elapsed(),
        unknown.len()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_dies_fifty_times_tells_everybody_once_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let target = Target::Sqlite(folder.path().join("hearth.db"));
    migrate::run(&target).unwrap();
    killed("one node on SQLite", folder.path(), target, None, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_of_which_one_always_dies_tell_everybody_once_on_postgres() {
    let Some(redis) = redis::url() else { return };
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let target = Target::Postgres(database.url.clone());
    killed(
        "two nodes on PostgreSQL and Redis",
        folder.path(),
        target,
        Some(redis),
        2,
    )
    .await;
}
