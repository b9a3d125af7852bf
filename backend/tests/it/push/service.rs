//! A push service on this computer, and browsers that read what it gets: as RFC 8030, 8188, 8291 and 8292 say it, written
//! apart from the server's own code.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hearth::platform::clock;
use hearth_shared::push::NewPushSubscription;
use hkdf::Hkdf;
use openssl::bn::{BigNum, BigNumContext};
use openssl::derive::Deriver;
use openssl::ec::{EcGroup, EcKey, EcPoint, PointConversionForm};
use openssl::ecdsa::EcdsaSig;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::symm::{Cipher, decrypt_aead};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    pub(crate) path: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

#[derive(Default)]
struct State {
    got: Vec<Got>,
    /// What is answered, when it is not 201; and more lines of the head.
    answer: Option<(u16, String)>,
    /// How long it takes to answer.
    pause: Duration,
}

/// The service; it goes away with the program.
#[derive(Clone)]
pub(crate) struct PushService {
    port: u16,
    state: Arc<Mutex<State>>,
}

impl PushService {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::<Mutex<State>>::default();
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, state) = (stream.unwrap(), Arc::clone(&shared));
                // Whoever hangs up in the middle has not sent anything.
                std::thread::spawn(move || drop(serve(&stream, &state)));
            }
        });
        Self { port, state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on everything is answered so, with more lines of the head.
    pub(crate) fn answer(&self, status: u16, more: &str) {
        self.state().answer = Some((status, more.to_owned()));
    }

    /// From now on it takes so long to answer.
    pub(crate) fn wait_before_answers(&self, pause: Duration) {
        self.state().pause = pause;
    }

    /// Where it listens.
    pub(crate) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What has come for a browser, refused or not.
    pub(crate) fn got(&self, browser: &Browser) -> Vec<Got> {
        let state = self.state();
        let for_it = state.got.iter().filter(|got| got.path == browser.path);
        for_it.cloned().collect()
    }

    /// All that has come, for whomever.
    pub(crate) fn all(&self) -> usize {
        self.state().got.len()
    }

    /// Waits until so many have come for a browser.
    pub(crate) async fn wait_for(&self, browser: &Browser, count: usize) -> Vec<Got> {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let got = self.got(browser);
            if got.len() >= count {
                assert_eq!(got.len(), count, "more than were expected");
                return got;
            }
            assert!(Instant::now() < until, "{} of {count} have come", got.len());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

fn serve(mut stream: &TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    assert!(line.starts_with("POST "), "{line}");
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim().split_once(": ") else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").and_then(|text| text.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body)?;
    let (status, more, pause) = {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        state.got.push(Got { path, headers, body });
        let (status, more) = state.answer.clone().unwrap_or((201, String::new()));
        (status, more, state.pause)
    };
    std::thread::sleep(pause);
    write!(
        stream,
        "HTTP/1.1 {status} So\r\ncontent-length: 0\r\n{more}connection: close\r\n\r\n"
    )
}

/// A browser with an address at a service.
pub(crate) struct Browser {
    origin: String,
    path: String,
    key: EcKey<Private>,
    auth: [u8; 16],
}

fn curve() -> EcGroup {
    EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap()
}

fn derived<const LENGTH: usize>(salt: &[u8], from: &[u8], about: &[u8]) -> [u8; LENGTH] {
    let mut key = [0; LENGTH];
    Hkdf::<Sha256>::new(Some(salt), from)
        .expand(about, &mut key)
        .unwrap();
    key
}

impl Browser {
    pub(crate) fn new(service: &PushService) -> Self {
        Self {
            origin: service.origin(),
            path: format!("/push/{:032x}", rand::random::<u128>()),
            key: EcKey::generate(&curve()).unwrap(),
            auth: rand::random(),
        }
    }

    fn public(&self) -> Vec<u8> {
        let mut context = BigNumContext::new().unwrap();
        let form = PointConversionForm::UNCOMPRESSED;
        self.key
            .public_key()
            .to_bytes(&curve(), form, &mut context)
            .unwrap()
    }

    /// How it names itself to the server.
    pub(crate) fn subscription(&self, previews: bool) -> NewPushSubscription {
        NewPushSubscription {
            endpoint: format!("{}{}", self.origin, self.path),
            p256dh: URL_SAFE_NO_PAD.encode(self.public()),
            auth: URL_SAFE_NO_PAD.encode(self.auth),
            previews,
        }
    }

    /// Opens what came, and checks who sent it: the server with this public key.
    pub(crate) fn open(&self, got: &Got, server: &str) -> Value {
        self.check_sender(&got.headers["authorization"], server);
        assert_eq!(got.headers["content-encoding"], "aes128gcm");
        let (salt, rest) = got.body.split_at(16);
        let (size, rest) = rest.split_at(4);
        assert_eq!(u32::from_be_bytes(size.try_into().unwrap()), 4096);
        let (theirs, sealed) = rest[1..].split_at(usize::from(rest[0]));
        assert!(got.body.len() <= 4096, "no push service takes more");

        let mut context = BigNumContext::new().unwrap();
        let point = EcPoint::from_bytes(&curve(), theirs, &mut context).unwrap();
        let peer = PKey::from_ec_key(EcKey::from_public_key(&curve(), &point).unwrap()).unwrap();
        let own = PKey::from_ec_key(self.key.clone()).unwrap();
        let mut deriver = Deriver::new(&own).unwrap();
        deriver.set_peer(&peer).unwrap();
        let shared = deriver.derive_to_vec().unwrap();
        let about = [b"WebPush: info\0".as_slice(), &self.public(), theirs].concat();
        let material: [u8; 32] = derived(&self.auth, &shared, &about);
        let key: [u8; 16] = derived(salt, &material, b"Content-Encoding: aes128gcm\0");
        let nonce: [u8; 12] = derived(salt, &material, b"Content-Encoding: nonce\0");
        let (sealed, tag) = sealed.split_at(sealed.len() - 16);
        let mut record = decrypt_aead(Cipher::aes_128_gcm(), &key, Some(&nonce), &[], sealed, tag).unwrap();
        while record.last() == Some(&0) {
            record.pop();
        }
        assert_eq!(record.pop(), Some(2), "the last record");
        serde_json::from_slice(&record).unwrap()
    }

    fn check_sender(&self, authorization: &str, server: &str) {
        let parts = authorization.strip_prefix("vapid t=").unwrap();
        let (token, key) = parts.split_once(", k=").unwrap();
        assert_eq!(key, server);
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let json = |text: &str| serde_json::from_slice::<Value>(&bytes(text)).unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let (header, claims) = signed.split_once('.').unwrap();
        assert_eq!(json(header)["alg"], "ES256");
        let claims = json(claims);
        assert_eq!(claims["aud"], self.origin.as_str());
        assert_eq!(claims["sub"], "https://hearth.test");
        let left = claims["exp"].as_i64().unwrap() - clock::now().as_millis() / 1_000;
        assert!((1..=24 * 60 * 60).contains(&left), "{left}");

        let signature = bytes(signature);
        let [r, s] = [&signature[..32], &signature[32..]].map(|half| BigNum::from_slice(half).unwrap());
        let signature = EcdsaSig::from_private_components(r, s).unwrap();
        let mut context = BigNumContext::new().unwrap();
        let point = EcPoint::from_bytes(&curve(), &bytes(key), &mut context).unwrap();
        let key = EcKey::from_public_key(&curve(), &point).unwrap();
        let hash = Sha256::digest(signed.as_bytes());
        assert!(signature.verify(&hash, &key).unwrap(), "signed by somebody else");
    }
}
