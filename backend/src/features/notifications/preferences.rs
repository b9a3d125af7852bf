//! What people want to be told of, and where. Whoever tells them asks here first.

use std::collections::HashSet;

use hearth_shared::ids::UserId;
use hearth_shared::notifications::preferences::{
    Channel, NotificationPreferences, NotificationPreferencesChange, Topic,
};
use hearth_shared::problem::FieldCode;
use hearth_shared::valid::Valid;

use super::quiet;
use super::store::{Kind, preferences as store};
use crate::features::realtime::service as streams;
use crate::platform::db::{Conn, Outcome, Tx};
use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::Actor;

pub use super::store::preferences::{of, quiet_until, wanting};

impl Kind {
    /// With which others it is turned on and off.
    pub const fn topic(self) -> Topic {
        match self {
            Self::FriendRequest | Self::FriendRequestAccepted | Self::FriendAccepted => Topic::Friends,
            Self::Reaction | Self::CommentReaction => Topic::Reactions,
            Self::Comment | Self::Reply => Topic::Comments,
            Self::Mention | Self::MessageMention => Topic::Mentions,
            Self::Share => Topic::Shares,
            Self::GroupInvitation | Self::GroupInvitationAccepted => Topic::Groups,
        }
    }
}

/// Which of some people want to hear what in the app. Read once, for all of them, under the locks of their streams: so
/// what somebody turns off is not told to them any more after they were answered.
#[derive(Debug)]
pub struct Hearing {
    refused: HashSet<(UserId, Topic)>,
}

impl Hearing {
    /// Of these people.
    ///
    /// # Errors
    /// When the database fails.
    pub fn of(conn: &mut Conn, people: &[UserId]) -> AppResult<Self> {
        Ok(Self {
            refused: store::refused_in_app(conn, people)?,
        })
    }

    /// Whether one of them wants to hear of something of this kind.
    pub fn wants(&self, user: UserId, kind: Kind) -> bool {
        !self.refused.contains(&(user, kind.topic()))
    }
}

/// Changes what the caller wants. What is repeated changes nothing.
///
/// # Errors
/// `validation_failed` for a time zone that nobody knows; when the database fails.
pub fn change(
    tx: &mut Tx<'_>,
    actor: &Actor,
    change: &Valid<NotificationPreferencesChange>,
) -> AppResult<Outcome<NotificationPreferences>> {
    let me = actor.user_id;
    streams::lock_streams(tx, &[me])?;
    let before = of(tx.conn(), me)?;
    let mut after = before.clone();
    after.apply(change);
    if let Some(hours) = &mut after.quiet_hours {
        hours.time_zone = quiet::known_zone(&hours.time_zone).ok_or_else(unknown_zone)?;
    }
    if after == before {
        return Ok(Outcome::RollBack(after));
    }
    store::keep(tx.conn(), me, &after)?;
    Ok(Outcome::Commit(after))
}

fn unknown_zone() -> AppError {
    AppError::field(
        "quiet_hours.time_zone",
        FieldCode::NotOffered,
        "is no name of the IANA time zone database",
    )
}

/// Turns everything off on a channel, for somebody who asks for it without signing in. False: it was off already.
///
/// # Errors
/// When the database fails.
pub fn refuse_all(tx: &mut Tx<'_>, user: UserId, channel: Channel) -> AppResult<bool> {
    streams::lock_streams(tx, &[user])?;
    let before = of(tx.conn(), user)?;
    let mut after = before.clone();
    for topic in Topic::ALL.into_iter().filter(|topic| topic.has_switch(channel)) {
        after.set(topic, channel, false);
    }
    if after == before {
        return Ok(false);
    }
    store::keep(tx.conn(), user, &after)?;
    Ok(true)
}

/// Forgets what somebody wanted, because they go.
///
/// # Errors
/// When the database fails.
pub fn forget(tx: &mut Tx<'_>, user: UserId) -> AppResult<()> {
    Ok(store::delete(tx.conn(), user)?)
}
