//! What is told to whom, as it is when somebody looks: what was undone is not there, what was read elsewhere is not news,
//! and what one may not see now is nobody's.

use std::collections::BTreeMap;

use hearth_shared::conversations::Message;
use hearth_shared::ids::{ConversationId, Id, NotificationId, UserId};
use hearth_shared::notifications::preferences::{Channel, Topic};
use hearth_shared::notifications::{Happening, Notification};
use hearth_shared::rich_text;
use hearth_shared::time::Timestamp;

use super::service::{Subject, Tell};
use super::store::{self, Target};
use super::words::{self, Words};
use crate::features::conversations::store::messages;
use crate::features::conversations::store::requests::Request;
use crate::features::notifications::preferences::{quiet_until, wanting};
use crate::features::notifications::store as notifications;
use crate::features::notifications::store::hydrate;
use crate::features::posts::store::mutes;
use crate::features::{friends, groups, users};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// Where a browser goes that is touched after it was tried.
const SETTINGS: &str = "/settings/notifications";

/// What is told.
#[derive(Debug, Clone)]
pub(super) struct Letter {
    pub(super) words: Words,
    /// The page to look at.
    pub(super) path: String,
    /// Grows with each news of the same subject.
    pub(super) version: u64,
    /// When it happened.
    pub(super) at: Timestamp,
    /// Whether a telephone is woken for it.
    pub(super) urgent: bool,
}

/// What is told to which browsers now, and until when to wait with those of the others.
pub(super) struct News {
    pub(super) letter: Letter,
    pub(super) targets: Vec<Target>,
    pub(super) later: Vec<Timestamp>,
}

/// What there is to tell; `None`: nothing any more.
pub(super) fn of(conn: &mut Conn, tell: &Tell, now: Timestamp) -> AppResult<Option<News>> {
    let found = match tell.subject {
        Subject::Notification { id, user, seq } => {
            of_notification(conn, user, id, seq, tell.is_late())?.map(|letter| (letter, vec![user]))
        }
        Subject::Message { conversation, number } => of_message(conn, conversation, number, tell.is_late())?,
        Subject::Test { user } => Some((test(tell.since), vec![user])),
    };
    let Some((letter, people)) = found else {
        return Ok(None);
    };
    // Whoever tries it wants to see it, be it late at night.
    let (people, later) = match tell.subject {
        Subject::Test { .. } => (people, Vec::new()),
        _ => awake(conn, people, tell, now)?,
    };
    let targets = store::targets(conn, &people, tell.browser, now)?;
    Ok(Some(News {
        letter,
        targets,
        later,
    }))
}

/// Those who are not to be left in peace now, and the moments at which the others may be told. After one of these only
/// those are concerned who have waited for it: the others were told then.
fn awake(
    conn: &mut Conn,
    mut people: Vec<UserId>,
    tell: &Tell,
    now: Timestamp,
) -> AppResult<(Vec<UserId>, Vec<Timestamp>)> {
    let mut now = now;
    if let Some(woken) = tell.quiet_until {
        let just_before = Timestamp::from_millis(woken.as_millis() - 1);
        let waited = quiet_until(conn, &people, just_before)?;
        people.retain(|user| waited.get(user) == Some(&woken));
        // A node's clock may be a little behind that of the database, which has said that it is time.
        now = now.max(woken);
    }
    let quiet: BTreeMap<UserId, Timestamp> = quiet_until(conn, &people, now)?;
    people.retain(|user| !quiet.contains_key(user));
    let mut later: Vec<Timestamp> = quiet.into_values().collect();
    later.sort_unstable();
    later.dedup();
    Ok((people, later))
}

fn of_notification(
    conn: &mut Conn,
    user: UserId,
    id: NotificationId,
    seq: u64,
    late: bool,
) -> AppResult<Option<Letter>> {
    let rows = notifications::rows_of_ids(conn, user, &[id.get()])?;
    let Some((row, kind)) = rows.first().and_then(|row| Some((row, row.kind()?))) else {
        return Ok(None);
    };
    // What happened later has left a job of its own.
    if !late && row.position() != seq {
        return Ok(None);
    }
    if wanting(conn, &[user], kind.topic(), Channel::Push)?.is_empty() {
        return Ok(None);
    }
    let Some(told) = hydrate::notifications_of_rows(conn, user, &rows)?.pop() else {
        return Ok(None);
    };
    if told.seen || told.read {
        return Ok(None);
    }
    let letter = words::notification(&told).map(|words| Letter {
        words,
        path: page(&told),
        version: told.position,
        at: told.updated_at,
        urgent: false,
    });
    Ok(letter)
}

