//! What is pinned: conversations for oneself, messages for everybody who is there.

use hearth_shared::conversations::groups::{History, NewGroup, Role};
use hearth_shared::conversations::{
    ChangeConversationSettings, Conversation, ConversationSettingsPatch, DeleteMessage, ListConversations,
    ListPins, Message, PINNED_CONVERSATIONS_MAX, PINS_MAX, PinMessage, Pins, UnpinMessage,
};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{ConversationId, MessageId};
use hearth_shared::page::PageQuery;
use hearth_shared::problem::ErrorCode;

use crate::everywhere;
use crate::groups::{join, make, promote, public};
use crate::support::{Device, Person, TestApp, fetch};

async fn put_above(
    app: &TestApp,
    by: &Person,
    conversation_id: ConversationId,
    pinned: bool,
) -> Result<Conversation, ErrorCode> {
    let patch = ConversationSettingsPatch {
        pinned: Some(pinned),
        ..ConversationSettingsPatch::default()
    };
    by.call(app, &ChangeConversationSettings { conversation_id }, &patch)
        .await
}

async fn pin(app: &TestApp, by: &Person, message_id: MessageId) -> Result<Message, ErrorCode> {
    by.call(app, &PinMessage { message_id }, &Nothing).await
}

async fn unpin(app: &TestApp, by: &Person, message_id: MessageId) -> Result<Message, ErrorCode> {
    by.call(app, &UnpinMessage { message_id }, &Nothing).await
}

async fn pins(app: &TestApp, by: &Person, conversation_id: ConversationId) -> Result<Pins, ErrorCode> {
    by.call(app, &ListPins { conversation_id }, &Nothing).await
}

fn bodies(pins: &Pins) -> Vec<&str> {
    pins.items.iter().map(|message| message.body.as_str()).collect()
}

/// All of somebody's conversations, by pages of two.
async fn listed(app: &TestApp, of: &Person) -> Vec<ConversationId> {
    let mut query = PageQuery {
        limit: Some(2),
        ..PageQuery::default()
    };
    let mut all = Vec::new();
    loop {
        let page = of
            .call_with(app, &ListConversations {}, &query, &Nothing)
            .await
            .unwrap();
        all.extend(page.items.iter().map(|known| known.id));
        match page.next_cursor {
            Some(next) => query.cursor = Some(next),
            None => return all,
        }
    }
}

