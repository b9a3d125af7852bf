//! Posts that leave the page and may come back to where they stood.

use hearth_shared::ids::{PostId, UserId};

use super::{Entry, ListId, PostKey, Posts};
use crate::store::Ptr;

/// Where a post stood in a list: at which place, before which other one.
#[derive(Debug, Clone, PartialEq)]
struct Place {
    list: ListId,
    key: PostKey,
    at: usize,
    before: Option<PostKey>,
}

/// What was taken off the page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Removed {
    /// The post itself; none when it only left a list.
    entry: Option<Ptr<Entry>>,
    places: Vec<Place>,
}

impl Posts {
    fn place(&self, list: &ListId, key: &PostKey) -> Option<Place> {
        let keys = &self.lists.get(list)?.keys;
        let at = keys.iter().position(|other| other == key)?;
        Some(Place {
            list: list.clone(),
            key: key.clone(),
            at,
            before: keys.get(at + 1).cloned(),
        })
    }

    /// A post of one's own was deleted: it leaves every list, and an answer that still has it is late.
    pub(crate) fn take_out(&mut self, key: &PostKey) -> Option<Removed> {
        let entry = self.get(key)?;
        let places = self.lists.keys().filter_map(|list| self.place(list, key));
        let places = places.collect();
        self.delete(key, entry.post.id);
        Some(Removed {
            entry: Some(entry),
            places,
        })
    }

    /// Posts that one does not want to see leave the feed.
    fn leave_feed(&mut self, leaves: impl Fn(&Entry) -> bool) -> Removed {
        let feed = self.list(&ListId::Feed);
        let keys = feed.keys.iter().rev();
        let leaving = keys.filter(|key| self.get(key).is_some_and(|entry| leaves(&entry)));
        // The last one first: it comes back first, and is there when the one before it does.
        let places: Vec<Place> = leaving.filter_map(|key| self.place(&ListId::Feed, key)).collect();
        self.change_list(&ListId::Feed, |list| {
            places.iter().for_each(|place| list.remove(&place.key));
        });
        Removed { entry: None, places }
    }

    /// One wants to hear no more of a post.
    pub(crate) fn mute_post(&mut self, key: &PostKey) -> Removed {
        self.mark_muted(key, true);
        self.leave_feed(|entry| entry.key == *key)
    }

    /// The same of a person.
    pub(crate) fn mute_person(&mut self, author: UserId) -> Removed {
        self.leave_feed(|entry| entry.post.author.id == author)
    }

    /// What was taken off the page is there again.
    pub(crate) fn put_back(&mut self, removed: Removed) {
        if let Some(entry) = removed.entry {
            let id = entry.post.id;
            self.deleted.retain(|other| *other != id);
            self.keys.insert(id, entry.key.clone());
            let key = entry.key.clone();
            self.entries.insert(key.clone(), entry);
            self.refresh_shares(&key);
        }
        for place in removed.places {
            if self.get(&place.key).is_none() {
                continue;
            }
            self.change_list(&place.list, |list| {
                if list.keys.contains(&place.key) {
                    return;
                }
                let next = place.before.as_ref();
                let next = next.and_then(|next| list.keys.iter().position(|key| key == next));
                list.keys
                    .insert(next.unwrap_or(place.at).min(list.keys.len()), place.key.clone());
            });
        }
    }

    /// A post was deleted: an answer that still has it is late.
    pub(crate) fn delete(&mut self, key: &PostKey, id: PostId) {
        self.deleted.push(id);
        self.remove(key);
        self.hide_originals(|original| original.id == id);
    }
}
