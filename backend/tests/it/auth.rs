//! Register, sign in, refresh, sign out.

use std::time::{Duration, Instant};

use diesel::prelude::*;
use hearth::platform::config::Registration;
use hearth::platform::db::Outcome;
use hearth::schema::sessions;
use hearth_shared::auth::{
    Credentials, Login, Logout, NewAccount, Refresh, RefreshToken, Register, Session, SessionQuery,
};
use hearth_shared::endpoint::{Endpoint, Method, Nothing};
use hearth_shared::ids::Id;
use hearth_shared::users::GetMe;
use serde_json::json;

use crate::everywhere;
use crate::support::{Answer, Client, Options, Person, TestApp, read};

const IN_BODY: SessionQuery = SessionQuery { cookie: false };
const IN_COOKIE: SessionQuery = SessionQuery { cookie: true };

fn credentials(login: &str, password: &str) -> Credentials {
    Credentials {
        login: login.into(),
        password: password.into(),
        restore: None,
        code: None,
    }
}

fn token_of(person: &Person) -> RefreshToken {
    RefreshToken {
        refresh_token: person.session.refresh_token.clone(),
    }
}

async fn refresh(app: &TestApp, token: &RefreshToken) -> Result<Session, String> {
    let answer = app.ask(None, &Refresh {}, &IN_BODY, token).await;
    if answer.status == 200 {
        Ok(serde_json::from_str(&answer.text).unwrap())
    } else {
        Err(answer.code())
    }
}

async fn is_signed_in(app: &Client, token: &str) -> bool {
    let answer = app.ask(Some(token), &GetMe {}, &Nothing, &Nothing).await;
    answer.status == 200
}

