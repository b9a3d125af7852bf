//! Every sentence that a browser shows of what it is told. Without previews they say who did what, and nothing that
//! somebody wrote.

use hearth_shared::conversations::{Message, excerpt};
use hearth_shared::friends::RequestStatus;
use hearth_shared::media::MediaKind;
use hearth_shared::notifications::{Happening, Notification};
use hearth_shared::users::UserCard;

/// What a browser shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) title: String,
    /// Nothing that somebody wrote.
    pub(super) body: String,
    /// The same with what was written; the same, where nothing was.
    pub(super) preview: String,
}

/// A notification, in the words of the list of what one is told; `None` when nobody is left in it.
pub(super) fn notification(told: &Notification) -> Option<Words> {
    let first = told.actors.first()?;
    let what = match told.what {
        Happening::FriendRequest {
            status: RequestStatus::Pending,
            ..
        } => "wants to be your friend",
        Happening::FriendRequest { .. } => return None,
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
        // The message itself tells whom it names.
        Happening::GroupInvitation { .. } | Happening::MessageMention { .. } => return None,
    };
    let mut title = format!("{} {what}", names(first, told));
    if let Some(group) = &told.group {
        title = format!("{title} {}", group.title);
    }
    let preview = told.excerpt.clone().unwrap_or_default();
    Some(Words {
        title,
        body: String::new(),
        preview,
    })
}

/// "Tunde", "Tunde and Lena", "Tunde and 4 others"
fn names(first: &UserCard, told: &Notification) -> String {
    let name = &first.display_name;
    match (told.actor_count, told.actors.get(1)) {
        (..=1, _) => name.clone(),
        (2, Some(second)) => format!("{name} and {}", second.display_name),
        (2, None) => format!("{name} and 1 other"),
        (number, _) => format!("{name} and {} others", number - 1),
    }
}

/// A message, in a group or from one person.
pub(super) fn message(message: &Message, group: Option<&str>) -> Words {
    let name = &message.sender.display_name;
    match group {
        Some(title) => Words {
            title: title.to_owned(),
            body: format!("New message from {name}"),
            preview: format!("{name}: {}", written(message)),
        },
        None => Words {
            title: name.clone(),
            body: "New message".to_owned(),
            preview: written(message),
        },
    }
}

/// The beginning of what was written, on one line; else what was sent.
fn written(message: &Message) -> String {
    let line = message.body.split_whitespace().collect::<Vec<_>>().join(" ");
    if !line.is_empty() {
        return excerpt(&line);
    }
    let sent = match message.attachments.as_slice() {
        [] => "New message",
        [one] => match one.kind {
            MediaKind::Image => "Sent a photo",
            MediaKind::Video => "Sent a video",
            MediaKind::Audio => "Sent a voice message",
            MediaKind::File => "Sent a file",
        },
        _ => "Sent several files",
    };
    sent.to_owned()
}

/// What comes when somebody tries it.
pub(super) fn test() -> Words {
    let body = "It works: this is how Hearth tells you while it is closed.".to_owned();
    Words {
        title: "Hearth".to_owned(),
        preview: body.clone(),
        body,
    }
}
