//! What is sent with a message: pictures, films and other files, which its sender has uploaded before.
//!
//! A message goes to everybody in the same words, so what stands beside it has no addresses: those are signed for one
//! session and a few minutes, and each client asks for those that it shows ([`ListMessageMedia`]).

use serde::{Deserialize, Serialize};

use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::{ConversationId, MediaId};
use crate::media::{Media, MediaKind};
use crate::problem::FieldCode;
use crate::valid::Report;

/// Of one message, at most.
pub const ATTACHMENTS_MAX: usize = 10;
/// Addresses asked for at once, at most.
pub const MESSAGE_MEDIA_MAX: usize = 100;

/// Something that stands beside a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attachment {
    /// Which.
    pub id: MediaId,
    /// What it is.
    pub kind: MediaKind,
    /// Pixels from left to right.
    #[serde(default)]
    pub width: Option<u32>,
    /// Pixels from top to bottom.
    #[serde(default)]
    pub height: Option<u32>,
    /// How long it plays, in milliseconds.
    #[serde(default)]
    pub duration_ms: Option<u64>,
    /// What stands there until it has come (<https://blurha.sh>).
    #[serde(default)]
    pub blurhash: Option<String>,
    /// What is to be seen in it, for those who cannot see it.
    #[serde(default)]
    pub alt_text: String,
    /// The name of its file; of other files than pictures and films with its ending.
    pub name: String,
    /// Bytes.
    pub size: u64,
}

impl From<&Media> for Attachment {
    fn from(media: &Media) -> Self {
        Self {
            id: media.id,
            kind: media.kind,
            width: media.width,
            height: media.height,
            duration_ms: media.duration_ms,
            blurhash: media.blurhash.clone(),
            alt_text: media.alt_text.clone(),
            name: media.name.clone(),
            size: media.size,
        }
    }
}

pub(super) fn check_attachments(report: &mut Report, ids: &[MediaId]) {
    if ids.len() > ATTACHMENTS_MAX {
        report.add("media_ids", FieldCode::TooLong, "at most 10");
    }
    let twice = ids.iter().enumerate().any(|(at, id)| ids[..at].contains(id));
    if twice {
        report.add("media_ids", FieldCode::NotOffered, "each once");
    }
}

/// Addresses of what stands beside messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageMedia {
    /// Those that the viewer may see, in no order.
    pub items: Vec<Media>,
}

/// Which.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageMediaQuery {
    /// Ids of attachments, 100 at most, with commas between them.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 2_000))]
    pub ids: String,
}

impl MessageMediaQuery {
    /// For some attachments; what is too much is left out.
    pub fn of(ids: &[MediaId]) -> Self {
        let ids = ids.iter().take(MESSAGE_MEDIA_MAX);
        Self {
            ids: ids.map(ToString::to_string).collect::<Vec<_>>().join(","),
        }
    }

    /// The ids. What is none is left out, and what is too much.
    pub fn list(&self) -> Vec<MediaId> {
        let ids = self.ids.split(',').filter_map(|id| id.trim().parse().ok());
        ids.take(MESSAGE_MEDIA_MAX).collect()
    }
}

endpoint! {
    /// The addresses of what stands beside messages of a conversation. Those that the viewer may not see, or that are gone, are left out.
    ListMessageMedia { conversation_id: ConversationId } = Get "/conversations/{conversation_id}/media",
    SignedIn, query MessageMediaQuery, body Nothing => 200 MessageMedia
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    #[test]
    fn ids_survive_a_query_and_what_is_none_does_not() {
        let ids: Vec<MediaId> = (1..=120).map(MediaId::new).collect();
        let query = MessageMediaQuery::of(&ids);
        assert_eq!(query.list(), ids[..MESSAGE_MEDIA_MAX]);
        let strange = MessageMediaQuery {
            ids: "7,,x,-, 8,9 1,10".into(),
        };
        assert_eq!(strange.list(), [7, 8, 10].map(MediaId::new));
    }
}
