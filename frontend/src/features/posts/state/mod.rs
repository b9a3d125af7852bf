//! Posts, each held once whatever lists show it. A post keeps its key from the moment it is written: the
//! author and the id that their client gave it. So the card on the screen stays the same one when the server
//! confirms it.

pub(crate) mod draft;
pub(crate) mod feed;
pub(crate) mod likes;
mod lists;
pub(crate) mod thread;

use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

use hearth_shared::ids::{ClientId, CommentId, Id, PostId, UserId};
use hearth_shared::page::Page;
use hearth_shared::posts::{Audience, Comment, Post, Reactions};
use hearth_shared::realtime::frames::PostState;
use hearth_shared::time::Timestamp;

use self::draft::Draft;
pub(crate) use self::draft::{Composing, NewEntry};
use self::feed::List;
use self::likes::Like;
pub(crate) use self::lists::ListId;
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
    /// At which of [`Posts::writes`] the server confirmed it, its text, the heart, the count of comments.
    born: u32,
    written: u32,
    liked: u32,
    counted: u32,
    /// The same for the last word of the socket about its counts.
    framed: u32,
    /// It is gone, but its reader has the focus in it or is writing a comment.
    pub(crate) gone: bool,
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
            born: 0,
            written: 0,
            liked: 0,
            counted: 0,
            framed: 0,
            gone: false,
        }
    }

    /// The id, once the server has given it.
    pub(crate) fn id(&self) -> Option<PostId> {
        Some(self.post.id).filter(|id| id.get() != 0)
    }
}

/// What a word of the socket about a post leaves to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Observed {
    /// The text is another one now.
    pub(crate) edited: bool,
    /// There are other comments than before.
    pub(crate) counted: bool,
}

