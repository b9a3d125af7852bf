//! Friends over HTTP.

use actix_web::web::Data;
use hearth_shared::blocks::{BlockPerson, BlockedPerson, ListBlocks, UnblockPerson};
use hearth_shared::friends::{
    AcceptFriendRequest, CancelFriendRequest, CreateFriendRequest, DeclineFriendRequest, Direction, Friend,
    FriendRequest, FriendsQuery, ListFriendRequests, ListFriends, NewFriendRequest, RemoveFriend,
    RequestStatus, RequestsQuery,
};
use hearth_shared::ids::{FriendRequestId, Id, UserId};
use hearth_shared::page::{Page, PageQuery, page_size};
use hearth_shared::problem::ErrorCode;
use hearth_shared::suggestions::{HideSuggestion, ListSuggestions, Suggestion};
use hearth_shared::users::{ListUserFriends, Person};

use super::{blocks, service, store, suggestions};
use crate::features::realtime::live::Live;
use crate::features::realtime::store as streams;
use crate::features::users::names::{self, Username};
use crate::features::{privacy, users};
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
    routes.add::<ListUserFriends, _, _>(Limit::Read, list_user_friends);
    routes.add::<ListSuggestions, _, _>(Limit::Search, list_suggestions);
    routes.add::<HideSuggestion, _, _>(Limit::FriendAnswer, hide_suggestion);
    routes.add::<ListBlocks, _, _>(Limit::Read, list_blocks);
    routes.add::<BlockPerson, _, _>(Limit::FriendAnswer, block_person);
    routes.add::<UnblockPerson, _, _>(Limit::FriendAnswer, unblock_person);
}

async fn list_friends(
    db: Data<Db>,
    live: Data<Live>,
    actor: Actor,
    query: ValidQuery<FriendsQuery>,
) -> AppResult<Json<Page<Friend>>> {
    let me = actor.user_id;
    let size = page_size(query.0.limit);
    let after = cursor::read("friends", query.0.cursor.as_ref())?;
    let prefixes = names::words(&query.0.q);
    // What has no letters in it is in nobody's name.
    let nobody = prefixes.is_empty() && !query.0.q.is_empty();
    let (mut page, seen) = db
        .snapshot(move |conn| {
            let rows = if nobody {
                Vec::new()
            } else {
                store::list_friends(conn, me, &prefixes, after, i64::from(size) + 1)?
            };
            let page = cursor::page("friends", rows, size, |row| *row)?;
            let ids: Vec<i64> = page.items.iter().map(|(_, id)| *id).collect();
            let mutual = store::mutual_counts(conn, me, &ids)?;
            let seen = store::presence::seen_among(conn, me, &ids)?;
            let mut items = store::friends_of_rows(conn, &page.items)?;
            for friend in &mut items {
                let count = mutual.get(&friend.user.id.get()).copied();
                friend.mutual_friend_count = Some(count.unwrap_or(0));
            }
            let page = Page {
                items,
                next_cursor: page.next_cursor,
                seq: Some(streams::head(conn, me)?),
            };
            Ok((page, seen))
        })
        .await?;
    for friend in &mut page.items {
        let id = friend.user.id;
        friend.online = seen.contains(&id.get()).then(|| live.dispatcher.is_online(id));
    }
    Ok(Json(page))
}

async fn list_user_friends(
    db: Data<Db>,
    actor: Actor,
    username: Param<Username>,
    query: Query<PageQuery>,
) -> AppResult<Json<Page<Person>>> {
    let me = actor.user_id;
    let size = page_size(query.0.limit);
    let after: Option<(String, i64)> = cursor::read("user-friends", query.0.cursor.as_ref())?;
    // Such a name was never kept, and PostgreSQL takes none.
    if after.as_ref().is_some_and(|(name, _)| name.contains('\0')) {
        return Err(ErrorCode::InvalidCursor.into());
    }
    db.snapshot(move |conn| {
        let owner = users::service::id_of(conn, me, &username.0)?;
        let settings = privacy::store::of(conn, owner)?;
        let friends = store::are_friends(conn, me, owner)?;
        if !privacy::service::shows_friends(&settings, me, owner, friends) {
            return Err(ErrorCode::FriendListHidden.into());
        }
        let rows = store::list_by_name(conn, me, owner, after.as_ref(), i64::from(size) + 1)?;
        let page = cursor::page("user-friends", rows, size, Clone::clone)?;
        let ids: Vec<i64> = page.items.iter().map(|(_, id)| *id).collect();
        Ok(Json(Page {
            items: store::people(conn, me, &ids)?,
            next_cursor: page.next_cursor,
            seq: None,
        }))
    })
    .await
}

async fn list_suggestions(
    db: Data<Db>,
    actor: Actor,
    query: Query<PageQuery>,
) -> AppResult<Json<Page<Suggestion>>> {
    let size = page_size(query.0.limit);
    let after = cursor::read("suggestions", query.0.cursor.as_ref())?;
    db.snapshot(move |conn| suggestions::page(conn, actor.user_id, after, size).map(Json))
        .await
}

async fn hide_suggestion(db: Data<Db>, actor: Actor, id: Param<UserId>) -> AppResult<NoContent> {
    db.write(move |tx| suggestions::hide(tx, &actor, id.0))
        .await
        .map(|()| NoContent)
}

async fn list_blocks(
    db: Data<Db>,
    actor: Actor,
    query: Query<PageQuery>,
) -> AppResult<Json<Page<BlockedPerson>>> {
    let size = page_size(query.0.limit);
    let after = cursor::read("blocks", query.0.cursor.as_ref())?;
    db.snapshot(move |conn| {
        let rows = store::blocks::list(conn, actor.user_id, after, i64::from(size) + 1)?;
        let page = cursor::page("blocks", rows, size, |row| *row)?;
        Ok(Json(Page {
            items: store::blocks::blocked_of_rows(conn, &page.items)?,
            next_cursor: page.next_cursor,
            seq: None,
        }))
    })
    .await
}

async fn block_person(db: Data<Db>, actor: Actor, id: Param<UserId>) -> AppResult<NoContent> {
    db.write(move |tx| blocks::block(tx, &actor, id.0)).await??;
    Ok(NoContent)
}

async fn unblock_person(db: Data<Db>, actor: Actor, id: Param<UserId>) -> AppResult<NoContent> {
    db.write(move |tx| blocks::unblock(tx, &actor, id.0))
        .await
        .map(|()| NoContent)
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
