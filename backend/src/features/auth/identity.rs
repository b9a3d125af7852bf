//! Name and address of an account. A new address counts when its link was opened; until then the old one stays. Who
//! has an address is told to nobody but by a mail to it.

use hearth_shared::ids::{Id, JobId, UserId};
use hearth_shared::problem::ErrorCode;
use hearth_shared::time::Timestamp;
use hearth_shared::users::MeChanges;
use serde::{Deserialize, Serialize};

use super::http::SignIn;
use super::links::{Links, Secret};
use super::passwords::was_sent;
use super::store_credentials::{self as credentials, NewToken, Purpose};
use super::{mails, reauth, service};
use crate::features::admin::audit::{self, Action, Entry};
use crate::features::users::store_login::{self, Account};
use crate::features::users::{self, names};
use crate::platform::db::{Tx, dialect};
use crate::platform::error::AppResult;
use crate::platform::extract::Actor;
use crate::platform::mail::Mail;
use crate::platform::{jobs, mail};

/// The kind of job that sends a link which confirms an address.
pub const VERIFY_MAIL: &str = "auth.verify_mail";
/// How long such a link is good: 24 hours.
const VERIFY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// What the job has to know.
#[derive(Serialize, Deserialize)]
pub struct VerifyWanted {
    /// Whose address.
    pub user_id: UserId,
}

/// Asks for the password, when what is to be changed wants it.
///
/// # Errors
/// `wrong_password`, `rate_limited`.
pub async fn confirm(sign_in: &SignIn, user: UserId, changes: &MeChanges) -> AppResult<()> {
    if changes.username.is_none() && changes.email.is_none() {
        return Ok(());
    }
    let password = changes.current_password.clone().unwrap_or_default();
    reauth::confirm(sign_in, user, password).await
}

/// Changes name and address, after [`confirm`]. A new address only waits; but whoever else is signed in with the
/// account is signed out, and open links to a new password end.
///
/// # Errors
/// `username_taken`.
pub fn change(tx: &mut Tx<'_>, links: &Links, actor: &Actor, changes: &MeChanges) -> AppResult<()> {
    let user = actor.user_id;
    if changes.username.is_none() && changes.email.is_none() {
        return Ok(());
    }
    dialect::lock_people(tx.conn(), [user.get(), user.get()])?;
    let account = store_login::account(tx.conn(), user)?.ok_or(ErrorCode::Unauthenticated)?;
    if let Some(username) = changes
        .username
        .as_ref()
        .filter(|name| **name != account.username)
    {
        users::service::set_username(tx, user, username)?;
        audit::record(tx, Entry::by(Action::UsernameChanged, user))?;
    }
    let Some(email) = &changes.email else {
        return Ok(());
    };
    let before = credentials::find(tx.conn(), user)?.pending_email;
    if *email == account.email {
        return Ok(credentials::set_pending(tx.conn(), user, None)?);
    }
    credentials::set_pending(tx.conn(), user, Some(email))?;
    service::end_others(tx, user, Some(actor.session_id))?;
    if before.as_ref() != Some(email) {
        let told = mails::email_change_asked(&account.email, &account.username, &links.forgot());
        mail::enqueue(tx, &told)?;
    }
    want_mail(tx, user, email)
}

/// Sends the link for the address that waits to be confirmed, if there is one.
///
/// # Errors
/// When the database fails.
pub fn send_verification(tx: &mut Tx<'_>, user: UserId) -> AppResult<()> {
    let Some(account) = store_login::account(tx.conn(), user)? else {
        return Ok(());
    };
    let row = credentials::find(tx.conn(), user)?;
    match unconfirmed(&account, row.pending_email, row.email_verified_at) {
        Some(email) => want_mail(tx, user, &email),
        None => Ok(()),
    }
}

fn want_mail(tx: &mut Tx<'_>, user: UserId, email: &str) -> AppResult<()> {
    let key = format!("{user}:{}", names::fold_email(email));
    jobs::enqueue_once(tx, VERIFY_MAIL, &key, &VerifyWanted { user_id: user }).map(drop)
}

/// The address to be confirmed: the new one, or the present one.
fn unconfirmed(account: &Account, pending: Option<String>, verified_at: Option<i64>) -> Option<String> {
    pending.or_else(|| verified_at.is_none().then(|| account.email.clone()))
}

/// What a job has to send, with a token that is good from now on; `None` when there is nothing to be confirmed, or
/// the address had its mail a moment ago.
///
/// # Errors
/// When the database fails.
pub fn verification(
    tx: &mut Tx<'_>,
    links: &Links,
    user: UserId,
    secret: &Secret,
    job: JobId,
) -> AppResult<Option<Mail>> {
    dialect::lock_people(tx.conn(), [user.get(), user.get()])?;
    let Some(account) = store_login::account(tx.conn(), user)? else {
        return Ok(None);
    };
    let row = credentials::find(tx.conn(), user)?;
    let Some(email) = unconfirmed(&account, row.pending_email, row.email_verified_at) else {
        return Ok(None);
    };
    let now = tx.now();
    if was_sent(tx.conn(), user, Purpose::Verify, &email, Some(job), now)? {
        return Ok(None);
    }
    let hash = secret.hash();
    let new = NewToken {
        user,
        purpose: Purpose::Verify,
        hash: &hash,
        email: &email,
        job: Some(job),
        created_at: now,
        expires_at: Timestamp::from_millis(now.as_millis() + VERIFY_MILLIS),
    };
    credentials::put_token(tx.conn(), &new)?;
    // Somebody else's: they are told, and the token goes nowhere.
    let owner = store_login::account_by_email(tx.conn(), &email)?.filter(|owner| owner.id() != user);
    Ok(Some(match owner {
        Some(owner) => mails::already_yours(&owner.email, &owner.username, &links.sign_in()),
        None => mails::verify(&email, &account.username, &links.verify(secret)),
    }))
}

/// Confirms an address with a token. A new one becomes that of the account, and the old one is told.
///
/// # Errors
/// `invalid_token`.
pub fn verify(tx: &mut Tx<'_>, hash: &[u8]) -> AppResult<()> {
    let now = tx.now();
    let (user, email) =
        credentials::spend_token(tx.conn(), Purpose::Verify, hash, now)?.ok_or(ErrorCode::InvalidToken)?;
    let account = store_login::account(tx.conn(), user)?.ok_or(ErrorCode::InvalidToken)?;
    let row = credentials::find(tx.conn(), user)?;
    if row.pending_email.as_ref() == Some(&email) {
        // Somebody else may have taken it meanwhile. Whoever opened the link may know that.
        users::service::set_email(tx, user, &email)?;
        credentials::drop_token(tx.conn(), user, Purpose::Reset)?;
        audit::record(tx, Entry::by(Action::EmailChanged, user))?;
        mail::enqueue(tx, &mails::email_changed(&account.email, &account.username))?;
    } else if account.email != email {
        return Err(ErrorCode::InvalidToken.into());
    }
    Ok(credentials::set_verified(tx.conn(), user, now)?)
}
