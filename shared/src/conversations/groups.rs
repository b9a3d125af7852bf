//! Groups: conversations of any number of people, with a title. A public one is found and joined by everybody, a
//! private one by those who are invited. Whoever is in it has a [`Role`].

use serde::{Deserialize, Serialize};

use crate::conversations::Conversation;
use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::{ClientId, ConversationId, UserId};
use crate::media::{PictureUpload, larger};
use crate::page::{Cursor, Page};
use crate::users::SEARCH_MAX;
use crate::valid::{Report, Validate, tidy_line, tidy_text};

/// Characters of a title at most.
pub const TITLE_MAX: usize = 80;
/// Characters of a description at most.
pub const DESCRIPTION_MAX: usize = 500;
/// People that are invited at once at most.
pub const INVITED_AT_ONCE: usize = 50;
/// Members of a group at most.
pub const MEMBERS_MAX: u32 = 10_000;

/// Who finds a group and may join it. Chosen when it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everybody who has an account here.
    Public,
    /// Those who are invited.
    #[default]
    Private,
}

/// What new members see of what was said before them. Chosen when the group is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum History {
    /// All of it.
    All,
    /// Nothing.
    #[default]
    FromJoining,
}

/// What somebody may do in a group; who may more comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything. There is one.
    Owner,
    /// Change what the group is called and its picture, invite, and remove members.
    Admin,
    /// Talk; in a public group invite.
    Member,
}

impl Role {
    /// Whether they may change what the group is called and its picture, and see and take back its invitations.
    pub fn manages(self) -> bool {
        self <= Self::Admin
    }

    /// Whether they may invite.
    pub fn invites_to(self, visibility: Visibility) -> bool {
        self.manages() || visibility == Visibility::Public
    }

    /// Whether they may remove somebody of another role.
    pub fn removes(self, other: Self) -> bool {
        self.manages() && self < other
    }
}

/// What a group is, the same for everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Group {
    /// What it is called.
    pub title: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Who finds it and may join.
    pub visibility: Visibility,
    /// What new members see.
    pub history: History,
    /// Its picture, 128 pixels wide and high, if it has one: [`GetGroupPicture`]. Another picture has another address.
    #[serde(default)]
    pub picture_url: Option<String>,
}

impl Group {
    /// Its picture, 512 pixels wide and high.
    pub fn large_picture_url(&self) -> Option<String> {
        larger(self.picture_url.as_deref()?)
    }
}

/// A group, as somebody sees it who may join it or is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupCard {
    /// Which: that of its conversation.
    pub id: ConversationId,
    /// What it is.
    pub group: Group,
    /// How many people are in it.
    pub member_count: u32,
    /// The viewer's role, when they are in it.
    pub my_role: Option<Role>,
    /// The viewer has been invited and has not answered.
    pub invited: bool,
}

/// Which public groups.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupsQuery {
    /// The beginnings of words of their titles; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Where to go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
    /// Items wanted, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

impl Validate for GroupsQuery {
    fn validate(&mut self, report: &mut Report) {
        report.length("q", self.q.as_deref().unwrap_or_default(), 0, SEARCH_MAX);
    }
}

/// A group to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewGroup {
    /// Made by the client; the same one again makes nothing new.
    pub client_id: ClientId,
    /// 1 to 80 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80))]
    pub title: String,
    /// 500 characters at most.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub description: String,
    /// Who finds it and may join.
    #[serde(default)]
    pub visibility: Visibility,
    /// What new members see.
    #[serde(default)]
    pub history: History,
    /// Friends to invite: 50 at most.
    #[serde(default)]
    pub user_ids: Vec<UserId>,
}

impl Validate for NewGroup {
    fn validate(&mut self, report: &mut Report) {
        check_title(&mut self.title, report);
        check_description(&mut self.description, report);
        super::members::check_people(&mut self.user_ids, report);
    }
}

