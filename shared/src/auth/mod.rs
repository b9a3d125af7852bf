//! Accounts: register here; sign in and the signed-in devices in `sessions`, the password in `passwords`, the
//! address in `email`, the second factor in `two_factor`, who may register in `invitations`.

use serde::{Deserialize, Serialize};

mod email;
mod invitations;
mod passwords;
mod sessions;
mod two_factor;

pub(crate) use email::check_identity;
pub use email::{SendVerification, VerifyEmail};
pub use invitations::{
    CheckInvitation, CreateInvitation, INVITATION_DAYS, INVITATIONS_OPEN, Invitation, Invitations,
    ListInvitations, NOTE_MAX, NewInvitation, RevokeInvitation, SentInvitation,
};
pub use passwords::{
    ChangePassword, CheckResetToken, ForgotPassword, ForgottenPassword, NewPassword, PasswordChange,
    RESET_MINUTES, ResetPassword,
};
pub use sessions::{
    Credentials, EndOtherSessions, EndSession, ListSessions, Login, Logout, Refresh, RefreshToken, Session,
    SessionQuery, SignedInDevice, SignedInDevices,
};
pub(crate) use two_factor::tidy_code;
pub use two_factor::{
    CODE_MAX, DisableTwoFactor, EnableTwoFactor, GetTwoFactor, NewRecoveryCodes, RECOVERY_CODES,
    RecoveryCodes, SetUpTwoFactor, TotpCode, TwoFactor, TwoFactorProof, TwoFactorSecret, TwoFactorSetup,
};

use crate::endpoint;
use crate::problem::FieldCode;
use crate::valid::{Report, Validate, tidy_line};

/// Characters of a username.
pub const USERNAME_LENGTH: std::ops::RangeInclusive<usize> = 3..=30;
/// Characters of a display name at most.
pub const DISPLAY_NAME_MAX: usize = 60;
/// Characters of a password at least; the host may ask for more.
pub const PASSWORD_MIN: usize = 10;
/// Characters of a password at most.
pub const PASSWORD_MAX: usize = 128;
/// Characters of an email address at most (RFC 5321, 4.5.3.1.3).
pub const EMAIL_MAX: usize = 254;
/// Characters of a token from a mail at most; those that this server makes have 43.
pub const TOKEN_MAX: usize = 128;

/// A new account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewAccount {
    /// `[a-z0-9_]`, 3 to 30 characters, unique; capital letters are lowered.
    #[cfg_attr(feature = "openapi", schema(min_length = 3, max_length = 30))]
    pub username: String,
    /// Where mail goes; unique without regard to case.
    #[cfg_attr(feature = "openapi", schema(format = "email", max_length = 254))]
    pub email: String,
    /// 10 to 128 characters, not easily guessed.
    #[cfg_attr(
        feature = "openapi",
        schema(format = "password", min_length = 10, max_length = 128)
    )]
    pub password: String,
    /// The name that people see, 1 to 60 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 60))]
    pub display_name: String,
    /// The token of an invitation, where this Hearth asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 128))]
    pub invitation: Option<String>,
}

impl Validate for NewAccount {
    fn validate(&mut self, report: &mut Report) {
        tidy_line(&mut self.display_name);
        self.username = self.username.trim().to_ascii_lowercase();
        self.email = self.email.trim().to_owned();
        check_display_name(report, &self.display_name);
        check_username(report, &self.username);
        check_email(report, &self.email);
        report.length("password", &self.password, PASSWORD_MIN, PASSWORD_MAX);
        if let Some(token) = &mut self.invitation {
            tidy_token(report, "invitation", token);
        }
    }
}

/// Reports a display name that breaks its rules.
pub fn check_display_name(report: &mut Report, name: &str) {
    report.length("display_name", name, 1, DISPLAY_NAME_MAX);
    report.printable("display_name", name, false);
}

/// Reports a username that breaks its rules.
pub fn check_username(report: &mut Report, username: &str) {
    report.length(
        "username",
        username,
        *USERNAME_LENGTH.start(),
        *USERNAME_LENGTH.end(),
    );
    if !username
        .bytes()
        .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'))
    {
        report.add(
            "username",
            FieldCode::InvalidCharacters,
            "may contain a-z, 0-9 and _",
        );
    } else if RESERVED_USERNAMES.contains(&username) {
        report.add("username", FieldCode::NotOffered, "is reserved");
    }
}

