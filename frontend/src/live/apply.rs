//! What came over the socket, brought to the stores of the features.

use hearth_shared::ids::UserId;
use hearth_shared::notifications::Counts;
use hearth_shared::realtime::events::Event;
use hearth_shared::realtime::frames::ServerFrame;

use crate::context::App;
use crate::features::posts::state::ListId;
use crate::features::{activity, chats, friends, posts};
use crate::store::Ptr;
use crate::ui::avatar;

/// Something happened in a stream.
pub(super) fn event(app: &App, event: &Event, counts: Option<Counts>) {
    if let Some(counts) = counts {
        app.activity.change(|activity| activity.counts = counts);
    }
    match event {
        Event::MessageCreated { .. }
        | Event::MessageChanged { .. }
        | Event::GroupChanged { .. }
        | Event::Hidden { .. }
        | Event::ConversationAdded { .. }
        | Event::ConversationRemoved { .. }
        | Event::GroupInvitation { .. }
        | Event::GroupInvitationGone { .. } => chats::actions::on_event(app, event),
        Event::FriendRequest { .. }
        | Event::FriendRequestGone { .. }
        | Event::FriendAdded { .. }
        | Event::FriendRemoved { .. } => {
            friends::actions::on_event(app, event);
            chats::actions::on_event(app, event);
        }
        Event::Notification { .. }
        | Event::NotificationGone { .. }
        | Event::NotificationsSeen { .. }
        | Event::NotificationsRead { .. } => activity::actions::on_event(app, event),
    }
}

/// What may be lost without harm.
pub(super) fn frame(app: &App, frame: ServerFrame) {
    match frame {
        ServerFrame::Read(read) => app.chats.change(|chats| chats.read(app.user.id, &read)),
        ServerFrame::Typing(typing) => chats::actions::on_typing(app, typing),
        ServerFrame::Presence(presence) => {
            let mut ids = app.online.read(|online| (**online).clone());
            ids.retain(|id| *id != presence.user_id);
            if presence.online {
                ids.push(presence.user_id);
            }
            online(app, &ids);
        }
        ServerFrame::Here(here) => app.chats.change(|chats| chats.here(here)),
        ServerFrame::Comment(frame) => app.posts.change(|posts| posts.overheard(frame.comment)),
        ServerFrame::CommentGone(gone) => {
            app.posts
                .change(|posts| posts.unheard(gone.post_id, gone.comment_id));
        }
        ServerFrame::FeedNew(new) => posts::live::on_new(app, new),
        ServerFrame::User(frame) => avatar::changed(frame.user),
        _ => {}
    }
}

/// These friends are here.
pub(super) fn online(app: &App, ids: &[UserId]) {
    if app.online.read(|online| **online != ids) {
        app.online.change(|online| *online = Ptr::new(ids.to_vec()));
    }
}

/// After a break, quietly: what does not come through a stream.
pub(super) fn look_again(app: &App) {
    if app.posts.read(|posts| posts.list(&ListId::Feed).known) {
        posts::actions::look(app, &ListId::Feed);
    }
    chats::actions::look_again(app);
}

/// Everything that streams feed is read anew, in place.
pub(super) fn reload(app: &App) {
    friends::actions::reload(app);
    activity::actions::reload(app);
    chats::actions::reload(app);
    look_again(app);
}
