//! Queries on posts.

pub mod comments;
pub mod edits;
pub mod feed;
pub mod forget;
pub mod forget_comments;
pub mod hydrate;
pub mod live;
pub mod mentions;
pub mod mutes;
pub mod originals;
pub mod reactions;
pub mod removed;
pub mod saved;
pub mod tags;
pub mod visible;

use diesel::prelude::*;
use hearth_shared::ids::{Id, PostId, UserId};
use hearth_shared::posts::{Audience, NewPost};
use hearth_shared::time::Timestamp;
use hearth_shared::valid::Valid;
use sha2::{Digest, Sha256};

use crate::platform::db::{Conn, dialect};
use crate::schema::posts;

/// The row of `audiences` that stands for an audience.
pub fn audience_id(audience: Audience) -> i64 {
    match audience {
        Audience::Public => 1,
        Audience::Friends => 2,
        Audience::OnlyMe => 3,
    }
}

/// The audience that a row of `audiences` stands for. What is unknown is for the author alone.
pub fn audience_of(id: i64) -> Audience {
    match id {
        1 => Audience::Public,
        2 => Audience::Friends,
        _ => Audience::OnlyMe,
    }
}

/// What rules need to know of a post.
#[derive(Queryable, Selectable)]
#[diesel(table_name = posts)]
pub struct PostRow {
    id: i64,
    author_id: i64,
    /// Its text.
    pub body: String,
    audience_id: i64,
    shared_post_id: Option<i64>,
}

impl PostRow {
    /// Which.
    pub fn id(&self) -> PostId {
        PostId::new(self.id)
    }

    /// Who wrote it.
    pub fn author(&self) -> UserId {
        UserId::new(self.author_id)
    }

    /// Who may see it.
    pub fn audience(&self) -> Audience {
        audience_of(self.audience_id)
    }

    /// The post that it passes on, which may be gone.
    pub fn original(&self) -> Option<PostId> {
        self.shared_post_id.map(PostId::new)
    }
}

/// What identifies a request: the same `client_id` with another hash is another request.
pub fn hash_request(parts: &[&str]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().to_vec()
}

/// The hash of a request for a post. One with words alone has the hash that it had when there was nothing else.
pub fn hash_post(new: &NewPost) -> Vec<u8> {
    let audience = audience_id(new.audience).to_string();
    if new.media_ids.is_empty() && new.shared_post_id.is_none() {
        return hash_request(&[&new.body, &audience]);
    }
    let media: Vec<String> = new.media_ids.iter().map(ToString::to_string).collect();
    let shared = new.shared_post_id.map(|id| id.to_string()).unwrap_or_default();
    hash_request(&[&new.body, &audience, &media.join(","), &shared])
}

/// The post that an earlier request with this `client_id` made: id, hash of that request, whether it is gone.
pub fn find_by_client_id(
    conn: &mut Conn,
    author: UserId,
    client_id: &str,
) -> QueryResult<Option<(PostId, Vec<u8>, bool)>> {
    let row: Option<(i64, Vec<u8>, Option<i64>)> = posts::table
        .filter(posts::author_id.eq(author.get()))
        .filter(posts::client_id.eq(client_id))
        .select((posts::id, posts::request_hash, posts::deleted_at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, hash, deleted)| (PostId::new(id), hash, deleted.is_some())))
}

/// Writes a post; false when its `client_id` was used before.
pub fn insert_post(
    conn: &mut Conn,
    id: PostId,
    author: UserId,
    new: &Valid<NewPost>,
    original: Option<PostId>,
    now: Timestamp,
) -> QueryResult<bool> {
    dialect::insert_once(conn, |conn| {
        diesel::insert_into(posts::table)
            .values((
                posts::id.eq(id.get()),
                posts::author_id.eq(author.get()),
                posts::client_id.eq(new.client_id.as_str()),
                posts::request_hash.eq(hash_post(new)),
                posts::body.eq(&new.body),
                posts::audience_id.eq(audience_id(new.audience)),
                (
                    posts::like_count.eq(0_i64),
                    posts::love_count.eq(0_i64),
                    posts::laugh_count.eq(0_i64),
                    posts::wow_count.eq(0_i64),
                    posts::sad_count.eq(0_i64),
                    posts::angry_count.eq(0_i64),
                    posts::comment_count.eq(0_i64),
                ),
                posts::shared_post_id.eq(original.map(Id::get)),
                posts::created_at.eq(now.as_millis()),
            ))
            .execute(conn)
    })
}

/// Changes a post's text.
pub fn update_body(conn: &mut Conn, id: PostId, body: &str) -> QueryResult<()> {
    diesel::update(posts::table.find(id.get()))
        .set(posts::body.eq(body))
        .execute(conn)
        .map(drop)
}

/// A post says from now on that it was edited; whoever watches it reads it anew.
pub fn mark_edited(conn: &mut Conn, id: PostId, now: Timestamp) -> QueryResult<()> {
    diesel::update(posts::table.find(id.get()))
        .set(posts::edited_at.eq(now.as_millis()))
        .execute(conn)
        .map(drop)
}

/// Changes who may see a post.
pub fn update_audience(conn: &mut Conn, id: PostId, audience: Audience) -> QueryResult<()> {
    diesel::update(posts::table.find(id.get()))
        .set(posts::audience_id.eq(audience_id(audience)))
        .execute(conn)
        .map(drop)
}

/// Who wrote a post that is not removed.
pub fn author_of(conn: &mut Conn, id: PostId) -> QueryResult<Option<UserId>> {
    let author: Option<i64> = posts::table
        .find(id.get())
        .filter(posts::deleted_at.is_null())
        .select(posts::author_id)
        .first(conn)
        .optional()?;
    Ok(author.map(UserId::new))
}

/// Who wrote a post, removed or not.
pub fn any_author_of(conn: &mut Conn, id: PostId) -> QueryResult<Option<UserId>> {
    let author: Option<i64> = posts::table
        .find(id.get())
        .select(posts::author_id)
        .first(conn)
        .optional()?;
    Ok(author.map(UserId::new))
}

/// Adds to the count of a post's comments.
pub fn add_to_comment_count(conn: &mut Conn, id: PostId, delta: i64) -> QueryResult<()> {
    diesel::update(posts::table.find(id.get()))
        .set(posts::comment_count.eq(posts::comment_count + delta))
        .execute(conn)
        .map(drop)
}

/// Adds to the count of a post's shares. The caller holds its lock; one that is gone counts nothing.
pub fn add_to_share_count(conn: &mut Conn, id: PostId, delta: i64) -> QueryResult<()> {
    diesel::update(posts::table.find(id.get()))
        .set(posts::share_count.eq(posts::share_count + delta))
        .execute(conn)
        .map(drop)
}

/// The newest id given.
pub fn latest_id(conn: &mut Conn) -> QueryResult<Option<i64>> {
    posts::table.select(diesel::dsl::max(posts::id)).first(conn)
}
