//! Invitations to register: links for one guest each, made by members, good for a week.

use hearth_shared::auth::{INVITATION_DAYS, INVITATIONS_OPEN, Invitations, SentInvitation};
use hearth_shared::ids::{Id, InvitationId, UserId};
use hearth_shared::instance::Registration;
use hearth_shared::problem::ErrorCode;
use hearth_shared::time::Timestamp;

use super::links::{self, Links, Secret};
use super::store_invitations::{self as store, NewRow};
use crate::platform::db::{Conn, Tx, dialect};
use crate::platform::error::AppResult;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

fn limit() -> i64 {
    i64::try_from(INVITATIONS_OPEN).unwrap_or(i64::MAX)
}

/// Somebody's open invitations.
///
/// # Errors
/// When the database fails.
pub fn open(conn: &mut Conn, inviter: UserId, now: Timestamp) -> AppResult<Invitations> {
    Ok(Invitations {
        items: store::open(conn, inviter, now, limit())?,
    })
}

/// Makes an invitation.
///
/// # Errors
/// `too_many_invitations`.
pub fn create(tx: &mut Tx<'_>, links: &Links, inviter: UserId, note: &str) -> AppResult<SentInvitation> {
    let now = tx.now();
    // Two at the same time must see each other.
    dialect::lock_people(tx.conn(), [inviter.get(), inviter.get()])?;
    if store::open(tx.conn(), inviter, now, limit())?.len() >= INVITATIONS_OPEN {
        return Err(ErrorCode::TooManyInvitations.into());
    }
    let secret = Secret::random();
    let hash = secret.hash();
    let new = NewRow {
        id: tx.new_id(),
        inviter,
        hash: &hash,
        note,
        created_at: now,
        expires_at: Timestamp::from_millis(now.as_millis() + INVITATION_DAYS * DAY_MILLIS),
    };
    store::insert(tx.conn(), &new)?;
    Ok(SentInvitation {
        id: new.id,
        url: links.register(&secret),
        token: secret.text().to_owned(),
        expires_at: new.expires_at,
    })
}

/// Takes an open invitation back.
///
/// # Errors
/// `not_found`, for those of others too.
pub fn revoke(tx: &mut Tx<'_>, inviter: UserId, id: InvitationId) -> AppResult<()> {
    let now = tx.now();
    if store::revoke(tx.conn(), inviter, id, now)? {
        Ok(())
    } else {
        Err(ErrorCode::NotFound.into())
    }
}

/// Whether somebody with this invitation, or none, may register.
///
/// # Errors
/// `registration_closed`, `invitation_required`, `invalid_invitation`.
pub fn admit(
    conn: &mut Conn,
    registration: Registration,
    token: Option<&str>,
    now: Timestamp,
) -> AppResult<()> {
    match (registration, token) {
        (Registration::Closed, _) => Err(ErrorCode::RegistrationClosed.into()),
        (Registration::Open, _) => Ok(()),
        (Registration::Invite, None) => Err(ErrorCode::InvitationRequired.into()),
        (Registration::Invite, Some(token)) => check(conn, token, now),
    }
}

/// Whether an invitation is good.
///
/// # Errors
/// `invalid_invitation`.
pub fn check(conn: &mut Conn, token: &str, now: Timestamp) -> AppResult<()> {
    if store::is_good(conn, &links::hash(token), now)? {
        Ok(())
    } else {
        Err(ErrorCode::InvalidInvitation.into())
    }
}

/// Uses an invitation for somebody who has just registered. Where everybody may register it need not be good.
///
/// # Errors
/// `invalid_invitation` when somebody else was faster.
pub fn spend(
    tx: &mut Tx<'_>,
    registration: Registration,
    token: Option<&str>,
    guest: UserId,
) -> AppResult<()> {
    let now = tx.now();
    let spent = match token {
        Some(token) => store::spend(tx.conn(), &links::hash(token), guest, now)?,
        None => false,
    };
    if registration == Registration::Invite && !spent {
        return Err(ErrorCode::InvalidInvitation.into());
    }
    Ok(())
}
