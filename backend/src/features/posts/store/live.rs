//! Posts as those who watch them are told of them: absolute values, for those who may see them now.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use hearth_shared::ids::{CommentId, Id, PostId, UserId};
use hearth_shared::posts::{Audience, Mention, ReactionCounts, ReactionKind};
use hearth_shared::realtime::frames::PostState;
use hearth_shared::time::Timestamp;

use super::audience_of;
use super::hydrate::{CountsRow, parse_kind};
use super::mentions::{self, Place};
use super::visible::{author_is_here, visible_to};
use crate::features::friends;
use crate::features::posts::policy::{Bond, can_see};
use crate::platform::db::Conn;
use crate::platform::db::among::AmongIds;
use crate::schema::{post_reactions, posts};

#[derive(Queryable, Selectable)]
#[diesel(table_name = posts)]
struct LiveRow {
    id: i64,
    audience_id: i64,
    #[diesel(embed)]
    counts: CountsRow,
    comment_count: i64,
    share_count: i64,
    edited_at: Option<i64>,
}

impl LiveRow {
    fn state(self, my_reaction: Option<ReactionKind>) -> PostState {
        PostState {
            post_id: PostId::new(self.id),
            gone: false,
            reactions: ReactionCounts::from(self.counts),
            my_reaction,
            comment_count: u32::try_from(self.comment_count).unwrap_or(0),
            audience: audience_of(self.audience_id),
            share_count: u32::try_from(self.share_count).unwrap_or(0),
            edited_at: self.edited_at.map(Timestamp::from_millis),
        }
    }
}

/// What somebody is told of a post that does not exist for them: the same whether it never did.
pub fn gone(post_id: PostId) -> PostState {
    PostState {
        post_id,
        gone: true,
        reactions: ReactionCounts::new(),
        my_reaction: None,
        comment_count: 0,
        audience: Audience::default(),
        edited_at: None,
        share_count: 0,
    }
}

/// Some posts as one viewer sees them.
pub fn states(conn: &mut Conn, viewer: UserId, ids: &[PostId]) -> QueryResult<Vec<PostState>> {
    let wanted: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    let rows: Vec<LiveRow> = posts::table
        .filter(posts::id.among(&wanted))
        .filter(visible_to(viewer))
        .select(LiveRow::as_select())
        .load(conn)?;
    let mine: Vec<(i64, String)> = post_reactions::table
        .filter(post_reactions::post_id.among(&wanted))
        .filter(post_reactions::user_id.eq(viewer.get()))
        .select((post_reactions::post_id, post_reactions::kind))
        .load(conn)?;
    let mine: HashMap<i64, Option<ReactionKind>> = mine
        .into_iter()
        .map(|(id, kind)| (id, parse_kind(&kind)))
        .collect();
    let mut states: HashMap<i64, PostState> = rows
        .into_iter()
        .map(|row| {
            let mine = mine.get(&row.id).copied().flatten();
            (row.id, row.state(mine))
        })
        .collect();
    Ok(ids
        .iter()
        .map(|id| states.remove(&id.get()).unwrap_or_else(|| gone(*id)))
        .collect())
}

/// One post as several viewers see it.
pub struct Watched {
    /// As it is for those who have not reacted; `None` when it is gone for all.
    pub state: Option<PostState>,
    /// Those who may see it.
    pub viewers: HashSet<UserId>,
    /// What those of them feel who have reacted.
    pub reactions: HashMap<UserId, ReactionKind>,
}

/// A post, who of some people may see it, and what they feel.
pub fn watched(conn: &mut Conn, id: PostId, people: &[UserId]) -> QueryResult<Watched> {
    let row: Option<LiveRow> = posts::table
        .find(id.get())
        .filter(posts::deleted_at.is_null())
        .filter(author_is_here())
        .select(LiveRow::as_select())
        .first(conn)
        .optional()?;
    let Some(row) = row else {
        return Ok(Watched {
            state: None,
            viewers: HashSet::new(),
            reactions: HashMap::new(),
        });
    };
    let viewers = viewers_among(conn, id, people)?;
    let ids: Vec<i64> = viewers.iter().map(|id| id.get()).collect();
    let reactions: Vec<(i64, String)> = post_reactions::table
        .filter(post_reactions::post_id.eq(id.get()))
        .filter(post_reactions::user_id.among(&ids))
        .select((post_reactions::user_id, post_reactions::kind))
        .load(conn)?;
    Ok(Watched {
        state: Some(row.state(None)),
        viewers,
        reactions: reactions
            .into_iter()
            .filter_map(|(user, kind)| Some((UserId::new(user), parse_kind(&kind)?)))
            .collect(),
    })
}

/// Those of some people who may see a comment on a post: the viewers of the post for whom its author exists, and the
/// author of what it answers.
pub fn comment_viewers_among(
    conn: &mut Conn,
    id: PostId,
    comment: CommentId,
    people: &[UserId],
) -> QueryResult<HashSet<UserId>> {
    let mut viewers = viewers_among(conn, id, people)?;
    for author in super::comments::authors_of(conn, comment)? {
        let ids: Vec<i64> = viewers.iter().map(|id| id.get()).collect();
        let hidden = friends::store::blocks::hidden_among(conn, author, &ids)?;
        viewers.retain(|viewer| !hidden.contains(&viewer.get()));
    }
    Ok(viewers)
}

/// Whom a comment names for those of some people for whom one of the named does not exist.
pub fn names_for(
    conn: &mut Conn,
    id: CommentId,
    people: &[UserId],
) -> QueryResult<HashMap<UserId, Vec<Mention>>> {
    let ids: Vec<i64> = people.iter().map(|id| id.get()).collect();
    let mut concerned = HashSet::new();
    for named in mentions::people_in(conn, Place::Comment, id.get())? {
        concerned.extend(friends::store::blocks::hidden_among(conn, named, &ids)?);
    }
    let mut names = HashMap::new();
    for viewer in concerned.into_iter().map(UserId::new) {
        let mut named = mentions::of(conn, Some(viewer), Place::Comment, &[id.get()])?;
        names.insert(viewer, named.remove(&id.get()).unwrap_or_default());
    }
    Ok(names)
}

/// Those of some people who may see a post.
pub fn viewers_among(conn: &mut Conn, id: PostId, people: &[UserId]) -> QueryResult<HashSet<UserId>> {
    let row: Option<(i64, i64)> = posts::table
        .find(id.get())
        .filter(posts::deleted_at.is_null())
        .filter(author_is_here())
        .select((posts::author_id, posts::audience_id))
        .first(conn)
        .optional()?;
    let Some((author, audience)) = row else {
        return Ok(HashSet::new());
    };
    let (author, audience) = (UserId::new(author), audience_of(audience));
    let ids: Vec<i64> = people.iter().map(|id| id.get()).collect();
    let friends = friends::store::friends_among(conn, author, &ids)?;
    let hidden = friends::store::blocks::hidden_among(conn, author, &ids)?;
    let bond = |viewer: UserId| match viewer.get() {
        id if hidden.contains(&id) => Bond::Hidden,
        id if friends.contains(&id) => Bond::Friends,
        _ => Bond::None,
    };
    Ok(people
        .iter()
        .copied()
        .filter(|viewer| can_see(*viewer, author, audience, bond(*viewer)))
        .collect())
}
