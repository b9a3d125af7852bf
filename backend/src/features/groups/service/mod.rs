//! The rules of groups: making, coming, going, ending.

pub mod invitations;
pub mod members;
pub mod pictures;

use hearth_shared::conversations::Conversation;
use hearth_shared::conversations::groups::{GroupPatch, History, MEMBERS_MAX, NewGroup, Role, Visibility};
use hearth_shared::conversations::members::LineKind;
use hearth_shared::ids::{ConversationId, Id, ListedId, UserId};
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::Stream;
use hearth_shared::realtime::events::Event;
use hearth_shared::valid::Valid;

use super::ended;
use super::store::{self, GroupRow, invitations as invited};
use crate::features::conversations::store::lines::{self, NewLine};
use crate::features::conversations::store::members::{self as people, Membership, NewMember};
use crate::features::conversations::store::{self as conversations, hydrate};
use crate::features::notifications::service as notifications;
use crate::features::realtime::service as streams;
use crate::features::realtime::store::Kind;
use crate::platform::db::{Conn, Outcome, Tx, dialect};
use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::Actor;
use crate::platform::realtime::bus::Notice;
use crate::platform::reply::Created;

/// Makes a group and invites; the same request again answers with that group.
///
/// # Errors
/// `client_id_reused`; as [`invitations::check_friends`].
pub fn create(
    tx: &mut Tx<'_>,
    actor: &Actor,
    new: &Valid<NewGroup>,
) -> AppResult<Outcome<Created<Conversation>>> {
    let me = actor.user_id;
    if let Some(earlier) = find_earlier(tx.conn(), me, new)? {
        return Ok(Outcome::RollBack(Created::Existing(earlier)));
    }
    let others: Vec<UserId> = new.user_ids.iter().copied().filter(|id| *id != me).collect();
    invitations::check_friends(tx.conn(), me, &others)?;
    invitations::check_still_friends(tx.conn(), me, &others)?;
    let id: ConversationId = tx.new_id();
    let now = tx.now();
    conversations::insert_group(tx.conn(), id, now)?;
    if !store::insert(tx.conn(), id, me, new)? {
        // The same request at the same time: it was waited for, and is there now.
        return match find_earlier(tx.conn(), me, new)? {
            Some(earlier) => Ok(Outcome::RollBack(Created::Existing(earlier))),
            None => Err(AppError::unavailable()),
        };
    }
    let listed = ListedId::new(id.get());
    let owner = NewMember {
        user: me,
        role: Role::Owner,
        last_number: 0,
        since_number: 0,
        since_seq: 0,
        listed,
        now,
    };
    people::insert(tx.conn(), id, owner)?;
    store::add_to_member_count(tx.conn(), id, 1)?;
    let line = NewLine {
        kind: LineKind::Created,
        actor: me,
        subject: me,
        role: None,
    };
    write_lines(tx, id, &[line])?;
    if !others.is_empty() {
        invited::insert(tx.conn(), id, me, &others, now)?;
    }
    let mut told = others.clone();
    told.push(me);
    streams::lock_streams(tx, &told)?;
    streams::tell(tx, me, Kind::Conversation, id.get(), None)?;
    streams::tell_all(tx, &others, Kind::GroupInvitation, id.get())?;
    notifications::invited(tx, id, me, &others)?;
    Ok(Outcome::Commit(Created::New(conversation(tx.conn(), me, id)?)))
}

fn find_earlier(conn: &mut Conn, me: UserId, new: &NewGroup) -> AppResult<Option<Conversation>> {
    match store::find_by_client_id(conn, me, new)? {
        None => Ok(None),
        Some((_, false)) => Err(ErrorCode::ClientIdReused.into()),
        Some((id, true)) => match people::find_of(conn, me, id)? {
            Some(row) => Ok(Some(as_seen(conn, me, &row)?)),
            // Who has left what they made may not make it once more by a retry.
            None => Err(ErrorCode::ClientIdReused.into()),
        },
    }
}

