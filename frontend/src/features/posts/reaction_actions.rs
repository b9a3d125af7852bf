//! What talks to the server about reactions.

use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{CommentId, PostId};
use hearth_shared::posts::{
    NewReaction, ReactionKind, Reactions, RemoveCommentReaction, RemoveReaction, SetCommentReaction,
    SetReaction,
};

use super::state::reacting::Felt;
use super::state::{PostKey, Posts};
use crate::context::App;
use crate::platform::api::Failure;
use crate::platform::spawn;
use crate::text::posts as words;

/// A reaction to a post was chosen: the heart was pressed, or one of the others.
pub(crate) fn react(app: &App, key: &PostKey, kind: ReactionKind) {
    let Some((post_id, mut wanted)) = app.posts.change(|posts| posts.react(key, kind)) else {
        return;
    };
    let (app, key) = (app.clone(), key.clone());
    spawn(async move {
        loop {
            let since = app.posts.read(Posts::reading);
            let outcome = send(&app, post_id, wanted).await;
            if let Err(failure) = &outcome {
                app.base.warn(words::REACTION_FAILED, failure);
                if failure.is_not_found() {
                    return app.posts.change(|posts| posts.lost(&key));
                }
            }
            match app.posts.change(|posts| posts.reacted(&key, outcome.ok(), since)) {
                Some(next) => wanted = next,
                None => return,
            }
        }
    });
}

async fn send(app: &App, post_id: PostId, wanted: Felt) -> Result<Reactions, Failure> {
    let api = &app.base.api;
    match wanted {
        Some(kind) => api.send(&SetReaction { post_id }, &NewReaction { kind }).await,
        None => api.send(&RemoveReaction { post_id }, &Nothing).await,
    }
}

/// The same for a comment.
pub(crate) fn react_to_comment(app: &App, key: &PostKey, comment_id: CommentId, kind: ReactionKind) {
    let wanted = app
        .posts
        .change(|posts| posts.react_to_comment(key, comment_id, kind));
    let Some(mut wanted) = wanted else { return };
    let (app, key) = (app.clone(), key.clone());
    spawn(async move {
        loop {
            let since = app.posts.read(Posts::reading);
            let api = &app.base.api;
            let outcome = match wanted {
                Some(kind) => {
                    api.send(&SetCommentReaction { comment_id }, &NewReaction { kind })
                        .await
                }
                None => api.send(&RemoveCommentReaction { comment_id }, &Nothing).await,
            };
            if let Err(failure) = &outcome {
                app.base.warn(words::REACTION_FAILED, failure);
                if failure.is_not_found() {
                    app.posts
                        .change(|posts| drop(posts.take_comment(&key, comment_id)));
                    return;
                }
            }
            let next = app
                .posts
                .change(|posts| posts.comment_reacted(&key, comment_id, outcome.ok(), since));
            match next {
                Some(next) => wanted = next,
                None => return,
            }
        }
    });
}
