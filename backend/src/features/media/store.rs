//! Queries on pictures.

use std::collections::HashSet;

use diesel::prelude::*;
use diesel::sql_types::Bool;
use hearth_shared::ids::{Id, MediaId, UserId};
use hearth_shared::time::Timestamp;

use super::policy::Place;
use crate::features::users::store_standing::active;
use crate::platform::db::Conn;
use crate::schema::{friendships, media, users};

/// What a picture was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be attached to something.
    Upload,
    /// To stand beside its owner's name.
    Avatar,
    /// To stand at the head of its owner's page.
    Cover,
}

impl Purpose {
    /// As the database has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Avatar => "avatar",
            Self::Cover => "cover",
        }
    }
}

/// A picture.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = media)]
pub struct MediaRow {
    /// Its id.
    pub id: i64,
    /// Whose it is.
    pub owner_id: i64,
    /// [`Purpose::as_str`].
    pub purpose: String,
    /// Where its bytes are.
    pub storage_key: String,
    /// [`super::pipeline::Format::as_str`].
    pub format: String,
    /// Pixels of the largest variant.
    pub width: i64,
    /// Pixels of the largest variant.
    pub height: i64,
    /// Bytes of the largest variant.
    pub size: i64,
    /// What stands there until it has come.
    pub blurhash: String,
    /// For those who cannot see it.
    pub alt_text: String,
    /// The name of its file, without ending.
    pub name: String,
}

impl MediaRow {
    /// Its id.
    pub fn id(&self) -> MediaId {
        MediaId::new(self.id)
    }

    /// Whose it is.
    pub fn owner(&self) -> UserId {
        UserId::new(self.owner_id)
    }

    /// What it belongs to, when its owner's page shows these.
    fn place(&self, avatar: Option<i64>, cover: Option<i64>) -> Place {
        match self.purpose.as_str() {
            _ if avatar == Some(self.id) => Place::Avatar,
            _ if cover == Some(self.id) => Place::Cover,
            "avatar" | "cover" => Place::Former,
            _ => Place::Nothing,
        }
    }
}

/// Writes a picture that belongs to something, or will within a day.
pub fn insert(
    conn: &mut Conn,
    row: &MediaRow,
    stored_size: i64,
    attached: bool,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::insert_into(media::table)
        .values((
            media::id.eq(row.id),
            media::owner_id.eq(row.owner_id),
            media::purpose.eq(&row.purpose),
            media::storage_key.eq(&row.storage_key),
            media::format.eq(&row.format),
            media::width.eq(row.width),
            media::height.eq(row.height),
            media::size.eq(row.size),
            media::stored_size.eq(stored_size),
            media::blurhash.eq(&row.blurhash),
            media::alt_text.eq(&row.alt_text),
            media::name.eq(&row.name),
            media::attached_at.eq(attached.then(|| now.as_millis())),
            media::created_at.eq(now.as_millis()),
        ))
        .execute(conn)
        .map(drop)
}

/// A picture, whoever asks.
pub fn find(conn: &mut Conn, id: MediaId) -> QueryResult<Option<MediaRow>> {
    media::table
        .find(id.get())
        .select(MediaRow::as_select())
        .first(conn)
        .optional()
}

/// Bytes that a person's pictures take.
pub fn used(conn: &mut Conn, owner: UserId) -> QueryResult<u64> {
    // The sum of BIGINT is NUMERIC on PostgreSQL, which the two backends do not share: the sizes are few enough
    // to be added here.
    let sizes: Vec<i64> = media::table
        .filter(media::owner_id.eq(owner.get()))
        .select(media::stored_size)
        .load(conn)?;
    Ok(sizes
        .into_iter()
        .map(|size| u64::try_from(size).unwrap_or(0))
        .sum())
}

/// A picture, what it belongs to now, and whether its owner and somebody are friends.
pub fn find_with_place(
    conn: &mut Conn,
    viewer: UserId,
    id: MediaId,
) -> QueryResult<Option<(MediaRow, Place, bool)>> {
    let friends = diesel::dsl::exists(
        friendships::table
            .filter(friendships::user_id.eq(viewer.get()))
            .filter(friendships::friend_id.eq(media::owner_id)),
    );
    let row: Option<(MediaRow, Option<i64>, Option<i64>, bool)> = media::table
        .inner_join(users::table.on(users::id.eq(media::owner_id)))
        .filter(media::id.eq(id.get()))
        .filter(active())
        .select((MediaRow::as_select(), users::avatar_id, users::cover_id, friends))
        .first(conn)
        .optional()?;
    Ok(row.map(|(row, avatar, cover, friends)| {
        let place = row.place(avatar, cover);
        (row, place, friends)
    }))
}

