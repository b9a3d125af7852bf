//! What talks to the server about notifications.

use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::RequestStatus;
use hearth_shared::ids::NotificationId;
use hearth_shared::notifications::{
    Happening, ListNotifications, MarkNotificationRead, MarkNotificationsRead, MarkNotificationsSeen,
    Notification, NotificationFilter, NotificationsQuery, UpTo,
};
use hearth_shared::realtime::Stream;
use hearth_shared::realtime::events::Event;
use hearth_shared::users::Friendship;

use super::state::FILTERS;
use crate::context::App;
use crate::features::friends::state::People;
use crate::platform::{clock, dom, spawn, worker};
use crate::text::activity as words;

/// Loads a view from its top, or one more page of it.
pub(crate) fn load(app: &App, filter: NotificationFilter, more: bool) {
    if !app.activity.change(|activity| activity.begin(filter)) {
        return;
    }
    let app = app.clone();
    spawn(async move {
        let cursor = app.activity.read(|activity| activity.list(filter).next.clone());
        let query = NotificationsQuery {
            filter,
            limit: None,
            cursor: cursor.filter(|_| more),
        };
        let since = app.people.read(People::reading);
        let outcome = app.base.api.get(&ListNotifications {}, &query).await;
        let mut seq = None;
        if let Ok(page) = &outcome {
            seq = page.seq.filter(|_| !more);
            page.items.iter().for_each(|item| learn(&app, item, since));
        }
        app.activity
            .change(|activity| activity.settle(filter, more, outcome));
        if more {
            // The button that was pressed may have gone.
            clock::afterwards(dom::rescue_focus);
            if app.activity.read(|activity| activity.list(filter).next.is_none()) {
                app.base.announce(words::ALL_SHOWN);
            }
        }
        if let Some(seq) = seq {
            app.live.follow(&app, Stream::User(app.user.id), seq);
        }
    });
}

/// A request that waits says how one stands to its sender.
fn learn(app: &App, notification: &Notification, since: u32) {
    if let Happening::FriendRequest { request_id, status } = notification.what
        && let Some(actor) = notification.actors.first()
    {
        let (friendship, request) = match status {
            RequestStatus::Pending => (Friendship::Incoming, Some(request_id)),
            RequestStatus::Accepted => (Friendship::Friends, None),
        };
        // Only where nothing is known: a person may have been removed since they were accepted.
        if app.people.read(|people| people.relation(actor.id)).is_none() {
            app.people
                .change(|people| people.learn(actor.id, friendship, request, since));
        }
    }
}

/// An event that may be about notifications.
pub(crate) fn on_event(app: &App, event: &Event) {
    if let Event::Notification { notification } = event {
        let since = app.people.read(People::reading);
        learn(app, notification, since);
    }
    if matches!(
        event,
        Event::Notification { .. }
            | Event::NotificationGone { .. }
            | Event::NotificationsSeen { .. }
            | Event::NotificationsRead { .. }
    ) {
        app.activity.change(|activity| activity.apply(event));
    }
}

/// What is on the page has been seen: the badge is cleared at once.
pub(super) fn mark_seen(app: &App) {
    let unseen = app.activity.read(|activity| activity.has_unseen());
    let newest = app.activity.read(|activity| activity.newest());
    let Some(up_to) = newest.filter(|_| unseen) else {
        return;
    };
    app.activity.change(|activity| {
        activity.counts.notifications = 0;
        activity.apply(&Event::NotificationsSeen { up_to });
    });
    worker::read("n");
    let app = app.clone();
    spawn(async move {
        // When this fails the count comes back with the next event, and so does this call.
        drop(
            app.base
                .api
                .send(&MarkNotificationsSeen {}, &UpTo { up_to })
                .await,
        );
    });
}

/// One of them was followed.
pub(super) fn mark_read(app: &App, notification: &Notification) {
    if notification.read {
        return;
    }
    let read = Notification {
        read: true,
        seen: true,
        ..notification.clone()
    };
    app.activity
        .change(|activity| activity.apply(&Event::Notification { notification: read }));
    worker::read(&format!("n{}", notification.id));
    say_read(app, notification.id);
}

/// The server learns that one of them has been read, and tells all pages.
pub(super) fn say_read(app: &App, notification_id: NotificationId) {
    let app = app.clone();
    spawn(async move {
        drop(
            app.base
                .api
                .send(&MarkNotificationRead { notification_id }, &Nothing)
                .await,
        );
    });
}

/// All of them have been read.
pub(super) fn mark_all(app: &App) {
    let Some(up_to) = app.activity.read(|activity| activity.newest()) else {
        return;
    };
    let app = app.clone();
    spawn(async move {
        match app
            .base
            .api
            .send(&MarkNotificationsRead {}, &UpTo { up_to })
            .await
        {
            Ok(_) => {
                app.activity.change(|activity| {
                    activity.counts.notifications = 0;
                    activity.apply(&Event::NotificationsRead { up_to });
                });
                worker::read("n");
                app.base.announce(words::ALL_MARKED);
                clock::afterwards(dom::rescue_focus);
                // Not under the reader's eyes, but with their word.
                load(&app, NotificationFilter::Unread, false);
            }
            Err(failure) => app.base.warn(words::MARK_FAILED, &failure),
        }
    });
}

/// Everything that is known is read anew.
pub(crate) fn reload(app: &App) {
    let known = FILTERS.map(|filter| app.activity.read(|activity| activity.list(filter).known));
    app.activity.change(|activity| activity.forget());
    for (filter, known) in FILTERS.into_iter().zip(known) {
        if known {
            load(app, filter, false);
        }
    }
}
