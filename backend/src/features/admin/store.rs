//! Queries on the audit.

use diesel::prelude::*;
use hearth_shared::ids::{Id, UserId};
use hearth_shared::time::Timestamp;

use super::audit::Entry;
use crate::platform::db::Conn;
use crate::schema::audit_events;

/// How long rows are kept: 180 days. The triggers of the table know it too.
pub const KEPT_MILLIS: i64 = 180 * 24 * 60 * 60 * 1000;

/// A row of the audit.
#[derive(Queryable, Selectable, Debug, Clone)]
#[diesel(table_name = audit_events)]
pub struct AuditRow {
    /// Its id: the order.
    pub id: i64,
    /// When.
    pub created_at: i64,
    /// What.
    pub action: String,
    /// By whom; `None`: by the host, or by nobody who is known.
    pub actor_id: Option<i64>,
    /// About whom.
    pub subject_id: Option<i64>,
    /// From which network.
    pub network: Option<String>,
    /// A word more.
    pub details: Option<String>,
}

/// Writes a row.
pub fn insert(
    conn: &mut Conn,
    id: i64,
    entry: Entry<'_>,
    network: Option<&str>,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::insert_into(audit_events::table)
        .values((
            audit_events::id.eq(id),
            audit_events::created_at.eq(now.as_millis()),
            audit_events::action.eq(entry.action.as_str()),
            audit_events::actor_id.eq(entry.actor.map(Id::get)),
            audit_events::subject_id.eq(entry.subject.map(Id::get)),
            audit_events::network.eq(network),
            audit_events::details.eq(entry.details),
        ))
        .execute(conn)
        .map(drop)
}

/// The newest rows, of all or about one person, below an id.
pub fn list(conn: &mut Conn, about: Option<UserId>, below: i64, limit: i64) -> QueryResult<Vec<AuditRow>> {
    let query = audit_events::table
        .filter(audit_events::id.lt(below))
        .order(audit_events::id.desc())
        .limit(limit)
        .select(AuditRow::as_select())
        .into_boxed();
    match about {
        Some(user) => query.filter(audit_events::subject_id.eq(user.get())).load(conn),
        None => query.load(conn),
    }
}

/// Takes networks and details out of what is kept about somebody who was deleted. Gives how many rows.
pub fn forget_details(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<usize> {
    let rows: Vec<i64> = audit_events::table
        .filter(audit_events::subject_id.eq(user.get()))
        .filter(audit_events::network.is_not_null().or(audit_events::details.is_not_null()))
        .order(audit_events::id)
        .limit(limit)
        .select(audit_events::id)
        .load(conn)?;
    diesel::update(audit_events::table.filter(audit_events::id.eq_any(rows)))
        .set((
            audit_events::network.eq(None::<String>),
            audit_events::details.eq(None::<String>),
        ))
        .execute(conn)
}

/// Removes rows that are old enough, the oldest first. Gives how many.
pub fn delete_old(conn: &mut Conn, now: Timestamp, limit: i64) -> QueryResult<usize> {
    // A little later than the triggers allow: the clocks of program and database may differ.
    let before = now.as_millis() - KEPT_MILLIS - 60_000;
    let rows: Vec<i64> = audit_events::table
        .filter(audit_events::created_at.lt(before))
        .order(audit_events::created_at)
        .limit(limit)
        .select(audit_events::id)
        .load(conn)?;
    diesel::delete(audit_events::table.filter(audit_events::id.eq_any(rows))).execute(conn)
}
