//! What is found, and what is kept of a post or a message to find it.

use hearth_shared::ids::{Id, PostId};
use hearth_shared::page::{Page, page_size};
use hearth_shared::problem::ErrorCode;
use hearth_shared::search::{Found, FoundMessage, SearchKind, SearchQuery};

use super::store::{self, Looked};
use super::words;
use crate::features::conversations::store as conversations;
use crate::features::posts::store::hydrate;
use crate::features::users::profile::Looking;
use crate::platform::cursor;
use crate::platform::db::words::{self as index, Index};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::AppResult;

/// The names of the lists in their cursors.
const POSTS: &str = "search-posts";
const MESSAGES: &str = "search-messages";

/// A post was written, changed, removed, put back or has gone for good: its words are kept, or forgotten, with it.
/// Whoever does one of these calls this after it, in the same transaction.
///
/// # Errors
/// When the database fails.
pub fn post_changed(tx: &mut Tx<'_>, id: PostId) -> AppResult<()> {
    let found = store::posts::texts(tx.conn(), &[id.get()])?;
    if found.is_empty() {
        index::forget(tx.conn(), Index::Posts, &[id.get()])?;
    }
    Ok(index::keep(tx.conn(), Index::Posts, &found)?)
}

/// The same of some messages. Those that have gone for good have no words any more by themselves.
///
/// # Errors
/// When the database fails.
pub fn messages_changed(tx: &mut Tx<'_>, ids: &[i64]) -> AppResult<()> {
    Ok(store::messages::changed(tx.conn(), ids)?)
}

/// A page of the posts that have all words and that the viewer may see, newest first.
///
/// It may be shorter than asked for and go on all the same: a request looks at so many posts and no more.
///
/// # Errors
/// `invalid_cursor`, or when the database fails.
pub fn posts(conn: &mut Conn, looking: Looking<'_>, query: &SearchQuery) -> AppResult<Page<Found>> {
    let below = cursor::read(POSTS, query.cursor.as_ref())?.unwrap_or(i64::MAX);
    let size = page_size(query.limit);
    let words = words::words(&query.q);
    let looked = store::posts::newest(conn, looking.actor.user_id, &words, below, i64::from(size) + 1)?;
    let looked = at_most(looked, size);
    let posts = hydrate::posts_of_ids(conn, looking, &looked.ids)?;
    let found = |post| Found {
        kind: SearchKind::Posts,
        post: Some(post),
        message: None,
    };
    Ok(Page {
        items: posts.into_iter().map(found).collect(),
        next_cursor: looked.rest.map(|rest| cursor::write(POSTS, &rest)).transpose()?,
        seq: None,
    })
}

/// The same of messages, in all of the viewer's conversations or in one.
///
/// # Errors
/// `invalid_cursor`; `not_found` for a conversation that the viewer is not in.
pub fn messages(conn: &mut Conn, looking: Looking<'_>, query: &SearchQuery) -> AppResult<Page<Found>> {
    let viewer = looking.actor.user_id;
    let below = cursor::read(MESSAGES, query.cursor.as_ref())?.unwrap_or(i64::MAX);
    let size = page_size(query.limit);
    if let Some(id) = query.conversation_id {
        conversations::members::find_of(conn, viewer, id)?.ok_or(ErrorCode::NotFound)?;
    }
    let words = words::words(&query.q);
    let limit = i64::from(size) + 1;
    let looked = store::messages::newest(conn, viewer, query.conversation_id, &words, below, limit)?;
    let looked = at_most(looked, size);
    let mut messages = conversations::messages::messages_of_ids(conn, &looked.ids)?;
    let mut places: Vec<i64> = messages
        .values()
        .map(|message| message.conversation_id.get())
        .collect();
    places.sort_unstable();
    places.dedup();
    let places = conversations::hydrate::places(conn, viewer, &places)?;
    let found = |id: &i64| {
        let message = messages.remove(id)?;
        let place = places.get(&message.conversation_id)?;
        Some(Found {
            kind: SearchKind::Messages,
            post: None,
            message: Some(FoundMessage {
                message,
                other: place.other.clone(),
                group: place.group.clone(),
            }),
        })
    };
    Ok(Page {
        items: looked.ids.iter().filter_map(found).collect(),
        next_cursor: looked
            .rest
            .map(|rest| cursor::write(MESSAGES, &rest))
            .transpose()?,
        seq: None,
    })
}

/// A page has so many; there is more when one more was found.
fn at_most(mut looked: Looked, size: u32) -> Looked {
    if looked.ids.len() > size as usize {
        looked.ids.truncate(size as usize);
        looked.rest = looked.ids.last().copied();
    }
    looked
}
