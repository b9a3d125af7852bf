//! The account itself: what one says of oneself, pictures, invitations, devices, what was done to it.

use diesel::prelude::*;
use hearth_shared::ids::{Id, UserId};
use hearth_shared::notifications::preferences::NotificationPreferences;
use serde_json::json;

use super::{Keyed, moment, moment_or_not};
use crate::features::media::store::MediaRow;
use crate::features::{media, notifications, privacy};
use crate::platform::db::Conn;
use crate::schema::{audit_events, invitations, profile_fields, sessions, users as people};

pub(super) fn profile(conn: &mut Conn, me: i64, after: i64) -> QueryResult<Keyed> {
    type Row = (i64, String, String, String, String, i64, i64, i64);
    let rows: Vec<Row> = people::table
        .find(me)
        .filter(people::id.gt(after))
        .select((
            people::id,
            people::username,
            people::display_name,
            people::email,
            people::role,
            people::friend_count,
            people::post_count,
            people::created_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, username, display_name, email, role, friends, posts, created_at)| {
            let row = json!({
                "id": UserId::new(id), "username": username, "display_name": display_name, "email": email,
                "role": role, "friend_count": friends, "post_count": posts, "created_at": moment(created_at),
            });
            (id, row)
        })
        .collect())
}

/// All of it at once: there are only so many fields.
pub(super) fn about(conn: &mut Conn, me: i64, after: i64) -> QueryResult<Keyed> {
    if after > 0 {
        return Ok(Vec::new());
    }
    let bio: String = people::table.find(me).select(people::bio).first(conn)?;
    let fields: Vec<(String, String, String)> = profile_fields::table
        .filter(profile_fields::user_id.eq(me))
        .order(profile_fields::name)
        .select((
            profile_fields::name,
            profile_fields::value,
            profile_fields::audience,
        ))
        .load(conn)?;
    let said = fields
        .into_iter()
        .map(|(name, value, audience)| json!({"field": name, "value": value, "audience": audience}));
    let bio = (!bio.is_empty()).then(|| json!({"field": "bio", "value": bio}));
    Ok(bio.into_iter().chain(said).map(|row| (1, row)).collect())
}

/// Where a picture, a film or a file lies in the zip.
pub(in crate::features::admin::export) fn picture_file(row: &MediaRow) -> String {
    if row.format.is_empty() {
        return format!("media/{}", row.id());
    }
    format!("media/{}.{}", row.id(), row.format)
}

pub(super) fn pictures(conn: &mut Conn, user: UserId, after: i64, limit: i64) -> QueryResult<Keyed> {
    let rows = media::store::of_owner(conn, user, after, limit)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let posts = media::store::beside_posts::posts_of(conn, &ids)?;
    let messages = media::store::beside_messages::messages_of(conn, &ids)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let shown = json!({
                "file": picture_file(&row), "name": row.name, "used_as": row.purpose, "alt_text": row.alt_text,
                "width": row.width, "height": row.height, "kind": row.kind, "duration_ms": row.duration_ms,
                "post_id": posts.get(&row.id).map(ToString::to_string),
                "message_id": messages.get(&row.id).map(ToString::to_string),
                "poster_id": row.poster_id.map(|id| id.to_string()),
            });
            (row.id().get(), shown)
        })
        .collect())
}

pub(super) fn invited(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    let rows: Vec<(i64, String, i64, i64, Option<i64>)> = invitations::table
        .filter(invitations::inviter_id.eq(me))
        .filter(invitations::id.gt(after))
        .order(invitations::id)
        .limit(limit)
        .select((
            invitations::id,
            invitations::note,
            invitations::created_at,
            invitations::expires_at,
            invitations::used_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, note, created_at, expires_at, used_at)| {
            let row = json!({
                "note": note, "created_at": moment(created_at), "expires_at": moment(expires_at),
                "used_at": moment_or_not(used_at),
            });
            (id, row)
        })
        .collect())
}

pub(super) fn devices(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    let rows: Vec<(i64, String, i64, i64, Option<i64>)> = sessions::table
        .filter(sessions::user_id.eq(me))
        .filter(sessions::id.gt(after))
        .order(sessions::id)
        .limit(limit)
        .select((
            sessions::id,
            sessions::user_agent,
            sessions::created_at,
            sessions::rotated_at,
            sessions::ended_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, agent, created_at, used_at, ended_at)| {
            let row = json!({
                "id": id.to_string(), "program": agent, "created_at": moment(created_at),
                "last_used_at": moment(used_at), "ended_at": moment_or_not(ended_at),
            });
            (id, row)
        })
        .collect())
}

pub(super) fn history(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    type Row = (i64, i64, String, Option<i64>, Option<String>, Option<String>);
    let rows: Vec<Row> = audit_events::table
        .filter(audit_events::subject_id.eq(me))
        .filter(audit_events::id.gt(after))
        .order(audit_events::id)
        .limit(limit)
        .select((
            audit_events::id,
            audit_events::created_at,
            audit_events::action,
            audit_events::actor_id,
            audit_events::network,
            audit_events::details,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, at, action, actor, network, details)| {
            let row = json!({
                "what": action, "by_me": actor == Some(me), "network": network, "details": details,
                "created_at": moment(at),
            });
            (id, row)
        })
        .collect())
}

pub(super) fn privacy(conn: &mut Conn, user: UserId, after: i64) -> QueryResult<Keyed> {
    let id = user.get();
    let chosen = privacy::store::changed_among(conn, &[id])?.remove(&id);
    Ok(chosen
        .filter(|_| after == 0)
        .map(|settings| (id, json!(settings)))
        .into_iter()
        .collect())
}

pub(super) fn wanted(conn: &mut Conn, user: UserId, after: i64) -> QueryResult<Keyed> {
    let wanted = notifications::preferences::of(conn, user)?;
    Ok(Some(wanted)
        .filter(|wanted| after == 0 && *wanted != NotificationPreferences::default())
        .map(|wanted| (user.get(), json!(wanted)))
        .into_iter()
        .collect())
}
