//! Queries on comments.

use std::collections::HashMap;

use diesel::prelude::*;
use hearth_shared::ids::{ClientId, CommentId, Id, PostId, UserId};
use hearth_shared::posts::{Comment, CommentSort, Edit, Mention, NewComment};
use hearth_shared::time::Timestamp;
use hearth_shared::valid::Valid;

use super::hash_request;
use super::hydrate::parse_kind;
use super::mentions::{self, Place};
use super::reactions::counts_of;
use crate::features::friends::store::blocks::hidden_from;
use crate::features::users::store::CardRow;
use crate::features::users::store_standing::active;
use crate::platform::db::among::AmongIds;
use crate::platform::db::{Conn, dialect};
use crate::schema::{comment_edits, comment_reactions, comments, users};

#[derive(Queryable, Selectable)]
#[diesel(table_name = comments)]
struct CommentRow {
    id: i64,
    post_id: i64,
    client_id: String,
    parent_id: Option<i64>,
    body: String,
    reply_count: i64,
    like_count: i64,
    love_count: i64,
    laugh_count: i64,
    wow_count: i64,
    sad_count: i64,
    angry_count: i64,
    created_at: i64,
    edited_at: Option<i64>,
}

/// What rules need to know of a comment.
pub struct CommentFacts {
    /// Which.
    pub id: CommentId,
    /// On which post.
    pub post_id: PostId,
    /// Who wrote it.
    pub author: UserId,
    /// The comment that it answers, and whose that is.
    pub parent: Option<(CommentId, UserId)>,
}

/// The `client_id` of a row.
pub fn client_id(text: String) -> QueryResult<ClientId> {
    text.parse()
        .map_err(|_invalid| diesel::result::Error::DeserializationError("client_id is no UUID".into()))
}

type Row = (CommentRow, CardRow, Option<String>);

fn comment((row, author, mine): Row, mentions: Vec<Mention>) -> QueryResult<Comment> {
    let counts = [
        row.like_count,
        row.love_count,
        row.laugh_count,
        row.wow_count,
        row.sad_count,
        row.angry_count,
    ];
    Ok(Comment {
        id: CommentId::new(row.id),
        client_id: client_id(row.client_id)?,
        post_id: PostId::new(row.post_id),
        author: author.into(),
        parent_id: row.parent_id.map(CommentId::new),
        body: row.body,
        mentions,
        reactions: counts_of(counts),
        my_reaction: mine.as_deref().and_then(parse_kind),
        reply_count: u32::try_from(row.reply_count).unwrap_or(0),
        created_at: Timestamp::from_millis(row.created_at),
        edited_at: row.edited_at.map(Timestamp::from_millis),
    })
}

/// Comments by id, as a viewer sees them; without one as they are the same for all.
pub fn comments_of_ids(
    conn: &mut Conn,
    viewer: Option<UserId>,
    ids: &[i64],
) -> QueryResult<HashMap<i64, Comment>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    // Nobody has the id 0.
    let mine = comment_reactions::table
        .filter(comment_reactions::comment_id.eq(comments::id))
        .filter(comment_reactions::user_id.eq(viewer.map_or(0, Id::get)))
        .select(comment_reactions::kind)
        .single_value();
    let rows: Vec<Row> = comments::table
        .inner_join(users::table)
        .filter(comments::id.among(ids))
        .filter(active())
        .select((CommentRow::as_select(), CardRow::as_select(), mine))
        .load(conn)?;
    let mut named = mentions::of(conn, viewer, Place::Comment, ids)?;
    rows.into_iter()
        .map(|row| {
            let id = row.0.id;
            Ok((id, comment(row, named.remove(&id).unwrap_or_default())?))
        })
        .collect()
}

/// One comment.
pub fn comment_of_id(conn: &mut Conn, viewer: Option<UserId>, id: CommentId) -> QueryResult<Comment> {
    comments_of_ids(conn, viewer, &[id.get()])?
        .remove(&id.get())
        .ok_or(diesel::result::Error::NotFound)
}

/// A comment as it is for all; `None` when it was removed.
pub fn find_shown(conn: &mut Conn, id: CommentId) -> QueryResult<Option<Comment>> {
    match find(conn, id)? {
        Some(_) => comment_of_id(conn, None, id).map(Some),
        None => Ok(None),
    }
}

