//! Web push: how a message reaches a browser that shows no page of ours.
//!
//! * A browser gives an address at its maker's push service and two keys: [`Recipient`]. What is sent there is sealed
//!   ([`seal`], RFC 8291), so that only that browser can read it; the push service carries it.
//! * The server says who it is with a key of its own ([`vapid`], RFC 8292), which no push service has to be asked for.
//! * [`Pusher::send`] makes the one request (RFC 8030). Where it goes was said by somebody who is signed in, and could be
//!   any machine that this one reaches: [`place`] keeps it to public addresses.

pub mod place;
pub mod seal;
pub mod vapid;

use std::time::Duration;

use anyhow::Context;
use clap::ValueEnum;
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, StatusCode, redirect};
use url::Url;

pub use self::seal::BrowserKeys;
use self::vapid::Vapid;
use crate::platform::clock;
use crate::platform::secrets::Secrets;

/// A push service has this long to take the connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(4);
/// And this long for all of it: meanwhile a job waits.
const TIMEOUT: Duration = Duration::from_secs(8);
/// Longer waits that a push service asks for are not believed.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// Whether people can be told of what happens while they show no page of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// Through the push services of browsers, which are on the internet.
    On,
    /// Not at all.
    Off,
    /// Also through push services on this computer and in its own network, and without TLS: for tests, and for
    /// networks without the internet.
    Local,
}

/// A browser that wants to be told.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// Its address at the push service. Whoever knows it may write to it: never log it.
    pub endpoint: Url,
    /// What only it can open.
    pub keys: BrowserKeys,
}

/// What is sent.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// For the browser alone.
    pub payload: &'a [u8],
    /// A later one with the same topic takes its place while it has not arrived: 32 characters of base64url at most.
    pub topic: &'a str,
    /// A browser that cannot be reached for so long does not get it.
    pub ttl: Duration,
    /// Whether a telephone may be woken for it.
    pub urgent: bool,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// The push service has it.
    Taken,
    /// The browser wants nothing more: the address is good no longer.
    Gone,
    /// Not now; perhaps after this time.
    Later(Option<Duration>, String),
    /// Not this one.
    Refused(String),
}

/// Sends.
pub struct Pusher {
    mode: Mode,
    vapid: Vapid,
    client: Client,
}

impl Pusher {
    /// With the key that belongs to the root secret. `subject` is where a push service finds whoever runs this Hearth.
    ///
    /// # Errors
    /// When the key or the HTTP client cannot be made.
    pub fn new(mode: Mode, subject: String, secrets: &Secrets) -> anyhow::Result<Self> {
        let client = Client::builder()
            .user_agent(concat!("Hearth/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(place::Resolver { mode })
            // Another address would have to be looked at again; no push service uses them.
            .redirect(redirect::Policy::none())
            // A proxy would resolve the name itself.
            .no_proxy()
            .referer(false)
            .https_only(mode != Mode::Local)
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .build()
            .context("web push: the HTTP client")?;
        Ok(Self {
            mode,
            vapid: Vapid::new(subject, secrets)?,
            client,
        })
    }

    /// Whether anything is sent.
    pub fn is_on(&self) -> bool {
        self.mode != Mode::Off
    }

    /// The public key, as a browser wants it: base64url of the uncompressed point.
    pub fn public_key(&self) -> &str {
        self.vapid.public_key()
    }

    /// An address at a push service that may be sent to; what its name leads to is looked at with every request.
    pub fn endpoint(&self, text: &str) -> Option<Url> {
        place::endpoint(text, self.mode)
    }

    /// Sends one message. Twice does no harm where the browser looks at what it says.
    pub async fn send(&self, to: &Recipient, message: Message<'_>) -> Delivery {
        // It was looked at when it came; the host may have changed their mind since.
        if !self.is_on() || place::endpoint(to.endpoint.as_str(), self.mode).is_none() {
            return Delivery::Refused("this Hearth does not send there".to_owned());
        }
        let sealed = seal::seal(&to.keys, message.payload);
        let token = self.vapid.authorization(&to.endpoint, clock::now());
        let (body, token) = match (sealed, token) {
            (Ok(body), Ok(token)) => (body, token),
            (Err(error), _) | (_, Err(error)) => return Delivery::Refused(format!("{error:#}")),
        };
        let request = self
            .client
            .post(to.endpoint.clone())
            .header(AUTHORIZATION, token)
            .header(CONTENT_ENCODING, "aes128gcm")
            .header(CONTENT_TYPE, "application/octet-stream")
            .header("ttl", message.ttl.as_secs())
            .header("urgency", if message.urgent { "high" } else { "normal" })
            .header("topic", message.topic)
            .body(body);
        match request.send().await {
            Ok(answer) => judge(answer.status(), answer.headers()),
            // Without the address, which is secret.
            Err(error) => Delivery::Later(None, root_cause(&error.without_url())),
        }
    }
}

/// What an answer means. Its body is not read.
fn judge(status: StatusCode, headers: &HeaderMap) -> Delivery {
    let said = || format!("the push service said {}", status.as_u16());
    match status.as_u16() {
        200..=299 => Delivery::Taken,
        404 | 410 => Delivery::Gone,
        408 | 425 | 429 | 500..=599 => Delivery::Later(retry_after(headers), said()),
        _ => Delivery::Refused(said()),
    }
}

/// Seconds; the other form, a date, is used by none of the known push services.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u64 = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(RETRY_AFTER_MAX))
}

fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    format!("the push service was not reached: {cause}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_say_what_to_do() {
        let judged = |status: u16, after: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            if let Some(after) = after {
                headers.insert(RETRY_AFTER, after.parse().unwrap());
            }
            judge(StatusCode::from_u16(status).unwrap(), &headers)
        };
        assert_eq!(judged(201, None), Delivery::Taken);
        assert_eq!(judged(410, None), Delivery::Gone);
        assert_eq!(judged(404, None), Delivery::Gone);
        for (after, wait) in [
            (Some("120"), Some(120)),
            (Some("999999999"), Some(86_400)),
            (Some("Sun, 29 Nov 2026 10:00:00 GMT"), None),
            (None, None),
        ] {
            let wait = wait.map(Duration::from_secs);
            assert!(
                matches!(judged(429, after), Delivery::Later(found, _) if found == wait),
                "{after:?}"
            );
        }
        assert!(matches!(judged(503, None), Delivery::Later(None, _)));
        for status in [301, 307, 400, 401, 403, 413] {
            assert!(matches!(judged(status, None), Delivery::Refused(_)), "{status}");
        }
    }
}
