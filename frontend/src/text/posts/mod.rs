//! Posts, comments and the feed. Where one writes: `composer.rs`.

pub(crate) mod card;
pub(crate) mod comments;
pub(crate) mod composer;
pub(crate) mod report;

use hearth_shared::posts::Audience;

use super::{count, first_name};

pub(crate) const FEED: &str = "Posts from you and your friends";
pub(crate) const DISCARD: &str = "Discard";

/// The characters that are left, or too many.
pub(crate) fn characters_left(left: i64) -> String {
    if left >= 0 {
        format!("{left} left")
    } else {
        format!("{} too many", -left)
    }
}

/// Who may see a post, in a word.
pub(crate) fn audience(audience: Audience) -> &'static str {
    match audience {
        Audience::Public => "Everyone here",
        Audience::Friends => "Friends",
        Audience::OnlyMe => "Only me",
    }
}

/// The same, said to a screen reader.
pub(crate) fn seen_by(who: Audience) -> &'static str {
    match who {
        Audience::Public => "Visible to everyone here",
        Audience::Friends => "Visible to friends",
        Audience::OnlyMe => "Visible only to you",
    }
}

pub(crate) const JUST_NOW: &str = "now";
pub(crate) const POSTING: &str = "Posting…";
pub(crate) const NOT_POSTED: &str = "Not posted.";
pub(crate) const SENDING: &str = "Sending…";
pub(crate) const NOT_SENT: &str = "Not sent.";
pub(crate) const EDITED: &str = "Edited";
pub(crate) const READ_MORE: &str = "Read more";
pub(crate) const READ_LESS: &str = "Show less";
pub(crate) const LIKE: &str = "Like";
pub(crate) const LIKED: &str = "Liked";
pub(crate) const COMMENT: &str = "Comment";
pub(crate) const POST_ACTIONS: &str = "Post actions";
pub(crate) const EDIT: &str = "Edit";
pub(crate) const DELETE: &str = "Delete";

/// What the small menu of a post is called.
pub(crate) fn more_actions(author: &str) -> String {
    format!("More actions for {}'s post", first_name(author))
}

/// What the small menu of a comment is called.
pub(crate) fn more_comment_actions(author: &str) -> String {
    format!("More actions for {}'s comment", first_name(author))
}

/// What the comments under a post are called.
pub(crate) fn comments_on(author: &str) -> String {
    format!("Comments on {}'s post", first_name(author))
}

pub(crate) const WRITE_A_COMMENT: &str = "Write a comment";
pub(crate) const SEND_COMMENT: &str = "Send comment";
pub(crate) const EDIT_COMMENT: &str = "Edit comment";
pub(crate) const EARLIER_FAILED: &str = "Couldn't load earlier comments.";

/// Shows what came before.
pub(crate) fn earlier_comments(number: u32) -> String {
    format!("View {}", count(number, "earlier comment", "earlier comments"))
}

pub(crate) const POST_DELETED: &str = "Post deleted.";
pub(crate) const COMMENT_DELETED: &str = "Comment deleted.";
pub(crate) const SAVED: &str = "Saved.";

pub(crate) const REACTION_FAILED: &str = "Your reaction wasn't saved.";
pub(crate) const RESTORE_FAILED: &str = "It couldn't be put back.";
pub(crate) const DELETE_FAILED: &str = "It wasn't deleted.";
pub(crate) const EDIT_FAILED: &str = "Your changes weren't saved.";

pub(crate) const FEED_EMPTY: &str = "Quiet here. What your friends write comes here.";
pub(crate) const FIND_FRIENDS: &str = "Find friends";
pub(crate) const FEED_FAILED: &str = "Couldn't load posts.";
pub(crate) const NEW_FAILED: &str = "Couldn't load the new posts.";
pub(crate) const GONE: &str = "This post was just removed or limited.";
pub(crate) const OLDER_FAILED: &str = "Couldn't load older posts.";
pub(crate) const SHOW_OLDER: &str = "Show older posts";
pub(crate) const END_OF_POSTS: &str = "That's all so far";

/// At the end of the feed: "You're caught up to Friday, 21:04".
pub(crate) fn caught_up(when: &str) -> String {
    format!("You're caught up to {when}")
}

/// At the foot of a list while there is no connection.
pub(crate) fn offline(read_at: &str, more: bool) -> String {
    let shown = format!("You're offline. Showing posts from {read_at}.");
    if more {
        format!("{shown} Older ones load when you're back.")
    } else {
        shown
    }
}

/// What a list of posts with a hashtag is called.
pub(crate) fn posts_with(tag: &str) -> String {
    format!("Posts with {tag}")
}

/// When there is no such post.
pub(crate) fn none_with(tag: &str) -> String {
    format!("No posts with {tag} yet. Write it in a post, and the post shows up here.")
}

pub(crate) const NO_TAG: &str = "That isn't a hashtag. They are made of letters, digits and _.";
pub(crate) const SAVED_POSTS: &str = "Saved posts";
pub(crate) const SAVED_HINT: &str = "Only you can see what you keep here.";
pub(crate) const NOTHING_SAVED: &str = "Nothing saved yet. Save a post from its menu to find it here again.";

/// The pill above the feed.
pub(crate) fn show_new(number: u32) -> String {
    format!("Show {}", count(number, "new post", "new posts"))
}

/// The title of a post's own page.
pub(crate) fn post_by(author: &str) -> String {
    format!("Post by {author}")
}

pub(crate) const POST_TITLE: &str = "Post";
pub(crate) const UNAVAILABLE_TITLE: &str = "This post isn't available.";
pub(crate) const UNAVAILABLE: &str = "It may have been removed or limited.";
pub(crate) const BACK_HOME: &str = "Home";
