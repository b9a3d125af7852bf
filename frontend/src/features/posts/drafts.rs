//! Drafts survive a reload and a crash: one per account, in this browser only, gone when the server has
//! the post or when the person signs out.

use hearth_shared::ids::{MediaId, UserId};
use hearth_shared::posts::Audience;

use wasm_bindgen::JsCast;
use web_sys::StorageEvent;

use super::state::draft::Draft;
use crate::platform::events::{self, Listening};
use crate::platform::storage;

/// What all keys begin with, those of chats too.
pub(crate) const PREFIX: &str = "hearth.draft.";

fn key(user: UserId) -> String {
    format!("{PREFIX}{user}")
}

/// The draft; an empty one when there is none.
pub(crate) fn load(user: UserId) -> Draft {
    storage::get(&key(user))
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

/// Keeps the draft. An empty one is no draft.
pub(crate) fn save(user: UserId, draft: &Draft) {
    if draft.is_empty() {
        storage::remove(&key(user));
    } else if let Ok(text) = serde_json::to_string(draft) {
        storage::set(&key(user), &text);
    }
}

/// The draft has been discarded.
pub(crate) fn forget(user: UserId) {
    storage::remove(&key(user));
}

/// A post has arrived or has been given up. A newer draft stays.
pub(crate) fn forget_sent(
    user: UserId,
    body: &str,
    audience: Audience,
    media: impl IntoIterator<Item = MediaId>,
) {
    if load(user).became(body, audience, media) {
        forget(user);
    }
}

/// Acts when another tab of this browser has given up the draft, because it was posted there or discarded: with the
/// draft as it was.
pub(crate) fn on_forgotten(user: UserId, act: impl Fn(Draft) + 'static) -> Listening {
    events::on_window("storage", move |event| {
        if let Some(event) = event.dyn_ref::<StorageEvent>()
            && event.key() == Some(key(user))
            && event.new_value().is_none()
            && let Some(draft) = event
                .old_value()
                .and_then(|text| serde_json::from_str(&text).ok())
        {
            act(draft);
        }
    })
}

/// The person signs out: nothing private stays on the device.
pub(crate) fn forget_all() {
    storage::remove_all(PREFIX);
}