/// Changes what a group is called and what it is for.
///
/// # Errors
/// `not_found` for everybody but members, `forbidden` for members.
pub fn edit(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ConversationId,
    patch: &Valid<GroupPatch>,
) -> AppResult<Outcome<Conversation>> {
    let me = actor.user_id;
    check_manager(tx.conn(), me, id)?;
    dialect::lock_conversation(tx.conn(), id.get())?;
    check_manager(tx.conn(), me, id)?;
    let row = find(tx.conn(), id)?;
    let now = row.group();
    let title = patch.title.as_ref().unwrap_or(&now.title);
    let description = patch.description.as_ref().unwrap_or(&now.description);
    if *title == now.title && *description == now.description {
        return Ok(Outcome::RollBack(conversation(tx.conn(), me, id)?));
    }
    store::rename(tx.conn(), &row, title, description)?;
    let line = NewLine {
        kind: LineKind::Renamed,
        actor: me,
        subject: me,
        role: None,
    };
    write_lines(tx, id, &[line])?;
    looks_different(tx, id)?;
    Ok(Outcome::Commit(conversation(tx.conn(), me, id)?))
}

/// Who is not in a group sees what it is called and looks like where they are invited, and everybody where they were told
/// something of it.
fn looks_different(tx: &mut Tx<'_>, id: ConversationId) -> AppResult<()> {
    let invited = invited::everybody(tx.conn(), id)?;
    notifications::lock_all_told(tx, id, &invited)?;
    streams::tell_all(tx, &invited, Kind::GroupInvitation, id.get())?;
    notifications::group_changed(tx, id)
}

/// Comes into a public group, or into one that one is invited to.
///
/// # Errors
/// `not_found` when it is neither, `group_full`.
pub fn join(tx: &mut Tx<'_>, actor: &Actor, id: ConversationId) -> AppResult<Outcome<Conversation>> {
    let me = actor.user_id;
    check_open(tx.conn(), me, id)?;
    dialect::lock_conversation(tx.conn(), id.get())?;
    let row = check_open(tx.conn(), me, id)?;
    if let Some(known) = people::find_of(tx.conn(), me, id)? {
        let known = as_seen(tx.conn(), me, &known)?;
        return Ok(Outcome::RollBack(known));
    }
    if row.member_count() >= MEMBERS_MAX {
        return Err(ErrorCode::GroupFull.into());
    }
    let (last_number, last_seq) = conversations::ends(tx.conn(), id)?;
    let (since_number, since_seq) = match row.history() {
        History::All => (0, 0),
        History::FromJoining => (last_number, last_seq),
    };
    let new = NewMember {
        user: me,
        role: Role::Member,
        last_number,
        since_number,
        since_seq,
        listed: tx.new_id(),
        now: tx.now(),
    };
    people::insert(tx.conn(), id, new)?;
    store::add_to_member_count(tx.conn(), id, 1)?;
    let was_invited = invited::delete(tx.conn(), id, me)?;
    let line = NewLine {
        kind: LineKind::Joined,
        actor: me,
        subject: me,
        role: None,
    };
    write_lines(tx, id, &[line])?;
    if was_invited {
        streams::tell(tx, me, Kind::GroupInvitation, id.get(), None)?;
        notifications::came(tx, me, id)?;
    }
    streams::tell(tx, me, Kind::Conversation, id.get(), None)?;
    Ok(Outcome::Commit(conversation(tx.conn(), me, id)?))
}

/// Goes out of a group.
///
/// # Errors
/// `not_found` for everybody but members.
pub fn leave(tx: &mut Tx<'_>, actor: &Actor, id: ConversationId) -> AppResult<Outcome<()>> {
    let me = actor.user_id;
    check_member(tx.conn(), me, id)?;
    go(tx, me, id)?;
    Ok(Outcome::Commit(()))
}

/// Somebody who is in a group goes. What they owned somebody else owns from now on; the last one ends it.
fn go(tx: &mut Tx<'_>, user: UserId, id: ConversationId) -> AppResult<()> {
    dialect::lock_conversation(tx.conn(), id.get())?;
    let row = check_member(tx.conn(), user, id)?;
    let heir = match row.member.role() {
        // There is an owner besides.
        Role::Admin | Role::Member => None,
        Role::Owner => match people::heir(tx.conn(), id, user)? {
            None => return ended::end(tx, id),
            heir => heir,
        },
    };
    people::delete(tx.conn(), id, user)?;
    store::add_to_member_count(tx.conn(), id, -1)?;
    let mut happened = vec![NewLine {
        kind: LineKind::Left,
        actor: user,
        subject: user,
        role: None,
    }];
    if let Some(heir) = heir {
        people::set_role(tx.conn(), id, heir, Role::Owner)?;
        happened.push(NewLine {
            kind: LineKind::RoleChanged,
            actor: user,
            subject: heir,
            role: Some(Role::Owner),
        });
    }
    write_lines(tx, id, &happened)?;
    streams::tell(tx, user, Kind::Conversation, id.get(), None)?;
    notifications::went(tx, user, id)
}

