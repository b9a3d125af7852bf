//! Where streams stand and what lies after a position, over HTTP.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use hearth_shared::ids::{ConversationId, UserId};
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::{
    EVENTS_LIMIT, EventPage, EventsQuery, GetSync, ListConversationEvents, ListMyEvents, Sync,
};
use sha2::{Digest, Sha256};

use super::live::Live;
use super::{events, store};
use crate::features::conversations;
use crate::features::notifications::service::counts;
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, Param, Query};
use crate::platform::rate_limit::Limit;
use crate::platform::reply::Json;
use crate::platform::routes::Routes;

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<GetSync, _, _>(Limit::Read, get_sync);
    routes.add::<ListMyEvents, _, _>(Limit::Read, list_my_events);
    routes.add::<ListConversationEvents, _, _>(Limit::Read, list_conversation_events);
}

async fn get_sync(live: Data<Live>, actor: Actor, request: HttpRequest) -> AppResult<HttpResponse> {
    let epoch = live.epoch.clone();
    let sync = live
        .db
        .snapshot(move |conn| positions(conn, actor.user_id, epoch))
        .await?;
    let body = serde_json::to_vec(&sync).map_err(anyhow::Error::from)?;
    let digest = Sha256::digest(&body);
    let tag: String = digest[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    let tag = header::ETag(header::EntityTag::new_strong(tag));
    let known = request
        .headers()
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|tags| tags.split(',').any(|known| known.trim() == tag.0.to_string()));
    if known {
        return Ok(HttpResponse::NotModified().insert_header(tag).finish());
    }
    Ok(HttpResponse::Ok()
        .insert_header(tag)
        .content_type("application/json")
        .body(body))
}

fn positions(conn: &mut Conn, me: UserId, epoch: String) -> AppResult<Sync> {
    Ok(Sync {
        epoch,
        user_seq: store::head(conn, me)?,
        counts: counts(conn, me)?,
        conversations: conversations::store::heads(conn, me)?,
    })
}

fn size(query: &EventsQuery) -> i64 {
    i64::from(query.limit.unwrap_or(EVENTS_LIMIT).clamp(1, EVENTS_LIMIT))
}

/// Who has a position that there is not comes from a database that was restored since.
fn check_position(after: u64, head: u64) -> AppResult<()> {
    if after > head {
        return Err(ErrorCode::PositionAhead.into());
    }
    Ok(())
}

async fn list_my_events(db: Data<Db>, actor: Actor, query: Query<EventsQuery>) -> AppResult<Json<EventPage>> {
    let me = actor.user_id;
    db.snapshot(move |conn| {
        let head = store::head(conn, me)?;
        check_position(query.0.after, head)?;
        Ok(Json(EventPage {
            items: events::of_user(conn, me, query.0.after, size(&query.0))?,
            head,
            counts: Some(counts(conn, me)?),
        }))
    })
    .await
}

async fn list_conversation_events(
    db: Data<Db>,
    actor: Actor,
    id: Param<ConversationId>,
    query: Query<EventsQuery>,
) -> AppResult<Json<EventPage>> {
    db.snapshot(move |conn| {
        let row =
            conversations::store::members::find_of(conn, actor.user_id, id.0)?.ok_or(ErrorCode::NotFound)?;
        check_position(query.0.after, row.last_seq())?;
        Ok(Json(EventPage {
            items: events::of_conversation(conn, id.0, &row.member, query.0.after, size(&query.0))?,
            head: row.last_seq(),
            counts: None,
        }))
    })
    .await
}
