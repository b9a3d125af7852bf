//! How a client follows streams without missing, doubling or reordering anything. Pure: it is told what came
//! and what time it is, and answers what to do. The web client, the tests and everybody who writes a client in
//! Rust run this code; `docs/realtime.md` says it in words.
//!
//! For each stream it keeps one number, the last position that was *applied*, and never steps over a gap:
//! what is older is dropped, what is next is applied, what is further is held until the gap has been fetched.

use std::collections::{BTreeMap, HashMap};

use super::events::Event;
use super::{EventPage, Positioned, Stream, Sync};
use crate::notifications::Counts;

/// A gap is given this long to close by itself: milliseconds.
pub const GAP_MILLIS: u64 = 300;
/// Who is further behind than this reads the object anew instead of every event.
pub const REREAD_BEHIND: u64 = 1_000;
/// Events held over a gap at most, the nearest ones; the rest is fetched.
const HELD_MAX: usize = 256;
/// Pauses between tries: milliseconds.
const BACKOFF: (u64, u64) = (500, 30_000);

/// What the owner of a [`CatchUp`] does next, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Apply an event.
    Apply {
        /// Of which stream.
        stream: Stream,
        /// Its position.
        seq: u64,
        /// It.
        event: Box<Event>,
        /// The counts that came with it.
        counts: Option<Counts>,
    },
    /// Ask for the events of a stream after a position; answer with [`CatchUp::on_page`] or
    /// [`CatchUp::on_fetch_failed`].
    Fetch {
        /// Of which stream.
        stream: Stream,
        /// After which position.
        after: u64,
    },
    /// Ask `/sync`; answer with [`CatchUp::on_sync`] or [`CatchUp::on_sync_failed`].
    Sync,
    /// Read anew what the stream feeds: it moved too far. Answer with [`CatchUp::restart`] or
    /// [`CatchUp::on_fetch_failed`].
    Reread(Stream),
    /// Something happened in a stream that is not followed: a conversation that is not in the list yet. Read it
    /// and [`CatchUp::follow`] it, once, however often this comes: what was heard of meanwhile is kept in mind.
    /// One's own stream is followed with the next answer of `/sync`.
    Unknown(Stream),
    /// The database is another one: forget everything and read anew. All streams are dropped. An answer to
    /// anything that was asked before is of the old database and must not be delivered any more.
    Forget,
}

/// Why events could not be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FetchError {
    /// The stream is none of ours any more (404): it is followed no more.
    NotFound,
    /// What is asked for lies past the end, or before the beginning (409, 410): everything is forgotten.
    OutOfRange,
    /// Everything that another try may mend: it is made after a pause.
    Temporary,
}

/// An event that waits for those before it.
#[derive(Debug)]
struct Held {
    event: Box<Event>,
    counts: Option<Counts>,
    /// The stream stood at least here when the counts were read.
    counted_at: u64,
}

#[derive(Debug, Default)]
struct Followed {
    applied: u64,
    /// The furthest position that was heard of.
    head: u64,
    held: BTreeMap<u64, Held>,
    /// The position of the newest counts that were given out.
    counted_at: u64,
    /// After which position events are on their way.
    fetching: Option<u64>,
    /// Waiting for a reread; with the oldest position that was read since it was asked for.
    rereading: Option<u64>,
    failures: u32,
    /// When to ask for the gap; means nothing while an answer is awaited.
    due: Option<u64>,
}

impl Followed {
    /// An answer is awaited; until it comes nothing more is asked.
    fn waits(&self) -> bool {
        self.fetching.is_some() || self.rereading.is_some()
    }

    fn is_due(&self, now: u64) -> bool {
        !self.waits() && self.due.is_some_and(|due| due <= now)
    }

    fn hold(&mut self, seq: u64, held: Held) {
        self.head = self.head.max(seq);
        if seq > self.applied {
            self.held.insert(seq, held);
        }
    }

