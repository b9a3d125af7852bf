//! Why a socket is closed, and what the client does then. The one list of both sides.

/// What a client does when its socket was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Connect again after a pause that grows (0.5 s to 30 s, full jitter), and catch up.
    Reconnect,
    /// Get a fresh access token first; when that is refused the person is signed out.
    RefreshToken,
    /// Stop: the client does not speak this protocol, and another try ends the same.
    Stop,
}

macro_rules! close_codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $reason:literal, $then:ident;)+) => {
        /// The codes with which the server closes a socket (RFC 6455, 7.4).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum CloseCode {
            $($(#[doc = $doc])+ $name,)+
        }

        impl CloseCode {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The number on the wire.
            pub const fn code(self) -> u16 {
                match self {
                    $(Self::$name => $code,)+
                }
            }

            /// The words on the wire.
            pub const fn reason(self) -> &'static str {
                match self {
                    $(Self::$name => $reason,)+
                }
            }

            /// What the client does.
            pub const fn then(self) -> Then {
                match self {
                    $(Self::$name => Then::$then,)+
                }
            }
        }
    };
}

close_codes! {
    /// The server stops or restarts.
    GoingAway = 1001, "going away", Reconnect;
    /// A frame that is no text.
    NotText = 1003, "only text frames", Stop;
    /// A frame of more than 4 KiB.
    TooBig = 1009, "frame too big", Stop;
    /// The client reads more slowly than things happen; it catches up when it returns.
    TooSlow = 4008, "too slow", Reconnect;
    /// A frame that is not of the protocol, or not yet allowed.
    BadFrame = 4400, "bad frame", Stop;
    /// The access token is wrong, of somebody else, or has expired.
    Unauthenticated = 4401, "unauthenticated", RefreshToken;
    /// The session was ended: signed out elsewhere.
    SessionEnded = 4403, "session ended", RefreshToken;
    /// No `auth` within five seconds.
    AuthTimeout = 4408, "no auth in time", RefreshToken;
    /// Nothing was heard from the client for too long.
    Silent = 4410, "silent", Reconnect;
    /// Too many frames, or too many sockets of one person.
    TooMany = 4429, "too many", Reconnect;
}

/// What to do about the code of a closed socket; codes of browsers and proxies (1006 above all) mean a lost
/// connection.
pub fn then(code: u16) -> Then {
    CloseCode::ALL
        .iter()
        .find(|known| known.code() == code)
        .map_or(Then::Reconnect, |known| known.then())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_close_has_its_own_code_that_a_server_may_send() {
        let codes: HashSet<u16> = CloseCode::ALL.iter().map(|known| known.code()).collect();
        assert_eq!(codes.len(), CloseCode::ALL.len());
        for known in CloseCode::ALL {
            // RFC 6455, 7.4: those of the protocol that may be sent, or those for private use.
            let code = known.code();
            assert!([1001, 1003, 1009].contains(&code) || (4000..5000).contains(&code));
            // A control frame holds 125 bytes, two of them the code.
            assert!(known.reason().len() <= 123);
            assert_eq!(then(code), known.then());
        }
    }

    #[test]
    fn an_unknown_code_is_a_lost_connection() {
        for code in [0, 1000, 1005, 1006, 1011, 1012, 3000, 4999, u16::MAX] {
            assert_eq!(then(code), Then::Reconnect);
        }
    }
}
