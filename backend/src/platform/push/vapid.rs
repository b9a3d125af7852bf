//! Who sends: Voluntary Application Server Identification (RFC 8292). A browser gives its address for one public key, and
//! a push service takes messages to it only with a token that was signed with the other half.
//!
//! The key is made from the root secret, as every other one: there is nothing more to keep or to back up, and all nodes
//! have the same. Another root secret would be another key, and all browsers would have to be asked again.

use anyhow::{Context, bail};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hearth_shared::time::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey, EcPoint, PointConversionForm};
use openssl::pkey::{PKey, Private};
use serde::Serialize;
use url::Url;

use super::seal::curve;
use crate::platform::secrets::Secrets;

/// A token is good for half of what a push service would take.
const LIFE_SECONDS: i64 = 12 * 60 * 60;
/// One in 2³² numbers is none that is a key: the second try is as good as never needed.
const TRIES: u32 = 8;

#[derive(Serialize)]
struct Claims<'a> {
    aud: String,
    exp: i64,
    sub: &'a str,
}

/// The key pair, and whom a push service may turn to.
pub struct Vapid {
    subject: String,
    private: EncodingKey,
    public: String,
}

impl Vapid {
    /// The key that belongs to the root secret.
    ///
    /// # Errors
    /// When OpenSSL cannot make it.
    pub fn new(subject: String, secrets: &Secrets) -> anyhow::Result<Self> {
        let curve = curve()?;
        let key = key(&curve, secrets)?;
        let mut context = BigNumContext::new()?;
        let form = PointConversionForm::UNCOMPRESSED;
        let public = key.public_key().to_bytes(&curve, form, &mut context)?;
        let der = PKey::from_ec_key(key)?.private_key_to_pkcs8()?;
        Ok(Self {
            subject,
            private: EncodingKey::from_ec_der(&der),
            public: URL_SAFE_NO_PAD.encode(public),
        })
    }

    /// What a browser is given.
    pub fn public_key(&self) -> &str {
        &self.public
    }

    /// The header `Authorization` of a request to a push service.
    ///
    /// # Errors
    /// When the library fails to sign.
    pub fn authorization(&self, endpoint: &Url, now: Timestamp) -> anyhow::Result<String> {
        let claims = Claims {
            aud: endpoint.origin().ascii_serialization(),
            exp: now.as_millis() / 1000 + LIFE_SECONDS,
            sub: &self.subject,
        };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::ES256), &claims, &self.private)
            .context("web push: a token")?;
        Ok(format!("vapid t={token}, k={}", self.public))
    }
}

/// A number below the order of the curve, and the point that belongs to it.
fn key(curve: &EcGroup, secrets: &Secrets) -> anyhow::Result<EcKey<Private>> {
    let mut context = BigNumContext::new()?;
    let (mut order, zero) = (BigNum::new()?, BigNum::new()?);
    curve.order(&mut order, &mut context)?;
    for number in 0..TRIES {
        let scalar = BigNum::from_slice(&secrets.key(&format!("web push {number}")))?;
        if scalar > zero && scalar < order {
            let mut point = EcPoint::new(curve)?;
            point.mul_generator2(curve, &scalar, &mut context)?;
            let key = EcKey::from_private_components(curve, &scalar, &point)?;
            key.check_key()?;
            return Ok(key);
        }
    }
    bail!("web push: the root secret gives no key")
}

/// Where a push service finds whoever runs this Hearth: its public address, or the one that its mail comes from.
pub fn subject(public_url: &Url, mail_from: &str) -> String {
    let named = matches!(public_url.host(), Some(url::Host::Domain(name)) if name.contains('.'));
    if public_url.scheme() == "https" && named {
        public_url.origin().ascii_serialization()
    } else {
        format!("mailto:{mail_from}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jsonwebtoken::{DecodingKey, Validation};

    #[test]
    fn all_nodes_have_one_key_and_its_tokens_are_good() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = || Secrets::load_or_create(&folder.path().join("secret.key")).unwrap();
        let subject = || "https://hearth.example".to_owned();
        let ours = Vapid::new(subject(), &secrets()).unwrap();
        let theirs = Vapid::new(subject(), &secrets()).unwrap();
        assert_eq!(ours.public_key(), theirs.public_key());
        let point = URL_SAFE_NO_PAD.decode(ours.public_key()).unwrap();
        assert_eq!((point.len(), point[0]), (65, 4));

        let endpoint = Url::parse("https://push.example:8443/a/b?c").unwrap();
        let now = crate::platform::clock::now();
        let header = ours.authorization(&endpoint, now).unwrap();
        let (token, key) = header
            .strip_prefix("vapid t=")
            .and_then(|rest| rest.split_once(", k="))
            .unwrap();
        assert_eq!(key, ours.public_key());
        let decoding = DecodingKey::from_ec_der(&point);
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_audience(&["https://push.example:8443"]);
        let claims = jsonwebtoken::decode::<serde_json::Value>(token, &decoding, &validation)
            .unwrap()
            .claims;
        assert_eq!(claims["sub"], "https://hearth.example");
        let life = claims["exp"].as_i64().unwrap() - now.as_millis() / 1000;
        assert!((1..=24 * 60 * 60).contains(&life));
    }

    #[test]
    fn whoever_runs_this_can_be_found() {
        for (url, expected) in [
            ("https://hearth.example/", "https://hearth.example"),
            ("https://hearth.example:8443", "https://hearth.example:8443"),
            ("http://hearth.example", "mailto:hearth@x.example"),
            ("http://127.0.0.1:8080", "mailto:hearth@x.example"),
            ("https://192.0.2.1", "mailto:hearth@x.example"),
            ("https://localhost", "mailto:hearth@x.example"),
        ] {
            assert_eq!(subject(&Url::parse(url).unwrap(), "hearth@x.example"), expected);
        }
    }
}
