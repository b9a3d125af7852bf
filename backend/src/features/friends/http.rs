//! Friends over HTTP.

use actix_web::web::Data;
use hearth_shared::friends::{
    AcceptFriendRequest, CancelFriendRequest, CreateFriendRequest, DeclineFriendRequest, Direction, Friend,
    FriendRequest, FriendsQuery, ListFriendRequests, ListFriends, NewFriendRequest, RemoveFriend,
    RequestStatus, RequestsQuery,
};
use hearth_shared::ids::{FriendRequestId, UserId};
use hearth_shared::page::{Page, page_size};

use super::{service, store};
use crate::features::realtime::store as streams;
use crate::platform::cursor;
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, Param, Query, ValidJson, ValidQuery};
use crate::platform::rate_limit::Limit;
use crate::platform::reply::{Created, Json, NoContent};
use crate::platform::routes::Routes;

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<ListFriends, _, _>(Limit::Read, list_friends);
    routes.add::<RemoveFriend, _, _>(Limit::FriendAnswer, remove_friend);
    routes.add::<ListFriendRequests, _, _>(Limit::Read, list_friend_requests);
    routes.add::<CreateFriendRequest, _, _>(Limit::FriendRequest, create_friend_request);
    routes.add::<AcceptFriendRequest, _, _>(Limit::FriendAnswer, accept_friend_request);
    routes.add::<DeclineFriendRequest, _, _>(Limit::FriendAnswer, decline_friend_request);
    routes.add::<CancelFriendRequest, _, _>(Limit::FriendAnswer, cancel_friend_request);
}

async fn list_friends(
    db: Data<Db>,
    actor: Actor,
    query: ValidQuery<FriendsQuery>,
) -> AppResult<Json<Page<Friend>>> {
    let size = page_size(query.0.limit);
    let after = cursor::read("friends", query.0.cursor.as_ref())?;
    db.snapshot(move |conn| {
        let rows = store::list_friends(conn, actor.user_id, after, i64::from(size) + 1)?;
        let page = cursor::page("friends", rows, size, |row| *row)?;
        let items = store::friends_of_rows(conn, &page.items)?;
        let seq = streams::head(conn, actor.user_id)?;
        Ok(Json(Page {
            items,
            next_cursor: page.next_cursor,
            seq: Some(seq),
        }))
    })
    .await
}

async fn list_friend_requests(
    db: Data<Db>,
    actor: Actor,
    query: Query<RequestsQuery>,
) -> AppResult<Json<Page<FriendRequest>>> {
    let RequestsQuery {
        direction,
        limit,
        cursor,
    } = query.0;
    let list = match direction {
        Direction::Incoming => "requests-in",
        Direction::Outgoing => "requests-out",
    };
    let size = page_size(limit);
    let below = cursor::read(list, cursor.as_ref())?.unwrap_or(i64::MAX);
    db.snapshot(move |conn| {
        let rows = store::list_requests(conn, actor.user_id, direction, below, i64::from(size) + 1)?;
        let page = cursor::page(list, rows, size, |row| row.id)?;
        let items = store::requests_of_rows(conn, actor.user_id, &page.items, RequestStatus::Pending)?;
        let seq = streams::head(conn, actor.user_id)?;
        Ok(Json(Page {
            items,
            next_cursor: page.next_cursor,
            seq: Some(seq),
        }))
    })
    .await
}

async fn create_friend_request(
    db: Data<Db>,
    actor: Actor,
    body: ValidJson<NewFriendRequest>,
) -> AppResult<Created<FriendRequest>> {
    db.write(move |tx| service::request(tx, &actor, &body.0)).await
}

async fn accept_friend_request(
    db: Data<Db>,
    actor: Actor,
    id: Param<FriendRequestId>,
) -> AppResult<NoContent> {
    db.write(move |tx| service::accept(tx, &actor, id.0))
        .await
        .map(|()| NoContent)
}

async fn decline_friend_request(
    db: Data<Db>,
    actor: Actor,
    id: Param<FriendRequestId>,
) -> AppResult<NoContent> {
    db.write(move |tx| service::decline(tx, &actor, id.0))
        .await
        .map(|()| NoContent)
}

async fn cancel_friend_request(
    db: Data<Db>,
    actor: Actor,
    id: Param<FriendRequestId>,
) -> AppResult<NoContent> {
    db.write(move |tx| service::cancel(tx, &actor, id.0))
        .await
        .map(|()| NoContent)
}

async fn remove_friend(db: Data<Db>, actor: Actor, id: Param<UserId>) -> AppResult<NoContent> {
    db.write(move |tx| service::remove(tx, &actor, id.0))
        .await
        .map(|()| NoContent)
}
