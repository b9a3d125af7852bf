//! Posts inside other posts: what one shows of another follows that one.

use hearth_shared::ids::PostId;
use hearth_shared::media::Media;
use hearth_shared::posts::{Original, Post, Shared};

use super::{PostKey, Posts};

/// The post that a post passes on, when it can be seen.
pub(super) fn original_of(post: &Post) -> Option<PostId> {
    match &post.shared {
        Some(Shared::Post(original)) => Some(original.id),
        _ => None,
    }
}

/// Pictures that are on the page keep the addresses under which they came: other ones would load them again.
pub(super) fn keep_addresses(known: &Post, fresh: &mut Post) {
    keep(&known.media, &mut fresh.media);
    if let (Some(Shared::Post(known)), Some(Shared::Post(fresh))) = (&known.shared, &mut fresh.shared) {
        keep(&known.media, &mut fresh.media);
    }
}

fn keep(known: &[Media], fresh: &mut [Media]) {
    for one in fresh {
        if let Some(before) = known.iter().find(|other| other.id == one.id) {
            one.url.clone_from(&before.url);
            one.medium_url.clone_from(&before.medium_url);
            one.thumb_url.clone_from(&before.thumb_url);
        }
    }
}

impl Posts {
    /// The posts that pass on a post, also when that could not be seen.
    pub(crate) fn sharers(&self, original: PostId) -> Vec<PostKey> {
        let entries = self.entries.values();
        let sharers = entries.filter(|entry| entry.original == Some(original));
        sharers.map(|entry| entry.key.clone()).collect()
    }

    /// A post is known as it is now: so are those that pass it on.
    pub(super) fn refresh_shares(&mut self, key: &PostKey) {
        let Some(entry) = self.get(key).filter(|entry| entry.id().is_some()) else {
            return;
        };
        for sharer in self.sharers(entry.post.id) {
            let mut fresh = Original::from(entry.post.clone());
            let lost = self.get(&sharer).is_some_and(|entry| entry.lost);
            if let Some(known) = self.original(fresh.id).filter(|_| !lost) {
                keep(&known.media, &mut fresh.media);
            }
            let fresh = Some(Shared::Post(Box::new(fresh)));
            if self.get(&sharer).is_some_and(|entry| entry.post.shared != fresh) {
                self.change(&sharer, |entry| entry.post.shared = fresh);
            }
        }
    }

    /// Posts that cannot be seen any more cannot be seen inside others either.
    pub(super) fn hide_originals(&mut self, hidden: impl Fn(&Original) -> bool) {
        let keys: Vec<PostKey> = self.entries.keys().cloned().collect();
        for key in keys {
            let hides = self.get(&key).is_some_and(
                |entry| matches!(&entry.post.shared, Some(Shared::Post(original)) if hidden(original)),
            );
            if hides {
                self.change(&key, |entry| entry.post.shared = Some(Shared::Unavailable));
            }
        }
    }

    /// A post is gone, or not for this viewer: where it stands inside another one there is a word in its place.
    pub(crate) fn hide_original(&mut self, id: PostId) {
        self.hide_originals(|original| original.id == id);
    }

    /// What a post inside others looks like, to know whether it has changed.
    pub(crate) fn original(&self, id: PostId) -> Option<Original> {
        self.entries.values().find_map(|entry| match &entry.post.shared {
            Some(Shared::Post(original)) if original.id == id => Some((**original).clone()),
            _ => None,
        })
    }

    /// The pictures of a post that is known, also when only as part of another one.
    pub(crate) fn media_of(&self, id: PostId) -> Option<Vec<Media>> {
        let own = self.by_id(id).map(|entry| entry.post.media.clone());
        own.or_else(|| self.original(id).map(|original| original.media))
    }

    /// The addresses of a post's pictures have run out, wherever they stand.
    pub(crate) fn lose_addresses_of(&mut self, id: PostId) {
        for key in self.keys.get(&id).cloned().into_iter().chain(self.sharers(id)) {
            self.lose_addresses(&key);
        }
    }

    /// A post was passed on once more. When the socket said since then how often, it is counted.
    pub(crate) fn passed_on(&mut self, id: PostId, since: u32) {
        let counted = self.wrote();
        if let Some(entry) = self.by_id(id).filter(|entry| entry.framed <= since) {
            self.change(&entry.key, |entry| {
                entry.post.share_count += 1;
                entry.counted = counted;
            });
        }
    }
}
