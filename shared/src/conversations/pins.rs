//! Messages that are pinned: those that everybody in a conversation finds at once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Message;
use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::{ConversationId, MessageId};

/// Messages that are pinned in one conversation at most.
pub const PINS_MAX: usize = 50;

/// What is pinned in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pins {
    /// The messages, what was pinned last first: [`PINS_MAX`] at most.
    pub items: Vec<Message>,
    /// Position of the conversation's stream in the same snapshot.
    pub seq: u64,
    /// What was taken off since.
    #[serde(skip)]
    off: Off,
}

/// At which position a message was seen without a pin: an answer of before that comes later does not bring it back. It is no
/// part of what is shown: two lists that show the same are equal.
#[derive(Debug, Clone, Eq, Default)]
struct Off(BTreeMap<MessageId, u64>);

impl PartialEq for Off {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Pins {
    /// What was read.
    pub fn new(items: Vec<Message>, seq: u64) -> Self {
        Self {
            items,
            seq,
            off: Off::default(),
        }
    }

    /// Takes a message in as it is now: it is pinned, or is no longer. A later version that is known stays.
    pub fn renew(&mut self, message: &Message) {
        let known = self.items.iter().position(|known| known.id == message.id);
        let newest = match known {
            Some(at) => self.items[at].seq,
            None => self.off.0.get(&message.id).copied().unwrap_or(0).max(self.seq),
        };
        // Of a pinned message the same version again changes nothing either.
        if message.seq < newest || (known.is_none() && message.seq == newest) {
            return;
        }
        if let Some(at) = known {
            self.items.remove(at);
        }
        if message.pinned_at.is_none() {
            self.off.0.insert(message.id, message.seq);
            return;
        }
        self.off.0.remove(&message.id);
        let key = |message: &Message| (message.pinned_at, message.id);
        let place = self.items.partition_point(|known| key(known) > key(message));
        self.items.insert(place, message.clone());
    }
}

endpoint! {
    /// What is pinned in a conversation that one is in, as far as it is for one to see; what was pinned last first.
    ListPins { conversation_id: ConversationId } = Get "/conversations/{conversation_id}/pins",
    SignedIn, query Nothing, body Nothing => 200 Pins
}

endpoint! {
    /// Pins a message for everybody: either of two does, in a group whoever manages it. Once more changes nothing.
    PinMessage { message_id: MessageId } = Put "/messages/{message_id}/pin",
    SignedIn, query Nothing, body Nothing => 200 Message
}

endpoint! {
    /// Takes a pin away again. For those who may pin.
    UnpinMessage { message_id: MessageId } = Delete "/messages/{message_id}/pin",
    SignedIn, query Nothing, body Nothing => 200 Message
}
