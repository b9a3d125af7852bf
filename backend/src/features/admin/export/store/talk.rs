//! What one said about posts, and what one asked the host to look at.

use diesel::prelude::*;
use serde_json::json;

use super::{Keyed, moment, moment_or_not};
use crate::platform::db::Conn;
use crate::schema::{comment_edits, comment_reactions, comments, reports};

pub(super) fn commented(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    type Row = (i64, i64, Option<i64>, String, i64, Option<i64>);
    let rows: Vec<Row> = comments::table
        .filter(comments::author_id.eq(me))
        .filter(comments::id.gt(after))
        .filter(comments::deleted_at.is_null())
        .order(comments::id)
        .limit(limit)
        .select((
            comments::id,
            comments::post_id,
            comments::parent_id,
            comments::body,
            comments::created_at,
            comments::edited_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, post, parent, body, created_at, edited_at)| {
            let row = json!({
                "id": id.to_string(), "post_id": post.to_string(),
                "parent_id": parent.map(|parent| parent.to_string()), "body": body,
                "created_at": moment(created_at), "edited_at": moment_or_not(edited_at),
            });
            (id, row)
        })
        .collect())
}

pub(super) fn edits(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    let rows: Vec<(i64, i64, String, i64)> = comment_edits::table
        .inner_join(comments::table)
        .filter(comments::author_id.eq(me))
        .filter(comments::deleted_at.is_null())
        .filter(comment_edits::id.gt(after))
        .order(comment_edits::id)
        .limit(limit)
        .select((
            comment_edits::id,
            comment_edits::comment_id,
            comment_edits::body,
            comment_edits::replaced_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, comment, body, at)| {
            let row = json!({"comment_id": comment.to_string(), "body": body, "replaced_at": moment(at)});
            (id, row)
        })
        .collect())
}

pub(super) fn reacted(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    let rows: Vec<(i64, String, i64)> = comment_reactions::table
        .filter(comment_reactions::user_id.eq(me))
        .filter(comment_reactions::comment_id.gt(after))
        .order(comment_reactions::comment_id)
        .limit(limit)
        .select((
            comment_reactions::comment_id,
            comment_reactions::kind,
            comment_reactions::created_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(comment, kind, at)| {
            let row = json!({"comment_id": comment.to_string(), "kind": kind, "created_at": moment(at)});
            (comment, row)
        })
        .collect())
}

pub(super) fn reported(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    type Row = (i64, String, i64, String, String, i64, Option<i64>);
    let rows: Vec<Row> = reports::table
        .filter(reports::reporter_id.eq(me))
        .filter(reports::id.gt(after))
        .order(reports::id)
        .limit(limit)
        .select((
            reports::id,
            reports::subject_kind,
            reports::subject_id,
            reports::reason,
            reports::note,
            reports::created_at,
            reports::closed_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, kind, subject, reason, note, created_at, closed_at)| {
            let row = json!({
                "subject": {"kind": kind, "id": subject.to_string()}, "reason": reason, "note": note,
                "created_at": moment(created_at), "closed_at": moment_or_not(closed_at),
            });
            (id, row)
        })
        .collect())
}
