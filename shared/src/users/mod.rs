//! People: the small card that stands beside everything they do, their profile, finding them by name.

use serde::{Deserialize, Serialize};

mod forms;
mod profile;

pub use forms::{is_birthday, is_website};
pub use profile::{
    Audiences, BIO_MAX, EditMe, FIELD_MAX, FieldAudience, FieldName, ListUserPhotos, MeChanges, MyField,
    ProfileField, ProfileQuery, RELATIONSHIPS, RemoveAvatar, RemoveCover, SetAvatar, SetCover, ViewAs,
    WEBSITE_MAX,
};

use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::{FriendRequestId, UserId};
use crate::media::{Media, larger};
use crate::page::{Cursor, Page, PageQuery};
use crate::posts::Post;
use crate::time::Timestamp;
use crate::valid::{Report, Validate, tidy_line};

/// Characters of a search at most.
pub const SEARCH_MAX: usize = 100;

/// A person, as they stand beside what they wrote. Nothing in it is private.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserCard {
    /// Who.
    pub id: UserId,
    /// Unique, `[a-z0-9_]`.
    pub username: String,
    /// The name that people see.
    pub display_name: String,
    /// Their picture, 128 pixels wide and high, if they have one.
    pub avatar_url: Option<String>,
    /// Grows when the card changes; of two cards the higher one is newer.
    pub rev: i64,
}

impl UserCard {
    /// Their picture, 512 pixels wide and high.
    pub fn large_avatar_url(&self) -> Option<String> {
        larger(self.avatar_url.as_deref()?)
    }
}

/// How the viewer and a person stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Friendship {
    /// Nothing between them.
    None,
    /// The viewer has asked.
    Outgoing,
    /// The person has asked.
    Incoming,
    /// Friends.
    Friends,
    /// The viewer has blocked them. Who has blocked the viewer does not exist for them.
    Blocked,
    /// It is the viewer.
    #[serde(rename = "self")]
    Myself,
}

/// A person and how the viewer stands to them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Person {
    /// Who.
    #[serde(flatten)]
    pub user: UserCard,
    /// How the viewer stands to them.
    pub friendship: Friendship,
    /// The pending request between the two, when there is one.
    pub request_id: Option<FriendRequestId>,
    /// Friends that both have.
    pub mutual_friend_count: u32,
    /// Whether the viewer may ask them now: false for friends, for those between whom a request waits, and for
    /// people who take none from the viewer.
    #[serde(default)]
    pub can_request: bool,
}

/// A person's page, with what this viewer may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Profile {
    /// The person and how the viewer stands to them.
    #[serde(flatten)]
    pub person: Person,
    /// How many friends they have; for friends and themselves.
    pub friend_count: Option<u32>,
    /// How many posts they have written; for friends and themselves.
    pub post_count: Option<u32>,
    /// When they joined.
    pub created_at: Timestamp,
    /// A few words about themselves; empty when there are none.
    #[serde(default)]
    pub bio: String,
    /// The picture at the head of their page; for friends and themselves.
    #[serde(default)]
    pub cover: Option<Media>,
    /// What else they say about themselves and this viewer may see, in the order of the page.
    #[serde(default)]
    pub fields: Vec<ProfileField>,
    /// Whether the viewer may write to them now.
    #[serde(default)]
    pub can_message: bool,
    /// The viewer wants to hear no more of them. Nobody else is told.
    #[serde(default)]
    pub muted: bool,
}

/// What somebody may do on this Hearth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// What everybody may.
    #[default]
    Member,
    /// Runs this Hearth. Made by the host, at the command line.
    Admin,
}

/// One's own account. Only here stands the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// One's own card.
    #[serde(flatten)]
    pub user: UserCard,
    /// Where mail goes.
    pub email: String,
    /// Whether one has shown that the address is one's own.
    #[serde(default)]
    pub email_verified: bool,
    /// The address that becomes one's own when its link is opened.
    #[serde(default)]
    pub pending_email: Option<String>,
    /// Whether signing in asks for a code.
    #[serde(default)]
    pub two_factor: bool,
    /// When one joined.
    pub created_at: Timestamp,
    /// Requests that wait for one's answer.
    pub incoming_request_count: u32,
    /// What one may do on this Hearth.
    #[serde(default)]
    pub role: Role,
    /// A few words about oneself.
    #[serde(default)]
    pub bio: String,
    /// Every field of one's page with its audience, empty ones too.
    #[serde(default)]
    pub fields: Vec<MyField>,
    /// Whether those who see the birthday see its year.
    #[serde(default)]
    pub birth_year_shown: bool,
    /// The picture at the head of one's page.
    #[serde(default)]
    pub cover: Option<Media>,
}

/// A search for people.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PeopleQuery {
    /// The beginnings of one or more words of their name, or of their username; small typos are forgiven. Or a
    /// whole address, which finds only those who want to be found by theirs.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub q: String,
    /// Items wanted, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}

impl Validate for PeopleQuery {
    fn validate(&mut self, report: &mut Report) {
        tidy_line(&mut self.q);
        report.length("q", &self.q, 1, SEARCH_MAX);
    }
}

endpoint! {
    /// One's own account.
    GetMe {} = Get "/users/me",
    SignedIn, query Nothing, body Nothing => 200 Me
}

endpoint! {
    /// Finds people by name: friends first, then friends of friends, then others.
    FindPeople {} = Get "/users",
    SignedIn, query PeopleQuery, body Nothing => 200 Page<Person>
}

endpoint! {
    /// A person's page; one's own also as somebody else would see it.
    GetProfile { username: String } = Get "/users/{username}",
    SignedIn, query ProfileQuery, body Nothing => 200 Profile
}

endpoint! {
    /// A person's friends, by name, when they show them to the viewer; else 403 `friend_list_hidden`.
    ListUserFriends { username: String } = Get "/users/{username}/friends",
    SignedIn, query PageQuery, body Nothing => 200 Page<Person>
}

endpoint! {
    /// A person's posts that the viewer may see, newest first.
    ListUserPosts { username: String } = Get "/users/{username}/posts",
    SignedIn, query PageQuery, body Nothing => 200 Page<Post>
}
