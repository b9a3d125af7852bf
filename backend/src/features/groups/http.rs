//! Groups over HTTP: finding, making, coming, going. Their members have their own module.

use actix_web::web::Data;
use hearth_shared::conversations::Conversation;
use hearth_shared::conversations::groups::{
    CreateGroup, EditGroup, EndGroup, GetGroup, GroupCard, GroupPatch, GroupsQuery, JoinGroup, LeaveGroup,
    ListGroups, NewGroup,
};
use hearth_shared::ids::ConversationId;
use hearth_shared::page::{Page, page_size};

use super::{service, store};
use crate::features::users::names;
use crate::platform::cursor;
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, Param, ValidJson, ValidQuery};
use crate::platform::rate_limit::Limit;
use crate::platform::reply::{Created, Json, NoContent};
use crate::platform::routes::Routes;

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<ListGroups, _, _>(Limit::Search, list_groups);
    routes.add::<CreateGroup, _, _>(Limit::Group, create_group);
    routes.add::<GetGroup, _, _>(Limit::Read, get_group);
    routes.add::<EditGroup, _, _>(Limit::Edit, edit_group);
    routes.add::<EndGroup, _, _>(Limit::Membership, end_group);
    routes.add::<JoinGroup, _, _>(Limit::Membership, join_group);
    routes.add::<LeaveGroup, _, _>(Limit::Membership, leave_group);
}

async fn list_groups(
    db: Data<Db>,
    actor: Actor,
    query: ValidQuery<GroupsQuery>,
) -> AppResult<Json<Page<GroupCard>>> {
    let text = query.0.q.as_deref().unwrap_or_default();
    let words = names::words(text);
    // What holds no word finds nothing, and not everything.
    let nothing = words.is_empty() && !text.trim().is_empty();
    let size = page_size(query.0.limit);
    let below = cursor::read("groups", query.0.cursor.as_ref())?.unwrap_or((i64::MAX, i64::MAX));
    db.snapshot(move |conn| {
        let rows = if nothing {
            Vec::new()
        } else {
            store::list_public(conn, &words, below, i64::from(size) + 1)?
        };
        let page = cursor::page("groups", rows, size, store::public_key)?;
        Ok(Json(Page {
            items: store::cards_of_rows(conn, actor.user_id, &page.items)?,
            next_cursor: page.next_cursor,
            seq: None,
        }))
    })
    .await
}

async fn create_group(
    db: Data<Db>,
    actor: Actor,
    body: ValidJson<NewGroup>,
) -> AppResult<Created<Conversation>> {
    db.write(move |tx| service::create(tx, &actor, &body.0)).await
}

async fn get_group(db: Data<Db>, actor: Actor, id: Param<ConversationId>) -> AppResult<Json<GroupCard>> {
    db.snapshot(move |conn| {
        let row = service::check_open(conn, actor.user_id, id.0)?;
        Ok(Json(store::card_of_row(conn, actor.user_id, &row)?))
    })
    .await
}

async fn edit_group(
    db: Data<Db>,
    actor: Actor,
    id: Param<ConversationId>,
    body: ValidJson<GroupPatch>,
) -> AppResult<Json<Conversation>> {
    db.write(move |tx| service::edit(tx, &actor, id.0, &body.0))
        .await
        .map(Json)
}

async fn end_group(db: Data<Db>, actor: Actor, id: Param<ConversationId>) -> AppResult<NoContent> {
    db.write(move |tx| service::end(tx, &actor, id.0)).await?;
    Ok(NoContent)
}

async fn join_group(db: Data<Db>, actor: Actor, id: Param<ConversationId>) -> AppResult<Json<Conversation>> {
    db.write(move |tx| service::join(tx, &actor, id.0))
        .await
        .map(Json)
}

async fn leave_group(db: Data<Db>, actor: Actor, id: Param<ConversationId>) -> AppResult<NoContent> {
    db.write(move |tx| service::leave(tx, &actor, id.0)).await?;
    Ok(NoContent)
}
