//! What is told to whom, as it is when somebody looks: what was undone is not there, what was read elsewhere is not news,
//! and what one may not see now is nobody's.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hearth_shared::conversations::Message;
use hearth_shared::ids::{ConversationId, Id, NotificationId, UserId};
use hearth_shared::notifications::preferences::{Channel, Topic};
use hearth_shared::time::Timestamp;

use super::service::{Subject, Tell};
use super::store::{self, Target};
use super::words::{self, Words};
use crate::features::conversations::store::requests::Request;
use crate::features::conversations::store::{ConversationRow, messages};
use crate::features::notifications::preferences::{quiet_until, wanting};
use crate::features::notifications::store::{self as notifications, Kind, hydrate};
use crate::features::notifications::words as told_words;
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
#[derive(Default)]
pub(super) struct News {
    pub(super) letters: Vec<(Arc<Letter>, Target)>,
    pub(super) later: Vec<Timestamp>,
}

/// A letter, and whom it is for.
struct Found {
    letter: Letter,
    people: Vec<UserId>,
    /// There never is anybody else: whoever waited for it is meant.
    alone: bool,
}

/// What there is to tell; none of it: nothing any more.
pub(super) fn of(conn: &mut Conn, tell: &Tell, now: Timestamp) -> AppResult<News> {
    let alone = |letter: Letter, user: UserId| Found {
        letter,
        people: vec![user],
        alone: true,
    };
    let found = match tell.subject {
        Subject::Notification { id, user, seq } => of_notification(conn, user, id, seq, tell.is_late())?
            .into_iter()
            .map(|letter| alone(letter, user))
            .collect(),
        Subject::Message { conversation, number } => of_message(conn, conversation, number, tell.is_late())?,
        Subject::Test { user } => vec![alone(test(tell.since), user)],
    };
    let mut news = News::default();
    for found in found {
        // Whoever tries it wants to see it, be it late at night.
        let people = match tell.subject {
            Subject::Test { .. } => found.people,
            _ => awake(conn, found.people, found.alone, tell, now, &mut news.later)?,
        };
        let targets = store::targets(conn, &people, tell.browser, now)?;
        let letter = Arc::new(found.letter);
        let each = targets.into_iter().map(|target| (Arc::clone(&letter), target));
        news.letters.extend(each);
    }
    news.later.sort_unstable();
    news.later.dedup();
    Ok(news)
}

/// Those who are not to be left in peace now; the moments at which the others may be told go to `later`. After one of these
/// only those are concerned who have waited for it: the others were told then.
fn awake(
    conn: &mut Conn,
    mut people: Vec<UserId>,
    alone: bool,
    tell: &Tell,
    mut now: Timestamp,
    later: &mut Vec<Timestamp>,
) -> AppResult<Vec<UserId>> {
    if let Some(woken) = tell.quiet_until {
        // Whoever is meant alone may have other hours by now, and has waited all the same.
        if !alone {
            let just_before = Timestamp::from_millis(woken.as_millis() - 1);
            let waited = quiet_until(conn, &people, just_before)?;
            people.retain(|user| waited.get(user) == Some(&woken));
        }
        // A node's clock may be a little behind that of the database, which has said that it is time.
        now = now.max(woken);
    }
    let quiet: BTreeMap<UserId, Timestamp> = quiet_until(conn, &people, now)?;
    people.retain(|user| !quiet.contains_key(user));
    later.extend(quiet.into_values());
    Ok(people)
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
        path: told_words::path(&told),
        version: told.position,
        at: told.updated_at,
        urgent: kind == Kind::MessageMention,
    });
    Ok(letter)
}

/// The newest message for each, by somebody whom they hear: who mutes or blocks the last one to write has not read what
/// others said before.
fn of_message(conn: &mut Conn, id: ConversationId, number: u32, late: bool) -> AppResult<Vec<Found>> {
    let Some(row) = store::conversation(conn, id)? else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    // Those who have heard nobody so far; at first that is everybody.
    let mut deaf: Option<BTreeSet<UserId>> = None;
    for message in store::newest_messages(conn, id)? {
        let message = messages::message_of_id(conn, message)?;
        let mut people = store::unread_by(conn, id, message.number, message.sender.id)?;
        // A stranger calls nobody.
        people.retain(|(user, _)| {
            row.request(*user) != Some(Request::IsAsked)
                && deaf.as_ref().is_none_or(|deaf| deaf.contains(user))
        });
        let hearing = hearing(conn, message.sender.id, &people)?;
        let (hear, not): (Vec<_>, Vec<_>) = people.into_iter().partition(|(user, _)| hearing.contains(user));
        // What was said later has left a job of its own. When that was removed since, this is the newest again.
        let is_later = !late && message.number > number;
        if !is_later {
            let loud: Vec<UserId> = hear
                .iter()
                .filter(|(_, muted)| !muted)
                .map(|(user, _)| *user)
                .collect();
            let people = wanting(conn, &loud, Topic::Messages, Channel::Push)?;
            if !people.is_empty() {
                found.push(Found {
                    letter: letter(conn, &row, &message)?,
                    people,
                    alone: !row.is_group(),
                });
            }
        }
        deaf = Some(not.into_iter().map(|(user, _)| user).collect());
        if deaf.as_ref().is_none_or(BTreeSet::is_empty) || !(late || is_later) {
            break;
        }
    }
    Ok(found)
}

fn letter(conn: &mut Conn, row: &ConversationRow, message: &Message) -> AppResult<Letter> {
    let id = row.id();
    let title = match row.is_group() {
        true => groups::store::of_ids(conn, &[id.get()])?
            .remove(&id.get())
            .map(|group| group.group().title),
        false => None,
    };
    Ok(Letter {
        words: words::message(message, title.as_deref()),
        path: format!("/chats/{id}"),
        version: u64::from(message.number),
        at: message.created_at,
        urgent: true,
    })
}

/// Those of some people who hear what a person says: who is here, exists for them, and is not muted by them.
fn hearing(conn: &mut Conn, sender: UserId, people: &[(UserId, bool)]) -> AppResult<BTreeSet<UserId>> {
    if people.is_empty() || users::store_standing::here_among(conn, &[sender.get()])?.is_empty() {
        return Ok(BTreeSet::new());
    }
    let all: Vec<UserId> = people.iter().map(|(user, _)| *user).collect();
    let ids: Vec<i64> = all.iter().map(|user| user.get()).collect();
    let hidden = friends::store::blocks::hidden_among(conn, sender, &ids)?;
    let muted = mutes::who_muted(conn, sender, &all)?;
    let hears = |user: &UserId| !hidden.contains(&user.get()) && !muted.contains(user);
    Ok(all.into_iter().filter(hears).collect())
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
