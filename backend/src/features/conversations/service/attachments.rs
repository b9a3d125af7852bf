//! What becomes of a message when what stands beside it changes.

use hearth_shared::ids::{ConversationId, Id, MessageId, UserId};
use hearth_shared::problem::ErrorCode;

use super::acts;
use crate::features::conversations::store::{self, messages};
use crate::features::media::store::beside_messages;
use crate::features::search;
use crate::platform::db::Tx;
use crate::platform::error::AppResult;

/// Something that stood beside a message was removed by its owner: everybody is told; a message of which nothing is left is
/// removed. The conversation is locked.
///
/// # Errors
/// When the database fails.
pub fn lost_one(tx: &mut Tx<'_>, conversation: ConversationId, message: MessageId) -> AppResult<()> {
    let left = beside_messages::has_any(tx.conn(), message)?;
    if !left && messages::body_of(tx.conn(), message)?.is_empty() {
        let now = tx.now();
        messages::remove(tx.conn(), message, now)?;
    }
    changed(tx, conversation, message)
}

/// Whether somebody may change something about a message: they are in its conversation, and may write there.
///
/// # Errors
/// `not_found`, `not_friends`.
pub fn check_writer(tx: &mut Tx<'_>, me: UserId, message: MessageId) -> AppResult<()> {
    let facts = messages::facts(tx.conn(), message)?.ok_or(ErrorCode::NotFound)?;
    acts::check_writer(tx.conn(), me, facts).map(drop)
}

/// Something is said otherwise of what stands beside a message: everybody is told. The conversation is locked.
///
/// # Errors
/// When the database fails.
pub fn changed(tx: &mut Tx<'_>, conversation: ConversationId, message: MessageId) -> AppResult<()> {
    search::service::messages_changed(tx, &[message.get()])?;
    let row = store::find(tx.conn(), conversation)?;
    acts::tell(tx, &row, message).map(drop)
}
