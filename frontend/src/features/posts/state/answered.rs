//! What the server answered to writes.

use hearth_shared::ids::{CommentId, PostId};
use hearth_shared::posts::{Comment, ReactionKind, Reactions};

use super::reacting::{Felt, Reacting};
use super::thread::Taken;
use super::{PostKey, Posts};

impl Posts {
    /// A reaction to a post was chosen. Gives what is to be sent now.
    pub(crate) fn react(&mut self, key: &PostKey, kind: ReactionKind) -> Option<(PostId, Felt)> {
        let mut send = None;
        self.change(key, |entry| {
            if let Some(id) = entry.id() {
                let wanted = entry.reacting.choose(entry.post.my_reaction, kind);
                send = wanted.map(|wanted| (id, wanted));
            }
        });
        send
    }

    /// The server answered what the reactions are now. Gives what is still to be sent. `since` is from when the
    /// reaction was sent: a word of the socket since then that knows of it is at least as new.
    pub(crate) fn reacted(&mut self, key: &PostKey, outcome: Option<Reactions>, since: u32) -> Option<Felt> {
        let mut next = None;
        let liked = self.wrote();
        self.change(key, |entry| {
            if let Some(now) = outcome {
                if entry.framed <= since || entry.post.my_reaction != now.my_reaction {
                    entry.liked = liked;
                    entry.post.reactions = now.reactions;
                    entry.post.my_reaction = now.my_reaction;
                }
                next = entry.reacting.confirmed(entry.post.my_reaction);
            } else {
                entry.reacting = Reacting::default();
            }
        });
        next
    }

    /// A reaction to a comment was chosen. Gives what is to be sent now.
    pub(crate) fn react_to_comment(
        &mut self,
        key: &PostKey,
        id: CommentId,
        kind: ReactionKind,
    ) -> Option<Felt> {
        let mut send = None;
        self.change(key, |entry| send = entry.thread.react(id, kind));
        send
    }

    /// The same as [`Self::reacted`] for a comment.
    pub(crate) fn comment_reacted(
        &mut self,
        key: &PostKey,
        id: CommentId,
        outcome: Option<Reactions>,
        since: u32,
    ) -> Option<Felt> {
        let mut next = None;
        let now = self.wrote();
        self.change(key, |entry| next = entry.thread.reacted(id, outcome, since, now));
        next
    }

    /// A comment arrived at the server. When the socket said since then how many there are, it is counted.
    pub(crate) fn commented(&mut self, key: &PostKey, comment: Comment, since: u32) {
        let counted = self.wrote();
        self.change(key, |entry| {
            entry.counted = counted;
            if entry.thread.confirm(comment, since) && entry.framed <= since {
                entry.post.comment_count += 1;
            }
        });
    }

    /// A comment leaves the page, with its replies.
    pub(crate) fn take_comment(&mut self, key: &PostKey, id: CommentId) -> Option<Taken> {
        let counted = self.wrote();
        let mut taken = None;
        self.change(key, |entry| {
            taken = entry.thread.take_out(id);
            if let Some(taken) = &taken {
                entry.counted = counted;
                entry.post.comment_count = entry.post.comment_count.saturating_sub(taken.number());
            }
        });
        taken
    }

    /// It is there again. When the socket said since then how many there are, it is counted.
    pub(crate) fn put_comment_back(&mut self, key: &PostKey, taken: Taken, since: u32) {
        let counted = self.wrote();
        self.change(key, |entry| {
            let number = taken.number();
            if entry.thread.put_back(taken) && entry.framed <= since {
                entry.counted = counted;
                entry.post.comment_count += number;
            }
        });
    }

    /// Keeps a post for later, or no longer; at once, and the same way back when that fails.
    pub(crate) fn mark_saved(&mut self, key: &PostKey, saved: bool) {
        let now = self.wrote();
        self.change(key, |entry| {
            entry.post.my_saved = saved;
            entry.marked = now;
        });
    }

    /// The same for not wanting to hear of it.
    pub(crate) fn mark_muted(&mut self, key: &PostKey, muted: bool) {
        let now = self.wrote();
        self.change(key, |entry| {
            entry.post.my_muted = muted;
            entry.marked = now;
        });
    }

    /// The addresses of a post's pictures have run out: the next answer brings new ones.
    pub(crate) fn lose_addresses(&mut self, key: &PostKey) {
        self.change(key, |entry| entry.lost = true);
    }
}
