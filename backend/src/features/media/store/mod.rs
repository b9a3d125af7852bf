//! Queries on pictures, films and other files.

pub mod beside_messages;
pub mod beside_posts;
pub mod of_groups;
pub mod uploads;

use std::collections::HashSet;

use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use hearth_shared::conversations::Attachment;
use hearth_shared::ids::{Id, MediaId, MessageId, PostId, UserId};
use hearth_shared::media::MediaKind;
use hearth_shared::time::Timestamp;

use super::policy::Place;
use crate::features::users::store_standing::active;
use crate::platform::db::{Conn, dialect};
use crate::schema::{friendships, media, message_media, post_media, posts, users};

/// What a picture was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be attached to something.
    Upload,
    /// To stand beside its owner's name.
    Avatar,
    /// To stand at the head of its owner's page.
    Cover,
    /// To stand there until a film plays.
    Poster,
    /// To stand beside the name of a group.
    Group,
}

impl Purpose {
    /// As the database has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Avatar => "avatar",
            Self::Cover => "cover",
            Self::Poster => "poster",
            Self::Group => "group",
        }
    }
}

/// A picture, a film or another file.
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
    /// [`super::pipeline::Format::as_str`], or what a film's is; of other files the ending of their name, which says nothing
    /// of what is in them.
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
    /// [`IMAGE`], [`VIDEO`], [`AUDIO`] or [`FILE`].
    pub kind: String,
    /// How long a film or a recording plays.
    pub duration_ms: Option<i64>,
    /// What stands there until a film plays: a picture of its own.
    pub poster_id: Option<i64>,
}

/// The kind of a picture, as the database has it.
pub const IMAGE: &str = "image";
/// The kind of a film, as the database has it.
pub const VIDEO: &str = "video";
/// The kind of a recording of a voice, as the database has it.
pub const AUDIO: &str = "audio";
/// The kind of any other file, as the database has it.
pub const FILE: &str = "file";

/// A kind, as the database has it, for people.
pub fn kind(name: &str) -> MediaKind {
    match name {
        IMAGE => MediaKind::Image,
        VIDEO => MediaKind::Video,
        AUDIO => MediaKind::Audio,
        _ => MediaKind::File,
    }
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

    /// What it is.
    pub fn kind(&self) -> MediaKind {
        kind(&self.kind)
    }

    /// The name of the file as people see it: what its sender called it, with the ending of what it is now.
    pub fn file_name(&self) -> String {
        if self.format.is_empty() {
            return self.name.clone();
        }
        format!("{}.{}", self.name, self.format)
    }

    /// Whether it is a film.
    pub fn is_film(&self) -> bool {
        self.kind == VIDEO
    }

    /// Whether it stands there until a film plays.
    pub fn is_poster(&self) -> bool {
        self.purpose == Purpose::Poster.as_str()
    }

    /// What it belongs to, when its owner's page shows these, and it stands beside this post or this message.
    fn place(&self, [avatar, cover, post, message]: [Option<i64>; 4]) -> Place {
        match (self.purpose.as_str(), post, message) {
            _ if avatar == Some(self.id) => Place::Avatar,
            _ if cover == Some(self.id) => Place::Cover,
            ("avatar" | "cover", ..) => Place::Former,
            (_, Some(post), _) => Place::Post(PostId::new(post)),
            (_, None, Some(message)) => Place::Message(MessageId::new(message)),
            (_, None, None) => Place::Nothing,
        }
    }
}

