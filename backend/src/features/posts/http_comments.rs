//! Comments, the replies and reactions to them, over HTTP.

use actix_web::web::Data;
use hearth_shared::ids::{CommentId, Id, PostId};
use hearth_shared::page::{Page, PageQuery, page_size};
use hearth_shared::posts::{
    Comment, CommentPatch, CommentSort, CommentsQuery, CreateComment, DeleteComment, Edit, EditComment,
    ListCommentEdits, ListCommentReactors, ListComments, NewComment, NewReaction, Reactions, Reactor,
    ReactorsQuery, RemoveCommentReaction, RestoreComment, SetCommentReaction,
};
use hearth_shared::problem::ErrorCode;

use super::service;
use super::store::reactions::of_comments;
use super::store::{comments as store, visible};
use crate::platform::cursor;
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, Param, Query, ValidJson};
use crate::platform::rate_limit::Limit;
use crate::platform::reply::{Created, Json, NoContent};
use crate::platform::routes::Routes;

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<ListComments, _, _>(Limit::Read, list);
    routes.add::<CreateComment, _, _>(Limit::Comment, create);
    routes.add::<EditComment, _, _>(Limit::Edit, edit);
    routes.add::<DeleteComment, _, _>(Limit::Edit, delete);
    routes.add::<RestoreComment, _, _>(Limit::Edit, restore);
    routes.add::<ListCommentEdits, _, _>(Limit::Read, list_edits);
    routes.add::<SetCommentReaction, _, _>(Limit::Reaction, set_reaction);
    routes.add::<RemoveCommentReaction, _, _>(Limit::Reaction, remove_reaction);
    routes.add::<ListCommentReactors, _, _>(Limit::Read, list_reactors);
}

async fn list(
    db: Data<Db>,
    actor: Actor,
    id: Param<PostId>,
    query: Query<CommentsQuery>,
) -> AppResult<Json<Page<Comment>>> {
    let CommentsQuery {
        sort,
        parent_id,
        limit,
        cursor,
    } = query.0;
    let list = match (sort, parent_id) {
        (CommentSort::Oldest, None) => "comments",
        (CommentSort::Newest, None) => "comments-newest",
        (CommentSort::Oldest, Some(_)) => "replies",
        (CommentSort::Newest, Some(_)) => "replies-newest",
    };
    let me = actor.user_id;
    let size = page_size(limit);
    let after = cursor::read(list, cursor.as_ref())?;
    db.snapshot(move |conn| {
        let post = visible::find_visible(conn, me, id.0)?.ok_or(ErrorCode::NotFound)?;
        if let Some(parent) = parent_id
            && service::comments::visible_to(conn, me, parent)?.post_id != post.id()
        {
            return Err(ErrorCode::NotFound.into());
        }
        let place = (post.id(), parent_id);
        let rows = store::list(conn, me, place, sort, after, i64::from(size) + 1)?;
        cursor::page(list, rows, size, |comment| comment.id.get()).map(Json)
    })
    .await
}

async fn create(
    db: Data<Db>,
    actor: Actor,
    id: Param<PostId>,
    body: ValidJson<NewComment>,
) -> AppResult<Created<Comment>> {
    db.write(move |tx| service::comments::create(tx, &actor, id.0, &body.0))
        .await
}

async fn edit(
    db: Data<Db>,
    actor: Actor,
    id: Param<CommentId>,
    body: ValidJson<CommentPatch>,
) -> AppResult<Json<Comment>> {
    db.write(move |tx| service::comments::edit(tx, &actor, id.0, &body.0))
        .await
        .map(Json)
}

async fn delete(db: Data<Db>, actor: Actor, id: Param<CommentId>) -> AppResult<NoContent> {
    db.write(move |tx| service::comments::delete(tx, &actor, id.0))
        .await
        .map(|()| NoContent)
}

async fn restore(db: Data<Db>, actor: Actor, id: Param<CommentId>) -> AppResult<Json<Comment>> {
    db.write(move |tx| service::comments::restore(tx, &actor, id.0))
        .await
        .map(Json)
}

async fn list_edits(
    db: Data<Db>,
    actor: Actor,
    id: Param<CommentId>,
    query: Query<PageQuery>,
) -> AppResult<Json<Page<Edit>>> {
    let list = "comment-edits";
    let size = page_size(query.0.limit);
    let below = cursor::read(list, query.0.cursor.as_ref())?.unwrap_or(i64::MAX);
    db.snapshot(move |conn| {
        let comment = service::comments::visible_to(conn, actor.user_id, id.0)?;
        let rows = store::edits(conn, comment.id, below, i64::from(size) + 1)?;
        let page = cursor::page(list, rows, size, |(id, _)| *id)?;
        Ok(Json(Page {
            items: page.items.into_iter().map(|(_, edit)| edit).collect(),
            next_cursor: page.next_cursor,
            seq: None,
        }))
    })
    .await
}

async fn set_reaction(
    db: Data<Db>,
    actor: Actor,
    id: Param<CommentId>,
    body: ValidJson<NewReaction>,
) -> AppResult<Json<Reactions>> {
    let wanted = Some(body.0.kind);
    db.write(move |tx| service::reactions::set_on_comment(tx, &actor, id.0, wanted))
        .await
        .map(Json)
}

async fn remove_reaction(db: Data<Db>, actor: Actor, id: Param<CommentId>) -> AppResult<Json<Reactions>> {
    db.write(move |tx| service::reactions::set_on_comment(tx, &actor, id.0, None))
        .await
        .map(Json)
}

async fn list_reactors(
    db: Data<Db>,
    actor: Actor,
    id: Param<CommentId>,
    query: Query<ReactorsQuery>,
) -> AppResult<Json<Page<Reactor>>> {
    let ReactorsQuery { kind, limit, cursor } = query.0;
    let list = "comment-reactors";
    let me = actor.user_id;
    let size = page_size(limit);
    let after = cursor::read(list, cursor.as_ref())?;
    db.snapshot(move |conn| {
        let comment = service::comments::visible_to(conn, me, id.0)?;
        let rows = of_comments::list(conn, me, comment.id, kind, after, i64::from(size) + 1)?;
        let key = |reactor: &Reactor| (reactor.at.as_millis(), reactor.user.id.get());
        cursor::page(list, rows, size, key).map(Json)
    })
    .await
}
