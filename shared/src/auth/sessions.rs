//! Sessions: sign in, refresh, sign out, and the list of one's signed-in devices.

use serde::{Deserialize, Serialize};

use super::two_factor::tidy_code;
use super::{EMAIL_MAX, PASSWORD_MAX};
use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::SessionId;
use crate::time::Timestamp;
use crate::users::UserCard;
use crate::valid::{Report, Validate};

/// A name and its password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Credentials {
    /// Username or email address.
    #[cfg_attr(feature = "openapi", schema(max_length = 254))]
    pub login: String,
    /// The password.
    #[cfg_attr(feature = "openapi", schema(format = "password", max_length = 128))]
    pub password: String,
    /// True: an account that waits for its deletion is kept. Without it the answer is `account_deletion_pending`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restore: Option<bool>,
    /// A code of the second factor or a recovery code, for those who have turned it on. Without it the answer to
    /// the right password is `second_factor_required`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub code: Option<String>,
}

impl Validate for Credentials {
    fn validate(&mut self, report: &mut Report) {
        self.login = self.login.trim().to_owned();
        report.length("login", &self.login, 1, EMAIL_MAX);
        report.printable("login", &self.login, false);
        report.length("password", &self.password, 1, PASSWORD_MAX);
        if let Some(code) = &mut self.code {
            tidy_code(report, code);
        }
    }
}

/// The refresh token of a program; browsers send the cookie and leave it out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RefreshToken {
    /// The token of the last `Session`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 256))]
    pub refresh_token: Option<String>,
}

impl Validate for RefreshToken {
    fn validate(&mut self, report: &mut Report) {
        report.length(
            "refresh_token",
            self.refresh_token.as_deref().unwrap_or_default(),
            0,
            256,
        );
    }
}

/// Where the refresh token travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionQuery {
    /// True: in an `HttpOnly` cookie, for browsers. False: in the body, for programs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cookie: bool,
}

/// A signed-in device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// A JWT for the header `Authorization: Bearer …`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// Seconds until the access token ends.
    pub expires_in: u32,
    /// Opaque, good for one refresh; absent when it is in the cookie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// The session, the same after every refresh.
    pub session_id: SessionId,
    /// Who is signed in.
    pub user: UserCard,
}

endpoint! {
    /// Signs in with a username or email address and a password.
    Login {} = Post "/auth/login",
    Public, query SessionQuery, body Credentials => 200 Session
}

endpoint! {
    /// Exchanges the refresh token for a new one and a new access token.
    Refresh {} = Post "/auth/refresh",
    RefreshToken, query SessionQuery, body RefreshToken => 200 Session
}

endpoint! {
    /// Ends this session, known by its access token or by its refresh token. Always 204.
    Logout {} = Post "/auth/logout",
    Public, query Nothing, body RefreshToken => 204 Nothing
}

/// One of one's own living sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedInDevice {
    /// Which.
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub current: bool,
    /// What the browser or program calls itself, at most 200 characters; may be empty.
    pub user_agent: String,
    /// When it signed in.
    pub created_at: Timestamp,
    /// When it last renewed its access token.
    pub last_used_at: Timestamp,
}

/// One's signed-in devices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedInDevices {
    /// The newest sign-in first; at most 20.
    pub items: Vec<SignedInDevice>,
}

endpoint! {
    /// One's own living sessions, the newest first.
    ListSessions {} = Get "/auth/sessions",
    SignedIn, query Nothing, body Nothing => 200 SignedInDevices
}

endpoint! {
    /// Signs one of one's own devices out.
    EndSession { session_id: SessionId } = Delete "/auth/sessions/{session_id}",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

endpoint! {
    /// Signs all of one's devices out but the one that asks.
    EndOtherSessions {} = Delete "/auth/sessions",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}
