//! Notices: what a transaction says once it is committed. They are hints. Whatever is durable stands in the
//! database under a position, and a notice that is lost is found by the sweep or by the client itself.

use std::sync::atomic::{AtomicBool, Ordering};

use hearth_shared::ids::{CommentId, Id, PostId, SessionId, UserId};
use hearth_shared::realtime::Stream;
use hearth_shared::realtime::events::Event;
use hearth_shared::realtime::frames::{CommentGone, Presence, Read, Typing};
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, mpsc};

/// What happened.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Notice {
    /// A stream has a new event.
    Event {
        /// Which stream.
        stream: Stream,
        /// The position.
        seq: u64,
        /// Who is in the conversation has this version; 0 for a person's own stream.
        membership_version: u64,
        /// The event, when it is the same for everybody and whoever wrote it had it at hand.
        event: Option<Box<Event>>,
    },
    /// Somebody has read.
    Read {
        /// What, where, when.
        read: Read,
        /// As in [`Notice::Event`].
        membership_version: u64,
        /// Whether the others are told; their own devices are in any case.
        to_others: bool,
    },
    /// Somebody is typing.
    Typing {
        /// Who and where.
        typing: Typing,
        /// As in [`Notice::Event`].
        membership_version: u64,
    },
    /// Somebody came or went.
    Presence(Presence),
    /// Two people became friends, or are friends no longer.
    Friendship {
        /// The two.
        pair: [UserId; 2],
    },
    /// The counts, the text or the audience of a post have changed, or it is gone.
    Post(PostId),
    /// A comment was written or changed.
    Comment {
        /// On which post.
        post_id: PostId,
        /// Which.
        comment_id: CommentId,
    },
    /// A comment was removed.
    CommentGone(CommentGone),
    /// Somebody wrote a post.
    NewPost {
        /// Who.
        author_id: UserId,
        /// Which.
        post_id: PostId,
    },
    /// A session was ended.
    SessionEnded(SessionId),
}

impl Notice {
    /// Notices of the same number keep their order.
    fn lane(&self) -> i64 {
        match self {
            Self::Event { stream, .. } => match stream {
                Stream::Conversation(id) => id.get(),
                Stream::User(id) => id.get(),
            },
            Self::Read { read, .. } => read.conversation_id.get(),
            Self::Typing { typing, .. } => typing.conversation_id.get(),
            Self::Presence(presence) => presence.user_id.get(),
            Self::Friendship { pair: [a, b] } => a.min(b).get(),
            Self::Post(id) => id.get(),
            Self::Comment { post_id, .. } => post_id.get(),
            Self::CommentGone(gone) => gone.post_id.get(),
            Self::NewPost { author_id, .. } => author_id.get(),
            Self::SessionEnded(id) => id.get(),
        }
    }

    /// Whether nothing needs repair when it is lost: such notices have a lane of their own, so that nothing else
    /// waits behind them.
    fn is_lossy(&self) -> bool {
        matches!(
            self,
            Self::Typing { .. } | Self::Presence(_) | Self::NewPost { .. }
        )
    }
}

/// Carries notices to every program of this Hearth, this one included.
pub trait Bus: Send + Sync {
    /// Sends. Never waits: what cannot be sent is lost, and the sweep finds it.
    fn publish(&self, notices: Vec<Notice>);
}

/// Lanes side by side: what concerns one conversation, person or post stays in order. One more is for what may
/// be lost.
pub const LANES: usize = 4;
/// Notices that may wait in a lane.
const LANE_LENGTH: usize = 8_192;

/// The bus of a program that is alone: straight to its own dispatcher.
pub struct LocalBus {
    lanes: Vec<mpsc::Sender<Notice>>,
    overflowed: AtomicBool,
    /// Wakes the sweep after something was lost.
    pub lost: Notify,
}

impl LocalBus {
    /// The bus, and the ends of its lanes.
    pub fn new() -> (Self, Vec<mpsc::Receiver<Notice>>) {
        let (lanes, ends) = (0..=LANES).map(|_| mpsc::channel(LANE_LENGTH)).unzip();
        let bus = Self {
            lanes,
            overflowed: AtomicBool::new(false),
            lost: Notify::new(),
        };
        (bus, ends)
    }

    /// Whether something was lost since this was last asked.
    pub fn take_overflowed(&self) -> bool {
        self.overflowed.swap(false, Ordering::AcqRel)
    }
}

impl Bus for LocalBus {
    fn publish(&self, notices: Vec<Notice>) {
        for notice in notices {
            // Ids are spread over their low bits by the sequence and the millisecond.
            let key = notice.lane().unsigned_abs();
            let lossy = notice.is_lossy();
            let lane = if lossy {
                LANES
            } else {
                usize::try_from((key ^ (key >> 22)) % LANES as u64).unwrap_or(0)
            };
            if let Some(lane) = self.lanes.get(lane)
                && lane.try_send(notice).is_err()
                && !lossy
                && !self.overflowed.swap(true, Ordering::AcqRel)
            {
                tracing::warn!("too many notices wait; those lost are found by the sweep");
                self.lost.notify_one();
            }
        }
    }
}
