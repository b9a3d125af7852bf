//! Passwords: what is accepted and how it is kept.
//!
//! bcrypt reads 72 bytes and stops at NUL, so it gets base64(HMAC-SHA-256(constant, NFKC(password))): 44
//! bytes that depend on every character. The constant keeps hash lists of other services from fitting.
//! Hashing is slow on purpose; it runs on blocking threads behind a bounded queue, so that it can neither
//! stop the server nor fill its memory.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hearth_shared::problem::FieldCode;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use crate::platform::error::{AppError, AppResult};

/// Sign-ins that may wait for a thread.
const QUEUE_LENGTH: usize = 64;
/// zxcvbn's score (0 to 4) that a password must reach: 2 is "safe against unthrottled online guessing".
const MIN_SCORE: zxcvbn::Score = zxcvbn::Score::Two;
/// zxcvbn takes time that grows with the square of the length; what is longer is judged by its beginning.
const JUDGED_CHARACTERS: usize = 64;

const DUMMY_SALT_AND_HASH: &str = "abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ0123.";

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Passwords {
    cost: u32,
    permits: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    /// Checked when there is no account, so that its absence takes as long as a wrong password.
    dummy: Arc<str>,
}

impl Passwords {
    /// With bcrypt's cost, 4 to 31.
    pub fn new(cost: u32) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            cost,
            permits: Arc::new(Semaphore::new((cores - 1).max(1))),
            queue: Arc::new(Semaphore::new(QUEUE_LENGTH)),
            // Well formed, of nobody's password: checking it takes the time of any other.
            dummy: format!("$2b${cost:02}${DUMMY_SALT_AND_HASH}").into(),
        }
    }

    /// The hash to keep, if the password is good enough. `known` are the person's own names.
    ///
    /// # Errors
    /// A field error when it is easily guessed; `unavailable` when too many wait.
    pub async fn hash_new(&self, password: String, known: Vec<String>) -> AppResult<String> {
        let cost = self.cost;
        self.run(move || {
            if is_weak(&password, &known) {
                return Err(AppError::field(
                    "password",
                    FieldCode::TooCommon,
                    "is easily guessed",
                ));
            }
            bcrypt::hash(prehash(&password), cost).map_err(|error| AppError::Unexpected(error.into()))
        })
        .await
    }

    /// Whether a password belongs to a hash. Without one it takes as long and is wrong.
    ///
    /// # Errors
    /// `unavailable` when too many wait.
    pub async fn verify(&self, password: String, hash: Option<String>) -> AppResult<Verdict> {
        let dummy = Arc::clone(&self.dummy);
        let cost = self.cost;
        self.run(move || {
            let prehashed = prehash(&password);
            let kept = hash.as_deref().unwrap_or(&dummy);
            let fits =
                bcrypt::verify(&prehashed, kept).map_err(|error| AppError::Unexpected(error.into()))?;
            if !fits || hash.is_none() {
                return Ok(Verdict::Wrong);
            }
            // All hashes at one cost: else the time of an answer would tell old accounts from missing ones.
            let outdated = !kept.contains(&format!("${cost:02}$"));
            let rehashed = outdated.then(|| bcrypt::hash(&prehashed, cost)).transpose();
            Ok(Verdict::Right {
                rehashed: rehashed.map_err(|error| AppError::Unexpected(error.into()))?,
            })
        })
        .await
    }

    /// The permits go with the job: it runs to its end, also when nobody waits for it any more.
    async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> AppResult<T> + Send + 'static,
    ) -> AppResult<T> {
        let place = Arc::clone(&self.queue)
            .try_acquire_owned()
            .map_err(|_full| AppError::unavailable())?;
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|_closed| AppError::unavailable())?;
        let job = move || {
            let _held = (place, permit);
            job()
        };
        match tokio::task::spawn_blocking(job).await {
            Ok(result) => result,
            Err(stopped) => Err(AppError::Unexpected(anyhow::anyhow!("password job: {stopped}"))),
        }
    }
}

/// Whether a password was right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It was not, or there is no such account.
    Wrong,
    /// It was.
    Right {
        /// Its hash at the present cost, when the kept one has another.
        rehashed: Option<String>,
    },
}

fn prehash(password: &str) -> String {
    let normal: String = password.nfkc().collect();
    // HMAC takes keys of every length.
    match Hmac::<Sha256>::new_from_slice(b"hearth/password/v1") {
        Ok(mac) => STANDARD.encode(mac.chain_update(normal.as_bytes()).finalize().into_bytes()),
        Err(_) => String::new(),
    }
}

fn is_weak(password: &str, known: &[String]) -> bool {
    let judged: String = password.nfkc().take(JUDGED_CHARACTERS).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).chain(["hearth"]).collect();
    zxcvbn::zxcvbn(&judged, &known).score() < MIN_SCORE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<String> {
        vec!["lovelace".into(), "ada@example.org".into(), "Ada Lovelace".into()]
    }

    #[test]
    fn guessable_passwords_are_refused() {
        for weak in [
            "password123",
            "1234567890",
            "qwertyuiop",
            "lovelace1",
            "aaaaaaaaaaaa",
            "iloveyou12",
        ] {
            assert!(is_weak(weak, &names()), "{weak}");
        }
        for good in ["correct horse battery", "müde Katzen schlafen", "k7#Vw2!qLp"] {
            assert!(!is_weak(good, &names()), "{good}");
        }
    }

    #[tokio::test]
    async fn a_missing_account_is_checked_like_a_wrong_password() {
        let passwords = Passwords::new(4);
        let hash = passwords
            .hash_new("kitchen table 9".into(), names())
            .await
            .unwrap();
        let verify = async |password: &str, hash: Option<&String>| {
            passwords
                .verify(password.to_owned(), hash.cloned())
                .await
                .unwrap()
        };
        assert_eq!(
            verify("kitchen table 9", Some(&hash)).await,
            Verdict::Right { rehashed: None }
        );
        assert_eq!(verify("kitchen table 8", Some(&hash)).await, Verdict::Wrong);
        assert_eq!(verify("kitchen table 9", None).await, Verdict::Wrong);
        // The host raised the cost: the next sign-in brings the new hash.
        let slower = Passwords::new(5);
        let Verdict::Right { rehashed: Some(new) } =
            slower.verify("kitchen table 9".into(), Some(hash)).await.unwrap()
        else {
            panic!("not hashed again")
        };
        assert!(new.starts_with("$2b$05$"));
    }

    #[test]
    fn every_character_counts_and_normal_forms_are_one() {
        let long = "x".repeat(100);
        assert_ne!(prehash(&format!("{long}a")), prehash(&format!("{long}b")));
        assert_ne!(prehash("a\0b"), prehash("a\0c"));
        assert_eq!(prehash("caf\u{e9}"), prehash("cafe\u{301}"));
        assert!(prehash("").len() < 72);
    }
}
