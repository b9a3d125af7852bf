//! The mail that tells people once a day what they have not seen: what it may hold, and its end.

use serde::{Deserialize, Serialize};

use crate::auth::MailToken;
use crate::endpoint;
use crate::endpoint::Nothing;
use crate::valid::{Report, Validate};

/// The page at which a link in the mail ends, and to which mail programs post (RFC 8058).
pub const UNSUBSCRIBE_PATH: &str = "/unsubscribe";
/// The part of its query that holds the token.
pub const UNSUBSCRIBE_QUERY: &str = "token";

/// What one's daily mail may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DigestSettings {
    /// Whether the beginnings of posts, comments and messages stand in it. Mail is read on many screens, and kept by others.
    pub with_words: bool,
}

impl Validate for DigestSettings {
    fn validate(&mut self, _report: &mut Report) {}
}

endpoint! {
    /// What one's daily mail may hold.
    GetDigestSettings {} = Get "/notifications/digest",
    SignedIn, query Nothing, body Nothing => 200 DigestSettings
}

endpoint! {
    /// Says what one's daily mail may hold, from the next one on.
    ChangeDigestSettings {} = Put "/notifications/digest",
    SignedIn, query Nothing, body DigestSettings => 200 DigestSettings
}

endpoint! {
    /// Ends the daily mail of whoever it was sent to, with the token of any of them.
    Unsubscribe {} = Post "/notifications/digest/end",
    Public, query Nothing, body MailToken => 204 Nothing
}
