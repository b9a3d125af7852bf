//! Queries on what people may do here, and on whether they are here at all.

use std::collections::HashSet;

use diesel::dsl::auto_type;
use diesel::prelude::*;
use hearth_shared::ids::{Id, UserId};
use hearth_shared::leaving::OwnMessages;
use hearth_shared::time::Timestamp;
use hearth_shared::users::Role;
use sha2::{Digest, Sha256};

use super::names;
use crate::platform::db::among::AmongIds;
use crate::platform::db::{Conn, dialect};
use crate::schema::{retired_usernames, users};

/// The condition on `users` of existing for others: not suspended, not about to be deleted, not deleted. Every
/// query that shows people, or what they wrote, to others has it.
#[auto_type]
pub(crate) fn active() -> _ {
    users::suspended_at
        .is_null()
        .and(users::deletion_at.is_null())
        .and(users::deleted_at.is_null())
}

/// How an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// As usual.
    Active,
    /// The host has suspended it.
    Suspended,
    /// It will be deleted at this moment.
    Leaving(Timestamp),
    /// It has been deleted.
    Deleted,
}

/// The columns of `users` that say it.
#[derive(Queryable, Selectable, Debug, Clone, Copy)]
#[diesel(table_name = users)]
pub struct StandingRow {
    suspended_at: Option<i64>,
    deletion_at: Option<i64>,
    deleted_at: Option<i64>,
}

impl StandingRow {
    /// What they say. Whoever is suspended and wants to go is suspended first.
    pub fn standing(self) -> Standing {
        match (self.deleted_at, self.suspended_at, self.deletion_at) {
            (Some(_), _, _) => Standing::Deleted,
            (None, Some(_), _) => Standing::Suspended,
            (None, None, Some(at)) => Standing::Leaving(Timestamp::from_millis(at)),
            (None, None, None) => Standing::Active,
        }
    }
}

/// How somebody's account stands; `None` when there is none.
pub fn standing(conn: &mut Conn, id: UserId) -> QueryResult<Option<Standing>> {
    let row: Option<StandingRow> = users::table
        .find(id.get())
        .select(StandingRow::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(StandingRow::standing))
}

/// Those of some people who are here.
pub fn here_among(conn: &mut Conn, ids: &[i64]) -> QueryResult<HashSet<i64>> {
    let ids: Vec<i64> = users::table
        .filter(users::id.among(ids))
        .filter(active())
        .select(users::id)
        .load(conn)?;
    Ok(ids.into_iter().collect())
}

/// The hash of somebody's password.
pub fn password_hash(conn: &mut Conn, id: UserId) -> QueryResult<Option<String>> {
    users::table
        .find(id.get())
        .filter(users::deleted_at.is_null())
        .select(users::password_hash)
        .first(conn)
        .optional()
}

const fn role_text(role: Role) -> &'static str {
    match role {
        Role::Member => "member",
        Role::Admin => "admin",
    }
}

/// What somebody may do. What is unknown may do nothing special.
pub fn role(conn: &mut Conn, id: UserId) -> QueryResult<Role> {
    let text: String = users::table.find(id.get()).select(users::role).first(conn)?;
    Ok(if text == role_text(Role::Admin) {
        Role::Admin
    } else {
        Role::Member
    })
}

/// Changes what somebody may do; false when it is so already.
pub fn set_role(conn: &mut Conn, id: UserId, role: Role) -> QueryResult<bool> {
    let other = users::table
        .find(id.get())
        .filter(users::role.ne(role_text(role)));
    diesel::update(other)
        .set(users::role.eq(role_text(role)))
        .execute(conn)
        .map(|rows| rows > 0)
}

/// Whether somebody is an administrator and nobody else is. The rows of all of them are locked from now on.
pub fn is_last_admin(conn: &mut Conn, id: UserId) -> QueryResult<bool> {
    dialect::lock_admins(conn)?;
    let admins: Vec<i64> = users::table
        .filter(users::role.eq(role_text(Role::Admin)))
        .filter(active())
        .order(users::id)
        .limit(2)
        .select(users::id)
        .load(conn)?;
    Ok(admins == [id.get()])
}

/// The administrator who has been here longest.
pub fn first_admin(conn: &mut Conn) -> QueryResult<Option<UserId>> {
    let id: Option<i64> = users::table
        .filter(users::role.eq(role_text(Role::Admin)))
        .filter(active())
        .order(users::id)
        .select(users::id)
        .first(conn)
        .optional()?;
    Ok(id.map(UserId::new))
}

/// Suspends somebody, or not any more; false when it is so already.
pub fn set_suspended(conn: &mut Conn, id: UserId, since: Option<Timestamp>) -> QueryResult<bool> {
    let person = users::table.find(id.get()).filter(users::deleted_at.is_null());
    match since {
        Some(now) => diesel::update(person.filter(users::suspended_at.is_null()))
            .set(users::suspended_at.eq(now.as_millis()))
            .execute(conn),
        None => diesel::update(person.filter(users::suspended_at.is_not_null()))
            .set(users::suspended_at.eq(None::<i64>))
            .execute(conn),
    }
    .map(|rows| rows > 0)
}

