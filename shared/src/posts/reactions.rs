//! What people feel about a post or a comment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::{CommentId, PostId};
use crate::page::{Cursor, Page};
use crate::time::Timestamp;
use crate::users::UserCard;
use crate::valid::{Report, Validate};

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

/// Somebody's reaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reactor {
    /// Who.
    pub user: UserCard,
    /// What they feel.
    pub kind: ReactionKind,
    /// Since when.
    pub at: Timestamp,
}

/// The query of a list of reactions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReactorsQuery {
    /// Only this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ReactionKind>,
    /// Items wanted, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}

endpoint! {
    /// Who reacted to a post, the latest first.
    ListReactors { post_id: PostId } = Get "/posts/{post_id}/reactions",
    SignedIn, query ReactorsQuery, body Nothing => 200 Page<Reactor>
}

endpoint! {
    /// Sets one's own reaction to a comment.
    SetCommentReaction { comment_id: CommentId } = Put "/comments/{comment_id}/reaction",
    SignedIn, query Nothing, body NewReaction => 200 Reactions
}

endpoint! {
    /// Takes one's own reaction to a comment back.
    RemoveCommentReaction { comment_id: CommentId } = Delete "/comments/{comment_id}/reaction",
    SignedIn, query Nothing, body Nothing => 200 Reactions
}

endpoint! {
    /// Who reacted to a comment, the latest first.
    ListCommentReactors { comment_id: CommentId } = Get "/comments/{comment_id}/reactions",
    SignedIn, query ReactorsQuery, body Nothing => 200 Page<Reactor>
}