impl From<&MediaRow> for Attachment {
    fn from(row: &MediaRow) -> Self {
        let pixels = |side: i64| u32::try_from(side).ok().filter(|side| *side > 0);
        Self {
            id: row.id(),
            kind: row.kind(),
            width: pixels(row.width),
            height: pixels(row.height),
            duration_ms: row.duration_ms.and_then(|length| u64::try_from(length).ok()),
            blurhash: Some(row.blurhash.clone()).filter(|hash| !hash.is_empty()),
            alt_text: row.alt_text.clone(),
            name: row.file_name(),
            size: u64::try_from(row.size).unwrap_or(0),
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
            media::kind.eq(&row.kind),
            media::duration_ms.eq(row.duration_ms),
            media::poster_id.eq(row.poster_id),
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
    type Belongs = (Option<i64>, Option<i64>, Option<i64>, Option<i64>);
    type Found = (MediaRow, Belongs, bool);
    let row: Option<Found> = media::table
        .inner_join(users::table.on(users::id.eq(media::owner_id)))
        .left_join(post_media::table.on(post_media::media_id.eq(media::id)))
        .left_join(message_media::table.on(message_media::media_id.eq(media::id)))
        .filter(media::id.eq(id.get()))
        .filter(active())
        .select((
            MediaRow::as_select(),
            (
                users::avatar_id,
                users::cover_id,
                post_media::post_id.nullable(),
                message_media::message_id.nullable(),
            ),
            friends,
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(row, (avatar, cover, post, message), friends)| {
        let place = row.place([avatar, cover, post, message]);
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

/// A person's pictures and covers, present and former, and what stands beside their posts, that somebody may see
/// (`policy::can_see`, and of posts their own), newest first, below an id. Films are none, nor what stands there
/// before they play.
pub fn photos(
    conn: &mut Conn,
    owner: UserId,
    near: bool,
    audiences: &[i64],
    below: i64,
    limit: i64,
) -> QueryResult<Vec<MediaRow>> {
    type Condition = Box<dyn BoxableExpression<media::table, <Conn as Connection>::Backend, SqlType = Bool>>;
    let present = users::table
        .filter(users::id.eq(owner.get()))
        .filter(users::avatar_id.is_not_null())
        .select(users::avatar_id.assume_not_null());
    let of_page: Condition = if near {
        Box::new(media::purpose.eq_any([Purpose::Avatar.as_str(), Purpose::Cover.as_str()]))
    } else {
        Box::new(media::id.eq_any(present))
    };
    let of_posts = diesel::dsl::exists(
        post_media::table
            .inner_join(posts::table)
            .filter(post_media::media_id.eq(media::id))
            .filter(posts::deleted_at.is_null())
            .filter(posts::audience_id.eq_any(audiences)),
    );
    media::table
        .filter(media::owner_id.eq(owner.get()))
        .filter(media::id.lt(below))
        .filter(media::kind.eq(IMAGE))
        .filter(of_page.or(of_posts))
        .order(media::id.desc())
        .limit(limit)
        .select(MediaRow::as_select())
        .load(conn)
}

/// Removes something, and with a film what stands before it; gives where their bytes are.
pub fn delete(conn: &mut Conn, row: &MediaRow) -> QueryResult<Vec<String>> {
    let ids: Vec<i64> = [Some(row.id), row.poster_id].into_iter().flatten().collect();
    if row.is_poster() {
        // The film goes on without.
        diesel::update(media::table.filter(media::poster_id.eq(row.id)))
            .set((media::poster_id.eq(None::<i64>), media::blurhash.eq("")))
            .execute(conn)?;
    }
    delete_all(conn, &ids)
}

fn delete_all(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<String>> {
    let keys = media::table
        .filter(media::id.eq_any(ids))
        .select(media::storage_key)
        .load(conn)?;
    diesel::delete(post_media::table.filter(post_media::media_id.eq_any(ids))).execute(conn)?;
    diesel::delete(message_media::table.filter(message_media::media_id.eq_any(ids))).execute(conn)?;
    diesel::delete(media::table.filter(media::id.eq_any(ids))).execute(conn)?;
    Ok(keys)
}

/// A picture that a person has uploaded and that stands nowhere yet. Locked: it is attached to nothing in this moment.
pub fn offered_as_poster(conn: &mut Conn, owner: UserId, id: MediaId) -> QueryResult<Option<MediaRow>> {
    dialect::lock_media(conn, &[id.get()])?;
    media::table
        .find(id.get())
        .filter(media::owner_id.eq(owner.get()))
        .filter(media::kind.eq(IMAGE))
        .filter(media::purpose.eq(Purpose::Upload.as_str()))
        .filter(media::attached_at.is_null())
        .select(MediaRow::as_select())
        .first(conn)
        .optional()
}

/// Makes a picture stand before a film, for as long as that is there.
pub fn make_poster(conn: &mut Conn, id: MediaId, now: Timestamp) -> QueryResult<()> {
    diesel::update(media::table.find(id.get()))
        .set((
            media::purpose.eq(Purpose::Poster.as_str()),
            media::attached_at.eq(now.as_millis()),
        ))
        .execute(conn)
        .map(drop)
}

/// Changes what is to be seen in something.
pub fn update_alt_text(conn: &mut Conn, id: MediaId, text: &str) -> QueryResult<()> {
    diesel::update(media::table.find(id.get()))
        .set(media::alt_text.eq(text))
        .execute(conn)
        .map(drop)
}

/// The film that a picture stands before.
pub fn film_of(conn: &mut Conn, poster: MediaId) -> QueryResult<Option<MediaId>> {
    let id: Option<i64> = media::table
        .filter(media::poster_id.eq(poster.get()))
        .select(media::id)
        .first(conn)
        .optional()?;
    Ok(id.map(MediaId::new))
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

/// Removes all pictures of a person; gives where their bytes are. None of them stands beside a message any more.
pub fn delete_of_owner(conn: &mut Conn, owner: UserId) -> QueryResult<Vec<String>> {
    let keys = media::table
        .filter(media::owner_id.eq(owner.get()))
        .select(media::storage_key)
        .load(conn)?;
    let theirs = media::table
        .filter(media::owner_id.eq(owner.get()))
        .select(media::id);
    diesel::delete(post_media::table.filter(post_media::media_id.eq_any(theirs))).execute(conn)?;
    diesel::delete(media::table.filter(media::owner_id.eq(owner.get()))).execute(conn)?;
    Ok(keys)
}

/// Removes some of what belonged to nothing since before a moment; gives where their bytes are.
pub fn delete_unattached(conn: &mut Conn, before: Timestamp, limit: i64) -> QueryResult<Vec<String>> {
    let ids: Vec<i64> = media::table
        .filter(loose(before))
        .order(media::created_at)
        .limit(limit)
        .select(media::id)
        .load(conn)?;
    // One may be attached in this moment.
    let rows: Vec<(i64, Option<i64>)> = lock_loose(conn, &ids, before)?;
    let ids: Vec<i64> = rows
        .into_iter()
        .flat_map(|(id, poster)| [Some(id), poster])
        .flatten()
        .collect();
    delete_all(conn, &ids)
}

/// Removes some of what stood beside posts that were removed before a moment; gives where their bytes are.
pub fn delete_of_removed_posts(conn: &mut Conn, before: Timestamp, limit: i64) -> QueryResult<Vec<String>> {
    let rows: Vec<(i64, Option<i64>)> = posts::table
        .inner_join(post_media::table.inner_join(media::table))
        .filter(posts::deleted_at.lt(before.as_millis()))
        .order(posts::deleted_at)
        .limit(limit)
        .select((media::id, media::poster_id))
        .load(conn)?;
    let ids: Vec<i64> = rows
        .into_iter()
        .flat_map(|(id, poster)| [Some(id), poster])
        .flatten()
        .collect();
    delete_all(conn, &ids)
}

#[auto_type]
fn loose(before: Timestamp) -> _ {
    let before: i64 = before.as_millis();
    let detached = media::detached_at.is_null().or(media::detached_at.lt(before));
    media::attached_at
        .is_null()
        .and(media::created_at.lt(before))
        .and(detached)
}

fn lock_loose(conn: &mut Conn, ids: &[i64], before: Timestamp) -> QueryResult<Vec<(i64, Option<i64>)>> {
    let still = media::table
        .filter(media::id.eq_any(ids))
        .filter(loose(before))
        .select((media::id, media::poster_id));
    match conn {
        Conn::Sqlite(conn) => still.load(conn),
        Conn::Postgres(conn) => still.for_update().load(conn),
    }
}

/// Those of some keys that have a row, or under which pieces of an open upload lie.
pub fn keys_among(conn: &mut Conn, keys: &[String]) -> QueryResult<HashSet<String>> {
    let kept: Vec<String> = media::table
        .filter(media::storage_key.eq_any(keys))
        .select(media::storage_key)
        .load(conn)?;
    Ok(kept.into_iter().chain(uploads::keys_among(conn, keys)?).collect())
}

/// The newest id given.
pub fn latest_id(conn: &mut Conn) -> QueryResult<Option<i64>> {
    media::table.select(diesel::dsl::max(media::id)).first(conn)
}
