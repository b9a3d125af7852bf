//! Who is let in: origins, the handshake, the first frame, tokens and sessions.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use futures_util::SinkExt;
use hearth::platform::clock;
use hearth::platform::db::Outcome;
use hearth::platform::tokens::Access;
use hearth_shared::auth::{Credentials, Login, Logout, RefreshToken, SessionQuery};
use hearth_shared::endpoint::Method;
use hearth_shared::ids::{Id, SessionId};
use hearth_shared::realtime::close::CloseCode;
use hearth_shared::realtime::frames::ServerFrame;
use hearth_shared::time::Timestamp;
use hearth_testkit::socket::open_socket;
use tokio_tungstenite::tungstenite::protocol::Message;

use crate::everywhere;
use crate::support::{Options, Person, Socket, TestApp, read};

use super::{PROTOCOL, auth, knock, lives, next_text, signed_in, until_closed};

everywhere! {
    async fn only_those_of_ones_own_origin_are_let_in(app: TestApp) {
        for foreign in [
            "null",
            "",
            "file://",
            "http://evil.test",
            "https://hearth.test",
            "http://hearth.test:8080",
            "http://hearth.test.evil.test",
            "http://evil-hearth.test",
            "http://hearth.test/",
            "http://hearth.test, http://evil.test",
            "http://xn--hearth-9za.test",
        ] {
            let answer = knock(&app, "", &[PROTOCOL, ("origin", foreign)]).await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (403, "foreign_origin"),
                "{foreign}"
            );
        }
        // Two, of which one is right.
        let two = [
            PROTOCOL,
            ("origin", "http://hearth.test"),
            ("origin", "http://evil.test"),
        ];
        assert_eq!(knock(&app, "", &two).await.status, 403);
        assert_eq!(
            knock(&app, "", &[PROTOCOL, ("origin", "http://hearth.test")])
                .await
                .status,
            101
        );
        // Programs send none; no cookie is read here.
        assert_eq!(knock(&app, "", &[PROTOCOL]).await.status, 101);
    }

    async fn a_handshake_that_is_none_is_refused(app: TestApp) {
        let ada = app.person("ada").await;
        let token = ada.token().unwrap();
        for other in ["", "hearth", "hearth.v2", "HEARTH.V1", "graphql-ws", token] {
            let answer = knock(&app, "", &[("sec-websocket-protocol", other)]).await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (400, "bad_request"),
                "{other}"
            );
        }
        assert_eq!(knock(&app, "", &[]).await.status, 400);
        // What else is offered is not echoed, a token above all; nor is anything compressed.
        for offered in [
            "hearth.v1",
            "graphql-ws, hearth.v1",
            &format!("{token}, hearth.v1"),
        ] {
            let fields = [
                ("sec-websocket-protocol", offered),
                ("sec-websocket-extensions", "permessage-deflate"),
            ];
            let answer = knock(&app, "", &fields).await;
            assert_eq!(answer.status, 101, "{offered}");
            assert_eq!(answer.header("sec-websocket-protocol"), "hearth.v1");
            assert_eq!(answer.header("sec-websocket-extensions"), "");
        }
        for query in [
            format!("?token={token}"),
            format!("?access_token={token}"),
            "?x".into(),
        ] {
            let answer = knock(&app, &query, &[PROTOCOL]).await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (400, "bad_request"),
                "{query}"
            );
        }
        let plain = app
            .http
            .get(format!("{}/api/v1/ws", app.base()))
            .header(PROTOCOL.0, PROTOCOL.1);
        let answer = read(plain).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "bad_request"));
        for method in [Method::Post, Method::Put, Method::Delete] {
            let answer = app.raw(method, "/api/v1/ws", None, None::<&()>).await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (405, "method_not_allowed")
            );
        }
        assert_eq!(app.socket_count(), 0);
    }

    async fn before_auth_there_is_hello_and_nothing_else(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await;
        // One who has said who she is shows that it happened.
        let mut known = Socket::connect(app.socket_base(), &ada).await;
        known.ready().await;
        let begun = Instant::now();
        let mut raw = open_socket(app.socket_base()).await;
        ben.say(&app, talk.id, "psst").await.unwrap();
        ben.post(&app, "news").await;
        known
            .wait_for(|frame| matches!(frame, ServerFrame::FeedNew(_)))
            .await;
        assert!(
            begun.elapsed() < Duration::from_secs(4),
            "too busy a computer for this"
        );
        let (kinds, code) = until_closed(&mut raw).await;
        assert_eq!(
            (kinds, code),
            (vec!["hello".to_owned()], CloseCode::AuthTimeout.code())
        );
        let waited = begun.elapsed().as_secs_f32();
        assert!((4.9..10.0).contains(&waited), "closed after {waited} s");
    }

    async fn the_first_frame_says_who_one_is(app: TestApp) {
        for first in [
            r#"{"type":"ping"}"#,
            r#"{"type":"watch","post_ids":[]}"#,
            r#"{"type":"typing","conversation_id":"1"}"#,
            r#"{"type":"auth"}"#,
            r#"{"type":"auth","token":7}"#,
            r#"{"type":"ready"}"#,
            r#"["auth"]"#,
            "auth",
            "",
        ] {
            let mut raw = open_socket(app.socket_base()).await;
            raw.send(Message::text(first)).await.unwrap();
            let closed = until_closed(&mut raw).await;
            assert_eq!(
                closed,
                (vec!["hello".to_owned()], CloseCode::BadFrame.code()),
                "{first}"
            );
        }
        assert_eq!(app.socket_count(), 0);
    }

    async fn only_a_good_access_token_is_taken(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let elsewhere = TestApp::sqlite().await;
        let tokens = app.tokens();
        let now = clock::now().as_millis();
        let made = |of: &Person, session_id, ago: i64| {
            let access = Access { user_id: of.id(), session_id };
            tokens.access(access, Timestamp::from_millis(now - ago)).unwrap()
        };
        let out = app.person("cleo").await;
        out.call(&app, &Logout {}, &RefreshToken::default()).await.unwrap();
        let good = ada.session.access_token.clone();
        let wrong = [
            String::new(),
            "x".repeat(3_000),
            format!("Bearer {good}"),
            good[..good.len() - 2].to_owned(),
            // {"alg":"none","typ":"at+jwt"}
            format!("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{}.", good.split('.').nth(1).unwrap()),
            ada.session.refresh_token.clone().unwrap(),
            elsewhere.person("ada").await.session.access_token,
            made(&ada, ada.session.session_id, 610_000),
            made(&ada, SessionId::new(1), 0),
            made(&ben, ada.session.session_id, 0),
            out.session.access_token,
        ];
        for token in wrong {
            let mut raw = open_socket(app.socket_base()).await;
            raw.send(auth(&token)).await.unwrap();
            let closed = until_closed(&mut raw).await;
            assert_eq!(closed, (vec!["hello".to_owned()], CloseCode::Unauthenticated.code()), "{token}");
        }
        // What is made here is else as good as one that was given.
        let mut raw = open_socket(app.socket_base()).await;
        raw.send(auth(&made(&ada, ada.session.session_id, 0))).await.unwrap();
        next_text(&mut raw).await;
        assert!(next_text(&mut raw).await.contains("ready"));
    }

    async fn a_sign_out_closes_the_sockets_of_that_session_alone(app: TestApp) {
        let ada = app.person("ada").await;
        let login = Credentials { login: "ada".into(), password: Person::account("ada").password, restore: None, code: None };
        let answer = app.ask(None, &Login {}, &SessionQuery::default(), &login).await;
        let phone = Person { session: serde_json::from_str(&answer.text).unwrap() };
        let (mut here, mut too) = (signed_in(&app, &ada).await, signed_in(&app, &ada).await);
        let mut there = signed_in(&app, &phone).await;
        let begun = Instant::now();
        ada.call(&app, &Logout {}, &RefreshToken::default()).await.unwrap();
        for raw in [&mut here, &mut too] {
            assert_eq!(until_closed(raw).await.1, CloseCode::SessionEnded.code());
        }
        // By the notice: the look into the database comes every four seconds.
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
        lives(&mut there).await;
        let nodes = app.nodes();
        for node in &nodes {
            let mut again = open_socket(node.base()).await;
            again.send(auth(&ada.session.access_token)).await.unwrap();
            let code = until_closed(&mut again).await.1;
            // Another node may have remembered the session for a moment, until it looks into the database.
            let late = nodes.len() > 1 && code == CloseCode::SessionEnded.code();
            assert!(late || code == CloseCode::Unauthenticated.code(), "{code}");
            assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
        }
    }

    async fn a_session_that_is_ended_behind_our_back_is_closed_too(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let (mut hers, mut his) = (signed_in(&app, &ada).await, signed_in(&app, &ben).await);
        let (session, now) = (ada.session.session_id.get(), clock::now().as_millis());
        app.db().write(move |tx| {
            let ended = diesel::sql_query(format!("UPDATE sessions SET ended_at = {now} WHERE id = {session}"));
            assert_eq!(ended.execute(tx.conn())?, 1);
            Ok(Outcome::Commit(()))
        }).await.unwrap();
        let begun = Instant::now();
        assert_eq!(until_closed(&mut hers).await.1, CloseCode::SessionEnded.code());
        assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
        lives(&mut his).await;
    }

    async fn ready_comes_before_everything_that_happens(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await;
        let (enough, stop) = tokio::sync::oneshot::channel::<()>();
        let talking = async {
            let talks = async {
                loop {
                    ben.say(&app, talk.id, "and then").await.unwrap();
                }
            };
            tokio::select! { () = talks => {}, _ = stop => {} }
        };
        let connecting = async {
            for _ in 0..40 {
                let mut raw = open_socket(app.socket_base()).await;
                raw.send(auth(&ada.session.access_token)).await.unwrap();
                let mut seen = Vec::new();
                // Until something has come that had to wait for its turn.
                while seen.len() < 3 {
                    let frame: serde_json::Value = serde_json::from_str(&next_text(&mut raw).await).unwrap();
                    let kind = frame["type"].as_str().unwrap();
                    // Of others who come and go, and of nodes that have lost sight of each other, one may hear as well.
                    if seen.len() < 2 || !matches!(kind, "presence" | "resync") {
                        seen.push(kind.to_owned());
                    }
                }
                assert_eq!(seen, ["hello", "ready", "event"]);
            }
            drop(enough);
        };
        tokio::join!(talking, connecting);
    }
}