    /// The last try brought nothing.
    fn pause(&mut self, now: u64, random: f64) {
        self.due = Some(now + backoff(self.failures, random));
        self.failures = self.failures.saturating_add(1);
    }

    /// Gives out what is next.
    fn apply(&mut self, stream: Stream) -> Vec<Step> {
        let mut steps = Vec::new();
        while let Some(entry) = self.held.first_entry() {
            let seq = *entry.key();
            if seq.saturating_sub(self.applied) > 1 {
                break;
            }
            let held = entry.remove();
            if seq <= self.applied {
                continue;
            }
            self.applied = seq;
            // A frame that waited has older counts than a page that was read meanwhile.
            let newest = held.counted_at >= self.counted_at;
            self.counted_at = self.counted_at.max(held.counted_at);
            steps.push(Step::Apply {
                stream,
                seq,
                event: held.event,
                counts: held.counts.filter(|_| newest),
            });
        }
        while self.held.len() > HELD_MAX {
            self.held.pop_last();
        }
        steps
    }

    /// Asks for what is missing once it is due.
    fn ask(&mut self, now: u64, stream: Stream) -> Option<Step> {
        if self.applied >= self.head {
            self.due = None;
            self.failures = 0;
            return None;
        }
        self.due.get_or_insert(now + GAP_MILLIS);
        if !self.is_due(now) {
            return None;
        }
        self.due = None;
        if self.head - self.applied > REREAD_BEHIND {
            self.rereading = Some(u64::MAX);
            self.held.clear();
            return Some(Step::Reread(stream));
        }
        self.fetching = Some(self.applied);
        Some(Step::Fetch {
            stream,
            after: self.applied,
        })
    }
}

/// Follows streams. Times are milliseconds of any clock that does not run backwards.
#[derive(Debug, Default)]
pub struct CatchUp {
    epoch: Option<String>,
    streams: HashMap<Stream, Followed>,
    /// How far streams were heard of that are not followed: what was read before that and is followed after it
    /// has missed something.
    heard: HashMap<Stream, u64>,
    sync_failures: u32,
    sync_due: Option<u64>,
}

impl CatchUp {
    /// The last applied position of a stream; `None` when it is not followed.
    pub fn applied(&self, stream: Stream) -> Option<u64> {
        self.streams.get(&stream).map(|followed| followed.applied)
    }

    /// Whether everything that was heard of is applied.
    pub fn is_level(&self) -> bool {
        self.streams
            .values()
            .all(|s| s.applied >= s.head && s.held.is_empty())
            && self.sync_due.is_none()
    }

    /// Something that a stream feeds was read, and the stream stood at `seq`. Of several such reads the oldest
    /// counts: applying twice is harmless, missing is not.
    pub fn follow(&mut self, now: u64, stream: Stream, seq: u64) -> Vec<Step> {
        let heard = self.heard.remove(&stream).unwrap_or(seq);
        let followed = self.streams.entry(stream).or_insert_with(|| Followed {
            applied: seq,
            ..Followed::default()
        });
        followed.applied = followed.applied.min(seq);
        followed.head = followed.head.max(seq).max(heard);
        followed.rereading = followed.rereading.map(|oldest| oldest.min(seq));
        self.level(now, stream)
    }

    /// After [`Step::Reread`]: everything that the stream feeds was read, and it stood at `seq`. What was read
    /// and followed by itself meanwhile may be older; then that counts.
    pub fn restart(&mut self, now: u64, stream: Stream, seq: u64) -> Vec<Step> {
        let Some(followed) = self.streams.get_mut(&stream) else {
            return Vec::new();
        };
        let Some(oldest) = followed.rereading.take() else {
            return self.follow(now, stream, seq);
        };
        followed.applied = seq.min(oldest);
        followed.head = followed.head.max(seq);
        if followed.head - followed.applied > REREAD_BEHIND {
            // Still, or again: not at once.
            followed.pause(now, 1.0);
        } else {
            followed.failures = 0;
        }
        self.level(now, stream)
    }

