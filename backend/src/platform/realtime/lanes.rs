//! What waits to be delivered by this program: lanes side by side. What concerns one conversation, person or
//! post stays in order in its lane; one more is for what may be lost, so that nothing else waits behind it.

use std::sync::atomic::{AtomicBool, Ordering};

use hearth_shared::ids::Id;
use hearth_shared::realtime::Stream;
use tokio::sync::{Notify, mpsc};

use super::bus::Notice;

/// Lanes that keep their order.
const LANES: usize = 4;
/// Notices that may wait in a lane.
const LANE_LENGTH: usize = 8_192;

/// The near ends of all lanes.
pub struct Lanes {
    lanes: Vec<mpsc::Sender<Notice>>,
    /// Rung when something did not come through.
    pub alarm: Alarm,
}

impl Lanes {
    /// The lanes, and their far ends.
    pub fn new() -> (Self, Vec<mpsc::Receiver<Notice>>) {
        let (lanes, ends) = (0..=LANES).map(|_| mpsc::channel(LANE_LENGTH)).unzip();
        let alarm = Alarm::default();
        (Self { lanes, alarm }, ends)
    }

    /// Puts a notice into its lane. Never waits: what finds no room is lost, and the alarm rings.
    pub fn push(&self, notice: Notice) {
        let lossy = notice.is_lossy();
        let lane = if lossy {
            LANES
        } else {
            // Ids are spread over their low bits by the sequence and the millisecond.
            let key = subject(&notice).unsigned_abs();
            usize::try_from((key ^ (key >> 22)) % LANES as u64).unwrap_or(0)
        };
        if let Some(lane) = self.lanes.get(lane)
            && lane.try_send(notice).is_err()
            && !lossy
        {
            if !self.alarm.lost.load(Ordering::Acquire) {
                tracing::warn!("too many notices wait; the sweep finds what those lost said");
            }
            self.alarm.reread();
        }
    }
}

/// Notices about the same keep their order.
pub fn subject(notice: &Notice) -> i64 {
    match notice {
        Notice::Event { stream, .. } => match stream {
            Stream::Conversation(id) => id.get(),
            Stream::User(id) => id.get(),
        },
        Notice::Read { read, .. } => read.conversation_id.get(),
        Notice::Typing { typing, .. } => typing.conversation_id.get(),
        Notice::Presence(presence) => presence.user_id.get(),
        Notice::Friendship { pair: [a, b] } => a.min(b).get(),
        Notice::Hidden { by, other } => by.min(other).get(),
        Notice::PresenceShown(id) => id.get(),
        Notice::Post(id) => id.get(),
        Notice::Comment { post_id, .. } => post_id.get(),
        Notice::CommentGone(gone) => gone.post_id.get(),
        Notice::NewPost { author_id, .. } => author_id.get(),
        Notice::Card(user) => user.get(),
        Notice::SessionEnded(id) => id.get(),
        Notice::Work => 0,
        Notice::Reread(user) => user.get(),
        Notice::RereadIn { conversation_id, .. } => conversation_id.get(),
    }
}

/// Wakes the sweep before its time.
#[derive(Default)]
pub struct Alarm {
    lost: AtomicBool,
    bell: Notify,
}

impl Alarm {
    /// Notices were lost, nobody knows which: the sweep looks at once, and everybody here reads anew what has no
    /// position.
    pub fn reread(&self) {
        self.lost.store(true, Ordering::Release);
        self.bell.notify_one();
    }

    /// The sweep should look at once.
    pub fn look(&self) {
        self.bell.notify_one();
    }

    /// Waits until it rings.
    pub async fn rung(&self) {
        self.bell.notified().await;
    }

    /// Whether something was lost.
    pub fn has_lost(&self) -> bool {
        self.lost.load(Ordering::Acquire)
    }

    /// The same, since this was last asked.
    pub fn take_lost(&self) -> bool {
        self.lost.swap(false, Ordering::AcqRel)
    }
}
