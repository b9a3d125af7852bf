//! Posts that others pass on, as somebody may see them now.

use std::collections::HashMap;

use diesel::prelude::*;
use hearth_shared::ids::{Id, PostId, UserId};
use hearth_shared::posts::Original;
use hearth_shared::time::Timestamp;

use super::audience_of;
use super::visible::visible_to;
use crate::features::users;
use crate::platform::db::Conn;
use crate::platform::db::among::AmongIds;
use crate::schema::posts;

#[derive(Queryable, Selectable)]
#[diesel(table_name = posts)]
struct OriginalRow {
    id: i64,
    author_id: i64,
    body: String,
    audience_id: i64,
    created_at: i64,
    edited_at: Option<i64>,
}

/// Those of some posts that the viewer may see, without what stands in tables of its own.
pub fn of_ids(conn: &mut Conn, viewer: UserId, ids: &[i64]) -> QueryResult<HashMap<i64, Original>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<OriginalRow> = posts::table
        .filter(posts::id.among(ids))
        .filter(visible_to(viewer))
        .select(OriginalRow::as_select())
        .load(conn)?;
    let authors: Vec<i64> = rows.iter().map(|row| row.author_id).collect();
    let cards = users::store::cards(conn, &authors)?;
    let original = |row: OriginalRow| {
        let original = Original {
            id: PostId::new(row.id),
            author: cards.get(&row.author_id)?.clone(),
            body: row.body,
            mentions: Vec::new(),
            audience: audience_of(row.audience_id),
            media: Vec::new(),
            created_at: Timestamp::from_millis(row.created_at),
            edited_at: row.edited_at.map(Timestamp::from_millis),
        };
        Some((row.id, original))
    };
    Ok(rows.into_iter().filter_map(original).collect())
}
