//! The socket itself: who is let in, what a client may send, when it is closed and with which code; and who hears
//! nothing. What frames say is in `live.rs`.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use futures_util::{SinkExt, StreamExt};
use hearth::platform::clock;
use hearth::platform::db::Outcome;
use hearth::platform::tokens::Access;
use hearth_shared::auth::{Credentials, Login, Logout, RefreshToken, SessionQuery};
use hearth_shared::conversations::{MarkRead, NewReadPosition};
use hearth_shared::endpoint::{Method, Nothing};
use hearth_shared::friends::RemoveFriend;
use hearth_shared::ids::{Id, PostId, SessionId};
use hearth_shared::posts::{NewReaction, ReactionKind, SetReaction};
use hearth_shared::realtime::close::{self, CloseCode};
use hearth_shared::realtime::frames::{
    ClientFrame, FRAME_MAX, FRAMES_PER_MINUTE, Presence, ServerFrame, Typing, WATCH_MAX,
};
use hearth_shared::time::Timestamp;
use hearth_testkit::socket::{RawSocket, open_socket, text};
use tokio::io::AsyncWriteExt;
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::everywhere;
use crate::support::{Answer, Client, Options, Person, Socket, TestApp, read};

/// What a connection that just ends has instead of a code.
const NO_CODE: u16 = 0;

/// Asks for a socket with the header fields of a handshake and some more, and gives the answer.
async fn knock(app: &Client, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut request = app
        .http
        .get(format!("{}/api/v1/ws{path}", app.base()))
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    read(request).await
}

const PROTOCOL: (&str, &str) = ("sec-websocket-protocol", "hearth.v1");

fn auth(token: &str) -> Message {
    text(&ClientFrame::Auth { token: token.into() })
}

