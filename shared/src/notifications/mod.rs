//! What a person is told of, and what they have seen of it.

pub mod preferences;
mod wire;

use serde::{Deserialize, Serialize};

use crate::endpoint;
use crate::endpoint::Nothing;
use crate::friends::RequestStatus;
use crate::ids::{CommentId, ConversationId, FriendRequestId, MessageId, NotificationId, PostId};
use crate::page::{Cursor, Page};
use crate::time::Timestamp;
use crate::users::UserCard;
use crate::valid::{Report, Validate};

/// People named in a notification; the others are counted.
pub const ACTORS_MAX: usize = 3;
/// Characters of an excerpt at most.
pub const EXCERPT_MAX: usize = 120;

/// Unseen notifications are counted to this, which stands for "and more".
pub const COUNT_MAX: u32 = 100;

/// What happened: kind and subject in one, so that no combination is possible that means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", try_from = "Told")]
pub enum Happening {
    /// Somebody asks for friendship, or asked and was accepted.
    FriendRequest {
        /// The request; it can be answered while it is pending.
        request_id: FriendRequestId,
        /// Where it stands.
        status: RequestStatus,
    },
    /// Somebody accepted the recipient's request.
    FriendAccepted,
    /// People reacted to the recipient's post.
    Reaction {
        /// The post.
        post_id: PostId,
    },
    /// People commented on the recipient's post.
    Comment {
        /// The post.
        post_id: PostId,
    },
    /// People answered the recipient's comment.
    Reply {
        /// The post on which it is.
        post_id: PostId,
        /// The comment that was answered.
        comment_id: CommentId,
    },
    /// People named the recipient in a post, or in comments on it.
    Mention {
        /// The post.
        post_id: PostId,
        /// The newest comment that does; `None`: the post itself.
        comment_id: Option<CommentId>,
    },
    /// People passed the recipient's post on.
    Share {
        /// The post.
        post_id: PostId,
        /// The newest post that does, while the recipient may see it.
        share_id: Option<PostId>,
    },
    /// People reacted to the recipient's comment.
    CommentReaction {
        /// The post on which it is.
        post_id: PostId,
        /// The comment.
        comment_id: CommentId,
    },
    /// Somebody asks the recipient into a group, or asked and they came.
    GroupInvitation {
        /// The group's conversation; the invitation can be answered while it is pending.
        conversation_id: ConversationId,
        /// Where it stands.
        status: RequestStatus,
    },
    /// People named the recipient in messages of a group.
    MessageMention {
        /// The group's conversation.
        conversation_id: ConversationId,
        /// The newest message that does.
        message_id: MessageId,
        /// Its number, which leads to it.
        number: u32,
    },
}

impl Happening {
    /// Whether it asks for an answer, or did.
    pub const fn is_request(&self) -> bool {
        matches!(self, Self::FriendRequest { .. } | Self::GroupInvitation { .. })
    }

    /// Whether it tells where one was named.
    pub const fn is_mention(&self) -> bool {
        matches!(self, Self::Mention { .. } | Self::MessageMention { .. })
    }
}

/// [`Happening`] as it is read: serde's own way for tagged enums first builds a tree of every possible value,
/// whose code the browser would have to download.
#[derive(Deserialize)]
struct Told {
    kind: Kind,
    request_id: Option<FriendRequestId>,
    status: Option<RequestStatus>,
    post_id: Option<PostId>,
    comment_id: Option<CommentId>,
    share_id: Option<PostId>,
    conversation_id: Option<ConversationId>,
    message_id: Option<MessageId>,
    number: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    FriendRequest,
    FriendAccepted,
    Reaction,
    Comment,
    Reply,
    Mention,
    Share,
    CommentReaction,
    GroupInvitation,
    MessageMention,
}

impl TryFrom<Told> for Happening {
    type Error = &'static str;

