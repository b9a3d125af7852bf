//! Posts, each held once whatever lists show it. A post keeps its key from the moment it is written: the
//! author and the id that their client gave it. So the card on the screen stays the same one when the server
//! confirms it.

pub(crate) mod draft;
pub(crate) mod feed;
pub(crate) mod likes;
pub(crate) mod links;
pub(crate) mod thread;

use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

use hearth_shared::ids::{ClientId, CommentId, Id, PostId, UserId};
use hearth_shared::page::Page;
use hearth_shared::posts::{Audience, Comment, Post, Reactions};
use hearth_shared::time::Timestamp;
use hearth_shared::users::UserCard;

pub(crate) use self::draft::Composing;
use self::draft::Draft;
use self::feed::List;
use self::likes::Like;
use self::thread::Thread;
use crate::platform::api::Failure;
use crate::store::Ptr;

/// A post, from before it has an id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PostKey(Rc<str>);

impl PostKey {
    pub(crate) fn new(author: UserId, client_id: &ClientId) -> Self {
        Self(format!("{author}-{client_id}").into())
    }

    pub(crate) fn of(post: &Post) -> Self {
        Self::new(post.author.id, &post.client_id)
    }
}

impl fmt::Display for PostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How far something that was written here has come.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Delivery {
    /// The server has it.
    Done,
    /// On its way.
    Sending,
    /// It did not arrive.
    Failed(Failure),
}

/// A post and what belongs to it on the screen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: PostKey,
    pub(crate) post: Post,
    pub(crate) delivery: Delivery,
    pub(crate) like: Like,
    pub(crate) thread: Thread,
    /// A long text is shown whole.
    pub(crate) unfolded: bool,
}

impl Entry {
    fn new(post: Post, delivery: Delivery) -> Self {
        Self {
            key: PostKey::of(&post),
            thread: Thread::new(&post.last_comments),
            post,
            delivery,
            like: Like::default(),
            unfolded: false,
        }
    }

    /// The id, once the server has given it.
    pub(crate) fn id(&self) -> Option<PostId> {
        Some(self.post.id).filter(|id| id.get() != 0)
    }
}

/// Which list of posts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum ListId {
    Feed,
    /// Those of one person, by username.
    Of(String),
}

/// All posts that are known, and the lists that show them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Posts {
    entries: HashMap<PostKey, Ptr<Entry>>,
    keys: HashMap<PostId, PostKey>,
    lists: HashMap<ListId, Ptr<List>>,
}

impl Posts {
    /// A post by its key.
    pub(crate) fn get(&self, key: &PostKey) -> Option<Ptr<Entry>> {
        self.entries.get(key).cloned()
    }

    /// A post by its id.
    pub(crate) fn by_id(&self, id: PostId) -> Option<Ptr<Entry>> {
        self.get(self.keys.get(&id)?)
    }

    /// Whether a draft is on the page already, as a post that has not arrived.
    pub(crate) fn shows(&self, draft: &Draft) -> bool {
        self.entries
            .values()
            .any(|entry| entry.id().is_none() && draft.became(&entry.post.body, entry.post.audience))
    }

    /// Changes a post.
    pub(crate) fn change(&mut self, key: &PostKey, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.entries.get_mut(key) {
            entry.change(change);
        }
    }

    /// Takes a post as the server has it. What is on its way from here stays as it is shown.
    pub(crate) fn learn(&mut self, post: Post) -> PostKey {
        let key = PostKey::of(&post);
        self.keys.insert(post.id, key.clone());
        match self.entries.get_mut(&key) {
            Some(entry) => {
                let same = entry.post == post && entry.delivery == Delivery::Done;
                if !same {
                    entry.change(|entry| {
                        entry.thread.learn(&post.last_comments);
                        entry.post = post;
                        entry.delivery = Delivery::Done;
                    });
                }
            }
            None => {
                self.entries
                    .insert(key.clone(), Ptr::new(Entry::new(post, Delivery::Done)));
            }
        }
        key
    }

