//! Posts, their reactions and comments, and the feed.
//!
//! Owns the tables `posts`, `post_edits`, `post_reactions`, `comments`, `comment_edits`, `comment_reactions`, `mentions`
//! and `audiences`. What must hold: who
//! may see a post is decided in [`policy`] and nowhere else; the counts of a post are those of its rows,
//! because both change under the post's lock; a `client_id` makes one post or comment, however often it is
//! sent.

pub mod http;
pub mod http_comments;
pub mod policy;
pub mod service;
pub mod store;

/// What the host allows.
#[derive(Debug, Clone, Copy)]
pub struct PostRules {
    /// Whether posts may be for all members.
    pub public_posts: bool,
}