    fn try_from(told: Told) -> Result<Self, Self::Error> {
        if let Some(conversation_id) = told.conversation_id {
            return match (told.kind, told.status, told.message_id, told.number) {
                (Kind::GroupInvitation, Some(status), ..) => Ok(Self::GroupInvitation {
                    conversation_id,
                    status,
                }),
                (Kind::MessageMention, _, Some(message_id), Some(number)) => Ok(Self::MessageMention {
                    conversation_id,
                    message_id,
                    number,
                }),
                _ => Err("what happened is of no group"),
            };
        }
        let happening = match (told.kind, told.request_id, told.status, told.post_id) {
            (Kind::FriendRequest, Some(request_id), Some(status), _) => {
                Self::FriendRequest { request_id, status }
            }
            (Kind::FriendAccepted, ..) => Self::FriendAccepted,
            (Kind::Reaction, .., Some(post_id)) => Self::Reaction { post_id },
            (Kind::Comment, .., Some(post_id)) => Self::Comment { post_id },
            (Kind::Mention, .., Some(post_id)) => Self::Mention {
                post_id,
                comment_id: told.comment_id,
            },
            (Kind::Share, .., Some(post_id)) => Self::Share {
                post_id,
                share_id: told.share_id,
            },
            (kind @ (Kind::Reply | Kind::CommentReaction), .., Some(post_id)) => {
                let comment_id = told.comment_id.ok_or("what happened is of no comment")?;
                match kind {
                    Kind::Reply => Self::Reply { post_id, comment_id },
                    _ => Self::CommentReaction { post_id, comment_id },
                }
            }
            _ => return Err("a field of what happened is missing"),
        };
        Ok(happening)
    }
}

/// The group of which a notification tells, as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = NotificationGroup))]
pub struct ToldGroup {
    /// What it is called.
    pub title: String,
    /// Its picture, as [`Group::picture_url`](crate::conversations::groups::Group::picture_url).
    pub picture_url: Option<String>,
}

/// Something that a person is told of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "wire::Notification", into = "wire::Notification")]
pub struct Notification {
    /// Which.
    pub id: NotificationId,
    /// Its place in the list, which is in falling order: the position of the stream `u:<id>` at which it last
    /// had news.
    pub position: u64,
    /// What happened; on the wire `kind`, `subject` and, with a request, `status`.
    pub what: Happening,
    /// Who did it, the latest first, three at most.
    pub actors: Vec<UserCard>,
    /// How many did it.
    pub actor_count: u32,
    /// The beginning of the newest comment, reply, share or message, or of what was reacted to.
    pub excerpt: Option<String>,
    /// The group, where it is about one.
    pub group: Option<ToldGroup>,
    /// Counted in the badge no more: it was looked at, or read.
    pub seen: bool,
    /// Highlighted no more.
    pub read: bool,
    /// When it first happened.
    pub created_at: Timestamp,
    /// When it last had news.
    pub updated_at: Timestamp,
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Notification {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        wire::Notification::schema()
    }
}
#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Notification {
    fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>) {
        <wire::Notification as utoipa::ToSchema>::schemas(schemas);
    }
}

/// Which notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NotificationFilter {
    /// All.
    #[default]
    All,
    /// Those not read.
    Unread,
    /// Requests for friendship, and invitations to groups.
    Requests,
    /// Where one was named.
    Mentions,
}

/// The query of the list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationsQuery {
    /// Which.
    #[serde(default)]
    pub filter: NotificationFilter,
    /// Items wanted, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}

/// A place in the list: this one and all below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpTo {
    /// The `position` of a notification.
    pub up_to: u64,
}

impl Validate for UpTo {
    fn validate(&mut self, _report: &mut Report) {}
}

/// The two counts that follow a person's own stream. The third badge, conversations with unread messages,
/// follows from the read positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Counts {
    /// Notifications neither seen nor read, [`COUNT_MAX`] at most.
    pub notifications: u32,
    /// Requests for friendship that wait for an answer.
    pub friend_requests: u32,
}

