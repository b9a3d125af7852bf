//! Queries on people.

pub mod search;
pub mod words;

use std::collections::HashMap;

use diesel::prelude::*;
use hearth_shared::endpoint::Endpoint;
use hearth_shared::ids::{Id, UserId};
use hearth_shared::media::GetAvatar;
use hearth_shared::time::Timestamp;
use hearth_shared::users::UserCard;

use super::names::{self, Username};
use super::store_standing::active;
use crate::platform::db::among::AmongIds;
use crate::platform::db::{Conn, dialect};
use crate::schema::users;

/// The columns of a card.
#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct CardRow {
    id: i64,
    username: String,
    display_name: String,
    avatar_name: Option<String>,
    rev: i64,
}

impl From<CardRow> for UserCard {
    fn from(row: CardRow) -> Self {
        Self {
            id: UserId::new(row.id),
            username: row.username,
            display_name: row.display_name,
            avatar_url: row.avatar_name.map(|name| {
                let name = format!("{name}-128");
                GetAvatar { name }.path()
            }),
            rev: row.rev,
        }
    }
}

/// A person's page before it is known who looks.
#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct PersonRow {
    /// Their id.
    pub id: i64,
    /// Friends they have.
    pub friend_count: i64,
    /// Posts they have written.
    pub post_count: i64,
    created_at: i64,
}

impl PersonRow {
    /// When they joined.
    pub fn created_at(&self) -> Timestamp {
        Timestamp::from_millis(self.created_at)
    }
}

/// A new row of `users`.
pub struct NewUser<'a> {
    /// Its id.
    pub id: UserId,
    /// Lower case.
    pub username: &'a str,
    /// As it was typed.
    pub email: &'a str,
    /// As it is shown.
    pub display_name: &'a str,
    /// bcrypt.
    pub password_hash: &'a str,
    /// Now.
    pub created_at: Timestamp,
}

/// Adds a person; false when the username or the address is taken.
pub fn insert_user(conn: &mut Conn, new: &NewUser<'_>) -> QueryResult<bool> {
    let inserted = dialect::insert_once(conn, |conn| {
        diesel::insert_into(users::table)
            .values((
                users::id.eq(new.id.get()),
                users::username.eq(new.username),
                users::email.eq(new.email),
                users::email_key.eq(names::fold_email(new.email)),
                users::display_name.eq(new.display_name),
                users::name_key.eq(names::fold(new.display_name)),
                users::password_hash.eq(new.password_hash),
                users::rev.eq(1_i64),
                users::friend_count.eq(0_i64),
                users::post_count.eq(0_i64),
                users::created_at.eq(new.created_at.as_millis()),
            ))
            .execute(conn)
    })?;
    if inserted {
        let words = names::words(&format!("{} {}", new.display_name, new.username));
        words::set(conn, new.id, &words)?;
    }
    Ok(inserted)
}

/// Whether anybody has registered.
pub fn any(conn: &mut Conn) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(users::table.select(users::id))).get_result(conn)
}

/// Whether a username belongs to somebody.
pub fn username_exists(conn: &mut Conn, username: &str) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        users::table.filter(users::username.eq(username)),
    ))
    .get_result(conn)
}

/// Who has a name, with the columns of a page; nobody who is not here.
pub fn find_by_username(conn: &mut Conn, username: &Username) -> QueryResult<Option<PersonRow>> {
    users::table
        .filter(users::username.eq(username.as_str()))
        .filter(active())
        .select(PersonRow::as_select())
        .first(conn)
        .optional()
}

/// Whether there is such a person, for others.
pub fn exists(conn: &mut Conn, id: UserId) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(users::table.find(id.get()).filter(active()))).get_result(conn)
}

/// What signing in needs: the id and the password's hash, by username or address.
pub fn find_login(conn: &mut Conn, login: &str) -> QueryResult<Option<(UserId, String)>> {
    let key = names::fold_email(login);
    let row: Option<(i64, String)> = users::table
        .filter(users::username.eq(key.clone()).or(users::email_key.eq(key)))
        .filter(users::deleted_at.is_null())
        .select((users::id, users::password_hash))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, hash)| (UserId::new(id), hash)))
}

/// One person's card.
pub fn card(conn: &mut Conn, id: UserId) -> QueryResult<UserCard> {
    users::table
        .find(id.get())
        .select(CardRow::as_select())
        .first(conn)
        .map(UserCard::from)
}

/// Cards of several people.
pub fn cards(conn: &mut Conn, ids: &[i64]) -> QueryResult<HashMap<i64, UserCard>> {
    let rows = users::table
        .filter(users::id.among(ids))
        .select(CardRow::as_select())
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|row| (row.id, UserCard::from(row)))
        .collect())
}

/// A person's own card, address and date of joining.
pub fn own_account(conn: &mut Conn, id: UserId) -> QueryResult<(UserCard, String, Timestamp)> {
    let (card, email, created_at): (CardRow, String, i64) = users::table
        .find(id.get())
        .select((CardRow::as_select(), users::email, users::created_at))
        .first(conn)?;
    Ok((card.into(), email, Timestamp::from_millis(created_at)))
}

/// Puts another hash in the place of a password's.
pub fn update_password_hash(conn: &mut Conn, id: UserId, hash: &str) -> QueryResult<()> {
    diesel::update(users::table.find(id.get()))
        .set(users::password_hash.eq(hash))
        .execute(conn)
        .map(drop)
}

/// Adds to the count of a person's friends.
pub fn add_to_friend_count(conn: &mut Conn, id: UserId, delta: i64) -> QueryResult<()> {
    diesel::update(users::table.find(id.get()))
        .set(users::friend_count.eq(users::friend_count + delta))
        .execute(conn)
        .map(drop)
}

/// Adds to the count of a person's posts.
pub fn add_to_post_count(conn: &mut Conn, id: UserId, delta: i64) -> QueryResult<()> {
    diesel::update(users::table.find(id.get()))
        .set(users::post_count.eq(users::post_count + delta))
        .execute(conn)
        .map(drop)
}

/// The newest id given.
pub fn latest_id(conn: &mut Conn) -> QueryResult<Option<i64>> {
    users::table.select(diesel::dsl::max(users::id)).first(conn)
}
