//! Leaving: all of one's own data in one file, and the end of the account.

use serde::{Deserialize, Serialize};

use crate::auth::PASSWORD_MAX;
use crate::endpoint;
use crate::endpoint::Nothing;
use crate::time::Timestamp;
use crate::valid::{Report, Validate};

/// Days between the wish to go and the end, in which one may change one's mind.
pub const DELETION_DAYS: i64 = 14;

/// What becomes of the messages that one sent. The conversations belong to the others as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OwnMessages {
    /// Their words stay, under the name "Deleted user".
    Keep,
    /// Their words go; that there was a message stays.
    Wipe,
}

/// The wish to delete one's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeleteAccount {
    /// The password, once more.
    #[cfg_attr(feature = "openapi", schema(format = "password", max_length = 128))]
    pub password: String,
    /// A code of the second factor or a recovery code, for those who have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub code: Option<String>,
    /// What becomes of one's messages.
    pub messages: OwnMessages,
}

impl Validate for DeleteAccount {
    fn validate(&mut self, report: &mut Report) {
        report.length("password", &self.password, 1, PASSWORD_MAX);
        if let Some(code) = &mut self.code {
            crate::auth::tidy_code(report, code);
        }
    }
}

/// The end of an account, as it is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deletion {
    /// When everything goes; before then one can sign in with `restore` and stay.
    pub deleted_at: Timestamp,
}

endpoint! {
    /// Ends every session at once and deletes the account after 14 days.
    DeleteMe {} = Delete "/users/me",
    SignedIn, query Nothing, body DeleteAccount => 202 Deletion
}

endpoint! {
    /// All of one's own data: an `application/zip` of JSON, media and a page that shows it without network.
    ExportMyData {} = Get "/users/me/export",
    SignedIn, query Nothing, body Nothing => 200 Nothing
}
