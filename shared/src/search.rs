//! Finding what was said. People are found by [`crate::users::FindPeople`].

use serde::{Deserialize, Serialize};

use crate::conversations::Message;
use crate::conversations::groups::Group;
use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::ConversationId;
use crate::page::{Cursor, Page};
use crate::posts::Post;
use crate::users::UserCard;
use crate::valid::{Report, Validate, tidy_line};

/// Characters of a search at most.
pub const SEARCH_MAX: usize = 100;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SearchKind {
    /// Posts.
    #[default]
    Posts,
    /// Messages of one's own conversations.
    Messages,
}

/// The query of a search.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchQuery {
    /// Words; all must be there, the last one may be the beginning of a word. At most 100 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub q: String,
    /// What is looked for.
    #[serde(default)]
    pub kind: SearchKind,
    /// With `messages`: in this conversation only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<ConversationId>,
    /// Items wanted, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}

impl Validate for SearchQuery {
    fn validate(&mut self, report: &mut Report) {
        tidy_line(&mut self.q);
        report.length("q", &self.q, 0, SEARCH_MAX);
    }
}

/// Something found. The field that `kind` names is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Found {
    /// What it is.
    pub kind: SearchKind,
    /// With `posts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<Post>,
    /// With `messages`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<FoundMessage>,
}

/// A message that was found, and where it was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FoundMessage {
    /// It.
    pub message: Message,
    /// The other one, in a conversation of two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<UserCard>,
    /// The group, in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Group>,
}

endpoint! {
    /// What one may see and what has all the words, newest first.
    Search {} = Get "/search",
    SignedIn, query SearchQuery, body Nothing => 200 Page<Found>
}
