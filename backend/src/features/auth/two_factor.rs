//! The second factor: TOTP (RFC 6238) as every telephone knows it: SHA-1, six digits, 30 seconds. Its secret is
//! HMAC(root secret, person ‖ random salt): a copy of the database alone gives no codes. Recovery codes are kept as
//! HMACs as well.

use std::net::IpAddr;

use hearth_shared::auth::{RECOVERY_CODES, RecoveryCodes, TwoFactor, TwoFactorSecret};
use hearth_shared::ids::{Id, UserId};
use hearth_shared::problem::ErrorCode;
use hearth_shared::time::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use rand::{Rng, RngExt};
use sha2::Sha256;
use totp_rs::{Algorithm, Builder, Totp};

use super::links::Links;
use super::mails::{self, FactorNow};
use super::store_credentials as credentials;
use crate::features::admin::audit::{self, Action, Entry};
use crate::features::users::store_login::{self, Account};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{AppError, AppResult};
use crate::platform::mail;
use crate::platform::secrets::Secrets;

/// Bytes of a secret: what RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
/// Seconds of a step.
const STEP_SECONDS: u64 = 30;
/// Signs of a recovery code: without those that look alike.
const SIGNS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
/// How many of them: 49 bits, tried a few times an hour.
const CODE_LENGTH: usize = 10;

/// The keys that secrets and codes are made with. It has no `Debug`.
#[derive(Clone)]
pub struct FactorKeys {
    secrets: [u8; 32],
    codes: [u8; 32],
}

impl FactorKeys {
    /// Derived from the root secret.
    pub fn new(secrets: &Secrets) -> Self {
        Self {
            secrets: secrets.key("second factor"),
            codes: secrets.key("recovery codes"),
        }
    }

    fn totp(&self, account: &Account, salt: &[u8]) -> AppResult<Totp> {
        let mut secret = mac(&self.secrets, account.id(), salt);
        secret.truncate(SECRET_BYTES);
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(1)
            .with_step_duration(STEP_SECONDS)
            .with_secret(secret)
            .with_issuer(Some("Hearth"))
            .with_account_name(account.username.as_str())
            .build()
            .map_err(|error| AppError::Unexpected(anyhow::anyhow!("TOTP: {error}")))
    }

    fn code_hash(&self, user: UserId, code: &str) -> Vec<u8> {
        mac(&self.codes, user, code.as_bytes())
    }
}

fn mac(key: &[u8; 32], user: UserId, text: &[u8]) -> Vec<u8> {
    // As long as HMAC makes it in any case: a slice could be of a wrong length, this cannot.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mac = Hmac::<Sha256>::new(&block.into())
        .chain_update(user.get().to_be_bytes())
        .chain_update(text);
    mac.finalize().into_bytes().to_vec()
}

/// Ten new codes, as they are shown: `abcde-fghij`.
fn new_codes() -> Vec<String> {
    let mut rng = rand::rng();
    let mut code = || {
        let signs: String = (0..CODE_LENGTH)
            .map(|_| char::from(SIGNS[rng.random_range(0..SIGNS.len())]))
            .collect();
        format!("{}-{}", &signs[..CODE_LENGTH / 2], &signs[CODE_LENGTH / 2..])
    };
    (0..RECOVERY_CODES).map(|_| code()).collect()
}

fn keep_codes(tx: &mut Tx<'_>, keys: &FactorKeys, user: UserId) -> AppResult<RecoveryCodes> {
    let recovery_codes = new_codes();
    let hashes: Vec<Vec<u8>> = recovery_codes
        .iter()
        .map(|code| keys.code_hash(user, &code.replace('-', "")))
        .collect();
    credentials::put_codes(tx.conn(), user, &hashes)?;
    Ok(RecoveryCodes { recovery_codes })
}

fn seconds_of(now: Timestamp) -> u64 {
    now.as_millis().unsigned_abs() / 1000
}

fn account(conn: &mut Conn, user: UserId) -> AppResult<Account> {
    Ok(store_login::account(conn, user)?.ok_or(ErrorCode::Unauthenticated)?)
}

/// How somebody's second factor stands.
///
/// # Errors
/// When the database fails.
pub fn state(conn: &mut Conn, user: UserId) -> AppResult<TwoFactor> {
    let row = credentials::find(conn, user)?;
    Ok(TwoFactor {
        enabled: row.totp_enabled_at.is_some(),
        recovery_codes_left: u32::try_from(credentials::count_codes(conn, user)?).unwrap_or(0),
    })
}

/// Makes a secret; it counts when a code made with it has come back.
///
/// # Errors
/// `two_factor_enabled`.
pub fn set_up(tx: &mut Tx<'_>, keys: &FactorKeys, user: UserId) -> AppResult<TwoFactorSecret> {
    let mut salt = [0; SECRET_BYTES];
    rand::rng().fill_bytes(&mut salt);
    if !credentials::set_up_factor(tx.conn(), user, &salt)? {
        return Err(ErrorCode::TwoFactorEnabled.into());
    }
    let account = account(tx.conn(), user)?;
    let totp = keys.totp(&account, &salt)?;
    let failed = |error: String| AppError::Unexpected(anyhow::anyhow!("TOTP: {error}"));
    let uri = totp.to_url().map_err(|error| failed(error.to_string()))?;
    let code = qrcode::QrCode::new(&uri).map_err(|error| failed(error.to_string()))?;
    let qr_svg = code
        .render::<qrcode::render::svg::Color<'_>>()
        .min_dimensions(240, 240)
        .build();
    Ok(TwoFactorSecret {
        secret: totp.secret().to_base32(),
        uri,
        qr_svg,
    })
}

