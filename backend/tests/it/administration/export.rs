//! The export holds everything of one's own and nothing private of others.

use std::io::Read;

use hearth_shared::blocks::BlockPerson;
use hearth_shared::conversations::{AddMessageReaction, EditMessage, MessagePatch, WhichEmoji};
use hearth_shared::endpoint::{Endpoint, Nothing};
use hearth_shared::leaving::ExportMyData;
use hearth_shared::notifications::preferences::{
    ChangeNotificationPreferences, NotificationPreferencesChange, QuietHours,
};
use hearth_shared::posts::{Audience, MutePerson, MutePost, NewShare, SavePost, SharePost};
use hearth_shared::privacy::{ChangePrivacy, PrivacyChange};
use serde_json::{Value, json};

use super::sql;
use crate::everywhere;
use crate::support::pictures::{self, Form};
use crate::support::{Options, Person, TestApp, client_id};

type Zip = zip::ZipArchive<std::io::Cursor<Vec<u8>>>;

async fn export(app: &TestApp, person: &Person) -> (reqwest::header::HeaderMap, Zip) {
    let url = format!("{}{}", app.base(), ExportMyData {}.path());
    let answer = app
        .http
        .get(url)
        .bearer_auth(person.token().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    let headers = answer.headers().clone();
    let bytes = answer.bytes().await.unwrap();
    assert_eq!(
        headers["content-length"].to_str().unwrap(),
        bytes.len().to_string()
    );
    (headers, Zip::new(std::io::Cursor::new(bytes.to_vec())).unwrap())
}

fn read(zip: &mut Zip, name: &str) -> String {
    let mut text = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn rows(zip: &mut Zip, part: &str) -> Vec<Value> {
    serde_json::from_str(&read(zip, &format!("data/{part}.json"))).unwrap()
}

fn bodies(zip: &mut Zip, part: &str) -> Vec<String> {
    let bodies = rows(zip, part).into_iter();
    bodies
        .map(|row| row["body"].as_str().unwrap().to_owned())
        .collect()
}

everywhere! {
    with Options { public_posts: true, ..Options::default() };
    async fn all_of_ones_own_and_nothing_private_of_others(app: TestApp) {
        let (ada, ben, cy) = (app.person("ada").await, app.person("ben").await, app.person("cyd").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ben, &cy).await;
        cy.ask_friend(&app, &ada).await.unwrap();
        let (dan, eve) = (app.person("dan").await, app.person("eve").await);
        for (by, other) in [(&ada, &dan), (&eve, &ada)] {
            by.call(&app, &BlockPerson { user_id: other.id() }, &Nothing).await.unwrap();
        }
        let hidden = PrivacyChange { show_online: Some(false), ..PrivacyChange::default() };
        ada.call(&app, &ChangePrivacy {}, &hidden).await.unwrap();
        let quiet = QuietHours { from: 1320, to: 420, time_zone: "Europe/Berlin".into() };
        let quiet = NotificationPreferencesChange { quiet_hours: Some(Some(quiet)), ..Default::default() };
        ada.call(&app, &ChangeNotificationPreferences {}, &quiet).await.unwrap();
        let evil = "</script><script>alert(1)</script> & \"<b>\" 🦔";
        ada.post_for(&app, evil, Audience::OnlyMe).await;
        for n in 0..3 {
            ada.post(&app, &format!("post {n}")).await;
        }
        let seen = ben.post(&app, "canary: for later").await;
        let look = NewShare { client_id: client_id(), body: "look".into(), audience: Audience::Friends };
        ada.call(&app, &SharePost { post_id: seen.id }, &look).await.unwrap();
        for by in [&ada, &ben] {
            by.call(&app, &SavePost { post_id: seen.id }, &Nothing).await.unwrap();
            by.call(&app, &MutePost { post_id: seen.id }, &Nothing).await.unwrap();
        }
        for (by, other) in [(&ada, &ben), (&ben, &ada)] {
            by.call(&app, &MutePerson { user_id: other.id() }, &Nothing).await.unwrap();
        }
        let his = ben.post(&app, "canary: ben's to his friends").await;
        ben.post_for(&app, "canary: ben's own", Audience::OnlyMe).await;
        ada.comment(&app, &his, "mine on his").await.unwrap();
        cy.comment(&app, &his, "canary: cy's on his").await.unwrap();
        let (hers, theirs) = (ada.open(&app, &ben).await, cy.open(&app, &ben).await);
        for n in 0..3 {
            ada.say(&app, hers.id, &format!("said {n}")).await.unwrap();
            ben.say(&app, hers.id, &format!("answered {n}")).await.unwrap();
            cy.say(&app, theirs.id, "canary: to ben").await.unwrap();
        }
        let sent = Form::new().named_file("filename=\"cat.jpg\"", &pictures::jpeg(30, 20)).post(&app, &ada).await;
        assert_eq!(sent.status, 201, "{sent:?}");
        let his = Form::new().named_file("filename=\"canary.jpg\"", &pictures::jpeg(30, 20)).post(&app, &ben).await;
        assert_eq!(his.status, 201, "{his:?}");
        let (headers, mut zip) = export(&app, &ada).await;
        assert_eq!(headers["content-type"], "application/zip");
        let name = headers["content-disposition"].to_str().unwrap();
        assert!(name.starts_with("attachment; filename=\"hearth-ada-20") && name.ends_with(".zip\""), "{name}");
        assert_eq!(bodies(&mut zip, "posts"), [evil, "post 0", "post 1", "post 2", "look"]);
        assert_eq!(bodies(&mut zip, "comments"), ["mine on his"]);
        assert_eq!(
            bodies(&mut zip, "messages"),
            ["said 0", "answered 0", "said 1", "answered 1", "said 2", "answered 2"]
        );
        assert_eq!(rows(&mut zip, "profile")[0]["email"], "ada@example.org");
        assert_eq!(rows(&mut zip, "friends")[0]["friend"]["username"], "ben");
        assert_eq!(rows(&mut zip, "friend_requests")[0]["from"]["username"], "cyd");
        assert_eq!(rows(&mut zip, "privacy")[0]["show_online"], false);
        let wanted = rows(&mut zip, "notification_preferences");
        assert_eq!((wanted.len(), &wanted[0]["quiet_hours"]["time_zone"]), (1, &json!("Europe/Berlin")));
        let blocked = rows(&mut zip, "blocked_people");
        assert_eq!((blocked.len(), &blocked[0]["person"]["username"]), (1, &json!("dan")), "not who blocks her");
        let shared = rows(&mut zip, "posts").remove(4);
        assert_eq!((&shared["body"], &shared["shared_post_id"]), (&json!("look"), &json!(seen.id)));
        for part in ["saved_posts", "muted_posts"] {
            let kept = rows(&mut zip, part);
            assert_eq!((kept.len(), &kept[0]["post_id"]), (1, &json!(seen.id)), "{part}");
        }
        let muted = rows(&mut zip, "muted_people");
        assert_eq!((muted.len(), &muted[0]["person"]["username"]), (1, &json!("ben")), "not who mutes her");
        assert_eq!(rows(&mut zip, "conversations").len(), 1);
        assert_eq!(rows(&mut zip, "sessions").len(), 1);
        assert!(!rows(&mut zip, "notifications").is_empty());
        let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
        assert!(names.contains(&"index.html".to_owned()));
        let listed = rows(&mut zip, "pictures");
        assert_eq!((listed.len(), &listed[0]["name"]), (1, &Value::from("cat")));
        let file = listed[0]["file"].as_str().unwrap().to_owned();
        let pictures: Vec<_> = names.iter().filter(|name| name.starts_with("media/")).collect();
        assert_eq!(pictures, [&file]);
        let mut bytes = Vec::new();
        zip.by_name(&file).unwrap().read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes[..2], [0xff, 0xd8], "a JPEG");
        for name in names.iter().filter(|name| !name.starts_with("media/")) {
            let text = read(&mut zip, name);
            for private in ["canary", "ben@example.org", "cyd@example.org", "$2b$", "password_hash"] {
                assert!(!text.contains(private), "{name} tells {private}");
            }
        }
        // The page: whatever people wrote, there is no element in it but its own, and nothing is fetched.
        let page = read(&mut zip, "index.html");
        assert!(!page.contains("<b>") && !page.contains("alert(1)</script>"));
        assert_eq!(page.matches("<script").count(), page.matches("</script>").count());
        assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("src="));
        let data = page.split("id=\"posts\">").nth(1).unwrap().split("</script>").next().unwrap();
        assert_eq!(serde_json::from_str::<Vec<Value>>(data).unwrap()[0]["body"], evil);
    }

    async fn lists_longer_than_a_page_are_whole(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await;
        let first = ada.say(&app, talk.id, "first").await.unwrap();
        for by in [&ada, &ben] {
            let call = AddMessageReaction { message_id: first.id };
            let which = WhichEmoji { emoji: "👍".to_owned() };
            by.call_with(&app, &call, &which, &Nothing).await.unwrap();
        }
        let patch = MessagePatch { body: "the first".to_owned() };
        ada.call(&app, &EditMessage { message_id: first.id }, &patch).await.unwrap();
        let (id, sender) = (talk.id, ada.id());
        sql(&app, format!(
            "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1203) \
             INSERT INTO messages (id, conversation_id, number, seq, sender_id, client_id, request_hash, body, created_at) \
             SELECT i, {id}, i, i, {sender}, 'c' || i, '', 'message ' || i, 1 FROM n"
        )).await;
        let (_, mut zip) = export(&app, &ada).await;
        let said = rows(&mut zip, "messages");
        assert_eq!(said.len(), 1203);
        assert!(said.iter().enumerate().all(|(at, row)| row["number"] == at as u64 + 1));
        assert_eq!((&said[0]["body"], &said[0]["my_reactions"]), (&"the first".into(), &vec!["👍"].into()));
        assert!(said[0]["edited_at"].is_string() && said[1]["edited_at"].is_null(), "{:?}", said[0]);
    }
}

everywhere! {
    with Options { rate_limits: true, ..Options::default() };
    async fn five_times_a_day(app: TestApp) {
        let ada = app.person("ada").await;
        for _ in 0..5 {
            assert_eq!(app.ask(ada.token(), &ExportMyData {}, &Nothing, &Nothing).await.status, 200);
        }
        assert_eq!(app.ask(ada.token(), &ExportMyData {}, &Nothing, &Nothing).await.code(), "rate_limited");
        assert_eq!(app.ask(None, &ExportMyData {}, &Nothing, &Nothing).await.status, 401);
    }
}
