//! New files in `dist/` must be embedded; cargo sees only changes of those that it knows.

use std::{env, fs, io};

/// Where the client is when it has been built.
const CLIENT: &str = "../dist";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=../migrations");
    // The folder is asked for when the program is compiled, also by those who have not built the client.
    fs::create_dir_all(CLIENT)?;
    // Programs of developers read it while they run. There it is not watched: in a fresh clone it is made here, after
    // the time that cargo compares with, and everything would be compiled twice.
    #[expect(clippy::disallowed_methods, reason = "cargo's own word, not configuration")]
    if env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed={CLIENT}");
    }
    Ok(())
}
