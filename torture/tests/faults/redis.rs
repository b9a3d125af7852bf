//! Redis is hurt: no request fails, no socket closes, everything comes, and within seconds.

use std::time::Duration;

use anyhow::Result;
use hearth_servers::{Redis, RedisCluster};
use hearth_torture::cluster::Cluster;
use hearth_torture::history::What;
use hearth_torture::run::{Run, Told};

use crate::{assert_normal, assert_shown, begin, miss_nothing, miss_redis};

/// While Redis is away everything comes within this time; the promise.
const AWAY: Duration = Duration::from_secs(3);
/// And nothing ever takes longer than this: a machine that runs tests has moments of its own.
const AWAY_MAX: Duration = Duration::from_secs(5);
/// The nodes say that it is away, and that it is back, after this long.
const NOTICED: Duration = Duration::from_secs(5);

/// Ends a story in which only Redis was hurt.
fn finish(run: Run) -> Result<Told> {
    let told = run.finish()?;
    assert_eq!(told.figures.failed(), 0, "requests failed because of Redis");
    for line in &told.lines {
        match &line.what {
            What::Health { node, status, .. } => assert_eq!(*status, 200, "node {node} was not ready"),
            What::Lost { receiver, why } => panic!("device {receiver} lost its socket: {why}"),
            _ => {}
        }
    }
    Ok(told)
}

/// It is back: after five seconds all is as before.
fn returned(run: &Run) -> Result<()> {
    run.phase("returning");
    let healed = run.wait_until(NOTICED, "the nodes say that Redis is back", miss_nothing)?;
    println!("the nodes said after {healed:?} that Redis is back");
    std::thread::sleep(Duration::from_secs(5).saturating_sub(healed));
    run.phase("after");
    run.live(6);
    Ok(())
}

fn missed(run: &Run) -> Result<()> {
    let noticed = run.wait_until(NOTICED, "the nodes say that Redis is away", miss_redis)?;
    println!("the nodes said after {noticed:?} that Redis is away");
    run.phase("away");
    Ok(())
}

/// In the part that begins when they have noticed, the nodes never say otherwise.
fn assert_missed_all_the_time(told: &Told) {
    let mut phase = "";
    for line in &told.lines {
        match &line.what {
            What::Phase(name) => phase = name,
            What::Health { node, degraded, .. } if phase == "away" => {
                assert!(
                    degraded.contains(&"redis".to_owned()),
                    "node {node} does not miss Redis: {degraded:?}"
                );
            }
            _ => {}
        }
    }
}

fn assert_away(told: &Told) {
    assert_missed_all_the_time(told);
    assert_shown(told, "away", AWAY, AWAY_MAX);
}

#[test]
fn killed_for_half_a_minute() -> Result<()> {
    let mut redis = Redis::start()?;
    let cluster = Cluster::start(&redis.url())?;
    let run = begin("redis-killed", &cluster)?;
    run.live(5);
    run.phase("during");
    redis.kill()?;
    missed(&run)?;
    run.live(29);
    redis.start_again()?;
    returned(&run)?;
    let told = finish(run)?;
    assert_shown(&told, "during", AWAY, AWAY_MAX);
    assert_away(&told);
    assert_shown(&told, "returning", AWAY, AWAY_MAX);
    assert_normal(&told, "after");
    Ok(())
}

#[test]
fn never_started() -> Result<()> {
    let mut redis = Redis::start()?;
    redis.kill()?;
    let cluster = Cluster::start(&redis.url())?;
    let run = begin("redis-never", &cluster)?;
    missed(&run)?;
    run.live(12);
    assert_away(&finish(run)?);
    Ok(())
}

#[test]
fn started_late() -> Result<()> {
    let mut redis = Redis::start()?;
    redis.kill()?;
    let cluster = Cluster::start(&redis.url())?;
    let run = begin("redis-late", &cluster)?;
    missed(&run)?;
    run.live(10);
    redis.start_again()?;
    returned(&run)?;
    let told = finish(run)?;
    assert_away(&told);
    assert_normal(&told, "after");
    Ok(())
}

#[test]
fn flushed_and_restarted() -> Result<()> {
    let mut redis = Redis::start()?;
    let cluster = Cluster::start(&redis.url())?;
    let run = begin("redis-flushed", &cluster)?;
    run.live(4);
    run.phase("during");
    redis.command(&["FLUSHALL"])?;
    run.live(2);
    redis.kill()?;
    redis.start_again()?;
    run.live(3);
    returned(&run)?;
    let told = finish(run)?;
    assert_shown(&told, "during", AWAY, AWAY_MAX);
    assert_normal(&told, "after");
    Ok(())
}

#[test]
fn its_subscribers_are_cut_off_again_and_again() -> Result<()> {
    let redis = Redis::start()?;
    let cluster = Cluster::start(&redis.url())?;
    let run = begin("redis-subscribers", &cluster)?;
    run.live(4);
    run.phase("during");
    for _ in 0..5 {
        let cut: u32 = redis.command(&["CLIENT", "KILL", "TYPE", "pubsub"])?.parse()?;
        assert!(cut > 0, "nobody was subscribed");
        run.live(2);
    }
    returned(&run)?;
    let told = finish(run)?;
    assert_shown(&told, "during", AWAY, AWAY_MAX);
    assert_normal(&told, "after");
    Ok(())
}

#[test]
fn frozen() -> Result<()> {
    let mut redis = Redis::start()?;
    let cluster = Cluster::start(&redis.url())?;
    let run = begin("redis-frozen", &cluster)?;
    run.live(4);
    run.phase("during");
    redis.freeze()?;
    missed(&run)?;
    run.live(10);
    redis.thaw()?;
    returned(&run)?;
    let told = finish(run)?;
    assert_shown(&told, "during", AWAY, AWAY_MAX);
    assert_away(&told);
    assert_normal(&told, "after");
    Ok(())
}

#[test]
fn a_cluster_whose_subscribers_are_cut_off() -> Result<()> {
    let redis = RedisCluster::start()?;
    let first = redis.urls().remove(0);
    let cluster = Cluster::start(&first)?;
    let run = begin("redis-cluster", &cluster)?;
    run.live(4);
    run.phase("during");
    let mut cut = 0;
    for master in &redis.masters {
        cut += master
            .command(&["CLIENT", "KILL", "TYPE", "pubsub"])?
            .parse::<u32>()?;
        run.live(2);
    }
    assert!(cut > 0, "nobody was subscribed");
    returned(&run)?;
    let told = finish(run)?;
    assert_shown(&told, "during", AWAY, AWAY_MAX);
    assert_normal(&told, "after");
    Ok(())
}
