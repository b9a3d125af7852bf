//! The place where one writes a post: its text, who may see it, its draft.

use hearth_shared::posts::Audience;

use crate::text::first_name;

pub(crate) const NEW_POST: &str = "New post";
pub(crate) const EDIT_POST: &str = "Edit post";
pub(crate) const BODY_LABEL: &str = "What's on your mind?";
pub(crate) const POST: &str = "Post";
pub(crate) const SAVE_CHANGES: &str = "Save changes";
pub(crate) const DRAFT_RESTORED: &str = "Your draft is back.";
pub(crate) const START_OVER: &str = "Start over";
pub(crate) const CLOSE_ANYWAY_TITLE: &str = "Discard your changes?";
pub(crate) const CLOSE_ANYWAY: &str = "The post stays as it was.";
pub(crate) const DISCARD_DRAFT_TITLE: &str = "Keep this draft?";
pub(crate) const DISCARD_DRAFT: &str =
    "It stays on this device until you post or discard it. Its pictures are kept for a day.";
pub(crate) const KEEP_DRAFT: &str = "Keep draft";
pub(crate) const DISCARD: &str = "Discard";
pub(crate) const KEEP_EDITING: &str = "Keep editing";
pub(crate) const POST_SHORTCUT: &str = "Ctrl+Enter posts";
pub(crate) const SAVE_SHORTCUT: &str = "Ctrl+Enter saves";
pub(crate) const DRAFT_SAVED: &str = "Draft saved";
pub(crate) const DRAFT_GONE: &str = "This draft was posted or discarded in another tab.";
pub(crate) const SOME_LOST: &str =
    "Some of its pictures are gone: drafts keep them for a day. Add them again if you need them.";

/// "What's on your mind, Ada?"
pub(crate) fn prompt(name: &str) -> String {
    format!("What's on your mind, {}?", first_name(name))
}

/// The name of the button that chooses who may see a post.
pub(crate) fn audience_label(audience: &str) -> String {
    format!("Who can see this: {audience}")
}

pub(crate) const AUDIENCES: &str = "Who can see this";

/// What an audience means.
pub(crate) fn audience_means(audience: Audience) -> &'static str {
    match audience {
        Audience::Public => "Every member of this Hearth, now and later",
        Audience::Friends => "The people you're friends with",
        Audience::OnlyMe => "Nobody else, not even people you mention",
    }
}
