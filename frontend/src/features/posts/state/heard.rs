//! What the socket says.

use hearth_shared::ids::{CommentId, PostId};
use hearth_shared::posts::Comment;
use hearth_shared::realtime::frames::PostState;

use super::{ListId, PostKey, Posts};

/// What a word of the socket about a post leaves to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Observed {
    /// The text is another one now.
    pub(crate) edited: bool,
    /// There are other comments than before.
    pub(crate) counted: bool,
}

impl Posts {
    /// A post was written by somebody else, or elsewhere. True when the pill shows one more.
    pub(crate) fn announce(&mut self, post_id: PostId) -> bool {
        let feed = self.list(&ListId::Feed);
        // It may be late: a look that was on its way may have found the post already.
        let found = |key: &PostKey| feed.keys.contains(key) || feed.waiting.contains(key);
        if !feed.known || self.keys.get(&post_id).is_some_and(found) {
            return false;
        }
        let new = self.change_list(&ListId::Feed, |list| {
            let new = !list.announced.contains(&post_id);
            if new {
                list.announced.push(post_id);
            }
            new
        });
        new == Some(true)
    }

    /// A post as it is now. None when it is not known here.
    pub(crate) fn observe(&mut self, state: &PostState) -> Option<Observed> {
        let entry = self.by_id(state.post_id)?;
        if entry.gone {
            // Its author has put it back.
            self.change(&entry.key, |entry| entry.gone = false);
        }
        let post = &entry.post;
        let observed = Observed {
            edited: post.edited_at != state.edited_at || post.audience != state.audience,
            counted: post.comment_count != state.comment_count,
        };
        let same = post.reactions == state.reactions
            && post.my_reaction == state.my_reaction
            && post.share_count == state.share_count;
        if observed.counted || !same {
            let now = self.wrote();
            self.change(&entry.key, |entry| {
                // A reaction on its way is shown as a difference to this, so this may change under it.
                entry.post.reactions.clone_from(&state.reactions);
                entry.post.my_reaction = state.my_reaction;
                entry.post.comment_count = state.comment_count;
                entry.post.share_count = state.share_count;
                (entry.liked, entry.counted, entry.framed) = (now, now, now);
            });
        }
        Some(observed)
    }

    /// A comment was written or changed. The count comes with the post.
    pub(crate) fn overheard(&mut self, comment: Comment) {
        let now = self.wrote();
        if let Some(entry) = self.by_id(comment.post_id) {
            self.change(&entry.key, |entry| entry.thread.hear(comment, now));
        }
    }

    /// A comment is gone.
    pub(crate) fn unheard(&mut self, post_id: PostId, id: CommentId) {
        if let Some(entry) = self.by_id(post_id) {
            self.change(&entry.key, |entry| entry.thread.forget(id));
        }
    }
}
