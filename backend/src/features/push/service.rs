//! Who is told, and that something has happened.

use hearth_shared::ids::{ConversationId, Id, NotificationId, PushSubscriptionId, SessionId, UserId};
use hearth_shared::notifications::preferences::{Channel, Topic};
use hearth_shared::problem::{ErrorCode, FieldCode};
use hearth_shared::push::{BROWSERS_MAX, NewPushSubscription, Push};
use hearth_shared::time::Timestamp;
use hearth_shared::valid::Valid;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::store::{self, NewBrowser};
use crate::features::notifications::preferences;
use crate::platform::db::{Conn, Outcome, Tx};
use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::Actor;
use crate::platform::jobs;
use crate::platform::push::{BrowserKeys, Pusher};

/// The kind of job that tells.
pub(super) const TELL: &str = "push";

/// What there is to tell of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Subject {
    /// A notification, as it stood at a position of its recipient's stream.
    Notification {
        id: NotificationId,
        user: UserId,
        seq: u64,
    },
    /// A message in a conversation.
    Message {
        conversation: ConversationId,
        number: u32,
    },
    /// Nothing: somebody tries whether it works.
    Test { user: UserId },
}

/// A job's payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tell {
    pub(super) subject: Subject,
    /// When it happened.
    pub(super) since: Timestamp,
    /// For this browser alone: all others have been told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) browser: Option<PushSubscriptionId>,
    /// For those alone whose quiet hours have ended at this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) quiet_until: Option<Timestamp>,
}

impl Tell {
    fn new(subject: Subject, since: Timestamp) -> Self {
        Self {
            subject,
            since,
            browser: None,
            quiet_until: None,
        }
    }

    /// It has waited: what is told is how things stand now, not how they stood then.
    pub(super) fn is_late(&self) -> bool {
        self.browser.is_some() || self.quiet_until.is_some()
    }

    /// What it is about, for the key of a job and for the browser: later news of the same takes its place.
    pub(super) fn tag(&self) -> String {
        match self.subject {
            Subject::Notification { id, .. } => format!("n{id}"),
            Subject::Message { conversation, .. } => format!("c{conversation}"),
            Subject::Test { .. } => "test".to_owned(),
        }
    }
}

/// What this Hearth can do, and how the caller's browser is told.
///
/// # Errors
/// When the database fails.
pub fn state(conn: &mut Conn, pusher: &Pusher, actor: &Actor) -> AppResult<Push> {
    let told = store::of_session(conn, actor.session_id)?;
    Ok(Push {
        public_key: pusher.is_on().then(|| pusher.public_key().to_owned()),
        subscription: told.map(|(_, told)| told),
    })
}

/// The caller's browser is told from now on, in this session. The same again changes nothing but whether it shows what
/// was written. A browser that somebody else was told in is told for the caller: they hold it.
///
/// # Errors
/// `not_found` where the host has switched it off; a wrong field for what is no address or no key.
pub fn subscribe(
    tx: &mut Tx<'_>,
    pusher: &Pusher,
    actor: &Actor,
    new: &Valid<NewPushSubscription>,
) -> AppResult<Outcome<Push>> {
    if !pusher.is_on() {
        return Err(ErrorCode::NotFound.into());
    }
    let not_ours = || AppError::field("endpoint", FieldCode::NotOffered, "must be a public push service");
    pusher.endpoint(&new.endpoint).ok_or_else(not_ours)?;
    let Some(keys) = BrowserKeys::parse(&new.p256dh, &new.auth) else {
        return Err(AppError::field(
            "p256dh",
            FieldCode::InvalidFormat,
            "must be a point of P-256, and auth 16 bytes",
        ));
    };
    let hash = Sha256::digest(new.endpoint.as_bytes());
    let known = store::at(tx.conn(), &hash)?;
    let same = |known: &store::Known| (&known.p256dh, &known.auth) == (&keys.p256dh, &keys.auth);
    match known {
        // Whoever has the browser has its keys; an address alone may have been seen somewhere.
        Some(known) if known.user_id != actor.user_id.get() && !same(&known) => return Err(not_ours()),
        Some(known) if known.user_id == actor.user_id.get() && same(&known) => {
            store::delete_other_of_session(tx.conn(), actor.session_id, known.id)?;
            store::renew(tx.conn(), known.id, actor.session_id, new.previews)?;
            return Ok(Outcome::Commit(state(tx.conn(), pusher, actor)?));
        }
        Some(known) => {
            store::delete(tx.conn(), &[known.id])?;
        }
        None => {}
    }
    store::delete_of_sessions(tx.conn(), &[actor.session_id])?;
    let browser = NewBrowser {
        id: tx.new_id(),
        user: actor.user_id,
        session: actor.session_id,
        endpoint: &new.endpoint,
        endpoint_hash: &hash,
        keys: &keys,
        previews: new.previews,
        now: tx.now(),
    };
    if !store::insert(tx.conn(), &browser)? {
        // From another tab in the same moment: it may be asked again.
        return Err(AppError::unavailable());
    }
    store::delete_oldest(tx.conn(), actor.user_id, BROWSERS_MAX)?;
    Ok(Outcome::Commit(state(tx.conn(), pusher, actor)?))
}

