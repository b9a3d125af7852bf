//! One press ends the mails: without signing in, from anywhere, as often as one likes; looking at the link does not.

use hearth::features::notifications::preferences;
use hearth_shared::auth::MailToken;
use hearth_shared::digests::Unsubscribe;
use hearth_shared::endpoint::Nothing;
use hearth_shared::notifications::preferences::{Channel, NotificationPreferences, Topic};

use super::{digests, execute, find, morning, pass, reader, recipients, through, with_mail};
use crate::support::{Answer, MailServer, Options, PUBLIC_URL, Person, TestApp, read};

async fn news(app: &TestApp, person: &Person, from: &str) {
    let other = app.person(from).await;
    other.ask_friend(app, person).await.unwrap();
}

/// The address in the head of somebody's only digest, without the name of the server.
async fn address(app: &TestApp, server: &MailServer) -> String {
    let mails = morning(app, server).await;
    let address = mails.last().unwrap().header("List-Unsubscribe");
    let address = address.trim_matches(['<', '>']);
    address.strip_prefix(PUBLIC_URL).unwrap().to_owned()
}

fn token(address: &str) -> &str {
    address.split_once("?token=").unwrap().1
}

/// What a mail program does (RFC 8058): nothing but this.
async fn press(app: &TestApp, address: &str) -> Answer {
    let request = app
        .http
        .post(format!("{}{address}", app.base()))
        .header("content-type", "application/x-www-form-urlencoded")
        .body("List-Unsubscribe=One-Click");
    read(request).await
}

async fn wants(app: &TestApp, person: &Person) -> NotificationPreferences {
    let user = person.id();
    let wants = app.db().read(move |conn| Ok(preferences::of(conn, user)?));
    wants.await.unwrap()
}

/// Whether they want mail about anything, and all else as it was.
async fn wants_mail(app: &TestApp, person: &Person) -> bool {
    let wants = wants(app, person).await;
    for topic in Topic::ALL {
        for channel in [Channel::App, Channel::Push] {
            assert_eq!(
                wants.wants(topic, channel),
                topic.default_for(channel),
                "{topic:?} {channel:?}"
            );
        }
    }
    Topic::ALL
        .into_iter()
        .any(|topic| wants.wants(topic, Channel::Mail))
}

