//! What talks to the server about comments.

use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{ClientId, CommentId, PostId};
use hearth_shared::posts::{
    CommentPatch, CommentSort, CommentsQuery, CreateComment, DeleteComment, EditComment, ListComments,
    NewComment,
};
use hearth_shared::problem::FieldError;
use hearth_shared::valid::Valid;

use super::state::{Delivery, PostKey, Posts};
use crate::context::App;
use crate::platform::api::Failure;
use crate::platform::{clock, dom, random, spawn};
use crate::text::posts as words;

/// Loads comments that came before those that are shown.
pub(crate) fn load_earlier(app: &App, key: &PostKey) {
    let Some(entry) = app.posts.read(|posts| posts.get(key)) else {
        return;
    };
    let Some(post_id) = entry.id().filter(|_| !entry.thread.loading) else {
        return;
    };
    app.posts.change(|posts| {
        posts.change(key, |entry| {
            entry.thread.loading = true;
            entry.thread.failure = None;
        });
    });
    let (app, key) = (app.clone(), key.clone());
    spawn(async move {
        let query = CommentsQuery {
            sort: CommentSort::Newest,
            limit: None,
            cursor: entry.thread.next.clone(),
            parent_id: None,
        };
        let outcome = app.base.api.get(&ListComments { post_id }, &query).await;
        app.posts
            .change(|posts| posts.change(&key, |entry| entry.thread.settle(outcome)));
    });
}

/// Comments may have been missed: reads the newest ones again.
pub(super) fn refresh(app: &App, key: &PostKey) {
    let Some(post_id) = app
        .posts
        .read(|posts| posts.get(key))
        .and_then(|entry| entry.id())
    else {
        return;
    };
    let (app, key) = (app.clone(), key.clone());
    spawn(async move {
        let query = CommentsQuery {
            sort: CommentSort::Newest,
            ..CommentsQuery::default()
        };
        if let Ok(page) = app.base.api.get(&ListComments { post_id }, &query).await {
            app.posts
                .change(|posts| posts.change(&key, |entry| entry.thread.learn(&page.items)));
        }
    });
}

/// On a post's own page more than the last two comments are shown from the start.
pub(crate) fn begin_thread(app: &App, id: PostId) {
    let entry = app.posts.read(|posts| posts.by_id(id));
    if let Some(entry) = entry.filter(|entry| entry.thread.earlier(entry.post.comment_count) > 0) {
        load_earlier(app, &entry.key);
    }
}

/// Sends a comment: it appears at once. The wrong fields when it cannot be sent.
pub(crate) fn send(app: &App, key: &PostKey, body: String) -> Result<(), Vec<FieldError>> {
    let new = Valid::check(NewComment {
        client_id: random::client_id(),
        body,
        parent_id: None,
    })?
    .into_inner();
    app.posts.change(|posts| {
        posts.change(key, |entry| {
            let post_id = entry.post.id;
            entry.thread.begin(
                post_id,
                new.client_id.clone(),
                app.user.clone(),
                new.body.clone(),
                clock::now(),
            );
        });
    });
    deliver(app, key, new);
    Ok(())
}

/// Tries a comment again that has not arrived; with the same id, so that it cannot be there twice.
pub(crate) fn send_again(app: &App, key: &PostKey, new: NewComment) {
    set_delivery(app, key, &new.client_id, Delivery::Sending);
    deliver(app, key, new);
}

fn set_delivery(app: &App, key: &PostKey, client_id: &ClientId, delivery: Delivery) {
    let author = app.user.id;
    app.posts
        .change(|posts| posts.change(key, |entry| entry.thread.deliver(author, client_id, delivery)));
}

fn deliver(app: &App, key: &PostKey, new: NewComment) {
    let Some(post_id) = app
        .posts
        .read(|posts| posts.get(key))
        .and_then(|entry| entry.id())
    else {
        return;
    };
    let (app, key) = (app.clone(), key.clone());
    spawn(async move {
        let since = app.posts.read(Posts::reading);
        match app.base.api.send(&CreateComment { post_id }, &new).await {
            Ok(comment) => app.posts.change(|posts| posts.commented(&key, comment, since)),
            Err(failure) => {
                app.base.warn(words::NOT_SENT, &failure);
                if failure.is_not_found() {
                    return app.posts.change(|posts| posts.remove(&key));
                }
                set_delivery(&app, &key, &new.client_id, Delivery::Failed(failure));
            }
        }
    });
}

/// Gives up a comment that has not arrived.
pub(crate) fn discard(app: &App, key: &PostKey, client_id: &ClientId) {
    clock::afterwards(dom::rescue_focus);
    app.posts
        .change(|posts| posts.change(key, |entry| entry.thread.discard(client_id)));
}

/// Saves a changed comment.
pub(crate) async fn edit(
    app: &App,
    key: &PostKey,
    comment_id: CommentId,
    body: String,
) -> Result<(), Failure> {
    let comment = app
        .base
        .api
        .send(&EditComment { comment_id }, &CommentPatch { body })
        .await?;
    app.posts
        .change(|posts| posts.change(key, |entry| entry.thread.learn(&[comment])));
    Ok(())
}

/// Deletes a comment. It leaves the page only when it is gone.
pub(crate) async fn delete(app: &App, key: &PostKey, comment_id: CommentId) {
    let since = app.posts.read(Posts::reading);
    match app.base.api.send(&DeleteComment { comment_id }, &Nothing).await {
        Err(failure) if !failure.is_not_found() => app.base.warn(words::DELETE_FAILED, &failure),
        _ => {
            app.posts
                .change(|posts| posts.uncommented(key, comment_id, since));
            app.base.say(words::COMMENT_DELETED);
            clock::afterwards(dom::rescue_focus);
        }
    }
}
