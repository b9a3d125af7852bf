//! The comments under a post: the newest ones, earlier ones when they are asked for, one's own that are on
//! their way at the end.

use hearth_shared::ids::{ClientId, CommentId, Id, PostId, UserId};
use hearth_shared::page::{Cursor, Page};
use hearth_shared::posts::{Comment, ReactionCounts};
use hearth_shared::time::Timestamp;
use hearth_shared::users::UserCard;

use super::Delivery;
use crate::platform::api::Failure;

/// A comment and how far it has come.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CommentEntry {
    pub(crate) comment: Comment,
    pub(crate) delivery: Delivery,
}

impl CommentEntry {
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
}

/// The comments of one post that are shown.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Thread {
    /// The oldest first.
    pub(crate) items: Vec<CommentEntry>,
    /// Where the next earlier page starts.
    pub(crate) next: Option<Cursor>,
    pub(crate) loading: bool,
    pub(crate) failure: Option<Failure>,
    /// Deleted for good: an answer that still has them is late.
    deleted: Vec<CommentId>,
}

impl Thread {
    pub(super) fn new(last: &[Comment]) -> Self {
        let mut thread = Self::default();
        thread.learn(last);
        thread
    }

    /// Takes comments as the server has them.
    pub(crate) fn learn(&mut self, comments: &[Comment]) {
        for comment in comments {
            self.put(comment.clone());
        }
    }

    /// Puts a comment where it belongs. True when the server had it not before.
    fn put(&mut self, mut comment: Comment) -> bool {
        if self.deleted.contains(&comment.id) {
            return false;
        }
        let (author, client_id) = (comment.author.id, comment.client_id.clone());
        let known = self.items.iter().position(|item| item.is(author, &client_id));
        let before = known.map(|at| self.items.remove(at));
        if let Some(newer) = before.as_ref().map(|item| &item.comment)
            && newer.edited_at > comment.edited_at
        {
            comment.clone_from(newer);
        }
        let new = before.as_ref().is_none_or(|item| item.id().is_none());
        // Ids are sorted by time; those without one are the newest.
        let at = self
            .items
            .iter()
            .position(|item| item.id().is_none_or(|id| id > comment.id));
        let entry = CommentEntry {
            comment,
            delivery: Delivery::Done,
        };
        self.items.insert(at.unwrap_or(self.items.len()), entry);
        new
    }

    fn find(&mut self, author: UserId, client_id: &ClientId) -> Option<&mut CommentEntry> {
        self.items.iter_mut().find(|item| item.is(author, client_id))
    }

    /// How many comments came before those that are shown.
    pub(crate) fn earlier(&self, count: u32) -> u32 {
        let shown = self.items.iter().filter(|item| item.id().is_some()).count();
        count.saturating_sub(u32::try_from(shown).unwrap_or(u32::MAX))
    }

    /// A page of earlier comments has come, or has not.
    pub(crate) fn settle(&mut self, outcome: Result<Page<Comment>, Failure>) {
        self.loading = false;
        match outcome {
            Ok(page) => {
                self.next = page.next_cursor;
                self.failure = None;
                self.learn(&page.items);
            }
            Err(failure) => self.failure = Some(failure),
        }
    }

    /// A comment of one's own appears at once.
    pub(crate) fn begin(
        &mut self,
        post_id: PostId,
        client_id: ClientId,
        author: UserCard,
        body: String,
        now: Timestamp,
    ) {
        self.items.push(CommentEntry {
            comment: Comment {
                id: CommentId::new(0),
                client_id,
                post_id,
                author,
                body,
                created_at: now,
                edited_at: None,
                parent_id: None,
                mentions: Vec::new(),
                reactions: ReactionCounts::new(),
                my_reaction: None,
                reply_count: 0,
            },
            delivery: Delivery::Sending,
        });
    }

    /// It arrived. True when it is one more than before.
    pub(super) fn confirm(&mut self, comment: Comment) -> bool {
        self.put(comment)
    }

    /// It is on its way again, or has not arrived.
    pub(crate) fn deliver(&mut self, author: UserId, client_id: &ClientId, delivery: Delivery) {
        if let Some(item) = self.find(author, client_id) {
            item.delivery = delivery;
        }
    }

    /// Gives up one that has not arrived.
    pub(crate) fn discard(&mut self, client_id: &ClientId) {
        self.items
            .retain(|item| item.id().is_some() || item.comment.client_id != *client_id);
    }

    /// The server says that one is gone.
    pub(super) fn forget(&mut self, id: CommentId) {
        self.remove(id);
    }

    /// Takes one out. True when it was there.
    pub(super) fn remove(&mut self, id: CommentId) -> bool {
        self.deleted.push(id);
        let before = self.items.len();
        self.items.retain(|item| item.id() != Some(id));
        self.items.len() < before
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::tests::{client, user};
    use super::*;

    pub(crate) fn comment(id: i64) -> Comment {
        Comment {
            id: CommentId::new(id),
            client_id: client(u8::try_from(id).unwrap()),
            post_id: PostId::new(1),
            author: user(1),
            body: "text".into(),
            created_at: Timestamp::from_millis(id),
            edited_at: None,
            parent_id: None,
            mentions: Vec::new(),
            reactions: ReactionCounts::new(),
            my_reaction: None,
            reply_count: 0,
        }
    }

    fn ids(thread: &Thread) -> Vec<i64> {
        thread.items.iter().map(|item| item.comment.id.get()).collect()
    }

    #[test]
    fn earlier_pages_join_what_is_shown() {
        let mut thread = Thread::new(&[comment(8), comment(9)]);
        assert_eq!(thread.earlier(9), 7);
        let newest_first = [9, 8, 7, 6].map(comment).to_vec();
        thread.settle(Ok(Page {
            items: newest_first,
            next_cursor: Some(Cursor("x".into())),
            seq: None,
        }));
        assert_eq!(ids(&thread), [6, 7, 8, 9]);
        assert_eq!(thread.earlier(9), 5);
    }

    #[test]
    fn ones_own_stays_last_until_it_is_confirmed_and_counts_once() {
        let mut thread = Thread::new(&[comment(1)]);
        thread.begin(
            PostId::new(1),
            client(5),
            user(1),
            "text".into(),
            Timestamp::from_millis(0),
        );
        let key = thread.items[1].key();
        thread.learn(&[comment(3)]);
        assert_eq!(ids(&thread), [1, 3, 0]);
        assert_eq!(thread.earlier(2), 0);
        assert!(thread.confirm(comment(5)));
        assert!(!thread.confirm(comment(5)));
        assert_eq!((ids(&thread), thread.items[2].key()), (vec![1, 3, 5], key));
    }

    #[test]
    fn a_late_answer_does_not_undo_an_edit() {
        let mut edited = comment(1);
        edited.body = "new".into();
        edited.edited_at = Some(Timestamp::from_millis(9));
        let mut thread = Thread::new(&[edited]);
        thread.learn(&[comment(1)]);
        assert_eq!(thread.items[0].comment.body, "new");
    }

    #[test]
    fn a_comment_that_did_not_arrive_can_be_given_up() {
        let mut thread = Thread::default();
        thread.begin(
            PostId::new(1),
            client(5),
            user(1),
            "text".into(),
            Timestamp::from_millis(0),
        );
        thread.deliver(user(1).id, &client(5), Delivery::Failed(Failure::Unreachable));
        assert_eq!(thread.items[0].delivery, Delivery::Failed(Failure::Unreachable));
        thread.discard(&client(5));
        assert!(thread.items.is_empty());
    }
}
