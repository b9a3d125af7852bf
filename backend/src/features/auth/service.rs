//! The rules of sessions.

use hearth_shared::auth::{NewAccount, SignedInDevice, SignedInDevices};
use hearth_shared::ids::{SessionId, UserId};
use hearth_shared::instance::Registration;
use hearth_shared::problem::ErrorCode;
use hearth_shared::time::Timestamp;
use hearth_shared::users::UserCard;
use hearth_shared::valid::Valid;

use super::http::SignIn;
use super::links::Secret;
use super::store::{self, NewSession};
use super::store_credentials::{self, NewToken, Purpose};
use super::{identity, invitations, mails, passwords, store_invitations, two_factor};
use crate::features::admin::audit::{self, Action, Entry};
use crate::features::users::store_login::{self, Account};
use crate::features::users::store_standing::Standing;
use crate::features::{push, users};
use crate::platform::db::{Conn, Outcome, Tx};
use crate::platform::error::AppResult;
use crate::platform::extract::Actor;
use crate::platform::mail;
use crate::platform::realtime::bus::Notice;
use crate::platform::tokens::{Refresh, Tokens};

/// A session that is not refreshed for this long has ended: 14 days.
const IDLE_MILLIS: i64 = 14 * DAY_MILLIS;
/// A session ends after this long, whatever happens: 30 days (NIST SP 800-63B, AAL1).
pub const ABSOLUTE_MILLIS: i64 = 30 * DAY_MILLIS;
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// An exchanged token is answered with the same successor for this long: tabs that refresh at the same time,
/// an answer that was lost.
const GRACE_MILLIS: i64 = 10_000;
/// Sessions that a person may have; the oldest ends.
const SESSIONS_MAX: i64 = 20;

/// A session that was just begun or refreshed.
pub struct Begun {
    /// Which.
    pub session_id: SessionId,
    /// Whose.
    pub user: UserCard,
    /// The refresh token that is good now.
    pub refresh: Refresh,
}

/// What registering and signing in go by.
#[derive(Clone)]
pub struct Rules {
    /// Who may register.
    pub registration: Registration,
    /// Whether an address must be verified before the first sign-in.
    pub verify_email: bool,
}

/// Makes an account and signs it in. `None` where the address must be verified first: then a mail will be sent, to a
/// free address or to that of somebody who is here already, and the answer does not tell which.
///
/// # Errors
/// `username_taken`, `email_taken`, `invalid_invitation`.
pub fn register(
    tx: &mut Tx<'_>,
    sign_in: &SignIn,
    rules: &Rules,
    account: &Valid<NewAccount>,
    password_hash: &str,
    user_agent: &str,
) -> AppResult<Outcome<Option<Begun>>> {
    if rules.verify_email
        && let Some(owner) = store_login::account_by_email(tx.conn(), &account.email)?
    {
        // Which names there are is no secret.
        if users::store::username_exists(tx.conn(), &account.username)? {
            return Err(ErrorCode::UsernameTaken.into());
        }
        tell_owner(tx, sign_in, &owner)?;
        return Ok(Outcome::Commit(None));
    }
    let user = users::service::create(tx, account, password_hash)?;
    invitations::spend(tx, rules.registration, account.invitation.as_deref(), user.id)?;
    audit::record(tx, Entry::by(Action::Registered, user.id))?;
    if rules.verify_email {
        identity::send_verification(tx, user.id)?;
        return Ok(Outcome::Commit(None));
    }
    Ok(Outcome::Commit(Some(begin(
        tx,
        &sign_in.tokens,
        user,
        user_agent,
    )?)))
}

/// Tells somebody that their address was given for a new account; once a minute at most.
fn tell_owner(tx: &mut Tx<'_>, sign_in: &SignIn, owner: &Account) -> AppResult<()> {
    let (user, now) = (owner.id(), tx.now());
    if passwords::was_sent(tx.conn(), user, Purpose::Told, &owner.email, None, now)? {
        return Ok(());
    }
    let told = NewToken {
        user,
        purpose: Purpose::Told,
        // Of nothing that anybody has.
        hash: &Secret::random().hash(),
        email: &owner.email,
        job: None,
        created_at: now,
        expires_at: Timestamp::from_millis(now.as_millis() + passwords::MAILS_APART_MILLIS),
    };
    store_credentials::put_token(tx.conn(), &told)?;
    let sign_in_page = sign_in.links.sign_in();
    mail::enqueue(
        tx,
        &mails::already_yours(&owner.email, &owner.username, &sign_in_page),
    )
}

