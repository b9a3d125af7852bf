//! The rules of sessions.

use hearth_shared::auth::NewAccount;
use hearth_shared::ids::{SessionId, UserId};
use hearth_shared::problem::ErrorCode;
use hearth_shared::time::Timestamp;
use hearth_shared::users::UserCard;
use hearth_shared::valid::Valid;

use super::store::{self, NewSession};
use crate::features::admin::audit::{self, Action, Entry};
use crate::features::users;
use crate::features::users::store_standing::Standing;
use crate::platform::db::{Outcome, Tx};
use crate::platform::error::AppResult;
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

/// Makes an account and signs it in.
///
/// # Errors
/// `username_taken`, `email_taken`.
pub fn register(
    tx: &mut Tx<'_>,
    tokens: &Tokens,
    account: &Valid<NewAccount>,
    password_hash: &str,
    user_agent: &str,
) -> AppResult<Outcome<Begun>> {
    let user = users::service::create(tx, account, password_hash)?;
    begin(tx, tokens, user, user_agent)
}

/// Signs somebody in whose password was right; `rehashed` is its hash at the present cost, when that has changed.
///
/// # Errors
/// When the database fails.
pub fn sign_in(
    tx: &mut Tx<'_>,
    tokens: &Tokens,
    user: UserId,
    rehashed: Option<&str>,
    user_agent: &str,
) -> AppResult<Outcome<Begun>> {
    if let Some(hash) = rehashed {
        users::service::set_password_hash(tx, user, hash)?;
    }
    let card = users::store::card(tx.conn(), user)?;
    begin(tx, tokens, card, user_agent)
}

fn begin(tx: &mut Tx<'_>, tokens: &Tokens, user: UserCard, user_agent: &str) -> AppResult<Outcome<Begun>> {
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
    Ok(Outcome::Commit(Begun {
        session_id,
        user,
        refresh,
    }))
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
pub fn refresh(tx: &mut Tx<'_>, tokens: &Tokens, token: &Refresh) -> AppResult<Outcome<Refreshed>> {
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
    let next = tokens.next_refresh(token);
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
        audit::record(tx, Entry::by_host(Action::TokenReused, row.user()))?;
        tx.publish(Notice::SessionEnded(id));
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
        audit::record(tx, Entry::by(Action::SignedOut, living.user))?;
    }
    tx.publish(Notice::SessionEnded(session));
    Ok(Outcome::Commit(()))
}

/// Ends all of a person's sessions at once. Gives how many there were.
///
/// # Errors
/// When the database fails.
pub fn end_all(tx: &mut Tx<'_>, user: UserId) -> AppResult<usize> {
    let now = tx.now();
    let ended = store::end_all(tx.conn(), user, now)?;
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
    Ok(store::delete_some(tx.conn(), user, limit)? > 0)
}
