//! Who is in a group, who is invited, and the lines between messages that tell of it.

use serde::{Deserialize, Serialize};

use super::groups::{GroupCard, INVITED_AT_ONCE, Role};
use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::{ConversationId, UserId};
use crate::page::{Page, PageQuery};
use crate::problem::FieldCode;
use crate::time::Timestamp;
use crate::users::UserCard;
use crate::valid::{Report, Validate};

/// Lines that come with a page of messages at most: the newest of them.
pub const LINES_MAX: usize = 200;

/// Somebody who is in a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupMember {
    /// Who.
    pub user: UserCard,
    /// What they may do.
    pub role: Role,
    /// Since when.
    pub joined_at: Timestamp,
}

/// Somebody asked somebody into a group, and they have not answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupInvitation {
    /// Into which.
    pub group: GroupCard,
    /// Who asked.
    pub by: UserCard,
    /// When.
    pub created_at: Timestamp,
}

/// Somebody who is invited, as those see it who manage the group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitee {
    /// Who.
    pub user: UserCard,
    /// Who asked them.
    pub by: UserCard,
    /// When.
    pub created_at: Timestamp,
}

/// Whom to invite.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitees {
    /// Friends: 1 to 50. Who is in the group or invited already stays so.
    pub user_ids: Vec<UserId>,
}

impl Validate for Invitees {
    fn validate(&mut self, report: &mut Report) {
        if self.user_ids.is_empty() {
            report.add("user_ids", FieldCode::Required, "must not be empty");
        }
        check_people(&mut self.user_ids, report);
    }
}

/// Each once, and not too many.
pub(super) fn check_people(people: &mut Vec<UserId>, report: &mut Report) {
    people.sort_unstable();
    people.dedup();
    if people.len() > INVITED_AT_ONCE {
        let message = format!("must be at most {INVITED_AT_ONCE} people");
        report.add("user_ids", FieldCode::TooLong, message);
    }
}

/// What somebody may do from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RolePatch {
    /// With `owner` the group is theirs, and whose it was is an administrator.
    pub role: Role,
}

impl Validate for RolePatch {
    fn validate(&mut self, _report: &mut Report) {}
}

/// What a line tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// The actor made the group.
    Created,
    /// The subject came into it.
    Joined,
    /// The subject went.
    Left,
    /// The actor removed the subject.
    Removed,
    /// The actor gave the subject another role: [`GroupLine::role`].
    RoleChanged,
    /// The actor gave the group another title or description. What it was called is not kept.
    Renamed,
    /// The actor gave the group another picture, or took it away.
    Pictured,
}

/// A line between messages: who came and went, and who changed what the group is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupLine {
    /// Its position in the conversation's stream.
    pub seq: u64,
    /// The number of the message after which it stands; 0 before the first.
    pub after_number: u32,
    /// What it tells.
    pub kind: LineKind,
    /// Who did it.
    pub actor: UserCard,
    /// To whom; the actor, when it is about nobody else.
    pub subject: UserCard,
    /// The role that was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// When.
    pub created_at: Timestamp,
}

endpoint! {
    /// Who is in a group: its owner, its administrators, its members, each in the order of their ids. For its members.
    ListGroupMembers { conversation_id: ConversationId } = Get "/groups/{conversation_id}/members",
    SignedIn, query PageQuery, body Nothing => 200 Page<GroupMember>
}

endpoint! {
    /// Gives somebody another role. For the owner.
    ChangeRole { conversation_id: ConversationId, user_id: UserId } = Patch "/groups/{conversation_id}/members/{user_id}",
    SignedIn, query Nothing, body RolePatch => 200 GroupMember
}

endpoint! {
    /// Removes somebody of a lower role from a group.
    RemoveMember { conversation_id: ConversationId, user_id: UserId } = Delete "/groups/{conversation_id}/members/{user_id}",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

endpoint! {
    /// Who is invited to a group, the latest first. For those who manage it.
    ListInvitees { conversation_id: ConversationId } = Get "/groups/{conversation_id}/invitations",
    SignedIn, query PageQuery, body Nothing => 200 Page<Invitee>
}

endpoint! {
    /// Invites friends. Answers how many more are invited than before.
    InviteToGroup { conversation_id: ConversationId } = Post "/groups/{conversation_id}/invitations",
    SignedIn, query Nothing, body Invitees => 200 Invited
}

endpoint! {
    /// Takes an invitation back. For those who manage the group.
    WithdrawInvitation { conversation_id: ConversationId, user_id: UserId } = Delete "/groups/{conversation_id}/invitations/{user_id}",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

endpoint! {
    /// The groups that one is invited to, the latest first.
    ListGroupInvitations {} = Get "/users/me/group-invitations",
    SignedIn, query PageQuery, body Nothing => 200 Page<GroupInvitation>
}

endpoint! {
    /// Declines an invitation. Without one nothing changes.
    DeclineGroupInvitation { conversation_id: ConversationId } = Delete "/users/me/group-invitations/{conversation_id}",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

/// What came of inviting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invited {
    /// How many more are invited than before.
    pub count: u32,
}
