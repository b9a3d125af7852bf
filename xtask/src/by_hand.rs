//! Servers for work by hand: they live until Enter, and keep nothing.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use hearth_servers::{Balancer, Hearth, Postgres, Redis};

use crate::{release, tools};

/// Where people look for a Hearth.
const PORT: u16 = 8080;

/// `cargo xtask postgres`.
pub(crate) fn postgres() -> Result<()> {
    tools::postgres()?;
    let postgres = Postgres::start()?;
    println!("{}", postgres.url());
    until_enter("Enter or Ctrl-D ends it.")
}

/// `cargo xtask redis`.
pub(crate) fn redis() -> Result<()> {
    tools::redis()?;
    let redis = Redis::start()?;
    println!("{}", redis.url());
    until_enter("Enter or Ctrl-D ends it.")
}

/// `cargo xtask cluster`: the shape of docker-compose.yml without Docker.
pub(crate) fn cluster(root: &Path, args: &[String]) -> Result<()> {
    let count = nodes(args)?;
    let binary = release::build(root)?;
    tools::postgres()?;
    tools::redis()?;
    let (postgres, redis) = (Postgres::start()?, Redis::start()?);
    let balancer = Balancer::listen(PORT).or_else(|_taken| Balancer::listen(0))?;
    let mut hearth = Hearth::of(&binary)?;
    hearth.set("DATABASE_URL", &postgres.url());
    hearth.set("REDIS_URL", &redis.url());
    hearth.set("HEARTH_PUBLIC_URL", &balancer.url());
    let mut nodes = Vec::new();
    for number in 1..=count {
        let node = hearth.start_node()?;
        balancer.add(node.address()?)?;
        println!("node {number}      {}", node.url()?);
        nodes.push(node);
    }
    println!("postgresql  {}", postgres.url());
    println!("redis       {}", redis.url());
    println!("logs        {}/node-*.log", hearth.folder().display());
    println!("\nHearth      {}\n", balancer.url());
    until_enter("Enter or Ctrl-C ends everything, and what was written is gone.")
}

fn nodes(args: &[String]) -> Result<u8> {
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let number = match words.as_slice() {
        [] => "2",
        ["--nodes", number] => number,
        [one] => one
            .strip_prefix("--nodes=")
            .with_context(|| format!("unknown argument {one}"))?,
        _ => bail!("unknown arguments {}", args.join(" ")),
    };
    match number.parse() {
        Ok(number @ 1..=16) => Ok(number),
        _ => bail!("--nodes takes a number from 1 to 16"),
    }
}

fn until_enter(words: &str) -> Result<()> {
    println!("{words}");
    std::io::stdout().flush()?;
    std::io::stdin().read_line(&mut String::new())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_nodes() {
        let read = |args: &[&str]| nodes(&args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>()).ok();
        assert_eq!(read(&[]), Some(2));
        assert_eq!(read(&["--nodes", "3"]), Some(3));
        assert_eq!(read(&["--nodes=1"]), Some(1));
        for wrong in [
            &["--nodes"][..],
            &["--nodes", "0"],
            &["--nodes=17"],
            &["3"],
            &["a", "b"],
        ] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }
}
