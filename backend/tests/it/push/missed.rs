//! What must not be missed because something else happened: others who failed, later messages by people whom one does
//! not hear, other quiet hours.

use std::time::Duration;

use hearth_shared::conversations::{
    ChangeConversationSettings, ConversationSettingsPatch, EditMessage, MessagePatch,
};
use hearth_shared::endpoint::Nothing;
use hearth_shared::notifications::preferences::{
    ChangeNotificationPreferences, NotificationPreferencesChange, QuietHours, Topic,
};
use hearth_shared::posts::MutePerson;

use super::service::PushService;
use super::{LOCAL, WAITING, all_told, choose, hold, its_time_has_come, opened, release, titles, told};
use crate::authorization::count;
use crate::everywhere;
use crate::groups::{join, make, public};
use crate::support::{Person, TestApp};

/// It is night for somebody, from an hour ago until `hours` from now; or it is no more.
async fn night(app: &TestApp, person: &Person, hours: Option<u16>) {
    let now = u16::try_from(hearth::platform::clock::now().as_millis() / 60_000 % 1440).unwrap();
    let hours = hours.map(|hours| QuietHours {
        from: (now + 1380) % 1440,
        to: (now + hours * 60) % 1440,
        time_zone: "UTC".into(),
    });
    let change = NotificationPreferencesChange {
        quiet_hours: Some(hours),
        ..NotificationPreferencesChange::default()
    };
    person
        .call(app, &ChangeNotificationPreferences {}, &change)
        .await
        .map(drop)
        .unwrap();
}