/// Signs somebody in whose password was right; `rehashed` is its hash at the present cost, when that has changed.
/// `None` when the address must be verified first: the mail for that is on its way again.
///
/// # Errors
/// `second_factor_required`, `invalid_code`.
pub fn sign_in(
    tx: &mut Tx<'_>,
    sign_in: &SignIn,
    rules: &Rules,
    user: UserId,
    code: Option<&str>,
    rehashed: Option<&str>,
    user_agent: &str,
) -> AppResult<Outcome<Option<Begun>>> {
    if rules.verify_email
        && store_credentials::find(tx.conn(), user)?
            .email_verified_at
            .is_none()
    {
        identity::send_verification(tx, user)?;
        return Ok(Outcome::Commit(None));
    }
    two_factor::check(tx, &sign_in.factor, user, code)?;
    if let Some(hash) = rehashed {
        users::service::set_password_hash(tx, user, hash)?;
    }
    let card = users::store::card(tx.conn(), user)?;
    Ok(Outcome::Commit(Some(begin(
        tx,
        &sign_in.tokens,
        card,
        user_agent,
    )?)))
}

fn begin(tx: &mut Tx<'_>, tokens: &Tokens, user: UserCard, user_agent: &str) -> AppResult<Begun> {
    let session_id: SessionId = tx.new_id();
    let refresh = tokens.first_refresh(session_id);
    let now = tx.now();
    let new = NewSession {
        id: session_id,
        user: user.id,
        refresh_hash: refresh.hash(),
        user_agent,
        created_at: now,
        expires_at: Timestamp::from_millis(now.as_millis() + ABSOLUTE_MILLIS),
    };
    store::insert(tx.conn(), &new)?;
    store::end_oldest(tx.conn(), user.id, SESSIONS_MAX, now)?;
    Ok(Begun {
        session_id,
        user,
        refresh,
    })
}

/// What became of a refresh.
pub enum Refreshed {
    /// Here is the next token.
    Next(Box<Begun>),
    /// An old token came back: the session has been ended.
    Reused,
}

/// Exchanges a refresh token. The one before the present is answered with the present one for ten seconds;
/// every other old one ends the session.
///
/// # Errors
/// `invalid_refresh_token` when the session has ended.
pub fn refresh(tx: &mut Tx<'_>, sign_in: &SignIn, token: &Refresh) -> AppResult<Outcome<Refreshed>> {
    let now = tx.now();
    let id = token.session_id;
    let row = store::find(tx.conn(), id)?.ok_or(ErrorCode::InvalidRefreshToken)?;
    let idle_until = row.rotated_at + IDLE_MILLIS;
    if row.ended_at.is_some() || now.as_millis() >= row.expires_at.min(idle_until) {
        return Err(ErrorCode::InvalidRefreshToken.into());
    }
    match users::store_standing::standing(tx.conn(), row.user())? {
        Some(Standing::Active) => {}
        Some(Standing::Suspended) => return Err(ErrorCode::AccountSuspended.into()),
        _ => return Err(ErrorCode::InvalidRefreshToken.into()),
    }
    let presented = token.hash();
    let next = sign_in.tokens.next_refresh(token);
    let rotated = presented == row.refresh_hash
        && store::rotate(tx.conn(), id, &presented, &next.hash(), next.generation, now)?;
    let row = if rotated {
        row
    } else {
        store::find(tx.conn(), id)?.ok_or(ErrorCode::InvalidRefreshToken)?
    };
    if row.ended_at.is_some() {
        return Err(ErrorCode::InvalidRefreshToken.into());
    }
    let in_grace =
        row.previous_hash.as_ref() == Some(&presented) && now.as_millis() - row.rotated_at <= GRACE_MILLIS;
    if !rotated && !in_grace {
        tracing::warn!(session = %id, user = %row.user(), "an old refresh token came back; the session was ended");
        store::end(tx.conn(), id, now)?;
        push::service::sessions_ended(tx, &[id])?;
        audit::record(tx, Entry::by_host(Action::TokenReused, row.user()))?;
        tx.publish(Notice::SessionEnded(id));
        if let Some(account) = store_login::account(tx.conn(), row.user())? {
            let forgot = sign_in.links.forgot();
            mail::enqueue(
                tx,
                &mails::session_ended(&account.email, &account.username, &forgot),
            )?;
        }
        return Ok(Outcome::Commit(Refreshed::Reused));
    }
    let user = users::store::card(tx.conn(), row.user())?;
    Ok(Outcome::Commit(Refreshed::Next(Box::new(Begun {
        session_id: id,
        user,
        refresh: next,
    }))))
}

