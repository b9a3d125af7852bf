//! Queries on what people say and show of themselves.

use diesel::prelude::*;
use hearth_shared::ids::{Id, MediaId, UserId};

use super::names;
use super::store::words;
use crate::on_each;
use crate::platform::db::Conn;
use crate::schema::{muted_people, profile_fields, users};

/// What stands on a person's page beside the fields.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct PageRow {
    /// Where mail goes.
    pub email: String,
    /// A few words.
    pub bio: String,
    /// Whether those who see the birthday see its year: 0 or 1.
    pub birth_year_shown: i64,
    /// Their picture.
    pub avatar_id: Option<i64>,
    /// Their cover.
    pub cover_id: Option<i64>,
}

/// A field: its name, what stands there, and for whom, as the database has them.
pub type FieldRow = (String, String, String);

/// What stands on a person's page.
pub fn page(conn: &mut Conn, id: UserId) -> QueryResult<PageRow> {
    users::table
        .find(id.get())
        .select(PageRow::as_select())
        .first(conn)
}

/// The fields that a person has filled, or whose audience they have chosen.
pub fn fields(conn: &mut Conn, id: UserId) -> QueryResult<Vec<FieldRow>> {
    profile_fields::table
        .filter(profile_fields::user_id.eq(id.get()))
        .select((
            profile_fields::name,
            profile_fields::value,
            profile_fields::audience,
        ))
        .load(conn)
}

/// Whether somebody wants to hear no more of another.
pub fn is_muted(conn: &mut Conn, id: UserId, other: UserId) -> QueryResult<bool> {
    let row = muted_people::table.find((id.get(), other.get()));
    diesel::select(diesel::dsl::exists(row)).get_result(conn)
}

/// Puts fields in the place of those of the same names.
pub fn put_fields(conn: &mut Conn, id: UserId, rows: &[FieldRow]) -> QueryResult<()> {
    let names: Vec<&str> = rows.iter().map(|(name, ..)| name.as_str()).collect();
    let before = profile_fields::table
        .filter(profile_fields::user_id.eq(id.get()))
        .filter(profile_fields::name.eq_any(names));
    diesel::delete(before).execute(conn)?;
    let rows: Vec<_> = rows
        .iter()
        .map(|(name, value, audience)| {
            (
                profile_fields::user_id.eq(id.get()),
                profile_fields::name.eq(name),
                profile_fields::value.eq(value),
                profile_fields::audience.eq(audience),
            )
        })
        .collect();
    on_each!(conn, conn => diesel::insert_into(profile_fields::table).values(&rows).execute(conn)).map(drop)
}

/// Removes all of a person's fields.
pub fn delete_fields(conn: &mut Conn, id: UserId) -> QueryResult<()> {
    diesel::delete(profile_fields::table.filter(profile_fields::user_id.eq(id.get())))
        .execute(conn)
        .map(drop)
}

/// Changes the few words.
pub fn set_bio(conn: &mut Conn, id: UserId, bio: &str) -> QueryResult<()> {
    diesel::update(users::table.find(id.get()))
        .set(users::bio.eq(bio))
        .execute(conn)
        .map(drop)
}

/// Changes whether the year of the birthday is shown.
pub fn show_birth_year(conn: &mut Conn, id: UserId, shown: bool) -> QueryResult<()> {
    diesel::update(users::table.find(id.get()))
        .set(users::birth_year_shown.eq(i64::from(shown)))
        .execute(conn)
        .map(drop)
}

/// Changes the name that people see, and the words by which they are found. False when it was the same.
pub fn set_display_name(conn: &mut Conn, id: UserId, name: &str) -> QueryResult<bool> {
    let (before, username): (String, String) = users::table
        .find(id.get())
        .select((users::display_name, users::username))
        .first(conn)?;
    if before == name {
        return Ok(false);
    }
    diesel::update(users::table.find(id.get()))
        .set((
            users::display_name.eq(name),
            users::name_key.eq(names::fold(name)),
        ))
        .execute(conn)?;
    words::set(conn, id, &names::words(&format!("{name} {username}")))?;
    Ok(true)
}

/// Sets or takes away a person's picture and the name under which their card shows it.
pub fn set_avatar(conn: &mut Conn, id: UserId, avatar: Option<(MediaId, &str)>) -> QueryResult<()> {
    diesel::update(users::table.find(id.get()))
        .set((
            users::avatar_id.eq(avatar.map(|(media, _)| media.get())),
            users::avatar_name.eq(avatar.map(|(_, name)| name)),
        ))
        .execute(conn)
        .map(drop)
}

/// Sets or takes away a person's cover.
pub fn set_cover(conn: &mut Conn, id: UserId, cover: Option<MediaId>) -> QueryResult<()> {
    diesel::update(users::table.find(id.get()))
        .set(users::cover_id.eq(cover.map(Id::get)))
        .execute(conn)
        .map(drop)
}

/// The card is another one now.
pub fn advance_rev(conn: &mut Conn, id: UserId) -> QueryResult<()> {
    diesel::update(users::table.find(id.get()))
        .set(users::rev.eq(users::rev + 1))
        .execute(conn)
        .map(drop)
}