everywhere! {
    with LOCAL;
    async fn a_browser_that_fails_takes_nobody_their_morning(app: TestApp) {
        let (broken, works) = (PushService::start(), PushService::start());
        let (ada, ben, cy) = (app.person("ada").await, app.person("ben").await, app.person("cyd").await);
        let group = make(&app, &ada, &public("Garden week")).await.id;
        for person in [&ben, &cy] {
            join(&app, person, group).await.unwrap();
        }
        told(&app, &broken, &ben, true).await;
        let browser = told(&app, &works, &cy, true).await;
        broken.answer(503, "");
        ada.say(&app, group, "in the evening").await.unwrap();
        all_told(&app).await;
        works.wait_for(&browser, 1).await;
        // It gets dark for her; Ben's browser is tried once more, and then she is written to.
        night(&app, &cy, Some(1)).await;
        its_time_has_come(&app).await;
        all_told(&app).await;
        ada.say(&app, group, "at night").await.unwrap();
        all_told(&app).await;
        assert_eq!(works.got(&browser).len(), 1);
        its_time_has_come(&app).await;
        all_told(&app).await;
        let all = opened(&app, &works, &cy, &browser).await;
        assert_eq!(all.last().unwrap()["body"], "ADA Test: at night");
    }

    async fn who_is_named_is_told_whatever_is_said_after_it(app: TestApp) {
        let service = PushService::start();
        let (ada, ben, cy) = (app.person("ada").await, app.person("ben").await, app.person("cyd").await);
        let group = make(&app, &ada, &public("Garden week")).await.id;
        for person in [&ben, &cy] {
            join(&app, person, group).await.unwrap();
        }
        let browser = told(&app, &service, &ben, true).await;
        let change = ChangeConversationSettings { conversation_id: group };
        let muted = ConversationSettingsPatch { muted: Some(true), ..ConversationSettingsPatch::default() };
        ben.call(&app, &change, &muted).await.map(drop).unwrap();
        hold(&app).await;
        ada.say(&app, group, "@ben, are you there?").await.unwrap();
        cy.say(&app, group, "he sleeps").await.unwrap();
        release(&app).await;
        let all = opened(&app, &service, &ben, &browser).await;
        assert_eq!(titles(&all), ["ADA Test mentioned you in Garden week"]);
        assert_eq!(all[0]["body"], "@ben, are you there?");
        // A message that names him only since it was changed calls him, too: also where all messages do.
        let unmuted = ConversationSettingsPatch { muted: Some(false), ..ConversationSettingsPatch::default() };
        ben.call(&app, &change, &unmuted).await.map(drop).unwrap();
        let said = cy.say(&app, group, "nobody").await.unwrap();
        service.wait_for(&browser, 2).await;
        let call = EditMessage { message_id: said.id };
        cy.call(&app, &call, &MessagePatch { body: "@ben, nobody".into() }).await.unwrap();
        service.wait_for(&browser, 3).await;
        all_told(&app).await;
        let all = opened(&app, &service, &ben, &browser).await;
        assert_eq!(titles(&all)[1..], ["Garden week", "CYD Test and ADA Test mentioned you in Garden week"]);
    }

    async fn who_is_not_heard_hides_nobody_who_is(app: TestApp) {
        let service = PushService::start();
        let (ada, ben, cy) = (app.person("ada").await, app.person("ben").await, app.person("cyd").await);
        let group = make(&app, &ada, &public("Garden week")).await.id;
        for person in [&ben, &cy] {
            join(&app, person, group).await.unwrap();
        }
        let (his, hers) = (told(&app, &service, &ben, true).await, told(&app, &service, &ada, true).await);
        ben.call(&app, &MutePerson { user_id: cy.id() }, &Nothing).await.map(drop).unwrap();
        for person in [&ben, &ada] {
            night(&app, person, Some(1)).await;
        }
        ada.say(&app, group, "the key is under the stone").await.unwrap();
        all_told(&app).await;
        cy.say(&app, group, "good").await.unwrap();
        all_told(&app).await;
        its_time_has_come(&app).await;
        all_told(&app).await;
        for (person, browser, said) in [(&ben, &his, "ADA Test: the key is under the stone"), (&ada, &hers, "CYD Test: good")] {
            let all = opened(&app, &service, person, browser).await;
            let said_to_them: Vec<&str> = all.iter().map(|told| told["body"].as_str().unwrap()).collect();
            assert_eq!(said_to_them, [said], "{}", person.username());
        }
    }

    async fn other_hours_do_not_lose_what_has_waited(app: TestApp) {
        let service = PushService::start();
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let browser = told(&app, &service, &ada, true).await;
        choose(&app, &ada, Topic::Comments, true).await;
        night(&app, &ada, Some(2)).await;
        let (post, talk) = (ada.post(&app, "x").await, ada.open(&app, &ben).await.id);
        ben.comment(&app, &post, "a comment").await.unwrap();
        ben.say(&app, talk, "a message").await.unwrap();
        all_told(&app).await;
        assert_eq!(count(&app, WAITING.to_owned()).await, 2);
        // Longer first, then not at all.
        night(&app, &ada, Some(3)).await;
        its_time_has_come(&app).await;
        all_told(&app).await;
        assert_eq!((service.got(&browser).len(), count(&app, WAITING.to_owned()).await), (0, 2), "put off");
        night(&app, &ada, None).await;
        its_time_has_come(&app).await;
        all_told(&app).await;
        let all = opened(&app, &service, &ada, &browser).await;
        let mut bodies: Vec<&str> = all.iter().map(|told| told["body"].as_str().unwrap()).collect();
        bodies.sort_unstable();
        assert_eq!(bodies, ["a comment", "a message"]);
    }

    /// The one that hangs is asked once; what is for it waits, and what is for others does not.
    async fn a_service_that_hangs_holds_up_nobody_else(app: TestApp) {
        let (slow, quick) = (PushService::start(), PushService::start());
        let (ada, ben, cy) = (app.person("ada").await, app.person("ben").await, app.person("cyd").await);
        let group = make(&app, &ada, &public("Garden week")).await.id;
        for person in [&ben, &cy] {
            join(&app, person, group).await.unwrap();
        }
        let (_his, hers) = (told(&app, &slow, &ben, true).await, told(&app, &quick, &cy, true).await);
        slow.wait_before_answers(Duration::from_millis(3_200));
        ada.say(&app, group, "one").await.unwrap();
        all_told(&app).await;
        for text in ["two", "three"] {
            ada.say(&app, group, text).await.unwrap();
            all_told(&app).await;
        }
        assert_eq!(quick.got(&hers).len(), 3);
        assert!((1..=2).contains(&slow.all()), "once by each node: {}", slow.all());
        assert_ne!(count(&app, WAITING.to_owned()).await, 0, "what is for it waits until it is asked again");
    }
}
