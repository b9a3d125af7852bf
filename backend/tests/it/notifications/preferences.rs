//! What people want to be told of, and where: what is off is not told, what was told stays and is undone as ever, and
//! nobody else learns of it.

use std::collections::{BTreeMap, BTreeSet};

use hearth::features::notifications::preferences::{quiet_until, refuse_all, wanting};
use hearth::platform::clock;
use hearth::platform::db::Outcome;
use hearth_shared::auth::{Credentials, Login, SessionQuery};
use hearth_shared::conversations::groups::NewGroup;
use hearth_shared::endpoint::{Method, Nothing};
use hearth_shared::friends::ListFriendRequests;
use hearth_shared::ids::UserId;
use hearth_shared::notifications::preferences::{
    ChangeNotificationPreferences, Channel, GetNotificationPreferences, NotificationPreferences,
    NotificationPreferencesChange, QuietHours, SWITCHES_MAX, SwitchChange, Topic,
};
use hearth_shared::notifications::{GetBadges, ListNotifications, Notification};
use hearth_shared::posts::{
    Audience, CreateComment, DeleteComment, NewComment, NewReaction, NewShare, ReactionKind, RemoveReaction,
    SetCommentReaction, SetReaction, SharePost,
};
use hearth_shared::problem::{ErrorCode, FieldCode};
use hearth_shared::time::Timestamp;
use serde_json::{Value, json};

use crate::administration::PASSWORD;
use crate::everywhere;
use crate::groups::{join, make, public};
use crate::support::{Device, Person, TestApp, client_id, fetch};

const LIKE: NewReaction = NewReaction {
    kind: ReactionKind::Like,
};

/// What belongs to which topic, by the names that kinds have on the wire.
const KINDS: [(Topic, &[&str]); 6] = [
    (Topic::Friends, &["friend_request", "friend_accepted"]),
    (Topic::Reactions, &["reaction", "comment_reaction"]),
    (Topic::Comments, &["comment", "reply"]),
    (Topic::Mentions, &["mention", "message_mention"]),
    (Topic::Shares, &["share"]),
    (Topic::Groups, &["group_invitation"]),
];

fn turn(topic: Topic, channel: Channel, wanted: bool) -> NotificationPreferencesChange {
    NotificationPreferencesChange {
        switches: vec![SwitchChange {
            topic,
            channel,
            wanted,
        }],
        ..NotificationPreferencesChange::default()
    }
}

fn quiet(from: u16, to: u16, time_zone: &str) -> NotificationPreferencesChange {
    NotificationPreferencesChange {
        quiet_hours: Some(Some(QuietHours {
            from,
            to,
            time_zone: time_zone.to_owned(),
        })),
        ..NotificationPreferencesChange::default()
    }
}

async fn wants(app: &TestApp, person: &Person) -> NotificationPreferences {
    person
        .call(app, &GetNotificationPreferences {}, &Nothing)
        .await
        .unwrap()
}

async fn change(
    app: &TestApp,
    person: &Person,
    change: &NotificationPreferencesChange,
) -> NotificationPreferences {
    person
        .call(app, &ChangeNotificationPreferences {}, change)
        .await
        .unwrap()
}

async fn hear(app: &TestApp, person: &Person, topic: Topic, wanted: bool) {
    change(app, person, &turn(topic, Channel::App, wanted)).await;
}

async fn told(app: &TestApp, person: &Person) -> Vec<Notification> {
    let page = person.call(app, &ListNotifications {}, &Nothing).await.unwrap();
    page.items
}

fn kind(told: &Notification) -> String {
    let json = serde_json::to_value(told).unwrap();
    json["kind"].as_str().unwrap().to_owned()
}

/// What somebody is told: the kind, and who did it.
async fn news(app: &TestApp, person: &Person) -> Vec<String> {
    let told = told(app, person).await;
    let words = told.iter().map(|told| {
        let who: Vec<&str> = told.actors.iter().map(|actor| actor.username.as_str()).collect();
        format!("{} {}", kind(told), who.join("+"))
    });
    words.collect()
}

