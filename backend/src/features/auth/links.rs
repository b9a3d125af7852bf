//! Links in mails. They begin with the configured address, never with what a request says, and their token stands
//! behind the `#`, which no browser sends to a server and no log has.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng;
use sha2::{Digest, Sha256};
use url::Url;

/// 256 random bits. It has no `Debug`, so that no log can hold it.
pub struct Secret {
    text: String,
}

impl Secret {
    /// A new one.
    pub fn random() -> Self {
        let mut bytes = [0; 32];
        rand::rng().fill_bytes(&mut bytes);
        Self {
            text: URL_SAFE_NO_PAD.encode(bytes),
        }
    }

    /// What stands in the link.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the database keeps.
    pub fn hash(&self) -> Vec<u8> {
        hash(&self.text)
    }
}

/// What the database keeps of a token. As it is random, no slow hash is needed.
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Makes links.
#[derive(Debug, Clone)]
pub struct Links {
    base: String,
}

impl Links {
    /// Below the public address.
    pub fn new(public_url: &Url) -> Self {
        Self {
            base: public_url.as_str().trim_end_matches('/').to_owned(),
        }
    }

    /// Where a new password is set.
    pub fn reset(&self, token: &Secret) -> String {
        format!("{}/reset#{}", self.base, token.text)
    }

    /// Where an address is confirmed.
    pub fn verify(&self, token: &Secret) -> String {
        format!("{}/verify#{}", self.base, token.text)
    }

    /// Where a guest registers.
    pub fn register(&self, token: &Secret) -> String {
        format!("{}/register#{}", self.base, token.text)
    }

    /// The page on which one signs in.
    pub fn sign_in(&self) -> String {
        format!("{}/login", self.base)
    }

    /// A page by its path.
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The page on which one asks for a new password.
    pub fn forgot(&self) -> String {
        format!("{}/forgot", self.base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_begin_with_the_public_address_and_hide_the_token() {
        let secret = Secret::random();
        assert_eq!(secret.text().len(), 43);
        for public in ["https://hearth.example", "https://hearth.example/"] {
            let link = Links::new(&Url::parse(public).unwrap()).reset(&secret);
            assert_eq!(link, format!("https://hearth.example/reset#{}", secret.text()));
        }
        assert_ne!(Secret::random().hash(), secret.hash());
    }
}
