//! How often somebody may do something: token buckets, one table of all of them. With several nodes they are
//! counted in Redis; while it is away, and without it, each node counts for itself.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::OnceLock;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use hearth_shared::ids::{SessionId, UserId};
use hearth_shared::problem::{ErrorCode, Problem};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::platform::error::{AppError, AppResult, RetryAfter};
use crate::platform::redis::buckets::SharedBuckets;
use crate::platform::secrets::Secrets;

macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal, $requests:literal per $seconds:literal;)+) => {
        /// What is limited. Each bucket holds `requests` and refills evenly over its window.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Limit {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Limit {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Name, requests and window in seconds, as the `RateLimit-Policy` header gives them.
            pub const fn policy(self) -> (&'static str, u32, u64) {
                match self {
                    $(Self::$name => ($text, $requests, $seconds),)+
                }
            }
        }
    };
}

limits! {
    /// Sign-ins from one network.
    Login = "login", 30 per 900;
    /// Sign-ins by one name from one network: a delay, never a lock.
    LoginName = "login-name", 10 per 900;
    /// Sign-ins by one name from all networks together.
    LoginNameEverywhere = "login-name-everywhere", 100 per 900;
    /// New accounts from one network.
    Register = "register", 30 per 3600;
    /// Registrations from one network that were answered with "taken".
    RegisterTaken = "register-taken", 5 per 3600;
    /// Passwords forgotten in one network.
    Forgot = "forgot", 20 per 3600;
    /// The same of one address, known or not.
    ForgotName = "forgot-name", 5 per 3600;
    /// Tokens of mails and invitations shown from one network.
    MailToken = "mail-token", 60 per 900;
    /// Ends of the daily mails from one network: a mail service ends those of many people.
    Unsubscribe = "unsubscribe", 300 per 900;
    /// Passwords and codes that somebody shows once more: one bucket for all of them.
    Reauth = "reauth", 10 per 900;
    /// Asking for the link to one's address again.
    Verification = "verification", 10 per 3600;
    /// Inviting.
    Invitation = "invitation", 30 per 3600;
    /// Refreshes from one network; many devices may share one.
    Refresh = "refresh", 600 per 60;
    /// Refreshes of one session.
    RefreshSession = "refresh-session", 30 per 60;
    /// Other things that need no account.
    Anonymous = "anonymous", 300 per 60;
    /// Reading.
    Read = "read", 600 per 60;
    /// Looking for people, groups, posts and messages; every letter that somebody types may ask.
    Search = "search", 240 per 60;
    /// Looking at people's pages.
    Profile = "profile", 300 per 60;
    /// Asking for friendship.
    FriendRequest = "friend-request", 20 per 3600;
    /// Answering, cancelling, parting.
    FriendAnswer = "friend-answer", 120 per 60;
    /// Writing posts.
    Post = "post", 30 per 3600;
    /// Writing comments.
    Comment = "comment", 20 per 60;
    /// Reactions.
    Reaction = "reaction", 120 per 60;
    /// Keeping posts for later, muting people and posts.
    Keep = "keep", 120 per 60;
    /// Opening conversations.
    Conversation = "conversation", 60 per 60;
    /// Making groups.
    Group = "group", 20 per 3600;
    /// Coming into groups and going, and what is done with their members.
    Membership = "membership", 120 per 60;
    /// Asking people into groups.
    GroupInvitation = "group-invitation", 60 per 3600;
    /// Sending messages.
    Message = "message", 60 per 60;
    /// Saying what one has read and seen.
    Mark = "mark", 240 per 60;
    /// Letting a browser be told of what happens, or no more.
    Push = "push", 30 per 3600;
    /// Trying whether it is.
    PushTest = "push-test", 10 per 3600;
    /// Opening sockets.
    Socket = "socket", 60 per 60;
    /// Bringing pictures.
    Upload = "upload", 120 per 3600;
    /// Bringing pieces of films: more than a good line carries.
    Piece = "piece", 240 per 60;
    /// Looking at pictures, from one network; a page may have a hundred.
    Media = "media", 6000 per 60;
    /// Changing and removing what one wrote.
    Edit = "edit", 60 per 60;
    /// Asking the host to look at something.
    Report = "report", 30 per 3600;
    /// Asking for the end of one's account, password and all.
    Leave = "leave", 10 per 3600;
    /// Taking all of one's data.
    Export = "export", 5 per 86400;
}

/// Whom a bucket belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// A network: /24 of IPv4, /64 of IPv6, which is what one household or attacker has.
    Network(IpAddr),
    /// A person.
    User(UserId),
    /// A session.
    Session(SessionId),
    /// A name that somebody signs in by, hashed.
    Name(u64),
    /// The same from one network.
    NameFrom(u64, IpAddr),
}

impl Key {
    /// A hashed name, tried from an address.
    pub fn name_from(name: u64, address: IpAddr) -> Self {
        match Self::network(address) {
            Self::Network(network) => Self::NameFrom(name, network),
            other => other,
        }
    }

    /// The network of an address.
    pub fn network(address: IpAddr) -> Self {
        Self::Network(match address {
            IpAddr::V4(v4) => IpAddr::V4((u32::from(v4) & 0xffff_ff00).into()),
            IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
                Some(v4) => return Self::network(IpAddr::V4(v4)),
                None => IpAddr::V6(Ipv6Addr::from(u128::from(v6) & !u128::from(u64::MAX))),
            },
        })
    }
}

