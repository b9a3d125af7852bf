//! Queries on reactions: to posts, and in [`of_comments`] the same to comments.

use diesel::prelude::*;
use hearth_shared::ids::{CommentId, Id, PostId, UserId};
use hearth_shared::posts::{ReactionCounts, ReactionKind, Reactor};
use hearth_shared::time::Timestamp;

use super::hydrate::parse_kind;
use crate::features::friends::store::blocks::hidden_from;
use crate::features::users::store::CardRow;
use crate::features::users::store_standing::active;
use crate::platform::db::Conn;
use crate::schema::{comment_reactions, comments, post_reactions, posts, users};

/// The six columns of counts, in the order of the kinds, as what travels.
pub fn counts_of(counts: [i64; 6]) -> ReactionCounts {
    let pairs = ReactionKind::ALL
        .into_iter()
        .zip(counts.map(|count| u32::try_from(count).unwrap_or(0)));
    pairs.filter(|(_, count)| *count > 0).collect()
}

/// All queries, for objects of a table with their counts, whose reactions stand in another.
macro_rules! reactions_to {
    ($id:ty, $objects:ident, $reactions:ident, $object_id:ident) => {
        /// A person's reaction.
        pub fn find(conn: &mut Conn, id: $id, user: UserId) -> QueryResult<Option<ReactionKind>> {
            let kind: Option<String> = $reactions::table
                .find((id.get(), user.get()))
                .select($reactions::kind)
                .first(conn)
                .optional()?;
            Ok(kind.as_deref().and_then(parse_kind))
        }

        /// Makes `wanted` a person's reaction since now, and moves the counts with it. Gives what it was before. The
        /// caller holds the post's lock.
        pub fn set(
            conn: &mut Conn,
            id: $id,
            user: UserId,
            wanted: Option<ReactionKind>,
            now: Timestamp,
        ) -> QueryResult<Option<ReactionKind>> {
            let before = find(conn, id, user)?;
            if before == wanted {
                return Ok(before);
            }
            let own = $reactions::table.find((id.get(), user.get()));
            match (before, wanted) {
                (None, Some(kind)) => diesel::insert_into($reactions::table)
                    .values((
                        $reactions::$object_id.eq(id.get()),
                        $reactions::user_id.eq(user.get()),
                        $reactions::kind.eq(kind.as_str()),
                        $reactions::created_at.eq(now.as_millis()),
                    ))
                    .execute(conn)?,
                (_, Some(kind)) => diesel::update(own)
                    .set((
                        $reactions::kind.eq(kind.as_str()),
                        $reactions::created_at.eq(now.as_millis()),
                    ))
                    .execute(conn)?,
                (_, None) => diesel::delete(own).execute(conn)?,
            };
            if let Some(kind) = before {
                add_to_count(conn, id, kind, -1)?;
            }
            if let Some(kind) = wanted {
                add_to_count(conn, id, kind, 1)?;
            }
            Ok(before)
        }

        fn add_to_count(conn: &mut Conn, id: $id, kind: ReactionKind, delta: i64) -> QueryResult<()> {
            macro_rules! add {
                ($column:ident) => {
                    diesel::update($objects::table.find(id.get()))
                        .set($objects::$column.eq($objects::$column + delta))
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

        /// The counts.
        pub fn counts(conn: &mut Conn, id: $id) -> QueryResult<ReactionCounts> {
            let (like, love, laugh, wow, sad, angry): (i64, i64, i64, i64, i64, i64) = $objects::table
                .find(id.get())
                .select((
                    $objects::like_count,
                    $objects::love_count,
                    $objects::laugh_count,
                    $objects::wow_count,
                    $objects::sad_count,
                    $objects::angry_count,
                ))
                .first(conn)?;
            Ok(counts_of([like, love, laugh, wow, sad, angry]))
        }

        /// Who reacted and exists for the viewer, the latest first, after (moment, person).
        pub fn list(
            conn: &mut Conn,
            viewer: UserId,
            id: $id,
            kind: Option<ReactionKind>,
            after: Option<(i64, i64)>,
            limit: i64,
        ) -> QueryResult<Vec<Reactor>> {
            let mut query = $reactions::table
                .inner_join(users::table)
                .filter($reactions::$object_id.eq(id.get()))
                .filter(active())
                .filter($reactions::user_id.ne_all(hidden_from(viewer)))
                .into_boxed();
            if let Some(kind) = kind {
                query = query.filter($reactions::kind.eq(kind.as_str()));
            }
            if let Some((at, user)) = after {
                let same = $reactions::created_at
                    .eq(at)
                    .and($reactions::user_id.lt(user));
                query = query.filter($reactions::created_at.lt(at).or(same));
            }
            let rows: Vec<(CardRow, String, i64)> = query
                .order(($reactions::created_at.desc(), $reactions::user_id.desc()))
                .limit(limit)
                .select((
                    CardRow::as_select(),
                    $reactions::kind,
                    $reactions::created_at,
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
    };
}

reactions_to!(PostId, posts, post_reactions, post_id);

/// Reactions to comments.
pub mod of_comments {
    use super::*;

    reactions_to!(CommentId, comments, comment_reactions, comment_id);
}
