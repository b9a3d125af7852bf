//! A socket of somebody: bare, for what no client would do, or one that reads by itself.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use hearth_shared::realtime::SUBPROTOCOL;
use hearth_shared::realtime::frames::{ClientFrame, Ready, ServerFrame};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::Person;

/// A bare socket, as the library has it.
pub type RawSocket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The request that opens a socket. `base` is `http://host:port`.
pub fn handshake(base: &str) -> Request {
    let address = format!("{}/api/v1/ws", base.replacen("http", "ws", 1));
    let mut request = address.into_client_request().unwrap();
    request
        .headers_mut()
        .insert("sec-websocket-protocol", SUBPROTOCOL.parse().unwrap());
    request
}

/// Opens a socket without saying who one is.
pub async fn open_socket(base: &str) -> RawSocket {
    tokio_tungstenite::connect_async(handshake(base)).await.unwrap().0
}

/// A frame as a client writes it.
pub fn text(frame: &ClientFrame) -> Message {
    Message::text(serde_json::to_string(frame).unwrap())
}

/// A socket that reads by itself, in the background, until it is closed.
pub struct Socket {
    writer: futures_util::stream::SplitSink<RawSocket, Message>,
    frames: mpsc::UnboundedReceiver<ServerFrame>,
    /// The code with which it was closed; 0 when the connection just ended.
    pub closed: tokio::task::JoinHandle<u16>,
}

impl Socket {
    /// Connects and says who one is; waits for `ready`, which stays to be read.
    pub async fn connect(base: &str, person: &Person) -> Self {
        let mut raw = open_socket(base).await;
        let auth = ClientFrame::Auth {
            token: person.session.access_token.clone(),
        };
        raw.send(text(&auth)).await.unwrap();
        Self::over(raw)
    }

    /// The same where it may fail; `ready` is taken out of it.
    pub(crate) async fn try_connect(base: &str, person: &Person) -> Option<(Self, Ready)> {
        let (mut raw, _) = tokio_tungstenite::connect_async(handshake(base)).await.ok()?;
        let auth = ClientFrame::Auth {
            token: person.session.access_token.clone(),
        };
        raw.send(text(&auth)).await.ok()?;
        let mut socket = Self::over(raw);
        loop {
            match socket.frames.recv().await? {
                ServerFrame::Ready(ready) => return Some((socket, ready)),
                ServerFrame::Hello(_) => {}
                other => panic!("{other:?} came before ready"),
            }
        }
    }

    /// The connection is gone and everything that came was read.
    pub(crate) fn is_over(&self) -> bool {
        self.frames.is_closed() && self.frames.is_empty()
    }

    /// Reads a socket that is open.
    pub fn over(raw: RawSocket) -> Self {
        let (writer, mut reader) = raw.split();
        let (found, frames) = mpsc::unbounded_channel();
        let closed = tokio::spawn(async move {
            while let Some(Ok(message)) = reader.next().await {
                match message {
                    Message::Text(text) => {
                        let frame = ServerFrame::parse(&text).unwrap_or_else(|| panic!("no frame: {text}"));
                        drop(found.send(frame));
                    }
                    Message::Close(Some(reason)) => return reason.code.into(),
                    _ => {}
                }
            }
            0
        });
        Self {
            writer,
            frames,
            closed,
        }
    }

    /// Sends a frame.
    pub async fn send(&mut self, frame: &ClientFrame) {
        self.writer.send(text(frame)).await.unwrap();
    }

    /// The next frame, if one comes within a time.
    pub async fn next(&mut self, within: Duration) -> Option<ServerFrame> {
        tokio::time::timeout(within, self.frames.recv()).await.ok()?
    }

    /// The first frame that fits; what comes before it is dropped.
    pub async fn wait_for(&mut self, wanted: impl Fn(&ServerFrame) -> bool) -> ServerFrame {
        let until = Instant::now() + Duration::from_secs(10);
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.next(left).await {
                Some(frame) if wanted(&frame) => return frame,
                Some(_) => {}
                None => panic!("the frame did not come"),
            }
        }
    }

    /// Everything that comes until it is quiet for a time.
    pub async fn drain(&mut self, quiet: Duration) -> Vec<ServerFrame> {
        let mut all = Vec::new();
        while let Some(frame) = self.next(quiet).await {
            all.push(frame);
        }
        all
    }

    /// Waits until `ready` has come.
    pub async fn ready(&mut self) {
        self.wait_for(|frame| matches!(frame, ServerFrame::Ready(_)))
            .await;
    }
}

impl Drop for Socket {
    /// The task in the background holds the connection too.
    fn drop(&mut self) {
        self.closed.abort();
    }
}