everywhere! {
    async fn pinned_conversations_stand_above_on_all_devices(app: TestApp) {
        let ada = app.person("ada").await;
        let mut talks = Vec::new();
        for name in ["ben", "cyd", "dan", "eva"] {
            let other = app.person(name).await;
            app.befriend(&ada, &other).await;
            let talk = ada.open(&app, &other).await.id;
            ada.say(&app, talk, name).await.unwrap();
            talks.push(talk);
        }
        let [ben, cyd, dan, eva] = talks[..] else { panic!("four") };
        let mut phone = Device::start(&app, &ada).await;
        put_above(&app, &ada, ben, true).await.unwrap();
        let pinned = put_above(&app, &ada, dan, true).await.unwrap();
        assert!(pinned.settings.pinned);
        assert_eq!(put_above(&app, &ada, dan, true).await.unwrap(), pinned, "the same again says nothing");
        assert_eq!(listed(&app, &ada).await, [dan, ben, eva, cyd]);
        ada.say(&app, ben, "later").await.unwrap();
        ada.say(&app, cyd, "later").await.unwrap();
        assert_eq!(listed(&app, &ada).await, [ben, dan, cyd, eva]);
        phone.settle_with(&app).await;
        let shown: Vec<_> = phone.replica.conversations.items.iter().map(|known| known.id).collect();
        assert_eq!(shown, [ben, dan, cyd, eva]);
        put_above(&app, &ada, ben, false).await.unwrap();
        phone.settle_with(&app).await;
        assert_eq!(phone.replica.conversations, fetch(&app, &ada).await.0.conversations);
        assert_eq!(listed(&app, &ada).await, [dan, cyd, ben, eva]);
    }

    async fn so_many_conversations_are_pinned_and_no_more(app: TestApp) {
        let ada = app.person("ada").await;
        for n in 0..PINNED_CONVERSATIONS_MAX {
            let group = make(&app, &ada, &public(&format!("group {n}"))).await.id;
            put_above(&app, &ada, group, true).await.unwrap();
        }
        let more = make(&app, &ada, &public("one more")).await.id;
        assert_eq!(put_above(&app, &ada, more, true).await, Err(ErrorCode::ValidationFailed));
        let first = *listed(&app, &ada).await.first().unwrap();
        put_above(&app, &ada, first, false).await.unwrap();
        put_above(&app, &ada, more, true).await.unwrap();
    }

    async fn a_pinned_message_is_found_by_both_until_it_is_taken_off_or_removed(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        let one = ada.say(&app, talk, "one").await.unwrap();
        let two = ben.say(&app, talk, "two").await.unwrap();
        let mut his = Device::start(&app, &ben).await;
        let known = pins(&app, &ben, talk).await.unwrap();
        assert_eq!(bodies(&known), [""; 0]);
        // Either of two pins, also what the other one said.
        let pinned = pin(&app, &ada, two.id).await.unwrap();
        assert!(pinned.pinned_at.is_some());
        assert_eq!(pin(&app, &ben, two.id).await.unwrap(), pinned, "the same again changes nothing");
        let mut later = pin(&app, &ben, one.id).await.unwrap();
        let read = pins(&app, &ada, talk).await.unwrap();
        assert_eq!(bodies(&read), ["one", "two"], "what was pinned last comes first");
        // What is known by events is what is read.
        let mut heard = known.clone();
        heard.renew(&pinned);
        heard.renew(&later);
        assert_eq!(heard.items, read.items);
        his.settle_with(&app).await;
        assert_eq!(his.replica.logs[&talk].items, fetch(&app, &ben).await.0.logs[&talk].items);
        let off = unpin(&app, &ada, two.id).await.unwrap();
        assert_eq!((off.pinned_at, unpin(&app, &ben, two.id).await.unwrap()), (None, off.clone()));
        heard.renew(&off);
        assert_eq!(bodies(&heard), ["one"]);
        // What was answered before that, and comes late, brings nothing back.
        heard.renew(&pinned);
        assert_eq!(bodies(&heard), ["one"]);
        ada.call(&app, &DeleteMessage { message_id: one.id }, &Nothing).await.unwrap();
        assert_eq!(bodies(&pins(&app, &ada, talk).await.unwrap()), [""; 0]);
        assert_eq!(pin(&app, &ada, one.id).await, Err(ErrorCode::NotFound));
        later.pinned_at = None;
        later.seq += 10;
        heard.renew(&later);
        assert_eq!(bodies(&heard), [""; 0]);
    }

    /// In a group they are the affair of those who manage it; who came later sees what is theirs to see.
    async fn pins_of_a_group(app: TestApp) {
        let (ada, ben, cyd) = (app.person("ada").await, app.person("ben").await, app.person("cyd").await);
        let new = NewGroup { history: History::FromJoining, ..public("Walks") };
        let group = make(&app, &ada, &new).await.id;
        join(&app, &ben, group).await.unwrap();
        let early = ben.say(&app, group, "early").await.unwrap();
        assert_eq!(pin(&app, &ben, early.id).await, Err(ErrorCode::Forbidden));
        assert_eq!(pin(&app, &cyd, early.id).await, Err(ErrorCode::NotFound));
        assert_eq!(pins(&app, &cyd, group).await, Err(ErrorCode::NotFound));
        pin(&app, &ada, early.id).await.unwrap();
        assert_eq!(unpin(&app, &ben, early.id).await, Err(ErrorCode::Forbidden));
        assert_eq!(bodies(&pins(&app, &ben, group).await.unwrap()), ["early"]);
        join(&app, &cyd, group).await.unwrap();
        assert_eq!(bodies(&pins(&app, &cyd, group).await.unwrap()), [""; 0]);
        let late = ben.say(&app, group, "late").await.unwrap();
        promote(&app, &ada, group, &ben, Role::Admin).await.unwrap();
        pin(&app, &ben, late.id).await.unwrap();
        assert_eq!(bodies(&pins(&app, &cyd, group).await.unwrap()), ["late"]);
        assert_eq!(bodies(&pins(&app, &ada, group).await.unwrap()), ["late", "early"]);
    }

    async fn so_many_messages_are_pinned_and_no_more(app: TestApp) {
        let ada = app.person("ada").await;
        let group = make(&app, &ada, &public("Walks")).await.id;
        let mut first = None;
        for n in 0..PINS_MAX {
            let said = ada.say(&app, group, &format!("{n}")).await.unwrap();
            pin(&app, &ada, said.id).await.unwrap();
            first.get_or_insert(said.id);
        }
        let more = ada.say(&app, group, "more").await.unwrap();
        assert_eq!(pin(&app, &ada, more.id).await, Err(ErrorCode::ValidationFailed));
        assert_eq!(pins(&app, &ada, group).await.unwrap().items.len(), PINS_MAX);
        unpin(&app, &ada, first.unwrap()).await.unwrap();
        pin(&app, &ada, more.id).await.unwrap();
        let mut hers = Device::start(&app, &ada).await;
        unpin(&app, &ada, more.id).await.unwrap();
        hers.settle_with(&app).await;
        let log = &hers.replica.logs[&group];
        assert!(log.items.iter().all(|message| message.id != more.id || message.pinned_at.is_none()));
    }
}
