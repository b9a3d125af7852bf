//! Posts, their reactions and comments, and the feed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::{ClientId, CommentId, PostId};
use crate::page::{Cursor, Page, PageQuery};
use crate::time::Timestamp;
use crate::users::UserCard;
use crate::valid::{Report, Validate, tidy_text};

/// Characters of a post at most.
pub const POST_MAX: usize = 10_000;
/// Characters of a comment at most.
pub const COMMENT_MAX: usize = 4_000;
/// The newest comments that come with a post.
pub const LAST_COMMENTS: usize = 2;

/// Who may see a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Every member; where the host offers it.
    Public,
    /// The author's friends.
    #[default]
    Friends,
    /// The author alone.
    OnlyMe,
}

/// What somebody feels about a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReactionKind {
    /// The heart.
    Like,
    /// Love.
    Love,
    /// Laughter.
    Laugh,
    /// Surprise.
    Wow,
    /// Sadness.
    Sad,
    /// Anger.
    Angry,
}

impl ReactionKind {
    /// Every kind, in the order in which they are offered.
    pub const ALL: [Self; 6] = [
        Self::Like,
        Self::Love,
        Self::Laugh,
        Self::Wow,
        Self::Sad,
        Self::Angry,
    ];

    /// The text form, as on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Like => "like",
            Self::Love => "love",
            Self::Laugh => "laugh",
            Self::Wow => "wow",
            Self::Sad => "sad",
            Self::Angry => "angry",
        }
    }
}

/// How many of each kind; kinds that nobody chose are left out.
pub type ReactionCounts = BTreeMap<ReactionKind, u32>;

/// A post, with what this viewer needs to show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Post {
    /// Which.
    pub id: PostId,
    /// The id that its author's client gave it.
    pub client_id: ClientId,
    /// Who wrote it.
    pub author: UserCard,
    /// The text.
    pub body: String,
    /// Who may see it.
    pub audience: Audience,
    /// Counts of all reactions, the same for every viewer.
    pub reactions: ReactionCounts,
    /// The viewer's own.
    pub my_reaction: Option<ReactionKind>,
    /// How many comments there are.
    pub comment_count: u32,
    /// The newest two, the older one first.
    pub last_comments: Vec<Comment>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub edited_at: Option<Timestamp>,
}

/// A comment on a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Comment {
    /// Which.
    pub id: CommentId,
    /// The id that its author's client gave it.
    pub client_id: ClientId,
    /// On which post.
    pub post_id: PostId,
    /// Who wrote it.
    pub author: UserCard,
    /// The text.
    pub body: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub edited_at: Option<Timestamp>,
}

/// A post to write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPost {
    /// Made by the client; the same one again creates nothing new.
    pub client_id: ClientId,
    /// 1 to 10,000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 10_000))]
    pub body: String,
    /// Who may see it; friends when absent.
    #[serde(default)]
    pub audience: Audience,
}

impl Validate for NewPost {
    fn validate(&mut self, report: &mut Report) {
        check_body(report, &mut self.body, POST_MAX);
    }
}

/// What changes in a post.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PostPatch {
    /// The new text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 10_000))]
    pub body: Option<String>,
    /// The new audience.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<Audience>,
}

impl Validate for PostPatch {
    fn validate(&mut self, report: &mut Report) {
        if let Some(body) = &mut self.body {
            check_body(report, body, POST_MAX);
        }
    }
}

/// A comment to write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewComment {
    /// Made by the client; the same one again creates nothing new.
    pub client_id: ClientId,
    /// 1 to 4,000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 4_000))]
    pub body: String,
}

impl Validate for NewComment {
    fn validate(&mut self, report: &mut Report) {
        check_body(report, &mut self.body, COMMENT_MAX);
    }
}

/// What changes in a comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentPatch {
    /// The new text.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 4_000))]
    pub body: String,
}

impl Validate for CommentPatch {
    fn validate(&mut self, report: &mut Report) {
        check_body(report, &mut self.body, COMMENT_MAX);
    }
}

fn check_body(report: &mut Report, body: &mut String, max: usize) {
    tidy_text(body);
    report.length("body", body, 1, max);
    report.printable("body", body, true);
}

/// The reaction to set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewReaction {
    /// Which.
    pub kind: ReactionKind,
}

impl Validate for NewReaction {
    fn validate(&mut self, _report: &mut Report) {}
}

/// The reactions of an object after a change, as absolute values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reactions {
    /// Counts of all.
    pub reactions: ReactionCounts,
    /// The viewer's own.
    pub my_reaction: Option<ReactionKind>,
}

/// The order of a list of comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CommentSort {
    /// As they were written.
    #[default]
    Oldest,
    /// The newest first.
    Newest,
}

/// The query of a list of comments.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentsQuery {
    /// The order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sort: CommentSort,
    /// Items wanted, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

endpoint! {
    /// One's own and one's friends' posts that one may see, newest first.
    GetFeed {} = Get "/feed",
    SignedIn, query PageQuery, body Nothing => 200 Page<Post>
}

endpoint! {
    /// Writes a post. The same `client_id` again answers 200 with the post as it is now.
    CreatePost {} = Post "/posts",
    SignedIn, query Nothing, body NewPost => 201 Post
}

endpoint! {
    /// A post.
    GetPost { post_id: PostId } = Get "/posts/{post_id}",
    SignedIn, query Nothing, body Nothing => 200 Post
}

endpoint! {
    /// Changes one's own post; the earlier text is kept.
    EditPost { post_id: PostId } = Patch "/posts/{post_id}",
    SignedIn, query Nothing, body PostPatch => 200 Post
}

endpoint! {
    /// Removes one's own post.
    DeletePost { post_id: PostId } = Delete "/posts/{post_id}",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

endpoint! {
    /// Sets one's own reaction to a post.
    SetReaction { post_id: PostId } = Put "/posts/{post_id}/reaction",
    SignedIn, query Nothing, body NewReaction => 200 Reactions
}

endpoint! {
    /// Takes one's own reaction back.
    RemoveReaction { post_id: PostId } = Delete "/posts/{post_id}/reaction",
    SignedIn, query Nothing, body Nothing => 200 Reactions
}

endpoint! {
    /// The comments of a post.
    ListComments { post_id: PostId } = Get "/posts/{post_id}/comments",
    SignedIn, query CommentsQuery, body Nothing => 200 Page<Comment>
}

endpoint! {
    /// Writes a comment on a post. The same `client_id` again answers 200 with the comment as it is now.
    CreateComment { post_id: PostId } = Post "/posts/{post_id}/comments",
    SignedIn, query Nothing, body NewComment => 201 Comment
}

endpoint! {
    /// Changes one's own comment.
    EditComment { comment_id: CommentId } = Patch "/comments/{comment_id}",
    SignedIn, query Nothing, body CommentPatch => 200 Comment
}

endpoint! {
    /// Removes a comment; by its author or by the author of the post.
    DeleteComment { comment_id: CommentId } = Delete "/comments/{comment_id}",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::valid::Valid;

    #[test]
    fn bodies_are_tidied_and_bounded() {
        let client_id = ClientId::from_random_bytes([1; 16]);
        let post = |body: &str| {
            Valid::check(NewPost {
                client_id: client_id.clone(),
                body: body.into(),
                audience: Audience::Friends,
            })
        };
        assert_eq!(post(" a\r\nb \n").unwrap().body, "a\nb");
        assert!(post(" \n ").is_err());
        assert!(post("bell \u{7}").is_err());
        assert!(post(&"é".repeat(POST_MAX)).is_ok());
        assert!(post(&"é".repeat(POST_MAX + 1)).is_err());
    }
}
