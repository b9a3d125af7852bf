//! Queries on what somebody signs in with: name, address, password.

use diesel::prelude::*;
use hearth_shared::ids::{Id, UserId};

use super::names;
use super::store::words;
use crate::platform::db::{Conn, dialect};
use crate::schema::users;

/// What belongs to signing in. It has no `Debug`: no log should hold it.
#[derive(Queryable)]
pub struct Account {
    id: i64,
    /// Lower case.
    pub username: String,
    /// As it was typed: where mail goes.
    pub email: String,
    /// As it is shown.
    pub display_name: String,
    /// bcrypt.
    pub password_hash: String,
}

impl Account {
    /// Whose.
    pub fn id(&self) -> UserId {
        UserId::new(self.id)
    }

    /// What somebody who knows them would try first as their password.
    pub fn guesses(&self) -> Vec<String> {
        names::guesses_of(&self.username, &self.email, &self.display_name)
    }
}

/// An account that has not been deleted.
pub fn account(conn: &mut Conn, id: UserId) -> QueryResult<Option<Account>> {
    users::table
        .find(id.get())
        .filter(users::deleted_at.is_null())
        .select((
            users::id,
            users::username,
            users::email,
            users::display_name,
            users::password_hash,
        ))
        .first(conn)
        .optional()
}

/// The same by its address, without regard to case.
pub fn account_by_email(conn: &mut Conn, email: &str) -> QueryResult<Option<Account>> {
    users::table
        .filter(users::email_key.eq(names::fold_email(email)))
        .filter(users::deleted_at.is_null())
        .select((
            users::id,
            users::username,
            users::email,
            users::display_name,
            users::password_hash,
        ))
        .first(conn)
        .optional()
}

/// Gives a person another username; false when it is taken.
pub fn set_username(conn: &mut Conn, id: UserId, username: &str) -> QueryResult<bool> {
    let renamed = dialect::insert_once(conn, |conn| {
        diesel::update(users::table.find(id.get()))
            .set(users::username.eq(username))
            .execute(conn)
    })?;
    if !renamed {
        return Ok(false);
    }
    let display_name: String = users::table
        .find(id.get())
        .select(users::display_name)
        .first(conn)?;
    words::set(conn, id, &names::words(&format!("{display_name} {username}")))?;
    Ok(true)
}

/// Gives a person another address; false when it belongs to somebody else.
pub fn set_email(conn: &mut Conn, id: UserId, email: &str) -> QueryResult<bool> {
    dialect::insert_once(conn, |conn| {
        diesel::update(users::table.find(id.get()))
            .set((
                users::email.eq(email),
                users::email_key.eq(names::fold_email(email)),
            ))
            .execute(conn)
    })
}
