//! What was done to accounts. A row is written in the transaction of what it is about, and never changed.

use std::net::{IpAddr, Ipv6Addr};

use hearth_shared::ids::{Id, UserId};

use super::store;
use crate::platform::db::Tx;
use crate::platform::error::AppResult;

macro_rules! actions {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal;)+) => {
        /// What can be done. The text form stands in the database.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Action {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Action {
            /// The stable text form.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }
        }
    };
}

actions! {
    /// Somebody registered.
    Registered = "registered";
    /// Somebody signed in.
    SignedIn = "signed_in";
    /// A sign-in that was refused; the details are the code of the answer.
    SignInFailed = "sign_in_failed";
    /// Somebody signed out.
    SignedOut = "signed_out";
    /// Sessions were ended, not by signing out of them.
    SessionsEnded = "sessions_ended";
    /// An old refresh token came back.
    TokenReused = "token_reused";
    /// A password was changed or reset.
    PasswordChanged = "password_changed";
    /// A link to choose a new password was made.
    ResetLinkMade = "reset_link_made";
    /// An address was changed.
    EmailChanged = "email_changed";
    /// A username was changed.
    UsernameChanged = "username_changed";
    /// The second factor was switched on or off.
    TwoFactorChanged = "two_factor_changed";
    /// Somebody was given a role: the details.
    RoleChanged = "role_changed";
    /// Somebody was suspended.
    Suspended = "suspended";
    /// A suspension ended.
    Unsuspended = "unsuspended";
    /// Reports about something were closed: what, and how many there were.
    ReportsClosed = "reports_closed";
    /// Somebody took all their data out.
    Exported = "exported";
    /// Somebody wants their account to end.
    DeletionRequested = "deletion_requested";
    /// Somebody stays after all.
    DeletionCancelled = "deletion_cancelled";
    /// An account was deleted.
    Deleted = "deleted";
}

/// A row to be written.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// What.
    pub action: Action,
    /// By whom; `None`: by the host, or by nobody who is known.
    pub actor: Option<UserId>,
    /// About whom.
    pub subject: Option<UserId>,
    /// From where; only the network is kept.
    pub from: Option<IpAddr>,
    /// A word more. Never what people wrote: it stays for half a year.
    pub details: Option<&'a str>,
}

impl Entry<'_> {
    /// Something that somebody did to their own account.
    pub fn by(action: Action, user: UserId) -> Self {
        Self {
            actor: Some(user),
            ..Self::by_host(action, user)
        }
    }

    /// Something that the host did to somebody's account, or that happened by itself.
    pub fn by_host(action: Action, user: UserId) -> Self {
        Self {
            action,
            actor: None,
            subject: Some(user),
            from: None,
            details: None,
        }
    }

    /// From an address.
    pub fn from(self, address: IpAddr) -> Self {
        Self {
            from: Some(address),
            ..self
        }
    }
}

impl<'a> Entry<'a> {
    /// With a word more.
    pub fn with(self, details: &'a str) -> Self {
        Self {
            details: Some(details),
            ..self
        }
    }
}

/// Writes a row; it stands if the transaction does.
///
/// # Errors
/// When the database fails.
pub fn record(tx: &mut Tx<'_>, entry: Entry<'_>) -> AppResult<()> {
    // Of no kind of object: only its order matters.
    let id: UserId = tx.new_id();
    let now = tx.now();
    let network = entry.from.map(network);
    Ok(store::insert(
        tx.conn(),
        id.get(),
        entry,
        network.as_deref(),
        now,
    )?)
}

/// Enough of an address to see where from, too little to see who: /24 of IPv4, /48 of IPv6.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(v6) => {
            let kept = u128::from(v6) >> 80 << 80;
            format!("{}/48", Ipv6Addr::from(kept))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn addresses_are_cut() {
        for (address, kept) in [
            ("192.0.2.77", "192.0.2.0/24"),
            ("::ffff:192.0.2.77", "192.0.2.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ] {
            assert_eq!(network(address.parse().unwrap()), kept);
        }
    }
}
