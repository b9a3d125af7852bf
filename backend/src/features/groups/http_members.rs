//! Members of groups, and invitations, over HTTP.

use actix_web::web::Data;
use hearth_shared::conversations::members::{
    ChangeRole, DeclineGroupInvitation, GroupInvitation, GroupMember, InviteToGroup, Invited, Invitee,
    Invitees, ListGroupInvitations, ListGroupMembers, ListInvitees, RemoveMember, RolePatch,
    WithdrawInvitation,
};
use hearth_shared::ids::{ConversationId, Id, UserId};
use hearth_shared::page::{Page, PageQuery, page_size};

use super::service::{self, invitations, members};
use super::store::invitations as store;
use crate::features::conversations::store::members as people;
use crate::features::realtime::store as streams;
use crate::features::users;
use crate::platform::cursor;
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, Param, Params, Query, ValidJson};
use crate::platform::rate_limit::Limit;
use crate::platform::reply::{Json, NoContent};
use crate::platform::routes::Routes;

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<ListGroupMembers, _, _>(Limit::Read, list_members);
    routes.add::<ChangeRole, _, _>(Limit::Membership, change_role);
    routes.add::<RemoveMember, _, _>(Limit::Membership, remove_member);
    routes.add::<ListInvitees, _, _>(Limit::Read, list_invitees);
    routes.add::<InviteToGroup, _, _>(Limit::GroupInvitation, invite);
    routes.add::<WithdrawInvitation, _, _>(Limit::Membership, withdraw);
    routes.add::<ListGroupInvitations, _, _>(Limit::Read, list_invitations);
    routes.add::<DeclineGroupInvitation, _, _>(Limit::Membership, decline);
}

async fn list_members(
    db: Data<Db>,
    actor: Actor,
    id: Param<ConversationId>,
    query: Query<PageQuery>,
) -> AppResult<Json<Page<GroupMember>>> {
    let size = page_size(query.0.limit);
    let after = cursor::read("members", query.0.cursor.as_ref())?.unwrap_or((-1, 0));
    db.snapshot(move |conn| {
        service::check_member(conn, actor.user_id, id.0)?;
        let rows = people::list(conn, id.0, after, i64::from(size) + 1)?;
        let page = cursor::page("members", rows, size, people::list_key)?;
        let ids: Vec<i64> = page.items.iter().map(|row| row.user().get()).collect();
        let mut cards = users::store::cards(conn, &ids)?;
        let member = |row: &people::MemberRow| {
            Some(GroupMember {
                user: cards.remove(&row.user().get())?,
                role: row.role(),
                joined_at: row.joined_at(),
            })
        };
        Ok(Json(Page {
            items: page.items.iter().filter_map(member).collect(),
            next_cursor: page.next_cursor,
            seq: None,
        }))
    })
    .await
}

async fn change_role(
    db: Data<Db>,
    actor: Actor,
    ids: Params<ConversationId, UserId>,
    body: ValidJson<RolePatch>,
) -> AppResult<Json<GroupMember>> {
    db.write(move |tx| members::change_role(tx, &actor, ids.0, ids.1, body.0.role))
        .await
        .map(Json)
}

async fn remove_member(
    db: Data<Db>,
    actor: Actor,
    ids: Params<ConversationId, UserId>,
) -> AppResult<NoContent> {
    db.write(move |tx| members::remove(tx, &actor, ids.0, ids.1))
        .await?;
    Ok(NoContent)
}

async fn list_invitees(
    db: Data<Db>,
    actor: Actor,
    id: Param<ConversationId>,
    query: Query<PageQuery>,
) -> AppResult<Json<Page<Invitee>>> {
    let size = page_size(query.0.limit);
    let below = cursor::read("invitees", query.0.cursor.as_ref())?.unwrap_or((i64::MAX, i64::MAX));
    db.snapshot(move |conn| {
        service::check_manager(conn, actor.user_id, id.0)?;
        let rows = store::list_invitees(conn, id.0, below, i64::from(size) + 1)?;
        let page = cursor::page("invitees", rows, size, store::invitees_key)?;
        Ok(Json(Page {
            items: store::invitees_of_rows(conn, &page.items)?,
            next_cursor: page.next_cursor,
            seq: None,
        }))
    })
    .await
}

async fn invite(
    db: Data<Db>,
    actor: Actor,
    id: Param<ConversationId>,
    body: ValidJson<Invitees>,
) -> AppResult<Json<Invited>> {
    db.write(move |tx| invitations::invite(tx, &actor, id.0, &body.0))
        .await
        .map(Json)
}

async fn withdraw(db: Data<Db>, actor: Actor, ids: Params<ConversationId, UserId>) -> AppResult<NoContent> {
    db.write(move |tx| invitations::withdraw(tx, &actor, ids.0, ids.1))
        .await?;
    Ok(NoContent)
}

async fn list_invitations(
    db: Data<Db>,
    actor: Actor,
    query: Query<PageQuery>,
) -> AppResult<Json<Page<GroupInvitation>>> {
    let size = page_size(query.0.limit);
    let below = cursor::read("group-invitations", query.0.cursor.as_ref())?.unwrap_or((i64::MAX, i64::MAX));
    db.snapshot(move |conn| {
        let me = actor.user_id;
        let rows = store::list(conn, me, below, i64::from(size) + 1)?;
        let page = cursor::page("group-invitations", rows, size, store::list_key)?;
        Ok(Json(Page {
            items: store::of_rows(conn, me, &page.items)?,
            next_cursor: page.next_cursor,
            seq: Some(streams::head(conn, me)?),
        }))
    })
    .await
}

async fn decline(db: Data<Db>, actor: Actor, id: Param<ConversationId>) -> AppResult<NoContent> {
    db.write(move |tx| invitations::decline(tx, &actor, id.0)).await?;
    Ok(NoContent)
}
