//! Queries on what posts said before.

use diesel::prelude::*;
use hearth_shared::posts::{Audience, Edit};
use hearth_shared::time::Timestamp;

use super::{PostRow, audience_id};
use crate::platform::db::Conn;
use crate::schema::post_edits;

/// Keeps what a post says and to whom, before it changes.
pub fn insert(conn: &mut Conn, id: i64, post: &PostRow, now: Timestamp) -> QueryResult<()> {
    diesel::insert_into(post_edits::table)
        .values((
            post_edits::id.eq(id),
            post_edits::post_id.eq(post.id),
            post_edits::body.eq(&post.body),
            post_edits::audience_id.eq(post.audience_id),
            post_edits::replaced_at.eq(now.as_millis()),
        ))
        .execute(conn)
        .map(drop)
}

/// The texts that a post had for some audiences, the latest first, below an id. A change of the audience alone is no
/// version: of several rows with one text after the other the last counts, with the audience that it had then.
pub fn list(
    conn: &mut Conn,
    post: &PostRow,
    audiences: &[Audience],
    below: i64,
    limit: i64,
) -> QueryResult<Vec<(i64, Edit)>> {
    let later = diesel::alias!(post_edits as later);
    let next = || {
        later
            .filter(later.field(post_edits::post_id).eq(post_edits::post_id))
            .filter(later.field(post_edits::id).gt(post_edits::id))
            .order(later.field(post_edits::id))
            .select(later.field(post_edits::body))
            .single_value()
    };
    let last = next().is_null().and(post_edits::body.ne(&post.body));
    let audiences: Vec<i64> = audiences.iter().map(|audience| audience_id(*audience)).collect();
    let rows: Vec<(i64, String, i64)> = post_edits::table
        .filter(post_edits::post_id.eq(post.id))
        .filter(post_edits::id.lt(below))
        .filter(post_edits::audience_id.eq_any(audiences))
        .filter(post_edits::body.nullable().ne(next()).or(last.nullable()))
        .order(post_edits::id.desc())
        .limit(limit)
        .select((post_edits::id, post_edits::body, post_edits::replaced_at))
        .load(conn)?;
    let edit = |(id, body, replaced_at)| {
        let edit = Edit {
            body,
            replaced_at: Timestamp::from_millis(replaced_at),
        };
        (id, edit)
    };
    Ok(rows.into_iter().map(edit).collect())
}
