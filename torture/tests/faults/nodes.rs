//! A node dies, freezes, stops: the other one takes over, and nothing is lost.

use std::time::{Duration, Instant};

use anyhow::Result;
use hearth_servers::Redis;
use hearth_torture::cluster::Cluster;

use crate::{are_ready, assert_normal, assert_shown, begin, miss_nothing};

/// Clients of a dead node have everything again.
const BACK: f64 = 10_000.0;
/// A node that is asked to stop has gone by then.
const STOPPED: Duration = Duration::from_secs(15);
/// A node that was started has its place again by then.
const READY: Duration = Duration::from_secs(20);
/// Devices that a node has at least, of sixty.
const SOME: usize = 15;

#[test]
fn killed_and_started_again_and_again() -> Result<()> {
    let redis = Redis::start()?;
    let mut cluster = Cluster::start(&redis.url())?;
    let run = begin("nodes-killed", &cluster)?;
    run.live(4);
    run.phase("during");
    for number in [0, 1, 0] {
        cluster.nodes[number].kill()?;
        run.live(3);
        let start = Instant::now();
        cluster.nodes[number].start_again()?;
        println!("the node was ready after {:?}", start.elapsed());
        run.wait_until(READY, "both are ready", are_ready)?;
        run.live(2);
    }
    run.phase("returning");
    // Those that died are missed, and the database asked more often, until their leases are three renewals old.
    let forgotten = run.wait_until(READY, "nothing is missed", miss_nothing)?;
    println!("nothing was missed {forgotten:?} later");
    run.live(2);
    run.phase("after");
    run.live(5);
    let told = run.finish()?;
    let back = told.figures.back_from("during");
    assert!(back.count() >= SOME, "{back}");
    assert!(back.max() <= BACK, "{back}");
    assert!(told.figures.away.is_empty());
    // Who was on the dead node is told when they are back.
    assert_shown(&told, "during", Duration::from_secs(10), Duration::from_secs(12));
    assert_normal(&told, "after");
    Ok(())
}

#[test]
fn frozen_for_half_a_minute() -> Result<()> {
    let redis = Redis::start()?;
    let mut cluster = Cluster::start(&redis.url())?;
    let run = begin("node-frozen", &cluster)?;
    run.live(4);
    run.phase("during");
    cluster.nodes[0].freeze()?;
    run.live(30);
    cluster.nodes[0].thaw()?;
    run.phase("returning");
    run.wait_until(READY, "nothing is missed", miss_nothing)?;
    run.live(5);
    run.phase("after");
    run.live(6);
    let told = run.finish()?;
    assert!(told.figures.away.is_empty());
    // Nobody can tell a frozen server from a slow one before they have waited: 25 s until the client asks
    // whether it is there, 10 s for the answer.
    assert_shown(&told, "during", Duration::from_secs(40), Duration::from_secs(45));
    assert_normal(&told, "after");
    Ok(())
}

#[test]
fn both_stopped_and_started_one_after_the_other() -> Result<()> {
    let redis = Redis::start()?;
    let mut cluster = Cluster::start(&redis.url())?;
    let run = begin("nodes-rolling", &cluster)?;
    run.live(4);
    run.phase("during");
    for node in &mut cluster.nodes {
        let (status, took) = node.stop(STOPPED)?;
        println!("the node stopped after {took:?}");
        assert!(status.success(), "{status}");
        node.start_again()?;
        run.wait_until(READY, "both are ready", are_ready)?;
        run.live(3);
    }
    run.wait_until(READY, "nothing is missed", miss_nothing)?;
    run.phase("after");
    run.live(5);
    let told = run.finish()?;
    assert_eq!(
        told.figures.failed(),
        0,
        "requests were cut: {:?}",
        told.figures.again
    );
    assert!(told.figures.away.is_empty());
    let back = told.figures.back_from("during");
    assert!(back.count() >= SOME && back.max() <= BACK, "{back}");
    assert_normal(&told, "after");
    Ok(())
}
