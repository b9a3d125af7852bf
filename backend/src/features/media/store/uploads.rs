//! Queries on files that come in pieces.

use diesel::prelude::*;
use hearth_shared::ids::{Id, MediaId, UploadId, UserId};
use hearth_shared::media::{NewUpload, UploadKind};
use hearth_shared::time::Timestamp;

use super::{AUDIO, FILE, VIDEO};
use crate::features::posts::store::hash_request;
use crate::platform::db::{Conn, dialect};
use crate::schema::{upload_pieces, uploads};

/// A file on its way.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = uploads)]
pub struct UploadRow {
    id: i64,
    /// Under this its pieces lie in the store.
    pub storage_key: String,
    /// What its sender calls it.
    pub name: String,
    size: i64,
    received: i64,
    pieces: i64,
    media_id: Option<i64>,
    touched_at: i64,
    /// What identifies the request that began it.
    pub request_hash: Vec<u8>,
    kind: String,
}

impl UploadRow {
    /// Its id.
    pub fn id(&self) -> UploadId {
        UploadId::new(self.id)
    }

    /// Its bytes in all.
    pub fn size(&self) -> u64 {
        u64::try_from(self.size).unwrap_or(0)
    }

    /// How many of them are safe.
    pub fn received(&self) -> u64 {
        u64::try_from(self.received).unwrap_or(0)
    }

    /// What it became.
    pub fn media(&self) -> Option<MediaId> {
        self.media_id.map(MediaId::new)
    }

    /// What it is to become.
    pub fn kind(&self) -> UploadKind {
        match self.kind.as_str() {
            FILE => UploadKind::File,
            AUDIO => UploadKind::Audio,
            _ => UploadKind::Video,
        }
    }

    /// When it last grew.
    pub fn touched_at(&self) -> Timestamp {
        Timestamp::from_millis(self.touched_at)
    }
}

/// What an upload is to become, as the database has it; also what it is then.
pub const fn kind_name(kind: UploadKind) -> &'static str {
    match kind {
        UploadKind::Video => VIDEO,
        UploadKind::Audio => AUDIO,
        UploadKind::File => FILE,
    }
}

/// What identifies a request for an upload.
pub fn hash_upload(new: &NewUpload) -> Vec<u8> {
    let size = new.size.to_string();
    match new.kind {
        UploadKind::Video => hash_request(&[&new.name, &size]),
        kind => hash_request(&[&new.name, &size, kind_name(kind)]),
    }
}

/// An upload of somebody's.
pub fn find(conn: &mut Conn, owner: UserId, id: UploadId) -> QueryResult<Option<UploadRow>> {
    uploads::table
        .find(id.get())
        .filter(uploads::owner_id.eq(owner.get()))
        .select(UploadRow::as_select())
        .first(conn)
        .optional()
}

/// The upload that an earlier request with this `client_id` began.
pub fn find_by_client_id(conn: &mut Conn, owner: UserId, client_id: &str) -> QueryResult<Option<UploadRow>> {
    uploads::table
        .filter(uploads::owner_id.eq(owner.get()))
        .filter(uploads::client_id.eq(client_id))
        .select(UploadRow::as_select())
        .first(conn)
        .optional()
}

/// Bytes of each upload of a person that is not finished: as many as it will have.
pub fn open_sizes(conn: &mut Conn, owner: UserId) -> QueryResult<Vec<u64>> {
    let sizes: Vec<i64> = uploads::table
        .filter(uploads::owner_id.eq(owner.get()))
        .filter(uploads::media_id.is_null())
        .select(uploads::size)
        .load(conn)?;
    Ok(sizes
        .into_iter()
        .map(|size| u64::try_from(size).unwrap_or(0))
        .collect())
}

/// Begins an upload; false when its `client_id` was used before.
pub fn insert(
    conn: &mut Conn,
    id: UploadId,
    owner: UserId,
    new: &NewUpload,
    key: &str,
    now: Timestamp,
) -> QueryResult<bool> {
    dialect::insert_once(conn, |conn| {
        diesel::insert_into(uploads::table)
            .values((
                uploads::id.eq(id.get()),
                uploads::owner_id.eq(owner.get()),
                uploads::client_id.eq(new.client_id.as_str()),
                uploads::request_hash.eq(hash_upload(new)),
                uploads::storage_key.eq(key),
                uploads::name.eq(&new.name),
                uploads::size.eq(i64::try_from(new.size).unwrap_or(i64::MAX)),
                uploads::received.eq(0_i64),
                uploads::pieces.eq(0_i64),
                uploads::created_at.eq(now.as_millis()),
                uploads::touched_at.eq(now.as_millis()),
                uploads::kind.eq(kind_name(new.kind)),
            ))
            .execute(conn)
    })
}

