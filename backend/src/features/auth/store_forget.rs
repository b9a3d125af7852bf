//! Queries for taking out what belongs to somebody's signing in, for good.

use diesel::prelude::*;
use hearth_shared::ids::{Id, UserId};

use crate::platform::db::Conn;
use crate::schema::{account_tokens, credentials, invitations, recovery_codes};

/// Removes a person's second factor, links and invitations. That somebody was invited by them stays, without words.
pub fn delete_credentials(conn: &mut Conn, user: UserId) -> QueryResult<()> {
    let id = user.get();
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(id))).execute(conn)?;
    diesel::delete(account_tokens::table.filter(account_tokens::user_id.eq(id))).execute(conn)?;
    diesel::delete(credentials::table.find(id)).execute(conn)?;
    let open = invitations::table
        .filter(invitations::inviter_id.eq(id))
        .filter(invitations::used_at.is_null());
    diesel::delete(open).execute(conn)?;
    diesel::update(invitations::table.filter(invitations::inviter_id.eq(id)))
        .set(invitations::note.eq(""))
        .execute(conn)
        .map(drop)
}
