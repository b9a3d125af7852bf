//! Lists of posts over HTTP, and what hangs on one: earlier texts, and who reacted.

use actix_web::web::Data;
use hearth_shared::ids::{Id, PostId};
use hearth_shared::page::{Page, PageQuery, page_size};
use hearth_shared::posts::{
    Edit, GetFeed, ListPostEdits, ListReactors, ListSavedPosts, ListTagPosts, Post, Reactor, ReactorsQuery,
};
use hearth_shared::problem::ErrorCode;
use hearth_shared::rich_text::{is_tag_key, tag_key};
use hearth_shared::users::ListUserPosts;

use super::service;
use super::store::{feed, hydrate, reactions, saved, tags, visible};
use crate::features::media::Media;
use crate::features::users::profile::Looking;
use crate::features::users::{self, names::Username};
use crate::platform::cursor;
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, Param, Query};
use crate::platform::rate_limit::Limit;
use crate::platform::reply::Json;
use crate::platform::routes::Routes;

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<GetFeed, _, _>(Limit::Read, get_feed);
    routes.add::<ListUserPosts, _, _>(Limit::Read, list_user_posts);
    routes.add::<ListTagPosts, _, _>(Limit::Read, list_tag_posts);
    routes.add::<ListSavedPosts, _, _>(Limit::Read, list_saved_posts);
    routes.add::<ListPostEdits, _, _>(Limit::Read, list_post_edits);
    routes.add::<ListReactors, _, _>(Limit::Read, list_reactors);
}

async fn get_feed(media: Data<Media>, actor: Actor, query: Query<PageQuery>) -> AppResult<Json<Page<Post>>> {
    let me = actor.user_id;
    list_posts(media, actor, "feed", query.0, move |conn, below, limit| {
        Ok(feed::feed(conn, me, below, limit)?)
    })
    .await
}

async fn list_user_posts(
    media: Data<Media>,
    actor: Actor,
    username: Param<Username>,
    query: Query<PageQuery>,
) -> AppResult<Json<Page<Post>>> {
    let me = actor.user_id;
    list_posts(media, actor, "user-posts", query.0, move |conn, below, limit| {
        let author = users::service::id_of(conn, me, &username.0)?;
        Ok(feed::by_author(conn, me, author, below, limit)?)
    })
    .await
}

/// A page of posts from a list of ids.
async fn list_posts(
    media: Data<Media>,
    actor: Actor,
    list: &'static str,
    query: PageQuery,
    ids: impl FnOnce(&mut Conn, i64, i64) -> AppResult<Vec<i64>> + Send + 'static,
) -> AppResult<Json<Page<Post>>> {
    let size = page_size(query.limit);
    let below = cursor::read(list, query.cursor.as_ref())?.unwrap_or(i64::MAX);
    let inner = media.clone();
    media
        .db
        .snapshot(move |conn| {
            let rows = ids(conn, below, i64::from(size) + 1)?;
            let page = cursor::page(list, rows, size, |id| *id)?;
            show(conn, &inner, actor, &page.items, page.next_cursor).map(Json)
        })
        .await
}

fn show(
    conn: &mut Conn,
    media: &Media,
    actor: Actor,
    ids: &[i64],
    next_cursor: Option<hearth_shared::page::Cursor>,
) -> AppResult<Page<Post>> {
    Ok(Page {
        items: hydrate::posts_of_ids(conn, Looking::new(media, actor), ids)?,
        next_cursor,
        seq: None,
    })
}

/// What is no tag has no posts, like a tag that nobody has used.
async fn list_tag_posts(
    media: Data<Media>,
    actor: Actor,
    tag: Param<String>,
    query: Query<PageQuery>,
) -> AppResult<Json<Page<Post>>> {
    let size = page_size(query.0.limit);
    let below = cursor::read("tag-posts", query.0.cursor.as_ref())?.unwrap_or(i64::MAX);
    let tag = tag_key(&tag.0);
    if !is_tag_key(&tag) {
        return Ok(Json(Page {
            items: Vec::new(),
            next_cursor: None,
            seq: None,
        }));
    }
    let inner = media.clone();
    media
        .db
        .snapshot(move |conn| {
            let page = tags::page(conn, actor.user_id, &tag, below, size as usize)?;
            let next = page
                .next
                .map(|below| cursor::write("tag-posts", &below))
                .transpose()?;
            show(conn, &inner, actor, &page.ids, next).map(Json)
        })
        .await
}

async fn list_saved_posts(
    media: Data<Media>,
    actor: Actor,
    query: Query<PageQuery>,
) -> AppResult<Json<Page<Post>>> {
    let size = page_size(query.0.limit);
    let after = cursor::read("saved", query.0.cursor.as_ref())?;
    let inner = media.clone();
    media
        .db
        .snapshot(move |conn| {
            let rows = saved::list(conn, actor.user_id, after, i64::from(size) + 1)?;
            let page = cursor::page("saved", rows, size, |row| *row)?;
            let ids: Vec<i64> = page.items.iter().map(|(_, id)| *id).collect();
            show(conn, &inner, actor, &ids, page.next_cursor).map(Json)
        })
        .await
}

async fn list_post_edits(
    db: Data<Db>,
    actor: Actor,
    id: Param<PostId>,
    query: Query<PageQuery>,
) -> AppResult<Json<Page<Edit>>> {
    let me = actor.user_id;
    let size = page_size(query.0.limit);
    let below = cursor::read("post-edits", query.0.cursor.as_ref())?.unwrap_or(i64::MAX);
    db.snapshot(move |conn| {
        let post = visible::find_visible(conn, me, id.0)?.ok_or(ErrorCode::NotFound)?;
        let rows = service::history::list(conn, me, &post, below, i64::from(size) + 1)?;
        let page = cursor::page("post-edits", rows, size, |(id, _)| *id)?;
        Ok(Json(Page {
            items: page.items.into_iter().map(|(_, edit)| edit).collect(),
            next_cursor: page.next_cursor,
            seq: None,
        }))
    })
    .await
}

async fn list_reactors(
    db: Data<Db>,
    actor: Actor,
    id: Param<PostId>,
    query: Query<ReactorsQuery>,
) -> AppResult<Json<Page<Reactor>>> {
    let me = actor.user_id;
    let ReactorsQuery { kind, limit, cursor } = query.0;
    let size = page_size(limit);
    let after = cursor::read("reactors", cursor.as_ref())?;
    db.snapshot(move |conn| {
        let post = visible::find_visible(conn, me, id.0)?.ok_or(ErrorCode::NotFound)?;
        let rows = reactions::list(conn, me, post.id(), kind, after, i64::from(size) + 1)?;
        cursor::page("reactors", rows, size, |row| {
            (row.at.as_millis(), row.user.id.get())
        })
        .map(Json)
    })
    .await
}