/// All posts that are known, and the lists that show them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Posts {
    entries: HashMap<PostKey, Ptr<Entry>>,
    keys: HashMap<PostId, PostKey>,
    lists: HashMap<ListId, Ptr<List>>,
    /// Comments that are being written, by the post.
    unsent: HashMap<PostKey, String>,
    /// How many writes of this page the server has confirmed.
    writes: u32,
    /// Deleted for good.
    deleted: Vec<PostId>,
    /// What was looked for, the latest last.
    searches: Vec<String>,
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

    /// The comment that is being written on a post.
    pub(crate) fn unsent(&self, key: &PostKey) -> String {
        self.unsent.get(key).cloned().unwrap_or_default()
    }

    /// Keeps what is typed; an empty text is no comment.
    pub(crate) fn keep_unsent(&mut self, key: &PostKey, text: String) {
        if text.is_empty() {
            self.unsent.remove(key);
        } else {
            self.unsent.insert(key.clone(), text);
        }
    }

    /// Changes a post.
    pub(crate) fn change(&mut self, key: &PostKey, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.entries.get_mut(key) {
            entry.change(change);
        }
    }

    /// A read starts, or a write: its answer knows nothing of the writes that are confirmed meanwhile.
    pub(crate) fn reading(&self) -> u32 {
        self.writes
    }

    /// Notes that a write was confirmed.
    fn wrote(&mut self) -> u32 {
        self.writes += 1;
        self.writes
    }

    /// Takes a post as the server had it at some time since a call started. What is on its way from here
    /// stays as it is shown, what was confirmed since then stays as it is. None when it has been deleted.
    pub(crate) fn learn(&mut self, mut post: Post, since: u32) -> Option<PostKey> {
        if self.deleted.contains(&post.id) {
            return None;
        }
        let key = PostKey::of(&post);
        self.keys.insert(post.id, key.clone());
        match self.entries.get_mut(&key) {
            Some(entry) => {
                if entry.written > since {
                    post.body.clone_from(&entry.post.body);
                    post.audience = entry.post.audience;
                    post.edited_at = entry.post.edited_at;
                }
                if entry.liked > since {
                    post.reactions.clone_from(&entry.post.reactions);
                    post.my_reaction = entry.post.my_reaction;
                }
                if entry.counted > since {
                    post.comment_count = entry.post.comment_count;
                }
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
        Some(key)
    }

    /// The posts of a page, without those that have been deleted.
    fn learn_page(&mut self, page: Page<Post>, since: u32) -> Page<PostKey> {
        let items = page.items.into_iter();
        Page {
            items: items.filter_map(|post| self.learn(post, since)).collect(),
            next_cursor: page.next_cursor,
            seq: None,
        }
    }

    /// A new or changed text arrived at the server.
    pub(crate) fn written(&mut self, post: Post, since: u32, new: bool) {
        let now = self.wrote();
        let id = post.id;
        if let Some(key) = self.learn(post, since) {
            for list in self
                .lists
                .values_mut()
                .filter(|list| list.announced.contains(&id))
            {
                list.change(|list| list.announced.retain(|other| *other != id));
            }
            self.change(&key, |entry| {
                entry.written = now;
                if new {
                    entry.born = now;
                }
            });
        }
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
        since: u32,
    ) {
        let outcome = outcome.map(|page| self.learn_page(page, since));
        let own = self.own(id, since);
        self.change_list(id, |list| {
            list.settle(more, outcome, now);
            own.iter().rev().for_each(|key| list.keep_first(key));
        });
    }

    /// What was written here and had not arrived when a call started need not be in its answer; it stays on
    /// top.
    fn own(&self, id: &ListId, since: u32) -> Vec<PostKey> {
        let mut own = self.list(id).keys.clone();
        let kept = |entry: Ptr<Entry>| entry.id().is_none() || entry.born > since;
        own.retain(|key| self.get(key).is_some_and(kept));
        own
    }

    /// The newest page, looked at in passing: what is new waits behind the pill.
    pub(crate) fn look(&mut self, id: &ListId, page: Page<Post>, now: Timestamp, since: u32) {
        let page = self.learn_page(page, since);
        let own = self.own(id, since);
        let keys = &self.keys;
        let mut announced = self.list(id).announced.clone();
        announced.retain(|id| !keys.contains_key(id));
        self.change_list(id, |list| {
            list.announced = announced;
            list.look(page, now);
            own.iter().rev().for_each(|key| list.keep_first(key));
        });
    }

    /// A new post of one's own appears at the top of one's lists at once.
    pub(crate) fn begin(&mut self, draft: NewEntry) -> PostKey {
        let username = draft.author.username.clone();
        let lists = self.lists_of(&username, &draft.body);
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
                mentions: Vec::new(),
                media: Vec::new(),
                shared: None,
                share_count: 0,
                my_saved: false,
                my_muted: false,
            },
            Delivery::Sending,
        );
        let key = entry.key.clone();
        self.entries.insert(key.clone(), Ptr::new(entry));
        for id in lists {
            self.change_list(&id, |list| list.put_first(&key));
        }
        key
    }

    /// A post is gone: deleted here, or the server says so.
    pub(crate) fn remove(&mut self, key: &PostKey) {
        self.unsent.remove(key);
        if let Some(entry) = self.entries.remove(key) {
            self.keys.remove(&entry.post.id);
        }
        for list in self.lists.values_mut() {
            list.change(|list| list.remove(key));
        }
    }

    /// Somebody is no friend any more: what only friends see leaves the page.
    pub(crate) fn estranged(&mut self, author: UserId) {
        let mut keys: Vec<PostKey> = self.entries.keys().cloned().collect();
        keys.retain(|key| {
            self.entries.get(key).is_some_and(|entry| {
                entry.post.author.id == author && entry.post.audience != Audience::Public
            })
        });
        for key in &keys {
            self.remove(key);
        }
    }

    /// Somebody was blocked: nothing of them is left on the page.
    pub(crate) fn blocked(&mut self, author: UserId) {
        let theirs = |entry: &Entry| entry.post.author.id == author;
        let keys: Vec<PostKey> = self
            .entries
            .iter()
            .filter(|(_, entry)| theirs(entry))
            .map(|(key, _)| key.clone())
            .collect();
        for key in &keys {
            self.remove(key);
        }
        for entry in self.entries.values_mut() {
            if entry
                .thread
                .items
                .iter()
                .any(|item| item.comment.author.id == author)
            {
                entry.change(|entry| entry.thread.items.retain(|item| item.comment.author.id != author));
            }
        }
    }

    /// A post was deleted: an answer that still has it is late.
    pub(crate) fn delete(&mut self, key: &PostKey, id: PostId) {
        self.deleted.push(id);
        self.remove(key);
    }

    /// The server answered what the reactions are now. Gives what is still to be sent. `since` is from when the
    /// heart was sent: a word of the socket since then that knows of it is at least as new.
    pub(crate) fn liked(&mut self, key: &PostKey, outcome: Option<Reactions>, since: u32) -> Option<bool> {
        let mut next = None;
        let liked = self.wrote();
        self.change(key, |entry| {
            if let Some(now) = outcome {
                if entry.framed <= since || entry.post.my_reaction != now.my_reaction {
                    entry.liked = liked;
                    entry.post.reactions = now.reactions;
                    entry.post.my_reaction = now.my_reaction;
                }
                next = entry.like.confirmed(entry.post.my_reaction.is_some());
            } else {
                entry.like = Like::default();
            }
        });
        next
    }

    /// A comment arrived at the server. When the socket said since then how many there are, it is counted.
    pub(crate) fn commented(&mut self, key: &PostKey, comment: Comment, since: u32) {
        let counted = self.wrote();
        self.change(key, |entry| {
            entry.counted = counted;
            if entry.thread.confirm(comment) && entry.framed <= since {
                entry.post.comment_count += 1;
            }
        });
    }

    /// A comment is gone.
    pub(crate) fn uncommented(&mut self, key: &PostKey, id: CommentId, since: u32) {
        let counted = self.wrote();
        self.change(key, |entry| {
            entry.counted = counted;
            if entry.thread.remove(id) && entry.framed <= since {
                entry.post.comment_count = entry.post.comment_count.saturating_sub(1);
            }
        });
    }
}

