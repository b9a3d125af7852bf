//! The end of an account: planned, taken back, done. Afterwards nothing of the person is found anywhere.

use std::time::Duration;

use diesel::prelude::*;
use hearth::features::admin::purge;
use hearth::schema::{
    blocks, muted_people, muted_posts, notification_preferences, notification_quiet_hours, post_tags,
    privacy_settings, saved_posts,
};
use hearth_shared::auth::{NewAccount, Refresh, RefreshToken, Register};
use hearth_shared::blocks::BlockPerson;
use hearth_shared::conversations::{ListConversations, ListMessages};
use hearth_shared::endpoint::Nothing;
use hearth_shared::leaving::{DELETION_DAYS, DeleteAccount, DeleteMe, Deletion, OwnMessages};
use hearth_shared::notifications::ListNotifications;
use hearth_shared::notifications::preferences::{
    ChangeNotificationPreferences, Channel, NotificationPreferencesChange, QuietHours, SwitchChange, Topic,
};
use hearth_shared::posts::{
    Audience, EditPost, GetPost, ListComments, MutePerson, MutePost, NewShare, PostPatch, SavePost,
    SetReaction, SharePost, Shared,
};
use hearth_shared::privacy::{ChangePrivacy, PrivacyChange};
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::close::CloseCode;
use hearth_shared::users::{EditMe, GetMe, GetProfile, MeChanges};

use super::{IN_BODY, PASSWORD, contains, everything, sign_in, sql};
use crate::everywhere;
use crate::support::pictures::{self, Form, stored};
use crate::support::{Answer, Options, Person, Socket, TestApp, client_id};

pub(crate) async fn leave(app: &TestApp, person: &Person, password: &str, messages: OwnMessages) -> Answer {
    let wish = DeleteAccount {
        password: password.into(),
        code: None,
        messages,
    };
    app.ask(person.token(), &DeleteMe {}, &Nothing, &wish).await
}

/// Fourteen days pass, and the work is done.
pub(crate) async fn end(app: &TestApp, person: &Person) {
    sql(
        app,
        format!(
            "UPDATE users SET deletion_at = 1 WHERE id = {} AND deletion_at IS NOT NULL",
            person.id()
        ),
    )
    .await;
    assert_eq!(purge::run(&app.servers()[0].media).await.unwrap(), 1);
}

/// Somebody in whose every field the canary is.
async fn canary(app: &TestApp) -> Person {
    let account = NewAccount {
        username: "canary_name".into(),
        email: "canary_mail@example.org".into(),
        display_name: "Canary Display".into(),
        ..Person::account("canary")
    };
    let answer = app
        .http
        .post(format!("{}/api/v1/auth/register", app.base()))
        .header("user-agent", "canary_agent/1.0")
        .json(&account);
    let answer = crate::support::read(answer).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    Person {
        session: serde_json::from_str(&answer.text).unwrap(),
    }
}

const CANARIES: [&str; 16] = [
    "canary_bio",
    "canary_work",
    "canary_file",
    "canary_name",
    "canary_mail",
    "Canary Display",
    "canary display",
    "canary_agent",
    "canary_post",
    // Words as the search keeps them.
    "zqxcanary",
    "zqxchanged",
    "canary_edit",
    "canary_comment",
    "canary_share",
    "canary_tag",
    "canary_message",
];

