//! Ports that nobody uses.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};

use anyhow::{Result, bail};

/// Below those that systems give to outgoing connections (Linux: from 32768): a server that was stopped finds its
/// port free when it comes back, however many connections were made meanwhile.
const FIRST: u16 = 12_000;
const COUNT: u16 = 18_000;

/// Each search of this process goes on where the last one ended.
static NEXT: AtomicU16 = AtomicU16::new(0);

/// A port of the loopback interface that is free now. Another program may take it before it is used, so whoever
/// starts a server tries again (`retry`).
pub(crate) fn free() -> Result<u16> {
    // Programs that search at the same time begin at different places. 7919 is a prime.
    let start = u64::from(std::process::id()) * 7919 % u64::from(COUNT);
    for _ in 0..COUNT {
        let step = u64::from(NEXT.fetch_add(1, Ordering::Relaxed));
        let offset = u16::try_from((start + step) % u64::from(COUNT))?;
        if is_free(FIRST + offset) {
            return Ok(FIRST + offset);
        }
    }
    bail!("no port of the loopback interface is free")
}

/// Starts a server on a free port, and on another one when that was taken in between.
///
/// # Errors
/// What `start` says when it fails for another reason.
pub(crate) fn retry<T>(mut start: impl FnMut(u16) -> Result<T>) -> Result<T> {
    for _ in 0..4 {
        let port = free()?;
        match start(port) {
            Err(_taken) if !is_free(port) => {}
            result => return result,
        }
    }
    start(free()?)
}

/// Whether nobody listens there.
pub(crate) fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_free_and_given_once() -> Result<()> {
        let ports = [free()?, free()?, free()?];
        assert!(ports[0] != ports[1] && ports[1] != ports[2] && ports[0] != ports[2]);
        assert!(ports.iter().all(|port| (FIRST..FIRST + COUNT).contains(port)));
        Ok(())
    }

    #[test]
    fn a_port_that_was_taken_in_between_is_left_to_whoever_took_it() -> Result<()> {
        let mut others = Vec::new();
        let port = retry(|port| {
            if others.is_empty() {
                others.push(TcpListener::bind(("127.0.0.1", port))?);
                bail!("taken");
            }
            Ok(port)
        })?;
        assert_ne!(port, others[0].local_addr()?.port());
        let failed: Result<()> = retry(|_| bail!("something else"));
        assert_eq!(failed.unwrap_err().to_string(), "something else");
        Ok(())
    }
}
