//! What the socket says about posts.

use hearth_shared::ids::PostId;
use hearth_shared::realtime::frames::{FeedNew, PostState};

use super::state::{ListId, PostKey};
use super::{actions, comment_actions};
use crate::context::App;
use crate::features::users::preferences::Announcements;
use crate::platform::{clock, dom, spawn};
use crate::text::posts as words;

/// A post of one's own is on its way to its page for about this long.
const OWN_MILLIS: u32 = 2_000;

/// Somebody wrote a post.
pub(crate) fn on_new(app: &App, new: FeedNew) {
    let app = app.clone();
    spawn(async move {
        // The answer to one's own post may come later than this.
        if new.author_id == app.user.id {
            clock::sleep(OWN_MILLIS).await;
        }
        let empty = app.posts.read(|posts| {
            let feed = posts.list(&ListId::Feed);
            feed.known && feed.keys.is_empty()
        });
        if empty {
            // There is nothing that it could push away.
            actions::look(&app, &ListId::Feed);
        } else if app.posts.change(|posts| posts.announce(new.post_id)) {
            let waiting = app.posts.read(|posts| posts.list(&ListId::Feed).new_count());
            let told = app
                .base
                .preferences
                .read(|preferences| preferences.announcements == Announcements::All);
            if told {
                app.base.announce(words::show_new(waiting));
            }
        }
    });
}

/// A post that is watched is like this now. `first` says that it has only begun to be watched: comments may
/// have been missed before.
pub(crate) fn on_state(app: &App, state: &PostState, first: bool) {
    on_original(app, state);
    let Some(key) = app
        .posts
        .read(|posts| posts.by_id(state.post_id))
        .map(|entry| entry.key.clone())
    else {
        return;
    };
    if state.gone {
        return leave(app, &key, state.post_id);
    }
    let observed = app.posts.change(|posts| posts.observe(state));
    let Some(observed) = observed else { return };
    if observed.edited {
        let (app, id) = (app.clone(), state.post_id);
        spawn(async move { drop(actions::fetch(&app, id).await) });
    }
    if first && observed.counted {
        comment_actions::refresh(app, &key);
    }
}

/// The same for one that stands inside others. One that can be seen again is shown again.
fn on_original(app: &App, state: &PostState) {
    let id = state.post_id;
    if app.posts.read(|posts| posts.sharers(id)).is_empty() {
        return;
    }
    if state.gone {
        return app.posts.change(|posts| posts.hide_original(id));
    }
    let known = app.posts.read(|posts| posts.original(id));
    let same = known
        .is_some_and(|original| original.edited_at == state.edited_at && original.audience == state.audience);
    if !same {
        let app = app.clone();
        spawn(async move { drop(actions::fetch(&app, id).await) });
    }
}

/// A post is gone. It leaves quietly, unless that would take something out of its reader's hands.
fn leave(app: &App, key: &PostKey, id: PostId) {
    let busy = dom::has_focus_within(&format!("[data-post=\"{id}\"]"))
        || app.posts.read(|posts| posts.is_writing(key));
    app.posts.change(|posts| {
        if busy {
            posts.change(key, |entry| entry.gone = true);
        } else {
            posts.remove(key);
        }
    });
}
