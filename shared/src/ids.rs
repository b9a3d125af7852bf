//! Identifiers: 64-bit, time-sorted, made by the program. On the wire they are decimal strings, because
//! JavaScript numbers hold only 53 bits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What every typed id can do.
pub trait Id: Copy + Eq + Ord + fmt::Display + FromStr {
    /// Wraps the number that the database holds.
    fn new(value: i64) -> Self;
    /// The number that the database holds; always positive.
    fn get(self) -> i64;
}

/// The text is not the decimal form of a positive 63-bit number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseIdError;

impl fmt::Display for ParseIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an id")
    }
}

impl std::error::Error for ParseIdError {}

/// Only the canonical form is accepted: digits, no sign, no leading zero.
fn parse(text: &str) -> Result<i64, ParseIdError> {
    let canonical = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    if !canonical {
        return Err(ParseIdError);
    }
    text.parse::<i64>().or(Err(ParseIdError))
}

macro_rules! ids {
    ($($(#[$doc:meta])+ $name:ident),+ $(,)?) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(i64);

        impl Id for $name {
            fn new(value: i64) -> Self {
                Self(value)
            }
            fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                parse(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl serde::de::Visitor<'_> for Text {
                    type Value = i64;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("an id as a decimal string")
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<i64, E> {
                        parse(text).map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Text).map(Self)
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                id_schema()
            }
        }
        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    )+};
}

ids! {
    /// A person's account.
    UserId,
    /// A signed-in device.
    SessionId,
    /// A browser that is told of what happens while it shows no page.
    PushSubscriptionId,
    /// A request for friendship that waits for an answer.
    FriendRequestId,
    /// A post.
    PostId,
    /// A comment on a post.
    CommentId,
    /// A conversation.
    ConversationId,
    /// A message in a conversation.
    MessageId,
    /// A place in somebody's list of conversations: the id of the newest message, or one that was given when they came into
    /// it. What is larger is later.
    ListedId,
    /// A version of what somebody has set about a conversation. Of two the larger is the later.
    SettingsVersion,
    /// Something that a person is told of.
    NotificationId,
    /// Something uploaded.
    MediaId,
    /// An upload in pieces.
    UploadId,
    /// A report.
    ReportId,
    /// An invitation to register.
    InvitationId,
    /// Work that is done after the answer; only the host sees it.
    JobId,
}

#[cfg(feature = "openapi")]
fn id_schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
    use utoipa::openapi::schema::{ObjectBuilder, Type};
    ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some("^[1-9][0-9]{0,18}$"))
        .max_length(Some(19))
        .description(Some("64-bit id as a decimal string"))
        .into()
}

/// Made by the client for every creation (a UUID, any version), so that a repeated request creates nothing
/// twice. Held in the canonical lower-case form.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = "uuid", max_length = 36))]
pub struct ClientId(String);

impl ClientId {
    /// A random (version 4, RFC 9562) UUID from 16 random bytes.
    pub fn from_random_bytes(mut bytes: [u8; 16]) -> Self {
        bytes[6] = (bytes[6] & 0x0f) | 0x40;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        Self(format!(
            "{}-{}-{}-{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..]
        ))
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ClientId {
    type Err = ParseIdError;
    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let shape = text.len() == 36
            && text.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            });
        if shape {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(ParseIdError)
        }
    }
}

impl<'de> Deserialize<'de> for ClientId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().or(Err(serde::de::Error::custom("not a UUID")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_travel_as_strings_and_only_in_canonical_form() {
        let id = UserId::new(i64::MAX);
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"9223372036854775807\"");
        assert_eq!(
            serde_json::from_str::<UserId>("\"9223372036854775807\"").unwrap(),
            id
        );
        for wrong in [
            "\"9223372036854775808\"",
            "\"01\"",
            "\"-1\"",
            "\"+1\"",
            "\"\"",
            "\"0\"",
            "\"1 \"",
            "1",
        ] {
            assert!(serde_json::from_str::<UserId>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn client_ids_are_uuids() {
        let id = ClientId::from_random_bytes([0xff; 16]);
        assert_eq!(id.as_str(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!("FFFFFFFF-ffff-4fff-bfff-ffffffffffff".parse(), Ok(id));
        assert!("ffffffff-ffff-4fff-bfff-fffffffffff".parse::<ClientId>().is_err());
        assert!(
            "ffffffffffff-4fff-bfff-ffffffffffff-"
                .parse::<ClientId>()
                .is_err()
        );
    }
}