/// Adds a piece to the end of an upload; gives the upload as it is then.
pub fn add_piece(
    conn: &mut Conn,
    upload: &UploadRow,
    name: &str,
    size: u64,
    now: Timestamp,
) -> QueryResult<UploadRow> {
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    diesel::insert_into(upload_pieces::table)
        .values((
            upload_pieces::upload_id.eq(upload.id),
            upload_pieces::position.eq(upload.pieces),
            upload_pieces::name.eq(name),
            upload_pieces::size.eq(size),
        ))
        .execute(conn)?;
    let after = UploadRow {
        received: upload.received + size,
        pieces: upload.pieces + 1,
        touched_at: now.as_millis(),
        ..upload.clone()
    };
    diesel::update(uploads::table.find(upload.id))
        .set((
            uploads::received.eq(after.received),
            uploads::pieces.eq(after.pieces),
            uploads::touched_at.eq(after.touched_at),
        ))
        .execute(conn)?;
    Ok(after)
}

/// The pieces of an upload in their order: name and bytes of each.
pub fn pieces(conn: &mut Conn, id: UploadId) -> QueryResult<Vec<(String, u64)>> {
    let rows: Vec<(String, i64)> = upload_pieces::table
        .filter(upload_pieces::upload_id.eq(id.get()))
        .order(upload_pieces::position)
        .select((upload_pieces::name, upload_pieces::size))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(name, size)| (name, u64::try_from(size).unwrap_or(0)))
        .collect())
}

/// An upload became something: its pieces are not needed any more.
pub fn finish(conn: &mut Conn, id: UploadId, media: i64, now: Timestamp) -> QueryResult<()> {
    diesel::delete(upload_pieces::table.filter(upload_pieces::upload_id.eq(id.get()))).execute(conn)?;
    diesel::update(uploads::table.find(id.get()))
        .set((
            uploads::media_id.eq(media),
            uploads::touched_at.eq(now.as_millis()),
        ))
        .execute(conn)
        .map(drop)
}

/// Removes an upload that has not become anything; true when there was one.
pub fn delete_open(conn: &mut Conn, id: UploadId) -> QueryResult<bool> {
    diesel::delete(upload_pieces::table.filter(upload_pieces::upload_id.eq(id.get()))).execute(conn)?;
    let open = uploads::table.find(id.get()).filter(uploads::media_id.is_null());
    Ok(diesel::delete(open).execute(conn)? > 0)
}

/// Removes some uploads that have not grown since before a moment; gives where their pieces are.
pub fn delete_old(conn: &mut Conn, before: Timestamp, limit: i64) -> QueryResult<Vec<String>> {
    let old = uploads::table
        .filter(uploads::touched_at.lt(before.as_millis()))
        .order(uploads::touched_at)
        .limit(limit)
        .select((uploads::id, uploads::storage_key));
    // One that grows in this moment is waited for, and is not old then.
    let rows: Vec<(i64, String)> = match conn {
        Conn::Sqlite(conn) => old.load(conn)?,
        Conn::Postgres(conn) => old.for_update().load(conn)?,
    };
    let (ids, keys): (Vec<i64>, Vec<String>) = rows.into_iter().unzip();
    delete_all(conn, &ids)?;
    Ok(keys)
}

/// Removes all uploads of a person; gives where their pieces are.
pub fn delete_of_owner(conn: &mut Conn, owner: UserId) -> QueryResult<Vec<String>> {
    let rows: Vec<(i64, String)> = uploads::table
        .filter(uploads::owner_id.eq(owner.get()))
        .select((uploads::id, uploads::storage_key))
        .load(conn)?;
    let (ids, keys): (Vec<i64>, Vec<String>) = rows.into_iter().unzip();
    delete_all(conn, &ids)?;
    Ok(keys)
}

fn delete_all(conn: &mut Conn, ids: &[i64]) -> QueryResult<()> {
    diesel::delete(upload_pieces::table.filter(upload_pieces::upload_id.eq_any(ids))).execute(conn)?;
    diesel::delete(uploads::table.filter(uploads::id.eq_any(ids)))
        .execute(conn)
        .map(drop)
}

/// Those of some keys under which pieces of open uploads lie.
pub fn keys_among(conn: &mut Conn, keys: &[String]) -> QueryResult<Vec<String>> {
    uploads::table
        .filter(uploads::storage_key.eq_any(keys))
        .filter(uploads::media_id.is_null())
        .select(uploads::storage_key)
        .load(conn)
}

/// The newest id given.
pub fn latest_id(conn: &mut Conn) -> QueryResult<Option<i64>> {
    uploads::table.select(diesel::dsl::max(uploads::id)).first(conn)
}
