//! What is sent with messages.

use hearth_shared::conversations::ATTACHMENTS_MAX;
use hearth_shared::ids::{Id, MediaId, MessageId, UserId};
use hearth_shared::problem::FieldCode;

use crate::features::media::store::beside_messages as store;
use crate::platform::db::Tx;
use crate::platform::error::{AppError, AppResult};

/// Makes these what stands beside a new message, in this order: what its sender has uploaded and what stands nowhere else.
///
/// # Errors
/// `validation_failed` for `media_ids`, the same for somebody else's and for one that never was.
pub fn attach_to_message(
    tx: &mut Tx<'_>,
    owner: UserId,
    message: MessageId,
    ids: &[MediaId],
) -> AppResult<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let wanted: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    let offered = store::offered(tx.conn(), owner, &wanted)?;
    if offered.len() != wanted.len() || wanted.len() > ATTACHMENTS_MAX {
        return Err(AppError::field(
            "media_ids",
            FieldCode::NotOffered,
            "each must be uploaded by you, and stand nowhere else",
        ));
    }
    let now = tx.now();
    Ok(store::attach(tx.conn(), message, &wanted, now)?)
}
