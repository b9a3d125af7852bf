//! What a member of a conversation has set for themselves. Nobody else learns of it.

use serde::{Deserialize, Serialize};

use super::Conversation;
use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::{ConversationId, Id, SettingsVersion};
use crate::valid::{Report, Validate};

/// Conversations that somebody pins at most: more would be a list of its own.
pub const PINNED_CONVERSATIONS_MAX: usize = 20;

/// How a conversation is shown to its member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversationSettings {
    /// What is said there is not announced, and is not counted among what is unread.
    pub muted: bool,
    /// It is put away for as long as its newest message has no higher number.
    #[serde(default)]
    pub archived_number: Option<u32>,
    /// It stands above those that are not pinned.
    #[serde(default)]
    pub pinned: bool,
    /// It is a request that its member has not answered: it stands apart, and does not ask to be read.
    #[serde(default)]
    pub request: bool,
    /// Which of several is the latest.
    pub version: SettingsVersion,
}

impl Default for ConversationSettings {
    fn default() -> Self {
        Self {
            muted: false,
            archived_number: None,
            pinned: false,
            request: false,
            version: SettingsVersion::new(0),
        }
    }
}

impl ConversationSettings {
    /// Whether a conversation is put away when its newest message has this number.
    pub fn archives(&self, last_number: u32) -> bool {
        self.archived_number.is_some_and(|number| last_number <= number)
    }

    /// Whether a conversation asks to be read, when its newest message and the last one that was read have these numbers.
    pub fn asks(&self, last_number: u32, read_number: u32) -> bool {
        last_number > read_number && !self.muted && !self.request && !self.archives(last_number)
    }

    /// Becomes another version, unless that is an earlier one.
    pub fn renew(&mut self, other: Self) {
        if other.version >= self.version {
            *self = other;
        }
    }
}

impl Conversation {
    /// Whether its member has put it away.
    pub fn is_archived(&self) -> bool {
        self.settings.archives(self.last_number)
    }
}

/// What is to be set; what is absent stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversationSettingsPatch {
    /// Whether it is muted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muted: Option<bool>,
    /// Whether it is put away, until somebody writes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
    /// Whether it stands above the others. [`PINNED_CONVERSATIONS_MAX`] at most do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pinned: Option<bool>,
}

impl Validate for ConversationSettingsPatch {
    fn validate(&mut self, _report: &mut Report) {}
}

endpoint! {
    /// Mutes a conversation, pins it or puts it away, for oneself, on all of one's devices.
    ChangeConversationSettings { conversation_id: ConversationId } = Patch "/conversations/{conversation_id}/settings",
    SignedIn, query Nothing, body ConversationSettingsPatch => 200 Conversation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_away_comes_back_with_the_next_message() {
        let away = ConversationSettings {
            archived_number: Some(3),
            ..ConversationSettings::default()
        };
        assert!(away.archives(3) && !away.archives(4));
        assert!(!away.asks(3, 1) && away.asks(4, 3));
        // A group in which nothing was said can be put away, too.
        let empty = ConversationSettings {
            archived_number: Some(0),
            ..away
        };
        assert!(empty.archives(0) && !empty.archives(1));
        let muted = ConversationSettings { muted: true, ..empty };
        assert!(!muted.asks(9, 0));
        let request = ConversationSettings {
            request: true,
            ..ConversationSettings::default()
        };
        assert!(!request.asks(9, 0), "nobody is called by a stranger");
    }

    #[test]
    fn an_earlier_version_changes_nothing() {
        let version = |version, muted| ConversationSettings {
            muted,
            version: SettingsVersion::new(version),
            ..ConversationSettings::default()
        };
        let mut known = version(2, true);
        known.renew(version(1, false));
        assert!(known.muted);
        known.renew(version(3, false));
        assert!(!known.muted);
    }
}
