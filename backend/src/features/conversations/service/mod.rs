//! The rules of conversations.

pub mod acts;
pub mod attachments;
pub mod forget;
mod mentions;
pub mod requests;
pub mod settings;

use hearth_shared::conversations::{
    Conversation, Message, NewConversation, NewMessage, NewReadPosition, ReadState,
};
use hearth_shared::ids::{ConversationId, Id, MessageId, UserId};
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::Stream;
use hearth_shared::realtime::events::Event;
use hearth_shared::realtime::frames::Read;
use hearth_shared::valid::Valid;

use self::requests::Way;
use super::store::members::{self, Membership};
use super::store::messages::{self, Facts, Place};
use super::store::{self, ConversationRow, hydrate};
use crate::features::{friends, media, notifications, push, search, users};
use crate::platform::db::{Conn, Outcome, Tx, dialect};
use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::Actor;
use crate::platform::realtime::bus::Notice;
use crate::platform::reply::Created;

/// The conversation with a person, made when there is none: with a friend, or as a request. One in which something was said
/// is answered also when the two are friends no longer: what was said can still be read.
///
/// # Errors
/// `self_conversation`, `not_found`, `not_friends`, `too_many_message_requests`.
pub fn open(
    tx: &mut Tx<'_>,
    actor: &Actor,
    new: &Valid<NewConversation>,
) -> AppResult<Outcome<Created<Conversation>>> {
    let (me, other) = (actor.user_id, new.user_id);
    if me == other {
        return Err(ErrorCode::SelfConversation.into());
    }
    let mut known = store::find_direct(tx.conn(), me, other)?;
    if let Some(row) = said_in(&known) {
        return open_again(tx, me, row);
    }
    if !users::store::exists(tx.conn(), other)? {
        return Err(ErrorCode::NotFound.into());
    }
    friends::blocks::check(tx.conn(), me, other)?;
    let mut friends = friends::store::are_friends(tx.conn(), me, other)?;
    if !friends {
        dialect::lock_people(tx.conn(), [me.get(), other.get()])?;
        // The lock was waited for: the other one may have written, or they are friends.
        known = store::find_direct(tx.conn(), me, other)?;
        if let Some(row) = said_in(&known) {
            return open_again(tx, me, row);
        }
        friends = friends::store::are_friends(tx.conn(), me, other)?;
    }
    if !friends {
        requests::check_begin(tx, me, other)?;
    }
    let now = tx.now();
    if let Some(row) = known {
        if friends {
            return existing(tx, me, row.id(), false);
        }
        // Nothing was said in it: it is for whoever writes first, and new to both until then.
        store::requests::open(tx.conn(), row.id(), me, now)?;
        let row = store::find(tx.conn(), row.id())?;
        let conversation = hydrate::conversation_of_row(tx.conn(), me, &row)?;
        return Ok(Outcome::Commit(Created::New(conversation)));
    }
    let id: ConversationId = tx.new_id();
    let asks = (!friends).then_some(me);
    let made = store::insert_direct(tx.conn(), id, me, other, asks, now)?;
    let row = store::find_direct(tx.conn(), me, other)?.ok_or_else(AppError::unavailable)?;
    let conversation = hydrate::conversation_of_row(tx.conn(), me, &row)?;
    Ok(if made {
        Outcome::Commit(Created::New(conversation))
    } else {
        Outcome::RollBack(Created::Existing(conversation))
    })
}

/// One in which something was said.
fn said_in(known: &Option<ConversationRow>) -> Option<&ConversationRow> {
    known.as_ref().filter(|row| row.last_number() > 0)
}

/// That one; whoever has put a request away has it again.
fn open_again(
    tx: &mut Tx<'_>,
    me: UserId,
    row: &ConversationRow,
) -> AppResult<Outcome<Created<Conversation>>> {
    let away = members::find(tx.conn(), row.id(), me)?.is_none();
    if away {
        requests::come_back(tx, me, row)?;
    }
    existing(tx, me, row.id(), away)
}

/// The answer for one that is there already.
fn existing(
    tx: &mut Tx<'_>,
    me: UserId,
    id: ConversationId,
    changed: bool,
) -> AppResult<Outcome<Created<Conversation>>> {
    let row = store::find(tx.conn(), id)?;
    let conversation = hydrate::conversation_of_row(tx.conn(), me, &row)?;
    let existing = Created::Existing(conversation);
    Ok(if changed {
        Outcome::Commit(existing)
    } else {
        Outcome::RollBack(existing)
    })
}

