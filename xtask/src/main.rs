//! The commands of the project. `cargo xtask help` lists them.
//!
//! Whatever a command needs and the machine lacks is installed first (`tools.rs`), with a word about what it
//! is and how long it takes. A command that has nothing to do is done at once.

mod budget;
mod by_hand;
mod client;
mod contrast;
mod e2e;
mod parts;
mod process;
mod release;
mod stamp;
mod steps;
mod test;
mod tidy;
mod tools;
mod worker;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

const HELP: &str = "\
cargo xtask <command>

  run [args]        build what changed and start the server: `hearth serve [args]`
  build             make the release: web client, compressed and embedded, in target/release/hearth
  test [parts]      everything that must hold: lint rust e2e; before a release also: release torture
  e2e [args]        browser tests alone; args go to Playwright (`-g 'two people'`, `--headed`)
  tidy              layers, file lengths, names and other rules of the source
  client            both programs of the web client, unoptimised and in one piece each, into dist/: for work on
                    them; `--release`: as they are shipped, optimised, taken apart and compressed
  contrast          contrast of every pair of colours in frontend/styles/tokens.css
  budget            bytes of the first page and of the program (after `build`)
  cluster           several nodes behind a balancer, with a PostgreSQL and a Redis, none of which keeps
                    anything; `--nodes 3` instead of 2. Lives until Enter or Ctrl-C
  postgres, redis   a throw-away PostgreSQL or Redis that lives until Enter or Ctrl-D; prints its URL
  tools             install everything that the commands above need
  ci                what .ci/run calls: the same as `test`
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> Result<()> {
    let root = root()?;
    let (command, rest) = match args.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", args),
    };
    match command {
        "run" => release::run(&root, rest),
        "build" => release::build(&root).map(drop),
        "test" => test::run(&root, rest),
        "ci" => test::run(&root, &[]),
        "e2e" => e2e::run(&root, rest),
        "tidy" => tidy::run(&root),
        "client" => client::run(&root, rest),
        "contrast" => contrast::run(&root),
        "budget" => budget::run(&root),
        "cluster" => by_hand::cluster(&root, rest),
        "postgres" => by_hand::postgres(),
        "redis" => by_hand::redis(),
        "tools" => tools::everything(&root),
        "help" | "-h" | "--help" => {
            print!("{HELP}");
            Ok(())
        }
        unknown => bail!("no command `{unknown}`\n\n{HELP}"),
    }
}

/// The folder of the workspace.
fn root() -> Result<PathBuf> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_path_buf)
        .context("xtask is not inside a workspace")
}
