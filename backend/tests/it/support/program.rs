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

/// A port that no connection of another test is given by the kernel meanwhile.
pub(crate) fn free_port() -> u16 {
    loop {
        let port = rand::rng().random_range(12_000..30_000);
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
