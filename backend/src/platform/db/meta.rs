//! The one row about the database itself.

use diesel::prelude::*;

use super::Conn;
use crate::schema::meta;

/// Which secret the database was first used with; `None` when it is new.
///
/// # Errors
/// When the query fails.
pub fn secret_fingerprint(conn: &mut Conn) -> QueryResult<Option<String>> {
    meta::table
        .find(1_i64)
        .select(meta::secret_fingerprint)
        .first(conn)
        .optional()
}

/// Which history the positions of this database belong to.
///
/// # Errors
/// When the query fails, or the row is not there.
pub fn epoch(conn: &mut Conn) -> QueryResult<String> {
    meta::table.find(1_i64).select(meta::epoch).first(conn)
}

/// Notes the secret and the epoch of a new database.
///
/// # Errors
/// When the row is there already, or the query fails.
pub fn insert(conn: &mut Conn, epoch: &str, fingerprint: &str) -> QueryResult<()> {
    diesel::insert_into(meta::table)
        .values((
            meta::id.eq(1_i64),
            meta::epoch.eq(epoch),
            meta::secret_fingerprint.eq(fingerprint),
        ))
        .execute(conn)
        .map(drop)
}
