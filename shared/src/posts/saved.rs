//! Posts that a person keeps for later. Nobody else knows of it.

use super::Post;
use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::PostId;
use crate::page::{Page, PageQuery};

endpoint! {
    /// Keeps a post for later.
    SavePost { post_id: PostId } = Put "/posts/{post_id}/saved",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

endpoint! {
    /// Keeps a post no longer.
    UnsavePost { post_id: PostId } = Delete "/posts/{post_id}/saved",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

endpoint! {
    /// The posts that one keeps and may still see, the latest kept first.
    ListSavedPosts {} = Get "/saved",
    SignedIn, query PageQuery, body Nothing => 200 Page<Post>
}
