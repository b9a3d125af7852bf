//! The socket itself: who is let in ([`admission`]), what a client may send and when it is closed, with which code
//! ([`closing`]); and who hears nothing ([`audience`]). What frames say is in `live.rs`.

mod admission;
mod audience;
mod closing;

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use hearth_shared::realtime::close::CloseCode;
use hearth_shared::realtime::frames::ClientFrame;
use hearth_testkit::socket::{RawSocket, open_socket, text};
use tokio_tungstenite::tungstenite::protocol::Message;

use crate::support::{Answer, Client, Person, read};

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

/// A socket still answers. A node may ask at any moment to read anew; that is an answer to something else.
async fn lives(raw: &mut RawSocket) {
    raw.send(text(&ClientFrame::Ping)).await.unwrap();
    let mut answer = next_text(raw).await;
    while answer == r#"{"type":"resync"}"# {
        answer = next_text(raw).await;
    }
    assert_eq!(answer, r#"{"type":"pong"}"#);
}
