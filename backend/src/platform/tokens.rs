//! The two tokens of a session.
//!
//! The **access token** is a JWT (RFC 7519, RFC 9068): HS256, ten minutes, sent with every request.
//! The **refresh token** is opaque: session, generation, 256 secret bits, and a tag that shows that this
//! server made it. The first secret is random, each next one is HMAC(key, the one before ‖ generation): a
//! repeated refresh can be answered with the same successor although only hashes are kept, and a token of an
//! older generation is recognised as stolen while an invented one is just wrong.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hearth_shared::ids::{Id, SessionId, UserId};
use hearth_shared::time::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use rand::Rng;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::platform::error::{AppError, AppResult};
use crate::platform::secrets::Secrets;

/// Seconds that an access token lasts.
pub const ACCESS_SECONDS: u32 = 600;
/// Longer tokens are not looked at.
const ACCESS_LENGTH_MAX: usize = 1024;
const ISSUER: &str = "hearth";
const AUDIENCE: &str = "api";
const TYPE: &str = "at+jwt";

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    iat: i64,
    exp: i64,
}

/// Makes and reads both kinds of token.
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    key_id: String,
    refresh_key: [u8; 32],
}

/// What an access token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// Whose it is.
    pub user_id: UserId,
    /// Of which session.
    pub session_id: SessionId,
}

impl Tokens {
    /// With keys derived from the root secret.
    pub fn new(secrets: &Secrets) -> Self {
        let key = secrets.key("access-token");
        let key_id = Sha256::digest(key)[..6]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Self {
            encoding: EncodingKey::from_secret(&key),
            decoding: DecodingKey::from_secret(&key),
            key_id,
            refresh_key: secrets.key("refresh-token"),
        }
    }

    /// A new access token.
    ///
    /// # Errors
    /// Never in practice; the library may fail to encode.
    pub fn access(&self, access: Access, now: Timestamp) -> AppResult<String> {
        let seconds = now.as_millis() / 1000;
        let header = Header {
            typ: Some(TYPE.into()),
            kid: Some(self.key_id.clone()),
            ..Header::new(Algorithm::HS256)
        };
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: access.user_id.to_string(),
            sid: access.session_id.to_string(),
            iat: seconds,
            exp: seconds + i64::from(ACCESS_SECONDS),
        };
        jsonwebtoken::encode(&header, &claims, &self.encoding)
            .map_err(|error| AppError::Unexpected(error.into()))
    }

    /// Reads an access token; `None` for everything that this server did not make or that has ended.
    pub fn read_access(&self, token: &str) -> Option<Access> {
        self.decode(token).map(|(access, _)| access)
    }

    /// What a token says, and the second in which it expires.
    fn decode(&self, token: &str) -> Option<(Access, i64)> {
        if token.len() > ACCESS_LENGTH_MAX {
            return None;
        }
        let header = jsonwebtoken::decode_header(token).ok()?;
        if header.typ.as_deref() != Some(TYPE) || header.kid.as_ref() != Some(&self.key_id) {
            return None;
        }
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[AUDIENCE]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        rules.validate_nbf = true;
        rules.leeway = 5;
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &rules)
            .ok()?
            .claims;
        let access = Access {
            user_id: claims.sub.parse().ok()?,
            session_id: claims.sid.parse().ok()?,
        };
        Some((access, claims.exp))
    }

    /// When an access token of ours expires; `None` as in [`Tokens::read_access`].
    pub fn expiry(&self, token: &str) -> Option<Timestamp> {
        let (_, seconds) = self.decode(token)?;
        Some(Timestamp::from_millis(seconds.saturating_mul(1000)))
    }

    /// The first refresh token of a session.
    pub fn first_refresh(&self, session_id: SessionId) -> Refresh {
        let mut secret = [0; 32];
        rand::rng().fill_bytes(&mut secret);
        Refresh {
            session_id,
            generation: 0,
            secret,
        }
    }

    /// The one after.
    pub fn next_refresh(&self, refresh: &Refresh) -> Refresh {
        let generation = refresh.generation + 1;
        let secret = self.mac(b"next", &[&refresh.secret, &generation.to_be_bytes()]);
        Refresh {
            session_id: refresh.session_id,
            generation,
            secret,
        }
    }

    /// The text that the client keeps.
    pub fn write_refresh(&self, refresh: &Refresh) -> String {
        let mut bytes = refresh.bytes();
        bytes.extend_from_slice(&self.tag(refresh));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a refresh token; `None` when this server did not make it.
    pub fn read_refresh(&self, text: &str) -> Option<Refresh> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let bytes: &[u8; 60] = bytes.as_slice().try_into().ok()?;
        let refresh = Refresh {
            session_id: SessionId::new(i64::from_be_bytes(bytes[..8].try_into().ok()?)),
            generation: u32::from_be_bytes(bytes[8..12].try_into().ok()?),
            secret: bytes[12..44].try_into().ok()?,
        };
        let mac = Hmac::<Sha256>::new_from_slice(&self.refresh_key).ok()?;
        mac.chain_update(b"tag")
            .chain_update(refresh.bytes())
            .verify_truncated_left(&bytes[44..])
            .ok()?;
        Some(refresh)
    }

    fn tag(&self, refresh: &Refresh) -> [u8; 16] {
        let mac = self.mac(b"tag", &[&refresh.bytes()]);
        let mut tag = [0; 16];
        tag.copy_from_slice(&mac[..16]);
        tag
    }

    fn mac(&self, purpose: &[u8], parts: &[&[u8]]) -> [u8; 32] {
        // HMAC takes keys of every length, so the other arm is never taken.
        let Ok(mac) = Hmac::<Sha256>::new_from_slice(&self.refresh_key) else {
            return self.refresh_key;
        };
        parts
            .iter()
            .fold(mac.chain_update(purpose), |mac, part| mac.chain_update(part))
            .finalize()
            .into_bytes()
            .into()
    }
}