/// The page to which the list of what one is told leads.
fn page(told: &Notification) -> String {
    match told.what {
        Happening::Reaction { post_id }
        | Happening::Comment { post_id }
        | Happening::Reply { post_id, .. }
        | Happening::Mention { post_id, .. }
        | Happening::CommentReaction { post_id, .. } => format!("/post/{post_id}"),
        Happening::Share { post_id, share_id } => format!("/post/{}", share_id.unwrap_or(post_id)),
        Happening::FriendRequest { .. } => "/friends/requests".to_owned(),
        Happening::GroupInvitation { .. } => "/groups".to_owned(),
        Happening::MessageMention { conversation_id, .. } => format!("/chats/{conversation_id}"),
        Happening::FriendAccepted => match told.actors.first() {
            Some(actor) => format!("/u/{}", actor.username),
            None => "/activity".to_owned(),
        },
    }
}

fn of_message(
    conn: &mut Conn,
    id: ConversationId,
    number: u32,
    late: bool,
) -> AppResult<Option<(Letter, Vec<UserId>)>> {
    let Some(row) = store::conversation(conn, id)? else {
        return Ok(None);
    };
    let Some(message) = store::newest_message(conn, id)? else {
        return Ok(None);
    };
    let message = messages::message_of_id(conn, message)?;
    // What was said later has left a job of its own. When that was removed since, this is the newest again.
    if !late && message.number > number {
        return Ok(None);
    }
    let sender = message.sender.id;
    if users::store_standing::here_among(conn, &[sender.get()])?.is_empty() {
        return Ok(None);
    }
    let mut people = store::unread_by(conn, id, message.number, sender)?;
    // A stranger calls nobody.
    people.retain(|(user, _)| row.request(*user) != Some(Request::IsAsked));
    let people = listening(conn, &message, people)?;
    if people.is_empty() {
        return Ok(None);
    }
    let title = match row.is_group() {
        true => groups::store::of_ids(conn, &[id.get()])?
            .remove(&id.get())
            .map(|group| group.group().title),
        false => None,
    };
    let letter = Letter {
        words: words::message(&message, title.as_deref()),
        path: format!("/chats/{id}"),
        version: u64::from(message.number),
        at: message.created_at,
        urgent: true,
    };
    Ok(Some((letter, people)))
}

/// Those who want to be told of a message: not by somebody who does not exist for them or whom they have muted. Whom it
/// names hears of it as of being named, too, also where they have muted the conversation.
fn listening(conn: &mut Conn, message: &Message, people: Vec<(UserId, bool)>) -> AppResult<Vec<UserId>> {
    let sender = message.sender.id;
    let all: Vec<UserId> = people.iter().map(|(user, _)| *user).collect();
    let ids: Vec<i64> = all.iter().map(|user| user.get()).collect();
    let hidden = friends::store::blocks::hidden_among(conn, sender, &ids)?;
    let muted_sender = mutes::who_muted(conn, sender, &all)?;
    let exists = |user: &UserId| !hidden.contains(&user.get()) && !muted_sender.contains(user);
    let loud = people.into_iter().filter(|(user, muted)| !muted && exists(user));
    let loud: Vec<UserId> = loud.map(|(user, _)| user).collect();
    let mut told = wanting(conn, &loud, Topic::Messages, Channel::Push)?;
    let names: Vec<String> = rich_text::mentions(&message.body).into_iter().collect();
    if !names.is_empty() {
        let mut named = store::named_among(conn, &ids, &names)?;
        named.retain(exists);
        told.extend(wanting(conn, &named, Topic::Mentions, Channel::Push)?);
        told.sort_unstable();
        told.dedup();
    }
    Ok(told)
}

fn test(since: Timestamp) -> Letter {
    Letter {
        words: words::test(),
        path: SETTINGS.to_owned(),
        version: u64::try_from(since.as_millis()).unwrap_or(0),
        at: since,
        urgent: true,
    }
}
