//! The heart. It follows the finger at once; what the finger wants in the end is sent, one call at a time.

use hearth_shared::posts::Post;

/// What is wanted beyond what the server has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Like {
    wanted: Option<bool>,
    sending: bool,
}

impl Like {
    /// Whether the heart is shown full.
    pub(crate) fn shown(self, post: &Post) -> bool {
        self.wanted.unwrap_or(post.my_reaction.is_some())
    }

    /// The count that goes with what is shown.
    pub(crate) fn count(self, post: &Post) -> u32 {
        let counted: u32 = post.reactions.values().sum();
        match (post.my_reaction.is_some(), self.shown(post)) {
            (false, true) => counted + 1,
            (true, false) => counted.saturating_sub(1),
            _ => counted,
        }
    }

    /// The heart was pressed. Gives what is to be sent now, if anything.
    pub(crate) fn toggle(&mut self, post: &Post) -> Option<bool> {
        let wanted = !self.shown(post);
        self.wanted = Some(wanted);
        if self.sending {
            return None;
        }
        self.sending = true;
        Some(wanted)
    }

    /// The server has it. Gives what is to be sent next, when the finger has changed its mind meanwhile.
    pub(crate) fn confirmed(&mut self, liked: bool) -> Option<bool> {
        self.sending = false;
        match self.wanted.filter(|wanted| *wanted != liked) {
            Some(wanted) => {
                self.sending = true;
                Some(wanted)
            }
            None => {
                self.wanted = None;
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use hearth_shared::ids::{Id, PostId};
    use hearth_shared::posts::{Audience, ReactionKind};
    use hearth_shared::time::Timestamp;

    use super::super::tests::{client, user};
    use super::*;

    fn post(likes: u32, mine: bool) -> Post {
        Post {
            id: PostId::new(1),
            client_id: client(1),
            author: user(1),
            body: String::new(),
            audience: Audience::Friends,
            reactions: [(ReactionKind::Like, likes)]
                .into_iter()
                .filter(|(_, n)| *n > 0)
                .collect(),
            my_reaction: mine.then_some(ReactionKind::Like),
            comment_count: 0,
            last_comments: Vec::new(),
            created_at: Timestamp::from_millis(0),
            edited_at: None,
            mentions: Vec::new(),
            media: Vec::new(),
            shared: None,
            share_count: 0,
            my_saved: false,
            my_muted: false,
        }
    }

    #[test]
    fn the_count_follows_the_heart() {
        let post = post(2, false);
        let mut like = Like::default();
        assert_eq!((like.shown(&post), like.count(&post)), (false, 2));
        assert_eq!(like.toggle(&post), Some(true));
        assert_eq!((like.shown(&post), like.count(&post)), (true, 3));
    }

    #[test]
    fn rapid_presses_send_only_what_is_wanted_in_the_end() {
        let post = post(0, false);
        let mut like = Like::default();
        assert_eq!(like.toggle(&post), Some(true));
        assert_eq!(like.toggle(&post), None);
        assert_eq!(like.toggle(&post), None);
        assert_eq!(like.confirmed(true), None, "on, off, on: one call was enough");

        let mut like = Like::default();
        assert_eq!(like.toggle(&post), Some(true));
        assert_eq!(like.toggle(&post), None);
        assert_eq!(
            like.confirmed(true),
            Some(false),
            "on, off: the second call takes it back"
        );
        assert_eq!(like.confirmed(false), None);
    }

    #[test]
    fn taking_back_counts_down() {
        let post = post(3, true);
        let mut like = Like::default();
        assert_eq!(like.toggle(&post), Some(false));
        assert_eq!(like.count(&post), 2);
    }
}