/// A refresh token. It has no `Debug`, so that no log can hold it.
#[derive(Clone, PartialEq, Eq)]
pub struct Refresh {
    /// Of which session.
    pub session_id: SessionId,
    /// How many came before it.
    pub generation: u32,
    secret: [u8; 32],
}

impl Refresh {
    /// What the database keeps.
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.bytes()).to_vec()
    }

    fn bytes(&self) -> Vec<u8> {
        let id = self.session_id.get().to_be_bytes();
        [id.as_slice(), &self.generation.to_be_bytes(), &self.secret].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens() -> Tokens {
        let folder = tempfile::tempdir().unwrap();
        Tokens::new(&Secrets::load_or_create(&folder.path().join("secret.key")).unwrap())
    }

    const ACCESS: fn() -> Access = || Access {
        user_id: UserId::new(7),
        session_id: SessionId::new(8),
    };

    #[test]
    fn an_access_token_is_read_by_its_maker_alone() {
        let (ours, theirs) = (tokens(), tokens());
        let token = ours.access(ACCESS(), crate::platform::clock::now()).unwrap();
        assert_eq!(ours.read_access(&token), Some(ACCESS()));
        assert_eq!(theirs.read_access(&token), None);
        let expired = Timestamp::from_millis(crate::platform::clock::now().as_millis() - 700_000);
        assert_eq!(ours.read_access(&ours.access(ACCESS(), expired).unwrap()), None);
    }

    #[test]
    fn foreign_headers_and_claims_are_refused() {
        let ours = tokens();
        let now = crate::platform::clock::now().as_millis() / 1000;
        let forge = |header: Header, aud: &str, iss: &str| {
            let claims = Claims {
                iss: iss.into(),
                aud: aud.into(),
                sub: "7".into(),
                sid: "8".into(),
                iat: now,
                exp: now + 60,
            };
            jsonwebtoken::encode(&header, &claims, &ours.encoding).unwrap()
        };
        let good = Header {
            typ: Some(TYPE.into()),
            kid: Some(ours.key_id.clone()),
            ..Header::new(Algorithm::HS256)
        };
        assert!(ours.read_access(&forge(good.clone(), AUDIENCE, ISSUER)).is_some());
        assert!(ours.read_access(&forge(good.clone(), "web", ISSUER)).is_none());
        assert!(ours.read_access(&forge(good.clone(), AUDIENCE, "else")).is_none());
        for header in [
            Header {
                typ: Some("JWT".into()),
                ..good.clone()
            },
            Header {
                kid: Some("../key".into()),
                ..good.clone()
            },
            Header {
                kid: None,
                ..good.clone()
            },
            Header {
                alg: Algorithm::HS512,
                ..good.clone()
            },
        ] {
            assert!(ours.read_access(&forge(header, AUDIENCE, ISSUER)).is_none());
        }
        let none = URL_SAFE_NO_PAD.encode(format!(
            r#"{{"alg":"none","typ":"{TYPE}","kid":"{}"}}"#,
            ours.key_id
        ));
        let token = forge(good, AUDIENCE, ISSUER);
        let claims = token.split('.').nth(1).unwrap();
        for forged in [
            format!("{none}.{claims}."),
            token.rsplit_once('.').unwrap().0.to_owned() + ".",
            "x".repeat(8192),
            String::new(),
        ] {
            assert!(ours.read_access(&forged).is_none(), "{forged}");
        }
    }

    #[test]
    fn refresh_tokens_follow_one_another_and_cannot_be_invented() {
        let ours = tokens();
        let first = ours.first_refresh(SessionId::new(5));
        let text = ours.write_refresh(&first);
        let read = ours.read_refresh(&text).unwrap();
        assert!(read == first);
        assert!(
            ours.next_refresh(&read) == ours.next_refresh(&first),
            "the same successor"
        );
        assert!(ours.next_refresh(&first).hash() != first.hash());
        assert!(tokens().read_refresh(&text).is_none());
        let mut bytes = URL_SAFE_NO_PAD.decode(&text).unwrap();
        bytes[20] ^= 1;
        assert!(ours.read_refresh(&URL_SAFE_NO_PAD.encode(bytes)).is_none());
    }
}
