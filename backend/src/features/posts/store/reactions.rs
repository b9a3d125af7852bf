//! Queries on reactions.

use diesel::prelude::*;
use hearth_shared::ids::{Id, PostId, UserId};
use hearth_shared::posts::{ReactionCounts, ReactionKind, Reactor};
use hearth_shared::time::Timestamp;

use super::hydrate::{CountsRow, parse_kind};
use crate::features::friends::store::blocks::hidden_from;
use crate::features::users::store::CardRow;
use crate::features::users::store_standing::active;
use crate::platform::db::Conn;
use crate::schema::{post_reactions, posts, users};

/// A person's reaction to a post.
pub fn find(conn: &mut Conn, post: PostId, user: UserId) -> QueryResult<Option<ReactionKind>> {
    let kind: Option<String> = post_reactions::table
        .find((post.get(), user.get()))
        .select(post_reactions::kind)
        .first(conn)
        .optional()?;
    Ok(kind.as_deref().and_then(parse_kind))
}

/// Writes a person's first reaction.
pub fn insert(
    conn: &mut Conn,
    post: PostId,
    user: UserId,
    kind: ReactionKind,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::insert_into(post_reactions::table)
        .values((
            post_reactions::post_id.eq(post.get()),
            post_reactions::user_id.eq(user.get()),
            post_reactions::kind.eq(kind.as_str()),
            post_reactions::created_at.eq(now.as_millis()),
        ))
        .execute(conn)
        .map(drop)
}

/// Changes a person's reaction; they feel the new one since now.
pub fn update(
    conn: &mut Conn,
    post: PostId,
    user: UserId,
    kind: ReactionKind,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::update(post_reactions::table.find((post.get(), user.get())))
        .set((
            post_reactions::kind.eq(kind.as_str()),
            post_reactions::created_at.eq(now.as_millis()),
        ))
        .execute(conn)
        .map(drop)
}

/// Removes a person's reaction.
pub fn delete(conn: &mut Conn, post: PostId, user: UserId) -> QueryResult<()> {
    diesel::delete(post_reactions::table.find((post.get(), user.get())))
        .execute(conn)
        .map(drop)
}

/// Adds to the count of a kind. The caller holds the post's lock.
pub fn add_to_count(conn: &mut Conn, post: PostId, kind: ReactionKind, delta: i64) -> QueryResult<()> {
    macro_rules! add {
        ($column:ident) => {
            diesel::update(posts::table.find(post.get()))
                .set(posts::$column.eq(posts::$column + delta))
                .execute(conn)
        };
    }
    match kind {
        ReactionKind::Like => add!(like_count),
        ReactionKind::Love => add!(love_count),
        ReactionKind::Laugh => add!(laugh_count),
        ReactionKind::Wow => add!(wow_count),
        ReactionKind::Sad => add!(sad_count),
        ReactionKind::Angry => add!(angry_count),
    }
    .map(drop)
}

/// The counts of a post.
pub fn counts(conn: &mut Conn, post: PostId) -> QueryResult<ReactionCounts> {
    posts::table
        .find(post.get())
        .select(CountsRow::as_select())
        .first(conn)
        .map(ReactionCounts::from)
}

/// Who reacted to a post and exists for the viewer, the latest first, after (moment, person).
pub fn list(
    conn: &mut Conn,
    viewer: UserId,
    post: PostId,
    kind: Option<ReactionKind>,
    after: Option<(i64, i64)>,
    limit: i64,
) -> QueryResult<Vec<Reactor>> {
    let mut query = post_reactions::table
        .inner_join(users::table)
        .filter(post_reactions::post_id.eq(post.get()))
        .filter(active())
        .filter(post_reactions::user_id.ne_all(hidden_from(viewer)))
        .into_boxed();
    if let Some(kind) = kind {
        query = query.filter(post_reactions::kind.eq(kind.as_str()));
    }
    if let Some((at, user)) = after {
        let same = post_reactions::created_at
            .eq(at)
            .and(post_reactions::user_id.lt(user));
        query = query.filter(post_reactions::created_at.lt(at).or(same));
    }
    let rows: Vec<(CardRow, String, i64)> = query
        .order((post_reactions::created_at.desc(), post_reactions::user_id.desc()))
        .limit(limit)
        .select((
            CardRow::as_select(),
            post_reactions::kind,
            post_reactions::created_at,
        ))
        .load(conn)?;
    let reactor = |(user, kind, at): (CardRow, String, i64)| {
        Some(Reactor {
            user: user.into(),
            kind: parse_kind(&kind)?,
            at: Timestamp::from_millis(at),
        })
    };
    Ok(rows.into_iter().filter_map(reactor).collect())
}
