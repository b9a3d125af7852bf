//! A PostgreSQL database for one story, copied from a migrated one.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use hearth::platform::db::{Target, migrate};
use hearth_servers::Postgres;

/// A database that goes away with this.
pub(crate) struct TestDatabase {
    pub(crate) url: String,
    name: String,
    server: String,
}

/// The server that the tests may use. Its absence must be allowed, so that nobody believes in tests that did
/// not run: `HEARTH_TEST_REQUIRE_POSTGRES=1` forbids it.
#[expect(clippy::disallowed_methods, reason = "the tests' own configuration")]
fn server() -> Option<String> {
    let url = std::env::var("HEARTH_TEST_POSTGRES_URL").ok();
    assert!(
        url.is_some() || std::env::var("HEARTH_TEST_REQUIRE_POSTGRES").is_err(),
        "HEARTH_TEST_POSTGRES_URL is not set"
    );
    url
}

/// A PostgreSQL of the story's own, which it may stop, restart and hold. `None` when PostgreSQL is not installed
/// here, unless `HEARTH_TEST_REQUIRE_POSTGRES` demands it.
pub(crate) fn own_postgres(settings: &str) -> Option<Postgres> {
    is_there().then(|| Postgres::start_with(settings, |_| Ok(())).unwrap())
}

/// Whether a PostgreSQL of one's own can be had.
#[expect(clippy::disallowed_methods, reason = "the tests' own configuration")]
pub(crate) fn is_there() -> bool {
    let installed = Postgres::installed().is_some();
    assert!(
        installed || std::env::var("HEARTH_TEST_REQUIRE_POSTGRES").is_err(),
        "PostgreSQL is not installed"
    );
    installed
}

impl TestDatabase {
    /// `None` without a server.
    pub(crate) fn create() -> Option<Self> {
        /// PostgreSQL refuses to copy a database that somebody else is copying.
        static COPYING: Mutex<()> = Mutex::new(());
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let server = server()?;
        let template = template(&server);
        let name = format!(
            "hearth_test_{}_{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let guard = COPYING.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        run(&server, &format!("CREATE DATABASE {name} TEMPLATE {template}"));
        drop(guard);
        Some(Self {
            url: with_database(&server, &name),
            name,
            server,
        })
    }

    /// An empty database, without tables.
    pub(crate) fn create_empty() -> Option<Self> {
        let server = server()?;
        let name = format!("hearth_empty_{}_{}", std::process::id(), rand::random::<u32>());
        run(&server, &format!("CREATE DATABASE {name}"));
        Some(Self {
            url: with_database(&server, &name),
            name,
            server,
        })
    }
}

impl TestDatabase {
    /// Takes the database away, whoever uses it.
    pub(crate) fn drop_now(&self) {
        run(
            &self.server,
            &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name),
        );
    }

    /// Ends all connections to the database.
    pub(crate) fn cut_connections(&self) {
        run(
            &self.server,
            &format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'",
                self.name
            ),
        );
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        self.drop_now();
    }
}

fn template(server: &str) -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let name = format!("hearth_template_{}", std::process::id());
        run(server, &format!("DROP DATABASE IF EXISTS {name}"));
        run(server, &format!("CREATE DATABASE {name}"));
        migrate::run(&Target::Postgres(with_database(server, &name))).unwrap();
        name
    })
}

fn with_database(server: &str, name: &str) -> String {
    let (front, _) = server.rsplit_once('/').unwrap();
    format!("{front}/{name}")
}

fn run(server: &str, sql: &str) {
    let mut conn = PgConnection::establish(server).unwrap();
    conn.batch_execute(sql)
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}
