//! How a client follows streams without missing, doubling or reordering anything. Pure: it is told what came
//! and what time it is, and answers what to do. The web client, the tests and everybody who writes a client in
//! Rust run this code; `docs/realtime.md` says it in words.
//!
//! For each stream it keeps one number, the last position that was *applied*, and never steps over a gap:
//! what is older is dropped, what is next is applied, what is further is held until the gap has been fetched.

use std::collections::{BTreeMap, HashMap};

use super::events::Event;
use super::{EventPage, Stream, Sync};
use crate::notifications::Counts;

/// A gap is given this long to close by itself: milliseconds.
pub const GAP_MILLIS: u64 = 300;
/// Who is further behind than this reads the object anew instead of every event.
pub const REREAD_BEHIND: u64 = 1_000;
/// Events held over a gap at most; the rest is fetched.
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
    /// Read anew what the stream feeds: it moved too far. Answer with [`CatchUp::restart`].
    Reread(Stream),
    /// Something happened in a stream that is not followed: a conversation that is not in the list yet. Read it
    /// and [`CatchUp::follow`] it.
    Unknown(Stream),
    /// The database is another one: forget everything and read anew. All streams are dropped.
    Forget,
}

/// Why events could not be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FetchError {
    /// The stream is none of ours any more (404).
    NotFound,
    /// What is asked for lies past the end, or before the beginning (409, 410).
    OutOfRange,
    /// Everything that another try may mend.
    Temporary,
}

#[derive(Debug, Default)]
struct Followed {
    applied: u64,
    /// The furthest position that was heard of.
    head: u64,
    held: BTreeMap<u64, (Box<Event>, Option<Counts>)>,
    fetching: bool,
    /// Waiting for a reread.
    rereading: bool,
    failures: u32,
    /// When to ask for the gap.
    due: Option<u64>,
}

/// Follows streams. Times are milliseconds of any clock that does not run backwards.
#[derive(Debug, Default)]
pub struct CatchUp {
    epoch: Option<String>,
    streams: HashMap<Stream, Followed>,
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
        let followed = self.streams.entry(stream).or_insert_with(|| Followed {
            applied: seq,
            head: seq,
            ..Followed::default()
        });
        followed.applied = followed.applied.min(seq);
        self.level(now, stream)
    }

    /// After [`Step::Reread`]: everything that the stream feeds was read, and it stood at `seq`.
    pub fn restart(&mut self, now: u64, stream: Stream, seq: u64) -> Vec<Step> {
        let followed = self.streams.entry(stream).or_default();
        followed.applied = seq;
        followed.head = followed.head.max(seq);
        followed.rereading = false;
        self.level(now, stream)
    }

    /// Nobody looks at the stream any more, or may.
    pub fn unfollow(&mut self, stream: Stream) {
        self.streams.remove(&stream);
    }

    /// The socket is ready: whatever happened meanwhile is found by comparing positions.
    pub fn on_ready(&mut self, epoch: &str) -> Vec<Step> {
        let mut steps = self.check_epoch(epoch);
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
            }
        }
        steps
    }

    /// `/sync` did not answer; `random` is between 0 and 1.
    pub fn on_sync_failed(&mut self, now: u64, random: f64) {
        self.sync_due = Some(now + backoff(self.sync_failures, random));
        self.sync_failures += 1;
    }

    /// A stream stands at least at `seq`.
    pub fn on_head(&mut self, now: u64, stream: Stream, seq: u64) -> Vec<Step> {
        let Some(followed) = self.streams.get_mut(&stream) else {
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
            return vec![Step::Unknown(stream)];
        };
        followed.head = followed.head.max(seq);
        if seq > followed.applied && followed.held.len() < HELD_MAX {
            followed.held.insert(seq, (event, counts));
        }
        self.level(now, stream)
    }

    /// The events after a position, as asked for.
    pub fn on_page(&mut self, now: u64, stream: Stream, after: u64, page: EventPage) -> Vec<Step> {
        let Some(followed) = self.streams.get_mut(&stream) else {
            return Vec::new();
        };
        followed.fetching = false;
        let before = followed.applied;
        if after <= followed.applied {
            for item in page.items {
                followed
                    .held
                    .insert(item.seq, (Box::new(item.event), page.counts));
            }
        }
        followed.head = followed.head.max(page.head);
        let steps = self.level(now, stream);
        if let Some(followed) = self.streams.get_mut(&stream) {
            // An answer that brings nothing on must not be asked for again at once, and again.
            let stuck = followed.applied == before && followed.head > followed.applied && after <= before;
            if stuck {
                followed.fetching = false;
                followed.due = Some(now + backoff(followed.failures, 1.0));
                followed.failures += 1;
                return steps
                    .into_iter()
                    .filter(|step| !matches!(step, Step::Fetch { stream: other, .. } if *other == stream))
                    .collect();
            }
            followed.failures = 0;
        }
        steps
    }

    /// Events did not come; `random` is between 0 and 1.
    pub fn on_fetch_failed(&mut self, now: u64, stream: Stream, error: FetchError, random: f64) -> Vec<Step> {
        match error {
            FetchError::NotFound => {
                self.streams.remove(&stream);
                Vec::new()
            }
            FetchError::OutOfRange => {
                self.streams.clear();
                vec![Step::Forget]
            }
            FetchError::Temporary => {
                if let Some(followed) = self.streams.get_mut(&stream) {
                    followed.fetching = false;
                    followed.due = Some(now + backoff(followed.failures, random));
                    followed.failures += 1;
                }
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
            .filter(|(_, followed)| followed.due.is_some_and(|due| due <= now))
            .map(|(stream, _)| *stream)
            .collect();
        for stream in due {
            steps.extend(self.level(now, stream));
        }
        steps
    }

    /// When [`CatchUp::on_tick`] has something to do.
    pub fn next_tick(&self) -> Option<u64> {
        let gaps = self.streams.values().filter_map(|followed| followed.due);
        gaps.chain(self.sync_due).min()
    }

    /// A database that was restored has other events under the same positions.
    fn check_epoch(&mut self, epoch: &str) -> Vec<Step> {
        let known = self.epoch.replace(epoch.to_owned());
        if known.is_none_or(|known| known == epoch) {
            return Vec::new();
        }
        self.streams.clear();
        vec![Step::Forget]
    }

    /// Applies what is next, and asks for what is missing once it is due.
    fn level(&mut self, now: u64, stream: Stream) -> Vec<Step> {
        let mut steps = Vec::new();
        let Some(followed) = self.streams.get_mut(&stream) else {
            return steps;
        };
        while let Some(entry) = followed.held.first_entry() {
            let seq = *entry.key();
            if seq > followed.applied + 1 {
                break;
            }
            let (event, counts) = entry.remove();
            if seq == followed.applied + 1 {
                followed.applied = seq;
                steps.push(Step::Apply {
                    stream,
                    seq,
                    event,
                    counts,
                });
            }
        }
        if followed.applied >= followed.head {
            followed.due = None;
            followed.failures = 0;
            return steps;
        }
        let due = *followed.due.get_or_insert(now + GAP_MILLIS);
        if followed.fetching || followed.rereading || due > now {
            return steps;
        }
        followed.due = None;
        if followed.head - followed.applied > REREAD_BEHIND {
            followed.rereading = true;
            followed.held.clear();
            steps.push(Step::Reread(stream));
        } else {
            followed.fetching = true;
            steps.push(Step::Fetch {
                stream,
                after: followed.applied,
            });
        }
        steps
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
