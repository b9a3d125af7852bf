//! `build` and `run`: the client, then the server that carries it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::steps::seconds;
use crate::{budget, client, process, tools};

/// Makes the release and prints what it weighs.
pub(crate) fn build(root: &Path) -> Result<PathBuf> {
    let (binary, fresh) = make(root)?;
    if fresh {
        budget::print(&budget::measure(root)?);
    }
    Ok(binary)
}

/// Makes the release, then becomes the server.
pub(crate) fn run(root: &Path, args: &[String]) -> Result<()> {
    let (binary, _) = make(root)?;
    let mut server = Command::new(&binary);
    server.arg("serve").args(args);
    become_program(&mut server).with_context(|| binary.display().to_string())
}

/// Builds what changed. Returns the program and whether the client was built anew.
fn make(root: &Path) -> Result<(PathBuf, bool)> {
    tools::c_compiler()?;
    let binary = root.join("target/release/hearth");
    if !binary.is_file() {
        println!("The first build takes some minutes; later ones only what changed.");
    }
    let start = Instant::now();
    let fresh = client::build(root)?;
    if fresh {
        println!("The web client took {}", seconds(start.elapsed()));
    }
    let start = Instant::now();
    let mut server = process::cargo(root);
    server.args(["build", "--release", "--package", "hearth-backend"]);
    if let Some(made) = openssl_of_the_tests(root) {
        server
            .env("OPENSSL_NO_VENDOR", "1")
            .env("OPENSSL_STATIC", "1")
            .env("OPENSSL_DIR", made);
    }
    process::run(&mut server)?;
    println!("The server took {}", seconds(start.elapsed()));
    if !client::is_untouched(root)? {
        bail!("something else wrote to dist/ meanwhile; stop `trunk serve` and run this again");
    }
    Ok((binary, fresh))
}

/// The OpenSSL that the tests were linked with, unless the release has one of its own already. It is compiled from C for
/// minutes, with the same options for both (`[profile.dev.package.openssl-sys]`).
fn openssl_of_the_tests(root: &Path) -> Option<PathBuf> {
    let made = |profile: &str| {
        let folders = root.join("target").join(profile).join("build").read_dir().ok()?;
        folders
            .flatten()
            .filter(|folder| folder.file_name().to_string_lossy().starts_with("openssl-sys-"))
            .map(|folder| folder.path().join("out/openssl-build/install"))
            // The newest: others are of earlier versions, or made with other options.
            .max_by_key(|install| {
                install
                    .join("lib/libssl.a")
                    .metadata()
                    .and_then(|of| of.modified())
                    .ok()
            })
            .filter(|install| install.join("lib/libssl.a").is_file())
    };
    match made("release") {
        Some(_) => None,
        None => made("debug"),
    }
}

/// Replaces this process, so that signals and the exit code are the server's own.
#[cfg(unix)]
fn become_program(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(command.exec().into())
}

#[cfg(not(unix))]
fn become_program(command: &mut Command) -> Result<()> {
    process::run(command)
}
