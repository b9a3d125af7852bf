//! A forgotten password, to its end.

use std::collections::HashSet;

use hearth_shared::auth::{
    ChangePassword, CheckResetToken, ForgotPassword, ForgottenPassword, MailToken, NewPassword,
    PasswordChange, Refresh, RefreshToken, ResetPassword,
};
use hearth_shared::endpoint::{Method, Nothing};
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::close::CloseCode;
use hearth_shared::users::GetMe;
use hearth_testkit::person::PASSWORD;
use serde_json::json;

use super::{CHANGED, IN_BODY, NEW_PASSWORD, RESET, device, execute, mail, mails, sign_in, until};
use crate::everywhere;
use crate::support::{Answer, Socket, TestApp};

async fn forgot(app: &TestApp, email: &str) -> Answer {
    let body = ForgottenPassword { email: email.into() };
    app.ask(None, &ForgotPassword {}, &Nothing, &body).await
}

async fn check(app: &TestApp, token: &str) -> u16 {
    let body = MailToken { token: token.into() };
    app.ask(None, &CheckResetToken {}, &Nothing, &body).await.status
}

async fn reset(app: &TestApp, token: &str, password: &str) -> Answer {
    let body = NewPassword {
        token: token.into(),
        password: password.into(),
    };
    app.ask(None, &ResetPassword {}, &Nothing, &body).await
}

