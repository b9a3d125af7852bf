//! What is chosen to go with the next message of each conversation. It outlives the thread: who leaves it and comes back
//! finds it there, further than it was.

use std::cell::RefCell;

use hearth_shared::ids::ConversationId;

use super::drafts;
use crate::context::App;
use crate::features::media::Uploads;
use crate::features::media::state::tray::Tray;

/// Of all conversations.
#[derive(Default)]
pub(crate) struct Preparing(RefCell<Vec<(ConversationId, Uploads)>>);

/// The connection is back: what could not be brought goes now.
pub(crate) fn resume(app: &App) {
    let all = app.preparing.0.borrow().clone();
    for (_, uploads) in all {
        uploads.change(app, Tray::retry_all);
    }
}

/// Of one conversation.
pub(super) fn uploads(app: &App, id: ConversationId) -> Uploads {
    let mut all = app.preparing.0.borrow_mut();
    let known = all.iter().find(|(of, _)| *of == id);
    if let Some((_, uploads)) = known {
        return uploads.clone();
    }
    let user = app.user.id;
    let keep = Box::new(move |kept: Vec<_>| drafts::save_media(user, id, &kept));
    let uploads = Uploads::new(Tray::for_message(), Some(keep));
    all.push((id, uploads.clone()));
    uploads
}
