//! Friends, requests, and what one was told.

use std::collections::HashMap;

use diesel::prelude::*;
use serde_json::{Value, json};

use super::{Keyed, moment, names};
use crate::features::friends::store::blocks::Kind;
use crate::platform::db::Conn;
use crate::schema::{blocks, friend_requests, friendships, notification_actors, notifications};

pub(super) fn friends(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    let rows: Vec<(i64, i64)> = friendships::table
        .filter(friendships::user_id.eq(me))
        .filter(friendships::friend_id.gt(after))
        .order(friendships::friend_id)
        .limit(limit)
        .select((friendships::friend_id, friendships::since))
        .load(conn)?;
    let ids: Vec<i64> = rows.iter().map(|(id, _)| *id).collect();
    let names = names(conn, &ids)?;
    Ok(rows
        .into_iter()
        .map(|(id, since)| (id, json!({"friend": names.get(&id), "since": moment(since)})))
        .collect())
}

pub(super) fn requests(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    let mine = friend_requests::from_id.eq(me).or(friend_requests::to_id.eq(me));
    let rows: Vec<(i64, i64, i64, i64)> = friend_requests::table
        .filter(mine)
        .filter(friend_requests::id.gt(after))
        .order(friend_requests::id)
        .limit(limit)
        .select((
            friend_requests::id,
            friend_requests::from_id,
            friend_requests::to_id,
            friend_requests::created_at,
        ))
        .load(conn)?;
    let ids: Vec<i64> = rows.iter().flat_map(|(_, from, to, _)| [*from, *to]).collect();
    let names = names(conn, &ids)?;
    Ok(rows
        .into_iter()
        .map(|(id, from, to, at)| {
            let row = json!({"from": names.get(&from), "to": names.get(&to), "created_at": moment(at)});
            (id, row)
        })
        .collect())
}

/// Only blocks that one made: who has blocked somebody is not told to them, here neither.
pub(super) fn blocked(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    let rows: Vec<(i64, i64)> = blocks::table
        .filter(blocks::user_id.eq(me))
        .filter(blocks::kind.eq(Kind::Mine.as_str()))
        .filter(blocks::other_id.gt(after))
        .order(blocks::other_id)
        .limit(limit)
        .select((blocks::other_id, blocks::since))
        .load(conn)?;
    let ids: Vec<i64> = rows.iter().map(|(id, _)| *id).collect();
    let names = names(conn, &ids)?;
    Ok(rows
        .into_iter()
        .map(|(id, since)| (id, json!({"person": names.get(&id), "since": moment(since)})))
        .collect())
}

pub(super) fn told(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    type Row = (i64, i64, String, i64, i64, i64, i64);
    let rows: Vec<Row> = notifications::table
        .filter(notifications::user_id.eq(me))
        .filter(notifications::seq.gt(after))
        .order(notifications::seq)
        .limit(limit)
        .select((
            notifications::seq,
            notifications::id,
            notifications::kind,
            notifications::subject_id,
            notifications::read_seq,
            notifications::created_at,
            notifications::updated_at,
        ))
        .load(conn)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.1).collect();
    let actors: Vec<(i64, i64)> = notification_actors::table
        .filter(notification_actors::notification_id.eq_any(&ids))
        .order((
            notification_actors::notification_id,
            notification_actors::actor_id,
        ))
        .select((
            notification_actors::notification_id,
            notification_actors::actor_id,
        ))
        .load(conn)?;
    let people: Vec<i64> = actors.iter().map(|(_, actor)| *actor).collect();
    let names = names(conn, &people)?;
    let mut by: HashMap<i64, Vec<&Value>> = HashMap::new();
    for (notification, actor) in &actors {
        by.entry(*notification).or_default().extend(names.get(actor));
    }
    Ok(rows
        .into_iter()
        .map(|(seq, id, kind, subject, read, created_at, updated_at)| {
            let row = json!({
                "id": id.to_string(), "kind": kind, "about": subject.to_string(),
                "by": by.remove(&id).unwrap_or_default(), "read": read >= seq,
                "created_at": moment(created_at), "updated_at": moment(updated_at),
            });
            (seq, row)
        })
        .collect())
}
