//! What one keeps for oneself: posts for later, and mutes. Of others' posts only which they are.

use diesel::prelude::*;
use serde_json::json;

use super::{Keyed, moment, names};
use crate::platform::db::Conn;
use crate::schema::{muted_people, muted_posts, saved_posts};

pub(super) fn saved(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    let rows: Vec<(i64, i64)> = saved_posts::table
        .filter(saved_posts::user_id.eq(me))
        .filter(saved_posts::post_id.gt(after))
        .order(saved_posts::post_id)
        .limit(limit)
        .select((saved_posts::post_id, saved_posts::saved_at))
        .load(conn)?;
    let row = |(post, at): (i64, i64)| {
        let row = json!({"post_id": post.to_string(), "saved_at": moment(at)});
        (post, row)
    };
    Ok(rows.into_iter().map(row).collect())
}

pub(super) fn muted_posts(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    let rows: Vec<(i64, i64)> = muted_posts::table
        .filter(muted_posts::user_id.eq(me))
        .filter(muted_posts::post_id.gt(after))
        .order(muted_posts::post_id)
        .limit(limit)
        .select((muted_posts::post_id, muted_posts::since))
        .load(conn)?;
    let row = |(post, since): (i64, i64)| {
        let row = json!({"post_id": post.to_string(), "since": moment(since)});
        (post, row)
    };
    Ok(rows.into_iter().map(row).collect())
}

pub(super) fn muted_people(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    let rows: Vec<(i64, i64)> = muted_people::table
        .filter(muted_people::user_id.eq(me))
        .filter(muted_people::other_id.gt(after))
        .order(muted_people::other_id)
        .limit(limit)
        .select((muted_people::other_id, muted_people::since))
        .load(conn)?;
    let ids: Vec<i64> = rows.iter().map(|(id, _)| *id).collect();
    let names = names(conn, &ids)?;
    let row = |(id, since): (i64, i64)| (id, json!({"person": names.get(&id), "since": moment(since)}));
    Ok(rows.into_iter().map(row).collect())
}
