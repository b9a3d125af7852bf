//! Notices: what a transaction says once it is committed. They are hints. Whatever is durable stands in the
//! database under a position, and a notice that is lost is found by the sweep or by the client itself.

use std::sync::Arc;

use hearth_shared::ids::{CommentId, ConversationId, PostId, SessionId, UserId};
use hearth_shared::realtime::Stream;
use hearth_shared::realtime::events::Event;
use hearth_shared::realtime::frames::{CommentGone, Presence, Read, Typing};
use serde::{Deserialize, Serialize};

use super::lanes::Lanes;
use crate::platform::nodes::Nodes;

/// What happened.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Notice {
    /// A stream has a new event.
    Event {
        /// Which stream.
        stream: Stream,
        /// The position.
        seq: u64,
        /// Who is in the conversation has this version; 0 for a person's own stream.
        membership_version: u64,
        /// The event, when it is the same for everybody and whoever wrote it had it at hand.
        event: Option<Box<Event>>,
    },
    /// Somebody has read.
    Read {
        /// What, where, when.
        read: Read,
        /// As in [`Notice::Event`].
        membership_version: u64,
        /// Whether the others are told; their own devices are in any case.
        to_others: bool,
    },
    /// Somebody is typing.
    Typing {
        /// Who and where.
        typing: Typing,
        /// As in [`Notice::Event`].
        membership_version: u64,
    },
    /// Somebody came or went.
    Presence(Presence),
    /// Two people became friends, or are friends no longer.
    Friendship {
        /// The two.
        pair: [UserId; 2],
    },
    /// Two people do not exist for each other any more, or do again. Only the one whose doing it was is told.
    Hidden {
        /// Whose doing.
        by: UserId,
        /// Whom they blocked, or block no longer.
        other: UserId,
    },
    /// A person lets their friends see that they are here from now on, or does so no longer.
    PresenceShown(UserId),
    /// The counts, the text or the audience of a post have changed, or it is gone.
    Post(PostId),
    /// A comment was written or changed.
    Comment {
        /// On which post.
        post_id: PostId,
        /// Which.
        comment_id: CommentId,
    },
    /// A comment was removed.
    CommentGone(CommentGone),
    /// Somebody wrote a post.
    NewPost {
        /// Who.
        author_id: UserId,
        /// Which.
        post_id: PostId,
    },
    /// The name or the picture of a person has changed.
    Card(UserId),
    /// A session was ended.
    SessionEnded(SessionId),
    /// There is work to do. For this node alone, and caught by `platform::jobs` before it gets anywhere.
    Work,
    /// What somebody has read has changed in a way that no event tells: they read anew.
    Reread(UserId),
    /// The same of all who are in a conversation.
    RereadIn {
        /// Which.
        conversation_id: ConversationId,
        /// The version of who is in it.
        membership_version: u64,
    },
}

impl Notice {
    /// Whether nothing needs repair when it is lost.
    pub fn is_lossy(&self) -> bool {
        matches!(
            self,
            Self::Typing { .. } | Self::Presence(_) | Self::NewPost { .. }
        )
    }
}

/// Carries notices to every node of this Hearth, this one included.
pub trait Bus: Send + Sync {
    /// Sends. Never waits: what cannot be sent is lost, and the sweep finds it.
    fn publish(&self, notices: Vec<Notice>);

    /// What keeps notices of other nodes from coming here, in one word each; empty while it is certain that
    /// they come. Until then the sweep looks more often.
    fn doubts(&self) -> Vec<&'static str>;
}

/// The bus without Redis: straight to the own dispatcher, which is enough for a node that is alone.
pub struct LocalBus {
    lanes: Arc<Lanes>,
    nodes: Arc<Nodes>,
}

impl LocalBus {
    /// Into these lanes.
    pub fn new(lanes: Arc<Lanes>, nodes: Arc<Nodes>) -> Self {
        Self { lanes, nodes }
    }
}

impl Bus for LocalBus {
    fn publish(&self, notices: Vec<Notice>) {
        notices.into_iter().for_each(|notice| self.lanes.push(notice));
    }

    fn doubts(&self) -> Vec<&'static str> {
        if self.nodes.others().is_empty() {
            Vec::new()
        } else {
            vec![NODES]
        }
    }
}

/// The doubt that another node lives that is not heard.
pub const NODES: &str = "nodes";
