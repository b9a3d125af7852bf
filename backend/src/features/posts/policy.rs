//! The one rule of who may see a post. The stores apply it as SQL (`store::visible`); the tests hold the two
//! against each other on every combination.

use hearth_shared::ids::UserId;
use hearth_shared::posts::Audience;

/// What there is between two people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bond {
    /// Nothing that counts here.
    None,
    /// They are friends.
    Friends,
    /// One has blocked the other.
    Hidden,
}

/// Whether `viewer` may see what `author` wrote for `audience`. Everything on a post (comments, reactions,
/// counts) is seen by those who may see the post, but for the comments of people who do not exist for them.
pub fn can_see(viewer: UserId, author: UserId, audience: Audience, bond: Bond) -> bool {
    match audience {
        _ if viewer == author => true,
        _ if bond == Bond::Hidden => false,
        Audience::Public => true,
        Audience::Friends => bond == Bond::Friends,
        Audience::OnlyMe => false,
    }
}
