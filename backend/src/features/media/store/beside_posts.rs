//! Queries on what stands beside posts.

use std::collections::HashMap;

use diesel::prelude::*;
use hearth_shared::ids::{Id, MediaId, PostId, UserId};
use hearth_shared::time::Timestamp;

use super::{IMAGE, MediaRow, Purpose, VIDEO};
use crate::on_each;
use crate::platform::db::among::AmongIds;
use crate::platform::db::{Conn, dialect};
use crate::schema::{media, message_media, post_media, posts};

/// What stands beside some posts, of each in its order.
pub fn of_posts(conn: &mut Conn, posts: &[i64]) -> QueryResult<HashMap<i64, Vec<MediaRow>>> {
    let rows: Vec<(i64, MediaRow)> = post_media::table
        .inner_join(media::table)
        .filter(post_media::post_id.among(posts))
        .order((post_media::post_id, post_media::position))
        .select((post_media::post_id, MediaRow::as_select()))
        .load(conn)?;
    let mut beside: HashMap<i64, Vec<MediaRow>> = HashMap::new();
    for (post, row) in rows {
        beside.entry(post).or_default().push(row);
    }
    Ok(beside)
}

/// The ids of what stands beside a post, in their order.
pub fn ids_of(conn: &mut Conn, post: PostId) -> QueryResult<Vec<i64>> {
    post_media::table
        .filter(post_media::post_id.eq(post.get()))
        .order(post_media::position)
        .select(post_media::media_id)
        .load(conn)
}

/// The post that something stands beside.
pub fn post_of(conn: &mut Conn, id: MediaId) -> QueryResult<Option<PostId>> {
    let post: Option<i64> = post_media::table
        .filter(post_media::media_id.eq(id.get()))
        .select(post_media::post_id)
        .first(conn)
        .optional()?;
    Ok(post.map(PostId::new))
}

/// The posts that some stand beside.
pub fn posts_of(conn: &mut Conn, ids: &[i64]) -> QueryResult<HashMap<i64, i64>> {
    let rows: Vec<(i64, i64)> = post_media::table
        .filter(post_media::media_id.eq_any(ids))
        .select((post_media::media_id, post_media::post_id))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Those of some pictures and films that a person has uploaded, and that stand beside this post or nothing. Locked: they
/// are not cleared away in this moment.
pub fn offered(conn: &mut Conn, owner: UserId, post: PostId, ids: &[i64]) -> QueryResult<Vec<MediaRow>> {
    let elsewhere = post_media::table
        .filter(post_media::media_id.eq(media::id))
        .filter(post_media::post_id.ne(post.get()));
    let of_message = message_media::table.filter(message_media::media_id.eq(media::id));
    dialect::lock_media(conn, ids)?;
    media::table
        .filter(media::id.eq_any(ids))
        .filter(media::owner_id.eq(owner.get()))
        .filter(media::purpose.eq(Purpose::Upload.as_str()))
        .filter(media::kind.eq(IMAGE).or(media::kind.eq(VIDEO)))
        .filter(diesel::dsl::not(diesel::dsl::exists(elsewhere)))
        .filter(diesel::dsl::not(diesel::dsl::exists(of_message)))
        .select(MediaRow::as_select())
        .load(conn)
}

/// Makes these what stands beside a post, in this order, and `gone` belong to nothing.
pub fn replace(conn: &mut Conn, post: PostId, ids: &[i64], gone: &[i64], now: Timestamp) -> QueryResult<()> {
    diesel::delete(post_media::table.filter(post_media::post_id.eq(post.get()))).execute(conn)?;
    let rows: Vec<_> = (0_i64..)
        .zip(ids)
        .map(|(position, id)| {
            (
                post_media::post_id.eq(post.get()),
                post_media::position.eq(position),
                post_media::media_id.eq(*id),
            )
        })
        .collect();
    let conn_of_both = &mut *conn;
    on_each!(conn_of_both, inner => diesel::insert_into(post_media::table).values(&rows).execute(inner))?;
    diesel::update(media::table.filter(media::id.eq_any(ids)))
        .set((
            media::attached_at.eq(now.as_millis()),
            media::detached_at.eq(None::<i64>),
        ))
        .execute(conn)?;
    diesel::update(media::table.filter(media::id.eq_any(gone)))
        .set((
            media::attached_at.eq(None::<i64>),
            media::detached_at.eq(now.as_millis()),
        ))
        .execute(conn)
        .map(drop)
}

/// Whether nothing is left of a post: no text, nothing beside it, and nothing that it passes on.
pub fn is_empty(conn: &mut Conn, post: PostId) -> QueryResult<bool> {
    let rows = post_media::table.filter(post_media::post_id.eq(posts::id));
    diesel::select(diesel::dsl::exists(
        posts::table
            .find(post.get())
            .filter(posts::deleted_at.is_null())
            .filter(posts::body.eq(""))
            .filter(posts::shared_post_id.is_null())
            .filter(diesel::dsl::not(diesel::dsl::exists(rows))),
    ))
    .get_result(conn)
}
