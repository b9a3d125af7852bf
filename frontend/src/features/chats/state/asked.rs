//! What one has asked for of messages and the server has not answered yet: until then the log shows it as if it were so.

use std::borrow::Cow;
use std::collections::BTreeMap;

use hearth_shared::conversations::{Message, MessageReaction, REACTORS_MAX};
use hearth_shared::ids::{MessageId, UserId};

use crate::platform::api::Failure;

/// Another text for a message.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Change {
    pub(crate) body: String,
    /// Why it was not taken; it waits for its writer then.
    pub(crate) failure: Option<Failure>,
}

/// What is asked of one message.
#[derive(Debug, Clone, PartialEq, Default)]
struct Asked {
    change: Option<Change>,
    removed: bool,
    /// Emoji that one put on it (true) or took from it.
    felt: BTreeMap<String, bool>,
}

impl Asked {
    fn is_nothing(&self) -> bool {
        self.change.is_none() && !self.removed && self.felt.is_empty()
    }
}

/// What is asked of the messages of one conversation.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct AskedOf(BTreeMap<MessageId, Asked>);

impl AskedOf {
    fn of<T>(&mut self, id: MessageId, change: impl FnOnce(&mut Asked) -> T) -> T {
        let asked = self.0.entry(id).or_default();
        let result = change(asked);
        if asked.is_nothing() {
            self.0.remove(&id);
        }
        result
    }

    /// It shall say something else.
    pub(crate) fn rewrite(&mut self, id: MessageId, body: String) {
        self.of(id, |asked| asked.change = Some(Change { body, failure: None }));
    }

    /// The server has taken the text that was asked for, or has not. One that was asked for since stays.
    pub(crate) fn rewritten(&mut self, id: MessageId, body: &str, failure: Option<Failure>) {
        self.of(id, |asked| {
            if let Some(change) = asked.change.as_mut().filter(|change| change.body == body) {
                match failure {
                    Some(failure) => change.failure = Some(failure),
                    None => asked.change = None,
                }
            }
        });
    }

    /// The text that one wants is given up.
    pub(crate) fn forget_change(&mut self, id: MessageId) {
        self.of(id, |asked| asked.change = None);
    }

    /// The text that one wants.
    pub(crate) fn change(&self, id: MessageId) -> Option<&Change> {
        self.0.get(&id)?.change.as_ref()
    }

    /// It shall go, or the server has answered that.
    pub(crate) fn remove(&mut self, id: MessageId, asked_for: bool) {
        self.of(id, |asked| asked.removed = asked_for);
    }

    /// An emoji was pressed of a message as it is shown. What is to be sent, unless something is on its way: that answer
    /// comes first.
    pub(crate) fn feel(&mut self, id: MessageId, emoji: &str, wanted: bool) -> Option<bool> {
        self.of(id, |asked| {
            let before = asked.felt.insert(emoji.to_owned(), wanted);
            before.is_none().then_some(wanted)
        })
    }

    /// What was sent has been answered; false: not taken. What is to be sent next, when somebody wanted something else
    /// meanwhile.
    pub(crate) fn felt(&mut self, id: MessageId, emoji: &str, sent: bool, taken: bool) -> Option<bool> {
        self.of(id, |asked| {
            let wanted = asked.felt.get(emoji).copied()?;
            if taken && wanted != sent {
                return Some(wanted);
            }
            asked.felt.remove(emoji);
            None
        })
    }

    /// A message with what is asked of it.
    pub(crate) fn shown<'a>(&self, message: &'a Message, me: UserId) -> Cow<'a, Message> {
        let Some(asked) = self.0.get(&message.id) else {
            return Cow::Borrowed(message);
        };
        let mut shown = message.clone();
        if let Some(change) = &asked.change {
            shown.body.clone_from(&change.body);
        }
        for (emoji, wanted) in &asked.felt {
            put(&mut shown.reactions, emoji, *wanted, me);
        }
        if asked.removed {
            shown.body.clear();
            shown.attachments.clear();
            shown.reactions.clear();
            shown.reply_to = None;
            shown.deleted_at = Some(message.created_at);
        }
        Cow::Owned(shown)
    }
}

/// Whether somebody has put an emoji on a message.
pub(crate) fn has(message: &Message, emoji: &str, me: UserId) -> bool {
    let mut of_emoji = message.reactions.iter().filter(|felt| felt.emoji == emoji);
    of_emoji.any(|felt| felt.user_ids.contains(&me))
}

