//! The rules of posts, comments and reactions.

pub mod comments;
pub mod forget;
pub mod forget_comments;
pub mod history;
pub mod kept;
pub mod mentions;
pub mod posts;
pub mod reactions;

use hearth_shared::ids::{PostId, UserId};
use hearth_shared::problem::ErrorCode;

use super::store::{PostRow, visible};
use crate::platform::db::Tx;
use crate::platform::error::AppResult;

/// A post that the viewer may see, locked until the end of the transaction.
fn lock_visible(tx: &mut Tx<'_>, viewer: UserId, id: PostId) -> AppResult<PostRow> {
    Ok(visible::lock_visible(tx.conn(), viewer, id)?.ok_or(ErrorCode::NotFound)?)
}
