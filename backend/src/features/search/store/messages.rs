//! Queries of the search of messages, and what marks tell who may see one.

use std::collections::{HashMap, HashSet};

use diesel::dsl::exists;
use diesel::prelude::*;
use hearth_shared::ids::{ConversationId, Id, UserId};

use super::super::words;
use super::{Looked, is_whole, look};
use crate::features::conversations::store::members::some_groups;
use crate::platform::db::Conn;
use crate::platform::db::among::AmongIds;
use crate::platform::db::words::{self as index, Entry, Index, Wanted};
use crate::schema::{conversation_members as members, conversations, media, message_media, messages};

/// Messages whose words are read at once.
const AT_ONCE: usize = 500;
/// Groups that are named in a search. Whoever is in more looks through everything that has the words: others' messages are
/// passed over then.
const GROUPS_MAX: i64 = 200;

fn conversation_mark(conversation: i64) -> String {
    format!("__c{conversation}")
}

fn person_mark(user: i64) -> String {
    format!("__u{user}")
}

/// What is to be kept of some messages: what they say and what stands beside them is called. Nothing of those that are
/// removed or gone.
pub fn texts(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Entry>> {
    type Row = (i64, i64, Option<i64>, Option<i64>, String);
    let rows: Vec<Row> = messages::table
        .inner_join(conversations::table)
        .filter(messages::id.among(ids))
        .filter(messages::deleted_at.is_null())
        .select((
            messages::id,
            messages::conversation_id,
            conversations::low_id,
            conversations::high_id,
            messages::body,
        ))
        .load(conn)?;
    let mut names = names(conn, ids)?;
    Ok(rows
        .into_iter()
        .map(|(id, conversation, low, high, body)| {
            let mut marks = vec![conversation_mark(conversation)];
            marks.extend(low.into_iter().chain(high).map(person_mark));
            let text = [body].into_iter().chain(names.remove(&id).unwrap_or_default());
            Entry {
                id,
                words: words::words(&text.collect::<Vec<_>>().join(" ")),
                marks,
            }
        })
        .collect())
}

/// What is beside some messages is called, and described as.
fn names(conn: &mut Conn, ids: &[i64]) -> QueryResult<HashMap<i64, Vec<String>>> {
    let rows: Vec<(i64, String, String)> = message_media::table
        .inner_join(media::table)
        .filter(message_media::message_id.among(ids))
        .select((message_media::message_id, media::name, media::alt_text))
        .load(conn)?;
    let mut names: HashMap<i64, Vec<String>> = HashMap::new();
    for (message, name, alt) in rows {
        names.entry(message).or_default().extend([name, alt]);
    }
    Ok(names)
}

/// Keeps, or forgets, the words of some messages as they are now.
pub fn changed(conn: &mut Conn, ids: &[i64]) -> QueryResult<()> {
    // Whoever goes may have sent a hundred thousand files.
    for ids in ids.chunks(AT_ONCE) {
        let found = texts(conn, ids)?;
        let there: HashSet<i64> = found.iter().map(|entry| entry.id).collect();
        let gone: Vec<i64> = ids.iter().copied().filter(|id| !there.contains(id)).collect();
        if !gone.is_empty() {
            index::forget(conn, Index::Messages, &gone)?;
        }
        index::keep(conn, Index::Messages, &found)?;
    }
    Ok(())
}

/// Messages that have all words and that are for the viewer, newest first, below an id; of one conversation, or of all that
/// the viewer is in.
pub fn newest(
    conn: &mut Conn,
    viewer: UserId,
    within: Option<ConversationId>,
    words: &[String],
    below: i64,
    limit: i64,
) -> QueryResult<Looked> {
    if words.is_empty() {
        return Ok(Looked::default());
    }
    let marks = match within {
        Some(id) => vec![conversation_mark(id.get())],
        None => marks(conn, viewer)?,
    };
    let rounds = if marks.is_empty() {
        index::rounds(conn, false)
    } else {
        index::MARKED_ROUNDS
    };
    let whole = is_whole(conn, Index::Messages)?;
    let wanted = Wanted::new(conn, Index::Messages, words, &marks, whole)?;
    look(conn, &wanted, rounds, below, limit, |conn, found, limit| {
        let theirs = members::table
            .filter(members::conversation_id.eq(messages::conversation_id))
            .filter(members::user_id.eq(viewer.get()))
            .filter(members::since_number.lt(messages::number));
        messages::table
            .filter(messages::id.among(found))
            .filter(messages::deleted_at.is_null())
            .filter(exists(theirs))
            .order(messages::id.desc())
            .limit(limit)
            .select(messages::id)
            .load(conn)
    })
}

/// What a message has one of if the viewer may see it; nothing when that would be too much to ask for.
fn marks(conn: &mut Conn, viewer: UserId) -> QueryResult<Vec<String>> {
    let groups = some_groups(conn, viewer, GROUPS_MAX + 1)?;
    if i64::try_from(groups.len()).is_ok_and(|count| count > GROUPS_MAX) {
        return Ok(Vec::new());
    }
    let mut marks: Vec<String> = groups.into_iter().map(|id| conversation_mark(id.get())).collect();
    marks.push(person_mark(viewer.get()));
    Ok(marks)
}

/// The newest messages below an id, removed ones too.
pub fn ids_below(conn: &mut Conn, below: i64, limit: i64) -> QueryResult<Vec<i64>> {
    messages::table
        .filter(messages::id.lt(below))
        .order(messages::id.desc())
        .limit(limit)
        .select(messages::id)
        .load(conn)
}