    /// A list; empty when nothing is known of it.
    pub(crate) fn list(&self, id: &ListId) -> Ptr<List> {
        self.lists
            .get(id)
            .cloned()
            .unwrap_or_else(|| Ptr::new(List::default()))
    }

    /// Changes a list.
    pub(crate) fn change_list<T>(&mut self, id: &ListId, change: impl FnOnce(&mut List) -> T) -> Option<T> {
        let mut result = None;
        let list = self
            .lists
            .entry(id.clone())
            .or_insert_with(|| Ptr::new(List::default()));
        list.change(|list| result = Some(change(list)));
        result
    }

    /// A page of a list has come, or has not.
    pub(crate) fn settle(
        &mut self,
        id: &ListId,
        more: bool,
        outcome: Result<Page<Post>, Failure>,
        now: Timestamp,
    ) {
        let outcome = outcome.map(|page| page.map(|post| self.learn(post)));
        let own = self.own(id);
        self.change_list(id, |list| {
            list.settle(more, outcome, now);
            own.iter().rev().for_each(|key| list.put_first(key));
        });
    }

    /// What was written here and has not arrived is in no answer; it stays on top.
    fn own(&self, id: &ListId) -> Vec<PostKey> {
        let mut own = self.list(id).keys.clone();
        own.retain(|key| self.get(key).is_some_and(|entry| entry.id().is_none()));
        own
    }

    /// The newest page, looked at in passing: what is new waits behind the pill.
    pub(crate) fn look(&mut self, id: &ListId, page: Page<Post>, now: Timestamp) {
        let page = page.map(|post| self.learn(post));
        let own = self.own(id);
        self.change_list(id, |list| {
            list.look(page, now);
            own.iter().rev().for_each(|key| list.put_first(key));
        });
    }

    /// A new post of one's own appears at the top of one's lists at once.
    pub(crate) fn begin(&mut self, draft: NewEntry) -> PostKey {
        let username = draft.author.username.clone();
        let entry = Entry::new(
            Post {
                id: PostId::new(0),
                client_id: draft.client_id,
                author: draft.author,
                body: draft.body,
                audience: draft.audience,
                reactions: Default::default(),
                my_reaction: None,
                comment_count: 0,
                last_comments: Vec::new(),
                created_at: draft.now,
                edited_at: None,
            },
            Delivery::Sending,
        );
        let key = entry.key.clone();
        self.entries.insert(key.clone(), Ptr::new(entry));
        for id in [ListId::Feed, ListId::Of(username)] {
            self.change_list(&id, |list| list.put_first(&key));
        }
        key
    }

    /// A post is gone: deleted here, or the server says so.
    pub(crate) fn remove(&mut self, key: &PostKey) {
        if let Some(entry) = self.entries.remove(key) {
            self.keys.remove(&entry.post.id);
        }
        for list in self.lists.values_mut() {
            list.change(|list| list.remove(key));
        }
    }

    /// The server answered what the reactions are now. Gives what is still to be sent.
    pub(crate) fn liked(&mut self, key: &PostKey, outcome: Option<Reactions>) -> Option<bool> {
        let mut next = None;
        self.change(key, |entry| {
            if let Some(now) = outcome {
                entry.post.reactions = now.reactions;
                entry.post.my_reaction = now.my_reaction;
                next = entry.like.confirmed(entry.post.my_reaction.is_some());
            } else {
                entry.like = Like::default();
            }
        });
        next
    }

    /// A comment arrived at the server.
    pub(crate) fn commented(&mut self, key: &PostKey, comment: Comment) {
        self.change(key, |entry| {
            if entry.thread.confirm(comment) {
                entry.post.comment_count += 1;
            }
        });
    }

