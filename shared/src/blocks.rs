//! Blocks: two people who do not exist for each other, until the one who blocked takes it back.

use serde::{Deserialize, Serialize};

use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::UserId;
use crate::page::{Page, PageQuery};
use crate::time::Timestamp;
use crate::users::UserCard;

/// People that one person may block at most.
pub const BLOCKS_MAX: i64 = 1_000;

/// Somebody whom the viewer has blocked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlockedPerson {
    /// Who.
    pub user: UserCard,
    /// Blocked since then.
    pub since: Timestamp,
}

endpoint! {
    /// The people whom one has blocked, the newest block first.
    ListBlocks {} = Get "/blocks",
    SignedIn, query PageQuery, body Nothing => 200 Page<BlockedPerson>
}

endpoint! {
    /// Blocks a person: a friendship or request ends, and each is hidden from the other everywhere. Nobody is told.
    BlockPerson { user_id: UserId } = Put "/blocks/{user_id}",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

endpoint! {
    /// Takes a block back. Neither friendship nor request comes back with it; nobody is told.
    UnblockPerson { user_id: UserId } = Delete "/blocks/{user_id}",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}
