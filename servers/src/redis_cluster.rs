//! A Redis Cluster of three masters without replicas.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::command::read;
use crate::port;
use crate::redis::{Redis, Settings};

/// Redis wants at least so many.
const MASTERS: usize = 3;

/// A running cluster. Gone when dropped.
#[derive(Debug)]
pub struct RedisCluster {
    /// The masters, which may be killed and started again one by one. One that comes back has forgotten the
    /// others only if its folder is gone, which it is not.
    pub masters: Vec<Redis>,
}

impl RedisCluster {
    /// Starts one and waits until all of its masters say that it is whole.
    ///
    /// # Errors
    /// When Redis is not installed, or the cluster is not whole after 20 seconds.
    pub fn start() -> Result<Self> {
        let mut masters = Vec::new();
        let mut members = Vec::new();
        for _ in 0..MASTERS {
            let bus = port::free()?;
            let bus_port = bus.to_string();
            let settings = [
                ["--cluster-enabled", "yes"],
                ["--cluster-config-file", "nodes.conf"],
                ["--cluster-node-timeout", "2000"],
                ["--cluster-port", &bus_port],
            ];
            let redis = Redis::start_with(Settings {
                arguments: settings.concat().into_iter().map(str::to_owned).collect(),
                ..Settings::default()
            })?;
            members.push(format!("{}@{bus}", redis.address()));
            masters.push(redis);
        }
        read(
            Command::new("redis-cli")
                .args(["--cluster", "create"])
                .args(members)
                .args(["--cluster-replicas", "0", "--cluster-yes"]),
        )?;
        let cluster = Self { masters };
        cluster.wait_until_whole(Duration::from_secs(20))?;
        Ok(cluster)
    }

    /// The addresses of all masters; one is enough to find the others.
    pub fn urls(&self) -> Vec<String> {
        self.masters.iter().map(Redis::url).collect()
    }

    /// Waits until every master says that every slot is served.
    ///
    /// # Errors
    /// When they do not within `patience`.
    pub fn wait_until_whole(&self, patience: Duration) -> Result<()> {
        let start = Instant::now();
        let known = format!("cluster_known_nodes:{MASTERS}");
        let is_whole = |redis: &Redis| {
            let info = redis.command(&["CLUSTER", "INFO"]).unwrap_or_default();
            info.contains("cluster_state:ok") && info.contains(&known)
        };
        while !self.masters.iter().all(is_whole) {
            if start.elapsed() > patience {
                bail!("the Redis Cluster is not whole after {patience:?}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_masters_share_the_slots_and_one_may_come_back() -> Result<()> {
        let mut cluster = RedisCluster::start()?;
        assert_eq!(cluster.urls().len(), MASTERS);
        let port = cluster.masters[0].address().port().to_string();
        // -c follows to the master that has the slot.
        let follow = |words: &[&str]| read(Command::new("redis-cli").args(["-c", "-p", &port]).args(words));
        for key in ["a", "b", "c", "d"] {
            assert_eq!(follow(&["SET", key, "1"])?, "OK");
        }
        cluster.masters[2].kill()?;
        cluster.masters[2].start_again()?;
        cluster.wait_until_whole(Duration::from_secs(20))
    }
}