/// The picture that a card shows under a name.
pub fn find_avatar(conn: &mut Conn, name: &str) -> QueryResult<Option<MediaRow>> {
    users::table
        .inner_join(media::table.on(users::avatar_id.eq(media::id.nullable())))
        .filter(users::avatar_name.eq(name))
        .filter(active())
        .select(MediaRow::as_select())
        .first(conn)
        .optional()
}

/// A person's pictures and covers, present and former, that somebody may see (`policy::can_see`), newest first,
/// below an id.
pub fn photos(
    conn: &mut Conn,
    owner: UserId,
    near: bool,
    below: i64,
    limit: i64,
) -> QueryResult<Vec<MediaRow>> {
    type Condition = Box<dyn BoxableExpression<media::table, <Conn as Connection>::Backend, SqlType = Bool>>;
    let present = users::table
        .filter(users::id.eq(owner.get()))
        .filter(users::avatar_id.is_not_null())
        .select(users::avatar_id.assume_not_null());
    let shown: Condition = if near {
        Box::new(media::purpose.ne(Purpose::Upload.as_str()))
    } else {
        Box::new(media::id.eq_any(present))
    };
    media::table
        .filter(media::owner_id.eq(owner.get()))
        .filter(media::id.lt(below))
        .filter(shown)
        .order(media::id.desc())
        .limit(limit)
        .select(MediaRow::as_select())
        .load(conn)
}

/// Removes a picture.
pub fn delete(conn: &mut Conn, id: MediaId) -> QueryResult<()> {
    diesel::delete(media::table.find(id.get()))
        .execute(conn)
        .map(drop)
}

/// All pictures of a person, oldest first, above an id.
pub fn of_owner(conn: &mut Conn, owner: UserId, above: i64, limit: i64) -> QueryResult<Vec<MediaRow>> {
    media::table
        .filter(media::owner_id.eq(owner.get()))
        .filter(media::id.gt(above))
        .order(media::id)
        .limit(limit)
        .select(MediaRow::as_select())
        .load(conn)
}

/// Removes all pictures of a person; gives where their bytes are.
pub fn delete_of_owner(conn: &mut Conn, owner: UserId) -> QueryResult<Vec<String>> {
    let keys = media::table
        .filter(media::owner_id.eq(owner.get()))
        .select(media::storage_key)
        .load(conn)?;
    diesel::delete(media::table.filter(media::owner_id.eq(owner.get()))).execute(conn)?;
    Ok(keys)
}

/// Removes some pictures that belonged to nothing since before a moment; gives where their bytes are.
pub fn delete_unattached(conn: &mut Conn, before: Timestamp, limit: i64) -> QueryResult<Vec<String>> {
    let rows: Vec<(i64, String)> = media::table
        .filter(media::attached_at.is_null())
        .filter(media::created_at.lt(before.as_millis()))
        .order(media::created_at)
        .limit(limit)
        .select((media::id, media::storage_key))
        .load(conn)?;
    let (ids, keys): (Vec<i64>, Vec<String>) = rows.into_iter().unzip();
    let still = media::table
        .filter(media::id.eq_any(&ids))
        .filter(media::attached_at.is_null());
    let removed = diesel::delete(still).execute(conn)?;
    if removed < ids.len() {
        // One was attached in this moment: its bytes stay. The others' are found as files without a row.
        let kept = keys_among(conn, &keys)?;
        return Ok(keys.into_iter().filter(|key| !kept.contains(key)).collect());
    }
    Ok(keys)
}

/// Those of some keys that have a row.
pub fn keys_among(conn: &mut Conn, keys: &[String]) -> QueryResult<HashSet<String>> {
    let kept: Vec<String> = media::table
        .filter(media::storage_key.eq_any(keys))
        .select(media::storage_key)
        .load(conn)?;
    Ok(kept.into_iter().collect())
}

/// The newest id given.
pub fn latest_id(conn: &mut Conn) -> QueryResult<Option<i64>> {
    media::table.select(diesel::dsl::max(media::id)).first(conn)
}
