//! Posts, each held once whatever lists show it. A post keeps its key from the moment it is written: the
//! author and the id that their client gave it. So the card on the screen stays the same one when the server
//! confirms it.

mod answered;
pub(crate) mod draft;
pub(crate) mod feed;
mod heard;
mod lists;
pub(crate) mod reacting;
mod removed;
mod sharing;
pub(crate) mod thread;

use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

use hearth_shared::ids::{ClientId, Id, PostId, UserId};
use hearth_shared::page::Page;
use hearth_shared::posts::{Audience, Post};
use hearth_shared::time::Timestamp;

use self::draft::Draft;
pub(crate) use self::draft::{Composing, NewEntry};
use self::feed::List;
pub(crate) use self::lists::ListId;
use self::reacting::Reacting;
pub(crate) use self::removed::Removed;
use self::thread::{Parent, Thread};
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
    pub(crate) reacting: Reacting,
    pub(crate) thread: Thread,
    /// A long text is shown whole.
    pub(crate) unfolded: bool,
    /// The post that this one passes on, also when that cannot be seen any more.
    pub(crate) original: Option<PostId>,
    /// The addresses of its pictures have run out.
    lost: bool,
    /// At which of [`Posts::writes`] the server confirmed it, its text, the reaction, the counts, what only this
    /// viewer knows of it.
    born: u32,
    written: u32,
    liked: u32,
    counted: u32,
    marked: u32,
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
            original: sharing::original_of(&post),
            post,
            delivery,
            reacting: Reacting::default(),
            unfolded: false,
            lost: false,
            born: 0,
            written: 0,
            liked: 0,
            counted: 0,
            marked: 0,
            framed: 0,
            gone: false,
        }
    }

    /// The id, once the server has given it.
    pub(crate) fn id(&self) -> Option<PostId> {
        Some(self.post.id).filter(|id| id.get() != 0)
    }
}

/// All posts that are known, and the lists that show them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Posts {
    entries: HashMap<PostKey, Ptr<Entry>>,
    keys: HashMap<PostId, PostKey>,
    lists: HashMap<ListId, Ptr<List>>,
    /// Comments that are being written, by the post and what they answer.
    unsent: HashMap<(PostKey, Parent), String>,
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
        self.entries.values().map(|entry| &entry.post).any(|post| {
            let media = post.media.iter().map(|media| media.id);
            post.id.get() == 0 && draft.became(&post.body, post.audience, media)
        })
    }

    /// The comment that is being written on a post.
    pub(crate) fn unsent(&self, key: &PostKey, parent: Parent) -> String {
        let place = (key.clone(), parent);
        self.unsent.get(&place).cloned().unwrap_or_default()
    }

    /// Whether any comment is being written on a post.
    pub(crate) fn is_writing(&self, key: &PostKey) -> bool {
        self.unsent.keys().any(|(post, _)| post == key)
    }

    /// Keeps what is typed; an empty text is no comment.
    pub(crate) fn keep_unsent(&mut self, key: &PostKey, parent: Parent, text: String) {
        let place = (key.clone(), parent);
        if text.is_empty() {
            self.unsent.remove(&place);
        } else {
            self.unsent.insert(place, text);
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
                    post.media.clone_from(&entry.post.media);
                    post.edited_at = entry.post.edited_at;
                }
                if entry.liked > since {
                    post.reactions.clone_from(&entry.post.reactions);
                    post.my_reaction = entry.post.my_reaction;
                }
                if entry.counted > since {
                    post.comment_count = entry.post.comment_count;
                    post.share_count = entry.post.share_count;
                }
                if entry.marked > since {
                    (post.my_saved, post.my_muted) = (entry.post.my_saved, entry.post.my_muted);
                }
                if !entry.lost {
                    sharing::keep_addresses(&entry.post, &mut post);
                }
                let same = entry.post == post && entry.delivery == Delivery::Done && !entry.lost;
                if !same {
                    entry.change(|entry| {
                        entry.thread.learn(&post.last_comments, since);
                        entry.original = sharing::original_of(&post).or(entry.original);
                        entry.post = post;
                        entry.delivery = Delivery::Done;
                        entry.lost = false;
                    });
                }
            }
            None => {
                self.entries
                    .insert(key.clone(), Ptr::new(Entry::new(post, Delivery::Done)));
            }
        }
        self.refresh_shares(&key);
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

    /// The newest page, looked at in passing: what is new waits behind the pill. `asked` is what was announced when
    /// the call started: if it is not in the answer it is not to be seen any more.
    pub(crate) fn look(
        &mut self,
        id: &ListId,
        page: Page<Post>,
        now: Timestamp,
        since: u32,
        asked: &[PostId],
    ) {
        let found: Vec<PostId> = page.items.iter().map(|post| post.id).collect();
        let page = self.learn_page(page, since);
        let own = self.own(id, since);
        self.change_list(id, |list| {
            list.announced
                .retain(|id| !asked.contains(id) && !found.contains(id));
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
                media: draft.media,
                shared: draft.shared,
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
        self.unsent.retain(|(post, _), _| post != key);
        if let Some(entry) = self.entries.remove(key) {
            self.keys.remove(&entry.post.id);
        }
        for list in self.lists.values_mut() {
            list.change(|list| list.remove(key));
        }
    }

    /// The server says that a post is not there. Where somebody writes below it, or what they wrote has not arrived, it
    /// stays and says so: a word that was typed is not taken away.
    pub(crate) fn lost(&mut self, key: &PostKey) {
        let undelivered = self.get(key).is_some_and(|entry| entry.thread.has_undelivered());
        if undelivered || self.is_writing(key) {
            self.change(key, |entry| entry.gone = true);
        } else {
            self.remove(key);
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
        self.hide_originals(|original| original.author.id == author && original.audience != Audience::Public);
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
            let mut thread = entry.thread.clone();
            if thread.forget_author(author) {
                entry.change(|entry| entry.thread = thread);
            }
        }
        self.hide_originals(|original| original.author.id == author);
    }
}

#[cfg(test)]
pub(crate) mod tests;
