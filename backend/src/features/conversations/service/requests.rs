//! Who may write to whom. Friends always may. Of two who are no friends one asks with a few words, if the other one takes
//! that; what is between them is a request until the other one accepts it, and none of them learns anything of the other
//! meanwhile. A request that is put away is not shown any more, and whoever asked is not told.

use hearth_shared::conversations::{
    Conversation, NewMessage, REQUEST_MESSAGES_MAX, REQUESTS_DAYS, REQUESTS_MAX,
};
use hearth_shared::ids::{ConversationId, Id, ListedId, UserId};
use hearth_shared::privacy::Reach;
use hearth_shared::problem::{ErrorCode, FieldCode};
use hearth_shared::time::Timestamp;

use super::settings::next_version;
use crate::features::conversations::store::members::{self, NewMember};
use crate::features::conversations::store::requests::{self as store, Request};
use crate::features::conversations::store::{ConversationRow, find, find_direct, hydrate};
use crate::features::realtime::service as streams;
use crate::features::realtime::store::Kind;
use crate::features::{friends, privacy};
use crate::platform::db::{Conn, Outcome, Tx, dialect};
use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::Actor;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// How somebody may write into a conversation that they are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// As friends do, and those who are in a group.
    Open,
    /// As somebody who asks.
    Asking,
    /// As somebody who accepts by it.
    Accepting,
    /// Not at all.
    Closed,
}

/// See [`Way`].
///
/// # Errors
/// When the database fails.
pub fn way(conn: &mut Conn, me: UserId, row: &ConversationRow) -> AppResult<Way> {
    if row.is_group() {
        return Ok(Way::Open);
    }
    let Some(other) = row.other_of(me) else {
        return Ok(Way::Closed);
    };
    if friends::store::are_friends(conn, me, other)? {
        return Ok(Way::Open);
    }
    let Some(request) = row.request(me) else {
        return Ok(Way::Closed);
    };
    if store::reachable_among(conn, me, &[other.get()])?.is_empty() {
        return Ok(Way::Closed);
    }
    Ok(match request {
        Request::Accepted => Way::Open,
        Request::Asks => Way::Asking,
        Request::IsAsked => Way::Accepting,
    })
}

/// That a message may be sent so.
///
/// # Errors
/// `not_friends`, `request_pending` for one message too many, a wrong field for what a request cannot have beside it.
pub(super) fn check_message(way: Way, row: &ConversationRow, new: &NewMessage) -> AppResult<()> {
    match way {
        Way::Closed => Err(ErrorCode::NotFriends.into()),
        Way::Asking if row.last_number() >= REQUEST_MESSAGES_MAX => Err(ErrorCode::RequestPending.into()),
        Way::Asking if !new.media_ids.is_empty() => Err(AppError::field(
            "media_ids",
            FieldCode::NotOffered,
            "must be empty until the request is accepted",
        )),
        Way::Open | Way::Asking | Way::Accepting => Ok(()),
    }
}

/// Whether somebody who is no friend may begin to write to a person.
///
/// # Errors
/// When the database fails.
pub fn takes_messages(conn: &mut Conn, me: UserId, other: UserId) -> AppResult<bool> {
    let reach: Reach = privacy::store::of(conn, other)?.messages;
    friends::service::is_reached(conn, reach, me, other)
}

/// That somebody may begin to write to a person who is no friend. The two are locked.
///
/// # Errors
/// `not_found`, `not_friends`, `too_many_message_requests`.
pub(super) fn check_begin(tx: &mut Tx<'_>, me: UserId, other: UserId) -> AppResult<()> {
    friends::blocks::check(tx.conn(), me, other)?;
    if !takes_messages(tx.conn(), me, other)? {
        return Err(ErrorCode::NotFriends.into());
    }
    let since = tx.now().as_millis() - REQUESTS_DAYS * DAY_MILLIS;
    if store::count_open(tx.conn(), me, Timestamp::from_millis(since))? >= REQUESTS_MAX {
        return Err(ErrorCode::TooManyMessageRequests.into());
    }
    Ok(())
}

/// Whoever writes the first message asks. The two are locked, and the conversation.
///
/// # Errors
/// As [`check_begin`].
pub(super) fn begin(tx: &mut Tx<'_>, me: UserId, row: &ConversationRow) -> AppResult<()> {
    let other = row.other_of(me).ok_or(ErrorCode::NotFound)?;
    check_begin(tx, me, other)?;
    let now = tx.now();
    Ok(store::ask(tx.conn(), row.id(), me, now)?)
}

