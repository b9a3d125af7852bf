//! `cargo xtask test`: everything that must hold, the quick things first, stopping at the first failure.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use hearth_servers::{Postgres, Redis};

use crate::process::{cargo, read, run as run_command};
use crate::steps::Steps;
use crate::{budget, client, contrast, e2e, release, tidy, tools};

const PARTS: &[&str] = &["lint", "rust", "e2e", "release", "torture"];
/// Those that run when none is named.
const USUAL: &[&str] = &["lint", "rust", "e2e"];
/// The tests that kill and freeze real nodes; they want the release and are a part of their own.
const FAULTS: &str = "faults";
/// The stories of many who do something at once.
const ALONE: &str = "load::";
/// What is compiled and tested together. One command that chooses among its packages has other features of their
/// dependencies than the next one, and compiles them anew; so tests are chosen by their names.
const NATIVE: [&str; 2] = ["--workspace", "--exclude=hearth-frontend"];
const WASM: &str = "wasm32-unknown-unknown";

/// Runs the usual parts, or those that are named.
pub(crate) fn run(root: &Path, parts: &[String]) -> Result<()> {
    if let Some(unknown) = parts.iter().find(|part| !PARTS.contains(&part.as_str())) {
        bail!("no part `{unknown}`; there are {}", PARTS.join(", "));
    }
    let wanted = |part: &str| match parts {
        [] => USUAL.contains(&part),
        _ => parts.iter().any(|name| name == part),
    };
    let mut steps = Steps::default();
    steps.step("tools", || {
        tools::c_compiler().and_then(|()| tools::wasm_target(root))
    })?;
    if wanted("lint") {
        lint(root, &mut steps)?;
    }
    if wanted("rust") {
        rust(root, &mut steps)?;
    }
    if wanted("e2e") {
        browsers(root, &mut steps)?;
    }
    if wanted("release") || wanted("torture") {
        let binary = steps.step("release build", || release::build(root))?;
        if wanted("release") {
            steps.step("weight", || budget::run(root))?;
            steps.step("browser tests with the release", || e2e::play(root, &binary, &[]))?;
        }
        if wanted("torture") {
            steps.step("torture", || torture(root, &binary))?;
        }
    }
    steps.print();
    println!("\nEverything holds.");
    Ok(())
}

/// `cargo` that compiles the workspace with Clippy, to which every warning is an error. `cargo clippy` only checks, and
/// what it makes of five hundred dependencies is of no use to the tests, which would compile all of them once more.
fn linted(root: &Path) -> Command {
    let mut command = cargo(root);
    command
        .env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver")
        // As `cargo clippy -- -Dwarnings` hands it over.
        .env("CLIPPY_ARGS", "-Dwarnings__CLIPPY_HACKERY__");
    command
}

/// What can be said without running anything of Hearth.
fn lint(root: &Path, steps: &mut Steps) -> Result<()> {
    steps.step("format", || {
        run_command(cargo(root).args(["fmt", "--all", "--check"]))
    })?;
    steps.step("tidy", || tidy::run(root))?;
    steps.step("contrast", || contrast::run(root))?;
    steps.step("clippy, and the programs of the tests", || {
        run_command(linted(root).arg("build").args(NATIVE).arg("--all-targets"))
    })?;
    // By itself: together they would need every procedural macro with the features of both, built once more.
    steps.step("clippy, and the programs of the client's tests", || {
        run_command(linted(root).args(["build", "--package=hearth-frontend", "--all-targets"]))
    })?;
    steps.step("the contract stays small", || contract(root))
}

/// Every client pays for what `shared` depends on, and none can use a database or a server.
fn contract(root: &Path) -> Result<()> {
    let tree = ["tree", "--edges=normal", "--prefix=none", "--target", WASM];
    for package in ["hearth-shared", "hearth-frontend"] {
        let tree = read(cargo(root).args(tree).args(["--package", package]))?;
        if let Some(heavy) = server_crate(&tree) {
            bail!("{package} depends on {heavy}");
        }
    }
    run_command(cargo(root).args(["build", "--package=hearth-shared", "--target", WASM]))
}

/// The first crate of a tree that belongs on the server.
fn server_crate(tree: &str) -> Option<&str> {
    tree.lines()
        .filter_map(|line| line.split_whitespace().next())
        .find(|name| {
            [
                "actix",
                "diesel",
                "libsqlite3",
                "pq-sys",
                "hyper",
                "hearth-backend",
            ]
            .iter()
            .any(|server| name.starts_with(server))
        })
}

/// The Rust tests; those of the server on SQLite, and on PostgreSQL with Redis.
fn rust(root: &Path, steps: &mut Steps) -> Result<()> {
    let (postgres, redis) = steps.step("start PostgreSQL and Redis", || {
        tools::postgres()?;
        tools::redis()?;
        Ok((Postgres::start()?, Redis::start()?))
    })?;
    let stories = |which: &[&str], args: &[&str]| {
        run_command(
            linted(root)
                .arg("test")
                .args(NATIVE)
                .args(which)
                // The load tests say how long the longest wait was.
                .args(["--", "--show-output"])
                .args(args)
                .env("HEARTH_TEST_POSTGRES_URL", postgres.url())
                .env("HEARTH_TEST_REQUIRE_POSTGRES", "1")
                .env("HEARTH_TEST_REDIS_URL", redis.url())
                .env("HEARTH_TEST_REQUIRE_REDIS", "1")
                // Panics on purpose would bury what failed under their stacks.
                .env("RUST_BACKTRACE", "0"),
        )
    };
    steps.step("Rust tests that need the machine for themselves", || {
        stories(&["--test", "it"], &[ALONE, "--test-threads=1"])
    })?;
    steps.step("Rust tests", || {
        stories(
            &["--lib", "--bins", "--test", "it"],
            // Many of them mostly wait: for silence, for a token to expire, for a program to die.
            &["--skip", ALONE, "--test-threads=4"],
        )
    })?;
    drop((postgres, redis));
    steps.step("Rust tests of the client", || {
        run_command(linted(root).args(["test", "--package=hearth-frontend"]))
    })
}

/// The client as it is delivered, and the browser tests, with the server that the other tests use: the optimised one takes
/// as long to make as all that stands before it.
fn browsers(root: &Path, steps: &mut Steps) -> Result<()> {
    steps.step("release build of the client", || client::build(root).map(drop))?;
    steps.step("weight of the client", || budget::of_client(root))?;
    let server = steps.step("server", || {
        run_command(linted(root).arg("build").args(NATIVE).arg("--all-targets"))?;
        Ok(root.join("target/debug/hearth"))
    })?;
    steps.step("browser tests", || e2e::play(root, &server, &[]))
}

/// What faults cost, with the release: `docs/reliability.md` has the figures.
fn torture(root: &Path, binary: &Path) -> Result<()> {
    tools::postgres()?;
    tools::redis()?;
    run_command(
        linted(root)
            .arg("test")
            .args(NATIVE)
            .args(["--test", FAULTS])
            // One after the other: each has two nodes, two servers and a load of its own.
            .args(["--", "--show-output", "--test-threads=1"])
            .env("HEARTH_BIN", binary)
            .env("RUST_BACKTRACE", "0"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn server_crates_are_found_in_a_tree() {
        assert_eq!(server_crate("hearth-shared v0.1.0\nserde v1.0.0"), None);
        let tree = "hearth-shared v0.1.0\nactix-web v4.11.0 (*)";
        assert_eq!(server_crate(tree), Some("actix-web"));
    }
}
