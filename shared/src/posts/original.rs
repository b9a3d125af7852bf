//! The post that another one passes on, as far as the viewer may see it.

use serde::{Deserialize, Serialize};

use super::{Audience, Mention, Post};
use crate::ids::PostId;
use crate::media::Media;
use crate::time::Timestamp;
use crate::users::UserCard;

/// The post that another one passes on: on the wire its fields, or `{"unavailable": true}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub enum Shared {
    /// As it is now.
    Post(Box<Original>),
    /// It is gone, or not for this viewer: nobody is told which.
    Unavailable,
}

/// What is shown of a post inside another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// Which.
    pub id: PostId,
    /// Who wrote it.
    pub author: UserCard,
    /// The text.
    pub body: String,
    /// The people whom the text names.
    pub mentions: Vec<Mention>,
    /// Who may see it.
    pub audience: Audience,
    /// Its pictures, or its film.
    pub media: Vec<Media>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub edited_at: Option<Timestamp>,
}

impl From<Post> for Original {
    fn from(post: Post) -> Self {
        Self {
            id: post.id,
            author: post.author,
            body: post.body,
            mentions: post.mentions,
            audience: post.audience,
            media: post.media,
            created_at: post.created_at,
            edited_at: post.edited_at,
        }
    }
}

/// [`Shared`] as it travels. Not one of serde's untagged enums, whose code the browser would have to download.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = SharedPost))]
struct Wire {
    /// It is gone, or not for this viewer; nothing else is there then.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unavailable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<PostId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<UserCard>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mentions: Option<Vec<Mention>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audience: Option<Audience>,
    #[serde(skip_serializing_if = "Option::is_none")]
    media: Option<Vec<Media>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    edited_at: Option<Timestamp>,
}

impl From<Shared> for Wire {
    fn from(shared: Shared) -> Self {
        match shared {
            Shared::Unavailable => Self {
                unavailable: true,
                ..Self::default()
            },
            Shared::Post(post) => Self {
                unavailable: false,
                id: Some(post.id),
                author: Some(post.author),
                body: Some(post.body),
                mentions: Some(post.mentions),
                audience: Some(post.audience),
                media: Some(post.media),
                created_at: Some(post.created_at),
                edited_at: post.edited_at,
            },
        }
    }
}

impl TryFrom<Wire> for Shared {
    type Error = &'static str;

    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        if wire.unavailable {
            return Ok(Self::Unavailable);
        }
        let missing = "a field of the shared post is missing";
        Ok(Self::Post(Box::new(Original {
            id: wire.id.ok_or(missing)?,
            author: wire.author.ok_or(missing)?,
            body: wire.body.ok_or(missing)?,
            mentions: wire.mentions.unwrap_or_default(),
            audience: wire.audience.ok_or(missing)?,
            media: wire.media.unwrap_or_default(),
            created_at: wire.created_at.ok_or(missing)?,
            edited_at: wire.edited_at,
        })))
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Shared {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        Wire::schema()
    }
}
#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Shared {
    fn name() -> std::borrow::Cow<'static, str> {
        "SharedPost".into()
    }

    fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>) {
        <Wire as utoipa::ToSchema>::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{Id, UserId};

    #[test]
    fn what_may_not_be_seen_travels_as_one_word() {
        let text = serde_json::to_string(&Shared::Unavailable).unwrap();
        assert_eq!(text, r#"{"unavailable":true}"#);
        assert_eq!(
            serde_json::from_str::<Shared>(&text).unwrap(),
            Shared::Unavailable
        );
        assert!(serde_json::from_str::<Shared>("{}").is_err());
    }

    #[test]
    fn an_original_survives_the_journey() {
        let original = Shared::Post(Box::new(Original {
            id: PostId::new(7),
            author: UserCard {
                id: UserId::new(1),
                username: "ada".into(),
                display_name: "Ada".into(),
                avatar_url: None,
                rev: 1,
            },
            body: "text".into(),
            mentions: Vec::new(),
            audience: Audience::Friends,
            media: Vec::new(),
            created_at: Timestamp::from_millis(5),
            edited_at: None,
        }));
        let text = serde_json::to_string(&original).unwrap();
        assert!(text.starts_with(r#"{"id":"7","author":"#), "{text}");
        assert_eq!(serde_json::from_str::<Shared>(&text).unwrap(), original);
    }
}
