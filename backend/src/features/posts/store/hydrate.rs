//! From ids to posts as a viewer sees them, in the same few queries however many there are.

use std::collections::HashMap;

use diesel::dsl::exists;
use diesel::prelude::*;
use hearth_shared::ids::{Id, PostId};
use hearth_shared::posts::{Original, Post, ReactionCounts, ReactionKind, Shared};
use hearth_shared::time::Timestamp;

use super::mentions::{self, Place};
use super::reactions::counts_of;
use super::{audience_of, comments as comment_store, originals};
use crate::features::friends::store::blocks::hidden_from;
use crate::features::media;
use crate::features::users::profile::Looking;
use crate::features::users::store::CardRow;
use crate::platform::db::Conn;
use crate::platform::db::among::AmongIds;
use crate::platform::error::AppResult;
use crate::schema::{comments, muted_posts, post_reactions, posts, saved_posts, users};

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
    shared_post_id: Option<i64>,
    share_count: i64,
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

/// What a viewer has done with a post: their reaction, whether they keep it, whether they have muted it.
type Mine = (Option<String>, bool, bool);
/// A post's row, its author, what is the viewer's, the newest comment and the one before it.
type Row = (FullRow, CardRow, Mine, Option<i64>, Option<i64>);

/// The posts of some ids, in their order. The viewer's right to see them has been checked.
pub fn posts_of_ids(conn: &mut Conn, looking: Looking<'_>, ids: &[i64]) -> AppResult<Vec<Post>> {
    let viewer = looking.actor.user_id;
    let felt = post_reactions::table
        .filter(post_reactions::post_id.eq(posts::id))
        .filter(post_reactions::user_id.eq(viewer.get()))
        .select(post_reactions::kind)
        .single_value();
    let saved = exists(
        saved_posts::table
            .filter(saved_posts::post_id.eq(posts::id))
            .filter(saved_posts::user_id.eq(viewer.get())),
    );
    let muted = exists(
        muted_posts::table
            .filter(muted_posts::post_id.eq(posts::id))
            .filter(muted_posts::user_id.eq(viewer.get())),
    );
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
        .filter(posts::id.among(ids))
        .select((
            FullRow::as_select(),
            CardRow::as_select(),
            (felt, saved, muted),
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
    let shared: Vec<i64> = rows.iter().filter_map(|row| row.0.shared_post_id).collect();
    let originals = originals::of_ids(conn, viewer, &shared)?;
    let all: Vec<i64> = ids.iter().chain(originals.keys()).copied().collect();
    let all_ids: Vec<PostId> = all.iter().copied().map(PostId::new).collect();
    let beside = media::service::of_posts(conn, &all_ids)?;
    let named = mentions::of(conn, Some(viewer), Place::Post, &all)?;
    let named = |id: i64| named.get(&id).cloned().unwrap_or_default();
    let beside = |id: i64| looking.show(beside.get(&PostId::new(id)).into_iter().flatten());
    let mut posts: HashMap<i64, Post> = HashMap::with_capacity(rows.len());
    for (row, author, (felt, my_saved, my_muted), last, before) in rows {
        let shared = row.shared_post_id.map(|id| match originals.get(&id) {
            Some(original) => Shared::Post(Box::new(Original {
                media: beside(id),
                mentions: named(id),
                ..original.clone()
            })),
            None => Shared::Unavailable,
        });
        let post = Post {
            id: PostId::new(row.id),
            client_id: comment_store::client_id(row.client_id)?,
            author: author.into(),
            body: row.body,
            audience: audience_of(row.audience_id),
            reactions: row.counts.into(),
            my_reaction: felt.as_deref().and_then(parse_kind),
            comment_count: u32::try_from(row.comment_count).unwrap_or(0),
            last_comments: [before, last]
                .into_iter()
                .flatten()
                .filter_map(|id| last_comments.remove(&id))
                .collect(),
            created_at: Timestamp::from_millis(row.created_at),
            edited_at: row.edited_at.map(Timestamp::from_millis),
            mentions: named(row.id),
            media: beside(row.id),
            shared,
            share_count: u32::try_from(row.share_count).unwrap_or(0),
            my_saved,
            my_muted,
        };
        posts.insert(row.id, post);
    }
    Ok(ids.iter().filter_map(|id| posts.remove(id)).collect())
}

/// One post.
pub fn post_of_id(conn: &mut Conn, looking: Looking<'_>, id: PostId) -> AppResult<Post> {
    let post = posts_of_ids(conn, looking, &[id.get()])?.pop();
    Ok(post.ok_or(diesel::result::Error::NotFound)?)
}
