//! What a client may send, how much of it, and how a socket ends.

use std::time::{Duration, Instant};

use futures_util::SinkExt;
use hearth_shared::ids::{Id, PostId};
use hearth_shared::realtime::close::{self, CloseCode};
use hearth_shared::realtime::frames::{ClientFrame, FRAME_MAX, FRAMES_PER_MINUTE, WATCH_MAX};
use hearth_testkit::socket::{open_socket, text};
use tokio::io::AsyncWriteExt;
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::everywhere;
use crate::support::TestApp;

use super::{auth, lives, next, next_text, signed_in, until_closed};

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
            (
                Message::text(r#"{"type":"watch","post_ids":[],"conversation_id":"x"}"#),
                bad,
            ),
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
            text(&ClientFrame::Watch {
                post_ids,
                conversation_id: None,
            })
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