/// Reports an address that no mail server would take. Whether it exists only a mail can tell.
pub fn check_email(report: &mut Report, email: &str) {
    report.length("email", email, 1, EMAIL_MAX);
    let well_formed = email.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && local.len() <= 64
            && !domain.is_empty()
            && !domain.starts_with(['.', '-'])
            && !domain.ends_with(['.', '-'])
            && !domain.contains("..")
            && !local.contains('@')
            && email
                .chars()
                .all(|c| !c.is_whitespace() && !c.is_control() && !"<>()[]\\,;:\"".contains(c))
    });
    if !email.is_empty() && !well_formed {
        report.add("email", FieldCode::InvalidFormat, "is not an email address");
    }
}

/// Names that addresses of the API or a trickster would use (`GET /users/me`).
const RESERVED_USERNAMES: &[&str] = &[
    "admin",
    "administrator",
    "hearth",
    "me",
    "moderator",
    "root",
    "support",
    "system",
];

/// A token as it comes from the address of a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailToken {
    /// What stands behind the `#`.
    #[cfg_attr(feature = "openapi", schema(max_length = 128))]
    pub token: String,
}

impl Validate for MailToken {
    fn validate(&mut self, report: &mut Report) {
        tidy_token(report, "token", &mut self.token);
    }
}

/// Takes away what copying a link leaves around a token, and reports what no token can be. Whether it is good
/// the server knows.
pub(crate) fn tidy_token(report: &mut Report, field: &str, token: &mut String) {
    *token = token.trim().to_owned();
    report.length(field, token, 1, TOKEN_MAX);
}

/// What comes of registering.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Registered(
    /// The session; `null`, with status 202, where the address must be verified first: then a mail is on its way,
    /// whether the address was free or not.
    pub Option<Session>,
);

endpoint! {
    /// Makes an account and signs it in.
    Register {} = Post "/auth/register",
    Public, query SessionQuery, body NewAccount => 201 Registered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::valid::Valid;

    fn account() -> NewAccount {
        NewAccount {
            username: "ada".into(),
            email: "ada@example.org".into(),
            password: "a long enough one".into(),
            display_name: "Ada".into(),
            invitation: None,
        }
    }

    fn wrong(change: impl FnOnce(&mut NewAccount)) -> Vec<(String, FieldCode)> {
        let mut account = account();
        change(&mut account);
        let errors = Valid::check(account).err().unwrap_or_default();
        errors.into_iter().map(|e| (e.field, e.code)).collect()
    }

    #[test]
    fn each_wrong_field_is_named() {
        let all = wrong(|a| {
            *a = NewAccount {
                username: "a".into(),
                email: "x".into(),
                password: "short".into(),
                display_name: " ".into(),
                invitation: None,
            }
        });
        let fields: Vec<_> = all.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["display_name", "username", "email", "password"]);
    }

    #[test]
    fn usernames() {
        for good in ["abc", "a_1", "ADA", " ada ", &"x".repeat(30)] {
            assert_eq!(wrong(|a| a.username = good.into()), [], "{good}");
        }
        for bad in ["", "ab", "añb", "a b", "a-b", "me", "Admin", &"x".repeat(31)] {
            assert_eq!(wrong(|a| a.username = bad.into())[0].0, "username", "{bad}");
        }
    }

    #[test]
    fn emails() {
        for good in ["a@b", "first.last+tag@mail.example.org", "jörg@müller.example"] {
            assert_eq!(wrong(|a| a.email = good.into()), [], "{good}");
        }
        for bad in [
            "", "a", "@b", "a@", "a@@b", "a b@c", "a@b..c", "a@.b", "<a@b>", "a@b\n", "a,b@c",
        ] {
            let tidied_away = bad == "a@b\n";
            assert_eq!(wrong(|a| a.email = bad.into()).is_empty(), tidied_away, "{bad}");
        }
    }

    #[test]
    fn password_length_at_its_edges() {
        for (length, good) in [(9, false), (10, true), (128, true), (129, false)] {
            assert_eq!(
                wrong(|a| a.password = "ü".repeat(length)).is_empty(),
                good,
                "{length}"
            );
        }
    }
}