/// Ends a group for everybody.
///
/// # Errors
/// `not_found` for everybody but members, `forbidden` for everybody but its owner.
pub fn end(tx: &mut Tx<'_>, actor: &Actor, id: ConversationId) -> AppResult<Outcome<()>> {
    let me = actor.user_id;
    check_owner(tx.conn(), me, id)?;
    dialect::lock_conversation(tx.conn(), id.get())?;
    check_owner(tx.conn(), me, id)?;
    ended::end(tx, id)?;
    Ok(Outcome::Commit(()))
}

/// An account goes: out of a group, or out of some of what was asked. True: there may be more.
///
/// # Errors
/// When the database fails.
pub fn forget(tx: &mut Tx<'_>, user: UserId, limit: i64) -> AppResult<bool> {
    if let Some(id) = people::some_groups(tx.conn(), user, 1)?.pop() {
        return match go(tx, user, id) {
            // Removed, or ended, in the meantime.
            Err(error) if error.code() == ErrorCode::NotFound => Ok(true),
            gone => gone.map(|()| true),
        };
    }
    invitations::forget(tx, user, limit)
}

/// A group that somebody may look at: it is public, they are in it, or invited.
///
/// # Errors
/// `not_found`.
pub fn check_open(conn: &mut Conn, me: UserId, id: ConversationId) -> AppResult<GroupRow> {
    let row = find(conn, id)?;
    // In this order: who comes in between is invited no longer, and in it.
    let open = row.visibility() == Visibility::Public
        || invited::is_invited(conn, id, me)?
        || people::find(conn, id, me)?.is_some();
    if open {
        Ok(row)
    } else {
        Err(ErrorCode::NotFound.into())
    }
}

/// A group that somebody is in.
///
/// # Errors
/// `not_found`.
pub fn check_member(conn: &mut Conn, me: UserId, id: ConversationId) -> AppResult<Membership> {
    let row = people::find_of(conn, me, id)?.filter(|row| row.is_group());
    Ok(row.ok_or(ErrorCode::NotFound)?)
}

/// A group that somebody manages.
///
/// # Errors
/// `not_found` for everybody but members, `forbidden` for members.
pub fn check_manager(conn: &mut Conn, me: UserId, id: ConversationId) -> AppResult<Membership> {
    let row = check_member(conn, me, id)?;
    if row.member.role().manages() {
        Ok(row)
    } else {
        Err(ErrorCode::Forbidden.into())
    }
}

fn check_owner(conn: &mut Conn, me: UserId, id: ConversationId) -> AppResult<Membership> {
    let row = check_member(conn, me, id)?;
    if row.member.role() == Role::Owner {
        Ok(row)
    } else {
        Err(ErrorCode::Forbidden.into())
    }
}

fn find(conn: &mut Conn, id: ConversationId) -> AppResult<GroupRow> {
    Ok(store::find(conn, id)?.ok_or(ErrorCode::NotFound)?)
}

/// A group as one of its members sees it.
///
/// # Errors
/// `not_found` for everybody else.
pub fn conversation(conn: &mut Conn, me: UserId, id: ConversationId) -> AppResult<Conversation> {
    let row = people::find_of(conn, me, id)?.ok_or(ErrorCode::NotFound)?;
    as_seen(conn, me, &row)
}

/// Who is removed while it is read does not see it.
fn as_seen(conn: &mut Conn, me: UserId, row: &Membership) -> AppResult<Conversation> {
    Ok(hydrate::find_of_row(conn, me, row)?.ok_or(ErrorCode::NotFound)?)
}

/// Writes down what has happened to a group and tells those who are in it. What each line says of the group is how it is
/// after all of them. The conversation is locked.
fn write_lines(tx: &mut Tx<'_>, id: ConversationId, happened: &[NewLine]) -> AppResult<()> {
    let now = tx.now();
    let mut places = Vec::new();
    for line in happened {
        places.push(lines::insert(tx.conn(), id, *line, now)?);
    }
    for (seq, membership_version) in places {
        let change = lines::change(tx.conn(), id, seq)?;
        tx.publish(Notice::Event {
            stream: Stream::Conversation(id),
            seq,
            membership_version,
            event: Some(Box::new(Event::GroupChanged { change })),
        });
    }
    Ok(())
}
