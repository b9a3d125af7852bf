//! What is sent through a push service is for one browser: Message Encryption for Web Push (RFC 8291) in the content
//! coding `aes128gcm` (RFC 8188), one record.

use anyhow::{Context, ensure};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use openssl::bn::BigNumContext;
use openssl::derive::Deriver;
use openssl::ec::{EcGroup, EcKey, EcPoint, PointConversionForm};
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private, Public};
use openssl::symm::{Cipher, encrypt_aead};
use rand::Rng;
use sha2::Sha256;

/// Bytes of an uncompressed point.
const POINT: usize = 65;
/// Bytes of the browser's secret.
const AUTH: usize = 16;
const SALT: usize = 16;
const TAG: usize = 16;
/// Of one record, as RFC 8291 wants it.
const RECORD_SIZE: u32 = 4096;
/// What is said is filled up to a multiple of this, so that its length does not tell what it is.
const PADDED_TO: usize = 512;
/// Bytes of what is said at most: with everything around it a push service takes 4096.
pub const PAYLOAD_MAX: usize = 3_500;

/// The curve of all keys here.
pub(super) fn curve() -> anyhow::Result<EcGroup> {
    EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).context("P-256")
}

/// What a browser gives with its address: its public key, and a secret that the push service does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrowserKeys {
    /// An uncompressed point of P-256.
    pub p256dh: Vec<u8>,
    /// 16 bytes.
    pub auth: Vec<u8>,
}

impl BrowserKeys {
    /// From base64url, as browsers give them; `None` when they are no keys.
    pub fn parse(p256dh: &str, auth: &str) -> Option<Self> {
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
        let keys = Self {
            p256dh: bytes(p256dh)?,
            auth: bytes(auth)?,
        };
        keys.is_good().then_some(keys)
    }

    fn is_good(&self) -> bool {
        self.auth.len() == AUTH && self.public().is_ok()
    }

    /// A point that is not on the curve is no key.
    fn public(&self) -> anyhow::Result<PKey<Public>> {
        ensure!(
            self.p256dh.len() == POINT && self.p256dh.first() == Some(&4),
            "no uncompressed point"
        );
        let curve = curve()?;
        let mut context = BigNumContext::new()?;
        let point = EcPoint::from_bytes(&curve, &self.p256dh, &mut context)?;
        let key = EcKey::from_public_key(&curve, &point)?;
        key.check_key()?;
        Ok(PKey::from_ec_key(key)?)
    }
}

/// Seals what is said to a browser, with a key and a salt that are used once.
///
/// # Errors
/// When the browser's keys are none, or it is too long.
pub fn seal(to: &BrowserKeys, payload: &[u8]) -> anyhow::Result<Vec<u8>> {
    ensure!(
        payload.len() <= PAYLOAD_MAX,
        "{} bytes are too many to push",
        payload.len()
    );
    let own = EcKey::generate(&*curve()?)?;
    let mut salt = [0; SALT];
    rand::rng().fill_bytes(&mut salt);
    let padded = (payload.len() + 1).next_multiple_of(PADDED_TO);
    seal_with(to, payload, padded, own, salt)
}

/// As [`seal`]; `padded` bytes long, the delimiter included.
fn seal_with(
    to: &BrowserKeys,
    payload: &[u8],
    padded: usize,
    own: EcKey<Private>,
    salt: [u8; SALT],
) -> anyhow::Result<Vec<u8>> {
    let mut context = BigNumContext::new()?;
    let form = PointConversionForm::UNCOMPRESSED;
    let own_public = own.public_key().to_bytes(&*curve()?, form, &mut context)?;
    let own = PKey::from_ec_key(own)?;
    let theirs = to.public()?;
    let mut deriver = Deriver::new(&own)?;
    deriver.set_peer(&theirs)?;
    let shared = deriver.derive_to_vec()?;

    let about = [b"WebPush: info\0", to.p256dh.as_slice(), &own_public].concat();
    let material: [u8; 32] = derived(&to.auth, &shared, &about)?;
    let key: [u8; 16] = derived(&salt, &material, b"Content-Encoding: aes128gcm\0")?;
    let nonce: [u8; 12] = derived(&salt, &material, b"Content-Encoding: nonce\0")?;

    let mut record = payload.to_vec();
    // This record is the last one.
    record.push(2);
    record.resize(record.len().max(padded), 0);
    let mut tag = [0; TAG];
    let sealed = encrypt_aead(Cipher::aes_128_gcm(), &key, Some(&nonce), &[], &record, &mut tag)?;

    let mut body = salt.to_vec();
    body.extend(RECORD_SIZE.to_be_bytes());
    body.push(u8::try_from(own_public.len())?);
    body.extend(own_public);
    body.extend(sealed);
    body.extend(tag);
    Ok(body)
}

/// HKDF, both steps.
fn derived<const LENGTH: usize>(salt: &[u8], from: &[u8], about: &[u8]) -> anyhow::Result<[u8; LENGTH]> {
    let mut key = [0; LENGTH];
    let expanded = Hkdf::<Sha256>::new(Some(salt), from).expand(about, &mut key);
    // Far below what HKDF can give.
    expanded.map_err(|error| anyhow::anyhow!("HKDF: {error}"))?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use openssl::bn::BigNum;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    fn private(text: &str) -> EcKey<Private> {
        let curve = curve().unwrap();
        let number = BigNum::from_slice(&bytes(text)).unwrap();
        let mut context = BigNumContext::new().unwrap();
        let mut point = EcPoint::new(&curve).unwrap();
        point.mul_generator2(&curve, &number, &mut context).unwrap();
        EcKey::from_private_components(&curve, &number, &point).unwrap()
    }

    const P256DH: &str =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

    #[test]
    fn the_example_of_rfc_8291() {
        let keys = BrowserKeys::parse(P256DH, AUTH).unwrap();
        let own = private("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let said = b"When I grow up, I want to be a watermelon";
        let sealed = seal_with(&keys, said, 0, own, salt).unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(sealed),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml\
             mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT\
             pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn lengths_do_not_tell_what_is_said() {
        let keys = BrowserKeys::parse(P256DH, AUTH).unwrap();
        let length = |said: usize| seal(&keys, &vec![b'x'; said]).unwrap().len();
        assert_eq!(length(1), length(511));
        assert_eq!(length(512), length(511) + PADDED_TO);
        assert!(length(PAYLOAD_MAX) <= 4096);
        assert!(seal(&keys, &[0; PAYLOAD_MAX + 1]).is_err());
        // Never twice the same.
        assert_ne!(seal(&keys, b"x").unwrap(), seal(&keys, b"x").unwrap());
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let (mut off_curve, mut compressed) = (bytes(P256DH), bytes(P256DH));
        off_curve[64] ^= 1;
        compressed.truncate(33);
        compressed[0] = 2;
        for wrong in [off_curve, compressed, vec![0], Vec::new()] {
            let text = URL_SAFE_NO_PAD.encode(&wrong);
            assert_eq!(BrowserKeys::parse(&text, AUTH), None, "{text}");
        }
        for wrong in ["", "AAAA", "not base64!", &"A".repeat(64)] {
            assert_eq!(BrowserKeys::parse(P256DH, wrong), None, "{wrong}");
        }
        // Some browsers fill base64 up.
        assert!(BrowserKeys::parse(&format!("{P256DH}="), &format!("{AUTH}==")).is_some());
    }
}
