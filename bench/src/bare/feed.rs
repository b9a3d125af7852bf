//! The bare loop of the feed: a request, the queries that Hearth does for it, on a prepared connection of the same
//! thread, the same JSON. Nobody is asked who they are, and nothing waits for anything.

use std::cell::RefCell;
use std::path::Path;

use actix_web::{HttpResponse, web};
use anyhow::Result;
use hearth_shared::ids::{CommentId, Id, PostId, UserId};
use hearth_shared::page::{Cursor, DEFAULT_LIMIT, Page};
use hearth_shared::posts::{Audience, Comment, Post, ReactionCounts, ReactionKind};
use hearth_shared::time::Timestamp;
use hearth_shared::users::UserCard;
use rusqlite::{Connection, OpenFlags, Row, params_from_iter};

/// Serves feeds from a database: `GET /feed/{person}`.
///
/// # Errors
/// When it cannot listen.
pub(crate) fn serve(database: &Path) -> Result<()> {
    let database = database.to_owned();
    super::serve(move |app| {
        let database = database.clone();
        let answer = move |person: web::Path<i64>| {
            let body = with_connection(&database, |conn| page(conn, *person));
            async move {
                match body {
                    Ok(page) => HttpResponse::Ok().json(page),
                    Err(error) => HttpResponse::InternalServerError().body(format!("{error:#}")),
                }
            }
        };
        app.route("/feed/{person}", web::get().to(answer));
    })
}

