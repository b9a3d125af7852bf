//! A post that is being written or changed.

use hearth_shared::ids::{ClientId, MediaId};
use hearth_shared::media::Media;
use hearth_shared::posts::{Audience, POST_MAX, Shared};
use hearth_shared::time::Timestamp;
use hearth_shared::users::UserCard;
use hearth_shared::valid::tidy_text;
use serde::{Deserialize, Serialize};

use super::PostKey;
use crate::features::media::state::tray::Kept;

/// From this share of the limit on the characters that are left are shown.
const METER_FROM: usize = POST_MAX / 10 * 8;

/// What the composer is open for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Composing {
    New,
    Edit(PostKey),
}

/// What a new post is made of.
pub(crate) struct NewEntry {
    pub(crate) client_id: ClientId,
    pub(crate) author: UserCard,
    pub(crate) body: String,
    pub(crate) audience: Audience,
    pub(crate) media: Vec<Media>,
    /// The post that it passes on.
    pub(crate) shared: Option<Shared>,
    pub(crate) now: Timestamp,
}

/// What is kept of a new post until it is posted or discarded.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Draft {
    pub(crate) body: String,
    pub(crate) audience: Audience,
    /// Pictures and films that the server has.
    #[serde(default)]
    pub(crate) media: Vec<Kept>,
}

impl Draft {
    /// Nothing worth keeping.
    pub(crate) fn is_empty(&self) -> bool {
        self.body.trim().is_empty() && self.media.is_empty()
    }

    /// Whether it can be posted; `bare` says that it may be empty, because it passes another post on.
    pub(crate) fn fits(&self, bare: bool) -> bool {
        (bare || !self.is_empty()) && left(&self.body) >= 0
    }

    /// Whether a post of this text and these pictures, as it was sent, is this draft.
    pub(crate) fn became(
        &self,
        body: &str,
        audience: Audience,
        media: impl IntoIterator<Item = MediaId>,
    ) -> bool {
        let mut own = self.body.clone();
        tidy_text(&mut own);
        own == body && self.audience == audience && self.media_ids().eq(media)
    }

    /// Its pictures and films, in their order.
    pub(crate) fn media_ids(&self) -> impl Iterator<Item = MediaId> + '_ {
        self.media.iter().map(|one| one.id)
    }

    /// The characters that are left, when they are few.
    pub(crate) fn meter(&self) -> Option<i64> {
        (self.body.chars().count() >= METER_FROM).then(|| left(&self.body))
    }
}

/// As the server counts: without white space around it.
fn left(body: &str) -> i64 {
    let used = i64::try_from(body.trim().chars().count()).unwrap_or(i64::MAX);
    i64::try_from(POST_MAX).unwrap_or(i64::MAX) - used
}

#[cfg(test)]
mod tests {
    use hearth_shared::ids::Id;
    use hearth_shared::media::MediaKind;

    use super::*;

    fn draft(length: usize) -> Draft {
        Draft {
            body: "é".repeat(length),
            ..Draft::default()
        }
    }

    fn kept(id: i64) -> Kept {
        Kept {
            id: MediaId::new(id),
            kind: MediaKind::Image,
            alt: String::new(),
            name: String::new(),
        }
    }

    #[test]
    fn the_meter_shows_only_near_the_limit() {
        assert_eq!(draft(METER_FROM - 1).meter(), None);
        assert_eq!(draft(METER_FROM).meter(), Some(2000));
        assert_eq!(draft(POST_MAX + 3).meter(), Some(-3));
    }

    #[test]
    fn a_draft_is_known_again_in_what_was_sent() {
        let draft = Draft {
            body: " one\r\ntwo \n".into(),
            audience: Audience::Friends,
            media: vec![kept(7)],
        };
        let ids = |ids: &[i64]| ids.iter().copied().map(MediaId::new).collect::<Vec<_>>();
        assert!(draft.became("one\ntwo", Audience::Friends, ids(&[7])));
        assert!(!draft.became("one\ntwo", Audience::OnlyMe, ids(&[7])));
        assert!(!draft.became("one", Audience::Friends, ids(&[7])));
        assert!(!draft.became("one\ntwo", Audience::Friends, ids(&[7, 8])));
    }

    #[test]
    fn drafts_of_earlier_versions_have_no_pictures() {
        let old: Draft = serde_json::from_str(r#"{"body":"a","audience":"only_me"}"#).unwrap();
        assert_eq!((old.audience, old.media.len()), (Audience::OnlyMe, 0));
    }

    #[test]
    fn only_what_the_server_takes_can_be_posted() {
        let fits = |length| draft(length).fits(false);
        assert!(!fits(0) && fits(1) && fits(POST_MAX) && !fits(POST_MAX + 1));
        let mut blank = draft(0);
        blank.body = " \n ".into();
        assert!(!blank.fits(false) && blank.fits(true));
        blank.media.push(kept(7));
        assert!(blank.fits(false), "a picture speaks for itself");
    }
}