/// Plans somebody's deletion.
pub fn set_deletion(conn: &mut Conn, id: UserId, due: Timestamp, messages: OwnMessages) -> QueryResult<()> {
    let messages = match messages {
        OwnMessages::Keep => "keep",
        OwnMessages::Wipe => WIPE,
    };
    diesel::update(users::table.find(id.get()))
        .set((
            users::deletion_at.eq(due.as_millis()),
            users::deletion_messages.eq(messages),
        ))
        .execute(conn)
        .map(drop)
}

const WIPE: &str = "wipe";

/// Somebody stays after all; false when it is too late.
pub fn clear_deletion(conn: &mut Conn, id: UserId) -> QueryResult<bool> {
    diesel::update(users::table.find(id.get()).filter(users::deleted_at.is_null()))
        .set((
            users::deletion_at.eq(None::<i64>),
            users::deletion_messages.eq(None::<String>),
        ))
        .execute(conn)
        .map(|rows| rows > 0)
}

/// A deletion that is due.
#[derive(Debug, Clone, Copy)]
pub struct Due {
    /// Whose.
    pub user: UserId,
    /// Whether the words of their messages go too.
    pub wipe_messages: bool,
}

/// Deletions that are due or were begun, the oldest first.
pub fn due_deletions(conn: &mut Conn, now: Timestamp, limit: i64) -> QueryResult<Vec<Due>> {
    let rows: Vec<(i64, Option<String>)> = users::table
        .filter(users::deletion_at.le(now.as_millis()))
        .order(users::deletion_at)
        .limit(limit)
        .select((users::id, users::deletion_messages))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, messages)| Due {
            user: UserId::new(id),
            wipe_messages: messages.as_deref() == Some(WIPE),
        })
        .collect())
}

/// Whether a deletion is still due, or under way: its person may have come back in the last moment.
pub fn is_due(conn: &mut Conn, id: UserId, now: Timestamp) -> QueryResult<bool> {
    let due = users::table
        .find(id.get())
        .filter(users::deletion_at.le(now.as_millis()));
    diesel::select(diesel::dsl::exists(due)).get_result(conn)
}

/// Somebody's name, under which they signed in; `None` when there is no such person or they were deleted.
pub fn username(conn: &mut Conn, id: UserId) -> QueryResult<Option<String>> {
    users::table
        .find(id.get())
        .filter(users::deleted_at.is_null())
        .select(users::username)
        .first(conn)
        .optional()
}

/// Whoever has a username or an address, however they stand, with their username.
pub fn find_account(conn: &mut Conn, text: &str) -> QueryResult<Option<(UserId, String)>> {
    let key = names::fold_email(text);
    let row: Option<(i64, String)> = users::table
        .filter(users::username.eq(key.clone()).or(users::email_key.eq(key)))
        .filter(users::deleted_at.is_null())
        .select((users::id, users::username))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, name)| (UserId::new(id), name)))
}

/// Takes everything personal out of a row. What stays is a card without a name, for what is under it elsewhere.
/// The username is one that nobody can have and no address can name.
pub fn make_tombstone(conn: &mut Conn, id: UserId, now: Timestamp) -> QueryResult<()> {
    let nobody = format!("deleted-{}", id.get());
    diesel::update(users::table.find(id.get()))
        .set((
            users::username.eq(&nobody),
            users::email.eq(""),
            users::email_key.eq(&nobody),
            users::display_name.eq("Deleted user"),
            users::name_key.eq("deleted user"),
            users::password_hash.eq(""),
            users::rev.eq(users::rev + 1),
            users::role.eq(role_text(Role::Member)),
            users::deleted_at.eq(now.as_millis()),
        ))
        .execute(conn)
        .map(drop)
}

/// A deletion has come to its end.
pub fn end_deletion(conn: &mut Conn, id: UserId) -> QueryResult<()> {
    diesel::update(users::table.find(id.get()))
        .set((
            users::deletion_at.eq(None::<i64>),
            users::deletion_messages.eq(None::<String>),
            users::suspended_at.eq(None::<i64>),
        ))
        .execute(conn)
        .map(drop)
}

fn name_hash(username: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(b"hearth retired username\0");
    hash.update(username.as_bytes());
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Nobody may take a name until a moment.
pub fn retire_username(conn: &mut Conn, username: &str, until: Timestamp) -> QueryResult<()> {
    let hash = name_hash(username);
    let first = dialect::insert_once(conn, |conn| {
        diesel::insert_into(retired_usernames::table)
            .values((
                retired_usernames::name_hash.eq(&hash),
                retired_usernames::retired_until.eq(until.as_millis()),
            ))
            .execute(conn)
    })?;
    if !first {
        diesel::update(retired_usernames::table.find(&hash))
            .set(retired_usernames::retired_until.eq(until.as_millis()))
            .execute(conn)?;
    }
    Ok(())
}

/// Whether a name rests.
pub fn is_retired(conn: &mut Conn, username: &str, now: Timestamp) -> QueryResult<bool> {
    let resting = retired_usernames::table
        .find(name_hash(username))
        .filter(retired_usernames::retired_until.gt(now.as_millis()));
    diesel::select(diesel::dsl::exists(resting)).get_result(conn)
}
