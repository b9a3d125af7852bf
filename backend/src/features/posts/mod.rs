//! Posts, their reactions and comments, and the feed.
//!
//! Owns the tables `posts`, `post_edits`, `post_reactions`, `post_tags`, `comments`, `comment_edits`,
//! `comment_reactions`, `mentions`, `audiences`, `saved_posts`, `muted_posts` and `muted_people`. What must hold: who may
//! see a post is decided in [`policy`] and nowhere else; the counts of a post are those of its rows, because both change
//! under the post's lock, that of a post and of the one it passes on in the order of their ids; a `client_id` makes one
//! post or comment, however often it is sent.

pub mod http;
pub mod http_comments;
mod http_kept;
mod http_lists;
pub mod jobs;
pub mod policy;
pub mod service;
pub mod store;

/// What the host allows.
#[derive(Debug, Clone, Copy)]
pub struct PostRules {
    /// Whether posts may be for all members.
    pub public_posts: bool,
}