/// Turns it on with the first code.
///
/// # Errors
/// `two_factor_enabled`; `two_factor_disabled` when it was never set up; `invalid_code`.
pub fn enable(
    tx: &mut Tx<'_>,
    keys: &FactorKeys,
    links: &Links,
    user: UserId,
    code: &str,
    from: IpAddr,
) -> AppResult<RecoveryCodes> {
    let row = credentials::find(tx.conn(), user)?;
    if row.totp_enabled_at.is_some() {
        return Err(ErrorCode::TwoFactorEnabled.into());
    }
    let salt = row.totp_salt.ok_or(ErrorCode::TwoFactorDisabled)?;
    let account = account(tx.conn(), user)?;
    use_totp(tx, keys, &account, &salt, code)?;
    let now = tx.now();
    if !credentials::enable_factor(tx.conn(), user, now)? {
        return Err(ErrorCode::TwoFactorEnabled.into());
    }
    let codes = keep_codes(tx, keys, user)?;
    tell(tx, links, &account, FactorNow::On, from)?;
    Ok(codes)
}

/// Turns it off, after the password was checked.
///
/// # Errors
/// `two_factor_disabled`, `invalid_code`.
pub fn disable(
    tx: &mut Tx<'_>,
    keys: &FactorKeys,
    links: &Links,
    user: UserId,
    code: &str,
    from: IpAddr,
) -> AppResult<()> {
    must_be_on(tx, user)?;
    check(tx, keys, user, Some(code))?;
    credentials::remove_factor(tx.conn(), user)?;
    let account = account(tx.conn(), user)?;
    tell(tx, links, &account, FactorNow::Off, from)
}

/// Makes new recovery codes, after the password was checked.
///
/// # Errors
/// As [`disable`].
pub fn renew_codes(
    tx: &mut Tx<'_>,
    keys: &FactorKeys,
    links: &Links,
    user: UserId,
    code: &str,
    from: IpAddr,
) -> AppResult<RecoveryCodes> {
    must_be_on(tx, user)?;
    check(tx, keys, user, Some(code))?;
    let codes = keep_codes(tx, keys, user)?;
    let account = account(tx.conn(), user)?;
    tell(tx, links, &account, FactorNow::NewCodes, from)?;
    Ok(codes)
}

fn must_be_on(tx: &mut Tx<'_>, user: UserId) -> AppResult<()> {
    match credentials::find(tx.conn(), user)?.totp_enabled_at {
        Some(_) => Ok(()),
        None => Err(ErrorCode::TwoFactorDisabled.into()),
    }
}

/// Whether somebody may go on: they have no second factor, or this is a code of it, which is spent by that. Tries
/// are to be counted before, see [`super::reauth::count`].
///
/// # Errors
/// `second_factor_required` without a code, `invalid_code` for a wrong or used one.
pub fn check(tx: &mut Tx<'_>, keys: &FactorKeys, user: UserId, code: Option<&str>) -> AppResult<()> {
    let row = credentials::find(tx.conn(), user)?;
    let (Some(_), Some(salt)) = (row.totp_enabled_at, row.totp_salt) else {
        return Ok(());
    };
    let code = code.ok_or(ErrorCode::SecondFactorRequired)?;
    if code.len() == CODE_LENGTH {
        let hash = keys.code_hash(user, code);
        return if credentials::use_code(tx.conn(), user, &hash)? {
            Ok(())
        } else {
            Err(ErrorCode::InvalidCode.into())
        };
    }
    let account = account(tx.conn(), user)?;
    use_totp(tx, keys, &account, &salt, code)
}

fn use_totp(tx: &mut Tx<'_>, keys: &FactorKeys, account: &Account, salt: &[u8], code: &str) -> AppResult<()> {
    let totp = keys.totp(account, salt)?;
    let step = totp
        .check(code, seconds_of(tx.now()))
        .ok_or(ErrorCode::InvalidCode)?;
    let step = i64::try_from(step).unwrap_or(i64::MAX);
    if credentials::use_step(tx.conn(), account.id(), step)? {
        Ok(())
    } else {
        Err(ErrorCode::InvalidCode.into())
    }
}

fn tell(tx: &mut Tx<'_>, links: &Links, account: &Account, state: FactorNow, from: IpAddr) -> AppResult<()> {
    let word = match state {
        FactorNow::On => "on",
        FactorNow::Off => "off",
        FactorNow::NewCodes => "new codes",
    };
    let entry = Entry::by(Action::TwoFactorChanged, account.id())
        .from(from)
        .with(word);
    audit::record(tx, entry)?;
    let told = mails::two_factor(&account.email, &account.username, state, &links.forgot());
    mail::enqueue(tx, &told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_ten_and_differ() {
        let codes = new_codes();
        assert_eq!(codes.len(), 10);
        assert!(codes.iter().all(|code| code.len() == 11 && &code[5..6] == "-"));
        let different: std::collections::HashSet<_> = codes.iter().collect();
        assert_eq!(different.len(), 10);
    }
}