/// The comments of a post that exist for a viewer, or the replies to one of them, after an id in the order asked for.
pub fn list(
    conn: &mut Conn,
    viewer: UserId,
    (post, parent): (PostId, Option<CommentId>),
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
        .select(comments::id)
        .limit(limit)
        .into_boxed();
    let query = match parent {
        Some(parent) => query.filter(comments::parent_id.eq(parent.get())),
        None => query.filter(comments::parent_id.is_null()),
    };
    let query = match sort {
        CommentSort::Oldest => query
            .filter(comments::id.gt(after.unwrap_or(0)))
            .order(comments::id.asc()),
        CommentSort::Newest => query
            .filter(comments::id.lt(after.unwrap_or(i64::MAX)))
            .order(comments::id.desc()),
    };
    let ids: Vec<i64> = query.load(conn)?;
    let mut comments = comments_of_ids(conn, Some(viewer), &ids)?;
    Ok(ids.iter().filter_map(|id| comments.remove(id)).collect())
}

/// The hash of a request for a comment.
pub fn hash_comment(post: PostId, new: &NewComment) -> Vec<u8> {
    let parent = new.parent_id.map(|parent| parent.to_string());
    match &parent {
        None => hash_request(&[&post.to_string(), &new.body]),
        Some(parent) => hash_request(&[&post.to_string(), &new.body, parent]),
    }
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

/// Writes a comment, perhaps as an answer to another; false when its `client_id` was used before.
pub fn insert(
    conn: &mut Conn,
    id: CommentId,
    (post, parent): (PostId, Option<CommentId>),
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
                comments::parent_id.eq(parent.map(Id::get)),
            ))
            .execute(conn)
    })
}

/// A comment that is not removed, of somebody who is here; a reply to such a one.
pub fn find(conn: &mut Conn, id: CommentId) -> QueryResult<Option<CommentFacts>> {
    let mut there = |id: i64| {
        let row: QueryResult<Option<(i64, i64, Option<i64>)>> = comments::table
            .inner_join(users::table)
            .filter(comments::id.eq(id))
            .filter(comments::deleted_at.is_null())
            .filter(active())
            .select((comments::post_id, comments::author_id, comments::parent_id))
            .first(conn)
            .optional();
        row
    };
    let Some((post, author, parent)) = there(id.get())? else {
        return Ok(None);
    };
    let parent = match parent {
        None => None,
        Some(parent) => match there(parent)? {
            None => return Ok(None),
            Some((_, author, _)) => Some((CommentId::new(parent), UserId::new(author))),
        },
    };
    Ok(Some(CommentFacts {
        id,
        post_id: PostId::new(post),
        author: UserId::new(author),
        parent,
    }))
}

/// A comment, removed or not.
pub struct AnyComment {
    /// On which post.
    pub post_id: PostId,
    /// Who wrote it.
    pub author: UserId,
    /// The comment that it answers, and whose that is.
    pub parent: Option<(CommentId, UserId)>,
    /// When it was removed, if it was.
    pub removed_at: Option<Timestamp>,
    /// Who removed it; nobody when it went with its parent.
    pub removed_by: Option<UserId>,
}

