//! What people are told, in the words of the list of activity, for where that list is not: mails, and browsers that show no
//! page. Names are what people call themselves, which may be anything; nothing else that somebody wrote stands in it.

use hearth_shared::endpoint::path_segment;
use hearth_shared::friends::RequestStatus;
use hearth_shared::notifications::{Happening, Notification};

/// "Tunde and 4 others liked your post", on one line.
pub fn sentence(told: &Notification) -> String {
    let what = match told.what {
        Happening::FriendRequest {
            status: RequestStatus::Pending,
            ..
        } => "wants to be your friend",
        Happening::FriendRequest { .. } => "wanted to be your friend",
        Happening::FriendAccepted => "accepted your friend request",
        Happening::Reaction { .. } => "liked your post",
        Happening::Comment { .. } => "commented on your post",
        Happening::Reply { .. } => "replied to your comment",
        Happening::CommentReaction { .. } => "liked your comment",
        Happening::Mention {
            comment_id: Some(_), ..
        } => "mentioned you in a comment",
        Happening::Mention { .. } => "mentioned you in a post",
        Happening::Share { .. } => "shared your post",
        Happening::GroupInvitation {
            status: RequestStatus::Pending,
            ..
        } => "invites you to",
        Happening::GroupInvitation { .. } => "invited you to",
        Happening::MessageMention { .. } => "mentioned you in",
    };
    let names = names(told);
    match &told.group {
        Some(group) => format!("{names} {what} {}", one_line(&group.title)),
        None => format!("{names} {what}"),
    }
}

/// The page to which the list of activity leads from it.
pub fn path(told: &Notification) -> String {
    match told.what {
        Happening::FriendRequest {
            status: RequestStatus::Pending,
            ..
        } => "/friends/requests".to_owned(),
        Happening::FriendRequest { .. } | Happening::FriendAccepted => {
            let who = told.actors.first().map(|actor| actor.username.as_str());
            format!("/u/{}", path_segment(&who.unwrap_or_default()))
        }
        Happening::Reaction { post_id }
        | Happening::Comment { post_id }
        | Happening::Reply { post_id, .. }
        | Happening::CommentReaction { post_id, .. }
        | Happening::Mention { post_id, .. } => format!("/post/{post_id}"),
        Happening::Share { post_id, share_id } => format!("/post/{}", share_id.unwrap_or(post_id)),
        Happening::GroupInvitation {
            status: RequestStatus::Pending,
            ..
        } => "/groups".to_owned(),
        Happening::GroupInvitation {
            conversation_id: id, ..
        } => format!("/chats/{id}"),
        Happening::MessageMention {
            conversation_id: id,
            number,
            ..
        } => format!("/chats/{id}?message={number}"),
    }
}

/// "Tunde", "Tunde and Lena", "Tunde and 4 others".
fn names(told: &Notification) -> String {
    let mut actors = told.actors.iter().map(|actor| one_line(&actor.display_name));
    let first = actors.next().unwrap_or_default();
    match (told.actor_count, actors.next()) {
        (..=1, _) => first,
        (2, Some(second)) => format!("{first} and {second}"),
        (2, None) => format!("{first} and 1 other"),
        (number, _) => format!("{first} and {} others", number - 1),
    }
}

/// Nobody's name makes two lines of one.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
