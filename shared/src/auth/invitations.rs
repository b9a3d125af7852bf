//! Invitations to register, for a Hearth that does not let everybody in.

use serde::{Deserialize, Serialize};

use super::MailToken;
use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::InvitationId;
use crate::time::Timestamp;
use crate::valid::{Report, Validate, tidy_line};

/// Characters of a note at most.
pub const NOTE_MAX: usize = 100;
/// Days that an invitation is good.
pub const INVITATION_DAYS: i64 = 7;
/// Open invitations of one person at most.
pub const INVITATIONS_OPEN: usize = 20;

/// An invitation to make.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewInvitation {
    /// Whom it is for, as a reminder to oneself; nobody else sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub note: Option<String>,
}

impl Validate for NewInvitation {
    fn validate(&mut self, report: &mut Report) {
        if let Some(note) = &mut self.note {
            tidy_line(note);
            report.length("note", note, 0, NOTE_MAX);
            report.printable("note", note, false);
        }
        self.note.take_if(|note| note.is_empty());
    }
}

/// An invitation just made. The link is shown this once; the server keeps only what recognises it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SentInvitation {
    /// Which.
    pub id: InvitationId,
    /// The link for the guest.
    pub url: String,
    /// What stands behind the `#` of it.
    pub token: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// One of one's own open invitations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitation {
    /// Which.
    pub id: InvitationId,
    /// The reminder to oneself; empty when there is none.
    pub note: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// One's own open invitations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitations {
    /// The newest first; at most 20.
    pub items: Vec<Invitation>,
}

endpoint! {
    /// One's own invitations that nobody has used yet.
    ListInvitations {} = Get "/auth/invitations",
    SignedIn, query Nothing, body Nothing => 200 Invitations
}

endpoint! {
    /// Makes a link with which one person may register within a week.
    CreateInvitation {} = Post "/auth/invitations",
    SignedIn, query Nothing, body NewInvitation => 201 SentInvitation
}

endpoint! {
    /// Takes an invitation back.
    RevokeInvitation { invitation_id: InvitationId } = Delete "/auth/invitations/{invitation_id}",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

endpoint! {
    /// Says whether an invitation is good, without spending it: 204, or `invalid_invitation`.
    CheckInvitation {} = Post "/auth/invitations/check",
    Public, query Nothing, body MailToken => 204 Nothing
}