    /// Nobody looks at the stream any more, or may.
    pub fn unfollow(&mut self, stream: Stream) {
        if let Some(followed) = self.streams.remove(&stream) {
            self.hear(stream, followed.head);
        }
    }

    /// The socket is ready: whatever happened meanwhile is found by comparing positions.
    pub fn on_ready(&mut self, epoch: &str) -> Vec<Step> {
        let mut steps = self.check_epoch(epoch);
        // The server is there again; nobody waits out a pause that was meant for its absence.
        (self.sync_failures, self.sync_due) = (0, None);
        self.streams
            .values_mut()
            .for_each(|followed| followed.failures = 0);
        steps.push(Step::Sync);
        steps
    }

    /// Where all streams stand.
    pub fn on_sync(&mut self, now: u64, me: Stream, sync: &Sync) -> Vec<Step> {
        (self.sync_failures, self.sync_due) = (0, None);
        let mut steps = self.check_epoch(&sync.epoch);
        steps.extend(if self.streams.contains_key(&me) {
            self.on_head(now, me, sync.user_seq)
        } else {
            self.follow(now, me, sync.user_seq)
        });
        for conversation in &sync.conversations {
            let stream = Stream::Conversation(conversation.id);
            // Conversations that are not followed are none of the screen's; their numbers are in `sync`.
            if self.streams.contains_key(&stream) {
                steps.extend(self.on_head(now, stream, conversation.last_seq));
            } else {
                self.hear(stream, conversation.last_seq);
            }
        }
        steps
    }

    /// `/sync` did not answer; `random` is between 0 and 1.
    pub fn on_sync_failed(&mut self, now: u64, random: f64) {
        self.sync_due = Some(now + backoff(self.sync_failures, random));
        self.sync_failures = self.sync_failures.saturating_add(1);
    }

    /// A stream stands at least at `seq`.
    pub fn on_head(&mut self, now: u64, stream: Stream, seq: u64) -> Vec<Step> {
        let Some(followed) = self.streams.get_mut(&stream) else {
            self.hear(stream, seq);
            return vec![Step::Unknown(stream)];
        };
        followed.head = followed.head.max(seq);
        if followed.head > followed.applied && followed.failures == 0 {
            followed.due = Some(now);
        }
        self.level(now, stream)
    }

    /// An event came over the socket.
    pub fn on_event(
        &mut self,
        now: u64,
        stream: Stream,
        seq: u64,
        event: Box<Event>,
        counts: Option<Counts>,
    ) -> Vec<Step> {
        let Some(followed) = self.streams.get_mut(&stream) else {
            self.hear(stream, seq);
            return vec![Step::Unknown(stream)];
        };
        let held = Held {
            event,
            counts,
            counted_at: seq,
        };
        followed.hold(seq, held);
        self.level(now, stream)
    }

    /// The events after a position, as asked for. A page that nobody waits for is dropped.
    pub fn on_page(&mut self, now: u64, stream: Stream, after: u64, page: EventPage) -> Vec<Step> {
        let waiting = self.streams.get_mut(&stream);
        let Some(followed) = waiting.filter(|followed| followed.fetching == Some(after)) else {
            return Vec::new();
        };
        followed.fetching = None;
        followed.head = followed.head.max(page.head);
        let before = followed.applied;
        // An older position may have been followed meanwhile; then there is a gap before the page.
        if after <= before {
            for Positioned { seq, event } in page.items {
                let held = Held {
                    event: Box::new(event),
                    counts: page.counts,
                    counted_at: page.head.max(seq),
                };
                followed.hold(seq, held);
            }
        }
        let mut steps = followed.apply(stream);
        if followed.applied == after && before == after {
            // An answer that brings nothing on must not be asked for again at once, and again.
            followed.pause(now, 1.0);
        } else {
            followed.failures = 0;
            if page.head > followed.applied {
                followed.due = Some(now);
            }
        }
        steps.extend(followed.ask(now, stream));
        self.part(&steps);
        steps
    }

