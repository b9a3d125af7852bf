//! What is said in a group costs no more where more people are in it.

use super::{join, make, public};
use crate::authorization::state;
use crate::everywhere;
use crate::support::TestApp;

everywhere! {
    async fn a_message_is_so_many_rows_however_many_are_there(app: TestApp) {
        let ada = app.person("ada").await;
        let mut guests = Vec::new();
        for n in 0..60 {
            guests.push(app.person(&format!("guest_{n}")).await);
        }
        let mut written = Vec::new();
        for size in [1, 60] {
            let group = make(&app, &ada, &public("Walks")).await.id;
            for guest in guests.iter().take(size) {
                join(&app, guest, group).await.unwrap();
            }
            let before: i64 = state(&app).await.iter().sum();
            ada.say(&app, group, "so many words").await.unwrap();
            written.push(state(&app).await.iter().sum::<i64>() - before);
        }
        // The message, its event, and how far its sender has read.
        assert_eq!(written, [3, 3]);
    }
}
