//! Messages that are pinned: those that everybody in a conversation finds at once.

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
}

impl Pins {
    /// Takes a message in as it is now: it is pinned, or is no longer. A later version that is known stays.
    pub fn renew(&mut self, message: &Message) {
        let known = self.items.iter().position(|known| known.id == message.id);
        if known.is_some_and(|at| self.items[at].seq > message.seq)
            || (known.is_none() && message.seq <= self.seq)
        {
            return;
        }
        if let Some(at) = known {
            self.items.remove(at);
        }
        if message.pinned_at.is_some() {
            let key = |message: &Message| (message.pinned_at, message.id);
            let place = self.items.partition_point(|known| key(known) > key(message));
            self.items.insert(place, message.clone());
        }
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
