//! Posts, their reactions and comments, and the feed.

mod comments;
mod mutes;
mod original;
mod reactions;
mod saved;

use serde::{Deserialize, Serialize};

pub use comments::{
    COMMENT_MAX, Comment, CommentPatch, CommentSort, CommentsQuery, CreateComment, DeleteComment,
    EditComment, LAST_COMMENTS, ListCommentEdits, ListComments, NewComment, RestoreComment,
};
pub use mutes::{ListMutedPeople, MutePerson, MutePost, MutedPerson, UnmutePerson, UnmutePost};
pub use original::{Original, Shared};
pub use reactions::{
    ListCommentReactors, ListReactors, NewReaction, ReactionCounts, ReactionKind, Reactions, Reactor,
    ReactorsQuery, RemoveCommentReaction, RemoveReaction, SetCommentReaction, SetReaction,
};
pub use saved::{ListSavedPosts, SavePost, UnsavePost};

use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::{ClientId, MediaId, PostId};
use crate::media::Media;
use crate::page::{Page, PageQuery};
use crate::problem::FieldCode;
use crate::time::Timestamp;
use crate::users::UserCard;
use crate::valid::{Report, Validate, tidy_text};

/// Characters of a post at most.
pub const POST_MAX: usize = 10_000;
/// Pictures of a post at most; of films there is one, alone.
pub const MEDIA_MAX: usize = 10;
/// For so long somebody can put back what they removed: milliseconds.
pub const RESTORE_MILLIS: u32 = 60_000;

/// Who may see a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Every member; where the host offers it.
    Public,
    /// The author's friends.
    #[default]
    Friends,
    /// The author alone.
    OnlyMe,
}

/// A post, with what this viewer needs to show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Post {
    /// Which.
    pub id: PostId,
    /// The id that its author's client gave it.
    pub client_id: ClientId,
    /// Who wrote it.
    pub author: UserCard,
    /// The text.
    pub body: String,
    /// The people whom the text names.
    #[serde(default)]
    pub mentions: Vec<Mention>,
    /// Who may see it.
    pub audience: Audience,
    /// Its pictures, or its film, in their order.
    #[serde(default)]
    pub media: Vec<Media>,
    /// The post that it passes on.
    #[serde(default)]
    pub shared: Option<Shared>,
    /// Counts of all reactions, the same for every viewer.
    pub reactions: ReactionCounts,
    /// The viewer's own.
    pub my_reaction: Option<ReactionKind>,
    /// How many comments there are.
    pub comment_count: u32,
    /// The newest two that are no replies, the older one first.
    pub last_comments: Vec<Comment>,
    /// How often it was passed on.
    #[serde(default)]
    pub share_count: u32,
    /// The viewer keeps it for later.
    #[serde(default)]
    pub my_saved: bool,
    /// The viewer wants to hear no more of it.
    #[serde(default)]
    pub my_muted: bool,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub edited_at: Option<Timestamp>,
}

/// A post to write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPost {
    /// Made by the client; the same one again creates nothing new.
    pub client_id: ClientId,
    /// At most 10,000 characters; it may be empty beside pictures or a shared post.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 10_000))]
    pub body: String,
    /// Who may see it; friends when absent.
    #[serde(default)]
    pub audience: Audience,
    /// Pictures that one has uploaded, ten at most, or one film.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 10))]
    pub media_ids: Vec<MediaId>,
    /// A post to pass on; of a post that passes one on itself, the original. Whoever may not see that sees that there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared_post_id: Option<PostId>,
}

impl Validate for NewPost {
    fn validate(&mut self, report: &mut Report) {
        let min = usize::from(self.media_ids.is_empty() && self.shared_post_id.is_none());
        check_text(report, &mut self.body, min, POST_MAX);
        check_media(report, &self.media_ids);
    }
}

/// A post to pass on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewShare {
    /// Made by the client; the same one again creates nothing new.
    pub client_id: ClientId,
    /// What one says about it, at most 10,000 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 10_000))]
    pub body: String,
    /// Who may see it; friends when absent. The original is seen by those who may see that, whatever this says.
    #[serde(default)]
    pub audience: Audience,
}

impl Validate for NewShare {
    fn validate(&mut self, report: &mut Report) {
        check_text(report, &mut self.body, 0, POST_MAX);
    }
}

/// What changes in a post.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PostPatch {
    /// The new text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 10_000))]
    pub body: Option<String>,
    /// The new audience.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<Audience>,
    /// All pictures that it is to have from now on, in their order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_items = 10))]
    pub media_ids: Option<Vec<MediaId>>,
}