everywhere! {
    async fn a_link_sets_a_new_password_once_and_ends_every_session(app: TestApp) {
        let ada = app.person("ada").await;
        let phone = device(&app, "ada").await;
        let ben = app.person("ben").await;
        let mut sockets = Vec::new();
        for person in [&ada, &phone] {
            sockets.push(Socket::connect(app.socket_base(), person).await);
        }
        // As it was typed, not as it is kept.
        assert_eq!(forgot(&app, " ADA@example.org ").await.status, 202);
        let letter = mail(&app, RESET, 1).await;
        assert_eq!(letter.to, "ada@example.org");
        assert!(letter.link().starts_with("https://hearth.test/reset#"), "{}", letter.link());
        let token = letter.token();
        assert_eq!(check(&app, &token).await, 204);
        assert_eq!(check(&app, &token).await, 204, "looking does not spend it");

        let weak = reset(&app, &token, "ada@example.org").await;
        assert_eq!((weak.code().as_str(), weak.json()["errors"][0]["code"].as_str()), ("validation_failed", Some("too_common")));
        assert_eq!(reset(&app, &token, NEW_PASSWORD).await.status, 204);

        for person in [&ada, &phone] {
            // The other node remembers a session for two seconds at most.
            until("out", async || {
                person.call(&app, &GetMe {}, &Nothing).await == Err(ErrorCode::Unauthenticated)
            }).await;
            let refresh = RefreshToken { refresh_token: person.session.refresh_token.clone() };
            let answer = app.ask(None, &Refresh {}, &IN_BODY, &refresh).await;
            assert_eq!(answer.code(), "invalid_refresh_token");
        }
        for mut socket in sockets {
            let closed = tokio::time::timeout(std::time::Duration::from_secs(5), &mut socket.closed);
            assert_eq!(closed.await.unwrap().unwrap(), CloseCode::SessionEnded.code());
        }
        assert!(ben.call(&app, &GetMe {}, &Nothing).await.is_ok(), "nobody else is concerned");
        assert_eq!(sign_in(&app, "ada", PASSWORD, None).await.code(), "invalid_credentials");
        assert_eq!(sign_in(&app, "ada", NEW_PASSWORD, None).await.status, 200);
        assert_eq!(mail(&app, CHANGED, 1).await.to, "ada@example.org");

        assert_eq!(check(&app, &token).await, 400);
        assert_eq!(reset(&app, &token, PASSWORD).await.code(), "invalid_token");
    }

    async fn of_twenty_at_the_same_time_one_spends_the_token(app: TestApp) {
        app.person("ada").await;
        forgot(&app, "ada@example.org").await;
        let token = mail(&app, RESET, 1).await.token();
        let tries = (0..20).map(|_| reset(&app, &token, NEW_PASSWORD));
        let answers = futures_util::future::join_all(tries).await;
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| [204, 400].contains(status)), "{statuses:?}");
    }

    async fn only_the_newest_token_of_the_right_person_in_time_is_good(app: TestApp) {
        app.person("ada").await;
        app.person("ben").await;
        for wrong in ["x", "", &"y".repeat(43), &"z".repeat(129)] {
            assert!([400, 422].contains(&reset(&app, wrong, NEW_PASSWORD).await.status), "{wrong}");
        }
        forgot(&app, "ada@example.org").await;
        let first = mail(&app, RESET, 1).await.token();
        // A second one within a minute brings no mail, and leaves the first one good.
        forgot(&app, "ada@example.org").await;
        forgot(&app, "ben@example.org").await;
        let bens = mail(&app, RESET, 2).await;
        assert_eq!(bens.to, "ben@example.org");
        assert_eq!(check(&app, &first).await, 204);
        execute(&app, "UPDATE account_tokens SET created_at = created_at - 60001").await;
        forgot(&app, "ada@example.org").await;
        let second = mail(&app, RESET, 3).await.token();
        assert_eq!(reset(&app, &first, NEW_PASSWORD).await.code(), "invalid_token");
        execute(&app, "UPDATE account_tokens SET expires_at = created_at WHERE purpose = 'reset'").await;
        assert_eq!(check(&app, &second).await, 400);
        assert_eq!(reset(&app, &second, NEW_PASSWORD).await.code(), "invalid_token", "too late");
        assert_eq!(sign_in(&app, "ada", PASSWORD, None).await.status, 200);
    }

    async fn a_changed_password_ends_the_other_sessions_and_the_link(app: TestApp) {
        let ada = app.person("ada").await;
        let phone = device(&app, "ada").await;
        forgot(&app, "ada@example.org").await;
        let token = mail(&app, RESET, 1).await.token();
        let change = |current: &str, new: &str| PasswordChange {
            current_password: current.into(),
            new_password: new.into(),
        };
        let wrong = ada.call(&app, &ChangePassword {}, &change("not this one", NEW_PASSWORD)).await;
        assert_eq!(wrong.unwrap_err(), ErrorCode::WrongPassword);
        let weak = app.ask(ada.token(), &ChangePassword {}, &Nothing, &change(PASSWORD, "qwertyuiop")).await;
        assert_eq!(weak.json()["errors"][0]["field"], "new_password");
        assert!(phone.call(&app, &GetMe {}, &Nothing).await.is_ok());
        ada.call(&app, &ChangePassword {}, &change(PASSWORD, NEW_PASSWORD)).await.unwrap();
        assert!(ada.call(&app, &GetMe {}, &Nothing).await.is_ok(), "this one goes on");
        until("the other one is out", async || {
            phone.call(&app, &GetMe {}, &Nothing).await == Err(ErrorCode::Unauthenticated)
        }).await;
        assert_eq!(reset(&app, &token, PASSWORD).await.code(), "invalid_token");
        mail(&app, CHANGED, 1).await;
        assert_eq!(sign_in(&app, "ada", NEW_PASSWORD, None).await.status, 200);
    }

    async fn what_a_request_says_does_not_change_the_link(app: TestApp) {
        app.person("ada").await;
        for node in app.bases() {
            let answer = app.http.post(format!("{node}/api/v1/auth/password/forgot"))
                .header("host", "evil.example")
                .header("x-forwarded-host", "evil.example")
                .header("forwarded", "host=evil.example")
                .header("origin", "https://evil.example")
                .json(&json!({"email": "ada@example.org"}))
                .send().await.unwrap();
            assert_eq!(answer.status(), 202);
        }
        let letter = mail(&app, RESET, 1).await;
        assert!(letter.link().starts_with("https://hearth.test/reset#"));
        assert!(!letter.raw.contains("evil"));
    }

    async fn an_address_is_one_text_and_nothing_else(app: TestApp) {
        app.person("ada").await;
        for body in [
            r#"{"email":["ada@example.org","thief@example.org"]}"#,
            r#"{"email":{"address":"ada@example.org"}}"#,
            r#"{"email":null}"#,
            r#"{"email":7}"#,
            r#"{"email":"ada@example.org","email":"thief@example.org"}"#,
            r#"{"email":"ada@example.org,thief@example.org"}"#,
            r#"{"email":"ada@example.org\nbcc: thief@example.org"}"#,
            r"{}",
        ] {
            let answer = app.http.post(format!("{}/api/v1/auth/password/forgot", app.base()))
                .header("content-type", "application/json").body(body).send().await.unwrap();
            assert!(answer.status().is_client_error(), "{body}: {}", answer.status());
        }
        // None of them has left work: one that is good comes through alone.
        forgot(&app, "ada@example.org").await;
        mail(&app, RESET, 1).await;
    }

    async fn nothing_in_the_tables_holds_a_token(app: TestApp) {
        app.person("ada").await;
        forgot(&app, "ada@example.org").await;
        let token = mail(&app, RESET, 1).await.token();
        until("the job is gone", async || {
            use diesel::prelude::*;
            use hearth::schema::jobs;
            let rest = app.db().read(|conn| {
                Ok(jobs::table.filter(jobs::every_ms.is_null()).select(jobs::payload).load::<String>(conn)?)
            });
            let rest: HashSet<String> = rest.await.unwrap().into_iter().collect();
            assert!(rest.iter().all(|payload| !payload.contains(&token)));
            rest.is_empty()
        }).await;
        assert_eq!(mails(&app, RESET).len(), 1);
        let gone = app.raw(Method::Get, "/api/v1/auth/password/reset", None, None::<&()>).await;
        assert_eq!(gone.status, 405, "a token is never in an address");
    }
}