fn put(all: &mut Vec<MessageReaction>, emoji: &str, wanted: bool, me: UserId) {
    let Some(at) = all.iter().position(|felt| felt.emoji == emoji) else {
        if wanted {
            all.push(MessageReaction {
                emoji: emoji.to_owned(),
                count: 1,
                user_ids: vec![me],
            });
        }
        return;
    };
    let felt = &mut all[at];
    let mine = felt.user_ids.contains(&me);
    if wanted && !mine {
        felt.count += 1;
        if felt.user_ids.len() < REACTORS_MAX {
            felt.user_ids.push(me);
        }
    } else if mine && !wanted {
        felt.count = felt.count.saturating_sub(1);
        felt.user_ids.retain(|one| *one != me);
        if felt.count == 0 {
            all.remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use hearth_shared::ids::Id;
    use hearth_shared::problem::ErrorCode;

    use super::*;
    use crate::features::chats::state::tests::message;

    fn id() -> MessageId {
        message(1, 1).id
    }

    fn me() -> UserId {
        UserId::new(1)
    }

    fn emoji(asked: &AskedOf, of: &Message) -> String {
        let shown = asked.shown(of, me());
        let felt = shown.reactions.iter();
        felt.map(|felt| format!("{}{}", felt.emoji, felt.count)).collect()
    }

    #[test]
    fn a_text_is_shown_at_once_and_waits_when_it_was_refused() {
        let (mut asked, message) = (AskedOf::default(), message(1, 1));
        asked.rewrite(id(), "new".into());
        asked.rewrite(id(), "newer".into());
        asked.rewritten(id(), "new", None);
        assert_eq!(
            asked.shown(&message, me()).body,
            "newer",
            "the answer was for another one"
        );
        asked.rewritten(id(), "newer", Some(Failure::refused(ErrorCode::NotFriends)));
        assert!(asked.change(id()).unwrap().failure.is_some());
        assert_eq!(asked.shown(&message, me()).body, "newer");
        asked.forget_change(id());
        assert_eq!(*asked.shown(&message, me()), message);
        assert_eq!(asked, AskedOf::default(), "nothing is left of it");
    }

    #[test]
    fn what_shall_go_shows_nothing_of_what_it_said() {
        let (mut asked, mut message) = (AskedOf::default(), message(1, 1));
        put(&mut message.reactions, "👍", true, UserId::new(2));
        asked.remove(id(), true);
        let shown = asked.shown(&message, me()).into_owned();
        assert!(shown.deleted_at.is_some() && shown.body.is_empty() && shown.reactions.is_empty());
        asked.remove(id(), false);
        assert_eq!(*asked.shown(&message, me()), message);
    }

    #[test]
    fn an_emoji_is_there_at_once_and_the_last_wish_wins() {
        let (mut asked, mut message) = (AskedOf::default(), message(1, 2));
        put(&mut message.reactions, "👍", true, UserId::new(2));
        assert_eq!(asked.feel(id(), "👍", true), Some(true));
        assert_eq!(asked.feel(id(), "🎉", true), Some(true));
        assert_eq!(emoji(&asked, &message), "👍2🎉1");
        assert_eq!(asked.feel(id(), "👍", false), None, "the first is on its way");
        assert_eq!(emoji(&asked, &message), "👍1🎉1");
        assert_eq!(asked.felt(id(), "👍", true, true), Some(false));
        put(&mut message.reactions, "👍", true, me());
        assert_eq!(emoji(&asked, &message), "👍1🎉1", "it is still to be taken away");
        assert_eq!(asked.felt(id(), "👍", false, true), None);
        assert_eq!(emoji(&asked, &message), "👍2🎉1");
        assert_eq!(asked.felt(id(), "🎉", true, false), None, "refused: it is gone");
        assert_eq!(emoji(&asked, &message), "👍2");
        assert!(has(&message, "👍", me()) && !has(&message, "🎉", me()));
    }

    #[test]
    fn the_last_one_of_an_emoji_takes_it_along() {
        let mut all = Vec::new();
        put(&mut all, "👍", false, me());
        put(&mut all, "👍", true, me());
        put(&mut all, "👍", true, me());
        assert_eq!(all[0].count, 1);
        put(&mut all, "👍", false, me());
        assert!(all.is_empty());
    }
}
