//! From ids to posts as a viewer sees them, in the same few queries however many there are.

use std::collections::HashMap;

use diesel::dsl::exists;
use diesel::prelude::*;
use hearth_shared::ids::{Id, PostId, UserId};
use hearth_shared::posts::{Post, ReactionCounts, ReactionKind};
use hearth_shared::time::Timestamp;

use super::mentions::{self, Place};
use super::reactions::counts_of;
use super::{audience_of, comments as comment_store};
use crate::features::friends::store::blocks::hidden_from;
use crate::features::users::store::CardRow;
use crate::platform::db::Conn;
use crate::schema::{comments, post_reactions, posts, users};

#[derive(Queryable, Selectable)]
#[diesel(table_name = posts)]
struct FullRow {
    id: i64,
    client_id: String,
    body: String,
    audience_id: i64,
    #[diesel(embed)]
    counts: CountsRow,
    comment_count: i64,
    created_at: i64,
    edited_at: Option<i64>,
}

/// How many reactions of each kind.
#[derive(Queryable, Selectable)]
#[diesel(table_name = posts)]
pub struct CountsRow {
    like_count: i64,
    love_count: i64,
    laugh_count: i64,
    wow_count: i64,
    sad_count: i64,
    angry_count: i64,
}

impl From<CountsRow> for ReactionCounts {
    fn from(row: CountsRow) -> Self {
        let counts = [
            row.like_count,
            row.love_count,
            row.laugh_count,
            row.wow_count,
            row.sad_count,
            row.angry_count,
        ];
        counts_of(counts)
    }
}

/// The kind that a text stands for.
pub fn parse_kind(text: &str) -> Option<ReactionKind> {
    ReactionKind::ALL.into_iter().find(|kind| kind.as_str() == text)
}

/// A post's row, its author, the viewer's reaction, the newest comment and the one before it.
type Row = (FullRow, CardRow, Option<String>, Option<i64>, Option<i64>);

/// The posts of some ids, in their order. The viewer's right to see them has been checked.
pub fn posts_of_ids(conn: &mut Conn, viewer: UserId, ids: &[i64]) -> QueryResult<Vec<Post>> {
    let mine = post_reactions::table
        .filter(post_reactions::post_id.eq(posts::id))
        .filter(post_reactions::user_id.eq(viewer.get()))
        .select(post_reactions::kind)
        .single_value();
    // `active()`, for a second place in the same query.
    let writers = diesel::alias!(users as writers);
    let newest = || {
        comments::table
            .filter(comments::post_id.eq(posts::id))
            .filter(comments::parent_id.is_null())
            .filter(comments::deleted_at.is_null())
            .filter(exists(
                writers
                    .filter(writers.field(users::id).eq(comments::author_id))
                    .filter(writers.field(users::suspended_at).is_null())
                    .filter(writers.field(users::deletion_at).is_null())
                    .filter(writers.field(users::deleted_at).is_null()),
            ))
            .filter(comments::author_id.ne_all(hidden_from(viewer)))
            .order(comments::id.desc())
            .select(comments::id)
    };
    let rows: Vec<Row> = posts::table
        .inner_join(users::table)
        .filter(posts::id.eq_any(ids))
        .select((
            FullRow::as_select(),
            CardRow::as_select(),
            mine,
            newest().single_value(),
            newest().offset(1).single_value(),
        ))
        .load(conn)?;
    let comment_ids: Vec<i64> = rows
        .iter()
        .flat_map(|(_, _, _, last, before)| [*before, *last])
        .flatten()
        .collect();
    let mut last_comments = comment_store::comments_of_ids(conn, Some(viewer), &comment_ids)?;
    let mut named = mentions::of(conn, Some(viewer), Place::Post, ids)?;
    let mut posts: HashMap<i64, Post> = HashMap::with_capacity(rows.len());
    for (row, author, mine, last, before) in rows {
        let post = Post {
            id: PostId::new(row.id),
            client_id: comment_store::client_id(row.client_id)?,
            author: author.into(),
            body: row.body,
            audience: audience_of(row.audience_id),
            reactions: row.counts.into(),
            my_reaction: mine.as_deref().and_then(parse_kind),
            comment_count: u32::try_from(row.comment_count).unwrap_or(0),
            last_comments: [before, last]
                .into_iter()
                .flatten()
                .filter_map(|id| last_comments.remove(&id))
                .collect(),
            created_at: Timestamp::from_millis(row.created_at),
            edited_at: row.edited_at.map(Timestamp::from_millis),
            mentions: named.remove(&row.id).unwrap_or_default(),
            media: Vec::new(),
            shared: None,
            share_count: 0,
            my_saved: false,
            my_muted: false,
        };
        posts.insert(row.id, post);
    }
    Ok(ids.iter().filter_map(|id| posts.remove(id)).collect())
}

/// One post.
pub fn post_of_id(conn: &mut Conn, viewer: UserId, id: PostId) -> QueryResult<Post> {
    posts_of_ids(conn, viewer, &[id.get()])?
        .pop()
        .ok_or(diesel::result::Error::NotFound)
}
