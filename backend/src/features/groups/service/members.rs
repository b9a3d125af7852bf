//! What those who manage a group do with its members.

use hearth_shared::conversations::groups::Role;
use hearth_shared::conversations::members::{GroupMember, LineKind};
use hearth_shared::ids::{ConversationId, Id, UserId};
use hearth_shared::problem::ErrorCode;

use super::{check_manager, check_owner, write_lines};
use crate::features::conversations::store::lines::NewLine;
use crate::features::conversations::store::members::{self as people, MemberRow, Membership};
use crate::features::groups::store;
use crate::features::notifications::service as notifications;
use crate::features::realtime::service as streams;
use crate::features::realtime::store::Kind;
use crate::features::users;
use crate::platform::db::{Conn, Outcome, Tx, dialect};
use crate::platform::error::AppResult;
use crate::platform::extract::Actor;

/// Gives a member another role. With that of the owner the group is theirs, and the caller is an administrator.
///
/// # Errors
/// `not_found` for everybody but members and when they are none, `forbidden` for everybody but the owner, and of themselves.
pub fn change_role(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ConversationId,
    user: UserId,
    role: Role,
) -> AppResult<Outcome<GroupMember>> {
    let me = actor.user_id;
    check_owner(tx.conn(), me, id)?;
    dialect::lock_conversation(tx.conn(), id.get())?;
    check_owner(tx.conn(), me, id)?;
    let known = people::find(tx.conn(), id, user)?.ok_or(ErrorCode::NotFound)?;
    if known.role() == role {
        return Ok(Outcome::RollBack(member(tx.conn(), &known)?));
    }
    if user == me {
        return Err(ErrorCode::Forbidden.into());
    }
    let line = |subject, role| NewLine {
        kind: LineKind::RoleChanged,
        actor: me,
        subject,
        role: Some(role),
    };
    let mut happened = vec![line(user, role)];
    people::set_role(tx.conn(), id, user, role)?;
    if role == Role::Owner {
        people::set_role(tx.conn(), id, me, Role::Admin)?;
        happened.push(line(me, Role::Admin));
    }
    write_lines(tx, id, &happened)?;
    let now = people::find(tx.conn(), id, user)?.ok_or(ErrorCode::NotFound)?;
    Ok(Outcome::Commit(member(tx.conn(), &now)?))
}

fn member(conn: &mut Conn, row: &MemberRow) -> AppResult<GroupMember> {
    Ok(GroupMember {
        user: users::store::card(conn, row.user())?,
        role: row.role(),
        joined_at: row.joined_at(),
    })
}

/// Removes a member of a lower role.
///
/// # Errors
/// `not_found` for everybody but members and when they are none, `forbidden` when their role is not lower.
pub fn remove(tx: &mut Tx<'_>, actor: &Actor, id: ConversationId, user: UserId) -> AppResult<Outcome<()>> {
    let me = actor.user_id;
    check_manager(tx.conn(), me, id)?;
    dialect::lock_conversation(tx.conn(), id.get())?;
    let row: Membership = check_manager(tx.conn(), me, id)?;
    let known = people::find(tx.conn(), id, user)?.ok_or(ErrorCode::NotFound)?;
    if !row.member.role().removes(known.role()) {
        return Err(ErrorCode::Forbidden.into());
    }
    people::delete(tx.conn(), id, user)?;
    store::add_to_member_count(tx.conn(), id, -1)?;
    let line = NewLine {
        kind: LineKind::Removed,
        actor: me,
        subject: user,
        role: None,
    };
    write_lines(tx, id, &[line])?;
    streams::tell(tx, user, Kind::Conversation, id.get(), None)?;
    notifications::went(tx, user, id)?;
    Ok(Outcome::Commit(()))
}
