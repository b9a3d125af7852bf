//! What is said in one conversation of the histories, between two or in the group.

use super::*;
use crate::conversations::members::GroupLine;

/// Messages, and how far the stream has come with them.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    pub(super) messages: Vec<Message>,
    /// Position of the stream.
    pub(super) seq: u64,
}

impl Said {
    /// The number of the newest message.
    pub(super) fn last(&self) -> u32 {
        u32::try_from(self.messages.len()).unwrap()
    }

    pub(super) fn next_seq(&mut self) -> u64 {
        self.seq += 1;
        self.seq
    }

    /// Perhaps an answer to one of those before. Gives its number.
    pub(super) fn say(&mut self, mut said: Message, to: Option<usize>) -> u32 {
        said.seq = self.next_seq();
        let quoted = to.and_then(|to| self.messages.get(to % self.messages.len().max(1)));
        said.reply_to = quoted.map(Quote::of);
        self.messages.push(said);
        self.last()
    }

    /// Changes a message, removes it, or feels something about it. Gives which it was.
    pub(super) fn alter(&mut self, at: usize, kind: u8, now: Timestamp) -> Option<usize> {
        let at = at.checked_rem(self.messages.len())?;
        let seq = self.next_seq();
        let altered = &mut self.messages[at];
        altered.seq = seq;
        match kind {
            0 => {
                altered.body = format!("changed at {seq}");
                altered.edited_at = Some(now);
            }
            1 => {
                altered.body.clear();
                altered.reactions.clear();
                altered.deleted_at = Some(now);
            }
            _ => altered.reactions.push(MessageReaction {
                emoji: seq.to_string(),
                count: 1,
                user_ids: vec![me()],
            }),
        }
        let quote = Quote::of(altered);
        for answer in &mut self.messages {
            if let Some(known) = answer.reply_to.as_mut().filter(|known| known.id == quote.id) {
                *known = quote.clone();
            }
        }
        Some(at)
    }

    /// All of it, with the lines between.
    pub(super) fn page(&self, lines: Vec<GroupLine>) -> MessagePage {
        MessagePage {
            items: self.messages.clone(),
            has_more_before: false,
            has_more_after: false,
            lines,
            last_number: self.last(),
            seq: self.seq,
        }
    }
}
