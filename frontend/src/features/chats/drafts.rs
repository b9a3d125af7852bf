//! What was begun in a conversation stays in this browser until it is sent or its writer signs out.

use hearth_shared::ids::{ConversationId, UserId};

use crate::features::posts::drafts::PREFIX;
use crate::platform::storage;

fn key(user: UserId, id: ConversationId) -> String {
    format!("{PREFIX}{user}.chat.{id}")
}

/// The draft; empty when there is none.
pub(super) fn load(user: UserId, id: ConversationId) -> String {
    storage::get(&key(user, id)).unwrap_or_default()
}

/// Keeps the draft. An empty one is no draft.
pub(super) fn save(user: UserId, id: ConversationId, text: &str) {
    if text.trim().is_empty() {
        storage::remove(&key(user, id));
    } else {
        storage::set(&key(user, id), text);
    }
}
