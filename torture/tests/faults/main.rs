//! Stories of faults, told with real processes: `cargo xtask test torture`. One at a time, because each has two
//! nodes, two servers and sixty devices, and measures times.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod nodes;
mod postgres;
mod redis;
mod removal;
mod sessions;

use std::time::Duration;

use anyhow::Result;
use hearth_torture::cluster::Cluster;
use hearth_torture::history::{Line, What};
use hearth_torture::run::{Run, Told};

/// Where histories are written.
const FOLDER: &str = env!("CARGO_TARGET_TMPDIR");

/// Everybody lives in a cluster.
fn begin(name: &str, cluster: &Cluster) -> Result<Run> {
    Run::start(name, FOLDER, &cluster.balancer.url(), &cluster.urls()?)
}

/// What a node said last about what is away.
fn last_health(lines: &[Line], node: usize) -> Option<&[String]> {
    lines.iter().rev().find_map(|line| match &line.what {
        What::Health {
            node: other,
            degraded,
            ..
        } if *other == node => Some(degraded.as_slice()),
        _ => None,
    })
}

/// Both nodes say that Redis is away.
fn miss_redis(lines: &[Line]) -> bool {
    [0, 1]
        .iter()
        .all(|node| last_health(lines, *node).is_some_and(|degraded| degraded.contains(&"redis".to_owned())))
}

/// Both nodes say that nothing is away.
fn miss_nothing(lines: &[Line]) -> bool {
    [0, 1]
        .iter()
        .all(|node| last_health(lines, *node).is_some_and(<[String]>::is_empty))
}

/// Both nodes are ready.
fn are_ready(lines: &[Line]) -> bool {
    [0, 1].iter().all(|asked| {
        let last = lines.iter().rev().find_map(|line| match &line.what {
            What::Health { node, status, .. } if node == asked => Some(*status),
            _ => None,
        });
        last == Some(200)
    })
}

/// What was sent in a part of the story was on all screens in time.
fn assert_shown(told: &Told, phase: &str, p99: Duration, max: Duration) {
    let times = told.figures.shown_in(phase);
    assert!(times.count() > 0, "nothing was sent {phase} the fault");
    let [p99, max] = [p99, max].map(|limit| limit.as_secs_f64() * 1_000.0);
    assert!(times.percentile(99) <= p99, "{phase}: {times}");
    assert!(times.max() <= max, "{phase}: {times}");
}

/// Nothing is wrong any more: p99 below a second.
fn assert_normal(told: &Told, phase: &str) {
    assert_shown(told, phase, Duration::from_secs(1), Duration::from_secs(3));
}