async fn badge(app: &TestApp, person: &Person) -> u32 {
    let badges = person.call(app, &GetBadges {}, &Nothing).await.unwrap();
    badges.notifications
}

/// Lets everything happen to somebody of which people are told.
async fn let_all_happen(app: &TestApp, owner: &Person, name: &str) {
    let [friend, asking] = ["friend", "asking"].map(|part| format!("{part}_{name}"));
    let (friend, asking) = (app.person(&friend).await, app.person(&asking).await);
    app.befriend(owner, &friend).await;
    asking.ask_friend(app, owner).await.unwrap();
    let post = owner.post(app, "mine").await;
    let comment = owner.comment(app, &post, "my comment").await.unwrap();
    friend
        .call(app, &SetReaction { post_id: post.id }, &LIKE)
        .await
        .unwrap();
    let liked = SetCommentReaction {
        comment_id: comment.id,
    };
    friend.call(app, &liked, &LIKE).await.unwrap();
    friend.comment(app, &post, "theirs").await.unwrap();
    let answer = NewComment {
        client_id: client_id(),
        body: "an answer".into(),
        parent_id: Some(comment.id),
    };
    friend
        .call(app, &CreateComment { post_id: post.id }, &answer)
        .await
        .unwrap();
    friend.post(app, &format!("hello @{}", owner.username())).await;
    let share = NewShare {
        client_id: client_id(),
        body: "look".into(),
        audience: Audience::Friends,
    };
    friend
        .call(app, &SharePost { post_id: post.id }, &share)
        .await
        .unwrap();
    let asked = NewGroup {
        user_ids: vec![owner.id()],
        ..public("asked")
    };
    make(app, &friend, &asked).await;
    let group = make(app, &friend, &public("here")).await.id;
    join(app, owner, group).await.unwrap();
    let named = format!("hello @{}", owner.username());
    friend.say(app, group, &named).await.unwrap();
}

/// Another device of somebody.
async fn device(app: &TestApp, login: &str) -> Person {
    let credentials = Credentials {
        login: login.into(),
        password: PASSWORD.into(),
        restore: None,
        code: None,
    };
    let query = SessionQuery::default();
    let answer = app.ask(None, &Login {}, &query, &credentials).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    Person {
        session: serde_json::from_str(&answer.text).unwrap(),
    }
}

/// Those of some people who want to be told.
async fn wanting_of(app: &TestApp, users: &[UserId], topic: Topic, channel: Channel) -> Vec<UserId> {
    let users = users.to_vec();
    let wanting = app
        .db()
        .read(move |conn| Ok(wanting(conn, &users, topic, channel)?));
    wanting.await.unwrap()
}

async fn quiet_of(app: &TestApp, users: &[UserId], now: Timestamp) -> BTreeMap<UserId, Timestamp> {
    let users = users.to_vec();
    let quiet = app.db().read(move |conn| Ok(quiet_until(conn, &users, now)?));
    quiet.await.unwrap()
}

