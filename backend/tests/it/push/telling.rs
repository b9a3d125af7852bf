//! Who is told what, and what is not said.

use hearth_shared::conversations::members::{InviteToGroup, Invitees};
use hearth_shared::conversations::{
    ChangeConversationSettings, ConversationSettingsPatch, DeleteMessage, MarkRead, NewReadPosition,
};
use hearth_shared::endpoint::Nothing;
use hearth_shared::notifications::preferences::{
    ChangeNotificationPreferences, NotificationPreferencesChange, QuietHours, Topic,
};
use hearth_shared::notifications::{ListNotifications, MarkNotificationRead};
use hearth_shared::posts::{DeleteComment, MutePerson, RemoveReaction, SetReaction};
use hearth_shared::posts::{NewReaction, ReactionKind};

use super::service::PushService;
use super::{LOCAL, WAITING, all_told, choose, hold, its_time_has_come, key, opened, release, titles, told};
use crate::authorization::count;
use crate::everywhere;
use crate::groups::{join, make, public};
use crate::support::{Person, TestApp};

async fn like(app: &TestApp, by: &Person, post: hearth_shared::ids::PostId) {
    let like = NewReaction {
        kind: ReactionKind::Like,
    };
    by.call(app, &SetReaction { post_id: post }, &like)
        .await
        .map(drop)
        .unwrap();
}

