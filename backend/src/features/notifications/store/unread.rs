//! What somebody has not read, as far as a mail may tell them.

use diesel::prelude::*;
use hearth_shared::ids::{Id, UserId};

use super::{Kind, NotificationRow, is_shown};
use crate::features::realtime::store::column;
use crate::platform::db::Conn;
use crate::schema::notifications;

/// What a person has not read above a place, of some kinds, the latest first.
pub fn above(
    conn: &mut Conn,
    user: UserId,
    kinds: &[Kind],
    above: u64,
    limit: i64,
) -> QueryResult<Vec<NotificationRow>> {
    let kinds: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    notifications::table
        .filter(notifications::user_id.eq(user.get()))
        .filter(notifications::seq.gt(column(above)))
        .filter(notifications::read_seq.lt(notifications::seq))
        .filter(notifications::kind.eq_any(kinds))
        .filter(is_shown(user))
        .order(notifications::seq.desc())
        .limit(limit)
        .select(NotificationRow::as_select())
        .load(conn)
}
