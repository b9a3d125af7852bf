//! Messages: what is said in a conversation, what stands beside it, what it answers, and what people feel about it.

use serde::{Deserialize, Serialize};

use super::attachments::{Attachment, check_attachments};
use super::members::GroupLine;
use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::{ClientId, ConversationId, MediaId, MessageId, UserId};
use crate::media::MediaKind;
use crate::time::Timestamp;
use crate::users::UserCard;
use crate::valid::{Report, Validate, tidy_text};

/// Characters of a message at most.
pub const MESSAGE_MAX: usize = 4_000;
/// Characters of a quoted message at most.
pub const EXCERPT_MAX: usize = 140;
/// Different emoji on one message at most.
pub const REACTIONS_MAX: usize = 20;
/// People who are named for one emoji at most.
pub const REACTORS_MAX: usize = 20;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// Which.
    pub id: MessageId,
    /// In which conversation.
    pub conversation_id: ConversationId,
    /// Its number there: 1, 2, 3 …
    pub number: u32,
    /// The position in the conversation's stream at which it was sent or last changed.
    pub seq: u64,
    /// The id that its sender's client gave it.
    pub client_id: ClientId,
    /// Who wrote it.
    pub sender: UserCard,
    /// The text; empty once it is removed, and beside attachments it may be.
    pub body: String,
    /// What stands beside it, in its order; nothing once it is removed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// What it answers.
    #[serde(default)]
    pub reply_to: Option<Quote>,
    /// What people felt, in the order in which each was first felt.
    #[serde(default)]
    pub reactions: Vec<MessageReaction>,
    /// When it was sent.
    pub created_at: Timestamp,
    /// When its text was last changed.
    #[serde(default)]
    pub edited_at: Option<Timestamp>,
    /// When it was removed, for everybody. Its number stays.
    #[serde(default)]
    pub deleted_at: Option<Timestamp>,
    /// When it was pinned, while it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pinned_at: Option<Timestamp>,
}

/// The message that another one answers, as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Quote {
    /// Which.
    pub id: MessageId,
    /// Its number: there one finds it.
    pub number: u32,
    /// The position at which it was sent or last changed: of two quotes the one of the later position is right.
    pub seq: u64,
    /// Who wrote it.
    pub sender: UserCard,
    /// Its beginning; empty once it is removed.
    pub excerpt: String,
    /// What the first of its attachments is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attached: Option<MediaKind>,
}

impl Quote {
    /// Of a message as it is.
    pub fn of(message: &Message) -> Self {
        Self {
            id: message.id,
            number: message.number,
            seq: message.seq,
            sender: message.sender.clone(),
            excerpt: excerpt(&message.body),
            attached: message.attachments.first().map(|first| first.kind),
        }
    }
}

impl Quote {
    /// Becomes what it quotes, as that is now. False when it quotes something else.
    pub fn renew(&mut self, message: &Message) -> bool {
        self.id == message.id && self.become_newer(&Self::of(message))
    }

    /// Becomes another version of itself, unless it is of a later position. False when that quotes something else.
    pub fn become_newer(&mut self, other: &Self) -> bool {
        let same = self.id == other.id;
        if same && self.seq <= other.seq {
            self.clone_from(other);
        }
        same
    }
}

impl Message {
    /// Becomes this version of itself, unless it is of a later position. What it quotes has positions of its own: an answer
    /// that was long on its way must not bring back what was quoted then.
    pub fn renew(&mut self, message: &Self) {
        if self.seq > message.seq {
            return;
        }
        let quote = self.reply_to.take();
        self.clone_from(message);
        if let (Some(known), Some(read)) = (quote, &mut self.reply_to)
            && known.seq > read.seq
        {
            *read = known;
        }
    }
}

/// The beginning of a text: [`EXCERPT_MAX`] characters, the last of them `…` when there is more.
pub fn excerpt(body: &str) -> String {
    if body.chars().nth(EXCERPT_MAX).is_none() {
        return body.to_owned();
    }
    let kept = body.chars().take(EXCERPT_MAX - 1);
    kept.chain(['…']).collect()
}

/// One emoji on a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageReaction {
    /// As Unicode has it.
    pub emoji: String,
    /// How many people gave it.
    pub count: u32,
    /// Those who gave it first: [`REACTORS_MAX`] at most.
    pub user_ids: Vec<UserId>,
}

