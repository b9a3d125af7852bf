//! Rate limits that count over all nodes: one number in Redis for each bucket, moved by a script, so that
//! between reading and writing nobody else comes (GCRA, ITU-T I.371: the "theoretical arrival time").

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use redis::Script;
use tokio::time::timeout;

use super::bus::RedisBus;

/// A request does not wait longer for Redis than this; then this node counts alone.
const PATIENCE: Duration = Duration::from_millis(150);

/// In microseconds of Redis's own clock. Answers how long to wait, 0 when the request may pass.
static TAKE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local period, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
        local kept = tonumber(redis.call('GET', KEYS[1]) or 0)
        -- Later than any bucket can be: the clock was set back.
        if kept > now + period * burst then kept = 0 end
        local arrival = math.max(kept, now) + period
        local wait = arrival - period * burst - now
        if wait > 0 then return math.ceil(wait) end
        redis.call('SET', KEYS[1], string.format('%.0f', arrival), 'PX', math.ceil((arrival - now) / 1000))
        return 0
        ",
    )
});

/// Buckets that all nodes share.
pub struct SharedBuckets {
    bus: Arc<RedisBus>,
    /// Keeps Hearths apart that share a Redis.
    namespace: String,
}

impl SharedBuckets {
    /// Over the connection of the bus.
    pub fn new(bus: Arc<RedisBus>, namespace: String) -> Self {
        Self { bus, namespace }
    }

    /// Takes one request from a bucket that holds `burst` and regains one in each `period`. Gives the time to wait,
    /// zero when it may pass; nothing while Redis is away.
    pub async fn take(&self, bucket: &str, period: Duration, burst: u32) -> Option<Duration> {
        let mut connection = self.bus.commands()?;
        let mut call = TAKE.key(format!("hearth:{}:limit:{bucket}", self.namespace));
        let period = u64::try_from(period.as_micros()).unwrap_or(u64::MAX);
        call.arg(period).arg(burst);
        match timeout(PATIENCE, call.invoke_async::<u64>(&mut connection)).await {
            Ok(Ok(wait)) => Some(Duration::from_micros(wait)),
            Ok(Err(error)) => {
                tracing::debug!(%error, "a limit was counted here alone");
                None
            }
            Err(_late) => None,
        }
    }
}