/// Accepts a request.
///
/// # Errors
/// `not_found` for everybody but members, and where there is nothing to accept.
pub fn accept(tx: &mut Tx<'_>, actor: &Actor, id: ConversationId) -> AppResult<Outcome<Conversation>> {
    let me = actor.user_id;
    // Before the lock, so that a stranger cannot take it.
    members::find_of(tx.conn(), me, id)?.ok_or(ErrorCode::NotFound)?;
    dialect::lock_conversation(tx.conn(), id.get())?;
    let row = members::find_of(tx.conn(), me, id)?.ok_or(ErrorCode::NotFound)?;
    let accepts = match way(tx.conn(), me, &row)? {
        Way::Accepting => {
            accepted(tx, me, &row)?;
            true
        }
        // Friends have none. A program of before, which knew of no requests, made them friends.
        Way::Open if row.request(me) == Some(Request::IsAsked) => {
            store::end(tx.conn(), row.id())?;
            answered(tx, me, &row)?;
            true
        }
        Way::Open if !row.is_group() => false,
        Way::Open | Way::Asking | Way::Closed => return Err(ErrorCode::NotFound.into()),
    };
    if accepts {
        tell_both(tx, &row)?;
    }
    let row = find(tx.conn(), id)?;
    let conversation = hydrate::conversation_of_row(tx.conn(), me, &row)?;
    Ok(if accepts {
        Outcome::Commit(conversation)
    } else {
        Outcome::RollBack(conversation)
    })
}

/// A request is accepted by whoever was asked. The conversation is locked.
pub(super) fn accepted(tx: &mut Tx<'_>, me: UserId, row: &ConversationRow) -> AppResult<()> {
    let now = tx.now();
    store::accept(tx.conn(), row.id(), now)?;
    answered(tx, me, row)
}

/// It is no request for somebody any more, whatever they read of it before.
fn answered(tx: &mut Tx<'_>, me: UserId, row: &ConversationRow) -> AppResult<()> {
    if let Some(member) = members::find(tx.conn(), row.id(), me)? {
        let version = next_version(tx, member.settings(row));
        members::renew(tx.conn(), row.id(), me, version)?;
    }
    Ok(())
}

/// Puts a request away: it is in no list of whoever was asked, and nothing that is written in it comes to them.
///
/// # Errors
/// `not_found` for everybody but members, and where nothing waits for an answer.
pub fn decline(tx: &mut Tx<'_>, actor: &Actor, id: ConversationId) -> AppResult<Outcome<()>> {
    let me = actor.user_id;
    let asked = |conn: &mut Conn| -> AppResult<ConversationRow> {
        let row = members::find_of(conn, me, id)?.ok_or(ErrorCode::NotFound)?;
        if row.request(me) == Some(Request::IsAsked) {
            Ok(row.conversation)
        } else {
            Err(ErrorCode::NotFound.into())
        }
    };
    asked(tx.conn())?;
    dialect::lock_conversation(tx.conn(), id.get())?;
    let row = asked(tx.conn())?;
    leave(tx, me, &row)?;
    Ok(Outcome::Commit(()))
}

/// A request goes from whoever was asked, unless it has gone already. The conversation is locked.
fn leave(tx: &mut Tx<'_>, asked: UserId, row: &ConversationRow) -> AppResult<()> {
    if members::delete(tx.conn(), row.id(), asked)? {
        store::regroup(tx.conn(), row.id())?;
        streams::tell(tx, asked, Kind::Conversation, row.id().get(), None)?;
    }
    Ok(())
}

/// Somebody who has put a request away opens it again: it is as it was, and they have read it. One that was taken back stays
/// away.
///
/// # Errors
/// `not_found`, `not_friends`.
pub(super) fn come_back(tx: &mut Tx<'_>, me: UserId, row: &ConversationRow) -> AppResult<()> {
    dialect::lock_conversation(tx.conn(), row.id().get())?;
    let row = find(tx.conn(), row.id())?;
    let other = row.other_of(me).ok_or(ErrorCode::NotFound)?;
    if !friends::store::are_friends(tx.conn(), me, other)? {
        if store::reachable_among(tx.conn(), me, &[other.get()])?.is_empty() {
            return Err(ErrorCode::NotFound.into());
        }
        if !row.is_requested() {
            return Err(ErrorCode::NotFriends.into());
        }
    }
    if bring_back(tx, me, &row)? {
        streams::tell(tx, me, Kind::Conversation, row.id().get(), None)?;
    }
    Ok(())
}

