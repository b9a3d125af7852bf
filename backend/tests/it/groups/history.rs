//! What those see who come later.

use hearth_shared::conversations::groups::{History, NewGroup};
use hearth_shared::conversations::{
    AddMessageReaction, DeleteMessage, EditMessage, ListMessages, MessagePatch, MessagesQuery, NewMessage,
    SendMessage, WhichEmoji,
};
use hearth_shared::endpoint::Nothing;
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::events::Event;
use hearth_shared::realtime::{EventsQuery, ListConversationEvents};

use super::{check, join, leave, make, public};
use crate::everywhere;
use crate::support::{Device, TestApp, client_id};

everywhere! {
    /// Nothing of before: no page, no event, no answer, no emoji leads to it, now or later.
    async fn who_comes_later_sees_what_is_said_then(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let new = NewGroup { history: History::FromJoining, ..public("Garden week") };
        let id = make(&app, &ada, &new).await.id;
        let mut before = Vec::new();
        for number in 1..=3 {
            before.push(ada.say(&app, id, &format!("secret {number}")).await.unwrap());
        }
        let here = join(&app, &ben, id).await.unwrap();
        assert_eq!((here.first_number, here.unread_count, here.last_message), (4, 0, None));
        let mut his = Device::start(&app, &ben).await;
        let call = ListMessages { conversation_id: id };
        let around = |number| MessagesQuery { around: Some(number), ..MessagesQuery::default() };
        let first = MessagesQuery { before: Some(4), ..MessagesQuery::default() };
        for query in [MessagesQuery::default(), around(2), first] {
            let page = ben.call_with(&app, &call, &query, &Nothing).await.unwrap();
            assert_eq!((page.items.len(), page.has_more_before, page.has_more_after), (0, false, false), "{query:?}");
            // That he came is his to see, what was before is not; and where nothing lies, nothing stands between.
            let newest = query == MessagesQuery::default();
            assert_eq!(page.lines.len(), usize::from(newest));
        }
        // What happens to it now is not told him.
        let edit = EditMessage { message_id: before[0].id };
        ada.call(&app, &edit, &MessagePatch { body: "secret still".into() }).await.unwrap();
        let react = AddMessageReaction { message_id: before[1].id };
        let which = WhichEmoji { emoji: "👍".into() };
        ada.call_with(&app, &react, &which, &Nothing).await.unwrap();
        assert_eq!(ben.call_with(&app, &react, &which, &Nothing).await.err(), Some(ErrorCode::NotFound));
        let answer = NewMessage { client_id: client_id(), body: "to what?".into(), reply_to_id: Some(before[2].id), media_ids: Vec::new() };
        assert_eq!(ben.call(&app, &SendMessage { conversation_id: id }, &answer).await.err(), Some(ErrorCode::ValidationFailed));
        check(&app, &mut his).await;
        assert!(his.told.iter().any(|told| told == "hidden"));
        assert!(!his.told.iter().any(|told| told == "message_changed"));
        // Nor when he asks for all that has happened.
        let events = ListConversationEvents { conversation_id: id };
        let all = EventsQuery { after: 0, limit: None };
        let all = ben.call_with(&app, &events, &all, &Nothing).await.unwrap();
        assert_eq!(all.items.iter().map(|item| item.seq).collect::<Vec<_>>(), (1..=7).collect::<Vec<_>>());
        let shown: Vec<u64> = all.items.iter().filter(|item| !matches!(item.event, Event::Hidden { .. })).map(|item| item.seq).collect();
        assert_eq!(shown, [5], "that he came");
        assert!(!serde_json::to_string(&all).unwrap().contains("secret"));
        ada.say(&app, id, "welcome").await.unwrap();
        check(&app, &mut his).await;
        let shown = his.replica.conversations.find(id).unwrap();
        assert_eq!((shown.unread_count, shown.last_message.as_ref().unwrap().number), (1, 4));
        assert_eq!(his.replica.logs[&id].items.len(), 1);
        let page = ben.call_with(&app, &call, &around(1), &Nothing).await.unwrap();
        assert_eq!((page.items[0].number, page.has_more_before), (4, false));
        // What is quoted to him he sees as it is now, and that it is gone; nothing else of it.
        let quoting = NewMessage { client_id: client_id(), body: "as I said".into(), reply_to_id: Some(before[0].id), media_ids: Vec::new() };
        ada.call(&app, &SendMessage { conversation_id: id }, &quoting).await.unwrap();
        check(&app, &mut his).await;
        let quote = |device: &Device| device.replica.logs[&id].items.last().unwrap().reply_to.clone().unwrap().excerpt;
        assert_eq!(quote(&his), "secret still");
        ada.call(&app, &DeleteMessage { message_id: before[0].id }, &Nothing).await.unwrap();
        check(&app, &mut his).await;
        assert_eq!(quote(&his), "");
        let mut late = Device::offline(&ben);
        late.load(&app).await;
        ada.call(&app, &DeleteMessage { message_id: before[1].id }, &Nothing).await.unwrap();
        late.connect(&app).await;
        check(&app, &mut late).await;
        // Who goes and comes again has not seen what was said between.
        leave(&app, &ben, id).await.unwrap();
        ada.say(&app, id, "secret of between").await.unwrap();
        assert_eq!(join(&app, &ben, id).await.unwrap().first_number, 7);
        check(&app, &mut his).await;
        assert_eq!(his.replica.logs[&id].items, []);
    }
}
