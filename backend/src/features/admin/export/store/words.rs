//! What one wrote, felt and said, and what others said to one.

use diesel::prelude::*;
use hearth_shared::ids::{Id, UserId};
use hearth_shared::posts::ReactionCounts;
use serde_json::{Value, json};

use super::account::picture_file;
use super::{Keyed, Page, Place, moment, moment_or_not, names};
use crate::features::media::store::{MediaRow, beside_messages};
use crate::features::posts::store::audience_of;
use crate::features::posts::store::hydrate::CountsRow;
use crate::platform::db::Conn;
use crate::platform::db::among::AmongIds;
use crate::schema::{
    conversation_members as members, conversations, groups, message_reactions, messages, post_edits,
    post_reactions, posts,
};

pub(super) fn written(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    type Row = (
        i64,
        String,
        i64,
        CountsRow,
        (i64, i64),
        Option<i64>,
        (i64, Option<i64>),
    );
    let rows: Vec<Row> = posts::table
        .filter(posts::author_id.eq(me))
        .filter(posts::id.gt(after))
        .filter(posts::deleted_at.is_null())
        .order(posts::id)
        .limit(limit)
        .select((
            posts::id,
            posts::body,
            posts::audience_id,
            CountsRow::as_select(),
            (posts::comment_count, posts::share_count),
            posts::shared_post_id,
            (posts::created_at, posts::edited_at),
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, body, audience, counts, (comments, shares), shared, (created_at, edited_at))| {
            let row = json!({
                "id": id.to_string(), "body": body, "audience": audience_of(audience),
                "reactions": ReactionCounts::from(counts), "comment_count": comments, "share_count": shares,
                "shared_post_id": shared.map(|id| id.to_string()),
                "created_at": moment(created_at), "edited_at": moment_or_not(edited_at),
            });
            (id, row)
        })
        .collect())
}

pub(super) fn edits(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    let rows: Vec<(i64, i64, String, i64, i64)> = post_edits::table
        .inner_join(posts::table)
        .filter(posts::author_id.eq(me))
        .filter(posts::deleted_at.is_null())
        .filter(post_edits::id.gt(after))
        .order(post_edits::id)
        .limit(limit)
        .select((
            post_edits::id,
            post_edits::post_id,
            post_edits::body,
            post_edits::audience_id,
            post_edits::replaced_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, post, body, audience, at)| {
            let row = json!({
                "post_id": post.to_string(), "body": body, "audience": audience_of(audience),
                "replaced_at": moment(at),
            });
            (id, row)
        })
        .collect())
}

pub(super) fn reacted(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    let rows: Vec<(i64, String, i64)> = post_reactions::table
        .filter(post_reactions::user_id.eq(me))
        .filter(post_reactions::post_id.gt(after))
        .order(post_reactions::post_id)
        .limit(limit)
        .select((
            post_reactions::post_id,
            post_reactions::kind,
            post_reactions::created_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(post, kind, at)| {
            let row = json!({"post_id": post.to_string(), "kind": kind, "created_at": moment(at)});
            (post, row)
        })
        .collect())
}

pub(super) fn talks(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    type Row = (
        i64,
        String,
        Option<i64>,
        Option<i64>,
        i64,
        i64,
        i64,
        Option<String>,
    );
    let rows: Vec<Row> = conversations::table
        .inner_join(members::table)
        .left_join(groups::table)
        .filter(members::user_id.eq(me))
        .filter(conversations::id.gt(after))
        .order(conversations::id)
        .limit(limit)
        .select((
            conversations::id,
            conversations::kind,
            conversations::low_id,
            conversations::high_id,
            conversations::last_number,
            members::read_number,
            conversations::created_at,
            groups::title.nullable(),
        ))
        .load(conn)?;
    let ids: Vec<i64> = rows.iter().flat_map(|row| [row.2, row.3]).flatten().collect();
    let names = names(conn, &ids)?;
    Ok(rows
        .into_iter()
        .map(|(id, kind, low, high, last, read, created_at, title)| {
            let with: Vec<&Value> = [low, high]
                .into_iter()
                .flatten()
                .filter(|id| *id != me)
                .filter_map(|id| names.get(&id))
                .collect();
            let row = json!({
                "id": id.to_string(), "kind": kind, "with": with, "title": title, "message_count": last, "read_up_to": read,
                "created_at": moment(created_at),
            });
            (id, row)
        })
        .collect())
}

/// What stands beside a message. The bytes of what others have sent are theirs.
fn attachment(row: &MediaRow) -> Value {
    json!({
        "kind": row.kind, "name": row.file_name(), "alt_text": row.alt_text, "file": picture_file(row),
    })
}

/// Messages of one conversation after the other: the place is the conversation and the number in it.
pub(super) fn said(conn: &mut Conn, user: UserId, place: Place, limit: i64) -> QueryResult<Page> {
    let Place(conversation, after) = place;
    let here: Option<(i64, i64)> = members::table
        .filter(members::user_id.eq(user.get()))
        .filter(members::conversation_id.ge(conversation))
        .order(members::conversation_id)
        .select((members::conversation_id, members::since_number))
        .first(conn)
        .optional()?;
    let Some((here, since)) = here else {
        return Ok(Page {
            rows: Vec::new(),
            next: None,
        });
    };
    let after = if here == conversation {
        after.max(since)
    } else {
        since
    };
    type Row = (
        i64,
        i64,
        i64,
        String,
        Option<i64>,
        (i64, Option<i64>, Option<i64>),
    );
    let rows: Vec<Row> = messages::table
        .filter(messages::conversation_id.eq(here))
        .filter(messages::number.gt(after))
        .order(messages::number)
        .limit(limit)
        .select((
            messages::id,
            messages::number,
            messages::sender_id,
            messages::body,
            messages::reply_to_id,
            (messages::created_at, messages::edited_at, messages::deleted_at),
        ))
        .load(conn)?;
    let senders: Vec<i64> = rows.iter().map(|row| row.2).collect();
    let names = names(conn, &senders)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
    let felt: Vec<(i64, String)> = message_reactions::table
        .filter(message_reactions::user_id.eq(user.get()))
        .filter(message_reactions::message_id.among(&ids))
        .order((message_reactions::message_id, message_reactions::created_at))
        .select((message_reactions::message_id, message_reactions::emoji))
        .load(conn)?;
    let beside = beside_messages::of_messages(conn, &ids)?;
    let full = i64::try_from(rows.len()).is_ok_and(|count| count == limit);
    let next = match rows.last() {
        Some(last) if full => Place(here, last.1),
        _ => Place(here + 1, 0),
    };
    let rows = rows
        .into_iter()
        .map(|(id, number, sender, body, answered, (created_at, edited_at, deleted_at))| {
            let mine = felt.iter().filter(|(of, _)| *of == id);
            let mine: Vec<&str> = mine.map(|(_, emoji)| emoji.as_str()).collect();
            let attachments = beside.get(&id).into_iter().flatten().map(attachment);
            let attachments: Vec<Value> = attachments.collect();
            json!({
                "id": id.to_string(), "conversation_id": here.to_string(), "number": number,
                "from": names.get(&sender), "body": body, "answers": answered.map(|id| id.to_string()),
                "attachments": attachments, "my_reactions": mine, "created_at": moment(created_at), "edited_at": moment_or_not(edited_at),
                "deleted_at": moment_or_not(deleted_at),
            })
        })
        .collect();
    Ok(Page {
        rows,
        next: Some(next),
    })
}
