//! What talks to the server about comments.

use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{ClientId, CommentId, PostId};
use hearth_shared::posts::{
    CommentPatch, CommentSort, CommentsQuery, CreateComment, DeleteComment, EditComment, ListComments,
    NewComment, RestoreComment,
};
use hearth_shared::problem::FieldError;
use hearth_shared::valid::Valid;
use yew::prelude::*;

use super::state::thread::{Parent, Taken};
use super::state::{Delivery, PostKey, Posts};
use crate::context::App;
use crate::platform::api::Failure;
use crate::platform::{clock, dom, random, spawn};
use crate::text::posts as words;

/// On its own page a post shows this many comments from the start.
const WHOLE: u32 = 100;
/// Of so many comments there the replies are shown at once.
const OPENED: usize = 5;

fn id_of(app: &App, key: &PostKey) -> Option<PostId> {
    app.posts
        .read(|posts| posts.get(key))
        .and_then(|entry| entry.id())
}

/// Loads comments that came before those that are shown, or replies to one of them.
pub(crate) fn load_earlier(app: &App, key: &PostKey, parent: Parent) {
    load(app, key, parent, None);
}

fn load(app: &App, key: &PostKey, parent_id: Parent, limit: Option<u32>) {
    let Some(post_id) = id_of(app, key) else { return };
    let mut begun = None;
    app.posts.change(|posts| {
        posts.change(key, |entry| {
            if entry.thread.load(parent_id) {
                begun = Some(entry.thread.strand(parent_id).next.clone());
            }
        });
    });
    let Some(cursor) = begun else { return };
    let (app, key) = (app.clone(), key.clone());
    spawn(async move {
        let since = app.posts.read(Posts::reading);
        let query = CommentsQuery {
            sort: CommentSort::Newest,
            limit,
            cursor,
            parent_id,
        };
        let outcome = app.base.api.get(&ListComments { post_id }, &query).await;
        app.posts.change(|posts| {
            posts.change(&key, |entry| entry.thread.settle(parent_id, outcome, since));
        });
    });
}

/// Shows the replies to a comment, or hides them.
pub(crate) fn show_replies(app: &App, key: &PostKey, to: CommentId, show: bool) {
    let mut missing = false;
    app.posts.change(|posts| {
        posts.change(key, |entry| {
            let thread = &mut entry.thread;
            thread.set_open(to, show);
            let count = thread.find(to).map_or(0, |item| item.comment.reply_count);
            missing = show && thread.strand(Some(to)).earlier(count) > 0;
        });
    });
    if missing {
        load_earlier(app, key, Some(to));
    }
}

/// Comments may have been missed: reads the newest ones again, and the replies that are shown.
pub(super) fn refresh(app: &App, key: &PostKey) {
    let Some(entry) = app.posts.read(|posts| posts.get(key)) else {
        return;
    };
    let Some(post_id) = entry.id() else { return };
    let opened = entry.thread.opened().iter().rev().take(OPENED);
    for parent_id in opened.map(|id| Some(*id)).chain([None]) {
        let (app, key) = (app.clone(), key.clone());
        spawn(async move {
            let since = app.posts.read(Posts::reading);
            let query = CommentsQuery {
                sort: CommentSort::Newest,
                parent_id,
                ..CommentsQuery::default()
            };
            if let Ok(page) = app.base.api.get(&ListComments { post_id }, &query).await {
                app.posts.change(|posts| {
                    posts.change(&key, |entry| entry.thread.catch_up(parent_id, page, since));
                });
            }
        });
    }
}

/// On a post's own page the thread is shown from the start.
pub(crate) fn begin_thread(app: &App, id: PostId) {
    let Some(entry) = app.posts.read(|posts| posts.by_id(id)) else {
        return;
    };
    if entry.thread.earlier(entry.post.comment_count) > 0 {
        load(app, &entry.key, None, Some(WHOLE));
    }
    let items = entry.thread.top().items.iter().rev();
    let answered = items.filter(|item| item.comment.reply_count > 0);
    for comment in answered.filter_map(|item| item.id()).take(OPENED) {
        show_replies(app, &entry.key, comment, true);
    }
    // One that was read before was not listened to while it was on no page.
    if entry.thread.was_read() {
        refresh(app, &entry.key);
    }
}

