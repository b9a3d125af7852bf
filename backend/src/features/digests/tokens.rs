//! The token that ends the mails: whose they are, and a signature that says that it was us who made it. It stands in
//! every one of them, is the same in all, and never runs out: who unsubscribes with a mail of last year means it. No
//! table holds it. It goes with the account, because then there is nothing to end.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hearth_shared::ids::{Id, UserId};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::platform::secrets::Secrets;

/// Bytes of whose it is.
const ID: usize = size_of::<i64>();
/// Bytes of the signature.
const SIGNATURE: usize = 32;

/// Makes and reads tokens.
pub struct Tokens {
    key: Hmac<Sha256>,
}

impl Tokens {
    /// With a key derived from the root secret: the same on every node.
    pub fn new(secrets: &Secrets) -> Self {
        // As long as HMAC makes it in any case (RFC 2104): a slice could be of a wrong length, this cannot.
        let mut key = [0; 64];
        key[..32].copy_from_slice(&secrets.key("end of digests"));
        Self {
            key: Hmac::new(&key.into()),
        }
    }

    /// A person's.
    pub fn of(&self, user: UserId) -> String {
        let id = user.get().to_be_bytes();
        let signature = self.key.clone().chain_update(id).finalize().into_bytes();
        URL_SAFE_NO_PAD.encode([id.as_slice(), signature.as_slice()].concat())
    }

    /// Whose it is; `None` for what we have not made.
    pub fn read(&self, token: &str) -> Option<UserId> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        if bytes.len() != ID + SIGNATURE {
            return None;
        }
        let (id, signature) = bytes.split_first_chunk::<ID>()?;
        let mac = self.key.clone().chain_update(id);
        mac.verify_slice(signature).ok()?;
        Some(UserId::new(i64::from_be_bytes(*id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_one_person_and_cannot_be_made_up() {
        let folder = tempfile::tempdir().unwrap();
        let tokens = Tokens::new(&Secrets::load_or_create(&folder.path().join("key")).unwrap());
        let other = Tokens::new(&Secrets::load_or_create(&folder.path().join("other")).unwrap());
        let ada = UserId::new(7_312_345_678_901_234_567);
        let token = tokens.of(ada);
        assert_eq!(tokens.read(&token), Some(ada));
        assert_eq!(token, tokens.of(ada), "the same in every mail");
        assert!(token.len() <= hearth_shared::auth::TOKEN_MAX);
        assert_ne!(token, tokens.of(UserId::new(8)));
        assert_eq!(other.read(&token), None, "another Hearth");
        let with_id = |id: i64| {
            let mut bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
            bytes[..ID].copy_from_slice(&id.to_be_bytes());
            URL_SAFE_NO_PAD.encode(bytes)
        };
        for wrong in [
            String::new(),
            "x".to_owned(),
            "a".repeat(5_000),
            token[..token.len() - 1].to_owned(),
            format!("{token}AA"),
            with_id(ada.get() + 1),
            URL_SAFE_NO_PAD.encode(ada.get().to_be_bytes()),
        ] {
            assert_eq!(tokens.read(&wrong), None, "{wrong}");
        }
    }
}
