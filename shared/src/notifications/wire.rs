//! A notification as it travels: what happened as a `kind` and a `subject`, which every program can read
//! without knowing all kinds.

use serde::{Deserialize, Serialize};

use super::{Happening, ToldGroup};
use crate::friends::RequestStatus;
use crate::ids::{CommentId, ConversationId, FriendRequestId, Id, MessageId, NotificationId, PostId, UserId};
use crate::time::Timestamp;
use crate::users::UserCard;

/// What kind of thing happened.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = NotificationKind))]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
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

/// What kind of object it is about.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = NotificationSubjectKind))]
#[serde(rename_all = "snake_case")]
pub(super) enum SubjectKind {
    FriendRequest,
    User,
    Post,
    Comment,
    Conversation,
}

/// Which object it is about. The id is of the kind that stands beside it.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = NotificationSubject))]
pub(super) struct Subject {
    kind: SubjectKind,
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    id: UserId,
}

impl Subject {
    fn new(kind: SubjectKind, id: impl Id) -> Self {
        Self {
            kind,
            id: UserId::new(id.get()),
        }
    }
}

/// Something that a person is told of.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = Notification))]
pub(super) struct Notification {
    id: NotificationId,
    position: u64,
    kind: Kind,
    subject: Subject,
    /// Where the request or the invitation stands; with `friend_request` and `group_invitation`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<RequestStatus>,
    /// The post to look at, where that is not the subject: of a comment the one that it is on, with `share` the new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    post_id: Option<PostId>,
    /// The newest message that names the recipient; with `message_mention`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message_id: Option<MessageId>,
    /// Its number in the conversation, which leads to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message_number: Option<u32>,
    actors: Vec<UserCard>,
    actor_count: u32,
    excerpt: Option<String>,
    /// The group, where the subject is its conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    group: Option<ToldGroup>,
    seen: bool,
    read: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<super::Notification> for Notification {
    fn from(told: super::Notification) -> Self {
        let of_post = |post_id: PostId| Subject::new(SubjectKind::Post, post_id);
        let of_comment = |id: CommentId| Subject::new(SubjectKind::Comment, id);
        let of_talk = |id: ConversationId| Subject::new(SubjectKind::Conversation, id);
        let (kind, subject, post_id) = match told.what {
            Happening::FriendRequest { request_id, .. } => (
                Kind::FriendRequest,
                Subject::new(SubjectKind::FriendRequest, request_id),
                None,
            ),
            Happening::FriendAccepted => {
                let who = told.actors.first().map_or(UserId::new(0), |actor| actor.id);
                (Kind::FriendAccepted, Subject::new(SubjectKind::User, who), None)
            }
            Happening::Reaction { post_id } => (Kind::Reaction, of_post(post_id), None),
            Happening::Comment { post_id } => (Kind::Comment, of_post(post_id), None),
            Happening::Reply { post_id, comment_id } => (Kind::Reply, of_comment(comment_id), Some(post_id)),
            Happening::CommentReaction { post_id, comment_id } => {
                (Kind::CommentReaction, of_comment(comment_id), Some(post_id))
            }
            Happening::Mention {
                post_id,
                comment_id: Some(comment_id),
            } => (Kind::Mention, of_comment(comment_id), Some(post_id)),
            Happening::Mention {
                post_id,
                comment_id: None,
            } => (Kind::Mention, of_post(post_id), None),
            Happening::Share { post_id, share_id } => (Kind::Share, of_post(post_id), share_id),
            Happening::GroupInvitation { conversation_id, .. } => {
                (Kind::GroupInvitation, of_talk(conversation_id), None)
            }
            Happening::MessageMention { conversation_id, .. } => {
                (Kind::MessageMention, of_talk(conversation_id), None)
            }
        };
        let status = match told.what {
            Happening::FriendRequest { status, .. } | Happening::GroupInvitation { status, .. } => {
                Some(status)
            }
            _ => None,
        };
        let (message_id, message_number) = match told.what {
            Happening::MessageMention {
                message_id, number, ..
            } => (Some(message_id), Some(number)),
            _ => (None, None),
        };
        Self {
            id: told.id,
            position: told.position,
            kind,
            subject,
            status,
            post_id,
            message_id,
            message_number,
            actors: told.actors,
            actor_count: told.actor_count,
            excerpt: told.excerpt,
            group: told.group,
            seen: told.seen,
            read: told.read,
            created_at: told.created_at,
            updated_at: told.updated_at,
        }
    }
}

impl TryFrom<Notification> for super::Notification {
    type Error = &'static str;

