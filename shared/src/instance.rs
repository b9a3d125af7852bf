//! What a client must know about this Hearth before anybody signs in.

use serde::{Deserialize, Serialize};

use crate::endpoint;
use crate::endpoint::Nothing;

/// Who may register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Everybody.
    #[default]
    Open,
    /// Whoever has an invitation of a member.
    Invite,
    /// Nobody.
    Closed,
}

/// What this Hearth offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Instance {
    /// The program's version.
    pub version: String,
    /// Whether new members may register, with or without an invitation.
    pub registration_open: bool,
    /// Who may register.
    #[serde(default)]
    pub registration: Registration,
    /// Whether a new member must open a link in a mail before the first sign-in.
    #[serde(default)]
    pub verify_email: bool,
    /// Whether people get a mail a day of what they have not seen. Not without a mail server.
    #[serde(default)]
    pub daily_mail: bool,
    /// Whether posts may be public.
    pub public_posts: bool,
    /// Characters of a password at least.
    pub password_min: u16,
}

endpoint! {
    /// What this Hearth offers.
    GetInstance {} = Get "/instance",
    Public, query Nothing, body Nothing => 200 Instance
}
