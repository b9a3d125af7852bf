//! Queries of the search of posts, and what marks tell who may see one.

use diesel::prelude::*;
use hearth_shared::ids::{Id, UserId};
use hearth_shared::posts::Audience;

use super::super::words;
use super::{Looked, is_whole, look};
use crate::features::posts::store::audience_id;
use crate::features::posts::store::visible::visible_to;
use crate::platform::db::Conn;
use crate::platform::db::among::AmongIds;
use crate::platform::db::words::{self as index, Entry, Index, Wanted};
use crate::schema::{friendships, posts};

/// The mark of posts that all may see.
const PUBLIC: &str = "__p";

fn author_mark(author: i64) -> String {
    format!("__{author}")
}

/// What is to be kept of some posts; nothing of those that are removed or gone.
pub fn texts(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Entry>> {
    let rows: Vec<(i64, i64, i64, String)> = posts::table
        .filter(posts::id.among(ids))
        .filter(posts::deleted_at.is_null())
        .select((posts::id, posts::author_id, posts::audience_id, posts::body))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(post, author, audience, body)| {
            let mut marks = vec![author_mark(author)];
            if audience == audience_id(Audience::Public) {
                marks.push(PUBLIC.to_owned());
            }
            Entry {
                id: post,
                words: words::words(&body),
                marks,
            }
        })
        .collect())
}

/// Posts that have all words and that the viewer may see, newest first, below an id.
pub fn newest(
    conn: &mut Conn,
    viewer: UserId,
    words: &[String],
    below: i64,
    limit: i64,
) -> QueryResult<Looked> {
    if words.is_empty() {
        return Ok(Looked::default());
    }
    let marks = marks(conn, viewer)?;
    let whole = is_whole(conn, Index::Posts)?;
    let wanted = Wanted::new(conn, Index::Posts, words, &marks, whole)?;
    let rounds = index::rounds(conn, !marks.is_empty());
    look(conn, &wanted, rounds, below, limit, |conn, found, limit| {
        posts::table
            .filter(posts::id.among(found))
            .filter(visible_to(viewer))
            .order(posts::id.desc())
            .limit(limit)
            .select(posts::id)
            .load(conn)
    })
}

/// What a post has one of if the viewer may see it; nothing when that would be too much to ask for.
fn marks(conn: &mut Conn, viewer: UserId) -> QueryResult<Vec<String>> {
    // Who has many friends sees so much that to name them does not help.
    let max = index::marks_max(conn);
    let friends: Vec<i64> = friendships::table
        .filter(friendships::user_id.eq(viewer.get()))
        .limit(max + 1)
        .select(friendships::friend_id)
        .load(conn)?;
    if i64::try_from(friends.len()).is_ok_and(|count| count > max) {
        return Ok(Vec::new());
    }
    let mut marks: Vec<String> = friends.into_iter().map(author_mark).collect();
    marks.push(author_mark(viewer.get()));
    marks.push(PUBLIC.to_owned());
    Ok(marks)
}

/// The newest posts below an id, removed ones too.
pub fn ids_below(conn: &mut Conn, below: i64, limit: i64) -> QueryResult<Vec<i64>> {
    posts::table
        .filter(posts::id.lt(below))
        .order(posts::id.desc())
        .limit(limit)
        .select(posts::id)
        .load(conn)
}