    fn try_from(told: Notification) -> Result<Self, &'static str> {
        let id = told.subject.id.get();
        let post_id = PostId::new(id);
        let on_post = || told.post_id.ok_or("a comment is on a post");
        let comment_id = CommentId::new(id);
        let what = match told.kind {
            Kind::FriendRequest => Happening::FriendRequest {
                request_id: FriendRequestId::new(id),
                status: told.status.ok_or("a request has a status")?,
            },
            Kind::FriendAccepted => Happening::FriendAccepted,
            Kind::Reaction => Happening::Reaction { post_id },
            Kind::Comment => Happening::Comment { post_id },
            Kind::Reply => Happening::Reply {
                post_id: on_post()?,
                comment_id,
            },
            Kind::CommentReaction => Happening::CommentReaction {
                post_id: on_post()?,
                comment_id,
            },
            Kind::Mention => match told.subject.kind {
                SubjectKind::Comment => Happening::Mention {
                    post_id: on_post()?,
                    comment_id: Some(comment_id),
                },
                _ => Happening::Mention {
                    post_id,
                    comment_id: None,
                },
            },
            Kind::Share => Happening::Share {
                post_id,
                share_id: told.post_id,
            },
            Kind::GroupInvitation => Happening::GroupInvitation {
                conversation_id: ConversationId::new(id),
                status: told.status.ok_or("an invitation has no status")?,
            },
            Kind::MessageMention => Happening::MessageMention {
                conversation_id: ConversationId::new(id),
                message_id: told.message_id.ok_or("a mention is of no message")?,
                number: told.message_number.ok_or("a mention has no number")?,
            },
        };
        Ok(Self {
            id: told.id,
            position: told.position,
            what,
            actors: told.actors,
            actor_count: told.actor_count,
            excerpt: told.excerpt,
            group: told.group,
            seen: told.seen,
            read: told.read,
            created_at: told.created_at,
            updated_at: told.updated_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(what: Happening) -> super::super::Notification {
        super::super::Notification {
            id: NotificationId::new(9),
            position: 4,
            what,
            actors: Vec::new(),
            actor_count: 1,
            excerpt: None,
            group: None,
            seen: false,
            read: false,
            created_at: Timestamp::from_millis(0),
            updated_at: Timestamp::from_millis(0),
        }
    }

    #[test]
    fn what_happened_travels_as_kind_and_subject() {
        let told = told(Happening::FriendRequest {
            request_id: FriendRequestId::new(7),
            status: RequestStatus::Pending,
        });
        let json = serde_json::to_value(&told).unwrap();
        assert_eq!(json["kind"], "friend_request");
        assert_eq!(json["subject"]["kind"], "friend_request");
        assert_eq!(json["subject"]["id"], "7");
        assert_eq!(json["status"], "pending");
        assert_eq!(
            serde_json::from_value::<super::super::Notification>(json).unwrap(),
            told
        );
    }

    #[test]
    fn nothing_is_lost_on_the_way() {
        let (post_id, comment_id) = (PostId::new(1), CommentId::new(2));
        let (named, not_named) = (Some(comment_id), None);
        for (what, subject, post) in [
            (Happening::Reaction { post_id }, "1", None),
            (Happening::Comment { post_id }, "1", None),
            (Happening::Reply { post_id, comment_id }, "2", Some("1")),
            (
                Happening::Mention {
                    post_id,
                    comment_id: named,
                },
                "2",
                Some("1"),
            ),
            (
                Happening::Mention {
                    post_id,
                    comment_id: not_named,
                },
                "1",
                None,
            ),
            (
                Happening::Share {
                    post_id,
                    share_id: Some(PostId::new(3)),
                },
                "1",
                Some("3"),
            ),
            (
                Happening::Share {
                    post_id,
                    share_id: None,
                },
                "1",
                None,
            ),
            (Happening::CommentReaction { post_id, comment_id }, "2", Some("1")),
            (
                Happening::GroupInvitation {
                    conversation_id: ConversationId::new(4),
                    status: RequestStatus::Pending,
                },
                "4",
                None,
            ),
            (
                Happening::MessageMention {
                    conversation_id: ConversationId::new(4),
                    message_id: MessageId::new(5),
                    number: 6,
                },
                "4",
                None,
            ),
        ] {
            let json = serde_json::to_value(told(what)).unwrap();
            assert_eq!(json["subject"]["id"], subject);
            assert_eq!(json.get("post_id").and_then(|id| id.as_str()), post);
            let back: super::super::Notification = serde_json::from_value(json).unwrap();
            assert_eq!(back.what, what);
        }
    }
}
