//! Queries on comments.

use std::collections::HashMap;

use diesel::prelude::*;
use hearth_shared::ids::{ClientId, CommentId, Id, PostId, UserId};
use hearth_shared::posts::{Comment, CommentSort, NewComment};
use hearth_shared::time::Timestamp;
use hearth_shared::valid::Valid;

use super::hash_request;
use crate::features::friends::store::blocks::hidden_from;
use crate::features::notifications::service::Remaining;
use crate::features::users::store::CardRow;
use crate::features::users::store_standing::active;
use crate::platform::db::{Conn, dialect};
use crate::schema::{comments, users};

#[derive(Queryable, Selectable)]
#[diesel(table_name = comments)]
struct CommentRow {
    id: i64,
    post_id: i64,
    client_id: String,
    body: String,
    created_at: i64,
    edited_at: Option<i64>,
}

/// What rules need to know of a comment.
pub struct CommentFacts {
    /// On which post.
    pub post_id: PostId,
    /// Who wrote it.
    pub author: UserId,
}

/// The `client_id` of a row.
pub fn client_id(text: String) -> QueryResult<ClientId> {
    text.parse()
        .map_err(|_invalid| diesel::result::Error::DeserializationError("client_id is no UUID".into()))
}

fn comment((row, author): (CommentRow, CardRow)) -> QueryResult<Comment> {
    Ok(Comment {
        id: CommentId::new(row.id),
        client_id: client_id(row.client_id)?,
        post_id: PostId::new(row.post_id),
        author: author.into(),
        body: row.body,
        parent_id: None,
        mentions: Vec::new(),
        reactions: hearth_shared::posts::ReactionCounts::new(),
        my_reaction: None,
        reply_count: 0,
        created_at: Timestamp::from_millis(row.created_at),
        edited_at: row.edited_at.map(Timestamp::from_millis),
    })
}

/// Comments by id.
pub fn comments_of_ids(conn: &mut Conn, ids: &[i64]) -> QueryResult<HashMap<i64, Comment>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(CommentRow, CardRow)> = comments::table
        .inner_join(users::table)
        .filter(comments::id.eq_any(ids))
        .filter(active())
        .select((CommentRow::as_select(), CardRow::as_select()))
        .load(conn)?;
    rows.into_iter()
        .map(|row| Ok((row.0.id, comment(row)?)))
        .collect()
}

/// One comment.
pub fn comment_of_id(conn: &mut Conn, id: CommentId) -> QueryResult<Comment> {
    comments_of_ids(conn, &[id.get()])?
        .remove(&id.get())
        .ok_or(diesel::result::Error::NotFound)
}

/// A comment as it is shown; `None` when it was removed.
pub fn find_shown(conn: &mut Conn, id: CommentId) -> QueryResult<Option<Comment>> {
    match find(conn, id)? {
        Some(_) => comment_of_id(conn, id).map(Some),
        None => Ok(None),
    }
}

/// The comments of a post that exist for a viewer, after an id in the order asked for.
pub fn list(
    conn: &mut Conn,
    viewer: UserId,
    post: PostId,
    sort: CommentSort,
    after: Option<i64>,
    limit: i64,
) -> QueryResult<Vec<Comment>> {
    let query = comments::table
        .inner_join(users::table)
        .filter(comments::post_id.eq(post.get()))
        .filter(comments::deleted_at.is_null())
        .filter(active())
        .filter(comments::author_id.ne_all(hidden_from(viewer)))
        .select((CommentRow::as_select(), CardRow::as_select()))
        .limit(limit)
        .into_boxed();
    let query = match sort {
        CommentSort::Oldest => query
            .filter(comments::id.gt(after.unwrap_or(0)))
            .order(comments::id.asc()),
        CommentSort::Newest => query
            .filter(comments::id.lt(after.unwrap_or(i64::MAX)))
            .order(comments::id.desc()),
    };
    let rows: Vec<(CommentRow, CardRow)> = query.load(conn)?;
    rows.into_iter().map(comment).collect()
}

/// The hash of a request for a comment.
pub fn hash_comment(post: PostId, new: &NewComment) -> Vec<u8> {
    hash_request(&[&post.to_string(), &new.body])
}

