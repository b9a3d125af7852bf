//! What people say about a post, and what others answer: one level of replies.

use serde::{Deserialize, Serialize};

use super::reactions::{ReactionCounts, ReactionKind};
use super::{Edit, Mention, check_body};
use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::{ClientId, CommentId, PostId};
use crate::page::{Cursor, Page, PageQuery};
use crate::time::Timestamp;
use crate::users::UserCard;
use crate::valid::{Report, Validate};

/// Characters of a comment at most.
pub const COMMENT_MAX: usize = 4_000;
/// The newest comments that come with a post.
pub const LAST_COMMENTS: usize = 2;

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
    /// The comment that it answers; such a one has no replies itself.
    #[serde(default)]
    pub parent_id: Option<CommentId>,
    /// The text.
    pub body: String,
    /// The people whom the text names.
    #[serde(default)]
    pub mentions: Vec<Mention>,
    /// Counts of all reactions, the same for every viewer.
    #[serde(default)]
    pub reactions: ReactionCounts,
    /// The viewer's own. In a frame of the socket, which is the same for all, there is none: one's own stays as it was.
    #[serde(default)]
    pub my_reaction: Option<ReactionKind>,
    /// How many replies there are.
    #[serde(default)]
    pub reply_count: u32,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub edited_at: Option<Timestamp>,
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
    /// The comment to answer; for a reply to a reply, the one that is answered by both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<CommentId>,
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
    /// The replies to this comment, instead of the comments on the post itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<CommentId>,
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
    /// The comments of a post, or the replies to one of them.
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

endpoint! {
    /// Puts back a comment that one has removed within the last minute.
    RestoreComment { comment_id: CommentId } = Post "/comments/{comment_id}/restore",
    SignedIn, query Nothing, body Nothing => 200 Comment
}

endpoint! {
    /// What a comment said before, the latest first.
    ListCommentEdits { comment_id: CommentId } = Get "/comments/{comment_id}/edits",
    SignedIn, query PageQuery, body Nothing => 200 Page<Edit>
}