/// The three badges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Badges {
    /// Notifications neither seen nor read.
    pub notifications: u32,
    /// Requests for friendship that wait for an answer.
    pub friend_requests: u32,
    /// Conversations with unread messages.
    pub conversations: u32,
    /// Position of the stream `u:<id>` in the same snapshot.
    pub seq: u64,
}

endpoint! {
    /// What one is told of, the latest first.
    ListNotifications {} = Get "/notifications",
    SignedIn, query NotificationsQuery, body Nothing => 200 Page<Notification>
}

endpoint! {
    /// Notifications up to a place in the list have been seen: the badge is cleared.
    MarkNotificationsSeen {} = Put "/notifications/seen",
    SignedIn, query Nothing, body UpTo => 204 Nothing
}

endpoint! {
    /// Notifications up to a place in the list have been read.
    MarkNotificationsRead {} = Put "/notifications/read",
    SignedIn, query Nothing, body UpTo => 204 Nothing
}

endpoint! {
    /// A notification has been read.
    MarkNotificationRead { notification_id: NotificationId } = Put "/notifications/{notification_id}/read",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

endpoint! {
    /// The three counts.
    GetBadges {} = Get "/badges",
    SignedIn, query Nothing, body Nothing => 200 Badges
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    #[test]
    fn what_happened_travels_as_one_object_with_its_kind() {
        let (post_id, comment_id) = (PostId::new(7), CommentId::new(8));
        for (happening, text) in [
            (
                Happening::FriendRequest {
                    request_id: FriendRequestId::new(3),
                    status: RequestStatus::Pending,
                },
                r#"{"kind":"friend_request","request_id":"3","status":"pending"}"#,
            ),
            (Happening::FriendAccepted, r#"{"kind":"friend_accepted"}"#),
            (
                Happening::Reaction { post_id },
                r#"{"kind":"reaction","post_id":"7"}"#,
            ),
            (
                Happening::Comment { post_id },
                r#"{"kind":"comment","post_id":"7"}"#,
            ),
            (
                Happening::Reply { post_id, comment_id },
                r#"{"kind":"reply","post_id":"7","comment_id":"8"}"#,
            ),
            (
                Happening::Mention {
                    post_id,
                    comment_id: None,
                },
                r#"{"kind":"mention","post_id":"7","comment_id":null}"#,
            ),
            (
                Happening::Share {
                    post_id,
                    share_id: Some(PostId::new(9)),
                },
                r#"{"kind":"share","post_id":"7","share_id":"9"}"#,
            ),
            (
                Happening::CommentReaction { post_id, comment_id },
                r#"{"kind":"comment_reaction","post_id":"7","comment_id":"8"}"#,
            ),
            (
                Happening::GroupInvitation {
                    conversation_id: ConversationId::new(5),
                    status: RequestStatus::Accepted,
                },
                r#"{"kind":"group_invitation","conversation_id":"5","status":"accepted"}"#,
            ),
            (
                Happening::MessageMention {
                    conversation_id: ConversationId::new(5),
                    message_id: MessageId::new(6),
                    number: 4,
                },
                r#"{"kind":"message_mention","conversation_id":"5","message_id":"6","number":4}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&happening).unwrap(), text);
            assert_eq!(serde_json::from_str::<Happening>(text).unwrap(), happening);
        }
        for wrong in [
            r#"{"kind":"reaction"}"#,
            r#"{"kind":"reply","post_id":"7"}"#,
            r#"{"kind":"group_invitation","conversation_id":"5"}"#,
            r#"{"kind":"message_mention","conversation_id":"5","message_id":"6"}"#,
            r#"{"kind":"message_mention","message_id":"6","number":4}"#,
            r#"{"kind":"x"}"#,
            "{}",
        ] {
            assert!(serde_json::from_str::<Happening>(wrong).is_err(), "{wrong}");
        }
    }
}
