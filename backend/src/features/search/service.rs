//! What is found, and what is kept of a post to find it.

use hearth_shared::ids::{Id, PostId};
use hearth_shared::page::{Page, page_size};
use hearth_shared::search::{Found, SearchKind, SearchQuery};

use super::{store, words};
use crate::features::posts::store::hydrate;
use crate::features::users::profile::Looking;
use crate::platform::cursor;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::AppResult;

/// The name of the list in its cursors.
const LIST: &str = "search-posts";

/// A post was written, changed, removed, put back or has gone for good: its words are kept, or forgotten, with it.
/// Whoever does one of these calls this after it, in the same transaction.
///
/// # Errors
/// When the database fails.
pub fn post_changed(tx: &mut Tx<'_>, id: PostId) -> AppResult<()> {
    let found = store::texts(tx.conn(), &[id.get()])?;
    if found.is_empty() {
        store::forget(tx.conn(), id)?;
    }
    Ok(store::keep(tx.conn(), &found)?)
}

/// A page of the posts that have all words and that the viewer may see, newest first.
///
/// It may be shorter than asked for and go on all the same: a request looks at so many posts and no more.
///
/// # Errors
/// `invalid_cursor`, or when the database fails.
pub fn posts(conn: &mut Conn, looking: Looking<'_>, query: &SearchQuery) -> AppResult<Page<Found>> {
    let below = cursor::read(LIST, query.cursor.as_ref())?.unwrap_or(i64::MAX);
    let size = page_size(query.limit);
    let words = words::words(&query.q);
    let mut looked = store::newest(conn, looking.actor.user_id, &words, below, i64::from(size) + 1)?;
    if looked.ids.len() > size as usize {
        looked.ids.truncate(size as usize);
        looked.rest = looked.ids.last().copied();
    }
    let posts = hydrate::posts_of_ids(conn, looking, &looked.ids)?;
    let found = |post| Found {
        kind: SearchKind::Posts,
        post: Some(post),
    };
    Ok(Page {
        items: posts.into_iter().map(found).collect(),
        next_cursor: looked.rest.map(|rest| cursor::write(LIST, &rest)).transpose()?,
        seq: None,
    })
}
