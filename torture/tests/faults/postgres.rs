//! PostgreSQL is stopped as by a crash and started again.

use std::time::Duration;

use anyhow::Result;
use hearth_servers::Redis;
use hearth_torture::cluster::Cluster;

use crate::{are_ready, assert_normal, assert_shown, begin};

#[test]
fn restarted_as_after_a_crash() -> Result<()> {
    let redis = Redis::start()?;
    let cluster = Cluster::start(&redis.url())?;
    let run = begin("postgres-restarted", &cluster)?;
    run.live(5);
    run.phase("during");
    cluster.postgres.stop_immediate()?;
    run.wait_until(
        Duration::from_secs(5),
        "the nodes say that they are not ready",
        |lines| !are_ready(lines),
    )?;
    run.live(2);
    cluster.postgres.start_again()?;
    let healed = run.wait_until(Duration::from_secs(10), "both are ready", are_ready)?;
    println!("the nodes were ready {healed:?} after PostgreSQL");
    run.phase("returning");
    run.live(5);
    run.phase("after");
    run.live(6);
    let told = run.finish()?;
    assert_shown(&told, "during", Duration::from_secs(15), Duration::from_secs(20));
    assert_normal(&told, "after");
    Ok(())
}