    /// Events did not come, or a reread failed; `random` is between 0 and 1.
    pub fn on_fetch_failed(&mut self, now: u64, stream: Stream, error: FetchError, random: f64) -> Vec<Step> {
        let waiting = self.streams.get_mut(&stream);
        let Some(followed) = waiting.filter(|followed| followed.waits()) else {
            return Vec::new();
        };
        match error {
            FetchError::NotFound => {
                self.streams.remove(&stream);
                Vec::new()
            }
            FetchError::OutOfRange => {
                // Whatever the epoch is now, nothing is kept from another one.
                self.epoch = None;
                let mut steps = self.forget();
                steps.push(Step::Sync);
                steps
            }
            FetchError::Temporary => {
                (followed.fetching, followed.rereading) = (None, None);
                followed.pause(now, random);
                Vec::new()
            }
        }
    }

    /// Time has passed.
    pub fn on_tick(&mut self, now: u64) -> Vec<Step> {
        let mut steps = Vec::new();
        if self.sync_due.is_some_and(|due| due <= now) {
            self.sync_due = None;
            steps.push(Step::Sync);
        }
        let due: Vec<Stream> = self
            .streams
            .iter()
            .filter(|(_, followed)| followed.is_due(now))
            .map(|(stream, _)| *stream)
            .collect();
        for stream in due {
            steps.extend(self.level(now, stream));
        }
        steps
    }

    /// When [`CatchUp::on_tick`] has something to do.
    pub fn next_tick(&self) -> Option<u64> {
        let asking = self.streams.values().filter(|followed| !followed.waits());
        let gaps = asking.filter_map(|followed| followed.due);
        gaps.chain(self.sync_due).min()
    }

    /// A database that was restored has other events under the same positions.
    fn check_epoch(&mut self, epoch: &str) -> Vec<Step> {
        let known = self.epoch.replace(epoch.to_owned());
        if known.is_none_or(|known| known == epoch) {
            return Vec::new();
        }
        self.forget()
    }

    fn forget(&mut self) -> Vec<Step> {
        self.streams.clear();
        self.heard.clear();
        vec![Step::Forget]
    }

    fn hear(&mut self, stream: Stream, seq: u64) {
        let heard = self.heard.entry(stream).or_default();
        *heard = seq.max(*heard);
    }

    /// Applies what is next, and asks for what is missing once it is due.
    fn level(&mut self, now: u64, stream: Stream) -> Vec<Step> {
        let Some(followed) = self.streams.get_mut(&stream) else {
            return Vec::new();
        };
        let mut steps = followed.apply(stream);
        steps.extend(followed.ask(now, stream));
        self.part(&steps);
        steps
    }

    /// Whoever is no longer in a conversation follows it no more.
    fn part(&mut self, steps: &[Step]) {
        for step in steps {
            if let Step::Apply { event, .. } = step
                && let Event::ConversationRemoved { id } = **event
            {
                let stream = Stream::Conversation(id);
                self.streams.remove(&stream);
                self.heard.remove(&stream);
            }
        }
    }
}

/// How long to wait after some failures in a row: 0.5 s to 30 s, each time twice as long at most, anything from
/// nothing to that ("full jitter"), so that a thousand clients do not come back in one moment.
pub fn backoff(failures: u32, random: f64) -> u64 {
    let (first, last) = BACKOFF;
    let longest = first.saturating_mul(1 << failures.min(16)).min(last);
    // Both are small and not negative.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "at most 30,000"
    )]
    let wait = (longest as f64 * random.clamp(0.0, 1.0)) as u64;
    wait.max(first / 5)
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod torment;
