//! What was begun in a conversation stays in this browser until it is sent or its writer signs out.

use hearth_shared::ids::{ConversationId, MessageId, UserId};

use crate::features::media::state::tray::Kept;
use crate::features::posts::drafts::PREFIX;
use crate::platform::storage;

fn key(user: UserId, id: ConversationId) -> String {
    format!("{PREFIX}{user}.chat.{id}")
}

/// The draft; empty when there is none.
pub(super) fn load(user: UserId, id: ConversationId) -> String {
    storage::get(&key(user, id)).unwrap_or_default()
}

fn change_key(user: UserId, id: ConversationId, message: MessageId) -> String {
    format!("{}.change.{message}", key(user, id))
}

/// The text that was begun for a message that is there, or waits because it was not taken.
pub(super) fn load_change(user: UserId, id: ConversationId, message: MessageId) -> Option<String> {
    storage::get(&change_key(user, id, message))
}

/// Keeps it.
pub(super) fn save_change(user: UserId, id: ConversationId, message: MessageId, text: &str) {
    storage::set(&change_key(user, id, message), text);
}

/// It was taken or given up.
pub(super) fn forget_change(user: UserId, id: ConversationId, message: MessageId) {
    storage::remove(&change_key(user, id, message));
}

/// Keeps the draft. An empty one is no draft.
pub(super) fn save(user: UserId, id: ConversationId, text: &str) {
    if text.trim().is_empty() {
        storage::remove(&key(user, id));
    } else {
        storage::set(&key(user, id), text);
    }
}

fn media_key(user: UserId, id: ConversationId) -> String {
    format!("{}.media", key(user, id))
}

/// What the server has of the files that were chosen.
pub(super) fn load_media(user: UserId, id: ConversationId) -> Vec<Kept> {
    storage::get(&media_key(user, id))
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

/// Keeps that.
pub(super) fn save_media(user: UserId, id: ConversationId, kept: &[Kept]) {
    if kept.is_empty() {
        storage::remove(&media_key(user, id));
    } else if let Ok(text) = serde_json::to_string(kept) {
        storage::set(&media_key(user, id), &text);
    }
}