thread_local! {
    static CONNECTION: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

fn with_connection<T>(database: &Path, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    CONNECTION.with_borrow_mut(|slot| {
        let conn = match slot.take() {
            Some(conn) => conn,
            None => {
                let conn = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
                conn.set_prepared_statement_cache_capacity(256);
                conn
            }
        };
        read(slot.insert(conn))
    })
}

fn places(count: usize) -> String {
    vec!["?"; count].join(",")
}

fn page(conn: &Connection, viewer: i64) -> Result<Page<Post>> {
    // One moment for all queries, as Hearth has it.
    conn.prepare_cached("BEGIN")?.execute([])?;
    let page = queries(conn, viewer);
    conn.prepare_cached("ROLLBACK")?.execute([])?;
    page
}

fn queries(conn: &Connection, viewer: i64) -> Result<Page<Post>> {
    let size = i64::from(DEFAULT_LIMIT);
    let mut friends = conn.prepare_cached("SELECT friend_id FROM friendships WHERE user_id = ?")?;
    let authors: Vec<i64> = friends
        .query_map([viewer], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let authors = serde_json::to_string(&authors)?;
    let mut newest = conn.prepare_cached(
        "SELECT id FROM (SELECT id FROM posts WHERE author_id IN (SELECT value FROM json_each(?2)) AND id < ?3 \
         AND deleted_at IS NULL AND audience_id IN (1, 2) \
         AND id NOT IN (SELECT post_id FROM muted_posts WHERE user_id = ?1) ORDER BY id DESC LIMIT ?4) \
         UNION ALL SELECT id FROM (SELECT id FROM posts WHERE author_id = ?1 AND id < ?3 AND deleted_at IS NULL \
         ORDER BY id DESC LIMIT ?4) ORDER BY id DESC LIMIT ?4",
    )?;
    let mut ids: Vec<i64> = newest
        .query_map((viewer, authors, i64::MAX, size + 1), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let more = ids.len() > DEFAULT_LIMIT as usize;
    ids.truncate(DEFAULT_LIMIT as usize);
    let next_cursor = more.then(|| Cursor(ids.last().map(i64::to_string).unwrap_or_default()));
    let full = format!(
        "SELECT posts.id, client_id, body, audience_id, like_count, love_count, laugh_count, wow_count, sad_count, \
         angry_count, comment_count, posts.created_at, edited_at, users.id, username, display_name, rev, \
         (SELECT kind FROM post_reactions WHERE post_id = posts.id AND user_id = ?), \
         (SELECT id FROM comments WHERE post_id = posts.id AND deleted_at IS NULL ORDER BY id DESC LIMIT 1), \
         (SELECT id FROM comments WHERE post_id = posts.id AND deleted_at IS NULL ORDER BY id DESC LIMIT 1 OFFSET 1) \
         FROM posts JOIN users ON users.id = author_id WHERE posts.id IN ({})",
        places(ids.len())
    );
    let mut full = conn.prepare_cached(&full)?;
    let values = std::iter::once(viewer).chain(ids.iter().copied());
    let mut posts: Vec<(Post, Option<i64>, Option<i64>)> = full
        .query_map(params_from_iter(values), |row| {
            Ok((post(row)?, row.get(18)?, row.get(19)?))
        })?
        .collect::<Result<_, _>>()?;
    let wanted: Vec<i64> = posts
        .iter()
        .flat_map(|(_, last, before)| [*before, *last])
        .flatten()
        .collect();
    let mut comments = comments(conn, &wanted)?;
    for (post, last, before) in &mut posts {
        for id in [*before, *last].into_iter().flatten() {
            if let Some(at) = comments.iter().position(|comment| comment.id.get() == id) {
                post.last_comments.push(comments.swap_remove(at));
            }
        }
    }
    posts.sort_by_key(|(post, ..)| std::cmp::Reverse(post.id));
    Ok(Page {
        items: posts.into_iter().map(|(post, ..)| post).collect(),
        next_cursor,
        seq: None,
    })
}

fn comments(conn: &Connection, ids: &[i64]) -> Result<Vec<Comment>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT comments.id, post_id, client_id, body, comments.created_at, edited_at, users.id, username, \
         display_name, rev FROM comments JOIN users ON users.id = author_id WHERE comments.id IN ({})",
        places(ids.len())
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(ids), |row| {
        Ok(Comment {
            id: CommentId::new(row.get(0)?),
            client_id: client_id(row, 2)?,
            post_id: PostId::new(row.get(1)?),
            author: card(row, 6)?,
            body: row.get(3)?,
            created_at: Timestamp::from_millis(row.get(4)?),
            edited_at: row.get::<_, Option<i64>>(5)?.map(Timestamp::from_millis),
            mentions: Vec::new(),
            parent_id: None,
            reply_count: 0,
            reactions: ReactionCounts::new(),
            my_reaction: None,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn client_id<T: std::str::FromStr>(row: &Row<'_>, at: usize) -> rusqlite::Result<T> {
    let text = row.get_ref(at)?.as_str()?;
    text.parse().map_err(|_invalid| {
        rusqlite::Error::InvalidColumnType(at, text.to_owned(), rusqlite::types::Type::Text)
    })
}

fn card(row: &Row<'_>, at: usize) -> rusqlite::Result<UserCard> {
    Ok(UserCard {
        id: UserId::new(row.get(at)?),
        username: row.get(at + 1)?,
        display_name: row.get(at + 2)?,
        avatar_url: None,
        rev: row.get(at + 3)?,
    })
}

fn post(row: &Row<'_>) -> rusqlite::Result<Post> {
    let mut reactions = ReactionCounts::new();
    for (at, kind) in (4..).zip(ReactionKind::ALL) {
        let count: u32 = row.get(at)?;
        if count > 0 {
            reactions.insert(kind, count);
        }
    }
    let mine: Option<String> = row.get(17)?;
    Ok(Post {
        id: PostId::new(row.get(0)?),
        client_id: client_id(row, 1)?,
        author: card(row, 13)?,
        body: row.get(2)?,
        audience: match row.get(3)? {
            1 => Audience::Public,
            2 => Audience::Friends,
            _ => Audience::OnlyMe,
        },
        reactions,
        my_reaction: mine.and_then(|mine| ReactionKind::ALL.into_iter().find(|kind| kind.as_str() == mine)),
        comment_count: row.get(10)?,
        last_comments: Vec::with_capacity(2),
        created_at: Timestamp::from_millis(row.get(11)?),
        edited_at: row.get::<_, Option<i64>>(12)?.map(Timestamp::from_millis),
        mentions: Vec::new(),
        media: Vec::new(),
        shared: None,
        share_count: 0,
        my_saved: false,
        my_muted: false,
    })
}