    /// A comment is gone.
    pub(crate) fn uncommented(&mut self, key: &PostKey, id: CommentId) {
        self.change(key, |entry| {
            if entry.thread.remove(id) {
                entry.post.comment_count = entry.post.comment_count.saturating_sub(1);
            }
        });
    }
}

/// What a new post is made of.
pub(crate) struct NewEntry {
    pub(crate) client_id: ClientId,
    pub(crate) author: UserCard,
    pub(crate) body: String,
    pub(crate) audience: Audience,
    pub(crate) now: Timestamp,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn user(id: i64) -> UserCard {
        UserCard {
            id: UserId::new(id),
            username: format!("user{id}"),
            display_name: format!("User {id}"),
            avatar_url: None,
            rev: 1,
        }
    }

    pub(crate) fn client(byte: u8) -> ClientId {
        ClientId::from_random_bytes([byte; 16])
    }

    fn post(id: i64, author: i64) -> Post {
        Post {
            id: PostId::new(id),
            client_id: client(u8::try_from(id).unwrap()),
            author: user(author),
            body: "text".into(),
            audience: Audience::Friends,
            reactions: Default::default(),
            my_reaction: None,
            comment_count: 0,
            last_comments: Vec::new(),
            created_at: Timestamp::from_millis(id),
            edited_at: None,
        }
    }

    fn page(ids: &[i64]) -> Page<Post> {
        Page {
            items: ids.iter().map(|id| post(*id, 1)).collect(),
            next_cursor: None,
        }
    }

    fn now() -> Timestamp {
        Timestamp::from_millis(0)
    }

    #[test]
    fn a_post_keeps_its_key_when_it_is_confirmed() {
        let mut posts = Posts::default();
        let key = posts.begin(NewEntry {
            client_id: client(7),
            author: user(1),
            body: "text".into(),
            audience: Audience::Friends,
            now: now(),
        });
        assert_eq!(posts.get(&key).unwrap().id(), None);
        assert_eq!(posts.learn(post(7, 1)), key);
        let entry = posts.by_id(PostId::new(7)).unwrap();
        assert_eq!(
            (entry.id(), &entry.delivery),
            (Some(PostId::new(7)), &Delivery::Done)
        );
        assert_eq!(posts.list(&ListId::Feed).keys.as_slice(), [key]);
    }

    #[test]
    fn a_draft_that_is_on_its_way_is_on_the_page_until_it_arrives() {
        let mut posts = Posts::default();
        let draft = Draft {
            body: "text".into(),
            audience: Audience::Friends,
        };
        assert!(!posts.shows(&draft));
        posts.begin(NewEntry {
            client_id: client(7),
            author: user(1),
            body: "text".into(),
            audience: Audience::Friends,
            now: now(),
        });
        assert!(posts.shows(&draft) && !posts.shows(&Draft::default()));
        posts.learn(post(7, 1));
        assert!(!posts.shows(&draft));
    }

    #[test]
    fn two_authors_may_use_the_same_client_id() {
        assert_ne!(PostKey::of(&post(7, 1)), PostKey::of(&post(7, 2)));
    }

    #[test]
    fn a_removed_post_leaves_every_list() {
        let mut posts = Posts::default();
        posts.settle(&ListId::Feed, false, Ok(page(&[3, 2, 1])), now());
        posts.settle(&ListId::Of("user1".into()), false, Ok(page(&[3, 2])), now());
        posts.remove(&PostKey::of(&post(2, 1)));
        assert_eq!(posts.list(&ListId::Feed).keys.len(), 2);
        assert_eq!(posts.list(&ListId::Of("user1".into())).keys.len(), 1);
        assert!(posts.by_id(PostId::new(2)).is_none());
    }

    #[test]
    fn reading_the_same_again_renders_nothing() {
        let mut posts = Posts::default();
        let key = posts.learn(post(1, 1));
        let before = posts.get(&key).unwrap();
        posts.learn(post(1, 1));
        assert!(posts.get(&key).unwrap() == before);
    }
}
