//! Conversations: opening, sending, reading, and that all devices show the same.

use hearth_shared::conversations::{
    ListMessages, MarkRead, MessagesQuery, NewMessage, NewReadPosition, SendMessage,
};
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::RemoveFriend;
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::{EventsQuery, ListMyEvents};

use crate::everywhere;
use crate::support::{Device, TestApp, client_id, fetch, read};

everywhere! {
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
            device.settle_with(&app).await;
            let (fresh, _) = fetch(&app, &device.person).await;
            assert_eq!(device.replica, fresh);
        }
        assert_eq!(hers.replica.conversations.unread(), 1);
        let read = NewReadPosition { number: 2 };
        let state = ada.call(&app, &MarkRead { conversation_id: talk.id }, &read).await.unwrap();
        assert_eq!((state.my_read_number, state.unread_count), (2, 0));
        for device in [&mut hers, &mut his] {
            device.wait_until_told(&app, "read").await;
            device.settle_with(&app).await;
            let (fresh, _) = fetch(&app, &device.person).await;
            assert_eq!(device.replica, fresh);
        }
        assert_eq!(hers.replica.conversations.unread(), 0);
    }

    async fn one_client_id_makes_one_message(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await;
        let new = NewMessage { client_id: client_id(), body: "once".into(), reply_to_id: None, media_ids: Vec::new() };
        let call = SendMessage { conversation_id: talk.id };
        let sends = (0..500).map(|_| ada.call(&app, &call, &new));
        let sent = futures_util::future::join_all(sends).await;
        // A server that is too busy says so, and has done nothing.
        let answered = sent.into_iter().filter(|sent| *sent != Err(ErrorCode::Unavailable));
        let mut ids: Vec<_> = answered.map(|message| message.unwrap().id).collect();
        ids.dedup();
        assert_eq!(ids.len(), 1);
        let other = NewMessage { body: "twice".into(), ..new };
        assert_eq!(ada.call(&app, &call, &other).await, Err(ErrorCode::ClientIdReused));
        assert_eq!(ada.open(&app, &ben).await.last_number, 1);
    }
}

everywhere! {
    async fn who_has_parted_can_read_but_is_told_no_more(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await;
        ada.say(&app, talk.id, "one").await.unwrap();
        ada.say(&app, talk.id, "two").await.unwrap();
        let mut hers = Device::start(&app, &ada).await;
        let over = RemoveFriend { user_id: ada.id() };
        ben.call(&app, &over, &Nothing).await.unwrap();
        let read = MarkRead { conversation_id: talk.id };
        let state = ben.call(&app, &read, &NewReadPosition { number: 1 }).await.unwrap();
        assert_eq!((state.my_read_number, state.unread_count), (1, 1));
        assert_eq!(ada.say(&app, talk.id, "three").await, Err(ErrorCode::NotFriends));
        hers.wait_until_told(&app, "friend_removed").await;
        let shown = hers.replica.conversations.find(talk.id).unwrap();
        assert_eq!((shown.can_send, shown.read_positions.len()), (false, 0));
        assert_eq!(hers.replica, fetch(&app, &ada).await.0);
        assert!(!hers.told.contains(&"read".to_owned()), "he reads on, and she is not told");
        // Friends again: what they had is there, as it is now.
        app.befriend(&ben, &ada).await;
        hers.wait_until_told(&app, "conversation_added").await;
        hers.settle(&app).await;
        let shown = hers.replica.conversations.find(talk.id).unwrap();
        assert_eq!((shown.can_send, shown.read_positions[0].number), (true, 1));
        assert_eq!(hers.replica, fetch(&app, &ada).await.0);
    }

    async fn pages_of_messages_meet_at_their_numbers(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await;
        let call = ListMessages { conversation_id: talk.id };
        let empty = ada.call(&app, &call, &Nothing).await.unwrap();
        assert_eq!((empty.items.len(), empty.has_more_before, empty.has_more_after, empty.seq), (0, false, false, 0));
        for number in 1..=7 {
            ada.say(&app, talk.id, &number.to_string()).await.unwrap();
        }
        let page = |before, after, around, limit| MessagesQuery { before, after, around, limit };
        // The query; the numbers that come; whether there is more before and after.
        let cases: [(MessagesQuery, &[u32], bool, bool); 8] = [
            (page(None, None, None, Some(3)), &[5, 6, 7], true, false),
            (page(Some(5), None, None, Some(3)), &[2, 3, 4], true, true),
            (page(Some(2), None, None, Some(3)), &[1], false, true),
            (page(Some(1), None, None, Some(3)), &[], false, true),
            (page(None, Some(5), None, Some(1)), &[6], true, true),
            (page(None, Some(7), None, None), &[], true, false),
            (page(None, None, Some(4), Some(3)), &[3, 4, 5], true, true),
            (page(None, None, Some(1), Some(1)), &[1], false, true),
        ];
        for (query, numbers, before, after) in cases {
            let found = ben.call_with(&app, &call, &query, &Nothing).await.unwrap();
            let found_numbers: Vec<u32> = found.items.iter().map(|message| message.number).collect();
            assert_eq!(found_numbers, numbers, "{query:?}");
            assert_eq!((found.has_more_before, found.has_more_after), (before, after), "{query:?}");
            assert_eq!(found.seq, 7);
        }
    }

    async fn positions_past_the_end_are_refused_and_an_unmoved_sync_costs_nothing(app: TestApp) {
        let ada = app.person("ada").await;
        let ahead = EventsQuery { after: 1, limit: None };
        let refused = ada.call_with(&app, &ListMyEvents {}, &ahead, &Nothing).await;
        assert_eq!(refused, Err(ErrorCode::PositionAhead));
        let url = format!("{}/api/v1/sync", app.base());
        let ask = |tag: Option<String>| {
            let mut request = app.http.get(&url).bearer_auth(ada.token().unwrap());
            if let Some(tag) = tag {
                request = request.header("if-none-match", tag);
            }
            read(request)
        };
        let first = ask(None).await;
        let tag = first.header("etag");
        assert_eq!((first.status, tag.is_empty()), (200, false));
        let again = ask(Some(format!("\"else\", {tag}"))).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""));
        app.person("ben").await.ask_friend(&app, &ada).await.unwrap();
        let moved = ask(Some(tag)).await;
        assert_eq!((moved.status, moved.json()["user_seq"].as_u64()), (200, Some(2)));
    }
}
