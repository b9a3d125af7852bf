//! A post that is being written or changed.

use hearth_shared::ids::ClientId;
use hearth_shared::posts::{Audience, POST_MAX, Shared};
use hearth_shared::time::Timestamp;
use hearth_shared::users::UserCard;
use hearth_shared::valid::tidy_text;
use serde::{Deserialize, Serialize};

use super::PostKey;

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
    /// The post that it passes on.
    pub(crate) shared: Option<Shared>,
    pub(crate) now: Timestamp,
}

/// What is kept of a new post until it is posted or discarded.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Draft {
    pub(crate) body: String,
    pub(crate) audience: Audience,
}

impl Draft {
    /// Nothing worth keeping.
    pub(crate) fn is_empty(&self) -> bool {
        self.body.trim().is_empty()
    }

    /// Whether it can be posted.
    pub(crate) fn fits(&self) -> bool {
        !self.is_empty() && left(&self.body) >= 0
    }

    /// Whether a post of this text, as it was sent, is this draft.
    pub(crate) fn became(&self, body: &str, audience: Audience) -> bool {
        let mut own = self.body.clone();
        tidy_text(&mut own);
        own == body && self.audience == audience
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
    use super::*;

    fn draft(length: usize) -> Draft {
        Draft {
            body: "é".repeat(length),
            audience: Audience::Friends,
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
        };
        assert!(draft.became("one\ntwo", Audience::Friends));
        assert!(!draft.became("one\ntwo", Audience::OnlyMe));
        assert!(!draft.became("one", Audience::Friends));
    }

    #[test]
    fn only_what_the_server_takes_can_be_posted() {
        assert!(!draft(0).fits() && draft(1).fits() && draft(POST_MAX).fits() && !draft(POST_MAX + 1).fits());
        assert!(
            !Draft {
                body: " \n ".into(),
                ..Draft::default()
            }
            .fits()
        );
    }
}
