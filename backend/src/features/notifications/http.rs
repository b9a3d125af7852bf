//! Notifications over HTTP.

use actix_web::web::Data;
use hearth_shared::ids::NotificationId;
use hearth_shared::notifications::preferences::{
    ChangeNotificationPreferences, GetNotificationPreferences, NotificationPreferences,
    NotificationPreferencesChange,
};
use hearth_shared::notifications::{
    Badges, Counts, GetBadges, ListNotifications, MarkNotificationRead, MarkNotificationsRead,
    MarkNotificationsSeen, Notification, NotificationFilter, NotificationsQuery, UpTo,
};
use hearth_shared::page::{Page, page_size};

use super::preferences;
use super::service;
use super::store::{self, hydrate};
use crate::features::conversations;
use crate::features::realtime::store as streams;
use crate::platform::cursor;
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, Param, Query, ValidJson};
use crate::platform::rate_limit::Limit;
use crate::platform::reply::{Json, NoContent};
use crate::platform::routes::Routes;

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<ListNotifications, _, _>(Limit::Read, list_notifications);
    routes.add::<MarkNotificationsSeen, _, _>(Limit::Mark, mark_seen);
    routes.add::<MarkNotificationsRead, _, _>(Limit::Mark, mark_all_read);
    routes.add::<MarkNotificationRead, _, _>(Limit::Mark, mark_one_read);
    routes.add::<GetNotificationPreferences, _, _>(Limit::Read, get_preferences);
    routes.add::<ChangeNotificationPreferences, _, _>(Limit::Edit, change_preferences);
    routes.add::<GetBadges, _, _>(Limit::Read, get_badges);
}

async fn list_notifications(
    db: Data<Db>,
    actor: Actor,
    query: Query<NotificationsQuery>,
) -> AppResult<Json<Page<Notification>>> {
    let NotificationsQuery {
        filter,
        limit,
        cursor,
    } = query.0;
    let list = match filter {
        NotificationFilter::All => "notifications",
        NotificationFilter::Unread => "notifications-unread",
        NotificationFilter::Requests => "notifications-requests",
        NotificationFilter::Mentions => "notifications-mentions",
    };
    let size = page_size(limit);
    let below = cursor::read(list, cursor.as_ref())?.unwrap_or(i64::MAX);
    db.snapshot(move |conn| {
        let rows = store::list(conn, actor.user_id, filter, below, i64::from(size) + 1)?;
        let page = cursor::page(list, rows, size, store::list_key)?;
        let items = hydrate::notifications_of_rows(conn, actor.user_id, &page.items)?;
        let seq = streams::head(conn, actor.user_id)?;
        Ok(Json(Page {
            items,
            next_cursor: page.next_cursor,
            seq: Some(seq),
        }))
    })
    .await
}

async fn mark_seen(db: Data<Db>, actor: Actor, body: ValidJson<UpTo>) -> AppResult<NoContent> {
    db.write(move |tx| service::mark_seen(tx, &actor, &body.0))
        .await
        .map(|()| NoContent)
}

async fn mark_all_read(db: Data<Db>, actor: Actor, body: ValidJson<UpTo>) -> AppResult<NoContent> {
    db.write(move |tx| service::mark_all_read(tx, &actor, &body.0))
        .await
        .map(|()| NoContent)
}

async fn mark_one_read(db: Data<Db>, actor: Actor, id: Param<NotificationId>) -> AppResult<NoContent> {
    db.write(move |tx| service::mark_one_read(tx, &actor, id.0))
        .await
        .map(|()| NoContent)
}

async fn get_preferences(db: Data<Db>, actor: Actor) -> AppResult<Json<NotificationPreferences>> {
    db.snapshot(move |conn| Ok(Json(preferences::of(conn, actor.user_id)?)))
        .await
}

async fn change_preferences(
    db: Data<Db>,
    actor: Actor,
    body: ValidJson<NotificationPreferencesChange>,
) -> AppResult<Json<NotificationPreferences>> {
    db.write(move |tx| preferences::change(tx, &actor, &body.0))
        .await
        .map(Json)
}

async fn get_badges(db: Data<Db>, actor: Actor) -> AppResult<Json<Badges>> {
    db.snapshot(move |conn| {
        let Counts {
            notifications,
            friend_requests,
        } = service::counts(conn, actor.user_id)?;
        let unread = conversations::store::count_unread(conn, actor.user_id)?;
        Ok(Json(Badges {
            notifications,
            friend_requests,
            conversations: u32::try_from(unread).unwrap_or(u32::MAX),
            seq: streams::head(conn, actor.user_id)?,
        }))
    })
    .await
}
