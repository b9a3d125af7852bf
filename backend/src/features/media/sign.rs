//! Addresses of pictures. `<img>` can send no token, so the address itself says for which session it was made and
//! until when, and a signature says that it was us who made it. It opens nothing by itself: on every request the
//! session must live and its person must be allowed to see the picture *then*.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hearth_shared::endpoint::url;
use hearth_shared::ids::{Id, MediaId, SessionId};
use hearth_shared::media::{GetMedia, MediaQuery};
use hearth_shared::time::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::pipeline::Variant;
use crate::platform::secrets::Secrets;

/// Addresses change this often, in seconds: until then the browser finds what it has by the same one.
const STEP: i64 = 300;

/// Makes and checks addresses.
pub struct Signer {
    key: Hmac<Sha256>,
}

impl Signer {
    /// With a key derived from the root secret: the same on every node.
    pub fn new(secrets: &Secrets) -> Self {
        // As long as HMAC makes it in any case (RFC 2104): a slice could be of a wrong length, this cannot.
        let mut key = [0; 64];
        key[..32].copy_from_slice(&secrets.key("media addresses"));
        Self {
            key: Hmac::new(&key.into()),
        }
    }

    /// Where a session finds a variant for the next five to ten minutes.
    pub fn url(&self, id: MediaId, variant: Variant, session: SessionId, now: Timestamp) -> String {
        let expires = (now.as_millis() / 1000 / STEP + 2) * STEP;
        let signature = self.mac(id, variant, session, expires).finalize().into_bytes();
        let call = GetMedia {
            media_id: id,
            variant: variant.as_str().to_owned(),
        };
        let query = MediaQuery {
            session,
            expires,
            signature: URL_SAFE_NO_PAD.encode(signature),
        };
        url(&call, &query)
    }

    /// Whether we made this address, and it has not run out.
    pub fn is_good(&self, id: MediaId, variant: Variant, query: &MediaQuery, now: Timestamp) -> bool {
        let Ok(signature) = URL_SAFE_NO_PAD.decode(&query.signature) else {
            return false;
        };
        let fresh = now.as_millis() / 1000 < query.expires;
        let mac = self.mac(id, variant, query.session, query.expires);
        mac.verify_slice(&signature).is_ok() && fresh
    }

    fn mac(&self, id: MediaId, variant: Variant, session: SessionId, expires: i64) -> Hmac<Sha256> {
        self.key
            .clone()
            .chain_update(id.get().to_be_bytes())
            .chain_update(session.get().to_be_bytes())
            .chain_update(expires.to_be_bytes())
            .chain_update(variant.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_good_as_it_is_and_for_a_while() {
        let folder = tempfile::tempdir().unwrap();
        let signer = Signer::new(&Secrets::load_or_create(&folder.path().join("key")).unwrap());
        let (id, session) = (MediaId::new(7), SessionId::new(8));
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        let address = signer.url(id, Variant::Full, session, at(1_000_000));
        assert_eq!(
            address,
            signer.url(id, Variant::Full, session, at(1_000_100)),
            "the same for a while"
        );
        let query: MediaQuery = serde_urlencoded::from_str(address.split_once('?').unwrap().1).unwrap();
        assert!((300..=600).contains(&(query.expires - 1_000_000)), "{query:?}");
        assert!(signer.is_good(id, Variant::Full, &query, at(1_000_000)));
        assert!(!signer.is_good(id, Variant::Full, &query, at(query.expires)));
        assert!(!signer.is_good(id, Variant::Thumb, &query, at(1_000_000)));
        assert!(!signer.is_good(MediaId::new(9), Variant::Full, &query, at(1_000_000)));
        for changed in [
            MediaQuery {
                session: SessionId::new(9),
                ..query.clone()
            },
            MediaQuery {
                expires: query.expires + 300,
                ..query.clone()
            },
            MediaQuery {
                signature: String::new(),
                ..query.clone()
            },
            MediaQuery {
                signature: query.signature[..22].to_owned(),
                ..query.clone()
            },
        ] {
            assert!(
                !signer.is_good(id, Variant::Full, &changed, at(1_000_000)),
                "{changed:?}"
            );
        }
    }
}
