//! What people say about posts: replies ([`replies`]), reactions to comments ([`reactions`]), being named
//! ([`mentions`]), what they are told of it ([`news`]), what they report
//! ([`reports`]), and what is left of it when they go ([`leaving`]).

mod leaving;
mod mentions;
mod news;
mod reactions;
mod replies;
mod reports;

use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{CommentId, PostId};
use hearth_shared::notifications::{Happening, ListNotifications, Notification};
use hearth_shared::posts::{
    Comment, CommentPatch, CommentsQuery, CreateComment, DeleteComment, EditComment, GetPost, ListComments,
    NewComment, Post, RestoreComment,
};
use hearth_shared::problem::ErrorCode;

use crate::support::{Person, TestApp, client_id};

/// Answers a comment.
async fn reply(
    app: &TestApp,
    person: &Person,
    post_id: PostId,
    parent: CommentId,
    body: &str,
) -> Result<Comment, ErrorCode> {
    let new = NewComment {
        client_id: client_id(),
        body: body.to_owned(),
        parent_id: Some(parent),
    };
    person.call(app, &CreateComment { post_id }, &new).await
}

async fn list(app: &TestApp, viewer: &Person, post_id: PostId, parent_id: Option<CommentId>) -> Vec<Comment> {
    let query = CommentsQuery {
        parent_id,
        ..CommentsQuery::default()
    };
    let call = ListComments { post_id };
    viewer
        .call_with(app, &call, &query, &Nothing)
        .await
        .unwrap()
        .items
}

async fn bodies(
    app: &TestApp,
    viewer: &Person,
    post_id: PostId,
    parent_id: Option<CommentId>,
) -> Vec<String> {
    let comments = list(app, viewer, post_id, parent_id).await;
    comments.into_iter().map(|comment| comment.body).collect()
}

async fn get(app: &TestApp, viewer: &Person, post_id: PostId) -> Post {
    viewer.call(app, &GetPost { post_id }, &Nothing).await.unwrap()
}

async fn remove(app: &TestApp, by: &Person, comment_id: CommentId) -> Result<(), ErrorCode> {
    let call = DeleteComment { comment_id };
    by.call(app, &call, &Nothing).await.map(drop)
}

async fn restore(app: &TestApp, by: &Person, comment_id: CommentId) -> Result<Comment, ErrorCode> {
    by.call(app, &RestoreComment { comment_id }, &Nothing).await
}

async fn rewrite(app: &TestApp, by: &Person, comment_id: CommentId, body: &str) -> Comment {
    let patch = CommentPatch {
        body: body.to_owned(),
    };
    by.call(app, &EditComment { comment_id }, &patch).await.unwrap()
}

async fn told(app: &TestApp, person: &Person) -> Vec<Notification> {
    let page = person.call(app, &ListNotifications {}, &Nothing).await.unwrap();
    page.items
}

/// What somebody is told, but for friendship, in words: the kind, who did it, and the excerpt.
async fn news(app: &TestApp, person: &Person) -> Vec<String> {
    let told = told(app, person).await;
    let words = told.into_iter().filter_map(|told| {
        let kind = match told.what {
            Happening::FriendRequest { .. } | Happening::FriendAccepted => return None,
            Happening::Reaction { .. } => "reaction",
            Happening::Comment { .. } => "comment",
            Happening::Reply { .. } => "reply",
            Happening::Mention { .. } => "mention",
            Happening::Share { .. } => "share",
            Happening::CommentReaction { .. } => "comment_reaction",
            Happening::GroupInvitation { .. } => "group_invitation",
            Happening::MessageMention { .. } => "message_mention",
        };
        let who: Vec<&str> = told.actors.iter().map(|actor| actor.username.as_str()).collect();
        assert_eq!(told.actor_count as usize, who.len());
        Some(format!(
            "{kind} {}: {}",
            who.join("+"),
            told.excerpt.unwrap_or_default()
        ))
    });
    words.collect()
}
