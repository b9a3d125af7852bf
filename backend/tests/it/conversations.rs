//! Conversations: opening, sending, reading, and that all devices show the same.

use hearth_shared::conversations::{MarkRead, NewMessage, NewReadPosition, SendMessage};
use hearth_shared::problem::ErrorCode;

use crate::on_both;
use crate::support::device::fetch;
use crate::support::{Device, TestApp, client_id};

on_both! {
    async fn what_is_said_arrives_and_is_what_a_fresh_read_shows(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let mut hers = Device::start(&app, &ada).await;
        let mut his = Device::start(&app, &ben).await;
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await;
        assert_eq!((talk.last_number, talk.can_send), (0, true));
        assert_eq!(ben.open(&app, &ada).await.id, talk.id);
        let first = ada.say(&app, talk.id, "Train gets in 06:41.").await.unwrap();
        assert_eq!((first.number, first.seq), (1, 1));
        ben.say(&app, talk.id, "06:41 is perfect").await.unwrap();
        for device in [&mut hers, &mut his] {
            device.settle(&app).await;
            let (fresh, _) = fetch(&app, &device.person).await;
            assert_eq!(device.replica, fresh);
        }
        assert_eq!(hers.replica.conversations.unread(), 1);
        let read = NewReadPosition { number: 2 };
        let state = ada.call(&app, &MarkRead { conversation_id: talk.id }, &read).await.unwrap();
        assert_eq!((state.my_read_number, state.unread_count), (2, 0));
        for device in [&mut hers, &mut his] {
            device.settle(&app).await;
            let (fresh, _) = fetch(&app, &device.person).await;
            assert_eq!(device.replica, fresh);
        }
        assert_eq!(hers.replica.conversations.unread(), 0);
    }

    async fn one_client_id_makes_one_message(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await;
        let new = NewMessage { client_id: client_id(), body: "once".into() };
        let call = SendMessage { conversation_id: talk.id };
        let sends = (0..500).map(|_| ada.call(&app, &call, &new));
        let sent = futures_util::future::join_all(sends).await;
        let mut ids: Vec<_> = sent.into_iter().map(|message| message.unwrap().id).collect();
        ids.dedup();
        assert_eq!(ids.len(), 1);
        let other = NewMessage { body: "twice".into(), ..new };
        assert_eq!(ada.call(&app, &call, &other).await, Err(ErrorCode::ClientIdReused));
        assert_eq!(ada.open(&app, &ben).await.last_number, 1);
    }
}