everywhere! {
    async fn who_has_chosen_nothing_has_the_defaults_and_changes_one_thing_at_a_time(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        assert_eq!(wants(&app, &ada).await, NotificationPreferences::default());
        let mut expected = NotificationPreferences::default();
        expected.set(Topic::Shares, Channel::Mail, false);
        assert_eq!(change(&app, &ada, &turn(Topic::Shares, Channel::Mail, false)).await, expected);
        // On another device, beside it, over and over.
        let phone = device(&app, "ada").await;
        expected.set(Topic::Reactions, Channel::Push, true);
        for _ in 0..2 {
            assert_eq!(change(&app, &phone, &turn(Topic::Reactions, Channel::Push, true)).await, expected);
        }
        let hours = quiet(1320, 420, "europe/berlin");
        expected.quiet_hours = quiet(1320, 420, "Europe/Berlin").quiet_hours.flatten();
        assert_eq!(change(&app, &ada, &hours).await, expected, "the zone has its own name");
        for one in [&ada, &phone] {
            assert_eq!(wants(&app, one).await, expected);
        }
        assert_eq!(change(&app, &ada, &NotificationPreferencesChange::default()).await, expected);
        assert_eq!(wants(&app, &ben).await, NotificationPreferences::default(), "nobody else's");
        // All back: no quiet hours, and no row is left.
        let back = NotificationPreferencesChange {
            switches: [(Topic::Shares, Channel::Mail, true), (Topic::Reactions, Channel::Push, false)]
                .map(|(topic, channel, wanted)| SwitchChange { topic, channel, wanted })
                .to_vec(),
            quiet_hours: Some(None),
        };
        assert_eq!(change(&app, &phone, &back).await, NotificationPreferences::default());
        let kept = crate::authorization::count(&app, "SELECT COUNT(*) AS number FROM notification_preferences".into());
        assert_eq!(kept.await, 0);
    }

    async fn two_devices_at_once_lose_nothing(app: TestApp) {
        let ada = app.person("ada").await;
        let phone = device(&app, "ada").await;
        let (mut expected, mut all) = (NotificationPreferences::default(), Vec::new());
        for (n, topic) in Topic::ALL.into_iter().enumerate() {
            let wanted = !topic.default_for(Channel::Push);
            expected.set(topic, Channel::Push, wanted);
            let (app, by) = (&app, if n % 2 == 0 { &ada } else { &phone });
            all.push(async move { change(app, by, &turn(topic, Channel::Push, wanted)).await });
        }
        futures_util::future::join_all(all).await;
        assert_eq!(wants(&app, &ada).await, expected);
    }

    async fn what_is_off_in_the_app_is_not_told_there_and_all_else_is(app: TestApp) {
        let all: BTreeSet<&str> = KINDS.iter().flat_map(|(_, kinds)| kinds.iter().copied()).collect();
        for (topic, silent) in [(None, &[] as &[&str])].into_iter().chain(KINDS.map(|(topic, kinds)| (Some(topic), kinds))) {
            let name = topic.map_or("none", Topic::as_str);
            let owner = app.person(&format!("of_{name}")).await;
            if let Some(topic) = topic {
                hear(&app, &owner, topic, false).await;
            }
            let_all_happen(&app, &owner, name).await;
            let told = told(&app, &owner).await;
            let kinds: BTreeSet<String> = told.iter().map(kind).collect();
            let expected: BTreeSet<String> =
                all.iter().filter(|kind| !silent.contains(kind)).map(|kind| (*kind).to_owned()).collect();
            assert_eq!(kinds, expected, "without {name}");
            assert_eq!(badge(&app, &owner).await as usize, told.len(), "without {name}");
            // A request that waits is in its own list, and counted there, whatever one is told.
            let waiting = owner.call(&app, &ListFriendRequests {}, &Nothing).await.unwrap().items;
            assert_eq!(waiting.len(), 1, "without {name}");
            let badges = owner.call(&app, &GetBadges {}, &Nothing).await.unwrap();
            assert_eq!(badges.friend_requests, 1, "without {name}");
        }
    }

    async fn the_other_channels_say_nothing_about_the_app(app: TestApp) {
        let owner = app.person("owner").await;
        let mut off = quiet(0, 1439, "UTC");
        for topic in Topic::ALL {
            for channel in [Channel::Push, Channel::Mail] {
                off.switches.push(SwitchChange { topic, channel, wanted: false });
            }
        }
        change(&app, &owner, &off).await;
        let_all_happen(&app, &owner, "here").await;
        let kinds: BTreeSet<String> = told(&app, &owner).await.iter().map(kind).collect();
        assert_eq!(kinds.len(), KINDS.iter().map(|(_, kinds)| kinds.len()).sum::<usize>());
    }

    async fn what_was_told_stays_and_is_undone_as_ever(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cleo).await;
        let post = ada.post(&app, "x").await;
        let mut device = Device::start(&app, &ada).await;
        let (like, unlike) = (SetReaction { post_id: post.id }, RemoveReaction { post_id: post.id });
        ben.call(&app, &like, &LIKE).await.unwrap();
        let before = told(&app, &ada).await;
        hear(&app, &ada, Topic::Reactions, false).await;
        assert_eq!(told(&app, &ada).await, before, "what is there stays");
        cleo.call(&app, &like, &LIKE).await.unwrap();
        assert_eq!(told(&app, &ada).await, before, "no other place, nobody more");
        // What was not told has nothing to undo.
        cleo.call(&app, &unlike, &Nothing).await.unwrap();
        assert_eq!(told(&app, &ada).await, before);
        cleo.call(&app, &like, &LIKE).await.unwrap();
        ben.call(&app, &unlike, &Nothing).await.unwrap();
        assert_eq!(news(&app, &ada).await, ["friend_accepted cleo", "friend_accepted ben"]);
        // On again: what comes now is told, what came meanwhile is not.
        hear(&app, &ada, Topic::Reactions, true).await;
        assert_eq!(news(&app, &ada).await.len(), 2);
        ben.call(&app, &like, &LIKE).await.unwrap();
        assert_eq!(news(&app, &ada).await[0], "reaction ben");
        device.settle_with(&app).await;
        let (fresh, _) = fetch(&app, &ada).await;
        let shown = (&device.replica.notifications, device.replica.counts);
        assert_eq!(shown, (&fresh.notifications, fresh.counts));
    }

    async fn what_stays_shows_the_words_of_those_whom_it_names(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cleo).await;
        let post = ada.post(&app, "x").await;
        ben.comment(&app, &post, "one").await.unwrap();
        let two = ben.comment(&app, &post, "two").await.unwrap();
        hear(&app, &ada, Topic::Comments, false).await;
        cleo.comment(&app, &post, "three").await.unwrap();
        let first = async || told(&app, &ada).await.swap_remove(0);
        assert_eq!(first().await.excerpt.as_deref(), Some("two"));
        ben.call(&app, &DeleteComment { comment_id: two.id }, &Nothing).await.unwrap();
        let left = first().await;
        assert_eq!((left.excerpt.as_deref(), left.actors[0].id), (Some("one"), ben.id()));
    }

    async fn a_request_that_was_not_told_is_answered_and_taken_back(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        hear(&app, &ada, Topic::Friends, false).await;
        app.befriend(&ben, &ada).await;
        assert_eq!(news(&app, &ben).await, ["friend_accepted ada"], "who asked wants to hear of it");
        let request = cleo.ask_friend(&app, &ada).await.unwrap();
        let cancel = hearth_shared::friends::CancelFriendRequest { request_id: request.id };
        cleo.call(&app, &cancel, &Nothing).await.unwrap();
        assert!(news(&app, &ada).await.is_empty());
    }

    async fn one_question_for_many_people(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        let all = [cleo.id(), ada.id(), ben.id()];
        for (topic, channel, by_default) in [
            (Topic::Mentions, Channel::App, true),
            (Topic::Comments, Channel::Mail, true),
            (Topic::Reactions, Channel::Push, false),
            (Topic::Messages, Channel::Push, true),
            (Topic::Messages, Channel::Mail, false),
        ] {
            let expected = if by_default { all.to_vec() } else { Vec::new() };
            assert_eq!(wanting_of(&app, &all, topic, channel).await, expected, "{topic:?} {channel:?}");
            change(&app, &ada, &turn(topic, channel, !by_default)).await;
            let expected = if by_default { vec![cleo.id(), ben.id()] } else { vec![ada.id()] };
            assert_eq!(wanting_of(&app, &all, topic, channel).await, expected, "{topic:?} {channel:?}");
        }
        assert_eq!(wanting_of(&app, &all, Topic::Messages, Channel::App).await, all);
        assert!(wanting_of(&app, &[], Topic::Mentions, Channel::App).await.is_empty());
        // Who wants no more mail at all.
        for expected in [true, false] {
            let ben = ben.id();
            let refused = app.db().write(move |tx| Ok(Outcome::Commit(refuse_all(tx, ben, Channel::Mail)?)));
            assert_eq!(refused.await.unwrap(), expected);
        }
        let his = wants(&app, &ben).await;
        for topic in Topic::ALL {
            assert!(!his.wants(topic, Channel::Mail), "{topic:?}");
            assert!(his.wants(topic, Channel::App), "{topic:?}");
        }
    }

    async fn quiet_hours_are_those_of_each_place(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        let all = [ada.id(), ben.id(), cleo.id()];
        change(&app, &ada, &quiet(22 * 60, 7 * 60, "Europe/Berlin")).await;
        change(&app, &ben, &quiet(22 * 60, 7 * 60, "America/New_York")).await;
        // 2026-11-30T04:00Z: five in Berlin, eleven in the evening in New York.
        let now = Timestamp::from_millis(1_796_011_200_000);
        let in_hours = |hours: i64| Timestamp::from_millis(now.as_millis() + hours * 3_600_000);
        let both = BTreeMap::from([(ada.id(), in_hours(2)), (ben.id(), in_hours(8))]);
        assert_eq!(quiet_of(&app, &all, now).await, both);
        assert_eq!(quiet_of(&app, &all, in_hours(2)).await, BTreeMap::from([(ben.id(), in_hours(8))]));
        assert!(quiet_of(&app, &all, in_hours(12)).await.is_empty());
        assert!(quiet_of(&app, &[], now).await.is_empty());
        let none = NotificationPreferencesChange { quiet_hours: Some(None), ..NotificationPreferencesChange::default() };
        change(&app, &ben, &none).await;
        assert_eq!(quiet_of(&app, &all, now).await, BTreeMap::from([(ada.id(), in_hours(2))]));
        assert!(quiet_of(&app, &[ben.id()], clock::now()).await.is_empty());
    }

    async fn what_cannot_be_is_refused_and_nothing_of_it_is_kept(app: TestApp) {
        let ada = app.person("ada").await;
        let shares = json!({"topic": "shares", "channel": "push", "wanted": false});
        let hours = |from: Value, to: Value, zone: Value| {
            json!({"switches": [shares], "quiet_hours": {"from": from, "to": to, "time_zone": zone}})
        };
        let path = "/api/v1/notifications/preferences";
        for (body, field, code) in [
            (hours(json!(0), json!(60), json!("Europe/Atlantis")), "quiet_hours.time_zone", FieldCode::NotOffered),
            (hours(json!(0), json!(60), json!("Etc/Unknown")), "quiet_hours.time_zone", FieldCode::NotOffered),
            (hours(json!(0), json!(60), json!("a".repeat(65))), "quiet_hours.time_zone", FieldCode::TooLong),
            (hours(json!(0), json!(60), json!("")), "quiet_hours.time_zone", FieldCode::Required),
            (hours(json!(0), json!(60), json!("Europe Berlin")), "quiet_hours.time_zone", FieldCode::InvalidCharacters),
            (hours(json!(1440), json!(60), json!("UTC")), "quiet_hours.from", FieldCode::InvalidFormat),
            (hours(json!(60), json!(60), json!("UTC")), "quiet_hours.to", FieldCode::NotOffered),
            (hours(json!(-1), json!(60), json!("UTC")), "quiet_hours.from", FieldCode::WrongType),
            (json!({"quiet_hours": {"from": 1, "to": 2}}), "quiet_hours.time_zone", FieldCode::Required),
            (json!({"switches": [{"topic": "weather", "channel": "app", "wanted": true}]}), "switches[0].topic", FieldCode::WrongType),
            (json!({"switches": [{"topic": "shares", "channel": "pigeon", "wanted": true}]}), "switches[0].channel", FieldCode::WrongType),
            (json!({"switches": [shares, {"topic": "messages", "channel": "app", "wanted": false}]}), "switches[1].wanted", FieldCode::NotOffered),
            (json!({"switches": vec![shares.clone(); SWITCHES_MAX + 1]}), "switches", FieldCode::TooLong),
        ] {
            let answer = app.raw(Method::Patch, path, ada.token(), Some(&body)).await;
            assert_eq!((answer.status, answer.code().as_str()), (422, "validation_failed"), "{body}");
            let error = &answer.json()["errors"][0];
            assert_eq!((&error["field"], &error["code"]), (&json!(field), &json!(code)), "{body}");
        }
        assert_eq!(wants(&app, &ada).await, NotificationPreferences::default());
        let nobody = app.raw(Method::Patch, path, None, Some(&json!({}))).await;
        assert_eq!((nobody.status, nobody.code().as_str()), (401, ErrorCode::Unauthenticated.as_str()));
    }
}
