//! Posts, reactions and the feed over HTTP.

use actix_web::web::Data;
use hearth_shared::ids::{PostId, UserId};
use hearth_shared::page::{Page, PageQuery, page_size};
use hearth_shared::posts::{
    CreatePost, DeletePost, EditPost, GetFeed, GetPost, NewPost, NewReaction, Post, PostPatch, Reactions,
    RemoveReaction, SetReaction,
};
use hearth_shared::problem::ErrorCode;
use hearth_shared::users::ListUserPosts;

use super::store::{feed, hydrate, visible};
use super::{PostRules, service};
use crate::features::users::{self, names::Username};
use crate::platform::cursor;
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, Param, Query, ValidJson};
use crate::platform::rate_limit::Limit;
use crate::platform::reply::{Created, Json, NoContent};
use crate::platform::routes::Routes;

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<GetFeed, _, _>(Limit::Read, get_feed);
    routes.add::<ListUserPosts, _, _>(Limit::Read, list_user_posts);
    routes.add::<CreatePost, _, _>(Limit::Post, create_post);
    routes.add::<GetPost, _, _>(Limit::Read, get_post);
    routes.add::<EditPost, _, _>(Limit::Edit, edit_post);
    routes.add::<DeletePost, _, _>(Limit::Edit, delete_post);
    routes.add::<SetReaction, _, _>(Limit::Reaction, set_reaction);
    routes.add::<RemoveReaction, _, _>(Limit::Reaction, remove_reaction);
}

async fn get_feed(db: Data<Db>, actor: Actor, query: Query<PageQuery>) -> AppResult<Json<Page<Post>>> {
    let me = actor.user_id;
    list_posts(&db, me, "feed", query.0, move |conn, below, limit| {
        Ok(feed::feed(conn, me, below, limit)?)
    })
    .await
}

async fn list_user_posts(
    db: Data<Db>,
    actor: Actor,
    username: Param<Username>,
    query: Query<PageQuery>,
) -> AppResult<Json<Page<Post>>> {
    let me = actor.user_id;
    list_posts(&db, me, "user-posts", query.0, move |conn, below, limit| {
        let author = users::service::id_of(conn, me, &username.0)?;
        Ok(feed::by_author(conn, me, author, below, limit)?)
    })
    .await
}

/// A page of posts from a list of ids.
async fn list_posts(
    db: &Db,
    viewer: UserId,
    list: &'static str,
    query: PageQuery,
    ids: impl FnOnce(&mut Conn, i64, i64) -> AppResult<Vec<i64>> + Send + 'static,
) -> AppResult<Json<Page<Post>>> {
    let size = page_size(query.limit);
    let below = cursor::read(list, query.cursor.as_ref())?.unwrap_or(i64::MAX);
    db.snapshot(move |conn| {
        let rows = ids(conn, below, i64::from(size) + 1)?;
        let page = cursor::page(list, rows, size, |id| *id)?;
        let items = hydrate::posts_of_ids(conn, viewer, &page.items)?;
        Ok(Json(Page {
            items,
            next_cursor: page.next_cursor,
            seq: None,
        }))
    })
    .await
}

async fn create_post(
    db: Data<Db>,
    rules: Data<PostRules>,
    actor: Actor,
    body: ValidJson<NewPost>,
) -> AppResult<Created<Post>> {
    let rules = **rules;
    db.write(move |tx| service::posts::create(tx, &actor, &body.0, rules))
        .await
}

async fn get_post(db: Data<Db>, actor: Actor, id: Param<PostId>) -> AppResult<Json<Post>> {
    db.snapshot(move |conn| {
        let post = visible::find_visible(conn, actor.user_id, id.0)?.ok_or(ErrorCode::NotFound)?;
        Ok(Json(hydrate::post_of_id(conn, actor.user_id, post.id())?))
    })
    .await
}

async fn edit_post(
    db: Data<Db>,
    rules: Data<PostRules>,
    actor: Actor,
    id: Param<PostId>,
    body: ValidJson<PostPatch>,
) -> AppResult<Json<Post>> {
    let rules = **rules;
    db.write(move |tx| service::posts::edit(tx, &actor, id.0, &body.0, rules))
        .await
        .map(Json)
}

async fn delete_post(db: Data<Db>, actor: Actor, id: Param<PostId>) -> AppResult<NoContent> {
    db.write(move |tx| service::posts::delete(tx, &actor, id.0))
        .await
        .map(|()| NoContent)
}

async fn set_reaction(
    db: Data<Db>,
    actor: Actor,
    id: Param<PostId>,
    body: ValidJson<NewReaction>,
) -> AppResult<Json<Reactions>> {
    let wanted = Some(body.0.kind);
    db.write(move |tx| service::reactions::set(tx, &actor, id.0, wanted))
        .await
        .map(Json)
}

async fn remove_reaction(db: Data<Db>, actor: Actor, id: Param<PostId>) -> AppResult<Json<Reactions>> {
    db.write(move |tx| service::reactions::set(tx, &actor, id.0, None))
        .await
        .map(Json)
}