/// What a group is called from now on; what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupPatch {
    /// 1 to 80 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80))]
    pub title: Option<String>,
    /// 500 characters at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub description: Option<String>,
}

impl Validate for GroupPatch {
    fn validate(&mut self, report: &mut Report) {
        if let Some(title) = &mut self.title {
            check_title(title, report);
        }
        if let Some(description) = &mut self.description {
            check_description(description, report);
        }
    }
}

fn check_title(title: &mut String, report: &mut Report) {
    tidy_line(title);
    report.length("title", title, 1, TITLE_MAX);
    report.printable("title", title, false);
}

fn check_description(description: &mut String, report: &mut Report) {
    tidy_text(description);
    report.length("description", description, 0, DESCRIPTION_MAX);
    report.printable("description", description, true);
}

endpoint! {
    /// Public groups, those with the most members first; with `q` those whose titles have such words.
    ListGroups {} = Get "/groups",
    SignedIn, query GroupsQuery, body Nothing => 200 Page<GroupCard>
}

endpoint! {
    /// Makes a group, whose owner one is, and invites. The same `client_id` again answers 200 with that group.
    CreateGroup {} = Post "/groups",
    SignedIn, query Nothing, body NewGroup => 201 Conversation
}

endpoint! {
    /// A group that one is in, is invited to, or that is public.
    GetGroup { conversation_id: ConversationId } = Get "/groups/{conversation_id}",
    SignedIn, query Nothing, body Nothing => 200 GroupCard
}

endpoint! {
    /// Changes what a group is called and what it is for.
    EditGroup { conversation_id: ConversationId } = Patch "/groups/{conversation_id}",
    SignedIn, query Nothing, body GroupPatch => 200 Conversation
}

endpoint! {
    /// Ends a group for everybody, with all that was said in it. For its owner.
    EndGroup { conversation_id: ConversationId } = Delete "/groups/{conversation_id}",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

endpoint! {
    /// Comes into a public group, or into one that one is invited to. Who is in it already is answered the same.
    JoinGroup { conversation_id: ConversationId } = Post "/groups/{conversation_id}/join",
    SignedIn, query Nothing, body Nothing => 200 Conversation
}

endpoint! {
    /// Goes out of a group. Its owner leaves it to the administrator, else to the member, of the longest standing.
    LeaveGroup { conversation_id: ConversationId } = Post "/groups/{conversation_id}/leave",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

endpoint! {
    /// Gives a group a picture (`multipart/form-data`). For those who manage it.
    SetGroupPicture { conversation_id: ConversationId } = Put "/groups/{conversation_id}/picture",
    SignedIn, query Nothing, body PictureUpload => 200 Conversation
}

endpoint! {
    /// Takes a group's picture away. For those who manage it; without one nothing changes.
    RemoveGroupPicture { conversation_id: ConversationId } = Delete "/groups/{conversation_id}/picture",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

endpoint! {
    /// The bytes of a group's picture, for those who may see the group; `-512` at the end of its address gives the larger one.
    GetGroupPicture { conversation_id: ConversationId, name: String } = Get "/groups/{conversation_id}/picture/{name}",
    SignedIn, query Nothing, body Nothing => 200 Nothing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_more_may_remove_who_may_less() {
        let all = [Role::Owner, Role::Admin, Role::Member];
        let may: Vec<(Role, Role)> = all
            .into_iter()
            .flat_map(|role| all.into_iter().map(move |other| (role, other)))
            .filter(|(role, other)| role.removes(*other))
            .collect();
        let expected = [
            (Role::Owner, Role::Admin),
            (Role::Owner, Role::Member),
            (Role::Admin, Role::Member),
        ];
        assert_eq!(may, expected);
        assert!(Role::Member.invites_to(Visibility::Public));
        assert!(!Role::Member.invites_to(Visibility::Private));
        assert!(Role::Admin.invites_to(Visibility::Private));
    }
}
