//! What people are told of groups: that they are asked to come ([`Happening::GroupInvitation`]), and that they were named in
//! what was said there ([`Happening::MessageMention`]). After every step the views and the counts say the same.

mod invitations;
mod mentions;

use hearth_shared::conversations::groups::{EditGroup, EndGroup, GroupPatch};
use hearth_shared::conversations::{DeleteMessage, EditMessage, Message, MessagePatch};
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::RequestStatus;
use hearth_shared::ids::{ConversationId, MessageId};
use hearth_shared::notifications::{
    GetBadges, Happening, ListNotifications, MarkNotificationsRead, MarkNotificationsSeen, Notification,
    NotificationFilter, NotificationsQuery, UpTo,
};

use crate::support::{Person, TestApp};

const ALL: UpTo = UpTo { up_to: u64::MAX };

async fn list(app: &TestApp, who: &Person, filter: NotificationFilter) -> Vec<Notification> {
    let query = NotificationsQuery {
        filter,
        limit: Some(100),
        cursor: None,
    };
    let page = who.call_with(app, &ListNotifications {}, &query, &Nothing).await;
    page.unwrap().items
}

/// Whether a view shows something.
type Fits = fn(&Notification) -> bool;

/// What somebody is told of groups, in words. Every view shows its part of all, and the badge counts what was not seen.
async fn news(app: &TestApp, who: &Person) -> Vec<String> {
    let all = list(app, who, NotificationFilter::All).await;
    let part = |fits: Fits| all.iter().filter(|told| fits(told)).cloned().collect::<Vec<_>>();
    let views: [(NotificationFilter, Fits); 3] = [
        (NotificationFilter::Unread, |told| !told.read),
        (NotificationFilter::Requests, |told| told.what.is_request()),
        (NotificationFilter::Mentions, |told| told.what.is_mention()),
    ];
    for (filter, fits) in views {
        assert_eq!(list(app, who, filter).await, part(fits), "{filter:?}");
    }
    assert_eq!(unseen(app, who).await as usize, part(|told| !told.seen).len());
    let words = all.iter().filter_map(|told| {
        let by: Vec<&str> = told.actors.iter().map(|actor| actor.username.as_str()).collect();
        assert_eq!(told.actor_count.min(3) as usize, by.len());
        let by = by.join("+");
        let title = |told: &Notification| told.group.clone().unwrap().title;
        match told.what {
            Happening::GroupInvitation { status, .. } => {
                let what = match status {
                    RequestStatus::Pending => "asked",
                    RequestStatus::Accepted => "joined",
                };
                Some(format!("{what} {by}: {}", title(told)))
            }
            Happening::MessageMention { number, .. } => {
                let said = told.excerpt.clone().unwrap_or_default();
                Some(format!("named {by}: {} {number} {said}", title(told)))
            }
            _ => None,
        }
    });
    words.collect()
}

async fn unseen(app: &TestApp, who: &Person) -> u32 {
    who.call(app, &GetBadges {}, &Nothing)
        .await
        .unwrap()
        .notifications
}

async fn see(app: &TestApp, who: &Person) {
    who.call(app, &MarkNotificationsSeen {}, &ALL).await.unwrap();
}

/// Friends whose friendship is no news any more.
async fn friends(app: &TestApp, a: &Person, others: &[&Person]) {
    for other in others {
        app.befriend(a, other).await;
        see(app, other).await;
        other.call(app, &MarkNotificationsRead {}, &ALL).await.unwrap();
    }
    see(app, a).await;
    a.call(app, &MarkNotificationsRead {}, &ALL).await.unwrap();
}

async fn edit(app: &TestApp, by: &Person, message_id: MessageId, body: &str) -> Message {
    let patch = MessagePatch {
        body: body.to_owned(),
    };
    by.call(app, &EditMessage { message_id }, &patch).await.unwrap()
}

async fn delete(app: &TestApp, by: &Person, message_id: MessageId) {
    by.call(app, &DeleteMessage { message_id }, &Nothing)
        .await
        .unwrap();
}

async fn rename(app: &TestApp, by: &Person, conversation_id: ConversationId, title: &str) {
    let patch = GroupPatch {
        title: Some(title.to_owned()),
        description: None,
    };
    by.call(app, &EditGroup { conversation_id }, &patch)
        .await
        .unwrap();
}

async fn end(app: &TestApp, by: &Person, conversation_id: ConversationId) {
    by.call(app, &EndGroup { conversation_id }, &Nothing)
        .await
        .unwrap();
}

const NONE: [&str; 0] = [];
