//! Web push: being told of what happens while no page of Hearth is shown. A browser is told as long as somebody is signed
//! in in it; who signs out is told nothing more there.

use serde::{Deserialize, Serialize};

use crate::endpoint;
use crate::endpoint::Nothing;
use crate::problem::FieldCode;
use crate::time::Timestamp;
use crate::valid::{Report, Validate};

/// Characters of a browser's address at its push service at most.
pub const ENDPOINT_MAX: usize = 1_000;
/// Characters of each of its keys at most.
pub const KEY_MAX: usize = 128;
/// Browsers of one person at most. With one more the one that has been told longest is told no more.
pub const BROWSERS_MAX: i64 = 10;

/// A browser, as it names itself to a server that may wake it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPushSubscription {
    /// Its address at its maker's push service: `endpoint` of a `PushSubscription`.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 1000))]
    pub endpoint: String,
    /// Its public key: `getKey("p256dh")`, in base64url.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 128))]
    pub p256dh: String,
    /// Its secret: `getKey("auth")`, in base64url.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 128))]
    pub auth: String,
    /// Whether it shows what was written. Otherwise it shows who did what.
    #[serde(default)]
    pub previews: bool,
}

/// What wakes a browser is not for logs.
impl std::fmt::Debug for NewPushSubscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewPushSubscription")
            .field("previews", &self.previews)
            .finish_non_exhaustive()
    }
}

impl Validate for NewPushSubscription {
    fn validate(&mut self, report: &mut Report) {
        report.length("endpoint", &self.endpoint, 1, ENDPOINT_MAX);
        let scheme = self.endpoint.starts_with("https://") || self.endpoint.starts_with("http://");
        let odd = !scheme || !self.endpoint.bytes().all(|byte| byte.is_ascii_graphic());
        if odd && !self.endpoint.is_empty() {
            let message = "must be the address of a push service";
            report.add("endpoint", FieldCode::InvalidFormat, message);
        }
        for (field, key) in [("p256dh", &self.p256dh), ("auth", &self.auth)] {
            report.length(field, key, 1, KEY_MAX);
            let base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'=');
            if !key.bytes().all(base64) {
                report.add(field, FieldCode::InvalidCharacters, "must be base64url");
            }
        }
    }
}

/// How a browser is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushSubscription {
    /// Whether it shows what was written.
    pub previews: bool,
    /// Since when.
    pub created_at: Timestamp,
    /// When its push service last took something.
    pub last_ok_at: Option<Timestamp>,
    /// Whether its push service has refused or not answered since.
    pub failing: bool,
}

/// What this Hearth can do, and what it does in the browser that asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Push {
    /// The `applicationServerKey` to subscribe with, in base64url; `null` where the host has switched it off.
    pub public_key: Option<String>,
    /// How this browser is told, if it is.
    pub subscription: Option<PushSubscription>,
}

endpoint! {
    /// Whether this browser is told of what happens, and the key to begin with.
    GetPush {} = Get "/push",
    SignedIn, query Nothing, body Nothing => 200 Push
}

endpoint! {
    /// Lets this browser be told of what happens while it shows no page of Hearth.
    SubscribePush {} = Put "/push/subscription",
    SignedIn, query Nothing, body NewPushSubscription => 200 Push
}

endpoint! {
    /// This browser is told no more.
    UnsubscribePush {} = Delete "/push/subscription",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

endpoint! {
    /// Sends something to this browser, to try it.
    TestPush {} = Post "/push/test",
    SignedIn, query Nothing, body Nothing => 202 Nothing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::valid::Valid;

    fn browser() -> NewPushSubscription {
        NewPushSubscription {
            endpoint: "https://push.example/a?b=c".to_owned(),
            p256dh: "BAx_-9=".to_owned(),
            auth: "AAAA".to_owned(),
            previews: false,
        }
    }

    #[test]
    fn browsers_have_the_form_of_browsers() {
        assert!(Valid::check(browser()).is_ok());
        let wrong = |change: fn(&mut NewPushSubscription)| {
            let mut browser = browser();
            change(&mut browser);
            let errors = Valid::check(browser).err().unwrap_or_default();
            errors.first().map(|error| (error.field.clone(), error.code))
        };
        let is = |field: &str, code| Some((field.to_owned(), code));
        assert_eq!(wrong(|b| b.endpoint.clear()), is("endpoint", FieldCode::Required));
        assert_eq!(
            wrong(|b| b.endpoint = format!("https://{}", "x".repeat(ENDPOINT_MAX))),
            is("endpoint", FieldCode::TooLong)
        );
        for odd in ["ftp://a", "https://a b", "https://a\n", "javascript:x"] {
            let mut browser = browser();
            odd.clone_into(&mut browser.endpoint);
            let errors = Valid::check(browser).err().unwrap_or_default();
            assert_eq!(errors[0].code, FieldCode::InvalidFormat, "{odd}");
        }
        assert_eq!(wrong(|b| b.auth.clear()), is("auth", FieldCode::Required));
        assert_eq!(
            wrong(|b| b.p256dh = "a+b".to_owned()),
            is("p256dh", FieldCode::InvalidCharacters)
        );
        assert_eq!(
            wrong(|b| b.p256dh = "a".repeat(KEY_MAX + 1)),
            is("p256dh", FieldCode::TooLong)
        );
    }

    #[test]
    fn what_wakes_a_browser_is_not_shown() {
        let shown = format!("{:?}", browser());
        assert!(
            !shown.contains("push.example") && !shown.contains("BAx"),
            "{shown}"
        );
    }
}
