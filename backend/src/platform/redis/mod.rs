//! Redis, which nodes use to hear from each other quickly ([`bus`]) and to count together ([`buckets`]). It never
//! holds the only copy of anything: without it, or when it dies, nothing is lost and no request fails.
//!
//! One server and Redis Cluster are both spoken to; which of them answers is found out by asking. They differ in
//! publishing: in a cluster only *sharded* channels (Redis 7) do not go to every server of it.

pub mod buckets;
pub mod bus;
mod wire;

use std::time::Duration;

use anyhow::{Context, bail};
use redis::aio::{ConnectionLike, MultiplexedConnection};
use redis::cluster::ClusterClientBuilder;
use redis::cluster_async::ClusterConnection;
use redis::{
    AsyncConnectionConfig, Client, Cmd, ErrorKind, IntoConnectionInfo, Pipeline, ProtocolVersion, PushInfo,
    RedisFuture, RedisResult, ServerErrorKind, Value,
};
use tokio::sync::mpsc::UnboundedSender;

/// A server that takes longer to answer is as good as gone.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(1);

/// Refuses what is no address of a Redis.
///
/// # Errors
/// Names the variable, without the password.
pub fn check_url(url: &str) -> anyhow::Result<()> {
    for address in url.split(',') {
        if !["redis://", "rediss://"]
            .iter()
            .any(|scheme| address.starts_with(scheme))
        {
            bail!("REDIS_URL: expected redis://HOST:PORT or rediss://HOST:PORT");
        }
        Client::open(address).context("REDIS_URL")?;
    }
    Ok(())
}

/// A connection to whatever answers.
#[derive(Clone)]
pub(crate) enum Connection {
    /// One server.
    Single(MultiplexedConnection),
    /// Redis Cluster.
    Cluster(ClusterConnection),
}

impl Connection {
    /// Connects. What is published to subscribed channels goes to `pushes`, and so does the end of a connection.
    pub(crate) async fn open(url: &str, pushes: UnboundedSender<PushInfo>) -> RedisResult<Self> {
        let info = url.into_connection_info()?;
        // Answers and what is published come over one connection since version 3 of the protocol.
        let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        let info = info.set_redis_settings(settings);
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(ANSWER_TIMEOUT))
            .set_response_timeout(Some(ANSWER_TIMEOUT))
            .set_push_sender(pushes.clone());
        let mut single = Client::open(info.clone())?
            .get_multiplexed_async_connection_with_config(&config)
            .await?;
        let about = redis::cmd("INFO").arg("cluster").query_async(&mut single).await;
        let about: String = match about {
            Ok(about) => about,
            // Who may not ask is not in a cluster that we could use.
            Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoPerm) => String::new(),
            Err(error) => return Err(error),
        };
        if !about.contains("cluster_enabled:1") {
            return Ok(Self::Single(single));
        }
        let client = ClusterClientBuilder::new([info])
            .use_protocol(ProtocolVersion::RESP3)
            .connection_timeout(ANSWER_TIMEOUT)
            .response_timeout(ANSWER_TIMEOUT)
            .overall_response_timeout(Some(ANSWER_TIMEOUT * 2))
            .retries(1)
            .push_sender(pushes)
            .build()?;
        Ok(Self::Cluster(client.get_async_connection().await?))
    }

    /// Channels over which notices are spread: in a cluster one server would have all the work otherwise.
    pub(crate) const fn channels(&self) -> usize {
        match self {
            Self::Single(_) => 1,
            Self::Cluster(_) => 8,
        }
    }

    pub(crate) async fn subscribe(&mut self, channel: &str) -> RedisResult<()> {
        match self {
            Self::Single(connection) => connection.subscribe(channel).await,
            Self::Cluster(connection) => connection.ssubscribe(channel).await,
        }
    }

    pub(crate) async fn publish(&mut self, channel: &str, payload: &[u8]) -> RedisResult<()> {
        let command = match self {
            Self::Single(_) => "PUBLISH",
            Self::Cluster(_) => "SPUBLISH",
        };
        redis::cmd(command)
            .arg(channel)
            .arg(payload)
            .query_async(self)
            .await
    }
}

impl ConnectionLike for Connection {
    fn req_packed_command<'a>(&'a mut self, cmd: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Self::Single(connection) => connection.req_packed_command(cmd),
            Self::Cluster(connection) => connection.req_packed_command(cmd),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Self::Single(connection) => connection.req_packed_commands(pipeline, offset, count),
            Self::Cluster(connection) => connection.req_packed_commands(pipeline, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Self::Single(connection) => connection.get_db(),
            Self::Cluster(connection) => connection.get_db(),
        }
    }
}