everywhere! {
    with LOCAL;
    async fn what_happens_arrives_sealed_for_one_browser(app: TestApp) {
        let service = PushService::start();
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let browser = told(&app, &service, &ada, false).await;
        let post = ada.post(&app, "x").await;
        ben.comment(&app, &post, "a canary sings").await.unwrap();
        let got = service.wait_for(&browser, 1).await;
        let first = browser.open(&got[0], &key(&app, &ada).await);
        assert_eq!(first["title"], "BEN Test commented on your post");
        assert_eq!(first["path"], format!("/post/{}", post.id));
        assert_eq!(first["body"], "", "nothing that was written");
        assert_eq!(got[0].headers["ttl"], "259200");
        assert_eq!(got[0].headers["urgency"], "normal");
        let topic = &got[0].headers["topic"];
        assert_eq!(topic.len(), 32);
        assert!(!String::from_utf8_lossy(&got[0].body).contains("BEN"), "sealed");

        // Only where that was asked for it says what was written; in the same browser, of the same subject.
        let with = browser.subscription(true);
        ada.call(&app, &hearth_shared::push::SubscribePush {}, &with).await.unwrap();
        ben.comment(&app, &post, "and again").await.unwrap();
        let got = service.wait_for(&browser, 2).await;
        let second = browser.open(&got[1], &key(&app, &ada).await);
        assert_eq!(second["body"], "and again");
        assert_eq!(&got[1].headers["topic"], topic);
        assert_eq!(second["tag"], first["tag"]);
        assert!(second["version"].as_u64() > first["version"].as_u64());

        // Nobody is told of what they do themselves, and of likes only who wants that.
        ada.comment(&app, &post, "mine").await.unwrap();
        like(&app, &ben, post.id).await;
        all_told(&app).await;
        assert_eq!(service.all(), 2);
        choose(&app, &ada, Topic::Reactions, true).await;
        let other = ada.post(&app, "y").await;
        like(&app, &ben, other.id).await;
        service.wait_for(&browser, 3).await;
        let all = opened(&app, &service, &ada, &browser).await;
        assert_eq!(titles(&all)[2], "BEN Test liked your post");
        choose(&app, &ada, Topic::Comments, false).await;
        ben.comment(&app, &other, "unwanted").await.unwrap();
        all_told(&app).await;
        assert_eq!(service.all(), 3);
    }

    async fn what_was_undone_or_read_before_it_is_sent_is_not_sent(app: TestApp) {
        let service = PushService::start();
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let browser = told(&app, &service, &ada, true).await;
        choose(&app, &ada, Topic::Reactions, true).await;
        let post = ada.post(&app, "x").await;
        hold(&app).await;
        like(&app, &ben, post.id).await;
        ben.call(&app, &RemoveReaction { post_id: post.id }, &Nothing).await.unwrap();
        let comment_id = ben.comment(&app, &post, "too fast").await.unwrap().id;
        ben.call(&app, &DeleteComment { comment_id }, &Nothing).await.unwrap();
        release(&app).await;
        assert_eq!(service.all(), 0, "undone");

        hold(&app).await;
        ben.comment(&app, &post, "seen at the desk").await.unwrap();
        let list = ada.call(&app, &ListNotifications {}, &Nothing).await.unwrap();
        let read = MarkNotificationRead { notification_id: list.items[0].id };
        ada.call(&app, &read, &Nothing).await.unwrap();
        let talk = ada.open(&app, &ben).await.id;
        let said = ben.say(&app, talk, "read at the desk").await.unwrap();
        let read = NewReadPosition { number: said.number };
        ada.call(&app, &MarkRead { conversation_id: talk }, &read).await.unwrap();
        let message = ben.say(&app, talk, "taken back").await.unwrap();
        let gone = DeleteMessage { message_id: message.id };
        ben.call(&app, &gone, &Nothing).await.map(drop).unwrap();
        release(&app).await;
        assert_eq!(service.all(), 0, "read elsewhere, or taken back");

        // The same, left alone, is sent: once for what came in a row.
        hold(&app).await;
        ben.comment(&app, &post, "one").await.unwrap();
        ben.comment(&app, &post, "two").await.unwrap();
        ben.say(&app, talk, "three").await.unwrap();
        ben.say(&app, talk, "four").await.unwrap();
        release(&app).await;
        let all = opened(&app, &service, &ada, &browser).await;
        let mut bodies: Vec<&str> = all.iter().map(|told| told["body"].as_str().unwrap()).collect();
        bodies.sort_unstable();
        assert_eq!(bodies, ["four", "two"]);
    }

    async fn messages_call_whom_they_concern(app: TestApp) {
        let service = PushService::start();
        let (ada, ben, cy, dan) =
            (app.person("ada").await, app.person("ben").await, app.person("cyd").await, app.person("dan").await);
        app.befriend(&ada, &ben).await;
        let group = make(&app, &ada, &public("Garden week")).await.id;
        for person in [&ben, &cy] {
            join(&app, person, group).await.unwrap();
        }
        let mut browsers = Vec::new();
        for person in [&ada, &ben, &cy] {
            browsers.push(told(&app, &service, person, false).await);
        }
        let counts = || browsers.iter().map(|browser| service.got(browser).len()).collect::<Vec<_>>();
        ben.say(&app, group, "who waters?").await.unwrap();
        all_told(&app).await;
        assert_eq!(counts(), [1, 0, 1], "everybody but who wrote it");
        let got = opened(&app, &service, &ada, &browsers[0]).await;
        assert_eq!((&got[0]["title"], &got[0]["body"]), (&"Garden week".into(), &"New message from BEN Test".into()));
        assert_eq!(got[0]["path"], format!("/chats/{group}"));
        assert_eq!(service.got(&browsers[0])[0].headers["urgency"], "high");

        // Muted by one, unwanted by another: silence, but for who is named.
        let muted = ConversationSettingsPatch { muted: Some(true), ..ConversationSettingsPatch::default() };
        let change = ChangeConversationSettings { conversation_id: group };
        ada.call(&app, &change, &muted).await.map(drop).unwrap();
        choose(&app, &cy, Topic::Messages, false).await;
        ben.say(&app, group, "nobody?").await.unwrap();
        all_told(&app).await;
        assert_eq!(counts(), [1, 0, 1]);
        ben.say(&app, group, "@ada?").await.unwrap();
        all_told(&app).await;
        assert_eq!(counts(), [2, 0, 1], "named");
        ben.say(&app, group, "@cyd?").await.unwrap();
        all_told(&app).await;
        assert_eq!(counts(), [2, 0, 2], "she wants to hear where she is named");
        choose(&app, &cy, Topic::Messages, true).await;
        cy.call(&app, &MutePerson { user_id: ben.id() }, &Nothing).await.unwrap();
        ben.say(&app, group, "still nobody").await.unwrap();
        all_told(&app).await;
        assert_eq!(counts(), [2, 0, 2], "who is muted calls nobody");

        // A stranger calls nobody either.
        let talk = dan.open(&app, &ada).await.id;
        dan.say(&app, talk, "hello").await.unwrap();
        all_told(&app).await;
        assert_eq!(counts(), [2, 0, 2]);
        ada.say(&app, talk, "who are you?").await.unwrap();
        dan.say(&app, talk, "Dan").await.unwrap();
        all_told(&app).await;
        assert_eq!(counts(), [3, 0, 2], "accepted");
    }

    async fn who_is_asked_into_a_group_is_told_with_all_the_others(app: TestApp) {
        let service = PushService::start();
        let ada = app.person("ada").await;
        let group = make(&app, &ada, &public("Garden week")).await.id;
        let mut asked = Vec::new();
        for name in ["ben", "cyd", "dan"] {
            let friend = app.person(name).await;
            app.befriend(&ada, &friend).await;
            let browser = told(&app, &service, &friend, false).await;
            asked.push((friend, browser));
        }
        let invitation = Invitees { user_ids: asked.iter().map(|(friend, _)| friend.id()).collect() };
        let call = InviteToGroup { conversation_id: group };
        ada.call(&app, &call, &invitation).await.map(drop).unwrap();
        for (friend, browser) in &asked {
            service.wait_for(browser, 1).await;
            let got = opened(&app, &service, friend, browser).await;
            assert_eq!(got[0]["title"], "ADA Test invites you to Garden week");
            assert_eq!(got[0]["path"], "/groups");
        }
        all_told(&app).await;
        assert_eq!(service.all(), 3);
    }

    async fn quiet_hours_end_with_one_push_for_each_subject(app: TestApp) {
        let service = PushService::start();
        let (ada, ben, cy) = (app.person("ada").await, app.person("ben").await, app.person("cyd").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&cy, &ben).await;
        let browser = told(&app, &service, &ada, true).await;
        let awake = told(&app, &service, &cy, true).await;
        let now = u16::try_from(hearth::platform::clock::now().as_millis() / 60_000 % 1440).unwrap();
        let hours = QuietHours { from: (now + 1380) % 1440, to: (now + 60) % 1440, time_zone: "UTC".into() };
        let change = NotificationPreferencesChange {
            quiet_hours: Some(Some(hours)),
            ..NotificationPreferencesChange::default()
        };
        ada.call(&app, &ChangeNotificationPreferences {}, &change).await.unwrap();
        let post = ada.post(&app, "x").await;
        let talk = ada.open(&app, &ben).await.id;
        for text in ["first", "second", "third"] {
            ben.comment(&app, &post, text).await.unwrap();
            ben.say(&app, talk, text).await.unwrap();
            all_told(&app).await;
        }
        assert_eq!(service.got(&browser).len(), 0, "at night");
        assert_eq!(count(&app, WAITING.to_owned()).await, 2, "one for each subject");
        // Others are not concerned.
        let other = cy.post(&app, "y").await;
        ben.comment(&app, &other, "by day").await.unwrap();
        service.wait_for(&awake, 1).await;

        its_time_has_come(&app).await;
        all_told(&app).await;
        let all = opened(&app, &service, &ada, &browser).await;
        let mut bodies: Vec<&str> = all.iter().map(|told| told["body"].as_str().unwrap()).collect();
        bodies.sort_unstable();
        assert_eq!(bodies, ["third", "third"], "as it stands in the morning");
        assert_eq!(service.got(&awake).len(), 1, "who was told by day is not told again");
    }

    async fn two_nodes_send_each_once(app: TestApp) {
        let service = PushService::start();
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let browser = told(&app, &service, &ada, false).await;
        for number in 0..20 {
            let post = ada.post(&app, "x").await;
            ben.comment(&app, &post, &format!("{number}")).await.unwrap();
        }
        service.wait_for(&browser, 20).await;
        all_told(&app).await;
        let all = opened(&app, &service, &ada, &browser).await;
        let tags: std::collections::BTreeSet<&str> = all.iter().map(|told| told["tag"].as_str().unwrap()).collect();
        assert_eq!((all.len(), tags.len()), (20, 20));
    }
}