everywhere! {
    async fn auth_again_is_for_the_same_session_only(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let fresh = |of: &Person| {
            let access = Access {
                user_id: of.id(),
                session_id: of.session.session_id,
            };
            app.tokens().access(access, clock::now()).unwrap()
        };
        let login = Credentials {
            login: "ada".into(),
            password: Person::account("ada").password,
            restore: None,
            code: None,
        };
        let answer = app.ask(None, &Login {}, &SessionQuery::default(), &login).await;
        let phone = Person {
            session: serde_json::from_str(&answer.text).unwrap(),
        };
        for other in [fresh(&ben), fresh(&phone), "x".to_owned()] {
            let mut raw = signed_in(&app, &ada).await;
            raw.send(auth(&fresh(&ada))).await.unwrap();
            lives(&mut raw).await;
            raw.send(auth(&other)).await.unwrap();
            assert_eq!(until_closed(&mut raw).await.1, CloseCode::Unauthenticated.code());
        }
    }
}

everywhere! {
    with Options { rate_limits: true, ..Options::default() };
    /// At one node; each counts its own.
    async fn sockets_that_do_not_say_who_they_are_are_few_from_one_network(app: TestApp) {
        let ada = app.person("ada").await;
        let node = &app.nodes()[0];
        let mut known = signed_in(node, &ada).await;
        let mut waiting = Vec::new();
        for _ in 0..20 {
            waiting.push(open_socket(node.base()).await);
        }
        let answer = knock(node, "", &[PROTOCOL]).await;
        assert_eq!((answer.status, answer.code().as_str()), (429, "rate_limited"));
        assert_eq!(answer.header("retry-after"), "1");
        // Those who are known, and those of other networks, are not concerned.
        lives(&mut known).await;
        let elsewhere: IpAddr = "127.0.1.1".parse().unwrap();
        let http = reqwest::Client::builder().no_proxy().local_address(elsewhere);
        let mut from_there = node.clone();
        from_there.http = http.build().unwrap();
        assert_eq!(knock(&from_there, "", &[PROTOCOL]).await.status, 101);
        // Whoever says who they are makes room; so does whoever waits too long.
        waiting[0].send(auth(&ada.session.access_token)).await.unwrap();
        next_text(&mut waiting[0]).await;
        next_text(&mut waiting[0]).await;
        waiting.push(open_socket(node.base()).await);
        assert_eq!(knock(node, "", &[PROTOCOL]).await.status, 429);
        for raw in &mut waiting[1..] {
            assert_eq!(until_closed(raw).await.1, CloseCode::AuthTimeout.code());
        }
        signed_in(node, &ada).await;
    }
}
