//! Finding people, groups, and what was said: a kind by itself, page after page, or the first few of every kind at once.

use serde::{Deserialize, Serialize};

use crate::conversations::Message;
use crate::conversations::groups::{Group, GroupCard};
use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::ConversationId;
use crate::page::{Cursor, Page};
use crate::posts::Post;
use crate::users::{Person, UserCard};
use crate::valid::{Report, Validate, tidy_line};

/// Characters of a search at most.
pub const SEARCH_MAX: usize = 100;
/// Of each kind as many when all kinds are looked for at once and the caller does not say.
pub const FEW: u32 = 5;
/// As many at most.
pub const FEW_MAX: u32 = 20;

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
    /// People, by name.
    People,
    /// Groups that one is in, is invited to or may join, by their titles.
    Groups,
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
    /// With `people`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// With `groups`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupCard>,
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

/// The query of a search for everything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchAllQuery {
    /// Words, as in [`SearchQuery`]. At most 100 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub q: String,
    /// Of each kind as many, 1 to 20; 5 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

impl Validate for SearchAllQuery {
    fn validate(&mut self, report: &mut Report) {
        tidy_line(&mut self.q);
        report.length("q", &self.q, 0, SEARCH_MAX);
    }
}

/// The first few of every kind.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FoundAll {
    /// People, friends first.
    pub people: Vec<Person>,
    /// Groups, one's own first.
    pub groups: Vec<GroupCard>,
    /// Posts, the newest first.
    pub posts: Vec<Post>,
    /// Messages, the newest first.
    pub messages: Vec<FoundMessage>,
    /// Of which kinds there may be more.
    pub more: Further,
}

/// Where [`Search`] goes on with each kind; absent at its end.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Further {
    /// With people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<Cursor>,
    /// With groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Cursor>,
    /// With posts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posts: Option<Cursor>,
    /// With messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages: Option<Cursor>,
}

endpoint! {
    /// What one may see of a kind and what has all the words: newest first; people and groups that are near first.
    Search {} = Get "/search",
    SignedIn, query SearchQuery, body Nothing => 200 Page<Found>
}

endpoint! {
    /// The first few of each kind in one answer, for somebody who types. A single letter finds people and groups only.
    SearchAll {} = Get "/search/all",
    SignedIn, query SearchAllQuery, body Nothing => 200 FoundAll
}