/// The comment that an earlier request with this `client_id` made: id, hash of that request, whether it is gone.
pub fn find_by_client_id(
    conn: &mut Conn,
    author: UserId,
    client_id: &str,
) -> QueryResult<Option<(CommentId, Vec<u8>, bool)>> {
    let row: Option<(i64, Vec<u8>, Option<i64>)> = comments::table
        .filter(comments::author_id.eq(author.get()))
        .filter(comments::client_id.eq(client_id))
        .select((comments::id, comments::request_hash, comments::deleted_at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, hash, deleted)| (CommentId::new(id), hash, deleted.is_some())))
}

/// Writes a comment; false when its `client_id` was used before.
pub fn insert(
    conn: &mut Conn,
    id: CommentId,
    post: PostId,
    author: UserId,
    new: &Valid<NewComment>,
    now: Timestamp,
) -> QueryResult<bool> {
    dialect::insert_once(conn, |conn| {
        diesel::insert_into(comments::table)
            .values((
                comments::id.eq(id.get()),
                comments::post_id.eq(post.get()),
                comments::author_id.eq(author.get()),
                comments::client_id.eq(new.client_id.as_str()),
                comments::request_hash.eq(hash_comment(post, new)),
                comments::body.eq(&new.body),
                comments::created_at.eq(now.as_millis()),
            ))
            .execute(conn)
    })
}

/// A comment that is not removed, of somebody who is here.
pub fn find(conn: &mut Conn, id: CommentId) -> QueryResult<Option<CommentFacts>> {
    let row: Option<(i64, i64)> = comments::table
        .inner_join(users::table)
        .filter(comments::id.eq(id.get()))
        .filter(comments::deleted_at.is_null())
        .filter(active())
        .select((comments::post_id, comments::author_id))
        .first(conn)
        .optional()?;
    Ok(row.map(|(post, author)| CommentFacts {
        post_id: PostId::new(post),
        author: UserId::new(author),
    }))
}

/// Who wrote a comment, also one that is removed.
pub fn author_of(conn: &mut Conn, id: CommentId) -> QueryResult<Option<UserId>> {
    let author: Option<i64> = comments::table
        .find(id.get())
        .select(comments::author_id)
        .first(conn)
        .optional()?;
    Ok(author.map(UserId::new))
}

/// What others than the post's author, and those who do not exist for them, have left on a post, now that a comment of somebody is gone.
pub fn remaining(conn: &mut Conn, post: PostId, author: UserId, by: UserId) -> QueryResult<Remaining> {
    let there = || {
        comments::table
            .filter(comments::post_id.eq(post.get()))
            .filter(comments::deleted_at.is_null())
    };
    let newest: Option<i64> = there()
        .filter(comments::author_id.ne(author.get()))
        .filter(comments::author_id.ne_all(hidden_from(author)))
        .order(comments::id.desc())
        .select(comments::id)
        .first(conn)
        .optional()?;
    let same: Option<i64> = there()
        .filter(comments::author_id.eq(by.get()))
        .select(comments::id)
        .first(conn)
        .optional()?;
    Ok(Remaining {
        newest: newest.map(CommentId::new),
        by_same: same.is_some(),
    })
}

/// Changes a comment's text.
pub fn update_body(conn: &mut Conn, id: CommentId, body: &str, now: Timestamp) -> QueryResult<()> {
    diesel::update(comments::table.find(id.get()))
        .set((comments::body.eq(body), comments::edited_at.eq(now.as_millis())))
        .execute(conn)
        .map(drop)
}

/// Marks a comment as removed.
pub fn delete(conn: &mut Conn, id: CommentId, now: Timestamp) -> QueryResult<()> {
    diesel::update(comments::table.find(id.get()))
        .set(comments::deleted_at.eq(now.as_millis()))
        .execute(conn)
        .map(drop)
}

/// The newest id given.
pub fn latest_id(conn: &mut Conn) -> QueryResult<Option<i64>> {
    comments::table.select(diesel::dsl::max(comments::id)).first(conn)
}
