//! What people may do here and whether they are here: roles, suspension, leaving. What must hold: there is always
//! an administrator once there was one; each change stands in the audit in the same transaction.

use hearth_shared::ids::UserId;
use hearth_shared::leaving::{DELETION_DAYS, OwnMessages};
use hearth_shared::problem::ErrorCode;
use hearth_shared::time::Timestamp;
use hearth_shared::users::Role;

use super::store_standing::{self as store, Standing};
use crate::features::admin::audit::{self, Action, Entry};
use crate::platform::db::Tx;
use crate::platform::error::{AppError, AppResult};

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// Lets somebody sign in whose password was right. With `restore` an account that waits for its deletion is kept.
///
/// # Errors
/// `account_suspended`, `account_deletion_pending` with the moment as detail, `invalid_credentials` when the
/// account is gone.
pub fn admit(tx: &mut Tx<'_>, user: UserId, restore: bool) -> AppResult<()> {
    match store::standing(tx.conn(), user)? {
        Some(Standing::Active) => Ok(()),
        Some(Standing::Suspended) => Err(ErrorCode::AccountSuspended.into()),
        Some(Standing::Leaving(due)) if restore && due > tx.now() => {
            if !store::clear_deletion(tx.conn(), user)? {
                return Err(ErrorCode::InvalidCredentials.into());
            }
            audit::record(tx, Entry::by(Action::DeletionCancelled, user))
        }
        // The work of deleting has begun, or will in a moment.
        Some(Standing::Leaving(due)) if restore || due <= tx.now() => {
            Err(ErrorCode::InvalidCredentials.into())
        }
        Some(Standing::Leaving(due)) => Err(AppError::detailed(
            ErrorCode::AccountDeletionPending,
            due.to_string(),
        )),
        Some(Standing::Deleted) | None => Err(ErrorCode::InvalidCredentials.into()),
    }
}

/// Plans the end of somebody's account. Gives when everything goes.
///
/// # Errors
/// `last_admin`.
pub fn leave(tx: &mut Tx<'_>, user: UserId, messages: OwnMessages) -> AppResult<Timestamp> {
    if store::is_last_admin(tx.conn(), user)? {
        return Err(ErrorCode::LastAdmin.into());
    }
    let due = Timestamp::from_millis(tx.now().as_millis() + DELETION_DAYS * DAY_MILLIS);
    store::set_deletion(tx.conn(), user, due, messages)?;
    audit::record(tx, Entry::by(Action::DeletionRequested, user))?;
    Ok(due)
}

/// Gives somebody a role; false when they have it. The host does this.
///
/// # Errors
/// `last_admin`.
pub fn set_role(tx: &mut Tx<'_>, user: UserId, role: Role) -> AppResult<bool> {
    if role == Role::Member && store::is_last_admin(tx.conn(), user)? {
        return Err(ErrorCode::LastAdmin.into());
    }
    if !store::set_role(tx.conn(), user, role)? {
        return Ok(false);
    }
    let details = match role {
        Role::Member => "member",
        Role::Admin => "admin",
    };
    audit::record(tx, Entry::by_host(Action::RoleChanged, user).with(details))?;
    Ok(true)
}

/// Suspends somebody; false when they are. The host does this.
///
/// # Errors
/// `last_admin`.
pub fn suspend(tx: &mut Tx<'_>, user: UserId) -> AppResult<bool> {
    if store::is_last_admin(tx.conn(), user)? {
        return Err(ErrorCode::LastAdmin.into());
    }
    let now = tx.now();
    let changed = store::set_suspended(tx.conn(), user, Some(now))?;
    if changed {
        audit::record(tx, Entry::by_host(Action::Suspended, user))?;
    }
    Ok(changed)
}

/// Ends somebody's suspension; false when there is none. The host does this.
///
/// # Errors
/// When the database fails.
pub fn unsuspend(tx: &mut Tx<'_>, user: UserId) -> AppResult<bool> {
    let changed = store::set_suspended(tx.conn(), user, None)?;
    if changed {
        audit::record(tx, Entry::by_host(Action::Unsuspended, user))?;
    }
    Ok(changed)
}
