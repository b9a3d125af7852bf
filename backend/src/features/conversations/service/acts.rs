//! What happens to a message after it was sent: each is an event of its conversation, in one order for everybody.

use hearth_shared::conversations::groups::Role;
use hearth_shared::conversations::{Message, MessagePatch, PINS_MAX, REACTIONS_MAX};
use hearth_shared::ids::{Id, MessageId, UserId};
use hearth_shared::problem::{ErrorCode, FieldCode};
use hearth_shared::realtime::Stream;
use hearth_shared::realtime::events::Event;
use hearth_shared::valid::Valid;

use super::{check_sender, mentions};
use crate::features::conversations::store::members::{self, MemberRow, Membership};
use crate::features::conversations::store::messages::{self, Facts};
use crate::features::conversations::store::{ConversationRow, mentions as named, pins, reactions};
use crate::features::media::store::beside_messages;
use crate::features::search;
use crate::platform::db::{Conn, Outcome, Tx, dialect};
use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::Actor;
use crate::platform::realtime::bus::Notice;

/// Changes what one's own message says. Beside attachments it may say nothing.
///
/// # Errors
/// `not_found` for everybody but members and when it was removed, `forbidden` for everybody but its sender,
/// `not_friends` when nothing can be written there any more; a wrong field for a message of which nothing would be left.
pub fn edit(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: MessageId,
    patch: &Valid<MessagePatch>,
) -> AppResult<Outcome<Message>> {
    let (facts, row) = lock(tx, actor.user_id, id)?;
    if facts.sender != actor.user_id {
        return Err(ErrorCode::Forbidden.into());
    }
    if messages::body_of(tx.conn(), id)? == patch.body {
        return unchanged(tx.conn(), id);
    }
    if patch.body.is_empty() && !beside_messages::has_any(tx.conn(), id)? {
        return Err(AppError::field("body", FieldCode::Required, "must not be empty"));
    }
    let now = tx.now();
    messages::rewrite(tx.conn(), id, &patch.body, now)?;
    search::service::messages_changed(tx, &[id.get()])?;
    mentions::rewritten(tx, &row, id, facts, &patch.body)?;
    tell(tx, &row, id)
}

/// Removes one's own message for everybody, also where nothing can be written any more; in a group also that of somebody
/// whom one could remove from it. One that is removed already is answered as it is.
///
/// # Errors
/// `not_found` for everybody but members, `forbidden` for everybody who may not remove it.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, id: MessageId) -> AppResult<Outcome<Message>> {
    let me = actor.user_id;
    let known = messages::facts(tx.conn(), id)?.ok_or(ErrorCode::NotFound)?;
    let row = check_member(tx.conn(), me, known)?;
    check_removal(tx.conn(), &row, known.sender)?;
    dialect::lock_conversation(tx.conn(), known.conversation.get())?;
    let row = check_member(tx.conn(), me, known)?;
    check_removal(tx.conn(), &row, known.sender)?;
    let known = messages::facts(tx.conn(), id)?.ok_or(ErrorCode::NotFound)?;
    if known.removed {
        return unchanged(tx.conn(), id);
    }
    let now = tx.now();
    let people = named::people_in(tx.conn(), id)?;
    messages::remove(tx.conn(), id, now)?;
    search::service::messages_changed(tx, &[id.get()])?;
    mentions::removed(tx, id, known, &people)?;
    tell(tx, &row, id)
}

/// Who has gone from a group may do nothing more there: a member, for those who could have removed them.
fn check_removal(conn: &mut Conn, row: &Membership, sender: UserId) -> AppResult<()> {
    if row.member.user() == sender {
        return Ok(());
    }
    if !row.is_group() {
        return Err(ErrorCode::Forbidden.into());
    }
    let theirs = members::find(conn, row.id(), sender)?;
    let theirs = theirs.map_or(Role::Member, |member| member.role());
    if row.member.role().removes(theirs) {
        Ok(())
    } else {
        Err(ErrorCode::Forbidden.into())
    }
}

/// Puts an emoji of one's own on a message, or takes it away.
///
/// # Errors
/// `not_found` for everybody but members and when it was removed, `not_friends`; a wrong field when it is no emoji or one
/// too many.
pub fn react(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: MessageId,
    emoji: &str,
    wanted: bool,
) -> AppResult<Outcome<Message>> {
    let me = actor.user_id;
    // As Unicode has it; the same picture may be written with or without a selector.
    let emoji = emojis::get(emoji)
        .or_else(|| emojis::get(&emoji.replace('\u{fe0f}', "")))
        .ok_or_else(|| AppError::field("emoji", FieldCode::NotOffered, "is no emoji"))?
        .as_str();
    let (_, row) = lock(tx, me, id)?;
    let now = tx.now();
    let moved = if wanted {
        let others = reactions::count_others(tx.conn(), id, emoji)?;
        if usize::try_from(others).is_ok_and(|others| others >= REACTIONS_MAX) {
            return Err(AppError::field("emoji", FieldCode::TooLong, "is one too many"));
        }
        reactions::add(tx.conn(), id, me, emoji, now)?
    } else {
        reactions::take(tx.conn(), id, me, emoji)?
    };
    if moved {
        tell(tx, &row, id)
    } else {
        unchanged(tx.conn(), id)
    }
}

