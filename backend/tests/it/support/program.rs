//! The real program, as its host starts it.

use std::path::Path;
use std::process::Command;

pub(crate) use hearth_testkit::program::Running;
use hearth_testkit::program::serve;
use rand::RngExt;

/// The program that was built with the tests.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_hearth");

/// The program on its own folder and a free port, without limits.
pub(crate) fn program(folder: &Path) -> Command {
    serve(PROGRAM, folder)
}

/// What kills the program and starts it again: always on the same folder, at the same address.
pub(crate) struct Host<'a> {
    folder: &'a Path,
    /// SQLite in the folder when it is not said.
    database: Option<&'a str>,
    address: String,
}

impl<'a> Host<'a> {
    pub(crate) fn new(folder: &'a Path, database: Option<&'a str>) -> Self {
        Self {
            folder,
            database,
            address: format!("127.0.0.1:{}", free_port()),
        }
    }

    /// Starts it, and waits until it says where it listens.
    pub(crate) async fn start(&self) -> Running {
        let mut command = program(self.folder);
        command.env("HEARTH_BIND", &self.address);
        if let Some(url) = self.database {
            command.env("DATABASE_URL", url);
        }
        // It is a thread that waits, not those who talk to it.
        tokio::task::spawn_blocking(move || Running::start(command))
            .await
            .unwrap()
    }
}

/// A port that no connection of another test is given by the kernel meanwhile.
fn free_port() -> u16 {
    loop {
        let port = rand::rng().random_range(12_000..30_000);
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
