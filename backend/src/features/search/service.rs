//! What is found, and what is kept of a post or a message to find it.

use hearth_shared::conversations::groups::GroupCard;
use hearth_shared::ids::{ConversationId, Id, PostId, UserId};
use hearth_shared::page::{Cursor, Page, page_size};
use hearth_shared::posts::Post;
use hearth_shared::problem::ErrorCode;
use hearth_shared::search::{
    FEW, FEW_MAX, Found, FoundAll, FoundMessage, Further, SearchAllQuery, SearchKind, SearchQuery,
};
use hearth_shared::users::{PeopleQuery, Person};

use super::store::{self, Looked};
use super::words;
use crate::features::conversations::store as conversations;
use crate::features::groups::finding;
use crate::features::posts::store::hydrate;
use crate::features::users::profile::Looking;
use crate::features::users::search as users;
use crate::platform::cursor;
use crate::platform::db::words::{self as index, Index};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::AppResult;

/// The names of the lists in their cursors.
const POSTS: &str = "search-posts";
const MESSAGES: &str = "search-messages";

/// What is asked for, of whichever kind.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The words, as they were typed.
    pub q: &'a str,
    /// So many at most.
    pub size: u32,
    /// Where to go on.
    pub cursor: Option<&'a Cursor>,
}

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
pub fn posts(conn: &mut Conn, looking: Looking<'_>, asked: &Asked<'_>) -> AppResult<Page<Post>> {
    let below = cursor::read(POSTS, asked.cursor)?.unwrap_or(i64::MAX);
    let words = words::words(asked.q);
    let limit = i64::from(asked.size) + 1;
    let looked = store::posts::newest(conn, looking.actor.user_id, &words, below, limit)?;
    let looked = at_most(looked, asked.size);
    Ok(Page {
        items: hydrate::posts_of_ids(conn, looking, &looked.ids)?,
        next_cursor: looked.rest.map(|rest| cursor::write(POSTS, &rest)).transpose()?,
        seq: None,
    })
}

/// The same of messages, in all of the viewer's conversations or in one.
///
/// # Errors
/// `invalid_cursor`; `not_found` for a conversation that the viewer is not in.
pub fn messages(
    conn: &mut Conn,
    viewer: UserId,
    within: Option<ConversationId>,
    asked: &Asked<'_>,
) -> AppResult<Page<FoundMessage>> {
    let below = cursor::read(MESSAGES, asked.cursor)?.unwrap_or(i64::MAX);
    if let Some(id) = within {
        conversations::members::find_of(conn, viewer, id)?.ok_or(ErrorCode::NotFound)?;
    }
    let words = words::words(asked.q);
    let limit = i64::from(asked.size) + 1;
    let looked = store::messages::newest(conn, viewer, within, &words, below, limit)?;
    let looked = at_most(looked, asked.size);
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
        Some(FoundMessage {
            message,
            other: place.other.clone(),
            group: place.group.clone(),
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

/// The same of people, nearest first.
///
/// # Errors
/// As [`posts`].
pub fn people(conn: &mut Conn, viewer: UserId, asked: &Asked<'_>) -> AppResult<Page<Person>> {
    let after = cursor::read("people", asked.cursor)?;
    let query = PeopleQuery {
        q: asked.q.to_owned(),
        limit: Some(asked.size),
        cursor: None,
    };
    users::people(conn, viewer, &query, after)
}

/// The same of groups, one's own first.
///
/// # Errors
/// As [`posts`].
pub fn groups(conn: &mut Conn, viewer: UserId, asked: &Asked<'_>) -> AppResult<Page<GroupCard>> {
    let after = cursor::read("search-groups", asked.cursor)?;
    finding::groups(conn, viewer, asked.q, asked.size, after.as_ref())
}

/// A page of one kind.
///
/// # Errors
/// As [`posts`] and [`messages`].
pub fn of_kind(conn: &mut Conn, looking: Looking<'_>, query: &SearchQuery) -> AppResult<Page<Found>> {
    let viewer = looking.actor.user_id;
    let asked = Asked {
        q: &query.q,
        size: page_size(query.limit),
        cursor: query.cursor.as_ref(),
    };
    let nothing = Found {
        kind: query.kind,
        post: None,
        message: None,
        person: None,
        group: None,
    };
    Ok(match query.kind {
        SearchKind::Posts => posts(conn, looking, &asked)?.map(|post| Found {
            post: Some(post),
            ..nothing.clone()
        }),
        SearchKind::Messages => messages(conn, viewer, query.conversation_id, &asked)?.map(|message| Found {
            message: Some(message),
            ..nothing.clone()
        }),
        SearchKind::People => people(conn, viewer, &asked)?.map(|person| Found {
            person: Some(person),
            ..nothing.clone()
        }),
        SearchKind::Groups => groups(conn, viewer, &asked)?.map(|group| Found {
            group: Some(group),
            ..nothing.clone()
        }),
    })
}

/// The first few of each kind, of one moment.
///
/// # Errors
/// When the database fails.
pub fn all(conn: &mut Conn, looking: Looking<'_>, query: &SearchAllQuery) -> AppResult<FoundAll> {
    let viewer = looking.actor.user_id;
    let asked = Asked {
        q: &query.q,
        size: query.limit.unwrap_or(FEW).clamp(1, FEW_MAX),
        cursor: None,
    };
    // A letter is in nearly everything that was ever said.
    let said = Asked {
        q: if words::are_telling(&query.q) {
            &query.q
        } else {
            ""
        },
        ..asked
    };
    let people = people(conn, viewer, &asked)?;
    let groups = groups(conn, viewer, &asked)?;
    let posts = posts(conn, looking, &said)?;
    let messages = messages(conn, viewer, None, &said)?;
    Ok(FoundAll {
        people: people.items,
        groups: groups.items,
        posts: posts.items,
        messages: messages.items,
        more: Further {
            people: people.next_cursor,
            groups: groups.next_cursor,
            posts: posts.next_cursor,
            messages: messages.next_cursor,
        },
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
