//! What a client must know about this Hearth before anybody signs in.

use serde::{Deserialize, Serialize};

use crate::endpoint;
use crate::endpoint::Nothing;

/// What this Hearth offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Instance {
    /// The program's version.
    pub version: String,
    /// Whether new members may register.
    pub registration_open: bool,
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
