//! One row of comments, the oldest first: those on a post itself, or the replies to one of them. The newest ones
//! are known, earlier ones when they are asked for, one's own that are on their way stand at the end.

use hearth_shared::ids::{ClientId, CommentId, Id, UserId};
use hearth_shared::page::{Cursor, Page};
use hearth_shared::posts::{Comment, ReactionCounts};

use super::super::Delivery;
use super::super::reacting::{Felt, Reacting};
use crate::platform::api::Failure;

/// A comment and how far it has come.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CommentEntry {
    pub(crate) comment: Comment,
    pub(crate) delivery: Delivery,
    pub(crate) reacting: Reacting,
    /// At which of [`super::super::Posts::writes`] its counts were last confirmed.
    pub(super) counted: u32,
}

impl CommentEntry {
    pub(super) fn new(comment: Comment, delivery: Delivery) -> Self {
        Self {
            comment,
            delivery,
            reacting: Reacting::default(),
            counted: 0,
        }
    }

    /// The same before and after the server confirms it.
    pub(crate) fn key(&self) -> String {
        format!("{}-{}", self.comment.author.id, self.comment.client_id)
    }

    fn is(&self, author: UserId, client_id: &ClientId) -> bool {
        self.comment.author.id == author && self.comment.client_id == *client_id
    }

    /// The id, once the server has given it.
    pub(crate) fn id(&self) -> Option<CommentId> {
        Some(self.comment.id).filter(|id| id.get() != 0)
    }

    /// What one feels about it, as it is shown.
    pub(crate) fn mine(&self) -> Felt {
        self.reacting.shown(self.comment.my_reaction)
    }

    /// The counts that go with it.
    pub(crate) fn reactions(&self) -> ReactionCounts {
        self.reacting
            .counts(&self.comment.reactions, self.comment.my_reaction)
    }
}

/// Where a comment comes from.
#[derive(Clone, Copy)]
pub(super) enum Source {
    /// The answer to a call that started after so many writes: it knows nothing of later ones.
    Answer(u32),
    /// The socket, now. It says nothing of one's own reaction.
    Frame(u32),
}

/// A row of comments.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Strand {
    /// The oldest first.
    pub(crate) items: Vec<CommentEntry>,
    /// Where the next earlier page starts.
    pub(crate) next: Option<Cursor>,
    pub(crate) loading: bool,
    pub(crate) failure: Option<Failure>,
    /// The very first one is among them.
    whole: bool,
}

impl Strand {
    /// Puts a comment where it belongs. True when the server had it not before.
    pub(super) fn put(&mut self, mut comment: Comment, source: Source) -> bool {
        let (author, client_id) = (comment.author.id, comment.client_id.clone());
        let known = self.items.iter().position(|item| item.is(author, &client_id));
        let before = known.map(|at| self.items.remove(at));
        let mut entry = CommentEntry::new(comment.clone(), Delivery::Done);
        let new = before.as_ref().is_none_or(|item| item.id().is_none());
        if let Some(before) = before {
            let known = &before.comment;
            if known.edited_at > comment.edited_at {
                comment.body.clone_from(&known.body);
                comment.mentions.clone_from(&known.mentions);
                comment.edited_at = known.edited_at;
            }
            match source {
                Source::Answer(since) if before.counted > since => {
                    comment.reactions.clone_from(&known.reactions);
                    comment.my_reaction = known.my_reaction;
                    comment.reply_count = known.reply_count;
                }
                Source::Answer(_) => {}
                Source::Frame(_) => comment.my_reaction = known.my_reaction,
            }
            (entry.reacting, entry.counted) = (before.reacting, before.counted);
            entry.comment = comment;
        }
        if let Source::Frame(now) = source {
            entry.counted = now;
        }
        // Ids are sorted by time; those without one are the newest.
        let id = entry.comment.id;
        let at = self
            .items
            .iter()
            .position(|item| item.id().is_none_or(|other| other > id));
        self.items.insert(at.unwrap_or(self.items.len()), entry);
        new
    }

    pub(super) fn find(&mut self, author: UserId, client_id: &ClientId) -> Option<&mut CommentEntry> {
        self.items.iter_mut().find(|item| item.is(author, client_id))
    }

    pub(super) fn by_id(&mut self, id: CommentId) -> Option<&mut CommentEntry> {
        self.items.iter_mut().find(|item| item.id() == Some(id))
    }

    /// How many that the server has are shown.
    pub(crate) fn shown(&self) -> u32 {
        let shown = self.items.iter().filter(|item| item.id().is_some()).count();
        u32::try_from(shown).unwrap_or(u32::MAX)
    }

    /// How many came before those that are shown, when there are `count` in all.
    pub(crate) fn earlier(&self, count: u32) -> u32 {
        if self.whole {
            return 0;
        }
        count.saturating_sub(self.shown())
    }

    /// Whether the first one was reached, as far as is known.
    pub(super) fn is_whole(&self) -> bool {
        self.whole
    }

    /// The newest page does not reach what is known: what came before it is asked for from there.
    pub(super) fn has_gap(&mut self, next: Cursor) {
        self.next = Some(next);
        self.whole = false;
    }

    /// A page may be asked for now; then it is.
    pub(super) fn begin(&mut self) -> bool {
        if self.loading {
            return false;
        }
        self.loading = true;
        self.failure = None;
        true
    }

    /// What a page of earlier ones says of the rest; its items are put by the thread.
    pub(super) fn settle<T>(&mut self, outcome: Result<&Page<T>, Failure>) {
        self.loading = false;
        match outcome {
            Ok(page) => {
                self.next.clone_from(&page.next_cursor);
                self.whole = page.next_cursor.is_none();
            }
            Err(failure) => self.failure = Some(failure),
        }
    }
}
