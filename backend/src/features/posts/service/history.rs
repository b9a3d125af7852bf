//! What posts said before.

use hearth_shared::ids::UserId;
use hearth_shared::posts::{Audience, Edit};

use crate::features::friends;
use crate::features::posts::policy::{Bond, can_see};
use crate::features::posts::store::{PostRow, edits};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// The earlier texts of a post that the viewer may see, the latest first, below an id. A text that was written for
/// fewer people than may see the post now stays theirs: each is seen under the audience that it had at the end.
///
/// # Errors
/// When the database fails.
pub fn list(
    conn: &mut Conn,
    viewer: UserId,
    post: &PostRow,
    below: i64,
    limit: i64,
) -> AppResult<Vec<(i64, Edit)>> {
    let author = post.author();
    // Of people who do not exist for the viewer there is no post to begin with.
    let bond = if friends::store::are_friends(conn, viewer, author)? {
        Bond::Friends
    } else {
        Bond::None
    };
    let audiences = [Audience::Public, Audience::Friends, Audience::OnlyMe];
    let seen: Vec<Audience> = audiences
        .into_iter()
        .filter(|audience| can_see(viewer, author, *audience, bond))
        .collect();
    Ok(edits::list(conn, post, &seen, below, limit)?)
}
