//! The real program, as its host starts it.

use std::path::Path;
use std::process::Command;

pub(crate) use hearth_testkit::program::Running;
use hearth_testkit::program::serve;

/// The program that was built with the tests.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_hearth");

/// The program on its own folder and a free port, without limits.
pub(crate) fn program(folder: &Path) -> Command {
    serve(PROGRAM, folder)
}
