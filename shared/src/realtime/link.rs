//! When a client connects, when it asks whether the other side is still there, and when it gives a socket up.
//! Pure: it is told what happened and what time it is, in milliseconds. The web client and the tests of faults
//! run this code.

use super::HEARTBEAT_MILLIS;
use super::catch_up::backoff;

/// After a `ping` something must come within this time.
const ANSWER_MILLIS: u64 = 10_000;
/// The same where there is reason to doubt: the computer slept, the network came back.
const DOUBT_MILLIS: u64 = 5_000;
/// A socket that is not ready after this long never will be.
const OPENING_MILLIS: u64 = 15_000;
/// A connection that held this long was a good one: the next pause is short again.
const STEADY_MILLIS: u64 = 10_000;

/// What the owner does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Open a socket, in place of the one that may be there.
    Connect,
    /// Send a `ping`.
    Ping,
    /// Close the socket and say [`Link::lost`].
    GiveUp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Another try would end the same.
    Stopped,
    /// Waits until then.
    Away(u64),
    /// Since then a socket is being opened.
    Opening(u64),
    /// Everything that happens arrives, since then.
    Ready(u64),
}

/// The state of the one connection.
#[derive(Debug)]
pub struct Link {
    phase: Phase,
    failures: u32,
    heartbeat: u64,
    ping_at: u64,
    answer_by: Option<u64>,
}

impl Link {
    /// Not connected, and about to.
    pub fn new(now: u64) -> Self {
        Self {
            phase: Phase::Away(now),
            failures: 0,
            heartbeat: u64::from(HEARTBEAT_MILLIS),
            ping_at: 0,
            answer_by: None,
        }
    }

    /// Whether everything that happens arrives.
    pub fn is_ready(&self) -> bool {
        matches!(self.phase, Phase::Ready(_))
    }

    /// The server said how often it wants to hear from us.
    pub fn hello(&mut self, heartbeat: u32) {
        self.heartbeat = u64::from(heartbeat.max(1_000));
    }

    /// The server knows who we are.
    pub fn ready(&mut self, now: u64) {
        self.phase = Phase::Ready(now);
        self.ping_at = now + self.heartbeat;
        self.answer_by = None;
    }

    /// Something came: the other side is there.
    pub fn heard(&mut self) {
        self.answer_by = None;
    }

    /// The socket is gone; `random` is between 0 and 1.
    pub fn lost(&mut self, now: u64, random: f64) {
        if matches!(self.phase, Phase::Ready(since) if now - since >= STEADY_MILLIS) {
            self.failures = 0;
        }
        self.phase = Phase::Away(now + backoff(self.failures, random));
        self.failures += 1;
        self.answer_by = None;
    }

    /// The server wants to be left and found again after a while.
    pub fn leave(&mut self, now: u64, millis: u32) {
        self.failures = 0;
        self.phase = Phase::Away(now + u64::from(millis));
        self.answer_by = None;
    }

    /// The two do not understand each other.
    pub fn stop(&mut self) {
        self.phase = Phase::Stopped;
        self.answer_by = None;
    }

    /// There is reason to believe that now is a good time: the network is back, the page is looked at, the
    /// computer slept.
    pub fn wake(&mut self, now: u64) -> Option<Act> {
        match self.phase {
            Phase::Stopped => None,
            Phase::Ready(_) => {
                let by = now + DOUBT_MILLIS;
                self.answer_by = Some(self.answer_by.map_or(by, |known| known.min(by)));
                self.ping_at = now + self.heartbeat;
                Some(Act::Ping)
            }
            Phase::Opening(since) if now < since + DOUBT_MILLIS => None,
            Phase::Away(_) | Phase::Opening(_) => {
                self.failures = 0;
                self.phase = Phase::Opening(now);
                Some(Act::Connect)
            }
        }
    }

    /// Time has passed.
    pub fn tick(&mut self, now: u64) -> Option<Act> {
        match self.phase {
            Phase::Away(until) if until <= now => {
                self.phase = Phase::Opening(now);
                Some(Act::Connect)
            }
            Phase::Opening(since) if since + OPENING_MILLIS <= now => Some(Act::GiveUp),
            Phase::Ready(_) if self.answer_by.is_some_and(|by| by <= now) => Some(Act::GiveUp),
            Phase::Ready(_) if self.ping_at <= now => {
                self.ping_at = now + self.heartbeat;
                self.answer_by.get_or_insert(now + ANSWER_MILLIS);
                Some(Act::Ping)
            }
            _ => None,
        }
    }

    /// When [`Link::tick`] has something to do.
    pub fn due(&self) -> Option<u64> {
        match self.phase {
            Phase::Stopped => None,
            Phase::Away(until) => Some(until),
            Phase::Opening(since) => Some(since + OPENING_MILLIS),
            Phase::Ready(_) => Some(self.answer_by.map_or(self.ping_at, |by| by.min(self.ping_at))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready(at: u64) -> Link {
        let mut link = Link::new(at);
        assert_eq!(link.tick(at), Some(Act::Connect));
        link.hello(25_000);
        link.ready(at);
        link
    }

    #[test]
    fn a_silent_server_is_given_up() {
        let mut link = ready(0);
        assert_eq!((link.due(), link.tick(24_999)), (Some(25_000), None));
        assert_eq!(link.tick(25_000), Some(Act::Ping));
        assert_eq!(link.due(), Some(35_000));
        assert_eq!(link.tick(34_999), None);
        assert_eq!(link.tick(35_000), Some(Act::GiveUp));
    }

    #[test]
    fn any_frame_is_an_answer() {
        let mut link = ready(0);
        assert_eq!(link.tick(25_000), Some(Act::Ping));
        link.heard();
        assert_eq!(link.tick(40_000), None);
        assert_eq!(link.tick(50_000), Some(Act::Ping));
    }

    #[test]
    fn whoever_wakes_up_asks_at_once_and_does_not_wait_long() {
        let mut link = ready(0);
        assert_eq!(link.wake(1_000), Some(Act::Ping));
        assert_eq!(link.tick(6_000), Some(Act::GiveUp));
        link.lost(6_000, 1.0);
        assert_eq!(link.wake(6_001), Some(Act::Connect));
        assert_eq!(link.wake(6_002), None, "never two at once");
        assert_eq!(link.wake(11_001), Some(Act::Connect), "the first one hangs");
    }

    #[test]
    fn pauses_grow_until_a_connection_holds() {
        let mut link = ready(0);
        let mut pauses = Vec::new();
        for _ in 0..4 {
            link.lost(1, 1.0);
            pauses.push(link.due().unwrap() - 1);
            link.ready(1);
        }
        assert_eq!(pauses, [500, 1_000, 2_000, 4_000]);
        link.ready(1);
        link.lost(20_000, 1.0);
        assert_eq!(link.due(), Some(20_500));
    }

    #[test]
    fn a_socket_that_does_not_open_is_given_up() {
        let mut link = Link::new(0);
        assert_eq!(link.tick(0), Some(Act::Connect));
        assert_eq!(link.tick(14_999), None);
        assert_eq!(link.tick(15_000), Some(Act::GiveUp));
    }

    #[test]
    fn the_server_may_say_when_to_return() {
        let mut link = ready(0);
        link.leave(100, 3_000);
        assert_eq!((link.due(), link.is_ready()), (Some(3_100), false));
        link.stop();
        assert_eq!((link.due(), link.wake(9_000)), (None, None));
    }
}
