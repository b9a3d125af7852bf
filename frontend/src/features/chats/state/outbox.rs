//! One's own messages that have not arrived, in the order in which they were sent. They go out one at a time,
//! each with the id that it was born with, so that none can be there twice.

use hearth_shared::conversations::{Attachment, Message, NewMessage, Quote};
use hearth_shared::ids::{ClientId, MediaId};
use hearth_shared::problem::ErrorCode;
use hearth_shared::time::Timestamp;

use crate::platform::api::Failure;

/// How far a message has come.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Leg {
    /// It goes out as soon as that is possible.
    Waiting,
    /// On its way.
    Sending,
    /// The server has it; the log does not reach it yet.
    Sent(Box<Message>),
    /// The server does not want it.
    Failed(Failure),
}

/// A message of one's own.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pending {
    pub(crate) client_id: ClientId,
    pub(crate) body: String,
    /// What stands beside it: the server has it already.
    pub(crate) attachments: Vec<Attachment>,
    /// What it answers.
    pub(crate) reply_to: Option<Quote>,
    pub(crate) at: Timestamp,
    pub(crate) leg: Leg,
    /// It was tried at least once and could not be delivered.
    pub(crate) delayed: bool,
}

/// The queue of one conversation.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Outbox {
    pub(crate) items: Vec<Pending>,
}

impl Outbox {
    /// Whether everything has arrived.
    pub(crate) fn is_empty(&self) -> bool {
        self.items.iter().all(|item| matches!(item.leg, Leg::Sent(_)))
    }

    /// A message to send, what stands beside it, and what it answers.
    pub(crate) fn push(
        &mut self,
        new: NewMessage,
        attachments: Vec<Attachment>,
        reply_to: Option<Quote>,
        at: Timestamp,
    ) {
        self.items.push(Pending {
            client_id: new.client_id,
            body: new.body,
            attachments,
            reply_to,
            at,
            leg: Leg::Waiting,
            delayed: false,
        });
    }

    /// The next one to send, unless one is on its way; from now on it is.
    pub(crate) fn next(&mut self) -> Option<NewMessage> {
        if self.items.iter().any(|item| item.leg == Leg::Sending) {
            return None;
        }
        let item = self.items.iter_mut().find(|item| item.leg == Leg::Waiting)?;
        item.leg = Leg::Sending;
        Some(NewMessage {
            client_id: item.client_id.clone(),
            body: item.body.clone(),
            reply_to_id: item.reply_to.as_ref().map(|quote| quote.id),
            media_ids: item.attachments.iter().map(|one| one.id).collect(),
        })
    }

    /// It could not be delivered; it will be tried again.
    pub(crate) fn delay(&mut self, client_id: &ClientId) {
        self.set(client_id, Leg::Waiting);
        for item in &mut self.items {
            item.delayed |= item.client_id == *client_id;
        }
    }

    /// The server does not want it.
    pub(crate) fn fail(&mut self, client_id: &ClientId, failure: Failure) {
        self.set(client_id, Leg::Failed(failure));
    }

    /// The server has it.
    pub(super) fn sent(&mut self, message: Message) {
        let client_id = message.client_id.clone();
        self.set(&client_id, Leg::Sent(Box::new(message)));
    }

    fn set(&mut self, client_id: &ClientId, leg: Leg) {
        // What the log has confirmed meanwhile is not here any more.
        if let Some(item) = self.items.iter_mut().find(|item| item.client_id == *client_id) {
            item.leg = leg;
        }
    }

    /// A message is not as it was: those that have arrived, and what the others answer.
    pub(super) fn renew(&mut self, message: &Message) {
        for item in &mut self.items {
            match &mut item.leg {
                Leg::Sent(sent) if sent.id == message.id => sent.renew(message),
                Leg::Sent(sent) => {
                    if let Some(quote) = &mut sent.reply_to {
                        quote.renew(message);
                    }
                }
                Leg::Waiting | Leg::Sending | Leg::Failed(_) => {
                    if let Some(quote) = &mut item.reply_to {
                        quote.renew(message);
                    }
                }
            }
        }
    }

