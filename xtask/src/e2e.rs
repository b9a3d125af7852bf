//! Browser tests: Playwright drives an installed Chromium against the release, which the tests start and stop. For
//! those with several nodes there are a PostgreSQL and a Redis.

use std::path::Path;
use std::process::Command;

use anyhow::Result;
use hearth_servers::{Postgres, Redis};

use crate::process::run as run_command;
use crate::{release, stamp, tools};

const STAMP: &str = "e2e";

/// Builds the release and runs the browser tests.
pub(crate) fn run(root: &Path, args: &[String]) -> Result<()> {
    let binary = release::build(root)?;
    play(root, &binary, args)
}

/// Runs the browser tests against a program.
pub(crate) fn play(root: &Path, binary: &Path, args: &[String]) -> Result<()> {
    let folder = root.join("e2e");
    let chromium = tools::chromium()?;
    install(root, &folder)?;
    run_command(
        Command::new("npx")
            .args(["--no-install", "tsc", "--noEmit"])
            .current_dir(&folder),
    )?;
    tools::postgres()?;
    tools::redis()?;
    let postgres = Postgres::start()?;
    let redis = Redis::start()?;
    run_command(
        Command::new("npx")
            .args(["--no-install", "playwright", "test"])
            .args(args)
            .current_dir(&folder)
            .env("CHROMIUM", chromium)
            .env("HEARTH_BIN", binary)
            .env("HEARTH_E2E_POSTGRES_URL", postgres.url())
            .env("HEARTH_E2E_PSQL", postgres.bin().join("psql"))
            .env("HEARTH_E2E_REDIS_URL", redis.url()),
    )
}

/// What package-lock.json says, without the browsers that Playwright would download.
fn install(root: &Path, folder: &Path) -> Result<()> {
    tools::npm()?;
    let wanted = stamp::of_contents(root, &["e2e/package.json", "e2e/package-lock.json"])?;
    if folder.join("node_modules").is_dir() && stamp::matches(root, STAMP, &wanted) {
        return Ok(());
    }
    println!("Installing Playwright with npm (10 seconds)");
    run_command(
        Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(folder)
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
    )?;
    stamp::write(root, STAMP, &wanted)
}