/// Pins a message for everybody in its conversation, or takes its pin away.
///
/// # Errors
/// `not_found` for everybody but members and when it was removed, `forbidden` in a group for everybody who does not manage
/// it, `not_friends`; a wrong field for one pin too many.
pub fn pin(tx: &mut Tx<'_>, actor: &Actor, id: MessageId, wanted: bool) -> AppResult<Outcome<Message>> {
    let (_, row) = lock(tx, actor.user_id, id)?;
    if row.is_group() && !row.member.role().manages() {
        return Err(ErrorCode::Forbidden.into());
    }
    let now = tx.now();
    if !pins::set(tx.conn(), id, wanted.then_some(now))? {
        return unchanged(tx.conn(), id);
    }
    // Those that are not theirs to see they could not take off either.
    let pinned = pins::count(tx.conn(), row.id(), row.member.since_number())?;
    if wanted && usize::try_from(pinned).is_ok_and(|pinned| pinned > PINS_MAX) {
        return Err(AppError::field(
            "message_id",
            FieldCode::TooLong,
            "is one pinned message too many",
        ));
    }
    tell(tx, &row, id)
}

/// That what a message answers was said in the same conversation, and is the sender's to see.
///
/// # Errors
/// A wrong field when it was not.
pub(super) fn check_quoted(conn: &mut Conn, row: &Membership, quoted: Option<MessageId>) -> AppResult<()> {
    let Some(id) = quoted else { return Ok(()) };
    match messages::facts(conn, id)? {
        Some(facts) if facts.conversation == row.id() && is_for(&row.member, facts) => Ok(()),
        _ => {
            let message = "is no message of this conversation";
            Err(AppError::field("reply_to_id", FieldCode::NotOffered, message))
        }
    }
}

/// Whether a message was sent after somebody came, or is shown to whoever comes.
fn is_for(member: &MemberRow, facts: Facts) -> bool {
    facts.number > member.since_number()
}

/// A message that is there, with its conversation locked. It is looked at before too, so that a stranger cannot take the
/// lock.
fn lock(tx: &mut Tx<'_>, me: UserId, id: MessageId) -> AppResult<(Facts, Membership)> {
    let known = messages::facts(tx.conn(), id)?.ok_or(ErrorCode::NotFound)?;
    check_writer(tx.conn(), me, known)?;
    dialect::lock_conversation(tx.conn(), known.conversation.get())?;
    let row = check_writer(tx.conn(), me, known)?;
    match messages::facts(tx.conn(), id)? {
        Some(facts) if !facts.removed => Ok((facts, row)),
        _ => Err(ErrorCode::NotFound.into()),
    }
}

pub(super) fn check_writer(conn: &mut Conn, me: UserId, facts: Facts) -> AppResult<Membership> {
    let row = check_sender(conn, me, facts.conversation)?;
    if is_for(&row.member, facts) {
        Ok(row)
    } else {
        Err(ErrorCode::NotFound.into())
    }
}

fn check_member(conn: &mut Conn, me: UserId, facts: Facts) -> AppResult<Membership> {
    let row = members::find_of(conn, me, facts.conversation)?;
    let row = row.filter(|row| is_for(&row.member, facts));
    Ok(row.ok_or(ErrorCode::NotFound)?)
}

fn unchanged(conn: &mut Conn, id: MessageId) -> AppResult<Outcome<Message>> {
    Ok(Outcome::RollBack(messages::message_of_id(conn, id)?))
}

/// Gives the change its position, and tells everybody. The conversation is locked.
pub(super) fn tell(tx: &mut Tx<'_>, row: &ConversationRow, id: MessageId) -> AppResult<Outcome<Message>> {
    let now = tx.now();
    let seq = messages::changed(tx.conn(), row.id(), id, now)?;
    let message = messages::message_of_id(tx.conn(), id)?;
    tx.publish(Notice::Event {
        stream: Stream::Conversation(row.id()),
        seq,
        membership_version: row.membership_version(),
        event: Some(Box::new(Event::MessageChanged {
            message: message.clone(),
        })),
    });
    Ok(Outcome::Commit(message))
}
