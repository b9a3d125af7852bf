//! What a client may ask for over its socket, once it has said who it is. Nothing durable.

use std::collections::HashSet;
use std::sync::Arc;

use hearth_shared::ids::{ConversationId, PostId};
use hearth_shared::realtime::close::CloseCode;
use hearth_shared::realtime::frames::{ServerFrame, Typing, WATCH_MAX};

use super::dispatch::write;
use super::live::Live;
use crate::features::conversations;
use crate::features::posts::store::live as posts;
use crate::platform::realtime::bus::Notice;
use crate::platform::realtime::hub::Socket;

/// Somebody types: passed on to the others, not too often. Who may not write there is not told so: the same
/// silence as where nothing is.
pub async fn typing(live: &Live, socket: &Socket, conversation_id: ConversationId) {
    let me = socket.user;
    if !live.typing.is_due(me, conversation_id) {
        return;
    }
    let allowed = live
        .db
        .snapshot(move |conn| conversations::service::check_sender(conn, me, conversation_id));
    if let Ok(conversation) = allowed.await {
        let typing = Typing {
            conversation_id,
            user_id: me,
        };
        live.bus.publish(vec![Notice::Typing {
            typing,
            membership_version: conversation.membership_version(),
        }]);
    }
}

/// Watches posts, and says at once how those stand that were not watched before: what changed between reading
/// and watching is not missed. Of the group that is open it says how many are here.
///
/// # Errors
/// The code to close with when there are too many.
pub async fn watch(
    live: &Live,
    socket: &Arc<Socket>,
    post_ids: Vec<PostId>,
    open: Option<ConversationId>,
) -> Result<(), CloseCode> {
    if post_ids.len() > WATCH_MAX {
        return Err(CloseCode::BadFrame);
    }
    live.hub.look(socket, open);
    if let Some(id) = open {
        live.dispatcher.here.answer(socket, id).await;
    }
    let wanted: HashSet<PostId> = post_ids.into_iter().collect();
    let added = live.hub.watch(socket, wanted);
    if added.is_empty() {
        return Ok(());
    }
    let me = socket.user;
    let states = live
        .db
        .snapshot(move |conn| Ok(posts::states(conn, me, &added)?))
        .await;
    match states {
        Ok(states) => {
            for state in states {
                // That something happens to what one may not see is not told either.
                if state.gone {
                    live.hub.stop_watching(socket, state.post_id);
                }
                socket.send(&write(&ServerFrame::Post(state)));
            }
        }
        // The client reads them anew.
        Err(error) => {
            tracing::warn!(%error, "the state of watched posts could not be read");
            socket.send(&write(&ServerFrame::Resync));
        }
    }
    Ok(())
}