fn bring_back(tx: &mut Tx<'_>, me: UserId, row: &ConversationRow) -> AppResult<bool> {
    let (listed, now): (ListedId, _) = (tx.new_id(), tx.now());
    let member = NewMember {
        user: me,
        role: hearth_shared::conversations::groups::Role::Member,
        last_number: row.last_number(),
        since_number: 0,
        since_seq: 0,
        listed,
        now,
    };
    let came = members::insert(tx.conn(), row.id(), member)?;
    if came {
        store::regroup(tx.conn(), row.id())?;
    }
    Ok(came)
}

/// Two people become friends: what they have is a conversation for both, and no request any more. [`resume`](super::resume)
/// tells them. They are locked.
///
/// # Errors
/// When the database fails.
pub fn befriended(tx: &mut Tx<'_>, pair: [UserId; 2]) -> AppResult<()> {
    let [a, b] = pair;
    let Some(row) = find_direct(tx.conn(), a, b)? else {
        return Ok(());
    };
    let here = members::among(tx.conn(), row.id(), &[a.get(), b.get()])?;
    if here.len() == pair.len() && !row.is_requested() {
        return Ok(());
    }
    dialect::lock_conversation(tx.conn(), row.id().get())?;
    let row = find(tx.conn(), row.id())?;
    for user in pair {
        // Somebody who is there is not put in again.
        if !bring_back(tx, user, &row)? && row.request(user) == Some(Request::IsAsked) {
            answered(tx, user, &row)?;
        }
    }
    Ok(store::end(tx.conn(), row.id())?)
}

/// Two people are friends no longer, or do not exist for each other: nothing can be written any more, and a request that
/// waited goes from whoever was asked. Messages on their way come before that or are refused: whoever sends looks again
/// under the lock that is taken here.
///
/// # Errors
/// When the database fails.
pub fn parted(tx: &mut Tx<'_>, pair: [UserId; 2]) -> AppResult<()> {
    let [a, b] = pair;
    let Some(row) = find_direct(tx.conn(), a, b)? else {
        return Ok(());
    };
    dialect::lock_conversation(tx.conn(), row.id().get())?;
    let row = find(tx.conn(), row.id())?;
    if !row.is_requested() {
        return Ok(());
    }
    let had = withdraw(tx, &row)?;
    tell(tx, &had, row.id())
}

/// There is no request any more. Whoever was asked and has not answered sees no more of it. Gives who had it in their list:
/// whoever has put it away learns of nothing. The conversation is locked.
fn withdraw(tx: &mut Tx<'_>, row: &ConversationRow) -> AppResult<Vec<UserId>> {
    store::end(tx.conn(), row.id())?;
    let mut had = row.people();
    if row.last_number() == 0 {
        had.clear();
    } else if let Some(asked) = row.asking().and_then(|by| row.other_of(by)) {
        if members::delete(tx.conn(), row.id(), asked)? {
            store::regroup(tx.conn(), row.id())?;
        } else {
            had.retain(|user| *user != asked);
        }
    }
    Ok(had)
}

/// The conversation comes to both as it is now.
pub(super) fn tell_both(tx: &mut Tx<'_>, row: &ConversationRow) -> AppResult<()> {
    tell(tx, &row.people(), row.id())
}

/// The same, for some of them.
fn tell(tx: &mut Tx<'_>, people: &[UserId], id: ConversationId) -> AppResult<()> {
    streams::lock_streams(tx, people)?;
    for user in people {
        streams::tell(tx, *user, Kind::Conversation, id.get(), None)?;
    }
    Ok(())
}

/// Ends some of the requests of a person who goes, and of those to them, answered or not. True: there may be more.
///
/// # Errors
/// When the database fails.
pub fn forget(tx: &mut Tx<'_>, user: UserId, limit: i64) -> AppResult<bool> {
    let some = store::some_of(tx.conn(), user, limit)?;
    let mut told = Vec::new();
    for id in &some {
        dialect::lock_conversation(tx.conn(), id.get())?;
        let row = find(tx.conn(), *id)?;
        // It may have ended meanwhile.
        if row.is_requested() {
            let had = withdraw(tx, &row)?.into_iter();
            told.extend(had.filter(|other| *other != user).map(|other| (other, *id)));
        }
    }
    // No stream is held while a conversation is waited for.
    told.sort_unstable();
    for (other, id) in told {
        tell(tx, &[other], id)?;
    }
    Ok(!some.is_empty())
}
