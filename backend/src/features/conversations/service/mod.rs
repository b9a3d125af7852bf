//! The rules of conversations.

pub mod acts;
pub mod attachments;
pub mod forget;
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

use super::store::members::{self, Membership};
use super::store::messages::{self, Place};
use super::store::{self, ConversationRow, hydrate};
use crate::features::realtime::service as streams;
use crate::features::realtime::store::Kind;
use crate::features::{friends, media, users};
use crate::platform::db::{Conn, Outcome, Tx, dialect};
use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::Actor;
use crate::platform::realtime::bus::Notice;
use crate::platform::reply::Created;

/// The conversation with a friend, made when there is none. One that exists is answered also when the two are
/// friends no longer: what was said can still be read.
///
/// # Errors
/// `self_conversation`, `not_found`, `not_friends`.
pub fn open(
    tx: &mut Tx<'_>,
    actor: &Actor,
    new: &Valid<NewConversation>,
) -> AppResult<Outcome<Created<Conversation>>> {
    let (me, other) = (actor.user_id, new.user_id);
    if me == other {
        return Err(ErrorCode::SelfConversation.into());
    }
    if let Some(row) = store::find_direct(tx.conn(), me, other)? {
        let conversation = hydrate::conversation_of_row(tx.conn(), me, &row)?;
        return Ok(Outcome::RollBack(Created::Existing(conversation)));
    }
    if !users::store::exists(tx.conn(), other)? {
        return Err(ErrorCode::NotFound.into());
    }
    friends::blocks::check(tx.conn(), me, other)?;
    if !friends::store::are_friends(tx.conn(), me, other)? {
        return Err(ErrorCode::NotFriends.into());
    }
    let id: ConversationId = tx.new_id();
    let now = tx.now();
    let made = store::insert_direct(tx.conn(), id, me, other, now)?;
    let row = store::find_direct(tx.conn(), me, other)?.ok_or_else(AppError::unavailable)?;
    let conversation = hydrate::conversation_of_row(tx.conn(), me, &row)?;
    Ok(if made {
        Outcome::Commit(Created::New(conversation))
    } else {
        Outcome::RollBack(Created::Existing(conversation))
    })
}

/// Sends a message; the same request again answers with that message.
///
/// # Errors
/// `not_found` for everybody but members, `not_friends` when two are friends no longer, `client_id_reused`; a wrong field for
/// what cannot be answered or attached.
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
    check_sender(tx.conn(), me, id)?;
    dialect::lock_conversation(tx.conn(), id.get())?;
    if let Some(earlier) = find_earlier(tx, me, id, new)? {
        return Ok(Outcome::RollBack(Created::Existing(earlier)));
    }
    let row = check_sender(tx.conn(), me, id)?;
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
    // To send is to have read.
    store::move_read(tx.conn(), id, me, number, now)?;
    if let (1, Some(other)) = (number, row.other_of(me)) {
        add_to_lists(tx, &row, [me, other])?;
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

/// The first message brings a conversation into the lists of both.
fn add_to_lists(tx: &mut Tx<'_>, row: &ConversationRow, people: [UserId; 2]) -> AppResult<()> {
    streams::lock_streams(tx, &people)?;
    for user in people {
        streams::tell(tx, user, Kind::Conversation, row.id().get(), None)?;
    }
    Ok(())
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
                message.reply_to = None;
            }
            Ok(Some(message))
        }
    }
}

/// A conversation that somebody may write into.
///
/// # Errors
/// `not_found`, `not_friends`.
pub fn check_sender(conn: &mut Conn, me: UserId, id: ConversationId) -> AppResult<Membership> {
    let row = members::find_of(conn, me, id)?.ok_or(ErrorCode::NotFound)?;
    if is_writable(conn, me, &row)? {
        Ok(row)
    } else {
        Err(ErrorCode::NotFriends.into())
    }
}

/// Whether the two are friends still. In a group everybody writes who is in it.
fn is_writable(conn: &mut Conn, me: UserId, row: &ConversationRow) -> AppResult<bool> {
    if row.is_group() {
        return Ok(true);
    }
    Ok(match row.other_of(me) {
        Some(other) => friends::store::are_friends(conn, me, other)?,
        None => false,
    })
}

/// Two people are friends: the conversation that they had comes to both as it is now.
///
/// # Errors
/// When the database fails.
pub fn resume(tx: &mut Tx<'_>, pair: [UserId; 2]) -> AppResult<()> {
    let [a, b] = pair;
    match store::find_direct(tx.conn(), a, b)? {
        Some(row) if row.last_number() > 0 => add_to_lists(tx, &row, pair),
        _ => Ok(()),
    }
}

/// Two people are friends no longer. Messages on their way come before that or are refused: whoever sends looks
/// again under the lock that is taken here.
///
/// # Errors
/// When the database fails.
pub fn parted(tx: &mut Tx<'_>, pair: [UserId; 2]) -> AppResult<()> {
    let [a, b] = pair;
    if let Some(row) = store::find_direct(tx.conn(), a, b)? {
        dialect::lock_conversation(tx.conn(), row.id().get())?;
    }
    Ok(())
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
    let row = members::find_of(tx.conn(), me, id)?.ok_or(ErrorCode::NotFound)?;
    let to_others = is_writable(tx.conn(), me, &row)?;
    let number = new.number.min(row.last_number());
    let now = tx.now();
    let moved = store::move_read(tx.conn(), id, me, number, now)?;
    let state = store::read_state(tx.conn(), id, me)?.ok_or(ErrorCode::NotFound)?;
    if !moved {
        return Ok(Outcome::RollBack(state));
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
