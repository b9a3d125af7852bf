//! A new password: by a link, or by the old one. Links are made by a job, so that the answer to "I forgot it" is the
//! same, byte for byte and in time, whether an address is known or not.

use std::net::IpAddr;

use hearth_shared::auth::RESET_MINUTES;
use hearth_shared::ids::{JobId, SessionId, UserId};
use hearth_shared::problem::ErrorCode;
use hearth_shared::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::links::{Links, Secret};
use super::store_credentials::{self as credentials, NewToken, Purpose};
use super::{mails, service};
use crate::features::admin::audit::{self, Action, Entry};
use crate::features::users;
use crate::features::users::names;
use crate::features::users::store_login::{self, Account};
use crate::features::users::store_standing::{self, Standing};
use crate::platform::db::{Conn, Tx, dialect};
use crate::platform::error::AppResult;
use crate::platform::{jobs, mail};
use hearth_shared::ids::Id;

/// The kind of job that sends a link for a new password.
pub const RESET_MAIL: &str = "auth.reset_mail";
/// Between two mails of a kind to one address.
pub const MAILS_APART_MILLIS: i64 = 60_000;

/// What the job has to know: an address as it was typed, of somebody or of nobody.
#[derive(Serialize, Deserialize)]
pub struct ResetWanted {
    /// The address.
    pub email: String,
}

/// Somebody has forgotten the password of an address. Nothing here depends on whether there is an account.
///
/// # Errors
/// When the database fails.
pub fn forgot(tx: &mut Tx<'_>, email: &str) -> AppResult<()> {
    let wanted = ResetWanted {
        email: email.to_owned(),
    };
    jobs::enqueue_once(tx, RESET_MAIL, &names::fold_email(email), &wanted).map(drop)
}

/// Makes the token for a link, and the only good one; `None` when the address has had a link a moment ago from
/// another job.
///
/// # Errors
/// When the database fails.
pub fn make_reset_token(
    tx: &mut Tx<'_>,
    account: &Account,
    secret: &Secret,
    job: Option<JobId>,
) -> AppResult<bool> {
    let user = account.id();
    let now = tx.now();
    dialect::lock_people(tx.conn(), [user.get(), user.get()])?;
    if job.is_some() && was_sent(tx.conn(), user, Purpose::Reset, &account.email, job, now)? {
        return Ok(false);
    }
    let hash = secret.hash();
    let new = NewToken {
        user,
        purpose: Purpose::Reset,
        hash: &hash,
        email: &account.email,
        job,
        created_at: now,
        expires_at: Timestamp::from_millis(now.as_millis() + RESET_MINUTES * 60_000),
    };
    credentials::put_token(tx.conn(), &new)?;
    Ok(true)
}

/// The link with which somebody chooses a new password, for the host to hand over. Earlier ones are good no more.
///
/// # Errors
/// `not_found`.
pub fn reset_link(tx: &mut Tx<'_>, links: &Links, user: UserId) -> AppResult<String> {
    let account = store_login::account(tx.conn(), user)?.ok_or(ErrorCode::NotFound)?;
    let secret = Secret::random();
    make_reset_token(tx, &account, &secret, None)?;
    audit::record(tx, Entry::by_host(Action::ResetLinkMade, user))?;
    Ok(links.reset(&secret))
}

/// Whether a mail of a purpose went to an address less than a minute ago. A job that is done again finds its own,
/// and goes on.
///
/// # Errors
/// When the database fails.
pub fn was_sent(
    conn: &mut Conn,
    user: UserId,
    purpose: Purpose,
    email: &str,
    job: Option<JobId>,
    now: Timestamp,
) -> AppResult<bool> {
    let last = credentials::last_token(conn, user, purpose)?;
    Ok(last.is_some_and(|last| {
        last.email == email
            && now.as_millis() < last.created_at + MAILS_APART_MILLIS
            && (job.is_none() || last.job_id != job.map(Id::get))
    }))
}

/// Whose a token for a new password is.
///
/// # Errors
/// `invalid_token`.
pub fn token_owner(conn: &mut Conn, hash: &[u8], now: Timestamp) -> AppResult<Account> {
    let (user, _) =
        credentials::find_token(conn, Purpose::Reset, hash, now)?.ok_or(ErrorCode::InvalidToken)?;
    open_to(conn, user)
}

/// The account of somebody who may choose a new password: not of who is suspended, whose links are good again when
/// the suspension ends within their time.
fn open_to(conn: &mut Conn, user: UserId) -> AppResult<Account> {
    if store_standing::standing(conn, user)? == Some(Standing::Suspended) {
        return Err(ErrorCode::InvalidToken.into());
    }
    Ok(store_login::account(conn, user)?.ok_or(ErrorCode::InvalidToken)?)
}

/// Spends a token: the password is new, and nobody is signed in any more. Gives the sessions that lived.
///
/// # Errors
/// `invalid_token` when it is not good any more.
pub fn reset(
    tx: &mut Tx<'_>,
    links: &Links,
    hash: &[u8],
    password_hash: &str,
    from: IpAddr,
) -> AppResult<Vec<SessionId>> {
    let now = tx.now();
    let (user, email) =
        credentials::spend_token(tx.conn(), Purpose::Reset, hash, now)?.ok_or(ErrorCode::InvalidToken)?;
    let account = open_to(tx.conn(), user)?;
    // Whoever opened the link reads the mail of that address.
    if names::fold_email(&account.email) == names::fold_email(&email) {
        let pending = credentials::find(tx.conn(), user)?.pending_email;
        credentials::set_verified(tx.conn(), user, now)?;
        credentials::set_pending(tx.conn(), user, pending.as_deref())?;
    }
    set(tx, links, &account, password_hash, None, from)
}

/// Somebody who knows the old password has a new one; their other sessions end. Gives those that lived.
///
/// # Errors
/// `unauthenticated` when the account is gone.
pub fn change(
    tx: &mut Tx<'_>,
    links: &Links,
    user: UserId,
    password_hash: &str,
    keep: SessionId,
    from: IpAddr,
) -> AppResult<Vec<SessionId>> {
    let account = store_login::account(tx.conn(), user)?.ok_or(ErrorCode::Unauthenticated)?;
    set(tx, links, &account, password_hash, Some(keep), from)
}

fn set(
    tx: &mut Tx<'_>,
    links: &Links,
    account: &Account,
    password_hash: &str,
    keep: Option<SessionId>,
    from: IpAddr,
) -> AppResult<Vec<SessionId>> {
    let user = account.id();
    users::service::set_password_hash(tx, user, password_hash)?;
    credentials::drop_token(tx.conn(), user, Purpose::Reset)?;
    let ended = service::end_others(tx, user, keep)?;
    audit::record(tx, Entry::by(Action::PasswordChanged, user).from(from))?;
    let told = mails::password_changed(&account.email, &account.username, &links.forgot());
    mail::enqueue(tx, &told)?;
    Ok(ended)
}
