//! What people ask the host to look at. One report for each person and subject: the later one takes the place of the
//! earlier. Who reported what is for the host alone.

pub mod store;

use hearth_shared::ids::{Id, ReportId, UserId};
use hearth_shared::problem::ErrorCode;
use hearth_shared::reports::{NewReport, ReportSubject};
use hearth_shared::valid::Valid;

use super::audit::{self, Action, Entry};
use crate::features::friends::store::blocks::{self, Kind};
use crate::features::posts::service::comments;
use crate::features::posts::store::visible;
use crate::features::users;
use crate::platform::db::{Conn, Outcome, Tx, dialect};
use crate::platform::error::AppResult;
use crate::platform::extract::Actor;

pub use store::latest_id;

/// Keeps a report about something that the caller sees.
///
/// # Errors
/// `not_found`.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, new: &Valid<NewReport>) -> AppResult<Outcome<()>> {
    let me = actor.user_id;
    check_seen(tx.conn(), me, new.subject)?;
    // Two reports of one person, one after the other.
    dialect::lock_people(tx.conn(), [me.get(), me.get()])?;
    let id: ReportId = tx.new_id();
    let now = tx.now();
    store::replace(tx.conn(), id, me, new, now)?;
    Ok(Outcome::Commit(()))
}

/// Fails for what somebody cannot see. Whom they have blocked they know of, as on that person's page.
fn check_seen(conn: &mut Conn, viewer: UserId, subject: ReportSubject) -> AppResult<()> {
    match subject {
        ReportSubject::Post(id) => {
            visible::find_visible(conn, viewer, id)?.ok_or(ErrorCode::NotFound)?;
        }
        ReportSubject::Comment(id) => {
            comments::visible_to(conn, viewer, id)?;
        }
        ReportSubject::Person(id) => {
            let seen = matches!(blocks::standing(conn, viewer, id)?, None | Some(Kind::Mine));
            if !seen || !users::store::exists(conn, id)? {
                return Err(ErrorCode::NotFound.into());
            }
        }
    }
    Ok(())
}

/// Closes a report, and all other open ones about the same thing. Gives how many; `None` when it is not open.
///
/// # Errors
/// When the database fails.
pub fn close(tx: &mut Tx<'_>, id: ReportId) -> AppResult<Option<usize>> {
    let Some(subject) = store::open_subject(tx.conn(), id)? else {
        return Ok(None);
    };
    let now = tx.now();
    let closed = store::close_about(tx.conn(), &subject, now)?;
    let owner = store::owner_of(tx.conn(), &subject)?;
    let details = format!("{} {}, reports: {closed}", subject.kind, subject.id);
    audit::record(
        tx,
        Entry {
            action: Action::ReportsClosed,
            actor: None,
            subject: owner,
            from: None,
            details: Some(&details),
        },
    )?;
    Ok(Some(closed))
}

/// Reports about things that go for good.
///
/// # Errors
/// When the database fails.
pub fn forget_about(tx: &mut Tx<'_>, subjects: &[ReportSubject]) -> AppResult<()> {
    for kind in ["post", "comment", "person"] {
        let ids: Vec<i64> = subjects
            .iter()
            .map(|subject| store::columns(*subject))
            .filter(|(of, _)| *of == kind)
            .map(|(_, id)| id)
            .collect();
        if !ids.is_empty() {
            store::delete_about(tx.conn(), kind, &ids)?;
        }
    }
    Ok(())
}

/// What somebody reported, and what was reported of them, goes with their account. True: there may be more.
///
/// # Errors
/// When the database fails.
pub fn forget(tx: &mut Tx<'_>, user: UserId, limit: i64) -> AppResult<bool> {
    forget_about(tx, &[ReportSubject::Person(user)])?;
    Ok(store::delete_of(tx.conn(), user, limit)? > 0)
}
