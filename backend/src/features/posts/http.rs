//! Posts, comments and reactions over HTTP. Lists of posts are in [`super::http_lists`], what people keep for themselves
//! in [`super::http_kept`].

use actix_web::web::Data;
use hearth_shared::ids::{CommentId, Id, PostId};
use hearth_shared::page::{Page, page_size};
use hearth_shared::posts::{
    Comment, CommentPatch, CommentSort, CommentsQuery, CreateComment, CreatePost, DeleteComment, DeletePost,
    EditComment, EditPost, GetPost, ListComments, NewComment, NewPost, NewReaction, NewShare, Post,
    PostPatch, Reactions, RemoveReaction, RestorePost, SetReaction, SharePost,
};
use hearth_shared::problem::ErrorCode;

use super::store::{self, hydrate, visible};
use super::{PostRules, http_kept, http_lists, service};
use crate::features::media::Media;
use crate::features::users::profile::Looking;
use crate::platform::cursor;
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, Param, Query, ValidJson};
use crate::platform::rate_limit::Limit;
use crate::platform::reply::{Created, Json, NoContent};
use crate::platform::routes::Routes;

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<CreatePost, _, _>(Limit::Post, create_post);
    routes.add::<GetPost, _, _>(Limit::Read, get_post);
    routes.add::<EditPost, _, _>(Limit::Edit, edit_post);
    routes.add::<DeletePost, _, _>(Limit::Edit, delete_post);
    routes.add::<RestorePost, _, _>(Limit::Edit, restore_post);
    routes.add::<SharePost, _, _>(Limit::Post, share_post);
    routes.add::<SetReaction, _, _>(Limit::Reaction, set_reaction);
    routes.add::<RemoveReaction, _, _>(Limit::Reaction, remove_reaction);
    routes.add::<ListComments, _, _>(Limit::Read, list_comments);
    routes.add::<CreateComment, _, _>(Limit::Comment, create_comment);
    routes.add::<EditComment, _, _>(Limit::Edit, edit_comment);
    routes.add::<DeleteComment, _, _>(Limit::Edit, delete_comment);
    http_lists::mount(routes);
    http_kept::mount(routes);
}

async fn create_post(
    media: Data<Media>,
    rules: Data<PostRules>,
    actor: Actor,
    body: ValidJson<NewPost>,
) -> AppResult<Created<Post>> {
    let (inner, rules) = (media.clone(), **rules);
    media
        .db
        .write(move |tx| {
            let made = service::posts::create(tx, &actor, &body.0, rules)?;
            made.try_map(|made| made.try_map(|id| show(tx.conn(), &inner, actor, id)))
        })
        .await
}

async fn share_post(
    media: Data<Media>,
    rules: Data<PostRules>,
    actor: Actor,
    id: Param<PostId>,
    body: ValidJson<NewShare>,
) -> AppResult<Created<Post>> {
    let (inner, rules) = (media.clone(), **rules);
    media
        .db
        .write(move |tx| {
            let made = service::posts::share(tx, &actor, id.0, &body.0, rules)?;
            made.try_map(|made| made.try_map(|id| show(tx.conn(), &inner, actor, id)))
        })
        .await
}

async fn get_post(media: Data<Media>, actor: Actor, id: Param<PostId>) -> AppResult<Json<Post>> {
    let inner = media.clone();
    media
        .db
        .snapshot(move |conn| {
            visible::find_visible(conn, actor.user_id, id.0)?.ok_or(ErrorCode::NotFound)?;
            show(conn, &inner, actor, id.0).map(Json)
        })
        .await
}

async fn edit_post(
    media: Data<Media>,
    rules: Data<PostRules>,
    actor: Actor,
    id: Param<PostId>,
    body: ValidJson<PostPatch>,
) -> AppResult<Json<Post>> {
    let (inner, rules) = (media.clone(), **rules);
    media
        .db
        .write(move |tx| {
            let done = service::posts::edit(tx, &actor, id.0, &body.0, rules)?;
            done.try_map(|()| show(tx.conn(), &inner, actor, id.0))
        })
        .await
        .map(Json)
}

async fn delete_post(db: Data<Db>, actor: Actor, id: Param<PostId>) -> AppResult<NoContent> {
    db.write(move |tx| service::posts::delete(tx, &actor, id.0))
        .await
        .map(|()| NoContent)
}

async fn restore_post(media: Data<Media>, actor: Actor, id: Param<PostId>) -> AppResult<Json<Post>> {
    let inner = media.clone();
    media
        .db
        .write(move |tx| {
            let done = service::posts::restore(tx, &actor, id.0)?;
            done.try_map(|()| show(tx.conn(), &inner, actor, id.0))
        })
        .await
        .map(Json)
}

/// A post as the caller sees it.
fn show(conn: &mut Conn, media: &Media, actor: Actor, id: PostId) -> AppResult<Post> {
    hydrate::post_of_id(conn, Looking::new(media, actor), id)
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

async fn list_comments(
    db: Data<Db>,
    actor: Actor,
    id: Param<PostId>,
    query: Query<CommentsQuery>,
) -> AppResult<Json<Page<Comment>>> {
    let CommentsQuery {
        sort, limit, cursor, ..
    } = query.0;
    let list = match sort {
        CommentSort::Oldest => "comments",
        CommentSort::Newest => "comments-newest",
    };
    let size = page_size(limit);
    let after = cursor::read(list, cursor.as_ref())?;
    db.snapshot(move |conn| {
        let post = visible::find_visible(conn, actor.user_id, id.0)?.ok_or(ErrorCode::NotFound)?;
        let rows = store::comments::list(conn, actor.user_id, post.id(), sort, after, i64::from(size) + 1)?;
        cursor::page(list, rows, size, |comment| comment.id.get()).map(Json)
    })
    .await
}

async fn create_comment(
    db: Data<Db>,
    actor: Actor,
    id: Param<PostId>,
    body: ValidJson<NewComment>,
) -> AppResult<Created<Comment>> {
    db.write(move |tx| service::comments::create(tx, &actor, id.0, &body.0))
        .await
}

async fn edit_comment(
    db: Data<Db>,
    actor: Actor,
    id: Param<CommentId>,
    body: ValidJson<CommentPatch>,
) -> AppResult<Json<Comment>> {
    db.write(move |tx| service::comments::edit(tx, &actor, id.0, &body.0))
        .await
        .map(Json)
}

async fn delete_comment(db: Data<Db>, actor: Actor, id: Param<CommentId>) -> AppResult<NoContent> {
    db.write(move |tx| service::comments::delete(tx, &actor, id.0))
        .await
        .map(|()| NoContent)
}