everywhere! {
    with Options { public_posts: true, ..Options::default() };
    async fn who_asks_to_go_is_gone_for_others_and_can_come_back(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let mut open = Socket::connect(app.socket_base(), &ada).await;
        open.ready().await;
        assert_eq!(leave(&app, &ada, "kitchen table ten", OwnMessages::Keep).await.code(), "wrong_password");
        let planned = leave(&app, &ada, PASSWORD, OwnMessages::Keep).await;
        assert_eq!(planned.status, 202, "{planned:?}");
        let planned: Deletion = serde_json::from_str(&planned.text).unwrap();
        let left = planned.deleted_at.as_millis() - hearth::platform::clock::now().as_millis();
        assert!((left - DELETION_DAYS * 24 * 60 * 60 * 1000).abs() < 60_000);
        assert_eq!((&mut open.closed).await.unwrap(), CloseCode::SessionEnded.code());
        let token = RefreshToken { refresh_token: ada.session.refresh_token.clone() };
        assert_eq!(app.ask(None, &Refresh {}, &IN_BODY, &token).await.code(), "invalid_refresh_token");
        let profile = GetProfile { username: "ada".into() };
        assert_eq!(ben.call(&app, &profile, &Nothing).await.err(), Some(ErrorCode::NotFound));
        // Nothing is due yet.
        assert_eq!(purge::run(&app.servers()[0].media).await.unwrap(), 0);
        let told = sign_in(&app, "ada", PASSWORD, None).await;
        assert_eq!((told.status, told.code().as_str()), (403, "account_deletion_pending"));
        assert_eq!(told.json()["detail"], planned.deleted_at.to_string());
        assert_eq!(sign_in(&app, "ada", "kitchen table ten", Some(true)).await.code(), "invalid_credentials");
        let back = sign_in(&app, "ada", PASSWORD, Some(true)).await;
        assert_eq!(back.status, 200, "{back:?}");
        let back = Person { session: serde_json::from_str(&back.text).unwrap() };
        assert!(back.call(&app, &GetMe {}, &Nothing).await.is_ok());
        assert!(ben.call(&app, &profile, &Nothing).await.is_ok());
    }

    async fn nothing_of_the_person_is_left_and_the_counts_of_others_are_exact(app: TestApp) {
        let (gone, ben, cy) = (canary(&app).await, app.person("ben").await, app.person("cyd").await);
        app.befriend(&gone, &ben).await;
        app.befriend(&ben, &cy).await;
        gone.ask_friend(&app, &cy).await.unwrap();
        let post = gone.post_for(&app, "canary_post zqxcanary", Audience::Public).await;
        let patch = PostPatch { body: Some("canary_edit zqxchanged".into()), audience: None, media_ids: None };
        gone.call(&app, &EditPost { post_id: post.id }, &patch).await.unwrap();
        cy.comment(&app, &post, "cy on hers").await.unwrap();
        let his = ben.post_for(&app, "his", Audience::Public).await;
        for n in 0..25 {
            gone.comment(&app, &his, &format!("canary_comment {n}")).await.unwrap();
        }
        cy.comment(&app, &his, "cy stays").await.unwrap();
        for person in [&gone, &cy] {
            let like = serde_json::from_str(r#"{"kind":"like"}"#).unwrap();
            person.call(&app, &SetReaction { post_id: his.id }, &like).await.unwrap();
        }
        // Shares of others count no more; what was kept and muted, by them or of theirs, goes.
        let words = |body: &str| NewShare { client_id: client_id(), body: body.into(), audience: Audience::Public };
        gone.call(&app, &SharePost { post_id: his.id }, &words("canary_share #canary_tag")).await.unwrap();
        cy.call(&app, &SharePost { post_id: his.id }, &words("")).await.unwrap();
        let of_hers = cy.call(&app, &SharePost { post_id: post.id }, &words("look")).await.unwrap();
        for (by, what, whom) in [(&gone, &his, &cy), (&cy, &post, &gone)] {
            by.call(&app, &SavePost { post_id: what.id }, &Nothing).await.unwrap();
            by.call(&app, &MutePost { post_id: what.id }, &Nothing).await.unwrap();
            by.call(&app, &MutePerson { user_id: whom.id() }, &Nothing).await.unwrap();
        }
        let talk = gone.open(&app, &ben).await;
        for n in 0..3 {
            gone.say(&app, talk.id, &format!("canary_message {n}")).await.unwrap();
            ben.say(&app, talk.id, &format!("his {n}")).await.unwrap();
        }
        let page = MeChanges { bio: Some("canary_bio".into()), work: Some("canary_work".into()), ..MeChanges::default() };
        gone.call(&app, &EditMe {}, &page).await.unwrap();
        let sent = Form::new().named_file("filename=\"canary_file.jpg\"", &pictures::jpeg(9, 9)).post(&app, &gone).await;
        assert_eq!(sent.status, 201, "{sent:?}");
        let avatar = Form::new().named_file("filename=\"canary_face.jpg\"", &pictures::jpeg(200, 200));
        let avatar = avatar.put(&app, &gone, "avatar").await;
        assert_eq!(avatar.status, 200, "{avatar:?}");
        assert!(!stored(&app).is_empty());
        let eve = app.person("eve").await;
        for (by, other) in [(&gone, &eve), (&eve, &gone)] {
            by.call(&app, &BlockPerson { user_id: other.id() }, &Nothing).await.ok();
        }
        gone.call(&app, &ChangePrivacy {}, &PrivacyChange { show_online: Some(false), ..PrivacyChange::default() }).await.unwrap();
        let quiet = QuietHours { from: 1320, to: 420, time_zone: "Europe/Berlin".into() };
        let off = SwitchChange { topic: Topic::Shares, channel: Channel::Mail, wanted: false };
        let wants = NotificationPreferencesChange { switches: vec![off], quiet_hours: Some(Some(quiet)) };
        gone.call(&app, &ChangeNotificationPreferences {}, &wants).await.unwrap();
        let before = everything(&app).await;
        for text in CANARIES {
            assert!(contains(&before, text), "{text} was never there");
        }
        let mut bens = crate::support::Device::start(&app, &ben).await;
        assert_eq!(leave(&app, &gone, PASSWORD, OwnMessages::Wipe).await.status, 202);
        end(&app, &gone).await;
        let after = everything(&app).await;
        for text in CANARIES {
            assert!(!contains(&after, text), "{text} is still there");
        }
        assert!(stored(&app).is_empty(), "pictures are still there");
        let rows = app.db().read(|conn| {
            let blocked: i64 = blocks::table.count().get_result(conn)?;
            let chosen: i64 = privacy_settings::table.count().get_result(conn)?;
            let saved: i64 = saved_posts::table.count().get_result(conn)?;
            let muted: i64 = muted_posts::table.count().get_result(conn)?;
            let people: i64 = muted_people::table.count().get_result(conn)?;
            let tags: i64 = post_tags::table.count().get_result(conn)?;
            let wanted: i64 = notification_preferences::table.count().get_result(conn)?;
            let quiet: i64 = notification_quiet_hours::table.count().get_result(conn)?;
            Ok([blocked, chosen, saved, muted, people, tags, wanted, quiet])
        });
        assert_eq!(rows.await.unwrap(), [0; 8], "blocks, settings, or what was kept, are still there");
        // Others: exact counts, open conversations, nothing that names the person.
        let seen = cy.call(&app, &GetPost { post_id: his.id }, &Nothing).await.unwrap();
        assert_eq!((seen.comment_count, seen.share_count), (1, 1));
        let share = cy.call(&app, &GetPost { post_id: of_hers.id }, &Nothing).await.unwrap();
        assert_eq!((share.body.as_str(), share.shared), ("look", Some(Shared::Unavailable)));
        assert_eq!(seen.reactions.values().sum::<u32>(), 1);
        let comments = cy.call(&app, &ListComments { post_id: his.id }, &Nothing).await.unwrap();
        assert_eq!(comments.items.len(), 1);
        assert_eq!(cy.call(&app, &GetPost { post_id: post.id }, &Nothing).await.err(), Some(ErrorCode::NotFound));
        let talks = ben.call(&app, &ListConversations {}, &Nothing).await.unwrap().items;
        let other = talks[0].other.clone().unwrap();
        assert_eq!((other.display_name.as_str(), talks[0].can_send, talks[0].last_number), ("Deleted user", false, 6));
        let said = ben.call(&app, &ListMessages { conversation_id: talk.id }, &Nothing).await.unwrap().items;
        let words: Vec<&str> = said.iter().map(|message| message.body.as_str()).collect();
        assert_eq!(words, ["", "his 0", "", "his 1", "", "his 2"]);
        assert_eq!(said.iter().map(|message| message.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
        let me = cy.call(&app, &GetMe {}, &Nothing).await.unwrap();
        assert_eq!(me.incoming_request_count, 0);
        for reader in [&ben, &cy] {
            let told = reader.call(&app, &ListNotifications {}, &Nothing).await.unwrap().items;
            assert!(told.iter().all(|told| told.actors.iter().all(|actor| actor.id != gone.id())));
        }
        // Whoever was there catches up without a gap.
        bens.settle(&app).await;
        // The name rests, the address is free, and nobody can sign in.
        let account = |name: &str| NewAccount { username: name.into(), email: "canary_mail@example.org".into(), ..Person::account("x") };
        assert_eq!(app.ask(None, &Register {}, &IN_BODY, &account("canary_name")).await.code(), "username_taken");
        assert_eq!(app.ask(None, &Register {}, &IN_BODY, &account("another")).await.status, 201);
        for login in ["canary_name".to_owned(), format!("deleted-{}", gone.id())] {
            assert_eq!(sign_in(&app, &login, PASSWORD, Some(true)).await.code(), "invalid_credentials");
        }
    }

    async fn words_are_kept_under_no_name_when_that_was_the_wish(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await;
        ada.say(&app, talk.id, "stays").await.unwrap();
        leave(&app, &ada, PASSWORD, OwnMessages::Keep).await;
        end(&app, &ada).await;
        let said = ben.call(&app, &ListMessages { conversation_id: talk.id }, &Nothing).await.unwrap().items;
        assert_eq!((said[0].body.as_str(), said[0].sender.display_name.as_str()), ("stays", "Deleted user"));
    }

    /// Cut off at any point, it goes on with the next call.
    async fn what_was_cut_off_goes_on(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let his = ben.post_for(&app, "his", Audience::Public).await;
        for _ in 0..40 {
            ada.comment(&app, &his, "canary_comment").await.unwrap();
        }
        leave(&app, &ada, PASSWORD, OwnMessages::Wipe).await;
        sql(&app, format!("UPDATE users SET deletion_at = 1 WHERE id = {}", ada.id())).await;
        let mut cuts = 0;
        for pause in 0_u64.. {
            let cut = tokio::time::timeout(Duration::from_millis(pause * 2), purge::run(&app.servers()[0].media)).await;
            if cut.is_ok_and(|done| done.unwrap() == 0) {
                break;
            }
            cuts += 1;
            assert!(cuts < 500);
        }
        assert!(cuts > 1, "it was never cut off");
        // Two at once do no harm either.
        let (one, two) = tokio::join!(purge::run(&app.servers()[0].media), purge::run(&app.servers()[0].media));
        assert_eq!((one.unwrap(), two.unwrap()), (0, 0));
        let seen = ben.call(&app, &GetPost { post_id: his.id }, &Nothing).await.unwrap();
        assert_eq!(seen.comment_count, 0);
        assert!(!contains(&everything(&app).await, "canary_comment"));
    }

    async fn the_last_administrator_cannot_go(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        sql(&app, format!("UPDATE users SET role = 'admin' WHERE id = {}", ada.id())).await;
        assert_eq!(leave(&app, &ada, PASSWORD, OwnMessages::Keep).await.code(), "last_admin");
        sql(&app, format!("UPDATE users SET role = 'admin' WHERE id = {}", ben.id())).await;
        assert_eq!(leave(&app, &ada, PASSWORD, OwnMessages::Keep).await.status, 202);
        assert_eq!(leave(&app, &ben, PASSWORD, OwnMessages::Keep).await.code(), "last_admin", "who leaves does not count");
    }
}
