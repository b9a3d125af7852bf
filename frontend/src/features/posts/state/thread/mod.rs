//! The comments under a post with their replies: one level.

mod strand;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::HashMap;

use hearth_shared::ids::{ClientId, CommentId, Id, PostId, UserId};
use hearth_shared::page::Page;
use hearth_shared::posts::{Comment, NewComment, ReactionCounts, ReactionKind, Reactions};
use hearth_shared::time::Timestamp;
use hearth_shared::users::UserCard;

use self::strand::Source;
pub(crate) use self::strand::{CommentEntry, Strand};
use super::Delivery;
use super::reacting::Felt;
use crate::platform::api::Failure;

/// Where a comment stands: on the post itself, or among the replies to one.
pub(crate) type Parent = Option<CommentId>;

/// A comment that was taken out, with what hung on it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Taken {
    entry: CommentEntry,
    replies: Option<Strand>,
}

impl Taken {
    /// How many comments it is with its replies.
    pub(crate) fn number(&self) -> u32 {
        1 + self.entry.comment.reply_count
    }
}

/// The comments of one post that are known.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Thread {
    top: Strand,
    replies: HashMap<CommentId, Strand>,
    /// Whose replies are shown.
    open: Vec<CommentId>,
    /// Deleted for good: an answer that still has them is late.
    deleted: Vec<CommentId>,
}

impl Thread {
    pub(super) fn new(last: &[Comment]) -> Self {
        let mut thread = Self::default();
        thread.learn(last, 0);
        thread
    }

    /// The comments on the post itself.
    pub(crate) fn top(&self) -> &Strand {
        &self.top
    }

    /// The replies to a comment that are known.
    pub(crate) fn replies(&self, to: CommentId) -> Option<&Strand> {
        self.replies.get(&to)
    }

    /// Whether the replies to a comment are shown.
    pub(crate) fn is_open(&self, comment: CommentId) -> bool {
        self.open.contains(&comment)
    }

    /// The comments whose replies are shown.
    pub(crate) fn opened(&self) -> &[CommentId] {
        &self.open
    }

    /// Shows the replies to a comment, or hides them.
    pub(crate) fn set_open(&mut self, comment: CommentId, open: bool) {
        self.open.retain(|other| *other != comment);
        if open {
            self.open.push(comment);
        }
    }

    /// How many replies a comment has, as far as is known.
    pub(crate) fn reply_count(&self, comment: &Comment) -> u32 {
        let known = self.replies.get(&comment.id).map_or(0, Strand::shown);
        comment.reply_count.max(known)
    }

    /// How many comments came before those that are shown, of so many with all replies.
    pub(crate) fn earlier(&self, count: u32) -> u32 {
        let items = self.top.items.iter();
        let replies: u32 = items.map(|item| self.reply_count(&item.comment)).sum();
        self.top.earlier(count.saturating_sub(replies))
    }

    pub(crate) fn strand(&mut self, parent: Parent) -> &mut Strand {
        match parent {
            None => &mut self.top,
            Some(parent) => self.replies.entry(parent).or_default(),
        }
    }

    /// Takes comments as the server had them at some time since a call started.
    pub(crate) fn learn(&mut self, comments: &[Comment], since: u32) {
        for comment in comments {
            self.put(comment.clone(), Source::Answer(since));
        }
    }

    /// Whether it was read to its beginning before, in any of its parts: since then it may have grown unheard.
    pub(crate) fn was_read(&self) -> bool {
        self.top.is_whole() || self.replies.values().any(Strand::is_whole)
    }

    /// Takes the newest page once more.
    pub(crate) fn catch_up(&mut self, parent: Parent, page: Page<Comment>, since: u32) {
        let mut items = page.items.iter();
        let reaches = items.any(|comment| self.strand(parent).by_id(comment.id).is_some());
        self.learn(&page.items, since);
        if let Some(next) = page.next_cursor.filter(|_| !reaches) {
            self.strand(parent).has_gap(next);
        }
    }

    /// Takes a comment from the socket. One that was taken back is there again.
    pub(super) fn hear(&mut self, comment: Comment, now: u32) {
        self.deleted.retain(|id| *id != comment.id);
        self.put(comment, Source::Frame(now));
    }

    fn put(&mut self, comment: Comment, source: Source) -> bool {
        if self.deleted.contains(&comment.id) {
            return false;
        }
        self.strand(comment.parent_id).put(comment, source)
    }

    /// Whether a page of earlier ones may be asked for now; then it is.
    pub(crate) fn load(&mut self, parent: Parent) -> bool {
        self.strand(parent).begin()
    }

    /// A page of earlier comments has come, or has not.
    pub(crate) fn settle(&mut self, parent: Parent, outcome: Result<Page<Comment>, Failure>, since: u32) {
        if let Ok(page) = &outcome {
            self.learn(&page.items, since);
        }
        self.strand(parent).settle(outcome.as_ref().map_err(Clone::clone));
    }