impl Validate for PostPatch {
    fn validate(&mut self, report: &mut Report) {
        if let Some(body) = &mut self.body {
            // Whether it may be empty depends on what stands beside it.
            check_text(report, body, 0, POST_MAX);
        }
        if let Some(media) = &self.media_ids {
            check_media(report, media);
        }
    }
}

/// Somebody whom a text names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mention {
    /// The name in the text, in lower case and without the @.
    pub name: String,
    /// The username that they have now.
    pub username: String,
}

/// What a text said before it was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Edit {
    /// The text.
    pub body: String,
    /// When another one took its place.
    pub replaced_at: Timestamp,
}

fn check_body(report: &mut Report, body: &mut String, max: usize) {
    check_text(report, body, 1, max);
}

fn check_text(report: &mut Report, body: &mut String, min: usize, max: usize) {
    tidy_text(body);
    report.length("body", body, min, max);
    report.printable("body", body, true);
}

fn check_media(report: &mut Report, media: &[MediaId]) {
    if media.len() > MEDIA_MAX {
        report.add("media_ids", FieldCode::TooLong, "at most 10");
    }
    let mut seen = media.to_vec();
    seen.sort_unstable();
    seen.dedup();
    if seen.len() < media.len() {
        report.add("media_ids", FieldCode::NotOffered, "each only once");
    }
}

endpoint! {
    /// One's own and one's friends' posts that one may see, newest first.
    GetFeed {} = Get "/feed",
    SignedIn, query PageQuery, body Nothing => 200 Page<Post>
}

endpoint! {
    /// Writes a post. The same `client_id` again answers 200 with the post as it is now.
    CreatePost {} = Post "/posts",
    SignedIn, query Nothing, body NewPost => 201 Post
}

endpoint! {
    /// A post.
    GetPost { post_id: PostId } = Get "/posts/{post_id}",
    SignedIn, query Nothing, body Nothing => 200 Post
}

endpoint! {
    /// Changes one's own post; the earlier text is kept.
    EditPost { post_id: PostId } = Patch "/posts/{post_id}",
    SignedIn, query Nothing, body PostPatch => 200 Post
}

endpoint! {
    /// Removes one's own post.
    DeletePost { post_id: PostId } = Delete "/posts/{post_id}",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

endpoint! {
    /// Puts back a post that one has removed within the last minute.
    RestorePost { post_id: PostId } = Post "/posts/{post_id}/restore",
    SignedIn, query Nothing, body Nothing => 200 Post
}

endpoint! {
    /// What a post said before, the latest first: the versions that the caller was allowed to see.
    ListPostEdits { post_id: PostId } = Get "/posts/{post_id}/edits",
    SignedIn, query PageQuery, body Nothing => 200 Page<Edit>
}

endpoint! {
    /// Passes a post on. The same `client_id` again answers 200 with the post as it is now.
    SharePost { post_id: PostId } = Post "/posts/{post_id}/share",
    SignedIn, query Nothing, body NewShare => 201 Post
}

endpoint! {
    /// The posts with a hashtag that one may see, newest first.
    ListTagPosts { tag: String } = Get "/tags/{tag}/posts",
    SignedIn, query PageQuery, body Nothing => 200 Page<Post>
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;
    use crate::valid::Valid;

    #[test]
    fn bodies_are_tidied_and_bounded() {
        let client_id = ClientId::from_random_bytes([1; 16]);
        let post = |body: &str| {
            Valid::check(NewPost {
                client_id: client_id.clone(),
                body: body.into(),
                audience: Audience::Friends,
                media_ids: Vec::new(),
                shared_post_id: None,
            })
        };
        assert_eq!(post(" a\r\nb \n").unwrap().body, "a\nb");
        assert!(post(" \n ").is_err());
        assert!(post("bell \u{7}").is_err());
        assert!(post(&"é".repeat(POST_MAX)).is_ok());
        assert!(post(&"é".repeat(POST_MAX + 1)).is_err());
    }

    #[test]
    fn a_picture_or_another_post_speaks_for_itself() {
        let post = |media: &[i64], shared: Option<i64>| {
            Valid::check(NewPost {
                client_id: ClientId::from_random_bytes([1; 16]),
                body: " ".into(),
                audience: Audience::Friends,
                media_ids: media.iter().copied().map(MediaId::new).collect(),
                shared_post_id: shared.map(PostId::new),
            })
        };
        assert!(post(&[1], None).is_ok() && post(&[], Some(1)).is_ok());
        assert!(post(&[1, 2, 1], None).is_err(), "twice the same");
        assert!(post(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], None).is_err());
    }
}