/// The caller's browser is told no more.
///
/// # Errors
/// When the database fails.
pub fn unsubscribe(tx: &mut Tx<'_>, actor: &Actor) -> AppResult<Outcome<()>> {
    let gone = store::delete_of_sessions(tx.conn(), &[actor.session_id])?;
    Ok(if gone > 0 {
        Outcome::Commit(())
    } else {
        Outcome::RollBack(())
    })
}

/// Sends something to the caller's browser.
///
/// # Errors
/// `not_found` when it is not told.
pub fn test(tx: &mut Tx<'_>, pusher: &Pusher, actor: &Actor) -> AppResult<Outcome<()>> {
    let told = store::of_session(tx.conn(), actor.session_id)?;
    let (browser, _) = told.filter(|_| pusher.is_on()).ok_or(ErrorCode::NotFound)?;
    let user = actor.user_id;
    let tell = Tell {
        browser: Some(browser),
        ..Tell::new(Subject::Test { user }, tx.now())
    };
    jobs::enqueue(tx, TELL, &tell)?;
    Ok(Outcome::Commit(()))
}

/// Somebody was told of something: their browsers are, too, if they want that.
///
/// # Errors
/// When the database fails.
pub fn notified(tx: &mut Tx<'_>, user: UserId, topic: Topic, id: NotificationId, seq: u64) -> AppResult<()> {
    if !store::has_any(tx.conn(), user)?
        || preferences::wanting(tx.conn(), &[user], topic, Channel::Push)?.is_empty()
    {
        return Ok(());
    }
    let tell = Tell::new(Subject::Notification { id, user, seq }, tx.now());
    jobs::enqueue(tx, TELL, &tell)
}

/// Some people were told of something of one kind, each at a position of their own: in as many statements as for one.
///
/// # Errors
/// When the database fails.
pub fn all_notified(tx: &mut Tx<'_>, topic: Topic, told: &[(UserId, NotificationId, u64)]) -> AppResult<()> {
    let people: Vec<UserId> = told.iter().map(|(user, ..)| *user).collect();
    let people = store::having_any(tx.conn(), &people)?;
    let people = preferences::wanting(tx.conn(), &people, topic, Channel::Push)?;
    let since = tx.now();
    let tells: Vec<Tell> = told
        .iter()
        .filter(|(user, ..)| people.contains(user))
        .map(|&(user, id, seq)| Tell::new(Subject::Notification { id, user, seq }, since))
        .collect();
    jobs::enqueue_many(tx, TELL, &tells)
}

/// Some people were named in a group. A message that is new calls all who want to hear of messages there: only the others
/// are told that they were named. One that was changed calls nobody of itself.
///
/// # Errors
/// When the database fails.
pub fn named(
    tx: &mut Tx<'_>,
    group: ConversationId,
    is_new: bool,
    told: &[(UserId, NotificationId, u64)],
) -> AppResult<()> {
    let people: Vec<UserId> = told.iter().map(|(user, ..)| *user).collect();
    let people = store::having_any(tx.conn(), &people)?;
    if people.is_empty() {
        return Ok(());
    }
    let muted = store::muted_by(tx.conn(), group, &people)?;
    let wanting = preferences::wanting(tx.conn(), &people, Topic::Messages, Channel::Push)?;
    let is_called = |user: &UserId| is_new && wanting.contains(user) && !muted.contains(user);
    let mut told = told.to_vec();
    told.retain(|(user, ..)| people.contains(user) && !is_called(user));
    all_notified(tx, Topic::Mentions, &told)
}

/// Something was said in a conversation. However many are in it, this is one row more.
///
/// # Errors
/// When the database fails.
pub fn said(tx: &mut Tx<'_>, conversation: ConversationId, number: u32, by: UserId) -> AppResult<()> {
    if !store::any_in(tx.conn(), conversation, by)? {
        return Ok(());
    }
    let subject = Subject::Message { conversation, number };
    let tell = Tell::new(subject, tx.now());
    jobs::enqueue(tx, TELL, &tell)
}

/// Sessions have ended: their browsers are told no more.
///
/// # Errors
/// When the database fails.
pub fn sessions_ended(tx: &mut Tx<'_>, sessions: &[SessionId]) -> AppResult<()> {
    if sessions.is_empty() {
        return Ok(());
    }
    store::delete_of_sessions(tx.conn(), sessions)?;
    Ok(())
}