/// Sends a message; the same request again answers with that message.
///
/// # Errors
/// `not_found` for everybody but members, `not_friends` when two are friends no longer, `request_pending` when they never
/// were and enough was asked, `client_id_reused`; a wrong field for what cannot be answered or attached.
pub fn send(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ConversationId,
    new: &Valid<NewMessage>,
) -> AppResult<Outcome<Created<Message>>> {
    let me = actor.user_id;
    if let Some(earlier) = find_earlier(tx, me, id, new)? {
        return Ok(Outcome::RollBack(Created::Existing(earlier)));
    }
    // Before the lock, so that a stranger cannot take it.
    let (row, way) = find_way(tx.conn(), me, id)?;
    requests::check_message(way, &row, new)?;
    if let (Way::Asking, 0, Some(other)) = (way, row.last_number(), row.other_of(me)) {
        dialect::lock_people(tx.conn(), [me.get(), other.get()])?;
    }
    dialect::lock_conversation(tx.conn(), id.get())?;
    if let Some(earlier) = find_earlier(tx, me, id, new)? {
        return Ok(Outcome::RollBack(Created::Existing(earlier)));
    }
    let (row, way) = find_way(tx.conn(), me, id)?;
    requests::check_message(way, &row, new)?;
    if (way, row.last_number()) == (Way::Asking, 0) {
        requests::begin(tx, me, &row)?;
    }
    acts::check_quoted(tx.conn(), &row, new.reply_to_id)?;
    let message_id: MessageId = tx.new_id();
    // The lock was waited for: what is said later must not look earlier.
    let before = messages::last_moment(tx.conn(), &row)?;
    let now = tx.now().max(before);
    let (seq, number) = store::advance(tx.conn(), id, message_id.get())?;
    let place = Place {
        conversation: id,
        number,
        seq,
    };
    if !messages::insert(tx.conn(), message_id, place, me, new, now)? {
        // Sent into another conversation at the same time.
        return Err(
            match messages::find_by_client_id(tx.conn(), me, new.client_id.as_str())? {
                Some(_) => ErrorCode::ClientIdReused.into(),
                None => AppError::unavailable(),
            },
        );
    }
    media::service::attach_to_message(tx, me, message_id, &new.media_ids)?;
    search::service::messages_changed(tx, &[message_id.get()])?;
    // To send is to have read.
    store::move_read(tx.conn(), id, me, number, now)?;
    if way == Way::Accepting {
        requests::accepted(tx, me, &row)?;
    }
    // The first message brings a conversation into the lists of both.
    if !row.is_group() && (number == 1 || way == Way::Accepting) {
        requests::tell_both(tx, &row)?;
    }
    let facts = Facts {
        conversation: id,
        number,
        sender: me,
        removed: false,
    };
    mentions::sent(tx, &row, message_id, facts, &new.body)?;
    // A stranger calls nobody.
    if way != Way::Asking {
        push::service::said(tx, id, number, me)?;
    }
    let message = messages::message_of_id(tx.conn(), message_id)?;
    tx.publish(Notice::Event {
        stream: Stream::Conversation(id),
        seq,
        membership_version: row.membership_version(),
        event: Some(Box::new(Event::MessageCreated {
            message: message.clone(),
        })),
    });
    Ok(Outcome::Commit(Created::New(message)))
}

fn find_earlier(
    tx: &mut Tx<'_>,
    me: UserId,
    id: ConversationId,
    new: &Valid<NewMessage>,
) -> AppResult<Option<Message>> {
    match messages::find_by_client_id(tx.conn(), me, new.client_id.as_str())? {
        None => Ok(None),
        Some((_, conversation, _)) if conversation != id => Err(ErrorCode::ClientIdReused.into()),
        // What was changed or removed has no hash: whoever sent it may ask again.
        Some((_, _, hash)) if !hash.is_empty() && hash != messages::hash_message(id, new) => {
            Err(ErrorCode::ClientIdReused.into())
        }
        Some((message, ..)) => {
            let mut message = messages::message_of_id(tx.conn(), message)?;
            let here = members::find(tx.conn(), id, me)?;
            // What others did since is not for somebody who has gone.
            if here.is_none_or(|member| message.number <= member.since_number()) {
                message.reactions.clear();
                message.pinned_at = None;
                message.reply_to = None;
            }
            Ok(Some(message))
        }
    }
}

fn find_way(conn: &mut Conn, me: UserId, id: ConversationId) -> AppResult<(Membership, Way)> {
    let row = members::find_of(conn, me, id)?.ok_or(ErrorCode::NotFound)?;
    let way = requests::way(conn, me, &row)?;
    Ok((row, way))
}

/// A conversation that somebody may write into, react and type, as friends do.
///
/// # Errors
/// `not_found`, `not_friends`, `request_pending`.
pub fn check_sender(conn: &mut Conn, me: UserId, id: ConversationId) -> AppResult<Membership> {
    match find_way(conn, me, id)? {
        (row, Way::Open) => Ok(row),
        (_, Way::Asking | Way::Accepting) => Err(ErrorCode::RequestPending.into()),
        (_, Way::Closed) => Err(ErrorCode::NotFriends.into()),
    }
}

/// Two people are friends: the conversation that they had comes to both as it is now.
///
/// # Errors
/// When the database fails.
pub fn resume(tx: &mut Tx<'_>, pair: [UserId; 2]) -> AppResult<()> {
    let [a, b] = pair;
    match store::find_direct(tx.conn(), a, b)? {
        Some(row) if row.last_number() > 0 => requests::tell_both(tx, &row),
        _ => Ok(()),
    }
}

/// Moves the caller's read position forward. A number past the newest message is the newest message's.
///
/// # Errors
/// `not_found`.
pub fn mark_read(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ConversationId,
    new: &Valid<NewReadPosition>,
) -> AppResult<Outcome<ReadState>> {
    let me = actor.user_id;
    let (row, way) = find_way(tx.conn(), me, id)?;
    let to_others = way == Way::Open;
    let number = new.number.min(row.last_number());
    let now = tx.now();
    let moved = store::move_read(tx.conn(), id, me, number, now)?;
    // After the place in the conversation, as with everybody who leaves or mutes one: no two wait for each other.
    let told = notifications::service::read_in_group(tx, me, id, number)?;
    let state = store::read_state(tx.conn(), id, me)?.ok_or(ErrorCode::NotFound)?;
    if !moved {
        // A message that was read already may name somebody since it was changed.
        return Ok(if told {
            Outcome::Commit(state)
        } else {
            Outcome::RollBack(state)
        });
    }
    tx.publish(Notice::Read {
        read: Read {
            conversation_id: id,
            user_id: me,
            number,
            at: now,
        },
        membership_version: row.membership_version(),
        to_others,
    });
    Ok(Outcome::Commit(state))
}
