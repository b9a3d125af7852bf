//! What a card shows beside its text: pictures, a shared post, reactions, its menu.

use hearth_shared::media::{Media, MediaKind};
use hearth_shared::posts::{Audience, ReactionKind};

use super::{count, first_name};

/// What a reaction is called.
pub(crate) fn kind(kind: ReactionKind) -> &'static str {
    match kind {
        ReactionKind::Like => "Like",
        ReactionKind::Love => "Love",
        ReactionKind::Laugh => "Haha",
        ReactionKind::Wow => "Wow",
        ReactionKind::Sad => "Sad",
        ReactionKind::Angry => "Angry",
    }
}

/// One's own reaction, on the button.
pub(crate) fn felt(own: ReactionKind) -> &'static str {
    match own {
        ReactionKind::Like => super::LIKED,
        other => kind(other),
    }
}

pub(crate) const MORE_REACTIONS: &str = "More reactions";
pub(crate) const WHO_REACTED: &str = "Who reacted";
pub(crate) const WHO_FAILED: &str = "Couldn't load who reacted.";
pub(crate) const WHO_NOBODY: &str = "Nobody whom you can see here.";
pub(crate) const KINDS: &str = "Kinds of reactions";
pub(crate) const ALL: &str = "All";

/// The count beside the heart, as a screen reader says it.
pub(crate) fn who_button(number: u32) -> String {
    format!("{}, see who", count(number, "reaction", "reactions"))
}

/// One kind in the list of those who reacted, or all of them.
pub(crate) fn only_kind(of: Option<ReactionKind>, number: u32) -> String {
    format!("{}, {number}", of.map_or(ALL, kind))
}

/// What a post has beside its text, in short.
pub(crate) fn media_count(media: &[Media]) -> String {
    match media.first() {
        Some(first) if first.kind == MediaKind::Video => "1 video".to_owned(),
        _ => count(u32::try_from(media.len()).unwrap_or(u32::MAX), "photo", "photos"),
    }
}

pub(crate) const SHARE: &str = "Share";
pub(crate) const SHARE_TITLE: &str = "Share this post";
pub(crate) const SHARE_TEXT: &str = "Say something about it";
pub(crate) const SHARED: &str = "Shared.";
pub(crate) const DISCARD_SHARE_TITLE: &str = "Discard what you wrote?";
pub(crate) const DISCARD_SHARE: &str = "Nothing is shared.";

/// The post inside another one.
pub(crate) fn shared_from(author: &str) -> String {
    format!("Shared from {author}")
}

/// Who sees what, when a post is passed on.
pub(crate) fn share_rule(audience: Audience, author: &str) -> String {
    let author = first_name(author);
    match audience {
        Audience::Public => "Everyone who sees your post sees this one too.".to_owned(),
        Audience::Friends => format!(
            "{author}'s post stays for {author}'s friends. Others see your words, and that there was a post."
        ),
        Audience::OnlyMe => {
            format!("Only {author} can see this post. Others see your words, and that there was a post.")
        }
    }
}

pub(crate) const SAVE: &str = "Save for later";
pub(crate) const UNSAVE: &str = "Remove from saved";
pub(crate) const KEPT: &str = "Saved for later.";
pub(crate) const NOT_KEPT: &str = "Removed from saved.";
pub(crate) const KEEP_FAILED: &str = "That wasn't saved.";
pub(crate) const COPY_LINK: &str = "Copy link";
pub(crate) const LINK_COPIED: &str = "Link copied.";
pub(crate) const REPORT: &str = "Report";

pub(crate) const MUTE_POST: &str = "Mute this post";
pub(crate) const UNMUTE_POST: &str = "Unmute this post";
pub(crate) const MUTE_PERSON: &str = "Mute this person";
pub(crate) const POST_MUTED: &str = "Muted. It's out of your feed, and you won't hear of it.";
pub(crate) const POST_UNMUTED: &str = "You'll hear of this post again.";
pub(crate) const MUTE_FAILED: &str = "That wasn't changed.";

/// Somebody is muted: what that means.
pub(crate) fn person_muted(name: &str) -> String {
    let name = first_name(name);
    format!("{name} is muted. Their posts stay out of your feed, and they won't be told.")
}

/// The same taken back.
pub(crate) fn person_unmuted(name: &str) -> String {
    format!("{}'s posts are in your feed again.", first_name(name))
}

pub(crate) const HISTORY: &str = "Earlier versions";
pub(crate) const HISTORY_FAILED: &str = "Couldn't load the earlier versions.";
pub(crate) const HISTORY_EMPTY: &str = "There's no earlier version that you can see.";
pub(crate) const AS_IT_IS: &str = "Now";
pub(crate) const UNTIL: &str = "Until";
pub(crate) const NO_TEXT: &str = "No text";
