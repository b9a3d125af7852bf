//! Every sentence that a browser shows of what it is told. Without previews they say who did what, and nothing that
//! somebody wrote.

use hearth_shared::conversations::{Message, excerpt};
use hearth_shared::friends::RequestStatus;
use hearth_shared::media::MediaKind;
use hearth_shared::notifications::{Happening, Notification};

use crate::features::notifications::words;

/// What a browser shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) title: String,
    /// Nothing that somebody wrote.
    pub(super) body: String,
    /// The same with what was written; the same, where nothing was.
    pub(super) preview: String,
}

/// A notification, in the words of the list of what one is told; `None` when there is nobody in it, or nothing to answer.
pub(super) fn notification(told: &Notification) -> Option<Words> {
    let answered = matches!(
        told.what,
        Happening::FriendRequest { status, .. } | Happening::GroupInvitation { status, .. }
            if status != RequestStatus::Pending
    );
    if told.actors.is_empty() || answered {
        return None;
    }
    Some(Words {
        title: words::sentence(told),
        body: String::new(),
        preview: told.excerpt.clone().unwrap_or_default(),
    })
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