/// A comment, removed or not, whoever wrote it.
pub fn find_any(conn: &mut Conn, id: CommentId) -> QueryResult<Option<AnyComment>> {
    type Row = (i64, i64, Option<i64>, Option<i64>, Option<i64>);
    let row: Option<Row> = comments::table
        .find(id.get())
        .select((
            comments::post_id,
            comments::author_id,
            comments::parent_id,
            comments::deleted_at,
            comments::deleted_by,
        ))
        .first(conn)
        .optional()?;
    let Some((post, author, parent, removed_at, removed_by)) = row else {
        return Ok(None);
    };
    let parent = match parent {
        None => None,
        Some(parent) => {
            author_of(conn, CommentId::new(parent))?.map(|author| (CommentId::new(parent), author))
        }
    };
    Ok(Some(AnyComment {
        post_id: PostId::new(post),
        author: UserId::new(author),
        parent,
        removed_at: removed_at.map(Timestamp::from_millis),
        removed_by: removed_by.map(UserId::new),
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

/// Who wrote a comment and who the one that it answers: whoever does not see one of them does not see it.
pub fn authors_of(conn: &mut Conn, id: CommentId) -> QueryResult<Vec<UserId>> {
    let parents = diesel::alias!(comments as parents);
    let authors: Option<(i64, Option<i64>)> = comments::table
        .left_join(parents.on(parents.field(comments::id).nullable().eq(comments::parent_id)))
        .filter(comments::id.eq(id.get()))
        .select((comments::author_id, parents.field(comments::author_id).nullable()))
        .first(conn)
        .optional()?;
    let authors = authors.map(|(one, other)| [Some(one), other]);
    Ok(authors.into_iter().flatten().flatten().map(UserId::new).collect())
}

/// The replies to a comment that are there, with their authors.
pub fn replies_to(conn: &mut Conn, parent: CommentId) -> QueryResult<Vec<(CommentId, UserId)>> {
    let rows: Vec<(i64, i64)> = comments::table
        .filter(comments::parent_id.eq(parent.get()))
        .filter(comments::deleted_at.is_null())
        .order(comments::id)
        .select((comments::id, comments::author_id))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, author)| (CommentId::new(id), UserId::new(author)))
        .collect())
}

/// Adds to the count of a comment's replies.
pub fn add_to_reply_count(conn: &mut Conn, id: CommentId, delta: i64) -> QueryResult<()> {
    diesel::update(comments::table.find(id.get()))
        .set(comments::reply_count.eq(comments::reply_count + delta))
        .execute(conn)
        .map(drop)
}

/// The text of a comment.
pub fn body_of(conn: &mut Conn, id: CommentId) -> QueryResult<String> {
    comments::table.find(id.get()).select(comments::body).first(conn)
}

/// Changes a comment's text and keeps what it said, under an id.
pub fn update_body(
    conn: &mut Conn,
    id: CommentId,
    (edit_id, before): (i64, &str),
    body: &str,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::insert_into(comment_edits::table)
        .values((
            comment_edits::id.eq(edit_id),
            comment_edits::comment_id.eq(id.get()),
            comment_edits::body.eq(before),
            comment_edits::replaced_at.eq(now.as_millis()),
        ))
        .execute(conn)?;
    diesel::update(comments::table.find(id.get()))
        .set((comments::body.eq(body), comments::edited_at.eq(now.as_millis())))
        .execute(conn)
        .map(drop)
}

/// What a comment said before, the latest first, below an id.
pub fn edits(conn: &mut Conn, id: CommentId, below: i64, limit: i64) -> QueryResult<Vec<(i64, Edit)>> {
    let rows: Vec<(i64, String, i64)> = comment_edits::table
        .filter(comment_edits::comment_id.eq(id.get()))
        .filter(comment_edits::id.lt(below))
        .order(comment_edits::id.desc())
        .limit(limit)
        .select((comment_edits::id, comment_edits::body, comment_edits::replaced_at))
        .load(conn)?;
    let edit = |(id, body, at)| {
        let replaced_at = Timestamp::from_millis(at);
        (id, Edit { body, replaced_at })
    };
    Ok(rows.into_iter().map(edit).collect())
}

/// Marks a comment as removed by somebody, and its replies as gone with it. Gives how many those were.
pub fn remove(conn: &mut Conn, id: CommentId, by: UserId, now: Timestamp) -> QueryResult<i64> {
    let replies = comments::table
        .filter(comments::parent_id.eq(id.get()))
        .filter(comments::deleted_at.is_null());
    let gone = diesel::update(replies)
        .set(comments::deleted_at.eq(now.as_millis()))
        .execute(conn)?;
    diesel::update(comments::table.find(id.get()))
        .set((
            comments::deleted_at.eq(now.as_millis()),
            comments::deleted_by.eq(by.get()),
            comments::reply_count.eq(0_i64),
        ))
        .execute(conn)?;
    Ok(i64::try_from(gone).unwrap_or(0))
}

/// Puts a comment back, and the replies that went with it: those that nobody has removed. Gives how many those are.
pub fn restore(conn: &mut Conn, id: CommentId) -> QueryResult<i64> {
    let replies = comments::table
        .filter(comments::parent_id.eq(id.get()))
        .filter(comments::deleted_at.is_not_null())
        .filter(comments::deleted_by.is_null());
    let back = diesel::update(replies)
        .set(comments::deleted_at.eq(None::<i64>))
        .execute(conn)?;
    let back = i64::try_from(back).unwrap_or(0);
    diesel::update(comments::table.find(id.get()))
        .set((
            comments::deleted_at.eq(None::<i64>),
            comments::deleted_by.eq(None::<i64>),
            comments::reply_count.eq(back),
        ))
        .execute(conn)?;
    Ok(back)
}

/// The newest id given.
pub fn latest_id(conn: &mut Conn) -> QueryResult<Option<i64>> {
    let comment: Option<i64> = comments::table
        .select(diesel::dsl::max(comments::id))
        .first(conn)?;
    let edit: Option<i64> = comment_edits::table
        .select(diesel::dsl::max(comment_edits::id))
        .first(conn)?;
    Ok(comment.max(edit))
}
