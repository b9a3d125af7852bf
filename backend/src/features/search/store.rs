//! Queries of the search of posts.

use diesel::prelude::*;
use hearth_shared::ids::{Id, PostId, UserId};
use hearth_shared::posts::Audience;

use super::words;
use crate::features::posts::store::audience_id;
use crate::features::posts::store::visible::visible_to;
use crate::platform::db::Conn;
use crate::platform::db::among::AmongIds;
use crate::platform::db::words::{self as index, Entry, Round, Wanted};
use crate::schema::{friendships, posts, search_progress};

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
                post,
                words: words::words(&body),
                marks,
            }
        })
        .collect())
}

/// See [`index::keep`].
pub fn keep(conn: &mut Conn, entries: &[Entry]) -> QueryResult<()> {
    if entries.is_empty() {
        return Ok(());
    }
    index::keep(conn, entries)
}

/// See [`index::forget`].
pub fn forget(conn: &mut Conn, post: PostId) -> QueryResult<()> {
    index::forget(conn, post.get())
}

/// What a search has looked at.
#[derive(Debug, Default)]
pub struct Looked {
    /// What it found, newest first.
    pub ids: Vec<i64>,
    /// Below which post it would go on; `None`: there is nothing more.
    pub rest: Option<i64>,
}

/// Posts that have all words and that the viewer may see, newest first, below an id.
pub fn newest(
    conn: &mut Conn,
    viewer: UserId,
    words: &[String],
    below: i64,
    limit: i64,
) -> QueryResult<Looked> {
    let mut looked = Looked::default();
    if words.is_empty() {
        return Ok(looked);
    }
    let marks = marks(conn, viewer)?;
    let wanted = Wanted::new(conn, words, &marks);
    let mut below = below;
    for round in index::rounds(conn) {
        let missing = limit - i64::try_from(looked.ids.len()).unwrap_or(limit);
        let found: Vec<i64> = posts::table
            .filter(index::found(conn, &wanted, *round, below))
            .filter(visible_to(viewer))
            .order(posts::id.desc())
            .limit(missing)
            .select(posts::id)
            .load(conn)?;
        let enough = i64::try_from(found.len()).is_ok_and(|count| count >= missing);
        if enough || !matches!(round, Round::Newest(_)) {
            looked.ids.extend(found);
        }
        if enough {
            return Ok(looked);
        }
        match index::last_found(conn, &wanted, *round, below)? {
            Some(last) => below = last,
            None => return Ok(looked),
        }
    }
    looked.rest = Some(below);
    Ok(looked)
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

/// Below which post there are posts that were never indexed; `None` when there are none.
pub fn unindexed_below(conn: &mut Conn) -> QueryResult<Option<i64>> {
    search_progress::table
        .find(1_i64)
        .select(search_progress::below)
        .first(conn)
        .optional()
}

/// Everything from an id on is indexed; from `None` on, all there is.
pub fn set_unindexed_below(conn: &mut Conn, below: Option<i64>) -> QueryResult<()> {
    let row = search_progress::table.find(1_i64);
    match below {
        Some(below) => diesel::update(row)
            .set(search_progress::below.eq(below))
            .execute(conn),
        None => diesel::delete(row).execute(conn),
    }
    .map(drop)
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