/// A socket that has said who it is and has read `ready`.
async fn signed_in(app: &Client, person: &Person) -> RawSocket {
    let mut raw = open_socket(app.socket_base()).await;
    raw.send(auth(&person.session.access_token)).await.unwrap();
    for kind in ["hello", "ready"] {
        let frame = next_text(&mut raw).await;
        assert!(frame.starts_with(&format!(r#"{{"type":"{kind}""#)), "{frame}");
    }
    raw
}

/// The next message, within a bound.
async fn next(raw: &mut RawSocket) -> Option<Message> {
    let message = tokio::time::timeout(Duration::from_secs(15), raw.next());
    message.await.unwrap()?.ok()
}

async fn next_text(raw: &mut RawSocket) -> String {
    loop {
        match next(raw).await {
            Some(Message::Text(text)) => return text.to_string(),
            Some(Message::Ping(_) | Message::Pong(_)) => {}
            other => panic!("{other:?}"),
        }
    }
}

/// The kinds of all frames until the socket is closed, and the code.
async fn until_closed(raw: &mut RawSocket) -> (Vec<String>, u16) {
    let mut kinds = Vec::new();
    loop {
        match next(raw).await {
            Some(Message::Text(text)) => {
                let frame: serde_json::Value = serde_json::from_str(&text).unwrap();
                kinds.push(frame["type"].as_str().unwrap().to_owned());
            }
            Some(Message::Close(Some(reason))) => {
                let code = u16::from(reason.code);
                let known = CloseCode::ALL.iter().find(|known| known.code() == code);
                assert_eq!(known.unwrap().reason(), reason.reason.as_str());
                return (kinds, code);
            }
            Some(Message::Close(None)) | None => return (kinds, NO_CODE),
            Some(_) => {}
        }
    }
}

/// A socket still answers.
async fn lives(raw: &mut RawSocket) {
    raw.send(text(&ClientFrame::Ping)).await.unwrap();
    assert_eq!(next_text(raw).await, r#"{"type":"pong"}"#);
}

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
        let login = Credentials { login: "ada".into(), password: Person::account("ada").password };
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
                    seen.push(frame["type"].as_str().unwrap().to_owned());
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

/// A frame as its bytes: first byte, and what it holds; masked with zeros.
fn bytes(first: u8, announced: u64, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first, 0x80 | 127];
    bytes.extend(announced.to_be_bytes());
    bytes.extend([0; 4]);
    bytes.extend(payload);
    bytes
}

everywhere! {
    async fn frames_that_break_the_rules_close_the_socket_and_nothing_else(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let mut bystander = signed_in(&app, &ben).await;
        let fragment = Frame::message(r#"{"type":"#, OpCode::Data(Data::Text), false);
        let stray = Frame::message("x", OpCode::Data(Data::Continue), true);
        let deep = |levels: usize| {
            format!(
                r#"{{"type":"ping","x":{}{}}}"#,
                "[".repeat(levels),
                "]".repeat(levels)
            )
        };
        let (too_big, not_text, bad) = (CloseCode::TooBig, CloseCode::NotText, CloseCode::BadFrame);
        let messages = [
            (
                Message::text(format!("{:1$}", r#"{"type":"ping"}"#, FRAME_MAX + 1)),
                too_big,
            ),
            (Message::text("x".repeat(1024 * 1024)), too_big),
            (Message::binary(vec![b'{'; FRAME_MAX + 1]), too_big),
            (Message::binary("{\"type\":\"ping\"}"), not_text),
            (Message::Frame(fragment), not_text),
            (Message::Frame(stray), bad),
            (Message::text(deep(200)), bad),
            (Message::text(deep(2_000)), bad),
            (Message::text(r#"{"type":"shutdown"}"#), bad),
            (
                Message::text(r#"{"type":"event","stream":"u:1","seq":1,"event":{}}"#),
                bad,
            ),
            (Message::text(r#"{"type":"watch","post_ids":"1"}"#), bad),
            (Message::text(r#"{"type":"watch","post_ids":["x"]}"#), bad),
            (Message::text(r#"{"type":"typing","conversation_id":1}"#), bad),
            (Message::text(r#"{"type":"ping"}{"type":"ping"}"#), bad),
            (Message::text("\0"), bad),
            (Message::text(""), bad),
        ];
        for (message, code) in messages {
            let mut raw = signed_in(&app, &ada).await;
            let shown = format!("{message:.80?}");
            // The server may close before all of it was sent.
            drop(raw.send(message).await);
            assert_eq!(until_closed(&mut raw).await.1, code.code(), "{shown}");
        }
        let gigabyte = 1 << 30;
        let pieces = [
            // Refused when it is announced, not when it has come.
            (bytes(0x81, gigabyte, b""), too_big),
            (bytes(0x81, FRAME_MAX as u64 + 1, b""), too_big),
            (bytes(0x82, u64::MAX, b"{"), too_big),
            (bytes(0x81, 4, b"\xff\xfe\xc0\x80"), bad),
            // A lone surrogate in UTF-8.
            (bytes(0x81, 3, b"\xed\xa0\x80"), bad),
            // Reserved bits; an operation that there is not; a ping that is too long.
            (bytes(0xc1, 2, b"{}"), bad),
            (bytes(0x83, 2, b"{}"), bad),
            (bytes(0x89, 126, &[0; 126]), bad),
            // Not masked.
            (b"\x81\x0f{\"type\":\"ping\"}".to_vec(), bad),
        ];
        for (piece, code) in pieces {
            let mut raw = signed_in(&app, &ada).await;
            raw.get_mut().write_all(&piece).await.unwrap();
            assert_eq!(until_closed(&mut raw).await.1, code.code(), "{piece:.40?}");
        }
        // As much as is allowed, and a ping of the protocol.
        let mut raw = signed_in(&app, &ada).await;
        raw.send(Message::text(format!("{:1$}", r#"{"type":"ping"}"#, FRAME_MAX)))
            .await
            .unwrap();
        assert_eq!(next_text(&mut raw).await, r#"{"type":"pong"}"#);
        raw.send(Message::Ping("still there".into())).await.unwrap();
        assert_eq!(next(&mut raw).await, Some(Message::Pong("still there".into())));
        // Nobody else has noticed.
        lives(&mut bystander).await;
    }

    async fn who_leaves_is_let_go(app: TestApp) {
        let ada = app.person("ada").await;
        // A goodbye is answered.
        let mut raw = signed_in(&app, &ada).await;
        raw.close(None).await.unwrap();
        assert_eq!(next(&mut raw).await, Some(Message::Close(None)));
        // Half a connection is none, and no broken rule after which a client would stay away.
        let mut raw = signed_in(&app, &ada).await;
        raw.get_mut().shutdown().await.unwrap();
        let (_, code) = until_closed(&mut raw).await;
        assert_eq!(close::then(code), close::Then::Reconnect, "{code}");
        // Without a word.
        drop(signed_in(&app, &ada).await);
        let until = Instant::now() + Duration::from_secs(10);
        while app.socket_count() > 0 {
            assert!(Instant::now() < until, "{} sockets remain", app.socket_count());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        for node in app.servers() {
            assert!(!node.hub.is_online(ada.id()));
        }
    }

    async fn a_client_may_send_so_many_frames_and_watch_so_many_posts(app: TestApp) {
        let ada = app.person("ada").await;
        let mut raw = signed_in(&app, &ada).await;
        for _ in 0..FRAMES_PER_MINUTE {
            raw.feed(text(&ClientFrame::Ping)).await.unwrap();
        }
        raw.flush().await.unwrap();
        for _ in 0..FRAMES_PER_MINUTE {
            assert_eq!(next_text(&mut raw).await, r#"{"type":"pong"}"#);
        }
        raw.send(text(&ClientFrame::Ping)).await.unwrap();
        assert_eq!(
            until_closed(&mut raw).await,
            (Vec::new(), CloseCode::TooMany.code())
        );

        let watch = |count: usize| {
            let post_ids = (1..=count)
                .map(|n| PostId::new(i64::try_from(n).unwrap()))
                .collect();
            text(&ClientFrame::Watch { post_ids })
        };
        let mut raw = signed_in(&app, &ada).await;
        raw.send(watch(WATCH_MAX)).await.unwrap();
        for _ in 0..WATCH_MAX {
            assert!(next_text(&mut raw).await.contains(r#""gone":true"#));
        }
        raw.send(watch(WATCH_MAX + 1)).await.unwrap();
        assert_eq!(until_closed(&mut raw).await.1, CloseCode::BadFrame.code());
    }

    /// Of one node; each counts its own.
    async fn a_person_may_have_so_many_sockets(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let node = &app.nodes()[0];
        let mut open = Vec::new();
        for _ in 0..32 {
            open.push(signed_in(node, &ada).await);
        }
        let mut refused = open_socket(node.base()).await;
        refused.send(auth(&ada.session.access_token)).await.unwrap();
        assert_eq!(until_closed(&mut refused).await.1, CloseCode::TooMany.code());
        for raw in &mut open {
            lives(raw).await;
        }
        lives(&mut signed_in(node, &ben).await).await;
        open.pop().unwrap().close(None).await.unwrap();
        let until = Instant::now() + Duration::from_secs(10);
        while app.sockets_of(&ada) > 31 {
            assert!(Instant::now() < until, "it does not leave");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        signed_in(node, &ada).await;
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

everywhere! {
    async fn a_server_that_stops_says_when_to_come_back(app: TestApp) {
        let people = [app.person("ada").await, app.person("ben").await];
        let (nodes, server) = (app.nodes(), &app.servers()[0]);
        let mut open = Vec::new();
        for person in &people {
            open.push(signed_in(&nodes[0], person).await);
        }
        let mut elsewhere = Vec::new();
        for node in &nodes[1..] {
            elsewhere.push(signed_in(node, &people[0]).await);
        }
        let begun = Instant::now();
        let stop = server.stopper.stop();
        let told = async {
            for raw in &mut open {
                let closed = until_closed(raw).await;
                assert_eq!(
                    closed,
                    (vec!["reconnect".to_owned()], CloseCode::GoingAway.code())
                );
            }
        };
        tokio::join!(stop, told);
        assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
        assert_eq!(server.hub.count(), 0);
        for raw in &mut elsewhere {
            lives(raw).await;
        }
    }
}

const fn is_typing(frame: &ServerFrame) -> bool {
    matches!(frame, ServerFrame::Typing(_))
}

everywhere! {
    async fn typing_reaches_the_other_member_alone(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cleo).await;
        let talk = ada.open(&app, &ben).await;
        ada.say(&app, talk.id, "hm").await.unwrap();
        let typing = ClientFrame::Typing { conversation_id: talk.id };
        let mut hers = Socket::connect(app.socket_base(), &ada).await;
        hers.ready().await;
        let mut his = Socket::connect(app.socket_base(), &ben).await;
        his.ready().await;
        let mut cleos = Socket::connect(app.socket_base(), &cleo).await;
        cleos.ready().await;
        // She is a friend of one of them, but not in there.
        cleos.send(&typing).await;
        cleos.send(&ClientFrame::Ping).await;
        cleos.wait_for(|frame| matches!(frame, ServerFrame::Pong)).await;
        hers.send(&typing).await;
        let heard = his.wait_for(is_typing).await;
        assert_eq!(heard, ServerFrame::Typing(Typing { conversation_id: talk.id, user_id: ada.id() }));
        for socket in [&mut hers, &mut his, &mut cleos] {
            let rest = socket.drain(Duration::from_millis(300)).await;
            assert!(!rest.iter().any(is_typing), "{rest:?}");
        }
        // Friends no more: it goes nowhere. What he reads passes behind it on the same way.
        ada.call(&app, &RemoveFriend { user_id: ben.id() }, &Nothing).await.unwrap();
        hers.send(&typing).await;
        hers.send(&ClientFrame::Ping).await;
        hers.wait_for(|frame| matches!(frame, ServerFrame::Pong)).await;
        let position = NewReadPosition { number: 1 };
        ben.call(&app, &MarkRead { conversation_id: talk.id }, &position).await.unwrap();
        let mut seen = Vec::new();
        while !matches!(seen.last(), Some(ServerFrame::Read(_))) {
            seen.push(his.next(Duration::from_secs(10)).await.unwrap());
        }
        assert!(!seen.iter().any(is_typing), "{seen:?}");
    }

    async fn a_post_that_one_may_not_see_is_a_post_that_never_was(app: TestApp) {
        let (ada, cleo) = (app.person("ada").await, app.person("cleo").await);
        let hidden = ada.post(&app, "for friends").await.id;
        let never = PostId::new(hidden.get() + 1);
        let mut raw = signed_in(&app, &cleo).await;
        raw.send(text(&ClientFrame::Watch { post_ids: vec![hidden, never] })).await.unwrap();
        let mut answers = Vec::new();
        for _ in 0..2 {
            let answer = next_text(&mut raw).await;
            assert!(answer.contains(r#""gone":true"#), "{answer}");
            answers.push(answer.replace(&hidden.to_string(), "it").replace(&never.to_string(), "it"));
        }
        assert_eq!(answers[0], answers[1]);
    }

    async fn friends_are_told_who_is_here(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        app.befriend(&ada, &ben).await;
        let mut strange = Socket::connect(app.socket_base(), &cleo).await;
        strange.ready().await;
        let mut hers = Socket::connect(app.socket_base(), &ada).await;
        hers.ready().await;
        let mut his = Socket::connect(app.socket_base(), &ben).await;
        let ready = his.wait_for(|frame| matches!(frame, ServerFrame::Ready(_))).await;
        let ServerFrame::Ready(ready) = ready else { unreachable!() };
        assert_eq!(ready.online, [ada.id()]);
        let presence = |frame: &ServerFrame| matches!(frame, ServerFrame::Presence(_));
        let is = |online| ServerFrame::Presence(Presence { user_id: ben.id(), online });
        assert_eq!(hers.wait_for(presence).await, is(true));
        // Another tab; then the first is loaded again: he was here all the time.
        let mut tab = Socket::connect(app.socket_base(), &ben).await;
        tab.ready().await;
        drop(his);
        drop(tab);
        let mut his = Socket::connect(app.socket_base(), &ben).await;
        his.ready().await;
        let mut heard = hers.drain(Duration::from_millis(4_500)).await;
        heard.retain(presence);
        assert!(!heard.contains(&is(false)), "{heard:?}");
        let begun = Instant::now();
        drop(his);
        assert_eq!(hers.wait_for(presence).await, is(false));
        let waited = begun.elapsed().as_secs_f32();
        assert!((3.9..9.0).contains(&waited), "offline after {waited} s");
        assert_eq!(strange.drain(Duration::from_millis(300)).await, []);
    }

    async fn a_stranger_hears_nothing(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        let before = ada.post(&app, "alone").await;
        let mut strange = Socket::connect(app.socket_base(), &cleo).await;
        strange.ready().await;
        let mut watching = Socket::connect(app.socket_base(), &cleo).await;
        watching.ready().await;
        let mut hers = Socket::connect(app.socket_base(), &ada).await;
        let mut his = Socket::connect(app.socket_base(), &ben).await;
        his.ready().await;
        // Request, acceptance, being here.
        app.befriend(&ada, &ben).await;
        let post = ada.post(&app, "the door sticks").await;
        // She guesses what there is.
        watching.send(&ClientFrame::Watch { post_ids: vec![before.id, post.id] }).await;
        for _ in 0..2 {
            watching.wait_for(|frame| matches!(frame, ServerFrame::Post(state) if state.gone)).await;
        }
        his.send(&ClientFrame::Watch { post_ids: vec![post.id] }).await;
        his.wait_for(|frame| matches!(frame, ServerFrame::Post(_))).await;
        let like = NewReaction { kind: ReactionKind::Like };
        ben.call(&app, &SetReaction { post_id: post.id }, &like).await.unwrap();
        his.wait_for(|frame| matches!(frame, ServerFrame::Post(_))).await;
        ben.comment(&app, &post, "oil").await.unwrap();
        his.wait_for(|frame| matches!(frame, ServerFrame::Comment(_))).await;
        let talk = ada.open(&app, &ben).await;
        hers.send(&ClientFrame::Typing { conversation_id: talk.id }).await;
        his.wait_for(is_typing).await;
        ada.say(&app, talk.id, "tried it").await.unwrap();
        ben.call(&app, &MarkRead { conversation_id: talk.id }, &NewReadPosition { number: 1 }).await.unwrap();
        hers.wait_for(|frame| matches!(frame, ServerFrame::Read(_))).await;
        drop(his);
        let gone = ServerFrame::Presence(Presence { user_id: ben.id(), online: false });
        hers.wait_for(|frame| *frame == gone).await;
        ada.call(&app, &RemoveFriend { user_id: ben.id() }, &Nothing).await.unwrap();
        hers.wait_for(|frame| matches!(frame, ServerFrame::Event(_))).await;
        for socket in [&mut strange, &mut watching] {
            assert_eq!(socket.drain(Duration::from_millis(500)).await, []);
        }
    }
}
