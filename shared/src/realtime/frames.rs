//! What goes over the socket: JSON text frames, each with its `type`.

use serde::{Deserialize, Serialize};

use super::Stream;
use super::events::Event;
use crate::ids::{CommentId, ConversationId, PostId, SessionId, UserId};
use crate::notifications::Counts;
use crate::posts::{Audience, Comment, ReactionCounts, ReactionKind};
use crate::time::Timestamp;
use crate::users::UserCard;

/// Bytes of a frame from a client at most.
pub const FRAME_MAX: usize = 4 * 1024;
/// Frames that a client may send in a minute.
pub const FRAMES_PER_MINUTE: u32 = 120;
/// Posts that a socket may watch.
pub const WATCH_MAX: usize = 100;
/// Somebody who typed is shown as typing for this long, unless they type on or send: milliseconds.
pub const TYPING_MILLIS: u32 = 6_000;
/// A client says at most this often that somebody types: milliseconds.
pub const TYPING_EVERY_MILLIS: u32 = 3_000;

/// From the client. Nothing durable: what must not be lost goes by HTTP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame {
    /// Who I am: first of all, and again before the token expires.
    Auth {
        /// An access token.
        token: String,
    },
    /// Are you there?
    Ping,
    /// I am typing here.
    Typing {
        /// Where.
        conversation_id: ConversationId,
    },
    /// I look at these posts and at this conversation, and at no others.
    Watch {
        /// At most [`WATCH_MAX`].
        post_ids: Vec<PostId>,
        /// The one that is open: of a group it is said how many of it are here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        conversation_id: Option<ConversationId>,
    },
}

/// To the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, strum::VariantNames)]
#[serde(tag = "type", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ServerFrame {
    /// The socket is open; send `auth`.
    Hello(Hello),
    /// `auth` was accepted; what happens from now on is sent.
    Ready(Ready),
    /// Something happened in a stream.
    Event(EventFrame),
    /// A stream stands at least here; whoever is behind catches up.
    Head(Head),
    /// Somebody has read up to here.
    Read(Read),
    /// Somebody is typing.
    Typing(Typing),
    /// A friend came or went.
    Presence(Presence),
    /// So many of the group that one looks at are here.
    Here(Here),
    /// A watched post as it is now.
    Post(PostState),
    /// A comment on a watched post was written or changed.
    Comment(CommentFrame),
    /// A comment on a watched post was removed.
    CommentGone(CommentGone),
    /// A friend, or oneself elsewhere, wrote a post.
    FeedNew(FeedNew),
    /// A friend, or oneself, has another name or picture.
    User(UserFrame),
    /// Positions may have been missed: ask `/sync`.
    Resync,
    /// Close, wait and connect again.
    Reconnect(Reconnect),
    /// I am.
    Pong,
}

/// [`ServerFrame::Hello`]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// Send a `ping` this often: milliseconds.
    pub heartbeat_ms: u32,
}

/// [`ServerFrame::Ready`]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// Whose socket this is.
    pub user_id: UserId,
    /// Of which session.
    pub session_id: SessionId,
    /// Which history the positions belong to.
    pub epoch: String,
    /// Friends who are here now.
    pub online: Vec<UserId>,
}

/// [`ServerFrame::Event`]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventFrame {
    /// In which stream.
    pub stream: Stream,
    /// At which position.
    pub seq: u64,
    /// What, with the object as it is now.
    pub event: Box<Event>,
    /// The counts as they are now; with a person's own stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<Counts>,
}

/// [`ServerFrame::Head`]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Which stream.
    pub stream: Stream,
    /// Its position.
    pub seq: u64,
}

/// [`ServerFrame::Read`]: lossy; `/sync` and the conversation carry the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read {
    /// Where.
    pub conversation_id: ConversationId,
    /// Who: one's own id on one's other devices.
    pub user_id: UserId,
    /// Up to which message.
    pub number: u32,
    /// When.
    pub at: Timestamp,
}

/// [`ServerFrame::Typing`]: lossy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typing {
    /// Where.
    pub conversation_id: ConversationId,
    /// Who.
    pub user_id: UserId,
}

