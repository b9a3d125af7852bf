//! A notification as it travels: what happened as a `kind` and a `subject`, which every program can read
//! without knowing all kinds.

use serde::{Deserialize, Serialize};

use super::Happening;
use crate::friends::RequestStatus;
use crate::ids::{FriendRequestId, Id, NotificationId, PostId, UserId};
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
    /// Where the request stands; with `friend_request`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<RequestStatus>,
    actors: Vec<UserCard>,
    actor_count: u32,
    excerpt: Option<String>,
    seen: bool,
    read: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<super::Notification> for Notification {
    fn from(told: super::Notification) -> Self {
        let of_post = |kind, post_id: PostId| (kind, Subject::new(SubjectKind::Post, post_id), None);
        let (kind, subject, status) = match told.what {
            Happening::FriendRequest { request_id, status } => (
                Kind::FriendRequest,
                Subject::new(SubjectKind::FriendRequest, request_id),
                Some(status),
            ),
            Happening::FriendAccepted => {
                let who = told.actors.first().map_or(UserId::new(0), |actor| actor.id);
                (Kind::FriendAccepted, Subject::new(SubjectKind::User, who), None)
            }
            Happening::Reaction { post_id } => of_post(Kind::Reaction, post_id),
            Happening::Comment { post_id } => of_post(Kind::Comment, post_id),
        };
        Self {
            id: told.id,
            position: told.position,
            kind,
            subject,
            status,
            actors: told.actors,
            actor_count: told.actor_count,
            excerpt: told.excerpt,
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
        let what = match told.kind {
            Kind::FriendRequest => Happening::FriendRequest {
                request_id: FriendRequestId::new(id),
                status: told.status.ok_or("a request has a status")?,
            },
            Kind::FriendAccepted => Happening::FriendAccepted,
            Kind::Reaction => Happening::Reaction { post_id },
            Kind::Comment => Happening::Comment { post_id },
        };
        Ok(Self {
            id: told.id,
            position: told.position,
            what,
            actors: told.actors,
            actor_count: told.actor_count,
            excerpt: told.excerpt,
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

    #[test]
    fn what_happened_travels_as_kind_and_subject() {
        let told = super::super::Notification {
            id: NotificationId::new(9),
            position: 4,
            what: Happening::FriendRequest {
                request_id: FriendRequestId::new(7),
                status: RequestStatus::Pending,
            },
            actors: Vec::new(),
            actor_count: 1,
            excerpt: None,
            seen: false,
            read: false,
            created_at: Timestamp::from_millis(0),
            updated_at: Timestamp::from_millis(0),
        };
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
}
