//! The password: forgotten, set anew by a link, changed.

use serde::{Deserialize, Serialize};

use super::{MailToken, PASSWORD_MAX, PASSWORD_MIN, check_email, tidy_token};
use crate::endpoint;
use crate::endpoint::Nothing;
use crate::valid::{Report, Validate};

/// Minutes that a link for a new password is good.
pub const RESET_MINUTES: i64 = 30;

/// Whose password is forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ForgottenPassword {
    /// The address of the account.
    #[cfg_attr(feature = "openapi", schema(format = "email", max_length = 254))]
    pub email: String,
}

impl Validate for ForgottenPassword {
    fn validate(&mut self, report: &mut Report) {
        self.email = self.email.trim().to_owned();
        check_email(report, &self.email);
    }
}

/// A new password, with the token of a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPassword {
    /// What stands behind the `#` of the link.
    #[cfg_attr(feature = "openapi", schema(max_length = 128))]
    pub token: String,
    /// 10 to 128 characters, not easily guessed.
    #[cfg_attr(
        feature = "openapi",
        schema(format = "password", min_length = 10, max_length = 128)
    )]
    pub password: String,
}

impl Validate for NewPassword {
    fn validate(&mut self, report: &mut Report) {
        tidy_token(report, "token", &mut self.token);
        report.length("password", &self.password, PASSWORD_MIN, PASSWORD_MAX);
    }
}

/// A new password of somebody who knows the old one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordChange {
    /// The password until now.
    #[cfg_attr(feature = "openapi", schema(format = "password", max_length = 128))]
    pub current_password: String,
    /// 10 to 128 characters, not easily guessed.
    #[cfg_attr(
        feature = "openapi",
        schema(format = "password", min_length = 10, max_length = 128)
    )]
    pub new_password: String,
}

impl Validate for PasswordChange {
    fn validate(&mut self, report: &mut Report) {
        report.length("current_password", &self.current_password, 1, PASSWORD_MAX);
        report.length("new_password", &self.new_password, PASSWORD_MIN, PASSWORD_MAX);
    }
}

endpoint! {
    /// Sends a link for a new password to an address, if it is that of an account. The answer is always the same.
    ForgotPassword {} = Post "/auth/password/forgot",
    Public, query Nothing, body ForgottenPassword => 202 Nothing
}

endpoint! {
    /// Says whether a link is good, without spending it: 204, or `invalid_token`.
    CheckResetToken {} = Post "/auth/password/reset/check",
    Public, query Nothing, body MailToken => 204 Nothing
}

endpoint! {
    /// Sets a new password with the token of a mail, once, and ends all sessions of the account.
    ResetPassword {} = Post "/auth/password/reset",
    Public, query Nothing, body NewPassword => 204 Nothing
}

endpoint! {
    /// Changes one's password and ends one's other sessions.
    ChangePassword {} = Post "/auth/password/change",
    SignedIn, query Nothing, body PasswordChange => 204 Nothing
}
