//! Queries on hashtags.

use std::collections::BTreeSet;

use diesel::prelude::*;
use hearth_shared::ids::{Id, PostId, UserId};

use super::visible::visible_to;
use crate::on_each;
use crate::platform::db::Conn;
use crate::platform::db::among::AmongIds;
use crate::schema::{post_tags, posts};

/// Posts with a tag that are looked at for one page: first few, which are enough nearly always, then many. Where a
/// viewer may see none of so many, the page is short and the next one goes on.
const LOOKED_AT: [i64; 2] = [200, 4_000];

/// Files a post under these tags, and no others.
pub fn set(conn: &mut Conn, post: PostId, tags: &BTreeSet<String>) -> QueryResult<()> {
    let filed: Vec<String> = post_tags::table
        .filter(post_tags::post_id.eq(post.get()))
        .select(post_tags::tag)
        .load(conn)?;
    let gone: Vec<&String> = filed.iter().filter(|tag| !tags.contains(*tag)).collect();
    if !gone.is_empty() {
        let rows = post_tags::table
            .filter(post_tags::post_id.eq(post.get()))
            .filter(post_tags::tag.eq_any(gone));
        diesel::delete(rows).execute(conn)?;
    }
    let rows: Vec<_> = tags
        .iter()
        .filter(|tag| !filed.contains(tag))
        .map(|tag| (post_tags::tag.eq(tag), post_tags::post_id.eq(post.get())))
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    on_each!(conn, conn => diesel::insert_into(post_tags::table).values(&rows).execute(conn)).map(drop)
}

/// A page of a tag: ids, and below which the next page begins; `None` when it was the last.
pub struct Page {
    /// The newest first.
    pub ids: Vec<i64>,
    /// See [`Page`].
    pub next: Option<i64>,
}

/// The posts with a tag that the viewer may see, newest first, below an id.
pub fn page(conn: &mut Conn, viewer: UserId, tag: &str, below: i64, size: usize) -> QueryResult<Page> {
    let (mut ids, mut below) = (Vec::new(), below);
    for looked_at in LOOKED_AT {
        let filed: Vec<i64> = post_tags::table
            .filter(post_tags::tag.eq(tag))
            .filter(post_tags::post_id.lt(below))
            .order(post_tags::post_id.desc())
            .limit(looked_at)
            .select(post_tags::post_id)
            .load(conn)?;
        let missing = i64::try_from(size + 1 - ids.len()).unwrap_or(0);
        let seen: Vec<i64> = posts::table
            .filter(posts::id.among(&filed))
            .filter(visible_to(viewer))
            .order(posts::id.desc())
            .limit(missing)
            .select(posts::id)
            .load(conn)?;
        ids.extend(seen);
        if ids.len() > size {
            ids.truncate(size);
            let next = ids.last().copied();
            return Ok(Page { ids, next });
        }
        match filed.last() {
            Some(last) if i64::try_from(filed.len()).is_ok_and(|count| count == looked_at) => below = *last,
            _ => return Ok(Page { ids, next: None }),
        }
    }
    Ok(Page {
        ids,
        next: Some(below),
    })
}
