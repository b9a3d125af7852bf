//! Name and address of an account that is there: changed with the password, the address shown to be one's own by
//! opening a link.

use super::{MailToken, PASSWORD_MAX, check_email, check_username};
use crate::endpoint;
use crate::endpoint::Nothing;
use crate::problem::FieldCode;
use crate::users::MeChanges;
use crate::valid::Report;

/// Tidies and checks the changes of oneself that concern signing in.
pub(crate) fn check_identity(report: &mut Report, changes: &mut MeChanges) {
    if let Some(username) = &mut changes.username {
        *username = username.trim().to_ascii_lowercase();
        check_username(report, username);
    }
    if let Some(email) = &mut changes.email {
        *email = email.trim().to_owned();
        check_email(report, email);
    }
    match &changes.current_password {
        Some(password) => report.length("current_password", password, 1, PASSWORD_MAX),
        None if changes.username.is_some() || changes.email.is_some() => {
            report.add(
                "current_password",
                FieldCode::Required,
                "is needed for this change",
            );
        }
        None => {}
    }
}

endpoint! {
    /// Confirms an address with the token of a mail; a new one becomes that of the account.
    VerifyEmail {} = Post "/auth/email/verify",
    Public, query Nothing, body MailToken => 204 Nothing
}

endpoint! {
    /// Sends the link for one's address, or for the new one that waits, again; at most one each minute.
    SendVerification {} = Post "/auth/email/verification",
    SignedIn, query Nothing, body Nothing => 202 Nothing
}
