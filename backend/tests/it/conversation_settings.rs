//! What one sets for oneself about a conversation: on all of one's devices, and nobody else's.

use hearth_shared::conversations::{
    ChangeConversationSettings, Conversation, ConversationSettingsPatch, GetConversation, ListConversations,
};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::ConversationId;
use hearth_shared::notifications::GetBadges;

use crate::everywhere;
use crate::groups::{join, leave, make, public};
use crate::support::{Device, Person, TestApp, fetch};

async fn set(
    app: &TestApp,
    by: &Person,
    conversation_id: ConversationId,
    muted: Option<bool>,
    archived: Option<bool>,
) -> Conversation {
    let call = ChangeConversationSettings { conversation_id };
    let patch = ConversationSettingsPatch {
        muted,
        archived,
        ..ConversationSettingsPatch::default()
    };
    by.call(app, &call, &patch).await.unwrap()
}

async fn badge(app: &TestApp, of: &Person) -> u32 {
    of.call(app, &GetBadges {}, &Nothing).await.unwrap().conversations
}

everywhere! {
    async fn what_is_set_is_set_on_all_devices_of_one_person(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        // Where nothing was said yet nothing comes into a list by that.
        set(&app, &ben, talk, Some(true), None).await;
        assert_eq!(ben.call(&app, &ListConversations {}, &Nothing).await.unwrap().items, []);
        set(&app, &ben, talk, Some(false), None).await;
        ada.say(&app, talk, "one").await.unwrap();
        let mut devices = [Device::start(&app, &ben).await, Device::start(&app, &ben).await];
        let mut hers = Device::start(&app, &ada).await;
        assert_eq!(badge(&app, &ben).await, 1);
        let muted = set(&app, &ben, talk, Some(true), None).await;
        assert!(muted.settings.muted && !muted.is_archived());
        assert_eq!((badge(&app, &ben).await, muted.unread_count), (0, 1), "it is unread, and not counted");
        // The same again says nothing.
        assert_eq!(set(&app, &ben, talk, Some(true), None).await, muted);
        ada.say(&app, talk, "two").await.unwrap();
        for device in &mut devices {
            device.settle_with(&app).await;
            let known = device.replica.conversations.find(talk).unwrap();
            assert_eq!((known.settings.muted, known.unread_count), (true, 2));
            assert_eq!(device.replica.conversations.unread(), 0);
        }
        set(&app, &ben, talk, Some(false), None).await;
        assert_eq!(badge(&app, &ben).await, 1);
        // Put away until somebody writes.
        let away = set(&app, &ben, talk, None, Some(true)).await;
        assert!(away.is_archived());
        assert_eq!(badge(&app, &ben).await, 0);
        let back = set(&app, &ben, talk, None, Some(false)).await;
        assert!(!back.is_archived());
        set(&app, &ben, talk, None, Some(true)).await;
        ada.say(&app, talk, "three").await.unwrap();
        assert_eq!(badge(&app, &ben).await, 1);
        for device in &mut devices {
            device.settle_with(&app).await;
            assert!(!device.replica.conversations.find(talk).unwrap().is_archived());
            assert_eq!(device.replica.conversations.unread(), 1);
        }
        // The other one has learned nothing, and has nothing of it.
        hers.settle_with(&app).await;
        assert!(hers.told.iter().all(|told| told != "conversation_added"));
        let seen = ada.call(&app, &GetConversation { conversation_id: talk }, &Nothing).await.unwrap();
        assert!(!seen.settings.muted && seen.settings.archived_number.is_none());
    }

    /// Who comes into a group again begins anew.
    async fn what_was_set_goes_with_a_membership(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let group = make(&app, &ada, &public("Walks")).await.id;
        join(&app, &ben, group).await.unwrap();
        let mut his = Device::start(&app, &ben).await;
        let before = set(&app, &ben, group, Some(true), Some(true)).await.settings;
        his.settle_with(&app).await;
        leave(&app, &ben, group).await.unwrap();
        join(&app, &ben, group).await.unwrap();
        ada.say(&app, group, "welcome").await.unwrap();
        his.settle_with(&app).await;
        let known = his.replica.conversations.find(group).unwrap();
        assert!(!known.settings.muted && known.settings.archived_number.is_none());
        assert!(known.settings.version > before.version);
        assert_eq!(his.replica.conversations, fetch(&app, &ben).await.0.conversations);
        assert_eq!((badge(&app, &ben).await, his.replica.conversations.unread()), (1, 1));
    }
}