/// What the socket says.
impl Posts {
    /// A post was written by somebody else, or elsewhere. True when the pill shows one more.
    pub(crate) fn announce(&mut self, post_id: PostId) -> bool {
        let feed = self.list(&ListId::Feed);
        let shown = self.keys.get(&post_id).is_some_and(|key| feed.keys.contains(key));
        if shown || !feed.known {
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
        let post = &entry.post;
        let observed = Observed {
            edited: post.edited_at != state.edited_at || post.audience != state.audience,
            counted: post.comment_count != state.comment_count,
        };
        if observed.counted || post.reactions != state.reactions || post.my_reaction != state.my_reaction {
            let now = self.wrote();
            self.change(&entry.key, |entry| {
                // A heart on its way is shown as a difference to this, so this may change under it.
                entry.post.reactions.clone_from(&state.reactions);
                entry.post.my_reaction = state.my_reaction;
                entry.post.comment_count = state.comment_count;
                (entry.liked, entry.counted, entry.framed) = (now, now, now);
            });
        }
        Some(observed)
    }

    /// A comment was written or changed. The count comes with the post.
    pub(crate) fn overheard(&mut self, comment: Comment) {
        if let Some(entry) = self.by_id(comment.post_id) {
            self.change(&entry.key, |entry| entry.thread.learn(&[comment]));
        }
    }

    /// A comment is gone.
    pub(crate) fn unheard(&mut self, post_id: PostId, id: CommentId) {
        if let Some(entry) = self.by_id(post_id) {
            self.change(&entry.key, |entry| entry.thread.forget(id));
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