impl std::fmt::Display for Key {
    /// The same on every node.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Network(network) => write!(f, "net:{network}"),
            Self::User(user) => write!(f, "user:{user}"),
            Self::Session(session) => write!(f, "session:{session}"),
            Self::Name(name) => write!(f, "name:{name:x}"),
            Self::NameFrom(name, network) => write!(f, "name:{name:x}:{network}"),
        }
    }
}

/// All buckets.
pub struct RateLimits {
    /// Secret, so that nobody can make two names share a bucket; the same on every node.
    names: Hmac<Sha256>,
    limiters: HashMap<Limit, DefaultKeyedRateLimiter<Key>>,
    clock: DefaultClock,
    shared: OnceLock<SharedBuckets>,
}

impl RateLimits {
    /// Full buckets; none at all when limits are off.
    pub fn new(on: bool, secrets: &Secrets) -> Self {
        let limits = if on { Limit::ALL } else { &[] };
        let limiters = limits
            .iter()
            .filter_map(|limit| Some((*limit, RateLimiter::keyed(quota(*limit)?))))
            .collect();
        // As long as HMAC makes it in any case (RFC 2104): a slice could be of a wrong length, this cannot.
        let mut key = [0; 64];
        key[..32].copy_from_slice(&secrets.key("names in rate limits"));
        Self {
            names: Hmac::new(&key.into()),
            limiters,
            clock: DefaultClock::default(),
            shared: OnceLock::new(),
        }
    }

    /// From now on buckets are counted with the other nodes, while that is possible.
    pub fn share(&self, buckets: SharedBuckets) {
        // There is one Redis; a second call would bring the same.
        drop(self.shared.set(buckets));
    }

    /// The number by which a name is counted.
    pub fn hash_name(&self, name: &str) -> u64 {
        let mut mac = self.names.clone();
        mac.update(name.as_bytes());
        let bytes = mac.finalize().into_bytes();
        bytes.first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
    }

    /// Takes one request from a bucket.
    ///
    /// # Errors
    /// `rate_limited` with the seconds to wait, when the bucket is empty.
    pub async fn check(&self, limit: Limit, key: Key) -> AppResult<()> {
        let Some(limiter) = self.limiters.get(&limit) else {
            return Ok(());
        };
        let wait = match self.take_shared(limit, key).await {
            Some(wait) => {
                if wait.is_zero() {
                    // What passed here is known here, should Redis go away in a moment.
                    drop(limiter.check_key(&key));
                }
                wait
            }
            None => match limiter.check_key(&key) {
                Ok(()) => Duration::ZERO,
                Err(refused) => refused.wait_time_from(self.clock.now()),
            },
        };
        if wait.is_zero() {
            return Ok(());
        }
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let retry = RetryAfter {
            seconds: seconds.max(1),
            policy: Some(limit.policy()),
        };
        Err(AppError::Problem(
            Box::new(Problem::new(ErrorCode::RateLimited)),
            Some(retry),
        ))
    }

    async fn take_shared(&self, limit: Limit, key: Key) -> Option<Duration> {
        let (name, requests, seconds) = limit.policy();
        let period = Duration::from_secs(seconds) / requests;
        let bucket = format!("{name}:{key}");
        self.shared.get()?.take(&bucket, period, requests).await
    }

    /// Forgets buckets that are full again; called now and then.
    pub fn sweep(&self) {
        for limiter in self.limiters.values() {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

fn quota(limit: Limit) -> Option<Quota> {
    let (_, requests, seconds) = limit.policy();
    let period = Duration::from_secs(seconds) / requests;
    Some(Quota::with_period(period)?.allow_burst(NonZeroU32::new(requests)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_bucket_empties_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = Secrets::load_or_create(&folder.path().join("key")).unwrap();
        let limits = RateLimits::new(true, &secrets);
        let (ada, ben) = (
            Key::network([10, 0, 0, 1].into()),
            Key::network([10, 0, 1, 1].into()),
        );
        for _ in 0..30 {
            assert!(limits.check(Limit::Login, ada).await.is_ok());
        }
        let (problem, retry) = limits.check(Limit::Login, ada).await.unwrap_err().to_problem();
        assert_eq!(problem.code, ErrorCode::RateLimited);
        assert!((1..=30).contains(&retry.unwrap().seconds));
        assert!(limits.check(Limit::Login, ben).await.is_ok());
        assert!(limits.check(Limit::Register, ada).await.is_ok());
    }

    #[test]
    fn neighbours_share_a_network() {
        assert_eq!(
            Key::network([10, 0, 0, 1].into()),
            Key::network([10, 0, 0, 200].into())
        );
        let v6 = |text: &str| Key::network(text.parse().unwrap());
        assert_eq!(v6("2001:db8::1"), v6("2001:db8::ffff"));
        assert_ne!(v6("2001:db8::1"), v6("2001:db8:0:1::1"));
        assert_eq!(v6("::ffff:10.0.0.7"), Key::network([10, 0, 0, 1].into()));
    }

    #[test]
    fn every_limit_has_a_quota() {
        assert!(Limit::ALL.iter().all(|limit| quota(*limit).is_some()));
    }
}