    /// A comment of one's own appears at once.
    pub(crate) fn begin(&mut self, post_id: PostId, new: &NewComment, author: UserCard, now: Timestamp) {
        if let Some(parent) = new.parent_id {
            self.set_open(parent, true);
        }
        let comment = Comment {
            id: CommentId::new(0),
            client_id: new.client_id.clone(),
            post_id,
            author,
            parent_id: new.parent_id,
            body: new.body.clone(),
            mentions: Vec::new(),
            reactions: ReactionCounts::new(),
            my_reaction: None,
            reply_count: 0,
            created_at: now,
            edited_at: None,
        };
        let entry = CommentEntry::new(comment, Delivery::Sending);
        self.strand(new.parent_id).items.push(entry);
    }

    /// It arrived; the call started after so many writes. True when it is one more than before.
    pub(super) fn confirm(&mut self, comment: Comment, since: u32) -> bool {
        let parent = comment.parent_id;
        let new = self.put(comment, Source::Answer(since));
        if new && let Some(parent) = parent.and_then(|id| self.top.by_id(id)) {
            // The socket may have said so already.
            parent.comment.reply_count += u32::from(parent.counted <= since);
        }
        new
    }

    /// It is on its way again, or has not arrived.
    pub(crate) fn deliver(
        &mut self,
        parent: Parent,
        author: UserId,
        client_id: &ClientId,
        delivery: Delivery,
    ) -> bool {
        let item = self.strand(parent).find(author, client_id);
        let Some(item) = item.filter(|item| item.id().is_none()) else {
            return false;
        };
        item.delivery = delivery;
        true
    }

    /// Whether something of one's own has not arrived.
    pub(crate) fn has_undelivered(&self) -> bool {
        let strands = std::iter::once(&self.top).chain(self.replies.values());
        strands
            .flat_map(|strand| &strand.items)
            .any(|item| item.id().is_none())
    }

    /// Gives up one that has not arrived.
    pub(crate) fn discard(&mut self, parent: Parent, client_id: &ClientId) {
        self.strand(parent)
            .items
            .retain(|item| item.id().is_some() || item.comment.client_id != *client_id);
    }

    /// A comment by its id.
    pub(crate) fn find(&mut self, id: CommentId) -> Option<&mut CommentEntry> {
        self.top
            .by_id(id)
            .or_else(|| self.replies.values_mut().find_map(|strand| strand.by_id(id)))
    }

    /// A reaction was chosen. Gives what is to be sent now.
    pub(crate) fn react(&mut self, id: CommentId, kind: ReactionKind) -> Option<Felt> {
        let entry = self.find(id)?;
        entry.reacting.choose(entry.comment.my_reaction, kind)
    }

    /// The server answered what the reactions are now, or did not. Gives what is still to be sent.
    pub(super) fn reacted(
        &mut self,
        id: CommentId,
        outcome: Option<Reactions>,
        since: u32,
        now: u32,
    ) -> Option<Felt> {
        let entry = self.find(id)?;
        let Some(answer) = outcome else {
            entry.reacting = Default::default();
            return None;
        };
        // A word of the socket since then is at least as new.
        if entry.counted <= since {
            entry.comment.reactions = answer.reactions;
            entry.counted = now;
        }
        entry.comment.my_reaction = answer.my_reaction;
        entry.reacting.confirmed(answer.my_reaction)
    }

    /// Takes one of one's own out, with its replies, before the server knows.
    pub(super) fn take_out(&mut self, id: CommentId) -> Option<Taken> {
        let taken = self.cut(id)?;
        let parent = taken.entry.comment.parent_id;
        if let Some(parent) = parent.and_then(|id| self.top.by_id(id)) {
            parent.comment.reply_count = parent.comment.reply_count.saturating_sub(1);
        }
        Some(taken)
    }

    fn cut(&mut self, id: CommentId) -> Option<Taken> {
        self.deleted.push(id);
        let parent = self.find(id)?.comment.parent_id;
        let strand = self.strand(parent);
        let at = strand.items.iter().position(|item| item.id() == Some(id))?;
        Some(Taken {
            entry: strand.items.remove(at),
            replies: self.replies.remove(&id),
        })
    }

    /// Puts back what was taken out; true when it was not there again already.
    pub(super) fn put_back(&mut self, taken: Taken) -> bool {
        let id = taken.entry.comment.id;
        let parent = taken.entry.comment.parent_id;
        self.deleted.retain(|other| *other != id);
        if let Some(replies) = taken.replies {
            self.replies.entry(id).or_insert(replies);
        }
        if self.find(id).is_some() {
            return false;
        }
        self.put(taken.entry.comment, Source::Answer(u32::MAX));
        if let Some(parent) = parent.and_then(|id| self.top.by_id(id)) {
            parent.comment.reply_count += 1;
        }
        true
    }

    /// The server says that one is gone. How many replies are left comes with what it answered.
    pub(super) fn forget(&mut self, id: CommentId) {
        self.cut(id);
    }

    /// Nothing that somebody wrote is left. True when there was something.
    pub(super) fn forget_author(&mut self, author: UserId) -> bool {
        let mut found = false;
        for strand in self.replies.values_mut().chain([&mut self.top]) {
            let before = strand.items.len();
            strand.items.retain(|item| item.comment.author.id != author);
            found |= strand.items.len() < before;
        }
        found
    }
}
