//! What a person does not want to hear of. Who is muted is not told, and stays a friend.
//!
//! The posts of a muted person are not in the feed, and what they do on others' posts is not told. A muted post is not
//! in the feed of others than its author, and what happens on it is told no more.

use serde::{Deserialize, Serialize};

use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::{PostId, UserId};
use crate::page::{Page, PageQuery};
use crate::time::Timestamp;
use crate::users::UserCard;

/// Somebody who is muted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MutedPerson {
    /// Who.
    pub user: UserCard,
    /// Since when.
    pub since: Timestamp,
}

endpoint! {
    /// Hears no more of a post.
    MutePost { post_id: PostId } = Put "/posts/{post_id}/mute",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

endpoint! {
    /// Hears of a post again.
    UnmutePost { post_id: PostId } = Delete "/posts/{post_id}/mute",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

endpoint! {
    /// Whom one has muted, the latest first.
    ListMutedPeople {} = Get "/mutes",
    SignedIn, query PageQuery, body Nothing => 200 Page<MutedPerson>
}

endpoint! {
    /// Hears no more of a person.
    MutePerson { user_id: UserId } = Put "/mutes/{user_id}",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

endpoint! {
    /// Hears of a person again.
    UnmutePerson { user_id: UserId } = Delete "/mutes/{user_id}",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}