/// [`ServerFrame::Presence`]: lossy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// Who.
    pub user_id: UserId,
    /// Whether they are here.
    pub online: bool,
}

/// [`ServerFrame::Here`]: lossy; not in groups of more than
/// [`READ_POSITIONS_MAX`](crate::conversations::READ_POSITIONS_MAX) people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Here {
    /// Which group.
    pub conversation_id: ConversationId,
    /// How many, oneself counted in. 0: it is not told any more.
    pub count: u32,
}

/// [`ServerFrame::Post`]: absolute values; sent when a post begins to be watched and when it changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostState {
    /// Which post.
    pub post_id: PostId,
    /// It does not exist for this viewer any more; the rest means nothing then.
    pub gone: bool,
    /// Counts of all reactions.
    pub reactions: ReactionCounts,
    /// The viewer's own reaction.
    pub my_reaction: Option<ReactionKind>,
    /// How many comments there are.
    pub comment_count: u32,
    /// How often it was passed on.
    #[serde(default)]
    pub share_count: u32,
    /// Who may see it.
    pub audience: Audience,
    /// When its text last changed: whoever has another value reads the post anew.
    pub edited_at: Option<Timestamp>,
}

/// [`ServerFrame::Comment`]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentFrame {
    /// The comment as it is now.
    pub comment: Comment,
}

/// [`ServerFrame::CommentGone`]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentGone {
    /// On which post it was.
    pub post_id: PostId,
    /// Which.
    pub comment_id: CommentId,
}

/// [`ServerFrame::FeedNew`]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedNew {
    /// Who wrote.
    pub author_id: UserId,
    /// Which post.
    pub post_id: PostId,
}

/// [`ServerFrame::User`]: of two cards the one with the higher `rev` is newer, in whatever order they come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserFrame {
    /// The card as it is now.
    pub user: UserCard,
}

/// [`ServerFrame::Reconnect`]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconnect {
    /// After this long: milliseconds.
    pub after_ms: u32,
}

impl ServerFrame {
    /// Reads a frame. What a newer server sends and this client does not know is `None`; an unknown *event* is
    /// no frame either, and the gap that it leaves is closed by catching up, after an update.
    ///
    /// In two steps, because serde's tagged enums would put a second copy of every decoder into the browser.
    pub fn parse(text: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Tagged<'a> {
            r#type: &'a str,
        }
        fn of<'a, T: Deserialize<'a>>(text: &'a str) -> Option<T> {
            serde_json::from_str(text).ok()
        }
        let tag = of::<Tagged<'_>>(text)?.r#type;
        Some(match tag {
            "hello" => Self::Hello(of(text)?),
            "ready" => Self::Ready(of(text)?),
            "event" => Self::Event(of(text)?),
            "head" => Self::Head(of(text)?),
            "read" => Self::Read(of(text)?),
            "typing" => Self::Typing(of(text)?),
            "presence" => Self::Presence(of(text)?),
            "here" => Self::Here(of(text)?),
            "post" => Self::Post(of(text)?),
            "comment" => Self::Comment(of(text)?),
            "comment_gone" => Self::CommentGone(of(text)?),
            "feed_new" => Self::FeedNew(of(text)?),
            "user" => Self::User(of(text)?),
            "resync" => Self::Resync,
            "reconnect" => Self::Reconnect(of(text)?),
            "pong" => Self::Pong,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    #[test]
    fn frames_have_their_type_in_front() {
        let frame = ServerFrame::Head(Head {
            stream: Stream::User(UserId::new(7)),
            seq: 3,
        });
        let text = serde_json::to_string(&frame).unwrap();
        assert_eq!(text, r#"{"type":"head","stream":"u:7","seq":3}"#);
        assert_eq!(ServerFrame::parse(&text), Some(frame));
        assert_eq!(ServerFrame::parse(r#"{"type":"pong"}"#), Some(ServerFrame::Pong));
        assert_eq!(ServerFrame::parse(r#"{"type":"from the future","x":1}"#), None);
        assert_eq!(
            serde_json::to_string(&ClientFrame::Ping).unwrap(),
            r#"{"type":"ping"}"#
        );
    }
}