/// Ends a session.
///
/// # Errors
/// When the database fails.
pub fn sign_out(tx: &mut Tx<'_>, session: SessionId) -> AppResult<Outcome<()>> {
    let now = tx.now();
    if let Some(living) = store::find_living(tx.conn(), session)? {
        store::end(tx.conn(), session, now)?;
        push::service::sessions_ended(tx, &[session])?;
        drop_reset_link(tx, living.user)?;
        audit::record(tx, Entry::by(Action::SignedOut, living.user))?;
    }
    tx.publish(Notice::SessionEnded(session));
    Ok(Outcome::Commit(()))
}

/// Whoever ends a session may do so because somebody else has been here: a link to a new password that was asked for
/// before is good no longer.
fn drop_reset_link(tx: &mut Tx<'_>, user: UserId) -> AppResult<()> {
    Ok(store_credentials::drop_token(tx.conn(), user, Purpose::Reset)?)
}

/// Ends all of a person's sessions at once. Gives how many there were.
///
/// # Errors
/// When the database fails.
pub fn end_all(tx: &mut Tx<'_>, user: UserId) -> AppResult<usize> {
    let now = tx.now();
    let ended = store::end_all(tx.conn(), user, now)?;
    push::service::sessions_ended(tx, &ended)?;
    drop_reset_link(tx, user)?;
    for session in &ended {
        tx.publish(Notice::SessionEnded(*session));
    }
    Ok(ended.len())
}

/// Removes some of a person's sessions, living or not. True: there may be more.
///
/// # Errors
/// When the database fails.
pub fn forget(tx: &mut Tx<'_>, user: UserId, limit: i64) -> AppResult<bool> {
    end_all(tx, user)?;
    store_credentials::forget(tx.conn(), user)?;
    store_invitations::forget(tx.conn(), user)?;
    Ok(store::delete_some(tx.conn(), user, limit)? > 0)
}

/// Ends all of a person's sessions but one. Gives those that lived.
///
/// # Errors
/// When the database fails.
pub fn end_others(tx: &mut Tx<'_>, user: UserId, keep: Option<SessionId>) -> AppResult<Vec<SessionId>> {
    let now = tx.now();
    let ended = store::end_others(tx.conn(), user, keep, now)?;
    push::service::sessions_ended(tx, &ended)?;
    drop_reset_link(tx, user)?;
    for session in &ended {
        tx.publish(Notice::SessionEnded(*session));
    }
    Ok(ended)
}

/// Ends one of a person's own living sessions.
///
/// # Errors
/// `not_found`, for those of others too.
pub fn end_own(tx: &mut Tx<'_>, user: UserId, session: SessionId) -> AppResult<()> {
    let (now, idle_since) = (tx.now(), idle_since(tx.now()));
    if !store::end_own(tx.conn(), user, session, idle_since, now)? {
        return Err(ErrorCode::NotFound.into());
    }
    push::service::sessions_ended(tx, &[session])?;
    drop_reset_link(tx, user)?;
    audit::record(tx, Entry::by(Action::SessionsEnded, user))?;
    tx.publish(Notice::SessionEnded(session));
    Ok(())
}

/// A person's living sessions, the newest first.
///
/// # Errors
/// When the database fails.
pub fn devices(conn: &mut Conn, actor: &Actor, now: Timestamp) -> AppResult<SignedInDevices> {
    let rows = store::living_of(conn, actor.user_id, now, SESSIONS_MAX)?;
    let device = |row: store::LivingRow| SignedInDevice {
        current: row.id == actor.session_id,
        id: row.id,
        user_agent: row.user_agent,
        created_at: row.created_at,
        last_used_at: row.used_at,
    };
    let living = rows.into_iter().filter(|row| row.used_at > idle_since(now));
    Ok(SignedInDevices {
        items: living.map(device).collect(),
    })
}

/// A session that was last refreshed then or before has ended.
pub fn idle_since(now: Timestamp) -> Timestamp {
    Timestamp::from_millis(now.as_millis() - IDLE_MILLIS)
}

/// Sessions that ended before are of no use: no token of theirs has been good for a month.
pub fn sessions_kept_since(now: Timestamp) -> Timestamp {
    Timestamp::from_millis(now.as_millis() - ABSOLUTE_MILLIS)
}
