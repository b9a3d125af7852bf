//! P1: the first page of the feed of people with 200 friends.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use hearth_shared::endpoint::API_BASE;

use super::Bench;
use crate::bare::pgbench::Scripts;
use crate::client::load::{self, Requests, Target};
use crate::client::{http, people};
use crate::machine;
use crate::report::{Beside, Run, median_of};
use crate::setup::{Node, start_bare};

/// Who asks, each from one connection.
const CLIENTS: usize = 8;
/// Connections of the open loop: so many may wait at a time.
const WAITING: usize = 64;

/// Measures it.
///
/// # Errors
/// When something does not answer.
pub(crate) async fn measure(bench: &mut Bench<'_>) -> Result<()> {
    let setup = bench.setup;
    let effort = bench.effort;
    let tokens = people::sign_in(setup, 0..CLIENTS as u64).await?;
    let feeds: Vec<Vec<u8>> = tokens
        .iter()
        .map(|token| http::get(&format!("{API_BASE}/feed"), Some(token)))
        .collect();
    let feeds: Requests = Arc::new(move |client, turn| {
        let turn = usize::try_from(turn).unwrap_or(0);
        feeds[(client + turn) % CLIENTS].clone()
    });
    let time = || setup.processor_time();
    let hearth = |clients| Target {
        addresses: (0..clients).map(|client| setup.node_of(client)).collect(),
        requests: Arc::clone(&feeds),
        time: &time,
    };
    let bare = setup
        .world_file
        .as_ref()
        .map(|file| start_bare(&["--bare-feed".as_ref(), file.as_os_str()]));
    let bare = bare.transpose()?;
    let bare_time = || {
        bare.as_ref()
            .map_or(Duration::ZERO, |node| machine::processor_time(node.program.pid()))
    };
    let bare_feeds = bare_requests(setup.world);
    let on_bare = |node: &Node, clients| Target {
        addresses: vec![node.address; clients],
        requests: Arc::clone(&bare_feeds),
        time: &bare_time,
    };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let scripts = match bare {
        Some(_) => None,
        None => Some(Scripts::of_feed(setup, CLIENTS as u64)?),
    };
    for _ in 0..effort.runs {
        ours.push(load::closed(hearth(CLIENTS), effort.seconds).await?);
        if let Some(node) = &bare {
            theirs.push(load::closed(on_bare(node, CLIENTS), effort.seconds).await?);
        }
        if let Some(scripts) = &scripts {
            theirs.push(scripts.run(setup, CLIENTS, 1, effort.seconds)?);
        }
    }
    let name = if bare.is_some() {
        "bare loop, same queries and JSON"
    } else {
        "pgbench -c 8, same SQL"
    };
    let beside = Beside { name, runs: &theirs };
    let name = format!(
        "feed of 20, {} posts, 200 friends, {}, {CLIENTS} clients",
        setup.world.posts,
        setup.kind.name()
    );
    bench.report.rates("P1", &name, &ours, &[beside]);
    let rate = median_of(&ours, Run::rate) / 2.0;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..effort.runs {
        ours.push(load::open(hearth(WAITING), rate, effort.seconds).await?);
        if let Some(node) = &bare {
            theirs.push(load::open(on_bare(node, WAITING), rate, effort.seconds).await?);
        }
    }
    let others: Vec<_> = theirs
        .first()
        .map(|_| ("bare loop", middle(&theirs)))
        .into_iter()
        .collect();
    let name = format!("the same at half of that rate, open loop, {}", setup.kind.name());
    bench.report.latencies("P1", &name, &ours, &others);
    Ok(())
}

/// The latencies of the run in the middle.
fn middle(runs: &[Run]) -> crate::report::Latencies {
    let mut sorted: Vec<&Run> = runs.iter().collect();
    sorted.sort_by(|a, b| {
        a.latencies
            .percentile(99.0)
            .total_cmp(&b.latencies.percentile(99.0))
    });
    sorted[sorted.len() / 2].latencies.clone()
}

fn bare_requests(world: crate::world::World) -> Requests {
    let feeds: Vec<Vec<u8>> = (0..CLIENTS as u64)
        .map(|person| http::get(&format!("/feed/{}", world.person(person)), None))
        .collect();
    Arc::new(move |client, turn| feeds[(client + usize::try_from(turn).unwrap_or(0)) % CLIENTS].clone())
}
