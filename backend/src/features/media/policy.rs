//! The one rule of who may see a picture, a film or a file: the rule of what it belongs to. The list of a person's pictures
//! applies it as SQL (`store::photos`).

use hearth_shared::ids::{MessageId, PostId, UserId};
use hearth_shared::users::Friendship;

/// What a picture belongs to, now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nothing yet; or a group, which gives it to those who may see the group, at another address
    /// (`groups::service::pictures`).
    Nothing,
    /// It stands beside all that its owner writes: whoever may see the person sees it.
    Avatar,
    /// The head of the owner's page.
    Cover,
    /// It was a picture or a cover, and is another one's place now.
    Former,
    /// It stands beside a post.
    Post(PostId),
    /// It stands beside a message.
    Message(MessageId),
}

/// How somebody stands to the owner of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is the owner.
    Owner,
    /// A friend.
    Friend,
    /// Anybody else who may know that the owner exists.
    Other,
}

impl Standing {
    /// Between two people.
    pub fn of(viewer: UserId, owner: UserId, friends: bool) -> Self {
        match friends {
            _ if viewer == owner => Self::Owner,
            true => Self::Friend,
            false => Self::Other,
        }
    }
}

impl From<Friendship> for Standing {
    fn from(friendship: Friendship) -> Self {
        match friendship {
            Friendship::Myself => Self::Owner,
            Friendship::Friends => Self::Friend,
            Friendship::None | Friendship::Outgoing | Friendship::Incoming | Friendship::Blocked => {
                Self::Other
            }
        }
    }
}

/// Whether somebody may see what its owner has put somewhere. Beside a post or a message it is for those who may see that,
/// now: the rule of posts and that of conversations say who they are, also to its owner, for whom a removed one is gone too.
pub fn can_see(place: Place, viewer: Standing) -> bool {
    match (place, viewer) {
        (Place::Post(_) | Place::Message(_), _) => false,
        (_, Standing::Owner) | (Place::Avatar, _) => true,
        (Place::Cover | Place::Former, Standing::Friend) => true,
        (Place::Cover | Place::Former, Standing::Other) | (Place::Nothing, _) => false,
    }
}