/// Sends a comment: it appears at once. The wrong fields when it cannot be sent.
pub(crate) fn send(app: &App, key: &PostKey, parent_id: Parent, body: String) -> Result<(), Vec<FieldError>> {
    let new = Valid::check(NewComment {
        client_id: random::client_id(),
        body,
        parent_id,
    })?
    .into_inner();
    if let Some(parent) = parent_id {
        show_replies(app, key, parent, true);
    }
    app.posts.change(|posts| {
        posts.change(key, |entry| {
            entry
                .thread
                .begin(entry.post.id, &new, app.user.clone(), clock::now());
        });
    });
    deliver(app, key, new);
    Ok(())
}

/// Tries a comment again that has not arrived; with the same id, so that it cannot be there twice.
pub(crate) fn send_again(app: &App, key: &PostKey, new: NewComment) {
    set_delivery(app, key, &new, Delivery::Sending);
    deliver(app, key, new);
}

/// False when it has arrived already, or is not there any more.
fn set_delivery(app: &App, key: &PostKey, new: &NewComment, delivery: Delivery) -> bool {
    let author = app.user.id;
    let mut set = false;
    app.posts.change(|posts| {
        posts.change(key, |entry| {
            set = entry
                .thread
                .deliver(new.parent_id, author, &new.client_id, delivery);
        });
    });
    set
}

fn deliver(app: &App, key: &PostKey, new: NewComment) {
    let Some(post_id) = id_of(app, key) else { return };
    let (app, key) = (app.clone(), key.clone());
    spawn(async move {
        let since = app.posts.read(Posts::reading);
        match app.base.api.send(&CreateComment { post_id }, &new).await {
            Ok(comment) => app.posts.change(|posts| posts.commented(&key, comment, since)),
            Err(failure) => {
                // Of a reply it may be the comment above it that is gone.
                let gone = failure.is_not_found() && new.parent_id.is_none();
                // The answer may be lost and the comment be there: then it has come by another way.
                if set_delivery(&app, &key, &new, Delivery::Failed(failure.clone())) {
                    app.base.warn(words::NOT_SENT, &failure);
                }
                if gone {
                    app.posts.change(|posts| posts.lost(&key));
                }
            }
        }
    });
}

/// Gives up a comment that has not arrived.
pub(crate) fn discard(app: &App, key: &PostKey, parent: Parent, client_id: &ClientId) {
    clock::afterwards(dom::rescue_focus);
    app.posts
        .change(|posts| posts.change(key, |entry| entry.thread.discard(parent, client_id)));
}

/// Saves a changed comment.
pub(crate) async fn edit(
    app: &App,
    key: &PostKey,
    comment_id: CommentId,
    body: String,
) -> Result<(), Failure> {
    let since = app.posts.read(Posts::reading);
    let comment = app
        .base
        .api
        .send(&EditComment { comment_id }, &CommentPatch { body })
        .await?;
    app.posts
        .change(|posts| posts.change(key, |entry| entry.thread.learn(&[comment], since)));
    Ok(())
}

/// Deletes a comment: it leaves at once. One of one's own can be put back for a moment.
pub(crate) fn delete(app: &App, key: &PostKey, comment_id: CommentId, own: bool) {
    let Some(taken) = app.posts.change(|posts| posts.take_comment(key, comment_id)) else {
        return;
    };
    clock::afterwards(dom::rescue_focus);
    let (app, key) = (app.clone(), key.clone());
    spawn(async move {
        let since = app.posts.read(Posts::reading);
        match app.base.api.send(&DeleteComment { comment_id }, &Nothing).await {
            Err(failure) if !failure.is_not_found() => {
                app.posts
                    .change(|posts| posts.put_comment_back(&key, taken, since));
                app.base.warn(words::DELETE_FAILED, &failure);
            }
            _ if !own => app.base.say(words::COMMENT_DELETED),
            _ => {
                let held = app.clone();
                let undo = Callback::from(move |undone| {
                    if undone {
                        restore(&held, &key, comment_id, taken.clone());
                    }
                });
                app.base.offer(words::COMMENT_DELETED, undo);
            }
        }
    });
}

fn restore(app: &App, key: &PostKey, comment_id: CommentId, taken: Taken) {
    let (app, key) = (app.clone(), key.clone());
    spawn(async move {
        let since = app.posts.read(Posts::reading);
        match app.base.api.send(&RestoreComment { comment_id }, &Nothing).await {
            Ok(comment) => app.posts.change(|posts| {
                posts.put_comment_back(&key, taken, since);
                posts.change(&key, |entry| entry.thread.learn(&[comment], since));
            }),
            Err(failure) => app.base.warn(words::RESTORE_FAILED, &failure),
        }
    });
}
