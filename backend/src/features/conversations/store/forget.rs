//! Queries for taking the words out of what somebody said, and away what they felt.

use diesel::prelude::*;
use hearth_shared::ids::{ConversationId, Id, UserId};
use hearth_shared::time::Timestamp;

use super::mentions;
use crate::features::media::store::beside_messages;
use crate::features::realtime::store::position;
use crate::features::search;
use crate::platform::db::Conn;
use crate::platform::db::among::AmongIds;
use crate::schema::{
    conversation_members as members, conversations, media, message_media, message_reactions, messages,
};

/// Takes the words out of some of a person's messages. Gives who reads anew; `None` when there was nothing to do.
pub fn wipe(conn: &mut Conn, user: UserId, limit: i64, now: Timestamp) -> QueryResult<Option<Touched>> {
    let rows: Vec<(i64, i64)> = messages::table
        .filter(messages::sender_id.eq(user.get()))
        .filter(messages::body.ne(""))
        .limit(limit)
        .select((messages::id, messages::conversation_id))
        .load(conn)?;
    if rows.is_empty() {
        return Ok(None);
    }
    let (ids, talks): (Vec<i64>, Vec<i64>) = rows.into_iter().unzip();
    diesel::delete(message_reactions::table.filter(message_reactions::message_id.eq_any(&ids)))
        .execute(conn)?;
    mentions::clear(conn, &ids)?;
    // The hash is of the words: a short text could be guessed from it.
    diesel::update(messages::table.filter(messages::id.eq_any(&ids)))
        .set((
            messages::body.eq(""),
            messages::request_hash.eq(Vec::new()),
            messages::deleted_at.eq(now.as_millis()),
            messages::pinned_at.eq(None::<i64>),
        ))
        .execute(conn)?;
    search::store::messages::changed(conn, &ids)?;
    touched(conn, user, talks).map(Some)
}

/// Takes some of what a person put on messages. Gives who reads anew; `None` when there was nothing to do.
pub fn take_reactions(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<Option<Touched>> {
    let rows: Vec<(i64, i64)> = message_reactions::table
        .inner_join(messages::table)
        .filter(message_reactions::user_id.eq(user.get()))
        .order(message_reactions::message_id)
        .limit(limit)
        .select((messages::id, messages::conversation_id))
        .load(conn)?;
    if rows.is_empty() {
        return Ok(None);
    }
    let (ids, talks): (Vec<i64>, Vec<i64>) = rows.into_iter().unzip();
    let own = message_reactions::table.filter(message_reactions::user_id.eq(user.get()));
    diesel::delete(own.filter(message_reactions::message_id.eq_any(ids))).execute(conn)?;
    touched(conn, user, talks).map(Some)
}

/// Takes what a person has sent away from all their messages; those without words are removed by that. Gives who reads anew.
pub fn take_attachments(conn: &mut Conn, user: UserId, now: Timestamp) -> QueryResult<Touched> {
    let rows: Vec<(i64, i64)> = message_media::table
        .inner_join(messages::table)
        .inner_join(media::table)
        .filter(media::owner_id.eq(user.get()))
        .select((messages::id, messages::conversation_id))
        .distinct()
        .load(conn)?;
    if rows.is_empty() {
        return Ok(Touched::default());
    }
    let (ids, talks): (Vec<i64>, Vec<i64>) = rows.into_iter().unzip();
    beside_messages::detach(conn, &ids, now)?;
    let wordless: Vec<i64> = messages::table
        .filter(messages::id.among(&ids))
        .filter(messages::body.eq(""))
        .filter(messages::deleted_at.is_null())
        .select(messages::id)
        .load(conn)?;
    diesel::delete(message_reactions::table.filter(message_reactions::message_id.among(&wordless)))
        .execute(conn)?;
    diesel::update(messages::table.filter(messages::id.among(&wordless)))
        .set((
            messages::request_hash.eq(Vec::new()),
            messages::deleted_at.eq(now.as_millis()),
            messages::pinned_at.eq(None::<i64>),
        ))
        .execute(conn)?;
    // The others say what they said, and have no names of files any more.
    search::store::messages::changed(conn, &ids)?;
    touched(conn, user, talks)
}

/// Who reads anew after that.
#[derive(Debug, Default)]
pub struct Touched {
    /// The other ones of conversations of two.
    pub people: Vec<UserId>,
    /// Groups, and the version of who is in them: there may be thousands in each.
    pub groups: Vec<(ConversationId, u64)>,
}

/// Who is in some conversations besides a person.
fn touched(conn: &mut Conn, user: UserId, mut talks: Vec<i64>) -> QueryResult<Touched> {
    talks.sort_unstable();
    talks.dedup();
    let people: Vec<i64> = members::table
        .inner_join(conversations::table)
        .filter(members::conversation_id.among(&talks))
        .filter(members::user_id.ne(user.get()))
        .filter(conversations::kind.eq(super::DIRECT))
        .select(members::user_id)
        .distinct()
        .load(conn)?;
    let groups: Vec<(i64, i64)> = conversations::table
        .filter(conversations::id.among(&talks))
        .filter(conversations::kind.eq(super::GROUP))
        .select((conversations::id, conversations::membership_version))
        .load(conn)?;
    let groups = groups.into_iter();
    Ok(Touched {
        people: people.into_iter().map(UserId::new).collect(),
        groups: groups
            .map(|(id, version)| (ConversationId::new(id), position(version)))
            .collect(),
    })
}
