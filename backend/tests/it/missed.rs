//! What happens while somebody is away, be it one thing or ten thousand: they have all of it again, as if they had been there.

use std::time::Instant;

use futures_util::future::join_all;
use hearth_shared::conversations::{DeleteMessage, EditMessage, Message, MessagePatch};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::ConversationId;

use crate::everywhere;
use crate::groups::{join, leave, make, public};
use crate::support::{Device, Person, TestApp, fetch};

/// Those who write at the same time.
const WRITERS: usize = 8;

/// Where it happens.
struct Place {
    ada: Person,
    guest: Person,
    talk: ConversationId,
    group: ConversationId,
}

impl Place {
    /// So much happens: it is said, changed and removed in both conversations, and a guest comes into the group and goes.
    async fn happen(&self, app: &TestApp, events: usize) {
        join_all((0..WRITERS).map(|writer| async move {
            let mut last: Option<Message> = None;
            let mut here = false;
            for number in (writer..events).step_by(WRITERS) {
                let place = [self.talk, self.group][number / WRITERS % 2];
                match (number / WRITERS % 20, last.take()) {
                    (17, Some(said)) => {
                        let patch = MessagePatch {
                            body: format!("{} and more", said.body),
                        };
                        let call = EditMessage { message_id: said.id };
                        last = Some(self.ada.call(app, &call, &patch).await.unwrap());
                    }
                    (18, Some(said)) => {
                        let call = DeleteMessage { message_id: said.id };
                        self.ada.call(app, &call, &Nothing).await.unwrap();
                    }
                    (19, _) if writer == 0 && here => {
                        leave(app, &self.guest, self.group).await.unwrap();
                        here = false;
                    }
                    (19, _) if writer == 0 => {
                        join(app, &self.guest, self.group).await.unwrap();
                        here = true;
                    }
                    _ => {
                        last = Some(
                            self.ada
                                .say(app, place, &format!("{writer} {number}"))
                                .await
                                .unwrap(),
                        )
                    }
                }
            }
            if here {
                leave(app, &self.guest, self.group).await.unwrap();
            }
        }))
        .await;
    }
}

everywhere! {
    async fn whoever_was_away_has_all_of_it_again(app: TestApp) {
        let (ada, ben, guest) = (app.person("ada").await, app.person("ben").await, app.person("guest").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        ada.say(&app, talk, "at first").await.unwrap();
        let group = make(&app, &ada, &public("Walks")).await.id;
        join(&app, &ben, group).await.unwrap();
        let place = Place { ada, guest, talk, group };
        let mut device = Device::start(&app, &ben).await;
        for events in [1, 250, 10_000] {
            device.disconnect();
            place.happen(&app, events).await;
            let begun = Instant::now();
            device.connect(&app).await;
            device.settle_with(&app).await;
            println!("level after {events} events that were missed: {:?}", begun.elapsed());
            let (fresh, _) = fetch(&app, &ben).await;
            assert_eq!(device.replica.conversations, fresh.conversations, "after {events}");
            assert_eq!(device.replica.logs, fresh.logs, "after {events}");
        }
    }
}