/// A message to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewMessage {
    /// Made by the client; the same one again sends nothing new.
    pub client_id: ClientId,
    /// At most 4,000 characters; without attachments at least one.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 4_000))]
    pub body: String,
    /// The message of the same conversation that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to_id: Option<MessageId>,
    /// What stands beside it: ten at most, which its sender has uploaded and which stand nowhere else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 10))]
    pub media_ids: Vec<MediaId>,
}

impl Validate for NewMessage {
    fn validate(&mut self, report: &mut Report) {
        check_body(&mut self.body, report, usize::from(self.media_ids.is_empty()));
        check_attachments(report, &self.media_ids);
    }
}

/// What a message says from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessagePatch {
    /// At most 4,000 characters; of a message without attachments at least one.
    #[cfg_attr(feature = "openapi", schema(max_length = 4_000))]
    pub body: String,
}

impl Validate for MessagePatch {
    fn validate(&mut self, report: &mut Report) {
        // Whether it may be empty is known where the message is.
        check_body(&mut self.body, report, 0);
    }
}

fn check_body(body: &mut String, report: &mut Report, min: usize) {
    tidy_text(body);
    report.length("body", body, min, MESSAGE_MAX);
    report.printable("body", body, true);
}

/// Which emoji. In the query, because some of them cannot stand in a path.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WhichEmoji {
    /// As Unicode has it.
    pub emoji: String,
}

/// Which messages. At most one of the three numbers counts, in this order; without one it is the newest page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessagesQuery {
    /// Those before this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u32>,
    /// Those after this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u32>,
    /// Those on both sides of this number, and itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub around: Option<u32>,
    /// Items wanted, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Some messages that follow one another, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessagePage {
    /// The messages.
    pub items: Vec<Message>,
    /// Whether there are older ones.
    pub has_more_before: bool,
    /// Whether there are newer ones.
    pub has_more_after: bool,
    /// What stands between these messages, the earliest first: the last [`LINES_MAX`](super::members::LINES_MAX) of it.
    #[serde(default)]
    pub lines: Vec<GroupLine>,
    /// The number of the newest message there is; 0 when none.
    #[serde(default)]
    pub last_number: u32,
    /// Position of the conversation's stream in the same snapshot.
    pub seq: u64,
}

endpoint! {
    /// Messages of a conversation by number, the oldest first; without a number the newest page.
    ListMessages { conversation_id: ConversationId } = Get "/conversations/{conversation_id}/messages",
    SignedIn, query MessagesQuery, body Nothing => 200 MessagePage
}

endpoint! {
    /// Sends a message. The same `client_id` again answers 200 with that message.
    SendMessage { conversation_id: ConversationId } = Post "/conversations/{conversation_id}/messages",
    SignedIn, query Nothing, body NewMessage => 201 Message
}

endpoint! {
    /// Changes what one's own message says.
    EditMessage { message_id: MessageId } = Patch "/messages/{message_id}",
    SignedIn, query Nothing, body MessagePatch => 200 Message
}

endpoint! {
    /// Removes one's own message for everybody; its number stays.
    DeleteMessage { message_id: MessageId } = Delete "/messages/{message_id}",
    SignedIn, query Nothing, body Nothing => 200 Message
}

endpoint! {
    /// Puts an emoji of one's own on a message. Once more changes nothing.
    AddMessageReaction { message_id: MessageId } = Put "/messages/{message_id}/reactions",
    SignedIn, query WhichEmoji, body Nothing => 200 Message
}

endpoint! {
    /// Takes an emoji of one's own from a message.
    RemoveMessageReaction { message_id: MessageId } = Delete "/messages/{message_id}/reactions",
    SignedIn, query WhichEmoji, body Nothing => 200 Message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_whole_or_says_that_it_goes_on() {
        assert_eq!(excerpt("short"), "short");
        let full = "ä".repeat(EXCERPT_MAX);
        assert_eq!(excerpt(&full), full);
        let cut = excerpt(&format!("{full}b"));
        assert_eq!(cut.chars().count(), EXCERPT_MAX);
        assert!(cut.ends_with("ä…"), "{cut}");
    }
}
