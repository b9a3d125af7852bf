//! What is on the screen is what the server tells of: posts, and how many of the open group are here.

use hearth_shared::ids::{ConversationId, PostId};
use hearth_shared::realtime::frames::{ClientFrame, WATCH_MAX};

use super::Live;
use crate::platform::{clock, dom, spawn};

/// It is told at most this often.
const WATCH_MILLIS: u32 = 600;

impl Live {
    /// The posts on the screen may be other ones than before.
    pub(crate) fn look_around(&self) {
        if self.0.looking.replace(true) {
            return;
        }
        let here = self.clone();
        spawn(async move {
            clock::sleep(WATCH_MILLIS).await;
            here.0.looking.set(false);
            here.watch(false);
        });
    }

    /// This group is on the screen, or none is.
    pub(crate) fn look_at(&self, group: Option<ConversationId>) {
        if self.0.group.replace(group) != group {
            self.0.moved.set(true);
            self.look_around();
        }
    }

    /// Tells the server which posts and which group are on the screen, when they are others or nothing was told yet.
    pub(super) fn watch(&self, anew: bool) {
        let ids = dom::around_screen("[data-post]", "data-post", WATCH_MAX);
        let mut ids: Vec<PostId> = ids.iter().filter_map(|id| id.parse().ok()).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut state = self.0.state.borrow_mut();
        let conversation_id = self.0.group.get();
        let nothing = ids.is_empty() && conversation_id.is_none();
        let known = ids == state.watched && !self.0.moved.get();
        if !state.link.is_ready() || (!anew && known) || (anew && nothing) {
            return;
        }
        self.0.moved.set(false);
        let before = std::mem::replace(&mut state.watched, ids.clone());
        let fresh = ids.iter().filter(|id| anew || !before.contains(id)).copied();
        let fresh: Vec<PostId> = fresh.collect();
        state.unheard.extend(fresh);
        drop(state);
        self.send(&ClientFrame::Watch {
            post_ids: ids,
            conversation_id,
        });
    }

    /// Only what begins to be watched is told anew.
    pub(super) fn watch_anew(&self) {
        self.send(&ClientFrame::Watch {
            post_ids: Vec::new(),
            conversation_id: None,
        });
        self.0.state.borrow_mut().watched.clear();
        self.watch(true);
    }
}