    /// Tries one again that failed: after those that were sent since.
    pub(crate) fn retry(&mut self, client_id: &ClientId) {
        if let Some(at) = self.items.iter().position(|item| item.client_id == *client_id) {
            let mut item = self.items.remove(at);
            item.leg = Leg::Waiting;
            self.items.push(item);
        }
    }

    /// Takes one out: it was given up, or has arrived.
    pub(crate) fn discard(&mut self, client_id: &ClientId) {
        self.items.retain(|item| item.client_id != *client_id);
    }

    /// What was uploaded for one that is given up. Where the server found something wrong with it, it may stand beside
    /// another message by now, sent from another tab: that stays.
    pub(crate) fn unused(&self, client_id: &ClientId) -> Vec<MediaId> {
        let refused = |item: &&Pending| match &item.leg {
            Leg::Failed(failure) => failure.code() != Some(ErrorCode::ValidationFailed),
            Leg::Waiting | Leg::Sending | Leg::Sent(_) => false,
        };
        let mine = self.items.iter().filter(|item| item.client_id == *client_id);
        let all = mine.filter(refused).flat_map(|item| &item.attachments);
        all.map(|one| one.id).collect()
    }

    /// These are in the log.
    pub(super) fn confirm<'a>(&mut self, own: impl Iterator<Item = &'a Message>) {
        for message in own {
            self.discard(&message.client_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::posts::state::tests::client;

    fn outbox(bytes: &[u8]) -> Outbox {
        let mut outbox = Outbox::default();
        for byte in bytes {
            let new = NewMessage {
                client_id: client(*byte),
                body: byte.to_string(),
                reply_to_id: None,
                media_ids: Vec::new(),
            };
            outbox.push(new, Vec::new(), None, Timestamp::from_millis(0));
        }
        outbox
    }

    fn order(outbox: &Outbox) -> Vec<&str> {
        outbox.items.iter().map(|item| item.body.as_str()).collect()
    }

    #[test]
    fn one_at_a_time_and_in_order() {
        let mut outbox = outbox(&[1, 2]);
        assert_eq!(outbox.next().unwrap().client_id, client(1));
        assert_eq!(outbox.next(), None, "the first is on its way");
        outbox.delay(&client(1));
        assert_eq!(outbox.next().unwrap().client_id, client(1), "the same again");
        outbox.discard(&client(1));
        assert_eq!(outbox.next().unwrap().client_id, client(2));
    }

    #[test]
    fn what_is_refused_does_not_hold_up_the_rest() {
        let mut outbox = outbox(&[1, 2]);
        outbox.next();
        outbox.fail(&client(1), Failure::refused(ErrorCode::Forbidden));
        assert_eq!(outbox.next().unwrap().client_id, client(2));
        outbox.discard(&client(2));
        assert!(!outbox.is_empty(), "it waits for its writer");
        outbox.retry(&client(1));
        assert_eq!(outbox.next().unwrap().client_id, client(1));
    }

    #[test]
    fn another_try_stands_after_what_was_sent_since() {
        let mut outbox = outbox(&[1, 2, 3]);
        outbox.retry(&client(1));
        assert_eq!(order(&outbox), ["2", "3", "1"]);
    }

    #[test]
    fn what_stands_beside_a_message_goes_with_it_on_every_try() {
        use crate::features::chats::state::tests::attachment;
        let mut outbox = Outbox::default();
        let beside = vec![attachment(7), attachment(3)];
        let new = NewMessage {
            client_id: client(1),
            body: String::new(),
            reply_to_id: None,
            media_ids: beside.iter().map(|one| one.id).collect(),
        };
        outbox.push(new.clone(), beside.clone(), None, Timestamp::from_millis(0));
        assert_eq!(outbox.next(), Some(new.clone()));
        outbox.fail(&client(1), Failure::refused(ErrorCode::Forbidden));
        let ids: Vec<MediaId> = beside.iter().map(|one| one.id).collect();
        assert_eq!(outbox.unused(&client(1)), ids);
        outbox.fail(&client(1), Failure::refused(ErrorCode::ValidationFailed));
        assert!(outbox.unused(&client(1)).is_empty(), "perhaps it is in use");
        outbox.retry(&client(1));
        assert_eq!(outbox.next(), Some(new));
        assert!(outbox.unused(&client(1)).is_empty(), "on its way");
    }
}