/// At once where it ended; other nodes may remember a session for some seconds.
async fn signed_out(app: &Client, token: &str) {
    let nodes = app.nodes();
    let grace = Duration::from_secs(if nodes.len() > 1 { 5 } else { 0 });
    let until = Instant::now() + grace;
    for node in nodes {
        while is_signed_in(&node, token).await {
            assert!(Instant::now() < until, "still signed in");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

everywhere! {
    async fn registering_signs_in(app: TestApp) {
        let ada = app.person("ada").await;
        let me = ada.call(&app, &GetMe {}, &Nothing).await.unwrap();
        assert_eq!(me.user, ada.session.user);
        assert_eq!(me.email, "ada@example.org");
        assert_eq!(ada.session.token_type, "Bearer");
    }

    async fn names_and_addresses_are_unique_without_regard_to_case(app: TestApp) {
        app.person("ada").await;
        let again = |username: &str, email: &str| NewAccount {
            username: username.into(), email: email.into(), password: "kitchen table nine".into(), display_name: "A".into(), invitation: None,
        };
        let ask = async |account: NewAccount| app.ask(None, &Register {}, &IN_BODY, &account).await.code();
        assert_eq!(ask(again("ADA", "other@example.org")).await, "username_taken");
        assert_eq!(ask(again("other", "Ada@Example.org")).await, "email_taken");
        assert_eq!(ask(again("ada", "ada@example.org")).await, "username_taken");
        assert_eq!(app.ask(None, &Register {}, &IN_BODY, &again("other", "other@example.org")).await.status, 201);
    }

    async fn weak_passwords_are_refused_with_their_field(app: TestApp) {
        for password in ["password12", "adalovelace", "1234567890"] {
            let account = NewAccount {
                username: "adalovelace".into(), email: "a@example.org".into(), password: password.into(), display_name: "Ada".into(), invitation: None,
            };
            let answer = app.ask(None, &Register {}, &IN_BODY, &account).await;
            assert_eq!(answer.code(), "validation_failed");
            assert_eq!(answer.json()["errors"][0]["field"], "password");
            assert_eq!(answer.json()["errors"][0]["code"], "too_common");
        }
    }

    async fn signing_in_by_name_or_address(app: TestApp) {
        app.person("ada").await;
        for login in ["ada", "ADA", "ada@example.org", " Ada@Example.org "] {
            let answer = app.ask(None, &Login {}, &IN_BODY, &credentials(login, "kitchen table nine")).await;
            assert_eq!(answer.status, 200, "{login}: {answer:?}");
        }
        let wrong = app.ask(None, &Login {}, &IN_BODY, &credentials("ada", "kitchen table ten")).await;
        let unknown = app.ask(None, &Login {}, &IN_BODY, &credentials("nobody", "kitchen table ten")).await;
        assert_eq!(wrong.code(), "invalid_credentials");
        assert_eq!(without_request(&wrong), without_request(&unknown), "nobody learns which names exist");
    }

    async fn a_refresh_token_is_good_once_and_its_predecessor_for_a_moment(app: TestApp) {
        let ada = app.person("ada").await;
        let first = token_of(&ada);
        let second = refresh(&app, &first).await.unwrap();
        assert_eq!(second.session_id, ada.session.session_id);
        // A repeated request gets the same successor: the answer may have been lost.
        let repeated = refresh(&app, &first).await.unwrap();
        assert_eq!(repeated.refresh_token, second.refresh_token);
        let third = refresh(&app, &RefreshToken { refresh_token: second.refresh_token.clone() }).await.unwrap();
        assert_ne!(third.refresh_token, second.refresh_token);
        assert!(is_signed_in(&app, &third.access_token).await);
        // The grandparent is reuse, also inside the grace: the thief and the victim are both out.
        assert_eq!(refresh(&app, &first).await.unwrap_err(), "invalid_refresh_token");
        assert_eq!(refresh(&app, &RefreshToken { refresh_token: third.refresh_token }).await.unwrap_err(), "invalid_refresh_token");
        signed_out(&app, &third.access_token).await;
    }

    async fn ten_tabs_refresh_at_once(app: TestApp) {
        let ada = app.person("ada").await;
        let token = token_of(&ada);
        let all = futures_util::future::join_all((0..10).map(|_| refresh(&app, &token))).await;
        let successors: std::collections::HashSet<_> = all.into_iter().map(|s| s.unwrap().refresh_token).collect();
        assert_eq!(successors.len(), 1);
    }

    async fn invented_tokens_end_nothing(app: TestApp) {
        let ada = app.person("ada").await;
        let text = ada.session.refresh_token.clone().unwrap();
        let mut forged = text.clone().into_bytes();
        forged[30] = if forged[30] == b'A' { b'B' } else { b'A' };
        for wrong in [String::from_utf8(forged).unwrap(), String::new(), "x".into(), ada.session.access_token.clone()] {
            let token = RefreshToken { refresh_token: Some(wrong.chars().take(256).collect()) };
            assert_eq!(refresh(&app, &token).await.unwrap_err(), "invalid_refresh_token");
        }
        assert!(refresh(&app, &token_of(&ada)).await.is_ok());
        for wrong in [text.as_str(), "", "nonsense", "a.b.c"] {
            let answer = app.ask(Some(wrong), &GetMe {}, &Nothing, &Nothing).await;
            assert_eq!(answer.code(), "unauthenticated");
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
    }

    async fn signing_out_ends_the_session_at_once(app: TestApp) {
        let ada = app.person("ada").await;
        let other = app.ask(None, &Login {}, &IN_BODY, &credentials("ada", "kitchen table nine")).await;
        let other: Session = serde_json::from_str(&other.text).unwrap();
        for node in app.nodes() {
            assert!(is_signed_in(&node, &ada.session.access_token).await);
        }
        let gone = app.ask(ada.token(), &Logout {}, &Nothing, &RefreshToken::default()).await;
        assert_eq!(gone.status, 204);
        signed_out(&app, &ada.session.access_token).await;
        assert!(refresh(&app, &token_of(&ada)).await.is_err());
        assert!(is_signed_in(&app, &other.access_token).await, "other devices stay");
        // By the refresh token, without body, without anything: always 204.
        let by_refresh = RefreshToken { refresh_token: other.refresh_token };
        assert_eq!(app.ask(None, &Logout {}, &Nothing, &by_refresh).await.status, 204);
        signed_out(&app, &other.access_token).await;
        assert_eq!(app.raw(Method::Post, &Logout {}.path(), None, None::<&()>).await.status, 204);
    }

    async fn a_person_has_twenty_sessions_at_most(app: TestApp) {
        let ada = app.person("ada").await;
        for _ in 0..20 {
            app.ask(None, &Login {}, &IN_BODY, &credentials("ada", "kitchen table nine")).await;
        }
        assert!(refresh(&app, &token_of(&ada)).await.is_err(), "the oldest has ended");
    }

    async fn the_cookie_works_for_our_own_pages_alone(app: TestApp) {
        let answer = app.ask(None, &Register {}, &IN_COOKIE, &Person::account("ada")).await;
        assert_eq!(answer.status, 201);
        assert!(answer.json().get("refresh_token").is_none());
        let set = answer.header("set-cookie");
        for part in ["HttpOnly", "SameSite=Strict", "Path=/api/v1/auth"] {
            assert!(set.contains(part), "{set}");
        }
        let cookie = set.split(';').next().unwrap().to_owned();
        let send = async |origin: Option<&str>, app_header: bool, content_type: &str| {
            let mut request = app.http.post(format!("{}/api/v1/auth/refresh?cookie=true", app.base()))
                .header("cookie", &cookie).header("content-type", content_type).body("{}");
            if let Some(origin) = origin {
                request = request.header("origin", origin);
            }
            if app_header {
                request = request.header("x-app", "1");
            }
            read(request).await
        };
        let json = "application/json";
        assert_eq!(send(Some("https://hearth.test.evil"), true, json).await.code(), "foreign_origin");
        assert_eq!(send(Some("null"), true, json).await.code(), "foreign_origin");
        assert_eq!(send(None, true, json).await.code(), "foreign_origin");
        assert_eq!(send(Some("http://hearth.test"), false, json).await.code(), "foreign_origin");
        assert_eq!(send(Some("http://hearth.test"), true, "text/plain").await.code(), "unsupported_media_type");
        let good = send(Some("http://hearth.test"), true, json).await;
        assert_eq!(good.status, 200, "{good:?}");
        assert!(good.header("set-cookie").starts_with("refresh_token="));
        assert!(good.json().get("refresh_token").is_none());
        // Nor can a script ask for it in the body.
        let cookie = good.header("set-cookie").split(';').next().unwrap().to_owned();
        for path in ["refresh", "refresh?cookie=false"] {
            let request = app.http.post(format!("{}/api/v1/auth/{path}", app.base())).json(&json!({}))
                .header("cookie", &cookie).header("origin", "http://hearth.test").header("x-app", "1");
            let answer = read(request).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            assert!(answer.json().get("refresh_token").is_none(), "{path}");
        }
        // Another site can neither refresh nor sign out.
        let foreign = app.http.post(format!("{}/api/v1/auth/logout", app.base())).json(&json!({}))
            .header("cookie", &cookie).header("origin", "http://evil.test");
        assert_eq!(read(foreign).await.code(), "foreign_origin");
    }

    async fn a_session_ends_when_its_row_says_so(app: TestApp) {
        let ada = app.person("ada").await;
        for node in app.nodes() {
            assert!(is_signed_in(&node, &ada.session.access_token).await);
        }
        let id = ada.session.session_id.get();
        app.db().write(move |tx| {
            diesel::update(sessions::table.find(id)).set(sessions::ended_at.eq(1)).execute(tx.conn())?;
            Ok(Outcome::Commit(()))
        }).await.unwrap();
        tokio::time::sleep(Duration::from_millis(2_100)).await;
        for node in app.nodes() {
            assert!(!is_signed_in(&node, &ada.session.access_token).await, "remembered for two seconds at most");
        }
        assert!(refresh(&app, &token_of(&ada)).await.is_err());
    }

    async fn the_grace_idleness_and_age_of_a_session_are_bounded(app: TestApp) {
        const DAY: i64 = 24 * 60 * 60 * 1000;
        // (milliseconds since the last refresh, milliseconds that are left of its life, token, is it good)
        for (name, rotated_ago, left, use_previous, good) in [
            ("fresh", 0, DAY, false, true),
            ("in_grace", 9_000, DAY, true, true),
            ("too_late", 11_000, DAY, true, false),
            ("idle", 14 * DAY + 1, DAY, false, false),
            ("nearly_idle", 14 * DAY - 60_000, DAY, false, true),
            ("too_old", 0, -1, false, false),
        ] {
            let person = app.person(name).await;
            let first = token_of(&person);
            let second = RefreshToken { refresh_token: refresh(&app, &first).await.unwrap().refresh_token };
            let id = person.session.session_id.get();
            app.db().write(move |tx| {
                let now = tx.now().as_millis();
                diesel::update(sessions::table.find(id))
                    .set((sessions::rotated_at.eq(now - rotated_ago), sessions::expires_at.eq(now + left)))
                    .execute(tx.conn())?;
                Ok(Outcome::Commit(()))
            }).await.unwrap();
            let token = if use_previous { &first } else { &second };
            assert_eq!(refresh(&app, token).await.is_ok(), good, "{name}");
        }
    }
}

everywhere! {
    with Options { registration: Some(Registration::Closed), ..Options::default() };
    async fn closed_registration_is_told(app: TestApp) {
        let answer = app
            .ask(None, &Register {}, &IN_BODY, &Person::account("ada"))
            .await;
        assert_eq!(answer.code(), "registration_closed");
    }
}

everywhere! {
    with Options { rate_limits: true, ..Options::default() };
    async fn guessing_is_slowed_down_and_the_answer_says_for_how_long(app: TestApp) {
        app.person("ada").await;
        let mut codes = Vec::new();
        let mut last = None;
        for n in 0..12 {
            let answer = app
                .ask(
                    None,
                    &Login {},
                    &IN_BODY,
                    &credentials("ada", &format!("guess {n}")),
                )
                .await;
            codes.push(answer.code());
            last = Some(answer);
        }
        assert_eq!(
            codes.iter().filter(|code| *code == "invalid_credentials").count(),
            10
        );
        let last = last.unwrap();
        assert_eq!(last.code(), "rate_limited");
        assert!(last.header("retry-after").parse::<u64>().unwrap() > 0);
        assert_eq!(last.header("ratelimit-policy"), "\"login-name\";q=10;w=900");
        // Names without an account run dry in the same way.
        let mut unknown = Vec::new();
        for n in 0..12 {
            unknown.push(
                app.ask(
                    None,
                    &Login {},
                    &IN_BODY,
                    &credentials("nobody", &format!("guess {n}")),
                )
                .await
                .code(),
            );
        }
        assert_eq!(unknown, codes);
        // Nor does the limit link an address to a name.
        let by_address = app
            .ask(
                None,
                &Login {},
                &IN_BODY,
                &credentials("ada@example.org", "guess"),
            )
            .await;
        let by_nothing = app
            .ask(
                None,
                &Login {},
                &IN_BODY,
                &credentials("nobody@example.org", "guess"),
            )
            .await;
        assert_eq!(
            (by_address.code(), by_nothing.code()),
            ("invalid_credentials".into(), "invalid_credentials".into())
        );
    }
}

everywhere! {
    with Options { rate_limits: true, ..Options::default() };
    async fn asking_which_names_are_taken_is_answered_five_times(app: TestApp) {
        app.person("ada").await;
        let mut codes = Vec::new();
        for _ in 0..6 {
            codes.push(
                app.ask(None, &Register {}, &IN_BODY, &Person::account("ada"))
                    .await
                    .code(),
            );
        }
        assert_eq!(codes[..5], ["username_taken"; 5]);
        assert_eq!(codes[5], "rate_limited");
    }
}

everywhere! {
    with Options { any_own_host: true, ..Options::default() };
    /// Before the host has said what the public address is, somebody in the same house stays signed in.
    async fn without_a_public_address_the_cookie_works_under_the_name_that_was_used(app: TestApp) {
        let answer = app
            .ask(None, &Register {}, &IN_COOKIE, &Person::account("ada"))
            .await;
        let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
        let send = async |origin: &str| {
            let request = app
                .http
                .post(format!("{}/api/v1/auth/refresh?cookie=true", app.base()))
                .json(&json!({}));
            let request = request
                .header("cookie", &cookie)
                .header("x-app", "1")
                .header("host", "192.168.7.7:8080");
            read(request.header("origin", origin)).await.status
        };
        assert_eq!(send("http://192.168.7.7").await, 403);
        assert_eq!(send("http://evil.test:8080").await, 403);
        assert_eq!(send("http://192.168.7.7:8080").await, 200);
    }
}

everywhere! {
    async fn unknown_fields_are_ignored_and_change_nothing(app: TestApp) {
        let mut body = serde_json::to_value(Person::account("ada")).unwrap();
        body["id"] = json!("1");
        body["rev"] = json!(99);
        body["role"] = json!("admin");
        let answer = app
            .raw(Method::Post, &Register {}.path(), None, Some(&body))
            .await;
        assert_eq!(answer.status, 201);
        assert_ne!(answer.json()["user"]["id"], "1");
        assert_eq!(answer.json()["user"]["rev"], 1);
    }
}

fn without_request(answer: &Answer) -> serde_json::Value {
    let mut json = answer.json();
    json["request_id"] = json!("");
    json
}
