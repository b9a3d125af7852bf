//! Queries on the pictures of groups.

use diesel::prelude::*;
use hearth_shared::ids::{ConversationId, Id, MediaId, UserId};
use hearth_shared::time::Timestamp;

use super::MediaRow;
use crate::features::users::store_standing::active;
use crate::platform::db::Conn;
use crate::schema::{groups, media, users};

/// The group whose picture something is.
pub fn group_of(conn: &mut Conn, id: MediaId) -> QueryResult<Option<ConversationId>> {
    let group: Option<i64> = groups::table
        .filter(groups::picture_id.eq(id.get()))
        .select(groups::conversation_id)
        .first(conn)
        .optional()?;
    Ok(group.map(ConversationId::new))
}

/// A group whose picture is one of somebody's.
pub fn one_of(conn: &mut Conn, owner: UserId) -> QueryResult<Option<ConversationId>> {
    let group: Option<i64> = groups::table
        .inner_join(media::table.on(groups::picture_id.eq(media::id.nullable())))
        .filter(media::owner_id.eq(owner.get()))
        .select(groups::conversation_id)
        .first(conn)
        .optional()?;
    Ok(group.map(ConversationId::new))
}

/// The picture of a group, when it is this one, and its owner is there.
pub fn find(conn: &mut Conn, group: ConversationId, id: MediaId) -> QueryResult<Option<MediaRow>> {
    groups::table
        .inner_join(media::table.on(groups::picture_id.eq(media::id.nullable())))
        .inner_join(users::table.on(users::id.eq(media::owner_id)))
        .filter(groups::conversation_id.eq(group.get()))
        .filter(media::id.eq(id.get()))
        .filter(active())
        .select(MediaRow::as_select())
        .first(conn)
        .optional()
}

/// What was the picture of a group belongs to nothing from now on, and is cleared away after a day.
pub fn detach(conn: &mut Conn, id: MediaId, now: Timestamp) -> QueryResult<()> {
    diesel::update(media::table.find(id.get()))
        .set((
            media::attached_at.eq(None::<i64>),
            media::detached_at.eq(now.as_millis()),
        ))
        .execute(conn)
        .map(drop)
}
