//! One's own messages that have not arrived are kept in this browser: a reload, a crash and an empty battery lose none. Each
//! has a key of its own, so that tabs do not overwrite each other's; two that send the same one send it with the same id, and
//! it is there once.

use hearth_shared::conversations::{Attachment, NewMessage, Quote};
use hearth_shared::ids::{ClientId, ConversationId, UserId};
use hearth_shared::problem::ErrorCode;
use hearth_shared::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::state::outbox::{Leg, Pending};
use crate::context::App;
use crate::features::posts::drafts::PREFIX;
use crate::platform::api::Failure;
use crate::platform::storage;

/// What is kept of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Kept {
    conversation: ConversationId,
    message: NewMessage,
    /// What stands beside it, as it is shown until the server has the message.
    #[serde(default)]
    attachments: Vec<Attachment>,
    reply_to: Option<Quote>,
    at: i64,
    /// Why the server did not want it: then it waits for its writer, and does not go out by itself.
    #[serde(default)]
    refused: Option<ErrorCode>,
}

/// It begins like a draft, and goes like one when its writer signs out.
fn prefix(user: UserId) -> String {
    format!("{PREFIX}{user}.unsent.")
}

fn key(user: UserId, client_id: &ClientId) -> String {
    format!("{}{client_id}", prefix(user))
}

/// Keeps a message until the server has it.
pub(super) fn keep(
    user: UserId,
    conversation: ConversationId,
    message: &NewMessage,
    attachments: &[Attachment],
    reply_to: Option<&Quote>,
    at: Timestamp,
) {
    let kept = Kept {
        conversation,
        message: message.clone(),
        attachments: attachments.to_vec(),
        reply_to: reply_to.cloned(),
        at: at.as_millis(),
        refused: None,
    };
    write(user, &kept);
}

fn write(user: UserId, kept: &Kept) {
    if let Ok(text) = serde_json::to_string(kept) {
        storage::set(&key(user, &kept.message.client_id), &text);
    }
}

/// The server does not want it, or its writer wants it to go out all the same.
pub(super) fn refuse(user: UserId, client_id: &ClientId, refused: Option<ErrorCode>) {
    let text = storage::get(&key(user, client_id));
    let kept: Option<Kept> = text.and_then(|text| serde_json::from_str(&text).ok());
    if let Some(kept) = kept {
        write(user, &Kept { refused, ..kept });
    }
}

/// It has arrived, or was given up.
pub(super) fn forget(user: UserId, client_id: &ClientId) {
    storage::remove(&key(user, client_id));
}

/// Puts what was kept back into the outboxes, in the order in which it was written.
pub(crate) fn restore(app: &App) {
    let all = storage::all(&prefix(app.user.id));
    let mut kept: Vec<Kept> = all
        .iter()
        .filter_map(|text| serde_json::from_str(text).ok())
        .collect();
    kept.sort_by_key(|kept| kept.at);
    app.chats.change(|chats| {
        for kept in kept {
            let at = Timestamp::from_millis(kept.at);
            chats.change(kept.conversation, |talk| {
                let client_id = kept.message.client_id.clone();
                talk.outbox
                    .push(kept.message, kept.attachments, kept.reply_to, at);
                if let Some(code) = kept.refused {
                    talk.outbox.fail(&client_id, Failure::refused(code));
                }
            });
        }
    });
}

/// Whether something that is not sent would be lost with this page, because the browser keeps nothing.
pub(crate) fn would_lose(app: &App) -> bool {
    let lost = |item: &Pending| {
        !matches!(item.leg, Leg::Sent(_)) && storage::get(&key(app.user.id, &item.client_id)).is_none()
    };
    app.chats.read(|chats| {
        let mut unsent = chats.unsent().into_iter();
        unsent.any(|id| chats.talk(id).outbox.items.iter().any(lost))
    })
}
