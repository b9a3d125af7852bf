//! The one rule of who may see a post. The stores apply it as SQL (`store::visible`); the tests hold the two
//! against each other on every combination.

use hearth_shared::ids::UserId;
use hearth_shared::posts::Audience;

/// Whether `viewer` may see what `author` wrote for `audience`. Everything on a post (comments, reactions,
/// counts) is seen by those who may see the post.
pub fn can_see(viewer: UserId, author: UserId, audience: Audience, friends: bool) -> bool {
    match audience {
        _ if viewer == author => true,
        Audience::Public => true,
        Audience::Friends => friends,
        Audience::OnlyMe => false,
    }
}