with_mail! {
    async fn one_press_without_signing_in(app: TestApp, server: MailServer) {
        let (ada, ben) = (reader(&app, "ada").await, reader(&app, "ben").await);
        news(&app, &ada, "cyd").await;
        pass(&app, 4).await;
        let address = address(&app, &server).await;
        // Who looks at links beforehand ends nothing.
        for method in [reqwest::Method::GET, reqwest::Method::HEAD] {
            let looked = read(app.http.request(method, format!("{}{address}", app.base()))).await;
            assert_eq!(looked.status, 200);
            assert!(looked.header("content-type").starts_with("text/html"), "{looked:?}");
            assert!(wants_mail(&app, &ada).await);
        }
        for _ in 0..3 {
            let answer = press(&app, &address).await;
            assert_eq!((answer.status, answer.text.as_str()), (200, ""));
            assert_eq!(answer.header("set-cookie"), "");
            assert!(!wants_mail(&app, &ada).await);
        }
        assert!(wants_mail(&app, &ben).await, "hers alone");
        news(&app, &ada, "dan").await;
        news(&app, &ben, "eve").await;
        pass(&app, 24).await;
        morning(&app, &server).await;
        assert_eq!(recipients(&server), ["ada", "ben"], "ada's was before");
    }

    async fn the_page_ends_them_too(app: TestApp, server: MailServer) {
        let ada = reader(&app, "ada").await;
        news(&app, &ada, "ben").await;
        pass(&app, 4).await;
        let address = address(&app, &server).await;
        for _ in 0..2 {
            let shown = MailToken { token: format!(" {}\n", token(&address)) };
            let answer = app.ask(None, &Unsubscribe {}, &Nothing, &shown).await;
            assert_eq!(answer.status, 204);
            assert!(!wants_mail(&app, &ada).await);
        }
    }

    async fn a_wrong_token_is_like_any_other(app: TestApp, server: MailServer) {
        let ada = reader(&app, "ada").await;
        news(&app, &ada, "ben").await;
        pass(&app, 4).await;
        let address = address(&app, &server).await;
        let good = token(&address);
        let other = {
            let mut other = good.to_owned();
            let last = other.pop().unwrap();
            other.push(if last == 'A' { 'E' } else { 'A' });
            other
        };
        let long = "a".repeat(4_000);
        let mut answers = Vec::new();
        for wrong in ["", "x", &good[..good.len() - 2], &other, &long, "%00", &ada.id().to_string()] {
            answers.push(press(&app, &format!("/unsubscribe?token={wrong}")).await);
        }
        answers.push(press(&app, "/unsubscribe").await);
        answers.push(press(&app, &format!("/unsubscribe?other={good}")).await);
        for answer in answers {
            assert_eq!((answer.status, answer.code().as_str()), (400, "invalid_token"));
        }
        for wrong in [other.as_str(), "x"] {
            let shown = MailToken { token: wrong.to_owned() };
            let answer = app.ask(None, &Unsubscribe {}, &Nothing, &shown).await;
            assert_eq!((answer.status, answer.code().as_str()), (400, "invalid_token"));
        }
        assert!(wants_mail(&app, &ada).await);
        // It opens nothing else.
        let me = app.http.get(format!("{}/api/v1/users/me", app.base())).bearer_auth(good);
        assert_eq!(read(me).await.status, 401);
        let deleted = app.http.delete(format!("{}{address}", app.base()));
        assert_eq!(read(deleted).await.status, 405);
        let much = app.http.post(format!("{}{address}", app.base())).body("x".repeat(10_000));
        assert_eq!(read(much).await.status, 413);
        assert!(wants_mail(&app, &ada).await);
    }

    async fn an_old_mail_ends_them_too_and_it_goes_with_the_account(app: TestApp, server: MailServer) {
        let ada = reader(&app, "ada").await;
        news(&app, &ada, "ben").await;
        pass(&app, 4).await;
        let address = address(&app, &server).await;
        news(&app, &ada, "cyd").await;
        pass(&app, 400 * 24).await;
        assert_eq!(morning(&app, &server).await.len(), 2);
        assert_eq!(press(&app, &address).await.status, 200);
        assert!(!wants_mail(&app, &ada).await);
        let id = ada.id();
        // Who is suspended or about to go may still end them.
        execute(&app, format!("UPDATE users SET suspended_at = 1, deletion_at = 9000000000000 WHERE id = {id}")).await;
        assert_eq!(press(&app, &address).await.status, 200);
        execute(&app, format!("UPDATE users SET deleted_at = 1 WHERE id = {id}")).await;
        let gone = press(&app, &address).await;
        assert_eq!((gone.status, gone.code().as_str()), (400, "invalid_token"), "as if it had never been");
        assert_eq!(digests(&server).len(), 2);
        assert_eq!(find(&app).await, 0);
    }
}

#[tokio::test]
async fn nobody_tries_tokens_for_long() {
    let server = MailServer::start();
    let app = TestApp::sqlite_with(Options {
        rate_limits: true,
        ..through(&server)
    })
    .await;
    let mut answers = Vec::new();
    for _ in 0..310 {
        answers.push(press(&app, "/unsubscribe?token=x").await.status);
    }
    assert!(answers[..300].iter().all(|status| *status == 400));
    assert_eq!(answers.last(), Some(&429));
    let shown = MailToken { token: "x".into() };
    let answer = app.ask(None, &Unsubscribe {}, &Nothing, &shown).await;
    assert_eq!(answer.status, 429, "the page has the same bucket");
}
